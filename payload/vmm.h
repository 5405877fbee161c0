/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/vmm.h - how large a file the VMMs take, and of what kind */
#ifndef PAYLOAD_VMM_H
#define PAYLOAD_VMM_H

#include "payload/tool.h"

struct vmm {
	const char *name;
	uint32_t arch; /* enum bundle_arch */
	uint64_t size_max;
	bool needs_elf;  /* takes an ELF file, no ROM */
	const char *how; /* the option that takes the file */
	uint64_t size_min;
};

/* Refuses a file that the VMM `name` cannot take, and tells what would fit. */
void vmm_check(const char *name, uint32_t arch, uint64_t size, bool is_elf);

/* Prints the VMMs that take a file of this size. */
void vmm_print_fitting(FILE *file, uint32_t arch, uint64_t size, bool is_elf);

#endif
