/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/place/kaslr.h - a random address for an unpacked kernel */
#ifndef ARCH_X86_64_PLACE_KASLR_H
#define ARCH_X86_64_PLACE_KASLR_H

#include "common/payload/payload.h"

/* How far the kernel goes from where it is linked. If both are 0 it stays. */
struct kaslr {
	uint64_t paddr_shift;
	uint64_t vaddr_shift;
	const struct bundle_relocs *relocs; /* NULL: there are none */
	uint64_t relocs_size;               /* bytes of relocs and its lists */
	paddr_t base;                       /* of the kernel, shifted */
	uint64_t size;                      /* of the kernel */
};

/*
 * Chooses as the kernel's own decompressor would: nothing if the user says
 * nokaslr, only the virtual address if the user says what memory to use. But if
 * something lies where the kernel is linked, it goes to the first free place.
 */
void kaslr_choose(struct kaslr *kaslr, const struct payload *payload,
                  const struct memory *memory);

/* Adapts the loaded kernel, at `base`, to its new virtual address. */
void kaslr_relocate(const struct kaslr *kaslr, paddr_t base);

#endif
