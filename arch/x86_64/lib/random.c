/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/random.c - numbers from RDRAND and the time stamp counter
 *
 * SDM 2B, RDRAND. A CPU without it has the counter only.
 */
#include "arch/x86_64/lib/random.h"

#include "arch/x86_64/cpu.h"

#define CPUID_ECX_RDRAND (1U << 30)
#define RDRAND_TRIES     10
#define HASH_MULTIPLIER  0x9e3779b97f4a7c15

uint64_t random_below(uint64_t bound)
{
	uint64_t hash = cpu_rdtsc();
	uint64_t value = 0;

	if (cpu_cpuid(1, 0).ecx & CPUID_ECX_RDRAND)
		for (int i = 0; i < RDRAND_TRIES; i++)
			if (cpu_rdrand(&value))
				break;
	hash = (hash ^ value) * HASH_MULTIPLIER;
	hash = (hash ^ hash >> 32) * HASH_MULTIPLIER;
	hash ^= hash >> 32;
	return bound ? hash % bound : 0;
}
