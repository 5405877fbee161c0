/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_given.c - what a VMM hands over when it boots us as a kernel
 *
 * Xen docs/misc/pvh.pandoc; Linux boot.rst and zero-page.rst. The data is where
 * VMMs put it, and at addresses that a hostile VMM might give.
 */
#include <string.h>

#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/given.h"
#include "common/spec/linux_x86.h"
#include "common/spec/pvh.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define LOW_BASE  0x1000
#define GIVEN     0x6000 /* start info or boot_params */
#define MAP       0x7000
#define MODULES   0x8000
#define TEXT      0x20000
#define RECORDS   0x30000
#define HIGH_BASE (DOOR_MAP_END - 0x10000)
#define MIB       0x100000ULL

static struct machine machine;
static struct handoff handoff;

static void start(enum door door)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(paddr_ptr(LOW_BASE), 0, LOW_RAM_END - LOW_BASE);
	handoff = (struct handoff){ .door = door, .given_paddr = GIVEN };
}

static void read(void)
{
	given_read(&machine, &handoff);
}

/* ---- PVH */

static struct pvh_start_info *info(void)
{
	return paddr_ptr(handoff.given_paddr);
}

static void start_pvh(void)
{
	struct pvh_memmap_entry *map = paddr_ptr(MAP);
	struct pvh_module *modules = paddr_ptr(MODULES);

	start(DOOR_PVH);
	*info() = (struct pvh_start_info){
		.magic = PVH_MAGIC,
		.version = 1,
		.module_count = 2,
		.modules_paddr = MODULES,
		.cmdline_paddr = TEXT,
		.rsdp_paddr = 0xe0000,
		.memmap_paddr = MAP,
		.memmap_count = 2,
	};
	map[0] = (struct pvh_memmap_entry){ 0, 0xa0000, MEMORY_RAM, 0 };
	map[1] = (struct pvh_memmap_entry){ MIB, 127 * MIB, 9, 0 };
	map[2] =
		(struct pvh_memmap_entry){ 256 * MIB, MIB, 1, 0 }; /* no more */
	modules[0] = (struct pvh_module){ .paddr = 16 * MIB, .size = 5 };
	modules[1] = (struct pvh_module){ .paddr = 32 * MIB, .size = 6 };
	modules[2] = (struct pvh_module){ .paddr = 48 * MIB, .size = 7 };
	strcpy(paddr_ptr(TEXT), "quiet");
}

static void nothing_is_given_at_the_reset_door(void)
{
	start(DOOR_RESET);
	handoff.given_paddr = 0xdeadbeef;
	read();
	EXPECT_EQ(machine.ram_count, 0);
	EXPECT(machine.given.cmdline == NULL);
}

static void a_start_info_is_read(void)
{
	const struct machine_given *given = &machine.given;

	start_pvh();
	read();
	EXPECT_EQ(machine.ram_count, 2);
	EXPECT_EQ(machine.ram[1].base, MIB);
	EXPECT_EQ(machine.ram[1].size, 127 * MIB);
	EXPECT_EQ(machine.ram[1].type, 9);
	EXPECT_EQ(given->rsdp_paddr, 0xe0000);
	EXPECT_EQ(given->bundle_count, 2);
	EXPECT_EQ(given->bundles[1].base, 32 * MIB);
	EXPECT_EQ(given->bundles[1].size, 6);
	EXPECT_EQ(given->initrd.base, 16 * MIB);
	EXPECT_EQ(given->initrd.size, 5);
	EXPECT_STR(given->cmdline, "quiet");
	/* From now on the VMM's data may be overwritten. */
	EXPECT_EQ(paddr_of(given->cmdline), DOOR_CMDLINE_BASE);
}

static void an_old_start_info_has_no_map(void)
{
	start_pvh();
	info()->version = 0;
	info()->memmap_paddr = UINT64_MAX;
	read();
	EXPECT_EQ(machine.ram_count, 0);
	EXPECT_EQ(machine.given.bundle_count, 2);
}

static void what_is_not_there_is_absent(void)
{
	start_pvh();
	*info() = (struct pvh_start_info){ .magic = PVH_MAGIC, .version = 1 };
	read();
	EXPECT_EQ(machine.ram_count, 0);
	EXPECT_EQ(machine.given.bundle_count, 0);
	EXPECT_EQ(machine.given.initrd.size, 0);
	EXPECT(machine.given.cmdline == NULL);
	start_pvh();
	strcpy(paddr_ptr(TEXT), "");
	read();
	EXPECT(machine.given.cmdline == NULL);
}

/* The blob has begun to work from BOOT_BASE to LOW_RAM_CLAIM_END. */
static void what_lies_beside_the_blobs_ram_is_read(void)
{
	static const paddr_t places[] = {
		BOOT_BASE - sizeof(struct pvh_start_info), LOW_RAM_CLAIM_END
	};
	static const paddr_t taken[] = {
		BOOT_BASE - sizeof(struct pvh_start_info) + 1,
		LOW_RAM_CLAIM_END - 1
	};

	for (volatile uint32_t i = 0; i < ARRAY_COUNT(places); i++) {
		start(DOOR_PVH);
		handoff.given_paddr = places[i];
		*info() = (struct pvh_start_info){ .magic = PVH_MAGIC };
		read();
		handoff.given_paddr = taken[i];
		EXPECT_PANIC("must not be in 0x70000 to 0x9c000", read());
	}
}

static void a_wrong_magic_panics(void)
{
	start_pvh();
	info()->magic ^= 1;
	EXPECT_PANIC("start info: at 0x6000: magic 0x336ec579, must be "
	             "0x336ec578",
	             read());
}

/* `place` is a paddr_t, at any address. */
static void expect_unreachable(void *place, const char *text)
{
	static const paddr_t wild[] = {
		BOOT_BASE,        LOW_RAM_CLAIM_END - 1,
		BOOT_BASE - 1,    DOOR_MAP_END,
		DOOR_MAP_END - 1, 0xfffffff0,
		0x100000000,      MACHINE_PADDR_END,
		INT64_MAX,        -0x10ULL,
		UINT64_MAX,
	};
	paddr_t good;

	memcpy(&good, place, sizeof(good));
	for (volatile uint32_t i = 0; i < ARRAY_COUNT(wild); i++) {
		memcpy(place, &wild[i], sizeof(wild[i]));
		EXPECT_PANIC(text, read());
	}
	memcpy(place, &good, sizeof(good));
}

static void wild_pointers_panic(void)
{
	start_pvh();
	expect_unreachable(&handoff.given_paddr, "start info: 0x38 bytes at ");
	expect_unreachable(&info()->memmap_paddr, "memory map: 0x30 bytes at");
	machine.ram_count = 0;
	expect_unreachable(&info()->modules_paddr, "modules: 0x40 bytes at ");
	handoff.given_paddr = 0;
	EXPECT_PANIC("start info: 0x38 bytes at 0: must be in the first GiB",
	             read());
}

static void counts_that_wrap_panic(void)
{
	start_pvh();
	info()->memmap_count = UINT32_MAX;
	EXPECT_PANIC("memory map: 0x17ffffffe8 bytes at 0x7000", read());
	start_pvh();
	info()->memmap_count = 0x10000000 / 24 * 16 + 1;
	EXPECT_PANIC("memory map: ", read());
	start_pvh();
	info()->module_count = 0x08000001; /* 32 bits of bytes: 0x20 */
	EXPECT_PANIC("modules: 0x100000020 bytes at 0x8000", read());
}

static void overlong_lists_end(void)
{
	struct pvh_memmap_entry *map = paddr_ptr(RECORDS);
	struct pvh_module *modules = paddr_ptr(MODULES);

	start_pvh();
	info()->memmap_paddr = RECORDS;
	info()->memmap_count = MACHINE_RAM_MAX + 1;
	for (uint32_t i = 0; i <= MACHINE_RAM_MAX; i++)
		map[i] = (struct pvh_memmap_entry){ i * MIB, MIB, 1, 0 };
	EXPECT_PANIC("e820: more than 512 ranges", read());
	/* Empty ones are no ranges, but looking at them takes as long. */
	start_pvh();
	info()->memmap_paddr = RECORDS;
	info()->memmap_count = MACHINE_RAM_MAX + 1;
	memset(map, 0, (MACHINE_RAM_MAX + 1) * sizeof(*map));
	EXPECT_PANIC("e820: more than 512 ranges", read());
	start_pvh();
	info()->module_count = 9;
	for (uint32_t i = 0; i < 9; i++)
		modules[i] = (struct pvh_module){ .paddr = i, .size = 1 };
	modules[0].size = 0;
	read();
	EXPECT_EQ(machine.given.bundle_count, MACHINE_BUNDLE_MAX - 1);
	EXPECT_EQ(machine.given.initrd.base, 1);
	start_pvh();
	info()->module_count = 9;
	for (uint32_t i = 0; i < 9; i++)
		modules[i] = (struct pvh_module){ .paddr = i + 1, .size = 1 };
	read();
	EXPECT_EQ(machine.given.bundle_count, MACHINE_BUNDLE_MAX);
	EXPECT_EQ(machine.given.bundles[MACHINE_BUNDLE_MAX - 1].base,
	          MACHINE_BUNDLE_MAX);
}

/* test_claim.c tells what becomes of them. */
static void modules_are_not_read(void)
{
	struct pvh_module *module = paddr_ptr(MODULES);

	start_pvh();
	module->paddr = MACHINE_PADDR_END;
	module->size = UINT64_MAX;
	read();
	EXPECT_EQ(machine.given.bundles[0].base, MACHINE_PADDR_END);
	EXPECT_EQ(machine.given.bundles[0].size, UINT64_MAX);
}

/* Nothing promises that the VMM's structures are aligned. */
static void an_odd_address_is_read(void)
{
	start_pvh();
	memmove(paddr_ptr(GIVEN + 1), info(), sizeof(*info()));
	handoff.given_paddr = GIVEN + 1;
	memmove(paddr_ptr(MAP + 3), paddr_ptr(MAP), 0x30);
	info()->memmap_paddr = MAP + 3;
	memmove(paddr_ptr(MODULES + 5), paddr_ptr(MODULES), 0x40);
	info()->modules_paddr = MODULES + 5;
	read();
	EXPECT_EQ(machine.ram[1].size, 127 * MIB);
	EXPECT_EQ(machine.given.bundles[1].base, 32 * MIB);
}

/* ---- the command line, of either protocol */

static void a_cmdline_may_end_where_its_room_ends(void)
{
	start_pvh();
	memset(paddr_ptr(TEXT), 'x', DOOR_CMDLINE_SIZE);
	((char *)paddr_ptr(TEXT))[DOOR_CMDLINE_SIZE - 1] = '\0';
	read();
	EXPECT_EQ(strlen(machine.given.cmdline), DOOR_CMDLINE_SIZE - 1);
	start_pvh();
	info()->cmdline_paddr = BOOT_BASE - 4;
	memcpy(paddr_ptr(BOOT_BASE - 4), "abc", 4);
	read();
	EXPECT_STR(machine.given.cmdline, "abc");
	start_pvh();
	info()->cmdline_paddr = DOOR_MAP_END - 4;
	memcpy(paddr_ptr(DOOR_MAP_END - 4), "abc", 4);
	read();
	EXPECT_STR(machine.given.cmdline, "abc");
}

static void a_cmdline_without_end_panics(void)
{
	start_pvh();
	memset(paddr_ptr(TEXT), 'x', DOOR_CMDLINE_SIZE);
	EXPECT_PANIC("cmdline: at 0x20000: does not end within 0x4000 bytes",
	             read());
	start_pvh();
	info()->cmdline_paddr = BOOT_BASE - 4;
	memcpy(paddr_ptr(BOOT_BASE - 4), "abcd", 5);
	EXPECT_PANIC("cmdline: at 0x6fffc: does not end within 0x4 bytes",
	             read());
	start_pvh();
	info()->cmdline_paddr = DOOR_MAP_END - 4;
	memcpy(paddr_ptr(DOOR_MAP_END - 4), "abcd", 4);
	EXPECT_PANIC("cmdline: at 0x3ffffffc: does not end within 0x4 bytes",
	             read());
	start_pvh();
	info()->cmdline_paddr = LOW_RAM_CLAIM_END - 1;
	EXPECT_PANIC("cmdline: 0x1 bytes at 0x9bfff: must not be in 0x70000 to "
	             "0x9c000",
	             read());
}

int main(void)
{
	if (!fake_ram_map(LOW_BASE, LOW_RAM_END) ||
	    !fake_ram_alias(LOW_BASE, LOW_RAM_END, LOW_ALIAS + LOW_BASE) ||
	    !fake_ram_map(HIGH_BASE, DOOR_MAP_END))
		return fake_ram_skip("test_given");
	RUN(nothing_is_given_at_the_reset_door);
	RUN(a_start_info_is_read);
	RUN(an_old_start_info_has_no_map);
	RUN(what_is_not_there_is_absent);
	RUN(what_lies_beside_the_blobs_ram_is_read);
	RUN(a_wrong_magic_panics);
	RUN(wild_pointers_panic);
	RUN(counts_that_wrap_panic);
	RUN(overlong_lists_end);
	RUN(modules_are_not_read);
	RUN(an_odd_address_is_read);
	RUN(a_cmdline_may_end_where_its_room_ends);
	RUN(a_cmdline_without_end_panics);
	return test_status();
}
