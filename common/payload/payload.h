/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/payload.h - what we are to boot: options, and a source (see
 * source.h) for each part
 */
#ifndef COMMON_PAYLOAD_PAYLOAD_H
#define COMMON_PAYLOAD_PAYLOAD_H

#include "common/payload/disk/disk.h"
#include "common/payload/source.h"
#include "common/spec/bundle.h"

#define PAYLOAD_SEGMENT_MAX BUNDLE_SEGMENT_MAX

/* Of a kernel file that is not in memory, so much is read to know its kind. */
#define PAYLOAD_HEAD_MAX 0x1000

/* What the machine does after a refusal. */
enum payload_on_error {
	PAYLOAD_ON_ERROR_HALT = 0,
	PAYLOAD_ON_ERROR_POWEROFF,
	PAYLOAD_ON_ERROR_RESET,
};

/* What the bundle says about how to boot; all 0 without a bundle. */
struct payload_options {
	bool is_verbose;
	bool wants_device_tree; /* AArch64: full FDT instead of ACPI */
	bool wants_vmm_acpi;    /* x86: the VMM's tables instead of ours */
	enum payload_on_error on_error;
};

/* A piece of a kernel that `pack` has already taken apart. */
struct payload_segment {
	paddr_t paddr;        /* as linked */
	uint64_t memory_size; /* what is loaded, then zeros up to this */
	struct source source;
};

struct payload {
	/* For messages: "bundle", "disk", "uki", "fw_cfg"; NULL: none yet. */
	const char *origin;
	struct payload_options options;

	/*
	 * The kernel: a file image (bzImage, ELF, Image), of which fw_cfg
	 * gives the x86 setup part apart, or segments with their entry.
	 */
	struct source kernel_setup; /* fw_cfg only: bytes before kernel */
	struct source kernel;
	uint32_t segment_count;
	paddr_t segments_entry;

	struct source initrd;
	struct source cmdline;  /* text; a NUL, if any, ends it */
	struct source dtb;      /* for the kernel */
	struct source platform; /* DTB that describes the machine to us */
	struct source relocs;   /* of a kernel in segments, for KASLR */
	struct source pin;      /* SHA-256 of the VMM's bundle to open */

	struct source_reader reader; /* reads all of these */
	struct disk disk;            /* if that is where they are */
	bool needs_zstd;             /* some of these do */
	bool has_taken_initrd; /* what the VMM gave as initrd is the payload */

	/* The kernel file's first bytes, or all of it; NULL: in segments. */
	const uint8_t *head;
	uint64_t head_size;

	/* Not cleared: valid up to segment_count, and to head_size. */
	struct payload_segment segments[PAYLOAD_SEGMENT_MAX];
	uint8_t head_bytes[PAYLOAD_HEAD_MAX];
};

/* What must be zero before a payload is opened. */
#define PAYLOAD_CLEAR_SIZE offsetof(struct payload, segments)

struct handoff;

/* Do these bytes start as a bundle or a unified kernel image does? */
bool payload_is_at(const void *base, uint64_t size);

/*
 * Opens the bundle that is packed with the blob, if there is one. Its options
 * count from then on, so this comes before anything that may be refused.
 */
void payload_open_own(struct payload *payload, const struct handoff *handoff);

/*
 * Where that bundle has a device tree that describes the machine, proven by its
 * checksum; size 0: it has none.
 */
struct machine_range payload_platform(const struct payload *payload);

/*
 * Finds the payload in the first place of this order that has one: the bundle
 * of payload_open_own(), a bundle or UKI of the VMM's, the VMM's own kernel, a
 * disk. Then the kernel is opened as far as it is wrapped (UKI, zboot).
 */
void payload_find(struct payload *payload, const struct machine *machine,
                  struct memory *memory);

/* When all is read: the disk is as it was before, for the kernel. */
void payload_close(struct payload *payload);

#endif
