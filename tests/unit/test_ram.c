/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_ram.c - RAM from fw_cfg, from the door, and from CMOS */
#include <string.h>

#include "arch/x86_64/lib/paging.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/ram.h"
#include "arch/x86_64/probe/ram_trial.h"
#include "common/spec/fw_cfg.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define MIB 0x100000ULL
#define GIB 0x40000000ULL

static struct machine machine;
static struct fw_cfg_e820 entries[1024];
static uint8_t cmos[128], cmos_index;

/* A trial would touch the host's own memory. */
paddr_t paging_mark(void)
{
	EXPECT(!"by trial");
	return 0;
}

void paging_release(paddr_t mark)
{
	(void)mark;
}

static void write_port(uint16_t port, uint32_t size, uint32_t value)
{
	EXPECT_EQ(port, 0x70);
	EXPECT_EQ(size, 1);
	cmos_index = value & 127;
}

static uint32_t read_port(uint16_t port, uint32_t size)
{
	EXPECT_EQ(port, 0x71);
	EXPECT_EQ(size, 1);
	return cmos[cmos_index];
}

static void start(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(machine.ram, 0xa5, sizeof(machine.ram));
	memset(cmos, 0, sizeof(cmos));
	fake_cpu_clear();
	fake_cpu.in = read_port;
	fake_cpu.out = write_port;
	fake_fw_cfg_clear();
}

static void expect(uint32_t index, uint64_t base, uint64_t size, uint32_t type)
{
	EXPECT_EQ(machine.ram[index].base, base);
	EXPECT_EQ(machine.ram[index].size, size);
	EXPECT_EQ(machine.ram[index].type, type);
	EXPECT_EQ(machine.ram[index].node, 0);
}

static void give_e820(uint32_t size)
{
	fake_fw_cfg_add_file("etc/e820", entries, size, false);
	machine.fw_cfg.is_present = true;
	fw_cfg_open(&machine.fw_cfg);
}

static void ranges_are_added_in_turn(void)
{
	start();
	ram_add(&machine, 5 * GIB, GIB, MEMORY_RAM);
	ram_add(&machine, 0, 0, MEMORY_RAM); /* none */
	ram_add(&machine, 0, 1, 12345);
	EXPECT_EQ(machine.ram_count, 2);
	expect(0, 5 * GIB, GIB, MEMORY_RAM);
	expect(1, 0, 1, 12345);
}

static void more_ranges_than_there_is_room_for_panic(void)
{
	start();
	for (uint32_t i = 0; i < MACHINE_RAM_MAX; i++)
		ram_add(&machine, i, 1, MEMORY_RAM);
	ram_add(&machine, 0, 0, MEMORY_RAM);
	EXPECT_PANIC("e820: more than 512 ranges",
	             ram_add(&machine, 0, 1, MEMORY_RAM));
	EXPECT_EQ(machine.ram_count, MACHINE_RAM_MAX);
}

static void fw_cfg_says_more_than_a_door(void)
{
	start();
	ram_add(&machine, 0, 42, MEMORY_RAM);
	entries[0] = (struct fw_cfg_e820){ 0, 128 * MIB, MEMORY_RAM };
	entries[1] =
		(struct fw_cfg_e820){ 0xfeffc000, 0x4000, MEMORY_RESERVED };
	give_e820(40);
	EXPECT(ram_probe(&machine));
	EXPECT_EQ(machine.ram_count, 2);
	expect(0, 0, 128 * MIB, MEMORY_RAM);
	expect(1, 0xfeffc000, 0x4000, MEMORY_RESERVED);
	EXPECT_EQ(fake_fw_cfg_registers(), 0);
	EXPECT_EQ(fake_cpu.out_count, 0);
}

static void a_file_of_odd_size_panics(void)
{
	start();
	give_e820(39);
	EXPECT_PANIC("e820: 0x27 bytes from fw_cfg, at most 0x4000 of 20 each",
	             ram_probe(&machine));
	start();
	give_e820(SCRATCH_SIZE / 20 * 20 + 20);
	EXPECT_PANIC("e820: 0x4010 bytes", ram_probe(&machine));
}

static void a_full_file_is_read_as_far_as_there_is_room(void)
{
	for (uint32_t i = 0; i < MACHINE_RAM_MAX + 1; i++)
		entries[i] = (struct fw_cfg_e820){ i * MIB, MIB, MEMORY_RAM };
	start();
	give_e820(MACHINE_RAM_MAX * 20);
	ram_probe(&machine);
	EXPECT_EQ(machine.ram_count, MACHINE_RAM_MAX);
	expect(MACHINE_RAM_MAX - 1, 511 * MIB, MIB, MEMORY_RAM);
	start();
	give_e820((MACHINE_RAM_MAX + 1) * 20);
	EXPECT_PANIC("e820: more than 512 ranges", ram_probe(&machine));
}

/* Ranges without a byte take no room of the machine's. */
static void the_largest_file_is_read(void)
{
	const uint32_t count = SCRATCH_SIZE / 20;

	start();
	memset(entries, 0, sizeof(entries));
	entries[count - 1] = (struct fw_cfg_e820){ GIB, MIB, MEMORY_RAM };
	give_e820(count * 20);
	EXPECT(ram_probe(&machine));
	EXPECT_EQ(machine.ram_count, 1);
	expect(0, GIB, MIB, MEMORY_RAM);
	EXPECT_EQ(machine.ram[0].igvm_type, 0); /* of an IGVM file: RAM */
}

static void what_a_door_brought_holds(void)
{
	start();
	ram_add(&machine, 0, GIB, MEMORY_RAM);
	cmos[0x35] = 1;
	EXPECT(ram_probe(&machine));
	EXPECT_EQ(machine.ram_count, 1);
	expect(0, 0, GIB, MEMORY_RAM);
}

static void cmos_counts_64_kib_above_16_mib(void)
{
	start();
	cmos[0x34] = 0x00;
	cmos[0x35] = 0x07; /* 112 MiB */
	EXPECT(!ram_probe(&machine));
	ram_try(&machine);
	EXPECT_EQ(machine.ram_count, 1);
	expect(0, 0, 128 * MIB, MEMORY_RAM);
	cmos[0x5b] = 0x00;
	cmos[0x5c] = 0x00;
	cmos[0x5d] = 0x01; /* 4 GiB */
	machine.ram_count = 0;
	ram_try(&machine);
	EXPECT_EQ(machine.ram_count, 2);
	expect(1, FOUR_GIB, 4 * GIB, MEMORY_RAM);
}

/* They have 16 and 24 bits; their neighbours are others. */
static void each_byte_of_cmos_counts(void)
{
	start();
	memset(cmos, 0x99, sizeof(cmos));
	cmos[0x34] = 0x34;
	cmos[0x35] = 0x12;
	cmos[0x5b] = 0x56;
	cmos[0x5c] = 0x34;
	cmos[0x5d] = 0x12;
	ram_try(&machine);
	EXPECT_EQ(machine.ram_count, 2);
	expect(0, 0, 0x12340000 + 16 * MIB, MEMORY_RAM);
	expect(1, FOUR_GIB, 0x1234560000, MEMORY_RAM);
	start();
	memset(cmos, 0x99, sizeof(cmos));
	cmos[0x34] = cmos[0x35] = 0;
	cmos[0x30] = 0x34;
	cmos[0x31] = 0x12;
	cmos[0x5b] = cmos[0x5c] = cmos[0x5d] = 0;
	ram_try(&machine);
	EXPECT_EQ(machine.ram_count, 1);
	expect(0, 0, 0x1234 * 1024 + MIB, MEMORY_RAM);
}

/* A machine with less than 16 MiB has this count. */
static void cmos_counts_kib_above_1_mib(void)
{
	start();
	cmos[0x30] = 0x00;
	cmos[0x31] = 0x1c; /* 7 MiB */
	ram_try(&machine);
	EXPECT_EQ(machine.ram_count, 1);
	expect(0, 0, 8 * MIB, MEMORY_RAM);
	cmos[0x34] = 0xff;
	cmos[0x35] = 0xff;
	machine.ram_count = 0;
	ram_try(&machine);
	expect(0, 0, 8 * MIB, MEMORY_RAM);
}

/* Absent indices read as all ones. */
static void cmos_without_the_high_bytes_has_no_high_ram(void)
{
	start();
	memset(cmos, 0xff, sizeof(cmos));
	cmos[0x35] = 0x07;
	cmos[0x34] = 0;
	ram_try(&machine);
	EXPECT_EQ(machine.ram_count, 1);
	expect(0, 0, 128 * MIB, MEMORY_RAM);
}

int main(void)
{
	if (!fake_ram_map(SCRATCH_BASE, SCRATCH_BASE + SCRATCH_SIZE))
		return fake_ram_skip("test_ram");
	RUN(ranges_are_added_in_turn);
	RUN(more_ranges_than_there_is_room_for_panic);
	RUN(fw_cfg_says_more_than_a_door);
	RUN(a_file_of_odd_size_panics);
	RUN(a_full_file_is_read_as_far_as_there_is_room);
	RUN(the_largest_file_is_read);
	RUN(what_a_door_brought_holds);
	RUN(cmos_counts_64_kib_above_16_mib);
	RUN(each_byte_of_cmos_counts);
	RUN(cmos_counts_kib_above_1_mib);
	RUN(cmos_without_the_high_bytes_has_no_high_ram);
	return test_status();
}
