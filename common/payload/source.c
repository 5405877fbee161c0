/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/source.c - moves a source's bytes to their place, see source.h
 */
#include "common/payload/source.h"

#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/lib/sum64.h"
#include "common/payload/disk/disk.h"
#include "common/payload/unpack/lz4.h"
#include "common/payload/unpack/zstd.h"
#include "common/spec/bundle.h"

static void check_sum(const char *name, const struct source *source,
                      uint64_t sum)
{
	if (source->has_checksum && sum != source->sum64)
		panic("%s: sum of %#lx bytes is %#lx, must be %#lx", name,
		      source->stored_size, sum, source->sum64);
}

static void load_disk(const struct disk *disk, const char *name,
                      const struct source *source, uint64_t offset,
                      paddr_t dest, uint64_t size)
{
	disk_read(disk, source->disk_offset + offset, dest, size);
	if (size == source->size && source->has_checksum)
		check_sum(name, source, sum64(0, paddr_ptr(dest), size));
}

static void load_memory(struct zstd *zstd, const char *name,
                        const struct source *source, uint64_t offset,
                        void *dest, uint64_t size)
{
	const uint8_t *src = source->data;
	bool is_whole = offset == 0 && size == source->size;
	uint64_t sum = 0;

	if (source->compression == BUNDLE_COMPRESSION_LZ4) {
		check(is_whole);
		if (!lz4_decode_section(dest, size, src, source->stored_size,
		                        &sum))
			panic("%s: LZ4 data of %#lx bytes is malformed", name,
			      source->stored_size);
		check_sum(name, source, sum);
	} else if (source->compression == BUNDLE_COMPRESSION_ZSTD) {
		check(is_whole);
		source_check(name, source);
		if (!zstd_decode_frame(zstd, dest, size, src,
		                       source->stored_size))
			panic("%s: zstd data of %#lx bytes is malformed", name,
			      source->stored_size);
	} else if (is_whole && source->has_checksum) {
		check_sum(name, source, sum64_copy(dest, src, size));
	} else {
		memcpy(dest, src + offset, size);
	}
}

void source_load(const struct source_reader *reader, const char *name,
                 const struct source *source, uint64_t offset, paddr_t dest,
                 uint64_t size)
{
	if (!is_within(offset, size, source->size))
		panic_range(name, size, offset, "there are only %#lx",
		            source->size);
	if (source->kind == SOURCE_FW_CFG) { /* DMA needs no mapping */
		fw_cfg_read(reader->fw_cfg, source->fw_cfg_key, offset, dest,
		            size);
		return;
	}
	arch_map(dest, size);
	if (source->kind == SOURCE_DISK)
		load_disk(reader->disk, name, source, offset, dest, size);
	else
		load_memory(reader->zstd, name, source, offset, paddr_ptr(dest),
		            size);
}

void source_fetch(const struct source_reader *reader, const char *name,
                  struct source *source, struct memory *memory)
{
	paddr_t base = memory_take(memory, name, source->stored_size);

	disk_read(reader->disk, source->disk_offset, base, source->stored_size);
	source->kind = SOURCE_MEMORY;
	source->data = paddr_ptr(base);
}

void source_check(const char *name, const struct source *source)
{
	if (source->has_checksum)
		check_sum(name, source,
		          sum64(0, source->data, source->stored_size));
}
