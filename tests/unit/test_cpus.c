/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_cpus.c - how many processors there are, and their APIC IDs
 *
 * SDM 3A, "Hierarchical Mapping of Shared Resources"; SDM 2A, CPUID leaves 0BH
 * and 1FH: an ID shifted right by EAX[4:0] is the ID of the next level, EBX is
 * the number of logical processors at this level, ECX[15:8] its type.
 */
#include <string.h>

#include "arch/x86_64/lib/smp.h"
#include "arch/x86_64/probe/cpus.h"
#include "arch/x86_64/probe/mptable.h"
#include "arch/x86_64/probe/vmm_acpi.h"
#include "common/spec/fw_cfg.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

static struct machine machine;
static uint32_t cpu_count;   /* as fw_cfg tells it */
static uint32_t madt_ids[4]; /* what the VMM's tables list */
static uint32_t madt_count;
static uint32_t mp_count;
static uint32_t answer_count;
static uint32_t own_id;

static void list(uint32_t count)
{
	machine.cpu_count = count;
	for (uint32_t i = 0; i < count; i++)
		machine.cpus[i] = (struct machine_cpu){ .id = madt_ids[i] };
}

bool vmm_acpi_probe(struct machine *of)
{
	list(madt_count);
	return of->cpu_count != 0;
}

bool mptable_probe(struct machine *of)
{
	list(mp_count);
	return of->cpu_count != 0;
}

/* The highest ID comes first. */
uint32_t smp_ask(enum machine_hypervisor hypervisor)
{
	uint32_t *answers = paddr_ptr(SCRATCH_BASE);

	EXPECT_EQ(hypervisor, MACHINE_HYPERVISOR_KVM);
	for (uint32_t i = 0; i < answer_count; i++)
		answers[i] = 100 + answer_count - i;
	return answer_count;
}

uint32_t smp_own_id(void)
{
	return own_id;
}

static void start(uint32_t count)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(machine.cpus, 0xa5, sizeof(machine.cpus));
	fake_cpu_clear();
	fake_fw_cfg_clear();
	machine.hypervisor = MACHINE_HYPERVISOR_KVM;
	madt_count = mp_count = answer_count = own_id = 0;
	cpu_count = count;
	if (!count)
		return;
	machine.fw_cfg.is_present = true;
	fake_fw_cfg_add(FW_CFG_CPU_COUNT, &cpu_count, 2);
}

static void set_level(uint32_t leaf, uint32_t level, uint32_t shift,
                      uint32_t count)
{
	fake_cpu_set_cpuid(leaf, level,
	                   (struct cpuid){ .eax = shift,
	                                   .ebx = count,
	                                   .ecx = (level + 1) << 8 | level });
}

static void expect_ids(const uint32_t *ids, uint32_t count)
{
	cpus_probe(&machine);
	EXPECT_EQ(machine.cpu_count, count);
	for (uint32_t i = 0; i < count; i++) {
		EXPECT_EQ(machine.cpus[i].id, ids[i]);
		EXPECT_EQ(machine.cpus[i].node, 0);
	}
}

#define EXPECT_IDS(...)                                                        \
	expect_ids((const uint32_t[]){ __VA_ARGS__ },                          \
	           sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static void one_has_the_id_0(void)
{
	start(1);
	set_level(0xb, 0, 1, 2);
	EXPECT_IDS(0);
	EXPECT_STR(machine.cpu_source, "fw_cfg");
	EXPECT_EQ(fake_fw_cfg_transfers(), 1);
	EXPECT_EQ(fake_cpu.cpuid_count, 0);
}

static void powers_of_two_are_counted_through(void)
{
	start(8);
	set_level(0xb, 0, 1, 2);
	set_level(0xb, 1, 3, 8);
	EXPECT_IDS(0, 1, 2, 3, 4, 5, 6, 7);
	start(8); /* two packages of two cores of two threads */
	set_level(0xb, 0, 1, 2);
	set_level(0xb, 1, 2, 4);
	EXPECT_IDS(0, 1, 2, 3, 4, 5, 6, 7);
}

/* Three threads take as many numbers as four. */
static void odd_counts_leave_gaps(void)
{
	start(9); /* three packages of three cores */
	set_level(0xb, 0, 0, 1);
	set_level(0xb, 1, 2, 3);
	EXPECT_IDS(0, 1, 2, 4, 5, 6, 8, 9, 10);
	start(12); /* two of two cores of three threads */
	set_level(0xb, 0, 2, 3);
	set_level(0xb, 1, 3, 6);
	EXPECT_IDS(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14);
	start(7); /* the last package is not full */
	set_level(0xb, 0, 0, 1);
	set_level(0xb, 1, 3, 5);
	EXPECT_IDS(0, 1, 2, 3, 4, 8, 9);
}

static void dies_have_a_level_of_their_own(void)
{
	start(12); /* two packages of three dies of two cores */
	set_level(0x1f, 0, 0, 1);
	set_level(0x1f, 1, 1, 2);
	set_level(0x1f, 2, 3, 6);
	EXPECT_IDS(0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13);
	/* If leaf 1FH is empty, leaf 0BH counts. */
	start(6);
	fake_cpu_set_cpuid(0x1f, 0, (struct cpuid){ 0 });
	set_level(0xb, 0, 0, 1);
	set_level(0xb, 1, 2, 3);
	EXPECT_IDS(0, 1, 2, 4, 5, 6);
}

/* What a leaf beyond the highest one gives is another leaf's. */
static void a_leaf_that_is_not_there_is_not_read(void)
{
	start(6);
	set_level(0xb, 0, 0, 1);
	set_level(0xb, 1, 2, 3);
	set_level(0x1e, 0, 1, 2);
	set_level(0x1e, 1, 3, 8);
	EXPECT_IDS(0, 1, 2, 4, 5, 6);
	start(6);
	fake_cpu_set_cpuid(1, 0,
	                   (struct cpuid){ .ebx = 3 << 16, .edx = 1 << 28 });
	set_level(0xa, 0, 1, 2);
	EXPECT_IDS(0, 1, 2, 4, 5, 6);
	start(6); /* The highest leaf is read. */
	fake_cpu_set_cpuid(1, 0,
	                   (struct cpuid){ .ebx = 8 << 16, .edx = 1 << 28 });
	set_level(0xb, 0, 2, 3);
	EXPECT_IDS(0, 1, 2, 4, 5, 6);
}

static void old_processors_tell_by_leaf_1(void)
{
	start(6);
	fake_cpu_set_cpuid(1, 0,
	                   (struct cpuid){ .ebx = 3 << 16, .edx = 1 << 28 });
	EXPECT_IDS(0, 1, 2, 4, 5, 6);
	start(4);
	fake_cpu_set_cpuid(1, 0,
	                   (struct cpuid){ .ebx = 2 << 16, .edx = 1 << 28 });
	EXPECT_IDS(0, 1, 2, 3);
	start(3); /* A count of less than two says nothing. */
	fake_cpu_set_cpuid(1, 0,
	                   (struct cpuid){ .ebx = 1 << 16, .edx = 1 << 28 });
	EXPECT_IDS(0, 1, 2);
	start(3);
	fake_cpu_set_cpuid(1, 0, (struct cpuid){ .edx = 1 << 28 });
	EXPECT_IDS(0, 1, 2);
	start(3); /* without HTT the count means nothing */
	fake_cpu_set_cpuid(1, 0, (struct cpuid){ .ebx = 3 << 16 });
	EXPECT_IDS(0, 1, 2);
}

/* Impossible levels are ignored, and nothing is divided by 0. */
static void nonsense_is_survived(void)
{
	start(3);
	set_level(0xb, 0, 2, 0);
	EXPECT_IDS(0, 1, 2);
	start(3);
	set_level(0xb, 0, 2, 4);
	set_level(0xb, 1, 1, 8); /* narrower than the level below */
	EXPECT_IDS(0, 1, 2);
	start(9);
	set_level(0xb, 0, 2, 3);
	fake_cpu_set_cpuid(
		0xb, 1,
		(struct cpuid){ .eax = 1, .ebx = 8, .ecx = 2 << 8 | 0x1f });
	EXPECT_IDS(0, 1, 2, 4, 5, 6, 8, 9, 10);
	start(3);
	set_level(0xb, 0, 1, 2);
	set_level(0xb, 1, 4, 1); /* fewer than below */
	EXPECT_IDS(0, 1, 2);
	start(7);
	set_level(0xb, 0, 1, 2);
	fake_cpu_set_cpuid(0xb, 1, /* of type 0, which ends the list */
	                   (struct cpuid){ .eax = 3, .ebx = 6, .ecx = 0xff });
	EXPECT_IDS(0, 1, 2, 3, 4, 5, 6);
	for (uint32_t seed = 0; seed < 3000; seed++) {
		test_seed = seed;
		start(1 + test_random_below(MACHINE_CPU_MAX));
		for (uint32_t level = 0; level < 6; level++)
			fake_cpu_set_cpuid(
				0xb, level,
				(struct cpuid){
					.eax = test_random_below(64),
					.ebx = test_random_below(0x20000),
					.ecx = test_random_below(4) << 8 });
		cpus_probe(&machine);
		EXPECT_EQ(machine.cpu_count, cpu_count);
		EXPECT_EQ(machine.cpus[0].id, 0);
	}
}

static void more_than_there_is_room_for_panic(void)
{
	start(MACHINE_CPU_MAX);
	cpus_probe(&machine);
	EXPECT_EQ(machine.cpus[MACHINE_CPU_MAX - 1].id, MACHINE_CPU_MAX - 1);
	start(MACHINE_CPU_MAX + 1);
	EXPECT_PANIC("CPUs: 1025, at most 1024", cpus_probe(&machine));
}

/* The boot processor comes first; the others stay in order. */
static void the_vmms_tables_list_them(void)
{
	start(0);
	madt_count = 4;
	memcpy(madt_ids, (const uint32_t[]){ 0, 2, 4, 6 }, sizeof(madt_ids));
	own_id = 4;
	EXPECT_IDS(4, 0, 2, 6);
	EXPECT_STR(machine.cpu_source, "MADT");
	start(0);
	mp_count = 4;
	EXPECT_IDS(0, 2, 4, 6);
	EXPECT_STR(machine.cpu_source, "MP table");
	start(0); /* one that lists all but who reads it */
	mp_count = 2;
	own_id = 1;
	EXPECT_IDS(1, 0, 2);
}

/* Only fw_cfg's number is that of all who get the start-up IPI. */
static void more_may_come_than_are_known(void)
{
	start(4);
	cpus_probe(&machine);
	EXPECT(!machine.pc.has_late_cpus);
	start(0);
	madt_count = 1;
	cpus_probe(&machine);
	EXPECT(machine.pc.has_late_cpus);
	start(0);
	cpus_probe(&machine);
	EXPECT(machine.pc.has_late_cpus);
}

static void else_they_are_asked(void)
{
	start(0);
	answer_count = 3;
	own_id = 102;
	EXPECT_IDS(102, 101, 103);
	EXPECT_STR(machine.cpu_source, "answer");
	start(0);
	own_id = 5;
	EXPECT_IDS(5);
	start(0);
	answer_count = MACHINE_CPU_MAX;
	EXPECT_PANIC("CPUs: more than 1024", cpus_probe(&machine));
}

int main(void)
{
	if (!fake_ram_map(SCRATCH_BASE, SCRATCH_BASE + SCRATCH_SIZE))
		return fake_ram_skip("test_cpus");
	RUN(one_has_the_id_0);
	RUN(powers_of_two_are_counted_through);
	RUN(odd_counts_leave_gaps);
	RUN(dies_have_a_level_of_their_own);
	RUN(a_leaf_that_is_not_there_is_not_read);
	RUN(old_processors_tell_by_leaf_1);
	RUN(nonsense_is_survived);
	RUN(more_than_there_is_room_for_panic);
	RUN(the_vmms_tables_list_them);
	RUN(else_they_are_asked);
	RUN(more_may_come_than_are_known);
	return test_status();
}
