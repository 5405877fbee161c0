/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/describe/setup_data.h - records beside the zero page
 *
 * Linux Documentation/arch/x86/boot.rst, "setup_data": boot_params points to a
 * list of records for the kernel.
 */
#ifndef ARCH_X86_64_DESCRIBE_SETUP_DATA_H
#define ARCH_X86_64_DESCRIBE_SETUP_DATA_H

#include "common/payload/payload.h"

/*
 * Puts the payload's device tree, if it has one, into a record in free RAM, for
 * kernels that read one (CONFIG_OF). `next` is the address of the first record
 * so far. Returns the address of the new first record, or 0 if there is none.
 */
paddr_t setup_data_add_tree(const struct payload *payload,
                            struct memory *memory, paddr_t next);

#endif
