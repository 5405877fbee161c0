/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/source.h - bytes that are not yet where they belong
 *
 * A source is memory, a fw_cfg item or a range of a disk, compressed or not.
 * source_load() moves it to its final address in one pass: by DMA, copy or
 * decompression, as the source demands.
 */
#ifndef COMMON_PAYLOAD_SOURCE_H
#define COMMON_PAYLOAD_SOURCE_H

#include "common/memory/memory.h"

struct disk;
struct fw_cfg;
struct zstd;

enum source_kind {
	SOURCE_NONE = 0,
	SOURCE_MEMORY,
	SOURCE_FW_CFG,
	SOURCE_DISK, /* not compressed */
};

struct source {
	enum source_kind kind;
	uint32_t compression; /* enum bundle_compression of spec/bundle.h */
	uint64_t stored_size; /* bytes in the source, if compressed or summed */
	uint64_t size;        /* bytes once loaded */
	union {
		const void *data;     /* SOURCE_MEMORY */
		uint64_t disk_offset; /* SOURCE_DISK, in bytes */
	};
	uint16_t fw_cfg_key; /* SOURCE_FW_CFG */
	bool has_checksum;
	uint64_t sum64; /* of the stored bytes */
};

/* What reads the sources. Each member is set if a source needs it. */
struct source_reader {
	const struct fw_cfg *fw_cfg;
	const struct disk *disk;
	struct zstd *zstd; /* the decoder's work area */
};

/*
 * Loads `size` bytes, from byte `offset` of the source on, to `dest`. The
 * caller has claimed `dest`; this function maps it, unless DMA fills it. A
 * compressed source is loaded whole. Panics, naming `name`, if the bytes are
 * not there or do not match their checksum.
 */
void source_load(const struct source_reader *reader, const char *name,
                 const struct source *source, uint64_t offset, paddr_t dest,
                 uint64_t size);

/* Reads a source on disk to RAM. It becomes a source in memory. */
void source_fetch(const struct source_reader *reader, const char *name,
                  struct source *source, struct memory *memory);

/*
 * Proves the checksum of a source in memory that will be loaded in pieces,
 * since source_load() checks only sources that it loads whole.
 */
void source_check(const char *name, const struct source *source);

#endif
