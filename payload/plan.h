/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/plan.h - a bundle in the making: sections, their layout, its bytes */
#ifndef PAYLOAD_PLAN_H
#define PAYLOAD_PLAN_H

#include "common/spec/bundle.h"
#include "payload/tool.h"

enum compress {
	COMPRESS_NONE,
	COMPRESS_LZ4,
	COMPRESS_ZSTD,
	COMPRESS_AUTO, /* LZ4 where it makes a difference */
};

struct plan_section {
	struct bundle_section header;
	struct bytes stored;
};

struct plan {
	uint64_t file_size; /* of the blob's file; 0: as large as it needs */
	bool is_no_bzimage; /* the blob's file, which else is one if it can */
	struct bundle_header header;
	struct plan_section sections[BUNDLE_SECTION_MAX];
};

/*
 * Where no stored bytes may lie, counted from the bundle's end backward: the
 * windows of devices that cover a large ROM. Size 0: nowhere.
 */
struct plan_hole {
	uint64_t end_back;
	uint64_t size;
};

/* Adds a section; returns it, for what only some types have. */
struct plan_section *plan_add(struct plan *plan, enum bundle_section_type type,
                              struct bytes loaded, enum compress compress);

/* Gives every section its place, and the bundle its size. */
void plan_lay_out(struct plan *plan, struct plan_hole hole);

/* Writes the bundle to the output. */
void plan_write(struct plan *plan);

/*
 * compress.c: `loaded` as a section stores it, by the compression returned;
 * for COMPRESS_AUTO, none if it would not help.
 */
enum bundle_compression compress_section(struct bytes *stored,
                                         const struct bytes *loaded,
                                         enum compress compress);

#endif
