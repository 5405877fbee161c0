/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/parts.h - adds initrd and command line to a bundle */
#ifndef PAYLOAD_WRITE_PARTS_H
#define PAYLOAD_WRITE_PARTS_H

#include "payload/read/kernel.h"
#include "payload/write/plan.h"

/*
 * These add what the options name and what the kernel's own file brings along.
 * They refuse what cannot be right, and warn of what is probably wrong.
 */
void parts_add_initrds(struct plan *plan, const struct kernel_file *kernel);
void parts_add_cmdline(struct plan *plan, const struct kernel_file *kernel);

#endif
