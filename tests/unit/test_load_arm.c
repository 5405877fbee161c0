/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_load_arm.c - Images and initrds of AArch64, put in place, and
 * thousands of them with wrong fields
 *
 * RAM is where the guest has it, and a pattern fills it: only what was claimed
 * may change. The rest of the address space is the host's.
 */
#include <stdlib.h>
#include <string.h>

#include "arch/aarch64/memmap.h"
#include "arch/aarch64/place/room.h"
#include "common/arch.h"
#include "common/lib/sum64.h"
#include "common/payload/wrapped.h"
#include "common/place/place.h"
#include "common/spec/bundle.h"
#include "common/spec/linux_arm64.h"
#include "tests/unit/fake_arm.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define MIB         0x100000ULL
#define RAM         0x40000000ULL
#define RAM_SIZE    (32 * MIB)
#define USED        (RAM + 2 * MIB) /* by the blob */
#define USED_SIZE   0x40000
#define IMAGE_SIZE  0x3000
#define INITRD_SIZE 0x1234
#define KERNEL_SIZE 0x10000ULL
#define PATTERN     0xa5

/* ID_AA64MMFR0_EL1 of CPUs with all sizes of pages, and without one each. */
#define ALL_PAGES 0x0000000000100000ULL
#define NO_4K     0x00000000f0100000ULL
#define NO_16K    0x0000000000000000ULL
#define NO_64K    0x000000000f100000ULL

/* A section of one block, which is stored as it is. */
struct packed {
	struct bundle_block block;
	uint8_t bytes[IMAGE_SIZE];
};

static struct machine machine;
static struct memory memory;
static struct payload payload;
static struct guest guest;
static _Alignas(8) uint8_t image[IMAGE_SIZE];
static struct packed packed;
static uint8_t initrd[INITRD_SIZE];
static char cmdline[] = "quiet";

static struct image_header *header(void)
{
	return (void *)image;
}

static struct source memory_source(const void *data, uint64_t size)
{
	return (struct source){
		.kind = SOURCE_MEMORY,
		.data = data,
		.stored_size = size,
		.size = size,
		.has_checksum = true,
		.sum64 = sum64(0, data, size),
	};
}

static void start(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	memset(&guest, 0, sizeof(guest));
	memset(paddr_ptr(RAM), PATTERN, RAM_SIZE);
	machine.ram_count = 1;
	machine.ram[0] =
		(struct machine_ram){ RAM, RAM_SIZE, MEMORY_RAM, 0, 0 };
	memory_init(&memory, &machine);
	memory_claim(&memory, "test", USED, USED_SIZE, MEMORY_RAM);
	fake_map_clear();
	fake_arm_clear();
	fake_arm.memory_features = ALL_PAGES;
	for (uint32_t i = 0; i < IMAGE_SIZE; i++)
		image[i] = (uint8_t)(i * 13 + (i >> 8) + 1);
	memset(initrd, 0x33, INITRD_SIZE);
	*header() = (struct image_header){
		.image_size = KERNEL_SIZE,
		.flags = IMAGE_FLAG_ANYWHERE,
		.magic = IMAGE_MAGIC,
	};
}

static void give(bool is_packed)
{
	payload.reader.disk = &payload.disk;
	payload.kernel = memory_source(image, IMAGE_SIZE);
	payload.initrd = memory_source(initrd, INITRD_SIZE);
	payload.cmdline = memory_source(cmdline, sizeof(cmdline));
	if (!is_packed)
		return;
	packed.block = (struct bundle_block){ IMAGE_SIZE, IMAGE_SIZE };
	memcpy(packed.bytes, image, IMAGE_SIZE);
	payload.kernel = memory_source(&packed, sizeof(packed));
	payload.kernel.compression = BUNDLE_COMPRESSION_LZ4;
	payload.kernel.size = IMAGE_SIZE;
}

static void load(void)
{
	wrapped_open(&payload, &memory);
	arch_place_kernel(&guest.kernel, &payload, &machine, &memory);
	guest.initrd = place_initrd(&payload, &machine, &guest.kernel, &memory);
	place_cmdline(&guest.cmdline, &payload, &guest.kernel, &memory);
}

static void expect_rest_untouched(void)
{
	for (const struct memory_step *step = memory.steps; step != memory.end;
	     step++) {
		const struct memory_range range = memory_range(step);

		if (range.type == MEMORY_RAM && !range.is_claimed)
			EXPECT(fake_ram_is(range.base, range.base + range.size,
			                   PATTERN));
	}
	EXPECT(fake_ram_is(USED, USED + USED_SIZE, PATTERN));
}

static void expect_image_at(paddr_t entry)
{
	EXPECT_EQ(guest.kernel.entry, entry);
	EXPECT(!memcmp(paddr_ptr(entry), image, IMAGE_SIZE));
	EXPECT(fake_map_has(entry, IMAGE_SIZE));
	EXPECT(!memory_is_free(&memory, guest.kernel.base, 1));
	EXPECT(!memory_is_free(&memory, entry + KERNEL_SIZE - 1, 1));
}

static void expect_all(paddr_t entry, paddr_t initrd_paddr)
{
	expect_image_at(entry);
	EXPECT_EQ(guest.initrd.base, initrd_paddr);
	EXPECT(!memcmp(paddr_ptr(initrd_paddr), initrd, INITRD_SIZE));
	EXPECT_STR(guest.cmdline.text, "quiet");
	expect_rest_untouched();
}

static void an_image_goes_behind_its_initrd(void)
{
	for (uint32_t i = 0; i < 2; i++) {
		start();
		give(i);
		load();
		expect_all(RAM + 18 * MIB, RAM + INITRD_OFFSET);
	}
}

static void an_image_goes_to_its_offset(void)
{
	for (uint32_t i = 0; i < 2; i++) {
		start();
		header()->text_offset = 0x8010;
		give(i);
		load();
		expect_all(RAM + 18 * MIB + 0x8010, RAM + INITRD_OFFSET);
		EXPECT_EQ(guest.kernel.base, RAM + 18 * MIB);
		EXPECT_EQ(guest.kernel.size, KERNEL_SIZE + 0x8010);
	}
}

/* QEMU gives its -kernel so. */
static void an_image_may_come_from_fw_cfg(void)
{
	static const struct fw_cfg fw_cfg = { .is_present = true };

	start();
	give(false);
	fake_fw_cfg_clear();
	fake_fw_cfg_add(0x44, image, IMAGE_SIZE);
	payload.kernel.kind = SOURCE_FW_CFG;
	payload.kernel.fw_cfg_key = 0x44;
	payload.reader.fw_cfg = &fw_cfg;
	load();
	EXPECT_EQ(guest.kernel.entry, RAM + 18 * MIB);
	EXPECT(!memcmp(paddr_ptr(RAM + 18 * MIB), image, IMAGE_SIZE));
	expect_rest_untouched();
}

/* A file may be its header alone: the rest is what the kernel clears. */
static void an_image_may_be_64_bytes(void)
{
	start();
	give(false);
	payload.kernel = memory_source(image, 64);
	load();
	EXPECT_EQ(guest.kernel.entry, RAM + 18 * MIB);
	EXPECT_EQ(guest.kernel.size, KERNEL_SIZE);
	EXPECT(!memcmp(paddr_ptr(guest.kernel.entry), image, 64));
}

/* Old ones know neither their size nor that they can lie anywhere. */
static void an_old_image_lies_low(void)
{
	start();
	header()->flags = header()->image_size = 0;
	header()->text_offset = 0x1230;
	give(false);
	load();
	EXPECT_EQ(guest.kernel.entry, RAM + IMAGE_TEXT_OFFSET_DEFAULT);
	EXPECT_EQ(guest.kernel.size, IMAGE_TEXT_OFFSET_DEFAULT + IMAGE_SIZE);
	expect_rest_untouched();
}

static void the_vmms_initrd_stays(void)
{
	start();
	machine.given.initrd =
		(struct machine_range){ RAM + 20 * MIB, INITRD_SIZE };
	memory_claim(&memory, "initrd", RAM + 20 * MIB, INITRD_SIZE,
	             MEMORY_RAM);
	give(false);
	payload.initrd = (struct source){ 0 };
	load();
	EXPECT_EQ(guest.initrd.base, RAM + 20 * MIB);
	EXPECT_EQ(guest.kernel.entry, RAM + 22 * MIB);
	/* The payload came from there. */
	start();
	machine.given.initrd =
		(struct machine_range){ RAM + 20 * MIB, INITRD_SIZE };
	give(false);
	payload.initrd = (struct source){ 0 };
	payload.has_taken_initrd = true;
	load();
	EXPECT_EQ(guest.initrd.size, 0);
	EXPECT_EQ(guest.kernel.entry, RAM + INITRD_OFFSET);
}

static void give_far_initrd(uint64_t distance)
{
	start();
	machine.given.initrd =
		(struct machine_range){ RAM + distance - INITRD_SIZE,
		                        INITRD_SIZE };
	give(false);
	payload.initrd = (struct source){ 0 };
}

/* booting.rst: both lie in 32 GiB, from a multiple of 1 GiB on. */
static void an_initrd_is_near_its_kernel(void)
{
	const uint64_t gib = 1024 * MIB;

	give_far_initrd(32 * gib);
	load();
	EXPECT_EQ(guest.initrd.base, RAM + 32 * gib - INITRD_SIZE);
	give_far_initrd(32 * gib + 1);
	EXPECT_PANIC("must be within 32 GiB", load());
	give_far_initrd(1024 * gib);
	EXPECT_PANIC("must be within 32 GiB", load());
}

static void what_is_no_image_is_refused(void)
{
	start();
	header()->magic++;
	give(false);
	EXPECT_PANIC("kernel: 0x3000 bytes: no arm64 Image", load());
	start();
	header()->magic++;
	give(true);
	EXPECT_PANIC("kernel: 0x3000 bytes: no arm64 Image", load());
	start();
	give(false);
	payload.kernel.size = payload.kernel.stored_size = 63;
	payload.kernel.has_checksum = false;
	EXPECT_PANIC("kernel: 0x3f bytes: no arm64 Image (magic 0)", load());
	start();
	give(false);
	payload.segment_count = 1;
	EXPECT_PANIC(
		"kernel: in segments: must be an arm64 Image",
		arch_place_kernel(&guest.kernel, &payload, &machine, &memory));
}

/* The field of an Image's flags, and a CPU on which it is refused. */
static void pages_that_the_cpu_has_not_are_refused(void)
{
	static const struct {
		uint64_t flags, lacking;
		const char *line;
	} pages[] = {
		{ 1, NO_4K, "kernel: Image has pages of 4 KiB: this CPU" },
		{ 2, NO_16K, "kernel: Image has pages of 16 KiB: this CPU" },
		{ 3, NO_64K, "kernel: Image has pages of 64 KiB: this CPU" },
	};
	static const uint64_t cpus[] = { ALL_PAGES, NO_4K, NO_16K, NO_64K };

	for (volatile uint32_t i = 0; i < ARRAY_COUNT(pages) * 2; i++) {
		for (volatile uint32_t j = 0; j < 4; j++) {
			start();
			fake_arm.memory_features = cpus[j];
			header()->flags |= pages[i / 2].flags << 1;
			give(i % 2);
			if (cpus[j] == pages[i / 2].lacking)
				EXPECT_PANIC(pages[i / 2].line, load());
			else
				load();
		}
	}
	/* Of 4 and 64 KiB the fields are signed. */
	for (volatile uint32_t i = 0; i < 2; i++) {
		uint32_t shift = i ? 24 : 28;

		start();
		fake_arm.memory_features = 7UL << shift;
		header()->flags |= (i ? 3 : 1) << 1;
		give(false);
		load();
		start();
		fake_arm.memory_features = 8UL << shift;
		header()->flags |= (i ? 3 : 1) << 1;
		give(false);
		EXPECT_PANIC("kernel: Image has pages of ", load());
	}
	/* Of 16 KiB each value but 0 is good: it has four bits. */
	for (volatile uint32_t bit = 19; bit <= 24; bit++) {
		start();
		fake_arm.memory_features = 1UL << bit;
		header()->flags |= 2 << 1;
		give(false);
		if (bit >= 20 && bit <= 23)
			load();
		else
			EXPECT_PANIC("kernel: Image has pages of 16", load());
	}
	/* One that does not say is believed. */
	start();
	fake_arm.memory_features = 0xff000000;
	give(false);
	load();
}

static void expect_too_large(uint64_t image_size, uint64_t unpacked_size)
{
	for (volatile uint32_t i = 0; i < 2; i++) {
		start();
		header()->image_size = image_size;
		give(i);
		if (i)
			payload.kernel.size = unpacked_size;
		EXPECT_PANIC("kernel: ", load());
		expect_rest_untouched();
	}
}

/* The second size is what a bundle says of a compressed Image. */
static void no_size_wraps(void)
{
	expect_too_large(RAM_SIZE, -4ULL);
	expect_too_large(MAPPED_END, UINT64_MAX);
	expect_too_large(MAPPED_END + 1, MAPPED_END);
	expect_too_large(UINT64_MAX, MAPPED_END + 1);
	expect_too_large(-0x200000ULL, RAM_SIZE);
	start();
	give(true);
	payload.kernel.size = -4ULL;
	EXPECT_PANIC("kernel: needs 0xfffffffffffffffc bytes: no free RAM",
	             load());
	start();
	give(true);
	payload.initrd.size = UINT64_MAX;
	EXPECT_PANIC("initrd: 0xffffffffffffffff bytes: no free RAM", load());
}

/* ---- places alone, in RAM where nothing is written */

#define HIGH_RAM 0x940000000ULL

static struct room_arm room;
static struct kernel kernel;

static void start_high(uint64_t size)
{
	start();
	machine.ram[0] =
		(struct machine_ram){ HIGH_RAM, size, MEMORY_RAM, 0, 0 };
	memory_init(&memory, &machine);
	memset(&kernel, 0, sizeof(kernel));
}

static void expect_claimed(paddr_t base, uint64_t size)
{
	EXPECT(!memory_is_free(&memory, base, 1));
	EXPECT(!memory_is_free(&memory, base + size - 1, 1));
	EXPECT(memory_is_free(&memory, base + size, 1));
}

static void an_image_lies_as_high_as_its_ram(void)
{
	start_high(64 * MIB);
	payload.initrd.size = 5 * MIB + 1;
	room_open_arm(&room, &payload, &machine, &memory);
	EXPECT_EQ(room.lowest, HIGH_RAM);
	EXPECT_EQ(room.initrd.base, HIGH_RAM + INITRD_OFFSET);
	EXPECT_EQ(room.initrd.size, 5 * MIB + 1);
	EXPECT_EQ(room.wanted, HIGH_RAM + INITRD_OFFSET + 5 * MIB + 1);
	room_for_image(&kernel, &room, header(), IMAGE_SIZE, &memory);
	EXPECT_EQ(kernel.base, HIGH_RAM + 22 * MIB);
	EXPECT_EQ(kernel.entry, HIGH_RAM + 22 * MIB);
	EXPECT_EQ(kernel.size, KERNEL_SIZE);
	expect_claimed(kernel.base, kernel.size);
	EXPECT(memory_is_ram(&memory, kernel.base, kernel.size));
	EXPECT(memory_is_ram(&memory, room.initrd.base, room.initrd.size));
	room_close_arm(&kernel, &room, &payload, &memory);
	EXPECT_EQ(kernel.initrd.base, HIGH_RAM + INITRD_OFFSET);
	EXPECT_EQ(kernel.initrd.lowest, HIGH_RAM + INITRD_OFFSET);
	EXPECT_EQ(kernel.initrd.end,
	          HIGH_RAM + INITRD_OFFSET + 5 * MIB + 0x1000);
	EXPECT_EQ(kernel.initrd.alignment, 0x1000);
	EXPECT(memory_is_free(&memory, HIGH_RAM + INITRD_OFFSET, 5 * MIB));
	EXPECT_EQ(kernel.cmdline_max, 2047);
	EXPECT_EQ(kernel.cmdline.base, HIGH_RAM);
	EXPECT_EQ(kernel.cmdline.lowest, HIGH_RAM);
	EXPECT_EQ(kernel.cmdline.end, MAPPED_END);
	EXPECT_EQ(kernel.cmdline.alignment, 0x1000);
}

/* Offsets count from the start of RAM, wherever that is. */
static void ram_may_start_at_any_mib(void)
{
	start_high(64 * MIB);
	machine.ram[0].base += MIB;
	memory_init(&memory, &machine);
	payload.initrd.size = MIB;
	room_open_arm(&room, &payload, &machine, &memory);
	EXPECT_EQ(room.initrd.base, HIGH_RAM + MIB + INITRD_OFFSET);
	room_for_image(&kernel, &room, header(), IMAGE_SIZE, &memory);
	EXPECT_EQ(kernel.base, HIGH_RAM + 18 * MIB);
}

/* Behind it, however large it is; an old kernel lies low all the same. */
static void the_vmms_initrd_says_where_the_kernel_goes(void)
{
	start_high(64 * MIB);
	machine.given.initrd =
		(struct machine_range){ HIGH_RAM + 24 * MIB, 6 * MIB + 1 };
	memory_claim(&memory, "initrd", HIGH_RAM + 24 * MIB, 6 * MIB + 1,
	             MEMORY_RAM);
	room_open_arm(&room, &payload, &machine, &memory);
	EXPECT_EQ(room.wanted, HIGH_RAM + 30 * MIB + 1);
	room_for_image(&kernel, &room, header(), IMAGE_SIZE, &memory);
	EXPECT_EQ(kernel.base, HIGH_RAM + 32 * MIB);
	header()->flags = 0;
	room_for_image(&kernel, &room, header(), IMAGE_SIZE, &memory);
	EXPECT_EQ(kernel.base, HIGH_RAM);
	payload.has_taken_initrd = true;
	room_open_arm(&room, &payload, &machine, &memory);
	EXPECT_EQ(room.initrd.base, 0);
	EXPECT_EQ(room.initrd.size, 0);
	EXPECT_EQ(room.wanted, HIGH_RAM + INITRD_OFFSET);
}

/* It gets 64 MiB more than it takes, or as much as there is, down to 4 MiB. */
static void a_packed_image_gets_what_there_is(void)
{
	static const uint64_t slack[] = { 64, 32, 16, 8, 4 };
	struct machine_range range;

	for (uint32_t i = 0; i < ARRAY_COUNT(slack); i++) {
		start_high((16 + 6 + slack[i]) * MIB);
		memory_claim(&memory, "low", HIGH_RAM, 16 * MIB, MEMORY_RAM);
		room_open_arm(&room, &payload, &machine, &memory);
		range = room_for_packed_image(&room, 6 * MIB, &memory);
		EXPECT_EQ(range.base, HIGH_RAM + 16 * MIB);
		EXPECT_EQ(range.size, (6 + slack[i]) * MIB);
	}
	start_high((16 + 6 + 4) * MIB - 1);
	memory_claim(&memory, "low", HIGH_RAM, 16 * MIB, MEMORY_RAM);
	room_open_arm(&room, &payload, &machine, &memory);
	EXPECT_PANIC("kernel: needs 0x600000 bytes: no free RAM of that size",
	             room_for_packed_image(&room, 6 * MIB, &memory));
	EXPECT_PANIC("kernel: needs 0x40000000001 bytes: no free RAM",
	             room_for_packed_image(&room, MAPPED_END + 1, &memory));
}

/* What it does not need is given back, by 2 MiB. */
static void a_packed_image_settles(void)
{
	struct machine_range range;

	start_high(128 * MIB);
	room_open_arm(&room, &payload, &machine, &memory);
	range = room_for_packed_image(&room, IMAGE_SIZE, &memory);
	EXPECT_EQ(range.size, 66 * MIB);
	header()->text_offset = 0x1000;
	header()->image_size = range.size - 0x1000;
	room_settle_image(&kernel, &range, header(), IMAGE_SIZE, &memory);
	EXPECT_EQ(kernel.base, range.base);
	EXPECT_EQ(kernel.entry, range.base + 0x1000);
	EXPECT_EQ(kernel.size, range.size);
	expect_claimed(range.base, range.size);
	header()->image_size++;
	EXPECT_PANIC("kernel: needs 0x4200001 bytes: there are 0x4200000 at "
	             "0x941000000",
	             room_settle_image(&kernel, &range, header(), IMAGE_SIZE,
	                               &memory));
	header()->image_size = 3 * MIB;
	room_settle_image(&kernel, &range, header(), IMAGE_SIZE, &memory);
	EXPECT_EQ(kernel.size, 3 * MIB + 0x1000);
	expect_claimed(range.base, 4 * MIB);
}

/* Both within 32 GiB, from a multiple of 1 GiB on, whichever is lower */
static void kernel_and_initrd_share_a_window(void)
{
	const uint64_t gib = 1024 * MIB;

	start_high(64 * MIB);
	for (volatile uint32_t i = 0; i < 2; i++) {
		const paddr_t low = HIGH_RAM + gib - 1,
			      end = HIGH_RAM + 32 * gib;

		room.lowest = HIGH_RAM;
		kernel.base = i ? low : end - 0x1000;
		kernel.size = 0x1000;
		room.initrd.base = i ? end - 0x1000 : low;
		room.initrd.size = 0x1000;
		room_close_arm(&kernel, &room, &payload, &memory);
		kernel.base += !i;
		room.initrd.base += i;
		EXPECT_PANIC(i ? "initrd: at 0x113ffff001, kernel at "
		                 "0x97fffffff: must be within 32 GiB"
		               : "initrd: at 0x97fffffff, kernel at "
		                 "0x113ffff001: must be within 32 GiB",
		             room_close_arm(&kernel, &room, &payload, &memory));
		room.initrd.size = 0;
		room_close_arm(&kernel, &room, &payload, &memory);
	}
}

/* booting.rst has the header's fields. */
static void a_header_that_cannot_be_is_refused(void)
{
	start();
	image_check(header(), 64);
	EXPECT_PANIC("kernel: 0x3f bytes: no arm64 Image (magic 0)",
	             image_check(header(), 63));
	header()->magic = 0x12345678;
	EXPECT_PANIC("kernel: 0x40 bytes: no arm64 Image (magic 0x12345678)",
	             image_check(header(), 64));
	start();
	header()->flags = ~1ULL;
	image_check(header(), 64);
	start();
	header()->flags |= 1;
	EXPECT_PANIC("kernel: Image is big-endian (flags 0x9)",
	             image_check(header(), 64));
	start();
	header()->text_offset = 2 * MIB - 1;
	image_check(header(), 64);
	header()->text_offset = 2 * MIB;
	EXPECT_PANIC("kernel: Image has text offset 0x200000: less than "
	             "0x200000",
	             image_check(header(), 64));
	start();
	header()->image_size = MAPPED_END;
	image_check(header(), 64);
	header()->image_size = MAPPED_END + 1;
	EXPECT_PANIC("kernel: Image needs 0x40000000001 bytes: at most "
	             "0x40000000000",
	             image_check(header(), 64));
}

static void without_room_a_size_is_told(void)
{
	start_high(64 * MIB);
	payload.initrd.size = 65 * MIB;
	EXPECT_PANIC("initrd: 0x4100000 bytes: no free RAM of that size",
	             room_open_arm(&room, &payload, &machine, &memory));
	start_high(64 * MIB);
	room_open_arm(&room, &payload, &machine, &memory);
	header()->image_size = 65 * MIB;
	EXPECT_PANIC(
		"kernel: needs 0x4100000 bytes: no free RAM of that size",
		room_for_image(&kernel, &room, header(), IMAGE_SIZE, &memory));
}

/* ---- any values at all */

static uint64_t odd_value(void)
{
	static const uint64_t values[] = {
		0,
		1,
		63,
		64,
		0x1000,
		IMAGE_SIZE,
		IMAGE_BASE_ALIGN - 1,
		IMAGE_BASE_ALIGN,
		RAM_SIZE / 2,
		RAM_SIZE,
		RAM,
		UINT32_MAX,
		MAPPED_END,
		1ULL << 47,
		INT64_MAX,
		-0x1000ULL,
		UINT64_MAX,
	};
	uint64_t value = values[test_random_below(ARRAY_COUNT(values))];

	return test_random_below(3)
	               ? value
	               : value + test_random_below(0x2000) - 0x1000;
}

static void mutate(bool is_packed)
{
	uint64_t value = odd_value();

	switch (test_random_below(6)) {
	case 0:
		header()->text_offset = value;
		break;
	case 1:
		header()->image_size = value;
		break;
	case 2:
		header()->flags = value;
		break;
	case 3:
		memcpy(image + test_random_below(56), &value, sizeof(value));
		break;
	case 4:
		payload.initrd.size = min_u64(value, INITRD_SIZE);
		payload.initrd.stored_size = payload.initrd.size;
		payload.initrd.has_checksum = false;
		break;
	default:
		if (is_packed)
			payload.kernel.size = value;
	}
}

static bool fuzz_once(bool is_packed)
{
	bool is_loaded;

	start();
	give(is_packed);
	for (uint32_t i = 1 + test_random_below(3); i > 0; i--)
		mutate(is_packed);
	memcpy(packed.bytes, image, IMAGE_SIZE);
	payload.kernel.has_checksum = false;
	is_loaded = test_survives(load);
	expect_rest_untouched();
	if (is_loaded)
		EXPECT(!memcmp(paddr_ptr(guest.kernel.entry), image,
		               IMAGE_SIZE));
	return is_loaded;
}

static void a_changed_image_writes_to_nothing_but_its_ram(void)
{
	uint32_t rounds = test_rounds(200), counts[2] = { 0 };

	for (uint32_t round = 0; round < rounds; round++) {
		test_seed = round;
		counts[round % 2] += fuzz_once(round % 2);
	}
	for (uint32_t i = 0; i < 2; i++)
		EXPECT(counts[i] > rounds / 20 && counts[i] < rounds / 2);
}

int main(void)
{
	if (!fake_ram_map(RAM, RAM + RAM_SIZE))
		return fake_ram_skip("test_load_arm");
	RUN(an_image_goes_behind_its_initrd);
	RUN(an_image_goes_to_its_offset);
	RUN(an_image_may_come_from_fw_cfg);
	RUN(an_image_may_be_64_bytes);
	RUN(an_old_image_lies_low);
	RUN(the_vmms_initrd_stays);
	RUN(an_initrd_is_near_its_kernel);
	RUN(what_is_no_image_is_refused);
	RUN(pages_that_the_cpu_has_not_are_refused);
	RUN(no_size_wraps);
	RUN(an_image_lies_as_high_as_its_ram);
	RUN(ram_may_start_at_any_mib);
	RUN(the_vmms_initrd_says_where_the_kernel_goes);
	RUN(a_packed_image_gets_what_there_is);
	RUN(a_packed_image_settles);
	RUN(kernel_and_initrd_share_a_window);
	RUN(a_header_that_cannot_be_is_refused);
	RUN(without_room_a_size_is_told);
	RUN(a_changed_image_writes_to_nothing_but_its_ram);
	return test_status();
}
