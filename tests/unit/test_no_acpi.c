/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_no_acpi.c - MP table and PCI interrupt routing table
 *
 * The readers here go by the two specifications' text and offsets.
 */
#include <stdlib.h>
#include <string.h>

#include "arch/x86_64/describe/no_acpi.h"
#include "common/lib/byte_sum.h"
#include "common/lib/string.h"
#include "tests/unit/machines.h"
#include "tests/unit/test.h"

#define BASE     0xf0020
#define PIR_SIZE (32 + 32 * 16)
#define MP_START (PIR_SIZE + 16)

static struct machine machine;
static uint8_t *tables;

/* Memory of just the size that no_acpi.h names, so that ASan sees overruns. */
static void write(void)
{
	uint32_t size = 2048;

	free(tables);
	tables = malloc(size);
	memset(tables, 0xa5, size);
	no_acpi_write(tables, BASE, &machine);
}

static void start(const char *name, uint32_t cpu_count)
{
	machines_fill_named(name, &machine);
	machine.cpu_count = cpu_count;
	for (uint32_t i = 0; i < cpu_count; i++)
		machine.cpus[i].id = i;
	write();
}

static uint32_t le16(const uint8_t *at)
{
	return at[0] | at[1] << 8;
}

static void a_floating_pointer_leads_to_the_table(void)
{
	const uint8_t *floating, *table;

	start("pc", 2);
	floating = tables + PIR_SIZE;
	table = tables + MP_START;
	EXPECT(!memcmp(floating, "_MP_", 4));
	EXPECT_EQ(load_le32(floating + 4), BASE + MP_START);
	EXPECT_EQ(floating[8], 1);
	EXPECT_EQ(floating[9], 4);
	EXPECT_EQ(byte_sum(floating, 16), 0);
	EXPECT_EQ(load_le32(floating + 11), 0);
	EXPECT(!memcmp(table, "PCMP", 4));
	EXPECT_EQ(byte_sum(table, le16(table + 4)), 0);
	EXPECT_EQ(load_le32(table + 36), 0xfee00000);
}

/* What the entries of an MP table say; 0xff: nothing. */
static struct {
	uint32_t cpus, boots, buses, chips, locals;
	uint8_t pci[128], isa[256];
} mp;

static void read_interrupt(const uint8_t *entry)
{
	uint8_t *pins = entry[4] ? mp.isa : mp.pci;

	EXPECT_EQ(entry[1], 0);
	EXPECT_EQ(le16(entry + 2), 0);
	EXPECT_EQ(entry[6], 0); /* the I/O APIC's ID */
	EXPECT(entry[4] < 2);
	EXPECT(entry[4] || entry[5] < sizeof(mp.pci));
	EXPECT_EQ(pins[entry[5]], 0xff);
	pins[entry[5]] = entry[7];
}

static void read_entry(const uint8_t *entry)
{
	switch (entry[0]) {
	case 0:
		EXPECT_EQ(entry[1], mp.cpus);
		EXPECT(entry[3] & 1);
		mp.boots += entry[3] >> 1;
		mp.cpus++;
		break;
	case 1:
		EXPECT_EQ(entry[1], mp.buses);
		EXPECT(!memcmp(entry + 2, mp.buses ? "ISA   " : "PCI   ", 6));
		mp.buses++;
		break;
	case 2:
		EXPECT_EQ(load_le32(entry + 4), 0xfec00000);
		EXPECT_EQ(entry[3], 1);
		mp.chips++;
		break;
	case 3:
		read_interrupt(entry);
		break;
	default:
		EXPECT_EQ(entry[0], 4);
		EXPECT_EQ(entry[1], mp.locals ? 1 : 3); /* NMI, ExtINT */
		EXPECT_EQ(entry[7], mp.locals);         /* LINT0, LINT1 */
		mp.locals++;
	}
}

static void read_mp(void)
{
	const uint8_t *table = tables + MP_START, *entry = table + 44;

	memset(&mp, 0, sizeof(mp));
	memset(mp.pci, 0xff, sizeof(mp.pci) + sizeof(mp.isa));
	for (uint32_t i = le16(table + 34); i; i--) {
		read_entry(entry);
		entry += entry[0] ? 8 : 20;
	}
	EXPECT_EQ(entry - table, le16(table + 4));
}

/* MultiProcessor Specification 1.4, tables 4-2 and 4-3 to 4-12 */
static void the_parts_have_these_bytes(void)
{
	static const uint8_t header[44] = {
		'P', 'C', 'M', 'P',  0,    0,    4,    0,   'D', 'B', 'O',
		'O', 'T', ' ', ' ',  ' ',  'd',  'i',  'r', 'e', 'c', 't',
		'b', 'o', 'o', 't',  ' ',  ' ',  0,    0,   0,   0,   0,
		0,   0,   0,   0x00, 0x10, 0xe0, 0xfe, 0,   0,   0,   0,
	};
	static const uint8_t cpus[] = {
		0, 0x11, 0x14, 3, 0, 0, 0, 0,    1,    2, 0, 0, 0, 0,
		0, 0,    0,    0, 0, 0, 0, 0xfe, 0x14, 1, 0, 0, 0, 0,
		1, 2,    0,    0, 0, 0, 0, 0,    0,    0, 0, 0,
	};
	static const uint8_t fixed[] = {
		1,
		0,
		'P',
		'C',
		'I',
		' ',
		' ',
		' ',
		1,
		1,
		'I',
		'S',
		'A',
		' ',
		' ',
		' ',
		2,
		0,
		0x11,
		1,
		0,
		0x20,
		0xc0,
		0xfe,
		/* PCI slot 0, pin A: PIRQ D */
		3,
		0,
		0,
		0,
		0,
		0,
		0,
		11,
	};
	static const uint8_t last[] = {
		3,  0, 0,  0, 1, 14, 0,    14, 3, 0, 0, 0, 1,
		15, 0, 15, 4, 3, 0,  0,    1,  0, 0, 0, /* the 8259, at the
		                                           first CPU */
		4,  1, 0,  0, 1, 0,  0xff, 1,           /* NMI, at all */
	};
	uint8_t *table;
	uint32_t size;

	start("pc", 2);
	machine.cpus[0].id = 0x11;
	machine.cpus[1].id = 254;
	machine.pc.lapic_paddr = 0xfee01000;
	machine.pc.ioapics[0].paddr = 0xfec02000;
	write();
	table = tables + MP_START;
	size = le16(table + 4);
	EXPECT_EQ(le16(table + 34), (size - 44 - sizeof(cpus)) / 8 + 2);
	EXPECT_EQ(byte_sum(table, size), 0);
	memset(table + 4, 0, 2);
	table[7] = 0;
	memset(table + 34, 0, 2);
	EXPECT(!memcmp(table, header, sizeof(header)));
	EXPECT(!memcmp(table + 44, cpus, sizeof(cpus)));
	EXPECT(!memcmp(table + 44 + sizeof(cpus), fixed, sizeof(fixed)));
	EXPECT(!memcmp(table + size - sizeof(last), last, sizeof(last)));
	EXPECT_EQ(tables[PIR_SIZE + 9], 4); /* the pointer's revision, 1.4 */
}

static void a_pc_has_its_interrupts(void)
{
	start("pc", 4);
	read_mp();
	EXPECT_EQ(mp.cpus, 4);
	EXPECT_EQ(mp.boots, 1);
	EXPECT_EQ(mp.buses, 2);
	EXPECT_EQ(mp.chips, 1);
	EXPECT_EQ(mp.locals, 2);
	/* PIIX3: PIRQ A and B at 10, C and D at 11. */
	for (uint32_t i = 0; i < 128; i++)
		EXPECT_EQ(mp.pci[i], (i / 4 + i % 4 + 3) % 4 < 2 ? 10 : 11);
	for (uint32_t i = 0; i < 16; i++)
		EXPECT_EQ(mp.isa[i], i == 0                 ? 2
		                     : i == 2 || i / 2 == 5 ? 0xff
		                                            : i);
}

static void a_q35_has_its_interrupts(void)
{
	start("q35", 1);
	read_mp();
	EXPECT_EQ(mp.cpus, 1);
	for (uint32_t i = 0; i < 128; i++) {
		uint32_t slot = i / 4, pin = i % 4;

		EXPECT_EQ(mp.pci[i], slot < 25    ? 20 + (slot + pin) % 4
		                     : slot == 30 ? 20 + pin
		                                  : 16 + pin);
	}
	EXPECT_EQ(mp.isa[10], 10);
	EXPECT_EQ(mp.isa[2], 0xff);
}

/* An ID of a byte cannot name them, and 255 is all of them. */
static void cpus_of_large_ids_are_left_out(void)
{
	start("q35", 3);
	machine.cpus[2].id = 255;
	write();
	read_mp();
	EXPECT_EQ(mp.cpus, 2);
}

static void no_more_than_four_cpus_are_told_of(void)
{
	start("pc", 64);
	read_mp();
	EXPECT_EQ(mp.cpus, 4);
	EXPECT_EQ(mp.boots, 1);
	EXPECT_EQ(mp.locals, 2);
}

static void expect_pir(uint8_t router)
{
	EXPECT(!memcmp(tables, "$PIR\0\1", 6));
	EXPECT_EQ(le16(tables + 6), PIR_SIZE);
	EXPECT_EQ(byte_sum(tables, PIR_SIZE), 0);
	EXPECT_EQ(tables[8], 0);
	EXPECT_EQ(tables[9], router);
	EXPECT_EQ(le16(tables + 10), 0); /* no IRQ is PCI's alone */
	EXPECT_EQ(le16(tables + 12), 0x8086);
	EXPECT_EQ(le16(tables + 14), 0x122e); /* the 82371FB */
	for (uint32_t i = 16; i < 31; i++)
		EXPECT_EQ(tables[i], 0);
	for (uint32_t slot = 0; slot < 32; slot++) {
		const uint8_t *entry = tables + 32 + slot * 16;

		EXPECT_EQ(entry[0], 0);
		EXPECT_EQ(entry[1], slot * 8);
		for (uint32_t pin = 0; pin < 4; pin++)
			EXPECT_EQ(le16(entry + 3 + pin * 3), 0xc00);
		EXPECT_EQ(le16(entry + 14), 0);
	}
}

/* A link leads to the PIRQ that the MP table's pin is at. */
static void both_tables_route_alike(void)
{
	start("pc", 1);
	read_mp();
	for (uint32_t i = 0; i < 128; i++) {
		uint8_t link = tables[32 + i / 4 * 16 + 2 + i % 4 * 3];

		EXPECT_EQ(link, 0x60 + (i / 4 + i % 4 + 3) % 4);
		EXPECT_EQ(mp.pci[i], link < 0x62 ? 10 : 11);
	}
	start("q35", 1);
	read_mp();
	for (uint32_t i = 0; i < 128; i++) {
		uint8_t link = tables[32 + i / 4 * 16 + 2 + i % 4 * 3];

		EXPECT(link - 0x60 < 4 || link - 0x68 < 4);
		EXPECT_EQ(mp.pci[i],
		          link < 0x68 ? link - 0x60 + 16 : link - 0x68 + 20);
	}
}

static void slots_are_routed_by_links(void)
{
	const uint8_t *slot;

	start("pc", 1);
	expect_pir(1 << 3);
	slot = tables + 32 + 4 * 16;
	EXPECT_EQ(slot[2], 0x63);
	EXPECT_EQ(slot[5], 0x60);
	EXPECT_EQ(slot[8], 0x61);
	EXPECT_EQ(slot[11], 0x62);

	start("q35", 1);
	expect_pir(31 << 3);
	slot = tables + 32;
	EXPECT_EQ(slot[5 * 16 + 2], 0x69);
	EXPECT_EQ(slot[5 * 16 + 11], 0x68);
	EXPECT_EQ(slot[30 * 16 + 2], 0x68);
	EXPECT_EQ(slot[31 * 16 + 2], 0x60);
	EXPECT_EQ(slot[31 * 16 + 11], 0x63);
}

int main(void)
{
	RUN(a_floating_pointer_leads_to_the_table);
	RUN(a_pc_has_its_interrupts);
	RUN(a_q35_has_its_interrupts);
	RUN(cpus_of_large_ids_are_left_out);
	RUN(no_more_than_four_cpus_are_told_of);
	RUN(the_parts_have_these_bytes);
	RUN(both_tables_route_alike);
	RUN(slots_are_routed_by_links);
	free(tables);
	return test_status();
}
