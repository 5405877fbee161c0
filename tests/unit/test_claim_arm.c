/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_claim_arm.c - the RAM that is in use already on AArch64 */
#include <string.h>

#include "arch/aarch64/memmap.h"
#include "common/arch.h"
#include "common/machine/handoff.h"
#include "common/memory/memory.h"
#include "common/spec/igvm_params.h"
#include "tests/unit/fake_arm.h"
#include "tests/unit/test.h"

#define MIB    0x100000ULL
#define RAM    0x940000000ULL /* nobody writes there */
#define END    (RAM + 256 * MIB)
#define BLOB   (RAM + 16 * MIB)
#define BUNDLE (BLOB + 0x20000)
#define WORK   (RAM + 17 * MIB)
#define FDT    (RAM + 32 * MIB)
#define KEPT   (RAM + 64 * MIB)
#define INITRD (RAM + 128 * MIB)

static struct machine machine;
static struct memory memory;
static struct handoff handoff;

/* The blob, as a kernel with its bundle, is in the first of two nodes. */
static void start(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	fake_arm_clear();
	fake_arm.translation_root = WORK + 0xf80;
	handoff = (struct handoff){
		.door = DOOR_LINUX,
		.blob_paddr = BLOB,
		.blob_size = 0x11000,
		.bundle_paddr = BUNDLE,
		.bundle_size = 0x3000,
	};
	machine.ram_count = 2;
	machine.ram[0] =
		(struct machine_ram){ RAM, 128 * MIB, MEMORY_RAM, 0, 0 };
	machine.ram[1] =
		(struct machine_ram){ INITRD, 128 * MIB, MEMORY_RAM, 1, 0 };
	machine.arm.fdt = (struct machine_range){ FDT, 0x2345 };
	/* What is behind the last is nothing. */
	machine.ram[2] = (struct machine_ram){ END + 16 * MIB, 16 * MIB,
		                               MEMORY_RAM, 0, 0 };
	machine.reserved[2].range = (struct machine_range){ RAM, MIB };
	machine.reserved_count = 2;
	machine.reserved[0].range = (struct machine_range){ KEPT, 0x1000 };
	machine.reserved[1].range =
		(struct machine_range){ END - MIB, 24 * MIB };
}

static void claim(void)
{
	memory_init(&memory, &machine);
	arch_claim(&memory, &machine, &handoff);
}

static struct memory_range range_at(paddr_t paddr)
{
	const struct memory_step *step = memory.steps;

	while (paddr - step->base >= step[1].base - step->base)
		step++;
	return memory_range(step);
}

static void expect_used(paddr_t base, uint64_t size)
{
	EXPECT(range_at(base).is_claimed);
	EXPECT_EQ(range_at(base).type, MEMORY_RAM);
	EXPECT(range_at(base + size - 1).is_claimed);
	EXPECT(memory_is_free(&memory, base - 1, 1));
	EXPECT(memory_is_free(&memory, base + size, 1));
}

/* The kernel may have it all, and nobody writes there before. */
static void an_igvm_file_is_claimed(void)
{
	const paddr_t end = BLOB + 0x40000;
	static struct igvm_params params;

	start();
	params.run_offset = (int64_t)(BLOB - paddr_of(&params));
	params.run_size = end - BLOB;
	handoff.door = DOOR_IGVM;
	handoff.given_paddr = paddr_of(&params);
	claim();
	expect_used(BLOB, end - BLOB);
	params.run_size = END + MIB - BLOB;
	EXPECT_PANIC("igvm: 0xf100000 bytes at 0x941000000: not in free RAM",
	             claim());
}

static void what_is_in_use_is_claimed(void)
{
	start();
	claim();
	expect_used(BLOB, 0x11000);
	expect_used(BUNDLE, 0x3000);
	expect_used(WORK, WORK_SIZE);
	expect_used(FDT, 0x2345);
	EXPECT_EQ(range_at(KEPT).type, MEMORY_RESERVED);
	EXPECT_EQ(range_at(END - 1).type, MEMORY_RESERVED);
	/* Where there is no RAM, none is reserved. */
	EXPECT_EQ(range_at(END).type, MEMORY_NONE);
	EXPECT_EQ(range_at(END).size, UINT64_MAX - END);
}

/* In flash, the blob takes no RAM. */
static void what_is_no_ram_stays_so(void)
{
	start();
	handoff.blob_paddr = 0;
	handoff.bundle_paddr = 0x4000000;
	machine.arm.fdt.base = RAM - 0x1000;
	claim();
	EXPECT_EQ(range_at(0).type, MEMORY_NONE);
	EXPECT_EQ(range_at(0x4000000).type, MEMORY_NONE);
	EXPECT_EQ(range_at(RAM - 0x1000).type, MEMORY_NONE);
	expect_used(WORK, WORK_SIZE);
}

static void the_initrd_is_claimed(void)
{
	start();
	/* It may lie in RAM of two nodes. */
	machine.given.initrd = (struct machine_range){ INITRD - 5, 0x1005 };
	claim();
	expect_used(INITRD - 5, 0x1005);
}

static void expect_refused(paddr_t base, uint64_t size, const char *line)
{
	start();
	machine.given.initrd = (struct machine_range){ base, size };
	EXPECT_PANIC(line, claim());
}

/* A VMM's tree may say anything. */
static void the_initrd_lies_in_ram_that_nobody_else_uses(void)
{
	expect_refused(0, 0x1000, "initrd: 0x1000 bytes at 0: not in free RAM");
	expect_refused(0, UINT64_MAX,
	               "initrd: 0xffffffffffffffff bytes at 0: not in free");
	expect_refused(RAM - 1, 2, "initrd: ");
	expect_refused(END - MIB - 1, 2, "initrd: ");
	expect_refused(END, 1, "initrd: ");
	expect_refused(KEPT, 1, "initrd: ");
	expect_refused(RAM, 256 * MIB, "initrd: ");
	expect_refused(BLOB + 0x10fff, 1, "initrd: ");
	expect_refused(BUNDLE - 1, 2, "initrd: ");
	expect_refused(WORK, 1, "initrd: ");
	expect_refused(WORK + WORK_SIZE - 1, 1, "initrd: ");
	expect_refused(FDT, 1, "initrd: ");
	expect_refused(INITRD, -INITRD, "initrd: ");
	expect_refused(UINT64_MAX, 1, "initrd: ");
	expect_refused(UINT64_MAX - 1, UINT64_MAX, "initrd: ");
}

int main(void)
{
	RUN(an_igvm_file_is_claimed);
	RUN(what_is_in_use_is_claimed);
	RUN(what_is_no_ram_stays_so);
	RUN(the_initrd_is_claimed);
	RUN(the_initrd_lies_in_ram_that_nobody_else_uses);
	return test_status();
}
