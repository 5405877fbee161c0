/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_given.c - what a VMM hands to the blob as its kernel
 *
 * A PVH start info or Linux's boot_params, with all that they lead to, lie in
 * the first GiB, where all is RAM here. Only the two places that the blob
 * copies to may change.
 */
#include <string.h>
#include <sys/mman.h>

#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/given.h"
#include "common/spec/linux_x86.h"
#include "common/spec/pvh.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/fake_ram.h"

#define GIVEN       0x6000 /* start info or boot_params */
#define MAP         0x7000
#define MODULES     0x8000
#define TEXT        0x20000
#define RECORDS     0x30000
#define GIVEN_END   0x34000
#define MIB         0x100000ULL
#define RECORD_SIZE 0x200

static const uint64_t bounds[] = {
	GIVEN,
	MAP,
	MODULES,
	TEXT,
	RECORDS,
	BOOT_BASE,
	LOW_RAM_END,
	SEED_BASE,
	HIGH_RAM_BASE,
	LOW_RAM_CLAIM_END,
	FOUR_GIB,
	DOOR_MAP_END,
	DOOR_CMDLINE_BASE,
	MACHINE_PADDR_END,
};

static uint8_t before[GIVEN_END - GIVEN];
static struct machine machine;
static struct handoff handoff;

bool fuzz_begin(const char *program)
{
	fuzz_bounds = bounds;
	fuzz_bound_count = ARRAY_COUNT(bounds);
	return (fake_ram_map(0, DOOR_MAP_END) &&
	        fake_ram_alias(0, 2 * MIB, LOW_ALIAS)) ||
	       !fake_ram_skip(program);
}

static void make_text(struct fuzz_input *input)
{
	uint32_t size = fuzz_u8(input) % 16 == 15 ? fuzz_u16(input) : 20;

	memset(paddr_ptr(TEXT), 'x', min_u64(size, RECORDS - TEXT));
}

static void make_pvh(struct fuzz_input *input)
{
	struct pvh_start_info *info = paddr_ptr(GIVEN);
	struct pvh_memmap_entry *map = paddr_ptr(MAP);
	struct pvh_module *modules = paddr_ptr(MODULES);
	uint32_t count = 2 + fuzz_below(input, 100);

	*info = (struct pvh_start_info){
		.magic = PVH_MAGIC,
		.version = !fuzz_bool(input),
		.module_count = fuzz_u8(input) % 8,
		.modules_paddr = fuzz_perhaps(input, MODULES),
		.cmdline_paddr = fuzz_perhaps(input, TEXT),
		.rsdp_paddr = 0xe0000,
		.memmap_paddr = fuzz_perhaps(input, MAP),
		.memmap_count = (uint32_t)fuzz_perhaps(input, count),
	};
	for (uint32_t i = 0; i < count; i++)
		map[i] =
			(struct pvh_memmap_entry){ i * MIB, MIB, 1 + i % 5, 0 };
	for (uint32_t i = 0; i < 8; i++)
		modules[i] = (struct pvh_module){
			.paddr = fuzz_perhaps(input, 16 * MIB + i * MIB),
			.size = fuzz_perhaps(input, 5 + i),
		};
}

static void make_records(struct fuzz_input *input, struct setup_header *header)
{
	uint32_t count = fuzz_below(input, 16);

	header->setup_data = count ? RECORDS : 0;
	for (uint32_t i = 0; i < count; i++) {
		paddr_t next = RECORDS + (i + 1) * RECORD_SIZE;
		struct setup_data *data = paddr_ptr(next - RECORD_SIZE);
		uint8_t kind = fuzz_u8(input);

		memset(data + 1, kind, RECORD_SIZE - sizeof(*data));
		*data = (struct setup_data){
			.type = kind % 4 == 1   ? SETUP_E820_EXT
			        : kind % 4 == 2 ? SETUP_RNG_SEED
			                        : kind,
			.len = (uint32_t)fuzz_perhaps(input, kind),
			.next = fuzz_perhaps(input, i + 1 < count ? next : 0),
		};
	}
}

static void make_boot_params(struct fuzz_input *input)
{
	struct boot_params *params = paddr_ptr(GIVEN);

	params->hdr.header = SETUP_HEADER_MAGIC;
	params->e820_entries = 2 + fuzz_u8(input) % 200;
	for (uint32_t i = 0; i < E820_TABLE_MAX; i++)
		params->e820_table[i] =
			(struct e820_entry){ i * MIB, MIB, 1 + i % 5 };
	params->hdr.ramdisk_image = (uint32_t)fuzz_perhaps(input, 16 * MIB);
	params->hdr.ramdisk_size = (uint32_t)fuzz_perhaps(input, 0x2000);
	params->ext_ramdisk_size = (uint32_t)fuzz_perhaps(input, 0);
	params->hdr.cmd_line_ptr = (uint32_t)fuzz_perhaps(input, TEXT);
	params->acpi_rsdp_addr = 0xe0000;
	make_records(input, &params->hdr);
}

bool fuzz_run(struct fuzz_input *input)
{
	const struct machine_given *given = &machine.given;
	bool is_pvh = fuzz_bool(input);

	madvise(paddr_ptr(0), DOOR_MAP_END, MADV_DONTNEED);
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	make_text(input);
	if (is_pvh)
		make_pvh(input);
	else
		make_boot_params(input);
	handoff = (struct handoff){
		.door = is_pvh ? DOOR_PVH : DOOR_LINUX,
		.given_paddr = fuzz_perhaps(input, GIVEN),
	};
	fuzz_edit(input, paddr_ptr(GIVEN), 0x3000);
	memcpy(before, paddr_ptr(GIVEN), sizeof(before));
	given_read(&machine, &handoff);
	if (given->cmdline)
		FUZZ_EXPECT(memchr(given->cmdline, 0, DOOR_CMDLINE_SIZE));
	return true;
}

static bool is_zero(paddr_t base, paddr_t end)
{
	return fake_ram_is(base, end, 0);
}

/* Seeds are wiped where the VMM has left them. */
static bool is_as_before_or_wiped(void)
{
	const uint8_t *now = paddr_ptr(GIVEN);

	for (uint32_t i = 0; i < sizeof(before); i++)
		if (now[i] && now[i] != before[i])
			return false;
	return true;
}

void fuzz_check(void)
{
	const struct machine_given *given = &machine.given;

	FUZZ_EXPECT(is_as_before_or_wiped());
	FUZZ_EXPECT(is_zero(16, SEED_BASE));
	FUZZ_EXPECT(is_zero(SEED_BASE + SEED_SIZE, GIVEN));
	FUZZ_EXPECT(is_zero(GIVEN_END, DOOR_CMDLINE_BASE));
	FUZZ_EXPECT(is_zero(DOOR_CMDLINE_BASE + DOOR_CMDLINE_SIZE, 2 * MIB));
	FUZZ_EXPECT(machine.ram_count <= MACHINE_RAM_MAX);
	FUZZ_EXPECT(given->bundle_count <= MACHINE_BUNDLE_MAX);
}
