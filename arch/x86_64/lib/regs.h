/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/regs.h - control register bits, for assembly */
#ifndef ARCH_X86_64_LIB_REGS_H
#define ARCH_X86_64_LIB_REGS_H

/* SDM 3A section 2.5: control registers. */
#define CR0_PE         0x00000001
#define CR0_MP         0x00000002
#define CR0_ET         0x00000010
#define CR0_NE         0x00000020
#define CR0_WP         0x00010000
#define CR0_PG         0x80000000
#define CR4_PAE        0x00000020
#define CR4_OSFXSR     0x00000200
#define CR4_OSXMMEXCPT 0x00000400

#define MSR_EFER       0xc0000080
#define MSR_LSTAR      0xc0000082
#define MSR_GS_BASE    0xc0000101
#define EFER_LME       0x00000100
#define EFER_NXE       0x00000800

/*
 * SDM 3A section 4.5. A table's entry is present, writable and accessed; a
 * page's is dirty, too, for 4 KiB or for 2 MiB. Code is not writable.
 */
#define PTE_TABLE 0x23
#define PTE_PAGE  0x63
#define PTE_LARGE 0xe3
#define PTE_CODE  0x21

#endif
