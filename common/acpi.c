/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/acpi.c - tables, their headers and checksums, XSDT and RSDP
 *
 * ACPI 6.4 section 5.2. Checksums are most of the work that tables cost, so
 * they are summed eight bytes at a time, without vector registers.
 */
#include "common/acpi.h"

#include "common/console.h"
#include "common/string.h"

#define EVEN_BYTES   0x00ff00ff00ff00ff

#define OEM_ID       0x20544f4f4244     /* "DBOOT " */
#define OEM_TABLE_ID 0x5442544345524944 /* "DIRECTBT" */
#define CREATOR_ID   0x20544244         /* "DBT " */

uint8_t acpi_checksum(const void *from, uint64_t size)
{
	const struct acpi_qword *word = from;
	uint32_t sum = 0;

	while (size != 0) {
		/* So many words that no 16-bit lane below overflows. */
		uint64_t part = min_u64(size, 256 * sizeof(*word));
		const struct acpi_qword *end = word + part / sizeof(*word);
		uint64_t all = 0;
		uint64_t even = 0;

		for (; word != end; word += 2) {
			all += word[0].value;
			even += word[0].value & EVEN_BYTES;
			all += word[1].value;
			even += word[1].value & EVEN_BYTES;
		}
		/* What is not in the even bytes is in the odd ones. */
		all = (all - even) >> 8;
		all = (all & EVEN_BYTES) + (even & EVEN_BYTES);
		sum += (uint32_t)(all * 0x0001000100010001 >> 48);
		size -= part;
	}
	return (uint8_t)sum;
}

void acpi_begin_area(struct acpi *acpi, void *buffer, paddr_t base,
                     uint64_t size)
{
	if (size < ACPI_ALIGNMENT)
		panic("acpi: tables: more than %#lx bytes", size);
	acpi->buffer = buffer;
	acpi->cursor = buffer;
	acpi->end = acpi->buffer + align_down(size, ACPI_ALIGNMENT) -
	            ACPI_ALIGNMENT;
	acpi->base = base;
	acpi->table_count = 0;
	acpi->dsdt_paddr = 0;
	acpi->facs_paddr = 0;
	acpi->xsdt_paddr = 0;
}

uint64_t acpi_used(const struct acpi *acpi)
{
	return (uint64_t)(acpi->cursor - acpi->buffer);
}

void *acpi_reserve(struct acpi *acpi, uint64_t size)
{
	uint8_t *place = acpi->cursor;

	if (size > (uint64_t)(acpi->end - place))
		panic("acpi: tables: more than %#lx bytes",
		      (uint64_t)(acpi->end - acpi->buffer) + ACPI_ALIGNMENT);
	acpi->cursor = place + size;
	return place;
}

void *acpi_append(struct acpi *acpi, const void *data, uint32_t size)
{
	return memcpy(acpi_reserve(acpi, size), data, size);
}

void *acpi_begin(struct acpi *acpi, const char *signature, uint8_t revision,
                 uint32_t size)
{
	struct acpi_header *header = acpi_reserve(acpi, size);

	memset(header, 0, size);
	header->signature = ((const struct acpi_dword *)signature)->value;
	header->revision_and_oem_id = OEM_ID << 16 | revision;
	header->oem_table_id = OEM_TABLE_ID;
	header->oem_revision = 1;
	header->creator_id = CREATOR_ID;
	header->creator_revision = 1;

	acpi->table = (uint8_t *)header;
	acpi->summed = acpi->table;
	acpi->sum = 0;
	return header;
}

void acpi_sum_before(struct acpi *acpi, uint8_t *end)
{
	uint64_t size = (uint64_t)(end - acpi->summed);

	memset(end, 0, ACPI_ALIGNMENT);
	acpi->sum +=
		acpi_checksum(acpi->summed, align_up(size, ACPI_ALIGNMENT));
}

void acpi_declare_sum(struct acpi *acpi, uint32_t sum)
{
	acpi->sum += sum;
	acpi->summed = acpi->cursor;
}

paddr_t acpi_end(struct acpi *acpi)
{
	struct acpi_header *header = (struct acpi_header *)acpi->table;
	uint32_t length = (uint32_t)(acpi->cursor - acpi->table);

	acpi_sum_before(acpi, acpi->cursor);
	/* The header was summed before the length was known. */
	header->length = length;
	acpi->sum += (length & 0xff) + (length >> 8) + (length >> 16) +
	             (length >> 24);
	header->revision_and_oem_id |= (uint64_t)(uint8_t)-acpi->sum << 8;
	acpi->cursor = acpi->table + align_up(length, ACPI_ALIGNMENT);
	return acpi_paddr(acpi, acpi->table);
}

void acpi_end_listed(struct acpi *acpi)
{
	if (acpi->table_count == ACPI_TABLE_MAX)
		panic("acpi: tables: more than %u", ACPI_TABLE_MAX);
	acpi->tables[acpi->table_count++] = acpi_end(acpi);
}

void acpi_add_xsdt(struct acpi *acpi)
{
	acpi_begin(acpi, "XSDT", ACPI_XSDT_REVISION,
	           sizeof(struct acpi_header));
	acpi_append(acpi, acpi->tables,
	            acpi->table_count * (uint32_t)sizeof(acpi->tables[0]));
	acpi->xsdt_paddr = acpi_end(acpi);
}

void acpi_write_rsdp(const struct acpi *acpi, void *rsdp)
{
	/* No RSDT, so that all of version 1 but its checksum is constant. */
	const struct acpi_rsdp template = {
		.signature = { 'R', 'S', 'D', ' ', 'P', 'T', 'R', ' ' },
		.checksum = 0x47,
		.oem_id = { 'D', 'B', 'O', 'O', 'T', ' ' },
		.revision = ACPI_RSDP_REVISION,
		.length = sizeof(template),
		.xsdt_address = acpi->xsdt_paddr,
	};
	struct acpi_rsdp *copy = memcpy(rsdp, &template, sizeof(template));

	/* Version 1 sums to 0, and 16 bytes remain. */
	copy->extended_checksum =
		(uint8_t)-acpi_checksum(&copy->length, ACPI_ALIGNMENT);
}
