/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/parts.h - what a kernel gets beside: initrd and command line */
#ifndef PAYLOAD_WRITE_PARTS_H
#define PAYLOAD_WRITE_PARTS_H

#include "payload/read/kernel.h"
#include "payload/write/plan.h"

/*
 * Add what the options name, and what the kernel's own file brings along.
 * Refuse what cannot be right, warn of what probably is not.
 */
void parts_add_initrds(struct plan *plan, const struct kernel_file *kernel);
void parts_add_cmdline(struct plan *plan, const struct kernel_file *kernel);

#endif
