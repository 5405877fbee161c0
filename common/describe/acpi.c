/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/acpi.c - tables, their headers and checksums, XSDT and RSDP
 *
 * ACPI 6.4 section 5.2. Checksums are most of the work that tables cost, so
 * they are summed eight bytes at a time, without vector registers.
 */
#include "common/describe/acpi.h"

#include "common/lib/console.h"
#include "common/lib/string.h"

#define OEM_ID       0x20544f4f4244     /* "DBOOT " */
#define OEM_TABLE_ID 0x5442544345524944 /* "DIRECTBT" */
#define CREATOR_ID   0x20544244         /* "DBT " */
#define OEM_REVISION 1

/*
 * So much of each header is the same but for signature, length, and revision,
 * and need not be summed for each table.
 */
#define HEADER_SUMMED offsetof(struct acpi_header, creator_revision)

static_assert(HEADER_SUMMED == ACPI_ALIGNMENT, "acpi_checksum()");

/* Of what is the same; the compiler knows the result. */
static inline uint32_t header_sum(void)
{
	struct acpi_sum sum = { 0 };

	acpi_sum_add(&sum, OEM_ID);
	acpi_sum_add(&sum, OEM_TABLE_ID);
	acpi_sum_add(&sum, OEM_REVISION);
	acpi_sum_add(&sum, CREATOR_ID);
	return acpi_sum_fold(sum);
}

/*
 * Of `words` and all from `word` to `end`, so few that no lane overflows. Up to
 * ACPI_ALIGNMENT bytes behind are read, too.
 */
static inline uint32_t sum_onto(struct acpi_sum words,
                                const struct acpi_qword *word, const void *end)
{
	for (; (const void *)word < end; word += 4) {
		acpi_sum_add(&words, word[0].value);
		acpi_sum_add(&words, word[1].value);
		acpi_sum_add(&words, word[2].value);
		acpi_sum_add(&words, word[3].value);
	}
	return acpi_sum_fold(words);
}

/* Bytes that leave place for two words more. */
#define PART_MAX (ACPI_SUM_WORD_MAX * 8 - ACPI_ALIGNMENT)

uint8_t acpi_checksum(const void *from, uint64_t size)
{
	const uint8_t *part = from, *end = part + size;
	uint32_t sum = 0;

	for (; part != end; part += size) {
		size = min_u64((uint64_t)(end - part), PART_MAX);
		sum += sum_onto((struct acpi_sum){ 0 }, (const void *)part,
		                part + size);
	}
	return (uint8_t)sum;
}

/* Zeroes what a new table has, and what a checksum reads behind its end. */
static void clear(uint8_t *at)
{
	acpi_store64(at, 0);
	acpi_store64(at + 8, 0);
	acpi_store64(at + 16, 0);
	acpi_store64(at + 24, 0);
}

static_assert(ACPI_ALIGNMENT == 4 * sizeof(uint64_t), "as unrolled above");

void acpi_begin_area(struct acpi *acpi, void *buffer, paddr_t base,
                     uint64_t size)
{
	if (size < ACPI_ROOM)
		panic("acpi: tables: more than %#lx bytes", size);
	acpi->buffer = buffer;
	acpi->cursor = buffer;
	acpi->end = acpi->buffer + align_down(size - ACPI_ROOM, ACPI_ALIGNMENT);
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

void *acpi_reserve(struct acpi *acpi, uint32_t size)
{
	uint8_t *place = acpi->cursor;
	uint8_t *next = place + size;

	if (next > acpi->end)
		panic("acpi: tables: more than %#lx bytes",
		      (uint64_t)(acpi->end - acpi->buffer) + ACPI_ROOM);
	acpi->cursor = next;
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
	uint8_t *word = (uint8_t *)(header + 1);

	acpi->table = (uint8_t *)header;
	acpi->summed = acpi->table + HEADER_SUMMED;
	acpi->sum = header_sum() + revision;
	/* Zeroes a few bytes behind, too; there is room. */
	do {
		clear(word);
		word += ACPI_ALIGNMENT;
	} while (word < acpi->cursor);
	header->signature = ((const struct acpi_dword *)signature)->value;
	header->length = 0;
	header->revision = revision;
	header->checksum = 0;
	acpi_store32(header->oem_id, (uint32_t)OEM_ID);
	acpi_store32(header->oem_id + 2, OEM_ID >> 16);
	header->oem_table_id = OEM_TABLE_ID;
	header->oem_revision = OEM_REVISION;
	header->creator_id = CREATOR_ID;
	header->creator_revision = 1;
	return header;
}

void acpi_sum_before(struct acpi *acpi, uint8_t *end)
{
	clear(end);
	acpi->sum += acpi_checksum(
		acpi->summed,
		align_up((uint64_t)(end - acpi->summed), ACPI_ALIGNMENT));
}

void acpi_declare_sum(struct acpi *acpi, uint32_t sum)
{
	acpi->sum += sum;
	acpi->summed = acpi->cursor;
}

static void finish(struct acpi_header *header, uint32_t sum,
                   const uint8_t *from, const uint8_t *end)
{
	struct acpi_sum words = { 0 };

	acpi_sum_add(&words, ((const struct acpi_qword *)header)->value);
	acpi_sum_add(&words, (uint8_t)sum);
	header->checksum = (uint8_t)-sum_onto(words, (const void *)from, end);
}

/* One with more than PART_MAX bytes that nobody has summed. */
static NOINLINE void finish_long(struct acpi *acpi, const uint8_t *end)
{
	struct acpi_header *header = (struct acpi_header *)acpi->table;
	uint64_t size =
		align_up((uint64_t)(end - acpi->summed), ACPI_ALIGNMENT);

	finish(header, acpi->sum + acpi_checksum(acpi->summed, size), end, end);
}

void acpi_end(struct acpi *acpi)
{
	struct acpi_header *header = (struct acpi_header *)acpi->table;
	uint8_t *end = acpi->cursor;

	clear(end);
	header->length = (uint32_t)(end - acpi->table);
	acpi->cursor = (uint8_t *)align_up((uint64_t)end, ACPI_ALIGNMENT);
	if (end - acpi->summed > PART_MAX)
		finish_long(acpi, end);
	else
		finish(header, acpi->sum, acpi->summed, end);
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
	            acpi->table_count * (uint32_t)sizeof(acpi->tables[0]));
	acpi->xsdt_paddr = acpi_table_paddr(acpi);
	acpi_end(acpi);
}

/* No RSDT, so that all of version 1, its checksum too, is constant. */
static const struct acpi_rsdp rsdp_template = {
	.signature = { 'R', 'S', 'D', ' ', 'P', 'T', 'R', ' ' },
	.checksum = 0x47,
	.oem_id = { 'D', 'B', 'O', 'O', 'T', ' ' },
	.revision = ACPI_RSDP_REVISION,
	.length = sizeof(struct acpi_rsdp),
};

static uint32_t sum_of(uint64_t bytes)
{
	uint32_t sum = 0;

	for (; bytes != 0; bytes >>= 8)
		sum += (uint32_t)bytes;
	return sum;
}

void acpi_write_rsdp(const struct acpi *acpi, void *rsdp)
{
	struct acpi_rsdp *copy = rsdp;

	*copy = rsdp_template;
	copy->xsdt_address = acpi->xsdt_paddr;
	/* Version 1 sums to 0; of the rest, two numbers are not 0. */
	copy->extended_checksum =
		(uint8_t) - (sizeof(*copy) + sum_of(acpi->xsdt_paddr));
}
