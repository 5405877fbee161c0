/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/random.h - numbers that an attacker cannot guess */
#ifndef ARCH_X86_64_LIB_RANDOM_H
#define ARCH_X86_64_LIB_RANDOM_H

#include "common/lib/compiler.h"

/* Returns a number below `bound`, or 0 if `bound` is 0. */
uint64_t random_below(uint64_t bound);

#endif
