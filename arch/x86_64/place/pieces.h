/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/place/pieces.h - a kernel that is placed piece by piece */
#ifndef ARCH_X86_64_PLACE_PIECES_H
#define ARCH_X86_64_PLACE_PIECES_H

#include "common/payload/payload.h"
#include "common/place/guest.h"

/*
 * Returns the range that the payload's segments reach over, where they are
 * linked.
 */
struct machine_range pieces_extent(const struct payload *payload);

/* Claims a piece, which is not empty, and extends the kernel's range by it. */
void pieces_claim(struct kernel *kernel, struct memory *memory, paddr_t base,
                  uint64_t size);

/* Sets the entry, which must be in the kernel's range, after all claims. */
void pieces_finish(struct kernel *kernel, paddr_t entry);

#endif
