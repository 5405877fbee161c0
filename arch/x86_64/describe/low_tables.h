/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/describe/low_tables.h - tables that a VMM has left below 1 MiB */
#ifndef ARCH_X86_64_DESCRIBE_LOW_TABLES_H
#define ARCH_X86_64_DESCRIBE_LOW_TABLES_H

/*
 * Makes sure that the kernel finds no ACPI or SMBIOS tables there but those
 * that the blob writes after this. A pinned kernel must not, since their AML
 * and their strings are the VMM's own.
 */
void low_tables_hide(void);

#endif
