/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/acpi.h - ACPI tables, one after the other, in one area of
 *memory
 *
 *	acpi_begin_area(&acpi, buffer, base, size);
 *	madt = acpi_begin(&acpi, "APIC", ACPI_MADT_REVISION, sizeof(*madt));
 *	acpi_append(&acpi, &entry, sizeof(entry));
 *	acpi_end(&acpi);
 *	acpi_add_xsdt(&acpi);
 *	acpi_write_rsdp(&acpi, rsdp);
 *
 * Bytes are written through `buffer`, while all addresses inside the tables
 * count from `base`, where the kernel will find them. Whatever does not fit
 * into the area ends the boot.
 */
#ifndef COMMON_DESCRIBE_ACPI_H
#define COMMON_DESCRIBE_ACPI_H

#include "common/lib/compiler.h"
#include "common/machine/machine.h"
#include "common/spec/acpi.h"
#include "common/spec/acpi_platform.h"

#define ACPI_TABLE_MAX 24

/* Every table starts, and the area must start, at a multiple of this. */
#define ACPI_ALIGNMENT 32

/* So much may be taken without being asked for, see acpi_take(). */
#define ACPI_ROOM 4096

/* What the compiler may write over anything, at any address. */
struct acpi_dword {
	uint32_t value;
} PACKED __attribute__((may_alias));

struct acpi_qword {
	uint64_t value;
} PACKED __attribute__((may_alias));

static inline void acpi_store32(void *place, uint32_t value)
{
	((struct acpi_dword *)place)->value = value;
}

static inline void acpi_store64(void *place, uint64_t value)
{
	((struct acpi_qword *)place)->value = value;
}

struct acpi {
	uint8_t *buffer;
	uint8_t *cursor; /* where the next byte goes */
	uint8_t *end;    /* what is reserved ends here; then ACPI_ROOM */
	uint8_t *table;  /* header of the table being built */
	uint8_t *summed; /* bytes of the table before this are in `sum` */
	paddr_t base;
	uint32_t sum;
	uint32_t table_count;
	paddr_t tables[ACPI_TABLE_MAX]; /* what the XSDT is to list */
	paddr_t dsdt_paddr;             /* not listed; for the FADT */
	paddr_t facs_paddr;             /* 0: hardware-reduced, none */
	paddr_t xsdt_paddr;
};

/* Nanoseconds since reset, for the FPDT. */
struct acpi_fpdt_times {
	uint64_t reset_end;  /* our first instruction */
	uint64_t load_start; /* the kernel's first byte is asked for */
	uint64_t load_end;   /* kernel and initrd are in place */
	uint64_t exit;       /* the kernel is entered */
};

void acpi_begin_area(struct acpi *acpi, void *buffer, paddr_t base,
                     uint64_t size);

/* Bytes of the area in use, a multiple of ACPI_ALIGNMENT. */
uint64_t acpi_used(const struct acpi *acpi);

/* Where a byte of the area will be for the kernel. */
static inline paddr_t acpi_paddr(const struct acpi *acpi, const void *ptr)
{
	return acpi->base + (uint64_t)((const uint8_t *)ptr - acpi->buffer);
}

/* The same of the table begun last. */
static inline paddr_t acpi_table_paddr(const struct acpi *acpi)
{
	return acpi_paddr(acpi, acpi->table);
}

/*
 * Starts a table: `size` bytes, zero but for the header. The signature is four
 * characters. Returns its start; the pointer stays valid.
 */
void *acpi_begin(struct acpi *acpi, const char *signature, uint8_t revision,
                 uint32_t size);

/* Takes `size` more bytes; the caller writes all of them. */
void *acpi_reserve(struct acpi *acpi, uint32_t size);

/*
 * The same for parts of a table that are few and small: since the last
 * acpi_reserve() or acpi_begin() they may add up to ACPI_ROOM, and that has
 * been made sure of there.
 */
static inline void *acpi_take(struct acpi *acpi, uint32_t size)
{
	uint8_t *place = acpi->cursor;

	acpi->cursor = place + size;
	return place;
}

/* Gives back what was reserved last, from `end` on. */
static inline void acpi_release(struct acpi *acpi, void *end)
{
	acpi->cursor = end;
}

/* Takes `size` more bytes, copied from `data`. Returns the copy. */
void *acpi_append(struct acpi *acpi, const void *data, uint32_t size);

/*
 * For appenders of many equal entries, who know their sum without reading them
 * back: acpi_sum_before() adds the table's bytes before `end` to its checksum.
 * They are final; what follows is yet to be written, and may be overwritten.
 * acpi_declare_sum() then tells the sum of all the rest.
 */
void acpi_sum_before(struct acpi *acpi, uint8_t *end);
void acpi_declare_sum(struct acpi *acpi, uint32_t sum);

/* Ends the table: length, checksum, padding. */
void acpi_end(struct acpi *acpi);

/* Ends the table and lists it for the XSDT. */
void acpi_end_listed(struct acpi *acpi);

/* The last table: lists all others. */
void acpi_add_xsdt(struct acpi *acpi);

/* Writes the 36 bytes of an RSDP of revision 2, which must be RAM. */
void acpi_write_rsdp(const struct acpi *acpi, void *rsdp);

/*
 * The bytes of up to ACPI_SUM_WORD_MAX words: all of them, and those at even
 * addresses, of which no 16-bit lane overflows.
 */
struct acpi_sum {
	uint64_t all;
	uint64_t even;
};

#define ACPI_SUM_WORD_MAX 128
#define ACPI_EVEN_BYTES   0x00ff00ff00ff00ff

static inline void acpi_sum_add(struct acpi_sum *sum, uint64_t word)
{
	sum->all += word;
	sum->even += word & ACPI_EVEN_BYTES;
}

/* Their sum; only its lowest byte is right. */
static inline uint32_t acpi_sum_fold(struct acpi_sum sum)
{
	/* What is not in the even bytes is in the odd ones. */
	uint64_t lanes = ((sum.all - sum.even) >> 8) + sum.even;

	lanes &= ACPI_EVEN_BYTES;
	lanes += lanes >> 32;
	return (uint32_t)(lanes + (lanes >> 16));
}

/* Sum of `size` bytes, a multiple of ACPI_ALIGNMENT, modulo 256. */
uint8_t acpi_checksum(const void *from, uint64_t size);

/* common/describe/acpi_tables.c: tables that are the same on every
 * architecture. */
void acpi_add_mcfg(struct acpi *acpi, const struct machine *machine);
void acpi_add_slit(struct acpi *acpi, const struct machine *machine);
void acpi_append_srat_memory(struct acpi *acpi, const struct machine *machine);
void acpi_add_fpdt(struct acpi *acpi, const struct acpi_fpdt_times *times);
void acpi_add_spcr(struct acpi *acpi, const struct machine *machine,
                   uint8_t interrupt_type);

#endif
