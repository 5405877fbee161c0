/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_efi_map.c - memory maps, as UEFI would tell them
 *
 * Ranges of any size and type are set and claimed. The descriptors must be
 * whole pages, in order and apart, and tell no page as RAM that is not.
 */
#include <string.h>

#include "arch/aarch64/describe/efi_tables.h"
#include "arch/aarch64/memmap.h"
#include "tests/fuzz/fuzz.h"

#define RAM_BASE   0x40000000
#define RAM_SIZE   0x8000000
#define PAGE       4096
#define OPERATIONS 40

struct descriptor {
	uint32_t type;
	uint32_t reserved;
	uint64_t base;
	uint64_t virtual;
	uint64_t pages;
	uint64_t attribute;
};

static const uint64_t bounds[] = { RAM_BASE, RAM_BASE + RAM_SIZE,
	                           RAM_BASE + 0x1000, UINT64_MAX - 0x1000 };

static uint8_t map[EFI_MAP_SIZE];
static struct machine machine;
static struct memory memory;
static struct efi_tables efi;

bool fuzz_begin(const char *program)
{
	(void)program;
	fuzz_bounds = bounds;
	fuzz_bound_count = ARRAY_COUNT(bounds);
	return true;
}

static void change(struct fuzz_input *input)
{
	static const enum memory_type types[] = {
		MEMORY_RESERVED, MEMORY_RAM,  MEMORY_ACPI,
		MEMORY_NVS,      MEMORY_NONE, MEMORY_UNUSABLE
	};
	uint8_t kind = fuzz_u8(input);
	uint64_t base = RAM_BASE + fuzz_u16(input) * 0x100ULL;
	uint64_t size = fuzz_u16(input) * 0x10ULL;
	enum memory_type type = types[kind / 4 % ARRAY_COUNT(types)];

	if (kind % 4 == 3)
		memory_set(&memory, fuzz_odd(input), fuzz_odd(input), type);
	else if (kind % 4 == 2)
		memory_alloc(&memory, size, 16, base, RAM_BASE + RAM_SIZE,
		             MEMORY_RAM);
	else
		memory_set(&memory, base, size, type);
}

/* Tells whether all of [base, end) is RAM, some of it perhaps claimed. */
static bool is_ram(uint64_t base, uint64_t end)
{
	for (const struct memory_step *step = memory.steps; step != memory.end;
	     step++) {
		if (step[1].base > base && step->base < end &&
		    (uint16_t)step->kind != MEMORY_RAM)
			return false;
	}
	return true;
}

static void judge(void)
{
	const struct descriptor *descriptors = (const void *)map;
	uint32_t count = efi.map_size / sizeof(*descriptors);
	uint64_t end = 0;

	FUZZ_EXPECT(sizeof(*descriptors) == efi.descriptor_size);
	FUZZ_EXPECT(efi.map_size % sizeof(*descriptors) == 0);
	FUZZ_EXPECT(efi.map_size <= sizeof(map));
	for (uint32_t i = 0; i < count; i++) {
		const struct descriptor *one = &descriptors[i];
		uint64_t size = one->pages * PAGE;

		FUZZ_EXPECT(one->base % PAGE == 0 && one->pages);
		FUZZ_EXPECT(one->base >= end);
		end = one->base + size;
		FUZZ_EXPECT(size / PAGE == one->pages);
		FUZZ_EXPECT(end > one->base || end == 0);
		FUZZ_EXPECT(one->type != 7 || is_ram(one->base, end));
	}
}

bool fuzz_run(struct fuzz_input *input)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	machine.ram_count = 1;
	machine.ram[0] =
		(struct machine_ram){ RAM_BASE, RAM_SIZE, MEMORY_RAM, 0, 0 };
	memory_init(&memory, &machine);
	for (uint32_t i = fuzz_u8(input) % OPERATIONS; i; i--)
		change(input);
	memset(map, 0xa5, sizeof(map));
	efi_build_map(&efi, map, 0x40800000, &memory);
	judge();
	return true;
}

void fuzz_check(void)
{
}
