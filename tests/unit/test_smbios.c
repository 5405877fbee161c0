/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_smbios.c - structures walk to their end */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/describe/smbios.h"
#include "common/lib/byte_sum.h"
#include "tests/unit/machines.h"
#include "tests/unit/table_bytes.h"
#include "tests/unit/test.h"

static struct machine machine;
static uint8_t tables[SMBIOS_TABLES_SIZE + 1];

/* Returns the structure's string of that number, or NULL. */
static const char *string_of(const uint8_t *structure, unsigned number)
{
	const char *string = (const char *)structure + structure[1];

	while (--number != 0 && *string != '\0')
		string += strlen(string) + 1;
	return *string != '\0' ? string : NULL;
}

static const uint8_t *next_of(const uint8_t *structure)
{
	const uint8_t *end = structure + structure[1];

	while (end[0] != 0 || end[1] != 0)
		end++;
	return end + 2;
}

static void structures_follow_each_other_to_the_end(void)
{
	const uint8_t types[] = { SMBIOS_BIOS, SMBIOS_SYSTEM, SMBIOS_CHASSIS,
		                  SMBIOS_END };
	const uint8_t *structure = tables;

	machines_fill_named("pc", &machine);
	tables[SMBIOS_TABLES_SIZE] = 0x5a;
	smbios_build(tables, &machine);
	for (unsigned i = 0; i < sizeof(types); i++) {
		EXPECT_EQ(structure[0], types[i]);
		EXPECT_EQ(load_le16(structure + 2), i);
		structure = next_of(structure);
	}
	EXPECT(structure == tables + SMBIOS_TABLES_SIZE);
	EXPECT_EQ(tables[SMBIOS_TABLES_SIZE], 0x5a);
}

/* DSP0134 3.4, 7.4 */
static void the_chassis_says_what_it_knows(void)
{
	const struct smbios_chassis *chassis;

	smbios_build(tables, &machine);
	chassis = (const void *)next_of(next_of(tables));
	EXPECT_EQ(chassis->type, 1);
	EXPECT_EQ(chassis->boot_up_state, 3);
	EXPECT_EQ(chassis->power_supply_state, 3);
	EXPECT_EQ(chassis->thermal_state, 3);
	EXPECT_EQ(chassis->security_status, 3);
}

static void bios_has_a_date_that_linux_takes_well(void)
{
	const struct smbios_bios *bios = (const struct smbios_bios *)tables;
	const char *date;

	smbios_build(tables, &machine);
	EXPECT_STR(string_of(tables, bios->vendor), "directboot");
	date = string_of(tables, bios->release_date);
	EXPECT_EQ(strlen(date), strlen("MM/DD/YYYY"));
	EXPECT(atoi(date + 6) >= 2010 && atoi(date + 6) < 2015);
}

static void pci_is_told_only_where_it_is(void)
{
	const struct smbios_bios *bios = (const struct smbios_bios *)tables;

	machines_fill_named("pc", &machine);
	smbios_build(tables, &machine);
	EXPECT_EQ(bios->characteristics, SMBIOS_BIOS_HAS_PCI);
	machines_fill_named("microvm", &machine);
	smbios_build(tables, &machine);
	EXPECT_EQ(bios->characteristics, 0);
}

/* DSP0134 3.4, sections 7.1, 7.2, 7.4 and 7.45; texts end with two zeros. */
static void each_structure_has_its_bytes(void)
{
	machines_fill_named("pc", &machine);
	smbios_build(tables, &machine);
	EXPECT_BYTES_AT(tables, 0, 26, U16(0), 1, 2, U16(0), 3, 0, U64(1 << 7),
	                1 << 0, 1 << 4, 0xff, 0xff, 0xff, 0xff, U16(0), 'd',
	                'i', 'r', 'e', 'c', 't', 'b', 'o', 'o', 't', 0, '1', 0,
	                '0', '1', '/', '0', '1', '/', '2', '0', '1', '4', 0, 0,
	                /* the system, which a switch has woken up */
	                1, 27, U16(1), 1, 2, 0, 0, U64(0), U64(0), 6, 0, 0, 'd',
	                'i', 'r', 'e', 'c', 't', 'b', 'o', 'o', 't', 0, 'V',
	                'i', 'r', 't', 'u', 'a', 'l', ' ', 'M', 'a', 'c', 'h',
	                'i', 'n', 'e', 0, 0, /* the chassis */
	                3, 22, U16(2), 1, 1, 0, 0, 0, 3, 3, 3, 3, U32(0), 0, 0,
	                0, 0, 0, 'd', 'i', 'r', 'e', 'c', 't', 'b', 'o', 'o',
	                't', 0, 0, /* the end */
	                127, 4, U16(3), 0, 0);
}

/* Section 5.2.2: revision 1 of an entry point of 24 bytes */
static void the_entry_point_has_its_bytes(void)
{
	const struct machine_range at = { 0x123456789a, 0x12345678 };
	uint8_t anchor[24];

	machines_fill_named("pc", &machine);
	smbios_write_anchor(anchor, &machine, at);
	EXPECT_BYTES_AT(anchor, '_', 'S', 'M', '3', '_', anchor[5], 24, 3, 4, 0,
	                1, 0, U32(0x12345678), U64(0x123456789a));
}

static void give(uint8_t *structures, uint32_t size)
{
	machine.smbios = (struct machine_range){ paddr_of(structures), size };
}

static void give_anchor(uint32_t size)
{
	machine.fw_cfg.files[FW_CFG_FILE_SMBIOS_ANCHOR].size = size;
}

static struct smbios3_anchor make_anchor(void)
{
	const struct machine_range at = { 0x123456789a, 0x1000 };
	struct smbios3_anchor anchor;

	smbios_write_anchor(&anchor, &machine, at);
	EXPECT_EQ(byte_sum(&anchor, sizeof(anchor)), 0);
	return anchor;
}

static void anchor_leads_to_the_tables(void)
{
	struct smbios3_anchor anchor;

	machines_fill_named("pc", &machine);
	anchor = make_anchor();
	EXPECT(memcmp(anchor.anchor, "_SM3_", 5) == 0);
	EXPECT_EQ(anchor.length, 24);
	EXPECT_EQ(anchor.major << 8 | anchor.minor, 0x304);
	EXPECT_EQ(anchor.table_paddr, 0x123456789a);
	EXPECT_EQ(anchor.table_max_size, 0x1000);
}

/* QEMU has one entry point or the other. */
static void anchor_has_the_version_of_the_vmms_tables(void)
{
	uint8_t bytes[1] = { SMBIOS_SYSTEM };
	struct smbios3_anchor anchor;

	machines_fill_named("pc", &machine);
	give(bytes, 1);
	give_anchor(24);
	anchor = make_anchor();
	EXPECT_EQ(anchor.major << 8 | anchor.minor, 0x300);

	machines_fill_named("pc", &machine);
	give(bytes, 1);
	give_anchor(31);
	anchor = make_anchor();
	EXPECT_EQ(anchor.major << 8 | anchor.minor, 0x208);
}

/* The VMM's own tables take the place of ours, but for a Type 0 they lack. */
static void the_vmms_tables_are_taken(void)
{
	static uint8_t given[77], room[3 * SMBIOS_TABLES_SIZE];
	struct machine_range taken;
	const uint8_t *at;

	machines_fill_named("pc", &machine);
	EXPECT_EQ(smbios_size(&machine), SMBIOS_TABLES_SIZE);
	smbios_build(tables, &machine);
	taken = smbios_write(&machine, paddr_of(room));
	EXPECT_EQ(taken.base, paddr_of(room));
	EXPECT_EQ(taken.size, SMBIOS_TABLES_SIZE);
	EXPECT(!memcmp(room, tables, SMBIOS_TABLES_SIZE));

	memset(given, 0x77, sizeof(given));
	given[0] = SMBIOS_SYSTEM;
	memset(room, 0, sizeof(room));
	give(given, sizeof(given));
	taken = smbios_write(&machine, paddr_of(room));
	at = next_of(tables); /* ours: Type 0 ends here */
	EXPECT_EQ(taken.base, paddr_of(room));
	EXPECT_EQ(taken.size, (uint64_t)(at - tables) + sizeof(given));
	EXPECT_EQ(smbios_size(&machine), taken.size);
	EXPECT(!memcmp(room, tables, (size_t)(at - tables)));
	EXPECT(!memcmp(room + (at - tables), given, sizeof(given)));
	EXPECT_EQ(room[taken.size], 0);

	given[0] = SMBIOS_BIOS;
	taken = smbios_write(&machine, paddr_of(room));
	EXPECT_EQ(taken.size, sizeof(given));
	EXPECT(!memcmp(paddr_ptr(taken.base), given, sizeof(given)));
	EXPECT(taken.base + taken.size <=
	       paddr_of(room) + smbios_size(&machine));

	machine.smbios.size = UINT32_MAX;
	EXPECT(smbios_size(&machine) > UINT32_MAX);
}

int main(void)
{
	RUN(structures_follow_each_other_to_the_end);
	RUN(the_chassis_says_what_it_knows);
	RUN(bios_has_a_date_that_linux_takes_well);
	RUN(pci_is_told_only_where_it_is);
	RUN(each_structure_has_its_bytes);
	RUN(the_entry_point_has_its_bytes);
	RUN(anchor_leads_to_the_tables);
	RUN(anchor_has_the_version_of_the_vmms_tables);
	RUN(the_vmms_tables_are_taken);
	return test_status();
}
