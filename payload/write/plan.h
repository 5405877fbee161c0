/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/plan.h - a bundle in the making: sections, their layout, its
 * bytes */
#ifndef PAYLOAD_WRITE_PLAN_H
#define PAYLOAD_WRITE_PLAN_H

#include "common/spec/bundle.h"
#include "payload/write/compress.h"

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

/*
 * Refuses a plan, which is laid out, that the blob would not boot on any
 * machine. `file` is its kernel's, if it is one; size 0: there is none.
 */
void plan_judge(const struct plan *plan, struct bytes file);

/* Writes the bundle to the output. */
void plan_write(const struct plan *plan);

#endif
