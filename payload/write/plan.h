/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/write/plan.h - makes a bundle: adds sections, lays them out, writes
 *
 * common/spec/bundle.h defines the format. All sizes are in bytes.
 */
#ifndef PAYLOAD_WRITE_PLAN_H
#define PAYLOAD_WRITE_PLAN_H

#include "common/spec/bundle.h"
#include "payload/write/compress.h"

struct plan_section {
	struct bundle_section header;
	struct bytes stored;
};

struct plan {
	uint64_t file_size;  /* of blob and bundle; 0 for the least possible */
	uint64_t file_align; /* on x86_64 the file is a multiple of it */
	bool is_no_bzimage;  /* true if the file must not be a bzImage */
	bool is_igvm;        /* true if it will be in an IGVM file */
	struct bundle_header header;
	struct plan_section sections[BUNDLE_SECTION_MAX];
};

/*
 * No stored bytes may lie in the hole, because device registers cover that part
 * of a large ROM. The hole ends `end_back` bytes before the bundle's end. A
 * bundle of at most `total_max` bytes, laid out without a hole, needs none. If
 * the hole's size is 0, no bundle does.
 */
struct plan_hole {
	uint64_t end_back;
	uint64_t size;
	uint64_t total_max;
};

/* Adds and returns a section. The caller sets what only some types have. */
struct plan_section *plan_add(struct plan *plan, enum bundle_section_type type,
                              struct bytes loaded, enum compress compress);

/* Gives every section its place and the bundle its size. */
void plan_lay_out(struct plan *plan, struct plan_hole hole);

/*
 * Refuses a plan that the blob would not boot on any machine. The plan must be
 * laid out. `file` is the kernel's file if the bundle stores it whole; else its
 * size is 0.
 */
void plan_judge(const struct plan *plan, struct bytes file);

/* Writes the bundle to the output. */
void plan_write(const struct plan *plan);

#endif
