/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_mtrr.c - memory types, found as a processor finds them
 *
 * SDM 3A, "Memory Type Range Registers": if a variable range contains an
 * address, the range has its type; otherwise the default applies.
 */
#include <string.h>

#include "arch/x86_64/lib/mtrr.h"
#include "arch/x86_64/lib/smp.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define MSR_CAP      0xfe
#define MSR_BASE0    0x200
#define MSR_DEF_TYPE 0x2ff
#define MIB          0x100000ULL
#define UNCACHED     0
#define WRITE_BACK   6

static struct machine machine;

static struct smp_mailbox *mailbox(void)
{
	return paddr_ptr(SMP_MAILBOX_BASE);
}

/* The processor has 40 bits of address and 8 variable ranges. */
static void start(uint64_t low_ram_size)
{
	fake_cpu_clear();
	fake_cpu_set_cpuid(1, 0, (struct cpuid){ .edx = 1 << 12 });
	fake_cpu_set_msr(MSR_CAP, 0x508);
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	machine.pc.has_mtrr = true;
	machine.fw_cfg.is_present = true;
	machine.pc.address_width = 40;
	machine.cpu_count = 2;
	machine.ram_count = 2;
	machine.ram[0] = (struct machine_ram){ .size = low_ram_size,
		                               .type = MEMORY_RAM };
	machine.ram[1] = (struct machine_ram){ .base = FOUR_GIB,
		                               .size = 1ULL << 39,
		                               .type = MEMORY_RAM };
	memset(mailbox(), 0xa5, sizeof(struct smp_mailbox));
}

static uint32_t type_at(paddr_t paddr)
{
	uint64_t def_type = fake_cpu_msr(MSR_DEF_TYPE);
	uint32_t type = def_type & 0xff, found = 0;

	EXPECT_EQ(def_type >> 11, 1); /* enabled, without fixed ranges */
	for (uint32_t i = 0; i < (fake_cpu_msr(MSR_CAP) & 0xff); i++) {
		uint64_t base = fake_cpu_msr(MSR_BASE0 + 2 * i);
		uint64_t mask = fake_cpu_msr(MSR_BASE0 + 2 * i + 1);

		if (!(mask & 0x800) ||
		    ((paddr ^ base) & mask & 0xffffffffff000) != 0)
			continue;
		type = base & 0xff;
		found++;
	}
	EXPECT(found <= 1);
	return type;
}

static void expect_hole(uint64_t low_ram_size, paddr_t hole)
{
	start(low_ram_size);
	mtrr_setup(&machine);
	for (paddr_t at = 0; at < FOUR_GIB; at += 16 * MIB)
		EXPECT_EQ(type_at(at), at < hole ? WRITE_BACK : UNCACHED);
	EXPECT_EQ(type_at(0xfee00000), UNCACHED);
	EXPECT_EQ(type_at(FOUR_GIB), WRITE_BACK);
	EXPECT_EQ(type_at((1ULL << 40) - 1), WRITE_BACK);
}

static void the_hole_below_4_gib_is_uncached(void)
{
	expect_hole(0xc0000000, 0xc0000000);
	expect_hole(0xe0000000, 0xe0000000);
	expect_hole(0xb0000000, 0xb0000000);
	expect_hole(0x80000000, 0x80000000);
	expect_hole(128 * MIB, 0x80000000);
	expect_hole(0xd0000000, 0xd0000000);
}

/* Parts of the hole that are too small for a register stay cached. */
static void ram_is_never_uncached(void)
{
	for (uint64_t end = 0x70000000; end < FOUR_GIB; end += 37 * MIB) {
		start(end);
		mtrr_setup(&machine);
		for (paddr_t at = 0; at < end; at += MIB)
			EXPECT_EQ(type_at(at), WRITE_BACK);
	}
}

static void less_than_256_mib_takes_no_register(void)
{
	start(0xb8000000);
	mtrr_setup(&machine);
	EXPECT_EQ(mailbox()->msr_count, 3);
	EXPECT_EQ(type_at(0xc0000000), UNCACHED);
	EXPECT_EQ(type_at(0xbff00000), WRITE_BACK);
}

static void without_a_hole_all_is_cached(void)
{
	start(FOUR_GIB);
	mtrr_setup(&machine);
	EXPECT_EQ(mailbox()->msr_count, 1);
	EXPECT_EQ(type_at(FOUR_GIB - MIB), WRITE_BACK);
	start(FOUR_GIB + MIB);
	mtrr_setup(&machine);
	EXPECT_EQ(mailbox()->msr_count, 1);
}

static void the_others_are_told_the_same(void)
{
	const struct smp_msr *msr = mailbox()->msrs;

	start(0xb0000000);
	mtrr_setup(&machine);
	EXPECT_EQ(mailbox()->msr_count, 5);
	EXPECT_EQ(fake_cpu_msr_writes(), 5);
	for (uint32_t i = 0; i < mailbox()->msr_count; i++, msr++)
		EXPECT_EQ((uint64_t)msr->high << 32 | msr->low,
		          fake_cpu_msr(msr->index));
	EXPECT_EQ(mailbox()->msrs[4].index, MSR_DEF_TYPE);
}

/* OpenVMM sets two of them on each processor, and then loads a kernel. */
static void what_a_vmm_has_set_is_cleared_on_the_others(void)
{
	start(0x20000000);
	machine.fw_cfg.is_present = false;
	mtrr_setup(&machine);
	EXPECT_EQ(mailbox()->msr_count, 6);
	for (uint32_t i = 1; i < 4; i++) {
		EXPECT_EQ(mailbox()->msrs[1 + i].index, MSR_BASE0 + 2 * i + 1);
		EXPECT_EQ(mailbox()->msrs[1 + i].low, 0);
	}
	EXPECT_EQ(mailbox()->msrs[5].index, MSR_DEF_TYPE);
}

static void no_more_registers_are_taken_than_there_are(void)
{
	start(0xb0000000);
	fake_cpu_set_msr(MSR_CAP, 0x501);
	mtrr_setup(&machine);
	EXPECT_EQ(mailbox()->msr_count, 3);
	EXPECT_EQ(type_at(0xc0000000), UNCACHED);
	EXPECT_EQ(type_at(0xb0000000), WRITE_BACK);
	start(0xb0000000);
	fake_cpu_set_msr(MSR_CAP, 0x500);
	mtrr_setup(&machine);
	EXPECT_EQ(mailbox()->msr_count, 1);
	EXPECT_EQ(type_at(0xc0000000), WRITE_BACK);
}

/* Setting bits beyond the processor's addresses would fault. */
static void masks_have_the_processors_bits(void)
{
	start(0xc0000000);
	mtrr_setup(&machine);
	EXPECT_EQ(fake_cpu_msr(MSR_BASE0), 0xc0000000 | UNCACHED);
	EXPECT_EQ(fake_cpu_msr(MSR_BASE0 + 1), 0xffc0000800);
	start(0xc0000000);
	machine.pc.address_width = 52;
	mtrr_setup(&machine);
	EXPECT_EQ(fake_cpu_msr(MSR_BASE0 + 1), 0xfffffc0000800);
	start(0xc0000000);
	machine.pc.address_width = 255;
	mtrr_setup(&machine);
	EXPECT_EQ(fake_cpu_msr(MSR_BASE0 + 1), 0xfffffc0000800);
}

static void expect_none(void)
{
	mtrr_setup(&machine);
	EXPECT_EQ(mailbox()->msr_count, 0);
	EXPECT_EQ(fake_cpu_msr_writes(), 0);
}

static void where_they_would_not_do_there_are_none(void)
{
	start(0xc0000000);
	fake_cpu_set_cpuid(1, 0, (struct cpuid){ .edx = 0 });
	machine.pc.has_mtrr = false;
	expect_none();
	mtrr_reset();
	EXPECT_EQ(fake_cpu_msr_writes(), 0);
	start(0xc0000000);
	machine.hypervisor = MACHINE_HYPERVISOR_TCG;
	machine.fw_cfg.is_present = true;
	machine.cpu_count = 2;
	expect_none();
	machine.cpu_count = 1;
	machine.fw_cfg.is_present = false; /* more may come */
	expect_none();
	machine.fw_cfg.is_present = true;
	mtrr_setup(&machine);
	EXPECT_EQ(fake_cpu_msr_writes(), 3);
}

static void one_processor_has_no_mailbox(void)
{
	start(0xc0000000);
	machine.cpu_count = 1;
	mtrr_setup(&machine);
	EXPECT_EQ(fake_cpu_msr_writes(), 3);
	EXPECT_EQ(mailbox()->msr_count, 0xa5a5a5a5);
}

static void a_reset_turns_all_off(void)
{
	start(0xc0000000);
	fake_cpu_set_msr(MSR_DEF_TYPE, 0xc06);
	for (uint32_t i = 0; i < 16; i++)
		fake_cpu_set_msr(MSR_BASE0 + i, 0xfc0000800);
	mtrr_reset();
	EXPECT_EQ(fake_cpu_msr(MSR_DEF_TYPE), 0);
	for (uint32_t i = 0; i < 8; i++)
		EXPECT_EQ(fake_cpu_msr(MSR_BASE0 + 2 * i + 1), 0);
}

int main(void)
{
	if (!fake_ram_map(AP_TRAMPOLINE_BASE, AP_TRAMPOLINE_BASE + 0x1000))
		return fake_ram_skip("test_mtrr");
	RUN(the_hole_below_4_gib_is_uncached);
	RUN(ram_is_never_uncached);
	RUN(less_than_256_mib_takes_no_register);
	RUN(without_a_hole_all_is_cached);
	RUN(the_others_are_told_the_same);
	RUN(what_a_vmm_has_set_is_cleared_on_the_others);
	RUN(no_more_registers_are_taken_than_there_are);
	RUN(masks_have_the_processors_bits);
	RUN(where_they_would_not_do_there_are_none);
	RUN(one_processor_has_no_mailbox);
	RUN(a_reset_turns_all_off);
	return test_status();
}
