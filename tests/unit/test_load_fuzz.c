/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_load_fuzz.c - thousands of kernels with some wrong fields
 *
 * Each is loaded or refused. Only RAM that it has claimed may change.
 */
#include <string.h>

#include "common/spec/bundle.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"
#include "tests/unit/x86_load.h"

static struct {
	struct bundle_relocs header;
	uint8_t places[16];
} relocs;

static uint64_t odd_value(void)
{
	static const uint64_t values[] = {
		0,
		1,
		2,
		7,
		0x38,
		0x1000,
		0x3000,
		0x90000,
		0xa0000,
		HIGH_RAM_BASE - 1,
		HIGH_RAM_BASE,
		KERNEL_BASE,
		KERNEL_BASE + 0x800,
		RAM_END - 0x1000,
		RAM_END,
		0x7fffffff,
		0x80000000,
		0xffffffff,
		1ULL << 32,
		1ULL << 46,
		INT64_MAX,
		-0x1000ULL,
		UINT64_MAX,
	};
	uint64_t value = values[test_random_below(ARRAY_COUNT(values))];

	return test_random_below(3)
	               ? value
	               : value + test_random_below(0x2000) - 0x1000;
}

/* Changes a field, or some bytes, among `size` bytes of the file. */
static void mutate(uint64_t from, uint64_t size)
{
	static const uint8_t widths[] = { 1, 2, 4, 8 };

	for (uint32_t i = 1 + test_random_below(3); i > 0; i--) {
		uint8_t width = widths[test_random_below(4)];
		uint64_t value = odd_value();

		memcpy(file + from +
		               test_random_below((uint32_t)(size - width)),
		       &value, width);
	}
}

static void mutate_segments(void)
{
	struct payload_segment *segment =
		&payload.segments[test_random_below(2)];

	switch (test_random_below(4)) {
	case 0:
		segment->paddr = odd_value();
		break;
	case 1:
		segment->memory_size = odd_value();
		break;
	case 2:
		payload.segments_entry = odd_value();
		break;
	default:
		payload.initrd.size = odd_value();
	}
	/* bundle_open() refuses such segments. */
	if (segment->memory_size < segment->source.size ||
	    segment->memory_size > UINT64_MAX - segment->paddr)
		segment->memory_size = segment->source.size;
	payload.initrd.size = min_u64(payload.initrd.size, INITRD_SIZE);
	payload.initrd.stored_size = payload.initrd.size;
	payload.initrd.has_checksum = false;
}

/* A distance has one byte, or four more bytes. */
static void mutate_relocs(void)
{
	relocs.header = (struct bundle_relocs){
		.alignment = 0x200000,
		.room_size = 0x40000000,
		.count64 = test_random_below(4),
		.count32_inverse = test_random_below(2),
		.count32 = test_random_below(2),
	};
	for (uint32_t i = 0; i < sizeof(relocs.places); i++)
		relocs.places[i] = test_random_below(3)
		                           ? (uint8_t)test_random_below(256)
		                           : 255;
	payload.segments_entry = KERNEL_BASE;
	if (test_random_below(4) == 0) {
		payload.segments[0].memory_size = test_random_below(32);
		payload.segment_count = 1;
	}
	payload.segments[0].source.size =
		min_u64(payload.segments[0].memory_size, 0x1000);
	payload.segments[0].source.has_checksum = false;
	payload.relocs = memory_source(
		&relocs,
		sizeof(relocs) - test_random_below(4) * test_random_below(16));
}

/* Returns whether the kernel was loaded in spite of the change. */
static bool fuzz_once(uint32_t kind)
{
	bool is_loaded;

	load_start();
	if (kind < 2)
		make_bzimage();
	else
		make_elf();
	if (kind < 2)
		mutate(SETUP_HEADER_OFFSET, sizeof(struct setup_header));
	if (kind == 2)
		mutate(0, sizeof(struct elf64_header) +
		                  2 * sizeof(struct elf64_phdr));
	if (kind == 1)
		give_fw_cfg();
	else if (kind < 3)
		give_memory();
	else
		give_segments();
	if (kind == 3)
		mutate_segments();
	if (kind == 4)
		mutate_relocs();
	is_loaded = test_survives(load);
	/* Relocations may change bytes between two segments. */
	if (kind != 4)
		expect_rest_untouched();
	return is_loaded;
}

static void a_changed_kernel_writes_to_nothing_but_its_ram(void)
{
	uint32_t rounds = test_rounds(2500), counts[5] = { 0 };

	for (uint32_t round = 0; round < rounds; round++) {
		test_seed = round;
		counts[round % 5] += fuzz_once(round % 5);
	}
	for (uint32_t kind = 0; kind < 5; kind++)
		EXPECT(counts[kind] > rounds / 100 &&
		       counts[kind] < rounds / 5);
}

int main(void)
{
	if (!load_begin())
		return fake_ram_skip("test_load_fuzz");
	RUN(a_changed_kernel_writes_to_nothing_but_its_ram);
	return test_status();
}
