/* SPDX-License-Identifier: BSD-2-Clause */
/* common/lib/clock.h - how arch_ticks() become time, for arch_clock() */
#ifndef COMMON_LIB_CLOCK_H
#define COMMON_LIB_CLOCK_H

#include "common/lib/compiler.h"

struct clock {
	uint64_t khz;      /* ticks in a millisecond; 0: unknown */
	uint64_t start_ns; /* ns from the machine's start to start_ticks */
};

#endif
