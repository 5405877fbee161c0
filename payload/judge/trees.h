/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/trees.h - judges the device trees of a bundle */
#ifndef PAYLOAD_JUDGE_TREES_H
#define PAYLOAD_JUDGE_TREES_H

#include "common/payload/payload.h"

/*
 * Refuses, in the blob's words, a device tree that the blob of `arch`, an enum
 * bundle_arch, would refuse on any machine. The payload's trees are in memory.
 * `knows_ram` says that the blob learns of RAM from elsewhere.
 */
void trees_check(const struct payload *payload, uint32_t arch, bool knows_ram);

#endif
