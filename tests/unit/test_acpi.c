/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_acpi.c - the area, headers, checksums, XSDT and RSDP */
#include <string.h>

#include "common/describe/acpi.h"
#include "tests/unit/test.h"

static _Alignas(64) uint8_t area[8192];
static struct acpi acpi;

static uint8_t byte_sum(const void *data, size_t size)
{
	const uint8_t *bytes = data;
	uint8_t sum = 0;

	while (size-- > 0)
		sum = (uint8_t)(sum + *bytes++);
	return sum;
}

static void begin(void)
{
	memset(area, 0x5a, sizeof(area));
	acpi_begin_area(&acpi, area, 0x19000, sizeof(area));
}

static void checksum_is_the_sum_of_bytes(void)
{
	uint32_t random = 1;

	for (size_t size = 0; size <= sizeof(area); size += ACPI_ALIGNMENT) {
		for (size_t i = 0; i < size; i++) {
			random = random * 1103515245 + 12345;
			area[i] = (uint8_t)(random >> 16);
		}
		EXPECT_EQ(acpi_checksum(area, size), byte_sum(area, size));
	}
}

static void checksum_survives_the_greatest_bytes(void)
{
	memset(area, 0xff, sizeof(area));
	for (size_t size = 0; size <= sizeof(area); size += ACPI_ALIGNMENT)
		EXPECT_EQ(acpi_checksum(area, size), byte_sum(area, size));
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

static void declared_sums_count(void)
{
	struct acpi_header *header;

	begin();
	header = acpi_begin(&acpi, "TEST", 1, sizeof(*header));
	acpi_append(&acpi, "a", 1);
	acpi_sum_before(&acpi, acpi.cursor);
	acpi_append(&acpi, "bc", 2);
	acpi_declare_sum(&acpi, 'b' + 'c');
	acpi_append(&acpi, "defg", 4);
	acpi_end(&acpi);
	EXPECT_EQ(byte_sum(area, header->length), 0);
	EXPECT_EQ(header->length, sizeof(*header) + 7);
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
	begin();
	acpi.end = area + 64;
	acpi_begin(&acpi, "AAAA", 1, 36);
	acpi_reserve(&acpi, 28);
	EXPECT_PANIC("acpi: tables: more than 0x1040 bytes",
	             acpi_reserve(&acpi, 1));
	EXPECT_PANIC("acpi: tables: more than 0x1040 bytes",
	             acpi_reserve(&acpi, UINT32_MAX));
	EXPECT_PANIC("acpi: tables: more than 0xfff bytes",
	             acpi_begin_area(&acpi, area, 0x19000, 4095));
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
	RUN(checksum_is_the_sum_of_bytes);
	RUN(checksum_survives_the_greatest_bytes);
	RUN(table_has_length_and_checksum);
	RUN(declared_sums_count);
	RUN(xsdt_lists_tables_and_rsdp_the_xsdt);
	RUN(full_area_panics);
	RUN(too_many_tables_panic);
	return test_status();
}
