/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/show/findings.h - what show tells of a blob or bundle, in words */
#ifndef PAYLOAD_SHOW_FINDINGS_H
#define PAYLOAD_SHOW_FINDINGS_H

#include "payload/judge/image.h"
#include "payload/write/vmm.h"

#define FINDINGS_DOOR_MAX 8

struct findings {
	const char *path;
	struct image image;
	const char *kind;
	const char *doors[FINDINGS_DOOR_MAX]; /* ends with NULL */
	struct vmm_file file;                 /* what a VMM sees of it */

	/* Of a bundle: */
	const char *version;     /* the kernel's, or NULL */
	const char *cmdline;     /* the command line, or NULL */
	const char *description; /* which tables the kernel gets */
	const struct bundle_paravisor *paravisor; /* or NULL */
	char pin[65];          /* digest of the pinned bundle, or "" */
	char digest[65];       /* digest of the whole bundle, for --pin */
	uint64_t ram_size;     /* bytes that loading takes at least */
	uint64_t elf_ram_size; /* the same if a VMM loads it as an ELF file */
};

/* Finds all that is in a packed file, a bundle or a blob, or refuses it. */
void findings_open(struct findings *findings, const char *path,
                   const struct bytes *file);

/* These name values of a bundle's header and of a section. */
const char *findings_kernel_name(uint32_t kernel_kind);
const char *findings_compression_name(uint32_t compression);
const char *findings_on_error_name(uint32_t on_error);

#endif
