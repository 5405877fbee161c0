/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/payload/kernel.c - tells what is a kernel for AArch64 */
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/payload/payload.h"
#include "common/spec/bundle.h"
#include "common/spec/linux_arm64.h"

const uint32_t arch_elf_machine = 183;
const uint32_t arch_pe_machine = 0xaa64;

/* A kernel is an arm64 Image of Linux Documentation/arm64/booting.rst. */
bool arch_is_kernel(const void *head, uint64_t size)
{
	struct image_header header;

	if (size < sizeof(header))
		return false;
	memcpy(&header, head, sizeof(header)); /* `head` need not be aligned. */
	return header.magic == IMAGE_MAGIC;
}

static bool is_zboot(const struct source *source)
{
	const struct zboot_header *header = source->data;

	return source->size >= sizeof(*header) && header->magic == ZBOOT_MAGIC;
}

/*
 * Replaces the payload's kernel by the compressed one inside a zboot file. The
 * compressed data is followed by its unpacked size, in four bytes.
 */
static void open_zboot(struct payload *payload)
{
	struct source *source = &payload->kernel;
	const struct zboot_header *header = source->data;
	uint32_t offset = header->payload_offset;
	uint32_t size = header->payload_size;

	if (!is_within(offset, size, source->size) || size < sizeof(size))
		panic("kernel: zboot of %#x bytes at %#x: there are %#lx", size,
		      offset, source->size);
	if (memcmp(header->compression, "zstd", 4) != 0)
		panic("kernel: zboot is not under zstd: repack it");
	source->data = (const uint8_t *)source->data + offset;
	source->stored_size = size - sizeof(size);
	source->size =
		load_le32((const uint8_t *)source->data + source->stored_size);
	source->compression = BUNDLE_COMPRESSION_ZSTD;
	source->has_checksum = false;
	payload->needs_zstd = true;
}

bool arch_unwrap_kernel(struct payload *payload)
{
	if (!is_zboot(&payload->kernel))
		return false;
	open_zboot(payload);
	return true;
}
