/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/describe/low_tables.h - tables that a VMM has left below 1 MiB */
#ifndef ARCH_X86_64_DESCRIBE_LOW_TABLES_H
#define ARCH_X86_64_DESCRIBE_LOW_TABLES_H

/*
 * Makes sure that the kernel finds no tables there but those that the blob
 * writes after this. A pinned kernel must not, since AML and strings of others
 * are the VMM's own, and so are the registers that an MP table tells, which may
 * be the kernel's RAM.
 */
void low_tables_hide(void);

#endif
