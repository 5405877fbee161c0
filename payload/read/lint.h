/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/lint.h - warns of what a kernel will miss in the guest */
#ifndef PAYLOAD_READ_LINT_H
#define PAYLOAD_READ_LINT_H

#include "payload/read/kernel.h"

/* What the bundle will ask of the kernel. */
enum lint_use {
	LINT_ACPI = 1 << 0,
	LINT_INITRD = 1 << 1,
};

/* The text of the embedded configuration; size 0: there is none. */
struct bytes lint_find_config(const struct bytes *vmlinux);

/* Warns, if the kernel carries its configuration; `uses` of enum lint_use. */
void lint_kernel(const struct kernel_file *kernel, unsigned uses);

#endif
