/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_acpi.c - ACPI's area, headers, checksums, XSDT and RSDP */
#include <string.h>

#include "common/describe/acpi.h"
#include "common/lib/byte_sum.h"
#include "tests/unit/test.h"

static _Alignas(64) uint8_t area[8192];
static struct acpi acpi;

static void begin(void)
{
	memset(area, 0x5a, sizeof(area));
	acpi_begin_area(&acpi, area, 0x19000, sizeof(area));
}

static void table_has_length_and_checksum(void)
{
	struct acpi_header *header;

	begin();
	header = acpi_begin(&acpi, "TEST", 3, sizeof(*header));
	acpi_append(&acpi, "abc", 3);
	acpi_end_listed(&acpi);

	EXPECT(memcmp(area, "TEST", 4) == 0);
	EXPECT_EQ(header->length, sizeof(*header) + 3);
	EXPECT_EQ(area[8], 3);
	EXPECT(memcmp(area + 10, "DBOOT DIRECTBT", 14) == 0);
	EXPECT_EQ(byte_sum(area, header->length), 0);
	EXPECT_EQ(acpi_used(&acpi), 64);
	EXPECT_EQ(acpi.tables[0], 0x19000);
}

static void tables_of_any_length_sum_up_to_zero(void)
{
	for (uint32_t size = 0; size < 4096; size += 7) {
		const struct acpi_header *header;

		begin();
		header = acpi_begin(&acpi, "TEST", 1, sizeof(*header));
		memset(acpi_reserve(&acpi, size), 0xe1, size);
		acpi_end(&acpi);
		EXPECT_EQ(header->length, sizeof(*header) + size);
		EXPECT_EQ(byte_sum(area, header->length), 0);
		EXPECT_EQ(acpi_used(&acpi),
		          align_up(header->length, ACPI_ALIGNMENT));
	}
}

/* A new table is all zero, and no byte behind it changes. */
static void tables_begin_with_zeros(void)
{
	begin();
	acpi_begin(&acpi, "TEST", 1, 100);
	for (unsigned i = sizeof(struct acpi_header); i < 100; i++)
		EXPECT_EQ(area[i], 0);
	EXPECT_EQ(area[100], 0x5a);
}

static void xsdt_lists_tables_and_rsdp_the_xsdt(void)
{
	struct acpi_rsdp rsdp;
	uint64_t entries[2];

	begin();
	acpi_begin(&acpi, "AAAA", 1, 40);
	acpi_end_listed(&acpi);
	acpi_begin(&acpi, "BBBB", 1, 36);
	acpi_end_listed(&acpi);
	acpi_add_xsdt(&acpi);
	acpi_write_rsdp(&acpi, &rsdp);

	EXPECT_EQ(acpi.xsdt_paddr, 0x19000 + 128);
	EXPECT_EQ(byte_sum(area + 128, 36 + 16), 0);
	memcpy(entries, area + 128 + 36, sizeof(entries));
	EXPECT_EQ(entries[0], 0x19000);
	EXPECT_EQ(entries[1], 0x19000 + 64);
	EXPECT(memcmp(rsdp.signature, "RSD PTR ", 8) == 0);
	EXPECT_EQ(rsdp.revision, 2);
	EXPECT_EQ(rsdp.length, 36);
	EXPECT_EQ(rsdp.xsdt_address, acpi.xsdt_paddr);
	EXPECT_EQ(byte_sum(&rsdp, 20), 0);
	EXPECT_EQ(byte_sum(&rsdp, 36), 0);
}

static void full_area_panics(void)
{
	memset(area, 0x5a, sizeof(area));
	acpi_begin_area(&acpi, area, 0x19000, 64);
	acpi_begin(&acpi, "AAAA", 1, 36);
	acpi_reserve(&acpi, 28);
	EXPECT_PANIC("acpi: tables: more than 0x40 bytes",
	             acpi_reserve(&acpi, 1));
	EXPECT_PANIC("acpi: tables: more than 0x40 bytes",
	             acpi_reserve(&acpi, UINT64_MAX));
	EXPECT_PANIC("acpi: tables: more than 0x40 bytes",
	             acpi_append(&acpi, "a", 1));
	EXPECT_EQ(area[64], 0x5a);
	acpi_begin_area(&acpi, area, 0x19000, 35);
	EXPECT_PANIC("acpi: tables: more than 0x23 bytes",
	             acpi_begin(&acpi, "AAAA", 1, 36));
}

static void too_many_tables_panic(void)
{
	begin();
	for (unsigned i = 0; i < ACPI_TABLE_MAX; i++) {
		acpi_begin(&acpi, "AAAA", 1, 36);
		acpi_end_listed(&acpi);
	}
	acpi_begin(&acpi, "AAAA", 1, 36);
	EXPECT_PANIC("acpi: tables: more than 24", acpi_end_listed(&acpi));
}

int main(void)
{
	RUN(table_has_length_and_checksum);
	RUN(tables_of_any_length_sum_up_to_zero);
	RUN(tables_begin_with_zeros);
	RUN(xsdt_lists_tables_and_rsdp_the_xsdt);
	RUN(full_area_panics);
	RUN(too_many_tables_panic);
	return test_status();
}
