/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/bundle_maker.c - makes bundles for tests; see bundle_maker.h */
#include "tests/unit/bundle_maker.h"

#include <string.h>

#include "common/lib/console.h"
#include "common/lib/sum64.h"

static struct bundle_header *header_of(struct bundle_maker *maker)
{
	return (struct bundle_header *)maker->bytes;
}

void bundle_begin(struct bundle_maker *maker, uint8_t *bytes,
                  enum bundle_kernel_kind kind, uint32_t flags,
                  enum bundle_on_error on_error)
{
	*maker = (struct bundle_maker){ bytes, BUNDLE_ALIGN };
	memset(bytes, 0, BUNDLE_MAKER_MAX);
	*header_of(maker) = (struct bundle_header){
		.magic = BUNDLE_MAGIC,
		.version = BUNDLE_VERSION,
		.header_size = sizeof(struct bundle_header),
		.arch = BUNDLE_ARCH_X86_64,
		.flags = flags,
		.on_error = on_error,
		.kernel_kind = kind,
		.section_size = sizeof(struct bundle_section),
	};
}

void bundle_add(struct bundle_maker *maker, enum bundle_section_type type,
                enum bundle_compression compression, const void *data,
                uint64_t stored_size, uint64_t size)
{
	struct bundle_header *header = header_of(maker);
	struct bundle_section *section =
		(struct bundle_section *)(header + 1) + header->section_count++;

	check(maker->size + stored_size <= BUNDLE_MAKER_MAX);
	*section = (struct bundle_section){
		.type = type,
		.compression = compression,
		.offset = maker->size,
		.stored_size = stored_size,
		.size = size,
		.checksum.sum64 = sum64(0, data, stored_size),
	};
	memcpy(maker->bytes + maker->size, data, stored_size);
	maker->size = align_up(maker->size + stored_size, BUNDLE_ALIGN);
}

uint64_t bundle_end(struct bundle_maker *maker)
{
	struct bundle_header *header = header_of(maker);
	uint64_t sum;

	header->total_size = maker->size;
	sum = sum64(0, header, offsetof(struct bundle_header, checksum.sum64));
	header->checksum.sum64 =
		sum64(sum, header + 1,
	              header->section_count * sizeof(struct bundle_section));
	return maker->size;
}
