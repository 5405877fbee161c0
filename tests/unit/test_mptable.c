/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_mptable.c - MP tables as kvmtool and Firecracker make them */
#include <stdlib.h>
#include <string.h>

#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/facts.h"
#include "arch/x86_64/probe/mptable.h"
#include "common/spec/mp.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

static struct machine machine;
static uint8_t area[0x10000];
static uint32_t used, count;

static void add(const void *entry, uint32_t size)
{
	memcpy(area + used, entry, size);
	used += size;
	count++;
}

static void begin(void)
{
	memset(&machine, 0, sizeof(machine));
	used = sizeof(struct mp_table);
	count = 0;
}

static void add_cpu(uint8_t id, uint8_t flags)
{
	add(&(struct mp_cpu){ .apic_id = id, .flags = flags }, 20);
}

static void add_bus(uint8_t id, const char *name)
{
	struct mp_bus bus = { .type = MP_ENTRY_BUS, .id = id };

	memcpy(bus.name, name, sizeof(bus.name));
	add(&bus, sizeof(bus));
}

static void add_chip(uint8_t id, uint32_t paddr)
{
	add(&(struct mp_ioapic){ MP_ENTRY_IOAPIC, id, 0x11, MP_USABLE, paddr },
	    8);
}

static void add_pin(uint16_t flags, uint8_t bus, uint8_t irq, uint8_t chip,
                    uint8_t pin)
{
	add(&(struct mp_interrupt){ MP_ENTRY_INTERRUPT, MP_TYPE_INT, flags, bus,
	                            irq, chip, pin },
	    8);
}

/* Reads the table in memory of exactly its size, so that ASan sees overruns. */
static void read_table(void)
{
	static struct mp_table *table;

	free(table);
	table = malloc(used);
	memcpy(table, area, used);
	table->length = (uint16_t)used;
	table->entry_count = (uint16_t)count;
	mptable_read(&machine, table);
}

static const struct machine_override *override_of(uint8_t irq)
{
	for (uint32_t i = 0; i < machine.pc.override_count; i++) {
		if (machine.pc.overrides[i].isa_irq == irq)
			return &machine.pc.overrides[i];
	}
	return NULL;
}

static void kvmtool_has_pci_pins_level(void)
{
	begin();
	for (uint8_t i = 0; i < 4; i++)
		add_cpu(i, i == 0 ? 3 : 1);
	add_bus(0, "PCI   ");
	add_bus(1, "ISA   ");
	add_chip(5, 0xfec00000);
	add_pin(0, 0, 0 << 2, 5, 5);
	add_pin(0, 0, 1 << 2, 5, 6);
	add(&(struct mp_interrupt){ MP_ENTRY_LOCAL_INTERRUPT, 0, 0, 1, 0, 0,
	                            0 },
	    8);
	machine.pc.overrides[0] = (struct machine_override){ .gsi = 2 };
	machine.pc.overrides[1] =
		(struct machine_override){ .isa_irq = 5, .gsi = 5 };
	machine.pc.override_count = 2;
	machine.pc.ioapic_count = 1; /* as all PCs have it */
	read_table();
	EXPECT_EQ(machine.cpu_count, 4);
	EXPECT_EQ(machine.cpus[3].id, 3);
	EXPECT_EQ(machine.pc.ioapic_count, 1);
	EXPECT_EQ(machine.pc.ioapics[0].id, 5);
	EXPECT_EQ(machine.pc.ioapics[0].paddr, 0xfec00000);
	EXPECT_EQ(machine.pc.override_count, 3);
	EXPECT_EQ(override_of(0)->gsi, 2);
	EXPECT(override_of(5)->is_level && override_of(5)->is_active_low);
	EXPECT_EQ(override_of(6)->gsi, 6);
}

static void isa_interrupts_are_as_they_say(void)
{
	begin();
	add_cpu(0, 1);
	add_bus(7, "ISA   ");
	add_chip(1, 0xfec00000);
	add_chip(2, 0xfec10000);
	add_pin(0, 7, 0, 1, 2);
	add_pin(0xf, 7, 9, 1, 9);
	add_pin(0x5, 7, 4, 2, 1);
	read_table();
	EXPECT_EQ(override_of(0)->gsi, 2);
	EXPECT(!override_of(0)->is_level && !override_of(0)->is_active_low);
	EXPECT(override_of(9)->is_level && override_of(9)->is_active_low);
	EXPECT_EQ(override_of(4)->gsi, 25);
	EXPECT(!override_of(4)->is_level && !override_of(4)->is_active_low);
}

/* MultiProcessor Specification 1.4, table 4-10: bits 1:0 and bits 3:2 */
static void flags_tell_polarity_and_mode(void)
{
	static const struct {
		uint8_t bus;
		uint16_t flags;
		bool is_active_low, is_level;
	} pins[] = {
		{ 7, 0x0, false, false }, /* as ISA has it */
		{ 7, 0x1, false, false }, { 7, 0x3, true, false },
		{ 7, 0x4, false, false }, { 7, 0xc, false, true },
		{ 7, 0x7, true, false },  { 7, 0xd, false, true },
		{ 7, 0xf, true, true },   { 3, 0x0, true, true }, /* as PCI */
		{ 3, 0x1, false, true },  { 3, 0x3, true, true },
		{ 3, 0x4, true, false },  { 3, 0xc, true, true },
		{ 3, 0x5, false, false },
	};

	for (uint32_t i = 0; i < ARRAY_COUNT(pins); i++) {
		const struct machine_override *override;

		begin();
		add_cpu(0, 1);
		add_bus(7, "ISA   ");
		add_bus(3, "PCI   ");
		add_chip(1, 0xfec00000);
		add_pin(pins[i].flags, pins[i].bus, 19, 1, 20);
		read_table();
		EXPECT_EQ(machine.pc.override_count,
		          pins[i].bus == 7 || pins[i].is_active_low ||
		                  pins[i].is_level);
		if (!machine.pc.override_count)
			continue;
		override = &machine.pc.overrides[0];
		/* PCI's IRQs are others, so the pin stands for one. */
		EXPECT_EQ(override->isa_irq, pins[i].bus == 7 ? 19 : 20);
		EXPECT_EQ(override->gsi, 20);
		EXPECT_EQ(override->is_active_low, pins[i].is_active_low);
		EXPECT_EQ(override->is_level, pins[i].is_level);
	}
}

static void only_usable_chips_have_pins(void)
{
	begin();
	/* What lies behind the list is of nobody. */
	for (uint32_t i = 0; i < MACHINE_IOAPIC_MAX; i++)
		machine.pc.ioapics[i] =
			(struct machine_ioapic){ .id = 9, .gsi_base = 77 };
	add_cpu(0, 1);
	add_bus(7, "ISA   ");
	add(&(struct mp_ioapic){ MP_ENTRY_IOAPIC, 3, 0x11, 0xfe, 0xfec20000 },
	    8);
	add_chip(1, 0xfec00000);
	add_chip(2, 0xfec10000);
	add_pin(0, 7, 4, 2, 5);
	add_pin(0, 7, 6, 9, 7); /* of a chip that is not there */
	add(&(struct mp_interrupt){ MP_ENTRY_INTERRUPT, MP_TYPE_EXTINT, 0, 7, 0,
	                            1, 1 },
	    8);
	read_table();
	EXPECT_EQ(machine.pc.ioapic_count, 2);
	EXPECT_EQ(machine.pc.ioapics[0].id, 1);
	EXPECT_EQ(machine.pc.ioapics[0].gsi_base, 0);
	EXPECT_EQ(machine.pc.ioapics[1].id, 2);
	EXPECT_EQ(machine.pc.ioapics[1].paddr, 0xfec10000);
	EXPECT_EQ(machine.pc.ioapics[1].gsi_base, 24);
	EXPECT_EQ(machine.pc.override_count, 2);
	EXPECT_EQ(override_of(4)->gsi, 24 + 5);
	EXPECT_EQ(override_of(6)->gsi, 7);
}

/* Each ID of a bus may be one of PCI. */
static void without_an_isa_bus_all_pins_are_level(void)
{
	begin();
	add_cpu(0, 1);
	add_chip(1, 0xfec00000);
	add_pin(0, 0, 0, 1, 5);
	add_pin(0, 255, 0, 1, 6);
	read_table();
	EXPECT(override_of(5)->is_level && override_of(6)->is_level);
}

/* Firecracker without ACPI lists 24 ISA interrupts, all with defaults. */
static void interrupts_as_usual_are_no_overrides(void)
{
	begin();
	add_cpu(0, 3);
	add_bus(0, "ISA   ");
	add_chip(2, 0xfec00000);
	for (uint8_t i = 0; i < 24; i++)
		add_pin(0, 0, i, 2, i);
	machine.pc.overrides[0] = (struct machine_override){ .gsi = 2 };
	machine.pc.override_count = 1;
	read_table();
	EXPECT_EQ(machine.pc.override_count, 1);
	EXPECT_EQ(machine.pc.overrides[0].gsi, 0);
}

static void disabled_and_doubled_cpus_do_not_count(void)
{
	begin();
	add_cpu(4, 1);
	add_cpu(0, 3);
	add_cpu(2, 0xfe); /* all flags but that it is usable */
	add_cpu(4, 1);
	read_table();
	EXPECT_EQ(machine.cpu_count, 2);
	EXPECT_EQ(machine.cpus[0].id, 0);
	EXPECT_EQ(machine.cpus[1].id, 4);
}

static void entries_beyond_the_end_panic(void)
{
	begin();
	add_cpu(0, 1);
	used -= 4;
	EXPECT_PANIC("MP table: entry 0: type 0, 16 bytes left", read_table());
	begin();
	add_bus(0, "ISA   ");
	used -= 1;
	EXPECT_PANIC("MP table: entry 0: type 1, 7 bytes left", read_table());
}

/* libkrun has 0 there. */
static void their_count_is_not_read(void)
{
	begin();
	add_cpu(0, 1);
	add_cpu(1, 1);
	add_chip(2, 0xfec00000);
	count = 0;
	read_table();
	EXPECT_EQ(machine.cpu_count, 2);
	EXPECT_EQ(machine.pc.ioapic_count, 1);
	count = UINT16_MAX;
	read_table();
	EXPECT_EQ(machine.cpu_count, 2);
}

static void unknown_entries_panic(void)
{
	const uint8_t entry[8] = { 5 };

	begin();
	add(entry, sizeof(entry));
	EXPECT_PANIC("MP table: entry 0: type 5, 8 bytes left", read_table());
}

static void too_many_are_told(void)
{
	begin();
	for (uint8_t i = 0; i <= MACHINE_IOAPIC_MAX; i++)
		add_chip(i, 0xfec00000);
	EXPECT_PANIC("I/O APICs: more than 4", read_table());
	begin();
	add_bus(1, "ISA   ");
	for (uint8_t i = 0; i <= MACHINE_OVERRIDE_MAX; i++)
		add_pin(0, 1, i, 0, i + 1);
	EXPECT_PANIC("overrides: more than 16", read_table());
	memset(&machine, 0, sizeof(machine));
	for (uint32_t i = 0; i < MACHINE_CPU_MAX; i++)
		facts_add_cpu(&machine, 2 * (MACHINE_CPU_MAX - i));
	EXPECT_EQ(machine.cpus[0].id, 2);
	facts_add_cpu(&machine, 2);
	EXPECT_PANIC("CPUs: more than 1024", facts_add_cpu(&machine, 3));
}

/* ---- where the table is found */

#define LOW_PLACE  0x9d000
#define ROM_PLACE  0xf1000
#define TABLE      0xf2000
#define TABLE_SIZE (sizeof(struct mp_table) + 20)

static uint8_t sum(const uint8_t *byte, uint32_t size)
{
	uint8_t total = 0;

	while (size--)
		total += *byte++;
	return total;
}

static void put_floating(paddr_t paddr, uint32_t table_paddr)
{
	struct mp_floating *floating = paddr_ptr(paddr);

	*floating = (struct mp_floating){
		.signature = MP_FLOATING_SIGNATURE,
		.table_paddr = table_paddr,
		.paragraphs = 1,
	};
	floating->checksum =
		(uint8_t)-sum((uint8_t *)floating, sizeof(*floating));
}

/* Puts a table of one CPU at its place, and sums it. */
static struct mp_table *put_table(void)
{
	struct mp_table *table = paddr_ptr(TABLE);
	struct mp_cpu *cpu = (struct mp_cpu *)(table + 1);

	memset(paddr_ptr(LOW_RAM_CLAIM_END), 0,
	       LOW_RAM_END - LOW_RAM_CLAIM_END);
	memset(paddr_ptr(SMBIOS_BASE), 0, HIGH_RAM_BASE - SMBIOS_BASE);
	memset(&machine, 0, sizeof(machine));
	*cpu = (struct mp_cpu){ .apic_id = 3, .flags = MP_USABLE };
	*table = (struct mp_table){
		.signature = MP_TABLE_SIGNATURE,
		.length = TABLE_SIZE,
		.entry_count = 1,
	};
	return table;
}

static void seal(struct mp_table *table)
{
	table->checksum = 0;
	table->checksum = (uint8_t)-sum((uint8_t *)table, table->length);
}

static void it_is_found_in_both_places(void)
{
	seal(put_table());
	EXPECT(!mptable_probe(&machine));
	put_floating(ROM_PLACE, TABLE);
	EXPECT(mptable_probe(&machine));
	EXPECT_EQ(machine.cpus[0].id, 3);
	seal(put_table());
	put_floating(LOW_PLACE, TABLE);
	EXPECT(mptable_probe(&machine));
	EXPECT_EQ(machine.cpu_count, 1);
}

static void expect_none(void)
{
	put_floating(ROM_PLACE, TABLE);
	EXPECT_PANIC("MP table: none at 0xf2000", mptable_probe(&machine));
}

static void the_places_are_searched_to_their_ends(void)
{
	static const paddr_t places[] = { LOW_RAM_CLAIM_END, LOW_RAM_END - 16,
		                          SMBIOS_BASE, HIGH_RAM_BASE - 16 };

	for (uint32_t i = 0; i < ARRAY_COUNT(places); i++) {
		seal(put_table());
		put_floating(places[i], TABLE);
		EXPECT(mptable_probe(&machine));
	}
	/* It begins with a paragraph. */
	seal(put_table());
	put_floating(ROM_PLACE + 8, TABLE);
	EXPECT(!mptable_probe(&machine));
}

/* It tells of interrupts, but nothing tells of processors then. */
static void a_table_without_processors_is_none(void)
{
	struct mp_table *table = put_table();

	table->length = sizeof(*table);
	seal(table);
	put_floating(ROM_PLACE, TABLE);
	EXPECT(!mptable_probe(&machine));
}

/* The sum of each is right. */
static void a_wrong_header_panics(void)
{
	struct mp_table *table = put_table();

	table->signature++;
	seal(table);
	expect_none();
	table = put_table();
	table->length = sizeof(*table) - 1;
	seal(table);
	expect_none();
	/* A signature that ends beyond 1 MiB is not read. */
	put_table();
	put_floating(ROM_PLACE, HIGH_RAM_BASE - 3);
	EXPECT_PANIC("MP table: none at 0xffffd", mptable_probe(&machine));
	/* The last place for a header. */
	table = put_table();
	memcpy(paddr_ptr(HIGH_RAM_BASE - TABLE_SIZE), table, TABLE_SIZE);
	table = paddr_ptr(HIGH_RAM_BASE - TABLE_SIZE);
	seal(table);
	put_floating(ROM_PLACE, HIGH_RAM_BASE - TABLE_SIZE);
	EXPECT(mptable_probe(&machine));
}

static void what_only_looks_like_one_is_passed_by(void)
{
	struct mp_floating *floating = paddr_ptr(ROM_PLACE);

	seal(put_table());
	put_floating(ROM_PLACE, TABLE);
	floating->checksum++;
	EXPECT(!mptable_probe(&machine));
	put_floating(ROM_PLACE, TABLE);
	floating->paragraphs++;
	EXPECT(!mptable_probe(&machine));
	put_floating(ROM_PLACE, 0); /* a default configuration */
	EXPECT(!mptable_probe(&machine));
}

static void a_wrong_table_panics(void)
{
	put_table();
	expect_none(); /* not summed */
	put_table()->signature++;
	expect_none();
	put_table()->length = sizeof(struct mp_table) - 1;
	expect_none();
	put_table()->length = HIGH_RAM_BASE - TABLE + 1;
	expect_none();
	put_table();
	put_floating(ROM_PLACE, HIGH_RAM_BASE - 8);
	EXPECT_PANIC("MP table: none at 0xffff8", mptable_probe(&machine));
	put_floating(ROM_PLACE, 0xfffffff0);
	EXPECT_PANIC("MP table: none at 0xfffffff0", mptable_probe(&machine));
}

int main(void)
{
	if (!fake_ram_map(LOW_RAM_CLAIM_END, LOW_RAM_END) ||
	    !fake_ram_map(SMBIOS_BASE, HIGH_RAM_BASE))
		return fake_ram_skip("test_mptable");
	RUN(kvmtool_has_pci_pins_level);
	RUN(isa_interrupts_are_as_they_say);
	RUN(flags_tell_polarity_and_mode);
	RUN(only_usable_chips_have_pins);
	RUN(without_an_isa_bus_all_pins_are_level);
	RUN(interrupts_as_usual_are_no_overrides);
	RUN(disabled_and_doubled_cpus_do_not_count);
	RUN(entries_beyond_the_end_panic);
	RUN(their_count_is_not_read);
	RUN(unknown_entries_panic);
	RUN(too_many_are_told);
	RUN(it_is_found_in_both_places);
	RUN(the_places_are_searched_to_their_ends);
	RUN(a_table_without_processors_is_none);
	RUN(a_wrong_header_panics);
	RUN(what_only_looks_like_one_is_passed_by);
	RUN(a_wrong_table_panics);
	return test_status();
}
