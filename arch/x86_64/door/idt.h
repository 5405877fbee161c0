/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/door/idt.h - where the CPU's exceptions go */
#ifndef ARCH_X86_64_DOOR_IDT_H
#define ARCH_X86_64_DOOR_IDT_H

#include "common/lib/compiler.h"

/*
 * Makes the CPU deliver exceptions and the timer's interrupt to the blob's
 * stubs.
 */
void idt_load(void);

#endif
