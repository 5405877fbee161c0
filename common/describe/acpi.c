/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/acpi.c - tables, their headers and checksums, XSDT and RSDP
 *
 * ACPI 6.4 sections 5.2.5 (RSDP), 5.2.6 (header) and 5.2.8 (XSDT).
 */
#include "common/describe/acpi.h"

#include "common/lib/byte_sum.h"
#include "common/lib/console.h"
#include "common/lib/string.h"

#define OEM_ID                                                                 \
	{                                                                      \
		'D', 'B', 'O', 'O', 'T', ' '                                   \
	}

/* Who made the tables. Each adds its signature, length and revision. */
static const struct acpi_header header_template = {
	.oem_id = OEM_ID,
	.oem_table_id = 0x5442544345524944, /* "DIRECTBT" */
	.oem_revision = 1,
	.creator_id = 0x20544244, /* "DBT " */
	.creator_revision = 1,
};

void acpi_begin_area(struct acpi *acpi, void *buffer, paddr_t base,
                     uint64_t size)
{
	memset(acpi, 0, sizeof(*acpi));
	acpi->buffer = buffer;
	acpi->cursor = acpi->buffer;
	acpi->end = acpi->buffer + size;
	acpi->base = base;
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
		      (uint64_t)(acpi->end - acpi->buffer));
	acpi->cursor = place + size;
	return place;
}

void *acpi_append(struct acpi *acpi, const void *data, uint64_t size)
{
	return memcpy(acpi_reserve(acpi, size), data, size);
}

/* The bytes between two tables belong to neither, and stay as they are. */
void acpi_align(struct acpi *acpi)
{
	uint64_t used = acpi_used(acpi);

	acpi_reserve(acpi, align_up(used, ACPI_ALIGNMENT) - used);
}

void *acpi_begin(struct acpi *acpi, const char *signature, uint8_t revision,
                 uint32_t size)
{
	struct acpi_header *header = acpi_reserve(acpi, size);

	memcpy(header, &header_template, sizeof(*header));
	memset(header + 1, 0, size - sizeof(*header));
	header->signature = load_le32(signature);
	header->revision = revision;
	acpi->table = (uint8_t *)header;
	return header;
}

void acpi_end(struct acpi *acpi)
{
	struct acpi_header *header = (struct acpi_header *)acpi->table;

	header->length = acpi_offset(acpi, acpi->cursor);
	header->checksum = (uint8_t)-byte_sum(header, header->length);
	acpi_align(acpi);
}

void acpi_end_listed(struct acpi *acpi)
{
	if (acpi->table_count == ACPI_TABLE_MAX)
		panic("acpi: tables: more than %u", ACPI_TABLE_MAX);
	acpi->tables[acpi->table_count++] = acpi_table_paddr(acpi);
	acpi_end(acpi);
}

void acpi_add_xsdt(struct acpi *acpi)
{
	acpi_begin(acpi, "XSDT", ACPI_XSDT_REVISION,
	           sizeof(struct acpi_header));
	acpi_append(acpi, acpi->tables,
	            acpi->table_count * sizeof(acpi->tables[0]));
	acpi->xsdt_paddr = acpi_table_paddr(acpi);
	acpi_end(acpi);
}

/* There is no RSDT, since kernels that know revision 2 do not ask for it. */
void acpi_write_rsdp(const struct acpi *acpi, void *to)
{
	struct acpi_rsdp rsdp = {
		.signature = { 'R', 'S', 'D', ' ', 'P', 'T', 'R', ' ' },
		.oem_id = OEM_ID,
		.revision = ACPI_RSDP_REVISION,
		.length = sizeof(rsdp),
		.xsdt_address = acpi->xsdt_paddr,
	};

	rsdp.checksum = (uint8_t)-byte_sum(&rsdp, ACPI_RSDP_V1_SIZE);
	rsdp.extended_checksum = (uint8_t)-byte_sum(&rsdp, sizeof(rsdp));
	memcpy(to, &rsdp, sizeof(rsdp));
}
