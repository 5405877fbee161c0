/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/judge/no_machine.c - replaces an architecture in the tool
 *
 * The tool judges and places payloads by the blob's own functions. These call
 * some functions of an architecture, which are here. There is no guest RAM to
 * map, and random choices always take the first place.
 */
#include "arch/x86_64/lib/random.h"
#include "common/arch.h"
#include "common/image.h"
#include "common/lib/string.h"
#include "common/spec/bundle.h"

const uint32_t arch_address_bits = 42; /* AArch64's; x86_64 reads no trees */

/* The tool reads bundles for both images of a blob. */
const uint32_t image_bundle_flags = BUNDLE_FLAGS_KNOWN;

bool arch_sha256_blocks(uint32_t state[8], const uint8_t *blocks,
                        uint64_t count)
{
	(void)state;
	(void)blocks;
	(void)count;
	return false;
}

void arch_map(paddr_t base, uint64_t size)
{
	(void)base;
	(void)size;
}

uint32_t arch_device_read(paddr_t paddr, uint32_t size)
{
	(void)paddr;
	(void)size;
	return 0;
}

void arch_map_device(paddr_t base, uint64_t size)
{
	(void)base;
	(void)size;
}

/* The tool wipes seeds of copies alone, which end with it. */
void wipe(void *bytes, size_t size)
{
	memset(bytes, 0, size);
}

uint64_t random_below(uint64_t bound)
{
	(void)bound;
	return 0;
}
