/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_facts.c - facts from a VMM's lists, in order and in bounds */
#include <string.h>

#include "common/lib/byte_sum.h"
#include "arch/x86_64/probe/facts.h"
#include "tests/unit/test.h"

static struct machine machine;

static void start(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(machine.cpus, 0xa5, sizeof(machine.cpus));
}

static void all_bytes_are_summed(void)
{
	const uint8_t bytes[] = { 1, 2, 253, 255 };

	EXPECT_EQ(byte_sum(bytes, 0), 0);
	EXPECT_EQ(byte_sum(bytes, 3), 0);
	EXPECT_EQ(byte_sum(bytes, 4), 255);
}

static void cpus_are_in_order_each_once(void)
{
	static const uint32_t ids[] = { 7, 3, UINT32_MAX, 0, 3, 7, 5, 0 };
	static const uint32_t sorted[] = { 0, 3, 5, 7, UINT32_MAX };

	start();
	for (uint32_t i = 0; i < ARRAY_COUNT(ids); i++)
		facts_add_cpu(&machine, ids[i]);
	EXPECT_EQ(machine.cpu_count, ARRAY_COUNT(sorted));
	for (uint32_t i = 0; i < ARRAY_COUNT(sorted); i++) {
		EXPECT_EQ(machine.cpus[i].id, sorted[i]);
		EXPECT_EQ(machine.cpus[i].node, 0);
	}
}

static void as_many_cpus_as_there_is_room_for_are_taken(void)
{
	start();
	for (uint32_t i = MACHINE_CPU_MAX; i > 0; i--)
		facts_add_cpu(&machine, i);
	facts_add_cpu(&machine, MACHINE_CPU_MAX); /* known */
	EXPECT_EQ(machine.cpus[MACHINE_CPU_MAX - 1].id, MACHINE_CPU_MAX);
	EXPECT_PANIC("CPUs: more than 1024",
	             facts_add_cpu(&machine, MACHINE_CPU_MAX + 1));
	EXPECT_PANIC("CPUs: more than 1024", facts_add_cpu(&machine, 0));
}

static void ioapics_are_taken_as_they_come(void)
{
	start();
	for (uint32_t i = 0; i < MACHINE_IOAPIC_MAX; i++)
		facts_add_ioapic(&machine.pc, i + 9, i * 24, 0xfec00000 + i);
	EXPECT_EQ(machine.pc.ioapic_count, MACHINE_IOAPIC_MAX);
	EXPECT_EQ(machine.pc.ioapics[3].id, 12);
	EXPECT_EQ(machine.pc.ioapics[3].gsi_base, 72);
	EXPECT_EQ(machine.pc.ioapics[3].paddr, 0xfec00003);
	EXPECT_PANIC("I/O APICs: more than 4",
	             facts_add_ioapic(&machine.pc, 1, 0, 0));
}

static void set_override(uint8_t isa_irq, uint32_t gsi, bool is_level)
{
	facts_set_override(&machine.pc,
	                   &(struct machine_override){ .isa_irq = isa_irq,
	                                               .gsi = gsi,
	                                               .is_level = is_level });
}

static void an_override_replaces_the_one_before(void)
{
	start();
	set_override(9, 9, true);
	set_override(0, 2, false);
	set_override(9, 20, true);
	EXPECT_EQ(machine.pc.override_count, 2);
	EXPECT_EQ(machine.pc.overrides[0].gsi, 20);
	EXPECT_EQ(machine.pc.overrides[1].gsi, 2);
}

static void too_many_overrides_panic(void)
{
	start();
	for (uint8_t i = 0; i < MACHINE_OVERRIDE_MAX; i++)
		set_override(i, i, true);
	set_override(3, 4, true);
	EXPECT_PANIC("overrides: more than 16", set_override(16, 16, true));
}

int main(void)
{
	RUN(all_bytes_are_summed);
	RUN(cpus_are_in_order_each_once);
	RUN(as_many_cpus_as_there_is_room_for_are_taken);
	RUN(ioapics_are_taken_as_they_come);
	RUN(an_override_replaces_the_one_before);
	RUN(too_many_overrides_panic);
	return test_status();
}
