/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/place/relocs.h - the words of a kernel that move with its address
 */
#ifndef ARCH_X86_64_PLACE_RELOCS_H
#define ARCH_X86_64_PLACE_RELOCS_H

#include "common/spec/bundle.h"
#include "common/lib/compiler.h"

/* Proves the header of a RELOCS section of `size` bytes, or panics. */
void relocs_check(const struct bundle_relocs *relocs, uint64_t size);

/*
 * Adapts the kernel, of `size` >= 8 bytes at `kernel`, so that it runs `shift`
 * bytes higher in its virtual address space. Panics on a place outside the
 * kernel.
 */
void relocs_apply(const struct bundle_relocs *relocs, uint64_t relocs_size,
                  uint8_t *kernel, uint64_t size, uint64_t shift);

#endif
