/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/plan.c - lays a bundle out and writes it; see plan.h */
#include "payload/write/plan.h"

#include <stddef.h>

#include "common/lib/sum64.h"
#include "common/payload/bundle_table.h"
#include "payload/judge/trial.h"
#include "payload/lib/crc32c.h"

static struct bundle_checksum checksum_of(const struct bytes *bytes)
{
	return (struct bundle_checksum){
		.crc32c = crc32c(0, bytes->data, bytes->size),
		.sum64 = sum64(0, bytes->data, bytes->size),
	};
}

static void sum_up(struct plan_section *section)
{
	section->header.stored_size = section->stored.size;
	section->header.checksum = checksum_of(&section->stored);
	sha256(section->header.sha256, section->stored.data,
	       section->stored.size);
}

struct plan_section *plan_add(struct plan *plan, enum bundle_section_type type,
                              struct bytes loaded, enum compress compress)
{
	struct plan_section *section;

	if (plan->header.section_count == BUNDLE_SECTION_MAX)
		refuse("bundle: more than %u sections", BUNDLE_SECTION_MAX);
	section = &plan->sections[plan->header.section_count++];
	section->stored = loaded;
	section->header = (struct bundle_section){
		.type = type,
		.size = loaded.size,
		.flags = BUNDLE_SECTION_HAS_SHA256,
	};
	section->header.compression =
		compress_section(&section->stored, &loaded, compress);
	sum_up(section);
	return section;
}

/* Returns how many bytes a section takes in the bundle. */
static uint64_t room_of(const struct plan_section *section)
{
	return align_up(section->stored.size, BUNDLE_ALIGN);
}

static uint64_t room_of_all(const struct plan_section *sections, unsigned count)
{
	uint64_t room = 0;

	for (unsigned i = 0; i < count; i++)
		room += room_of(&sections[i]);
	return room;
}

/*
 * Splits a kernel between two of its blocks. `rest` gets as many of the last
 * blocks as fit into `max` bytes. Returns false if it gets none.
 */
static bool split_kernel(struct plan_section *section,
                         struct plan_section *rest, uint64_t max)
{
	const uint8_t *start = section->stored.data;
	uint64_t size = section->stored.size;
	uint64_t at = 0, loaded = 0;

	if (section->header.type != BUNDLE_SECTION_KERNEL_SEGMENT ||
	    section->header.compression != BUNDLE_COMPRESSION_LZ4)
		return false;
	while (size - at > max) {
		struct bundle_block block;

		memcpy(&block, start + at, sizeof(block));
		at += sizeof(block) + align_up(block.stored_size, 8);
		loaded += block.size;
	}
	if (at == size)
		return false;
	*rest = *section;
	rest->stored = (struct bytes){ start + at, size - at };
	rest->header.paddr += loaded;
	rest->header.size -= loaded;
	rest->header.memory_size -= loaded;
	sum_up(rest);
	section->stored.size = at;
	section->header.size = loaded;
	section->header.memory_size = loaded;
	sum_up(section);
	return true;
}

/* Returns how many kernel segments and sections a bundle can have more. */
static unsigned count_left(const struct plan *plan)
{
	unsigned count = plan->header.section_count;
	unsigned segment_count = 0;

	for (unsigned i = 0; i < count; i++)
		segment_count += plan->sections[i].header.type ==
		                 BUNDLE_SECTION_KERNEL_SEGMENT;
	return (unsigned)min_u64(BUNDLE_SECTION_MAX - count,
	                         BUNDLE_SEGMENT_MAX - segment_count);
}

/*
 * Reorders the sections: those before the hole come first, then those that fit
 * into the `end_back` bytes behind it. Returns the size of the latter.
 */
static uint64_t put_behind_hole(struct plan *plan, uint64_t end_back)
{
	struct plan_section before[BUNDLE_SECTION_MAX];
	struct plan_section behind[BUNDLE_SECTION_MAX];
	unsigned count = plan->header.section_count;
	unsigned before_count = 0;
	unsigned behind_count = 0;
	unsigned split_max = count_left(plan);
	uint64_t behind_size = 0;

	for (unsigned i = 0; i < count; i++) {
		struct plan_section section = plan->sections[i];
		uint64_t left = end_back - behind_size;

		if (room_of(&section) <= left) {
			behind[behind_count++] = section;
		} else {
			if (split_max > 0 &&
			    split_kernel(&section, &behind[behind_count],
			                 left)) {
				behind_count++;
				split_max--;
			}
			before[before_count++] = section;
		}
		behind_size = room_of_all(behind, behind_count);
	}
	plan->header.section_count = before_count + behind_count;
	memcpy(plan->sections, before, before_count * sizeof(*before));
	memcpy(plan->sections + before_count, behind,
	       behind_count * sizeof(*behind));
	return behind_size;
}

void plan_lay_out(struct plan *plan, struct plan_hole hole)
{
	uint64_t offset = BUNDLE_ALIGN; /* Header and table take one page. */
	uint64_t total = offset + room_of_all(plan->sections,
	                                      plan->header.section_count);
	uint64_t behind_size = 0;
	bool has_hole = hole.size > 0 && total > hole.total_max;

	if (has_hole) {
		behind_size = put_behind_hole(plan, hole.end_back);
		total = offset +
		        room_of_all(plan->sections, plan->header.section_count);
		total += hole.size + hole.end_back - behind_size;
	}
	for (unsigned i = 0; i < plan->header.section_count; i++) {
		uint64_t room = room_of(&plan->sections[i]);

		if (has_hole &&
		    offset + room > total - hole.end_back - hole.size &&
		    offset < total - hole.end_back)
			offset = total - behind_size;
		plan->sections[i].header.offset = offset;
		offset += room;
	}
	plan->header.total_size = total;
}

/* Header and table are adjacent in the file. */
struct head {
	struct bundle_header header;
	struct bundle_section table[BUNDLE_SECTION_MAX];
};

static uint64_t head_size(const struct plan *plan)
{
	return sizeof(struct bundle_header) +
	       plan->header.section_count * sizeof(struct bundle_section);
}

static void make_head(struct head *head, const struct plan *plan)
{
	struct bundle_header *header = &head->header;
	uint64_t table_size = head_size(plan) - sizeof(*header);
	uint64_t covered = offsetof(struct bundle_header, checksum);

	*header = plan->header;
	header->magic = BUNDLE_MAGIC;
	header->version = BUNDLE_VERSION;
	header->header_size = sizeof(*header);
	header->section_size = sizeof(*head->table);
	for (unsigned i = 0; i < header->section_count; i++)
		head->table[i] = plan->sections[i].header;
	header->checksum = (struct bundle_checksum){
		.crc32c = crc32c(crc32c(0, header, covered), head->table,
		                 table_size),
	};
	/* sum64 also covers the CRC. */
	covered = offsetof(struct bundle_header, checksum.sum64);
	header->checksum.sum64 =
		sum64(sum64(0, header, covered), head->table, table_size);
}

void plan_judge(const struct plan *plan, struct bytes file)
{
	struct bytes stored[BUNDLE_SECTION_MAX];
	struct trial *trial = allocate(sizeof(*trial));
	struct head head;

	make_head(&head, plan);
	bundle_check_header(&head.header, head.header.total_size,
	                    head.header.arch);
	bundle_check_table(&head.header);
	for (unsigned i = 0; i < plan->header.section_count; i++)
		stored[i] = plan->sections[i].stored;
	trial_open(trial, &head.header, stored, file);
	trial->is_igvm = plan->is_igvm;
	trial_place(trial);
}

void plan_write(const struct plan *plan)
{
	uint64_t done = head_size(plan);
	struct head head;

	make_head(&head, plan);
	output_write(&head, done);
	for (unsigned i = 0; i < plan->header.section_count; i++) {
		const struct plan_section *section = &plan->sections[i];

		output_zeros(section->header.offset - done);
		output_write(section->stored.data, section->stored.size);
		done = section->header.offset + section->stored.size;
		progress("writing", done, plan->header.total_size);
	}
	output_zeros(plan->header.total_size - done);
}
