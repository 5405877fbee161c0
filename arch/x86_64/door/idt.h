/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/door/idt.h - where the CPU's exceptions go */
#ifndef ARCH_X86_64_DOOR_IDT_H
#define ARCH_X86_64_DOOR_IDT_H

#include "common/lib/compiler.h"

/* Exceptions and the timer's interrupt reach the stubs of the blob from now. */
void idt_load(paddr_t blob_paddr);

#endif
