/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/acpi.h - ACPI tables in one area of memory, one after another
 *
 *	acpi_begin_area(&acpi, buffer, base, size);
 *	madt = acpi_begin(&acpi, "APIC", ACPI_MADT_REVISION, sizeof(*madt));
 *	acpi_append(&acpi, &entry, sizeof(entry));
 *	acpi_end_listed(&acpi);
 *	acpi_add_xsdt(&acpi);
 *	acpi_write_rsdp(&acpi, rsdp);
 *
 * Bytes are written through `buffer`, while all addresses inside the tables
 * count from `base`, where the kernel will find them. Every byte comes from
 * acpi_reserve(), which ends the boot when the area is full. ACPI 6.4 chapter
 * 5.2.
 */
#ifndef COMMON_DESCRIBE_ACPI_H
#define COMMON_DESCRIBE_ACPI_H

#include "common/lib/compiler.h"
#include "common/machine/machine.h"
#include "common/spec/acpi.h"
#include "common/spec/acpi_platform.h"

#define ACPI_TABLE_MAX 24

/* Every table starts at a multiple of this, and so must the area. */
#define ACPI_ALIGNMENT 32

struct acpi {
	uint8_t *buffer;
	uint8_t *cursor; /* where the next byte goes */
	uint8_t *end;
	uint8_t *table; /* header of the last table */
	paddr_t base;
	uint32_t table_count;
	paddr_t tables[ACPI_TABLE_MAX]; /* what the XSDT lists */
	paddr_t dsdt_paddr;             /* for the FADT; not listed */
	paddr_t facs_paddr;             /* 0: hardware-reduced */
	paddr_t xsdt_paddr;
};

/* Times for the FPDT, in nanoseconds since reset. */
struct acpi_fpdt_times {
	uint64_t reset_end;  /* the blob's first instruction */
	uint64_t load_start; /* the kernel is about to be loaded */
	uint64_t load_end;   /* kernel and initrd are in place */
	uint64_t exit;       /* the kernel is entered */
};

/*
 * Starts an area of `size` bytes at `buffer`, which the kernel will see at
 * `base`.
 */
void acpi_begin_area(struct acpi *acpi, void *buffer, paddr_t base,
                     uint64_t size);

/*
 * Returns how many bytes of the area are in use. Between two tables it is a
 * multiple of ACPI_ALIGNMENT.
 */
uint64_t acpi_used(const struct acpi *acpi);

/* Returns the address at which the kernel will see a byte of the area. */
static inline paddr_t acpi_paddr(const struct acpi *acpi, const void *ptr)
{
	return acpi->base + (uint64_t)((const uint8_t *)ptr - acpi->buffer);
}

/* Returns the address at which the kernel will see the last table. */
static inline paddr_t acpi_table_paddr(const struct acpi *acpi)
{
	return acpi_paddr(acpi, acpi->table);
}

/* Returns how far a byte is behind the start of the last table. */
static inline uint32_t acpi_offset(const struct acpi *acpi, const void *ptr)
{
	return (uint32_t)((const uint8_t *)ptr - acpi->table);
}

/*
 * Starts a table of `size` bytes, which are zero behind the header. `signature`
 * is four characters. Returns the table's start; the pointer stays valid.
 */
void *acpi_begin(struct acpi *acpi, const char *signature, uint8_t revision,
                 uint32_t size);

/* Takes `size` more bytes, all of which the caller writes. */
void *acpi_reserve(struct acpi *acpi, uint64_t size);

/* Takes `size` more bytes, copied from `data`. Returns the copy. */
void *acpi_append(struct acpi *acpi, const void *data, uint64_t size);

/* Ends the table: sets its length and checksum, and calls acpi_align(). */
void acpi_end(struct acpi *acpi);

/* Ends the table, and lists it in the XSDT. */
void acpi_end_listed(struct acpi *acpi);

/* Moves on to where a table may start. This is for data that are no table. */
void acpi_align(struct acpi *acpi);

/* Adds the XSDT, which is the last table and lists all others. */
void acpi_add_xsdt(struct acpi *acpi);

/* Writes the 36 bytes of an RSDP of revision 2 to `to`. */
void acpi_write_rsdp(const struct acpi *acpi, void *to);

/* common/describe/acpi_tables.c: tables that both architectures have. */
void acpi_add_mcfg(struct acpi *acpi, const struct machine *machine);
void acpi_add_slit(struct acpi *acpi, const struct machine *machine);
void acpi_append_srat_memory(struct acpi *acpi, const struct machine *machine);
void acpi_add_fpdt(struct acpi *acpi, const struct acpi_fpdt_times *times);

/* What SPCR and DBG2 say of a UART: its interface type, and its registers. */
uint8_t acpi_uart_type(enum machine_uart_kind kind);
struct acpi_gas acpi_uart_address(const struct machine_uart *uart);
void acpi_add_spcr(struct acpi *acpi, const struct machine *machine,
                   uint8_t interrupt_type);

#endif
