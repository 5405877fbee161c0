/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_power.c - Hyper-V's PM block, by its timer that counts */
#include <string.h>

#include "arch/x86_64/igvm/power.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/test.h"

static struct machine machine;
static uint32_t read_count, reads_per_count;

/* The timer alone is read, all of it at once. */
static uint32_t in(uint16_t port, uint32_t size)
{
	EXPECT_EQ(port, 0x408);
	EXPECT_EQ(size, 4);
	return 0xffffffff + read_count++ / reads_per_count;
}

static void probe(enum machine_platform platform, uint32_t reads)
{
	fake_cpu_clear();
	fake_cpu.in = in;
	read_count = 0;
	reads_per_count = reads;
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	machine.platform = platform;
	power_probe(&machine);
	EXPECT_EQ(fake_cpu.out_count, 0);
}

static void a_timer_that_counts_is_hyper_v_s(void)
{
	const struct machine_pm *pm = &machine.pc.pm;

	probe(MACHINE_PLATFORM_BARE, 1);
	EXPECT_EQ(read_count, 2);
	EXPECT_EQ(pm->base, 0x400);
	EXPECT_EQ(pm->gpe0_base, 0x40c);
	EXPECT_EQ(pm->gpe0_size, 4);
	EXPECT_EQ(pm->sci_irq, 9);
	EXPECT_EQ(pm->smi_cmd, 0);
	EXPECT(pm->has_32_bit_timer && !pm->lacks_timer);
	EXPECT(pm->lacks_power_button);
	EXPECT_EQ(machine.power_off.space, MACHINE_SPACE_PORT);
	EXPECT_EQ(machine.power_off.size, 2);
	EXPECT_EQ(machine.power_off.address, 0x404);
	EXPECT_EQ(machine.power_off.value, 0x2000);
	EXPECT_EQ(machine.reset.space, MACHINE_SPACE_PORT);
	EXPECT_EQ(machine.reset.size, 1);
	EXPECT_EQ(machine.reset.address, 0x433);
	EXPECT_EQ(machine.reset.value, 1);
}

static void a_fast_host_is_asked_again(void)
{
	probe(MACHINE_PLATFORM_BARE, 16);
	EXPECT_EQ(read_count, 17);
	EXPECT_EQ(machine.pc.pm.base, 0x400);
}

static void what_does_not_count_is_no_timer(void)
{
	probe(MACHINE_PLATFORM_BARE, 1000);
	EXPECT_EQ(read_count, 17);
	EXPECT_EQ(machine.pc.pm.base, 0);
	EXPECT_EQ(machine.power_off.space, MACHINE_SPACE_NONE);
	EXPECT_EQ(machine.reset.space, MACHINE_SPACE_NONE);
}

/* A chipset that the blob knows has its PM block elsewhere. */
static void a_known_machine_is_not_asked(void)
{
	probe(MACHINE_PLATFORM_Q35, 1);
	probe(MACHINE_PLATFORM_MICROVM, 1);
	EXPECT_EQ(read_count, 0);
	EXPECT_EQ(machine.pc.pm.base, 0);
}

int main(void)
{
	RUN(a_timer_that_counts_is_hyper_v_s);
	RUN(a_fast_host_is_asked_again);
	RUN(what_does_not_count_is_no_timer);
	RUN(a_known_machine_is_not_asked);
	return test_status();
}
