/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/payload.h - what we are to boot, and how its bytes get into
 * place
 *
 * A source names bytes that are not yet where they belong: memory, a fw_cfg
 * item, a disk. source_load() moves them to their final address in one pass, by
 * DMA, copy or decompression, whatever is right for the source.
 */
#ifndef COMMON_PAYLOAD_PAYLOAD_H
#define COMMON_PAYLOAD_PAYLOAD_H

#include "common/lib/compiler.h"

struct boot;
struct zstd;

enum source_kind {
	SOURCE_NONE = 0,
	SOURCE_MEMORY,
	SOURCE_FW_CFG,
	SOURCE_DISK, /* boot->disk; not compressed */
};

struct source {
	enum source_kind kind;
	uint32_t compression; /* enum bundle_compression of bundle_format.h */
	uint64_t stored_size; /* bytes in the source */
	uint64_t size;        /* bytes once loaded */
	union {
		const void *data;     /* SOURCE_MEMORY */
		uint64_t disk_offset; /* SOURCE_DISK */
	};
	uint16_t fw_cfg_key; /* SOURCE_FW_CFG */
	bool has_checksum;
	uint64_t sum64; /* of the stored bytes */
};

/*
 * Loads `size` bytes from `offset` of the source to `dest`, which the caller
 * has claimed and mapped. A compressed source is loaded whole. Panics, naming
 * `name`, when the bytes are not there or do not match their checksum.
 */
void source_load(const struct boot *boot, const char *name,
                 const struct source *source, uint64_t offset, paddr_t dest,
                 uint64_t size);

/* Reads a source on disk to RAM, where it is a source in memory. */
void source_fetch(struct boot *boot, const char *name, struct source *source);

/*
 * Proves the checksum of a source in memory that will be loaded in pieces,
 * which source_load() does not check.
 */
void source_check(const char *name, const struct source *source);

#define PAYLOAD_SEGMENT_MAX 16

/* A piece of a kernel that `pack` has already taken apart. */
struct payload_segment {
	paddr_t paddr;        /* as linked */
	uint64_t memory_size; /* what is loaded, then zeros up to this */
	struct source source;
};

struct payload {
	const char
		*origin; /* for messages: "bundle", "disk", "uki", "fw_cfg" */

	/*
	 * The kernel: a file image (bzImage, ELF, Image), of which fw_cfg
	 * gives the x86 setup part apart, or segments with their entry.
	 */
	struct source kernel_setup; /* fw_cfg only: bytes before kernel */
	struct source kernel;
	uint32_t segment_count;
	paddr_t segments_entry;

	struct source initrd;
	struct source cmdline;  /* text; a NUL, if any, ends it */
	struct source dtb;      /* for the kernel */
	struct source platform; /* DTB that describes the machine to us */
	struct source relocs;   /* of a kernel in segments, for KASLR */
	struct source pin;      /* SHA-256 of the VMM's bundle to open */

	bool has_zstd; /* one of these needs it */
	struct zstd *zstd;

	/* Not cleared: valid up to segment_count. */
	struct payload_segment segments[PAYLOAD_SEGMENT_MAX];
};

/* Do these bytes start as a bundle or a unified kernel image does? */
bool payload_is_at(const void *base, uint64_t size);

/* The VMM's kernel (SOURCE_FW_CFG) as one file in memory. */
void payload_fetch_kernel(struct boot *boot);

/*
 * The kernel is in memory and is a PE file: opens it as a unified kernel image.
 * What else the VMM gave stays, instead of what is in there.
 */
void payload_open_uki(struct boot *boot);

/*
 * RAM for what is in use until the kernel runs, below 4 GiB if there is as much
 * of it; panics if there is none.
 */
paddr_t payload_take_ram(struct boot *boot, const char *name, uint64_t size);

/* Finds the payload in the first place of DESIGN's order that has one. */
void payload_find(struct boot *boot);

#endif
