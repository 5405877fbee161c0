/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/lint.h - warns if a kernel lacks options that the guest needs */
#ifndef PAYLOAD_READ_LINT_H
#define PAYLOAD_READ_LINT_H

#include "payload/read/kernel.h"

/* The bundle needs these from the kernel. */
enum lint_use {
	LINT_ACPI = 1 << 0,
	LINT_INITRD = 1 << 1,
};

/* Returns the text of the embedded configuration; size 0 if there is none. */
struct bytes lint_find_config(const struct bytes *vmlinux);

/* Warns if the kernel carries its configuration. `uses` is of enum lint_use. */
void lint_kernel(const struct kernel_file *kernel, unsigned uses);

#endif
