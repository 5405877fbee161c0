/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_mptable.c - MP tables of the VMM
 *
 * The table is in a block of exactly its size.
 */
#include <stdlib.h>
#include <string.h>

#include "arch/x86_64/probe/facts.h"
#include "arch/x86_64/probe/mptable.h"
#include "common/spec/mp.h"
#include "tests/fuzz/fuzz.h"

#define TABLE_MAX 0x2000
#define ENTRY_MAX 20

static uint8_t area[TABLE_MAX];
static uint32_t used;
static struct mp_table *table;
static struct machine machine;

bool fuzz_begin(const char *program)
{
	(void)program;
	return true;
}

static void add(const void *entry, uint32_t size)
{
	memcpy(area + used, entry, size);
	used += size;
}

static void add_entry(struct fuzz_input *input)
{
	uint8_t kind = fuzz_u8(input), number = fuzz_u8(input);
	struct mp_bus bus = { .type = MP_ENTRY_BUS, .id = number };

	switch (kind % 5) {
	case 0:
		add(&(struct mp_cpu){ .apic_id = number,
		                      .flags = !(kind & 0x80) },
		    20);
		break;
	case 1:
		memcpy(bus.name, kind & 0x80 ? "PCI   " : "ISA   ", 6);
		add(&bus, sizeof(bus));
		break;
	case 2:
		add(&(struct mp_ioapic){ MP_ENTRY_IOAPIC, number, 0x11,
		                         MP_USABLE, 0xfec00000 },
		    8);
		break;
	default:
		add(&(struct mp_interrupt){ kind % 5 == 3
		                                    ? MP_ENTRY_INTERRUPT
		                                    : MP_ENTRY_LOCAL_INTERRUPT,
		                            MP_TYPE_INT, kind >> 4, number % 4,
		                            number / 4, fuzz_u8(input) % 4,
		                            number % 32 },
		    8);
	}
}

bool fuzz_run(struct fuzz_input *input)
{
	uint32_t count = fuzz_below(input, 200);
	struct mp_table *head = (struct mp_table *)area;

	memset(area, 0, sizeof(area));
	memset(&machine, 0, sizeof(machine));
	used = sizeof(struct mp_table);
	for (uint32_t i = 0; i < count; i++)
		add_entry(input);
	head->entry_count = (uint16_t)count;
	fuzz_edit(input, area, used);
	if (count && fuzz_u8(input) % 16 == 15)
		used -= fuzz_u8(input) % 8;
	head->length = (uint16_t)used;
	table = malloc(used);
	memcpy(table, area, used);
	mptable_read(&machine, table);
	FUZZ_EXPECT(machine.cpu_count <= MACHINE_CPU_MAX);
	for (uint32_t i = 1; i < machine.cpu_count; i++)
		FUZZ_EXPECT(machine.cpus[i - 1].id < machine.cpus[i].id);
	return true;
}

void fuzz_check(void)
{
	free(table);
	table = NULL;
	FUZZ_EXPECT(machine.pc.ioapic_count <= MACHINE_IOAPIC_MAX);
	FUZZ_EXPECT(machine.pc.override_count <= MACHINE_OVERRIDE_MAX);
}
