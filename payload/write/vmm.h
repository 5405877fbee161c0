/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/vmm.h - how large a file each VMM takes, and of what kind */
#ifndef PAYLOAD_WRITE_VMM_H
#define PAYLOAD_WRITE_VMM_H

#include "payload/lib/tool.h"

struct vmm {
	const char *name;
	uint32_t arch;     /* enum bundle_arch */
	uint64_t size_max; /* bytes */
	enum vmm_kind {
		VMM_ROM,       /* takes any file */
		VMM_ELF,       /* takes only an ELF file */
		VMM_BZIMAGE,   /* takes only a bzImage */
		VMM_IGVM_QEMU, /* takes only an IGVM file that is for it */
		VMM_IGVM_OPENVMM,
	} kind;
	const char *how; /* the option that takes the file */
	uint64_t size_min;
};

/* This is the file that pack will write. */
struct vmm_file {
	uint32_t arch;
	uint64_t size;
	bool is_elf;
	bool is_bzimage;
	unsigned igvm_hosts; /* enum igvm_host; 0 if it is no IGVM file */
	bool is_zstd;        /* true if it cannot be compressed further */
};

/* Refuses a file that the VMM `name` cannot take, and says what would fit. */
void vmm_check(const char *name, const struct vmm_file *file);

/*
 * Tells whether a file that is only larger serves as well as `file`: as a ROM,
 * for the VMM `name`, or, if that is NULL, for each VMM that takes `file`.
 */
bool vmm_takes_larger(const char *name, const struct vmm_file *file,
                      const struct vmm_file *larger);

/*
 * Returns the name of the next VMM that takes this file, or NULL. *index is 0
 * at first.
 */
const char *vmm_next_fitting(const struct vmm_file *file, unsigned *index);

/* Prints all of them. */
void vmm_print_fitting(FILE *out, const struct vmm_file *file);

#endif
