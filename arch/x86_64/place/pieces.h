/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/place/pieces.h - a kernel that is placed piece by piece */
#ifndef ARCH_X86_64_PLACE_PIECES_H
#define ARCH_X86_64_PLACE_PIECES_H

#include "common/payload/payload.h"
#include "common/place/guest.h"

/* All that the payload's segments reach over, where they are linked. */
struct machine_range pieces_extent(const struct payload *payload);

/* Claims a piece, which is not empty; the kernel's extent may grow by it. */
void pieces_claim(struct kernel *kernel, struct memory *memory, paddr_t base,
                  uint64_t size);

/* When all pieces are claimed: sets the entry, which must be in the extent. */
void pieces_finish(struct kernel *kernel, paddr_t entry);

#endif
