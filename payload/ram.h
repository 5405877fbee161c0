/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/ram.h - the least RAM that the blob finds all its places in */
#ifndef PAYLOAD_RAM_H
#define PAYLOAD_RAM_H

#include "payload/image.h"

/* From RAM's first address on, in bytes; 0: there is no kernel. */
uint64_t ram_needed(const struct image *image);

#endif
