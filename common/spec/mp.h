/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/mp.h - layout of the MP configuration table
 *
 * Intel MultiProcessor Specification 1.4, chapter 4. The numbers are its
 * sections and tables.
 */
#ifndef COMMON_SPEC_MP_H
#define COMMON_SPEC_MP_H

#include "common/lib/compiler.h"

#define MP_FLOATING_SIGNATURE 0x5f504d5f /* "_MP_" */
#define MP_TABLE_SIGNATURE    0x504d4350 /* "PCMP" */

/* 4.1 MP Floating Pointer Structure, at a multiple of 16 bytes */
struct mp_floating {
	uint32_t signature;
	uint32_t table_paddr; /* 0: a default configuration */
	uint8_t paragraphs;   /* of 16 bytes: 1 */
	uint8_t revision;
	uint8_t checksum;
	uint8_t features[5];
} PACKED;

/* 4.2 MP Configuration Table Header; the entries follow */
struct mp_table {
	uint32_t signature;
	uint16_t length; /* with the entries */
	uint8_t revision;
	uint8_t checksum;
	char oem_id[8];
	char product_id[12];
	uint32_t oem_table_paddr;
	uint16_t oem_table_size;
	uint16_t entry_count;
	uint32_t lapic_paddr;
	uint16_t extended_length;
	uint8_t extended_checksum;
	uint8_t reserved;
} PACKED;

/* Table 4-3. A processor's entry has 20 bytes, the others have 8. */
enum mp_entry_type {
	MP_ENTRY_CPU = 0,
	MP_ENTRY_BUS = 1,
	MP_ENTRY_IOAPIC = 2,
	MP_ENTRY_INTERRUPT = 3,
	MP_ENTRY_LOCAL_INTERRUPT = 4,
};

#define MP_REVISION       4  /* 1.4 */
#define MP_USABLE         1u /* flag of CPUs and I/O APICs */
#define MP_BOOT           2u /* flag of the CPU that starts the others */
#define MP_BUS_ISA        0x20415349 /* "ISA ", the name's first four letters */
#define MP_TYPE_INT       0
#define MP_TYPE_NMI       1
#define MP_TYPE_EXTINT    3
#define MP_ACTIVE_LOW     3u /* polarity, bits 1:0 of the flags */
#define MP_MODE_SHIFT     2  /* trigger mode, bits 3:2 */
#define MP_MODE_LEVEL     3u
#define MP_AS_THE_BUS     0u   /* for polarity and mode */
#define MP_IOAPIC_VERSION 0x11 /* 82093AA */

struct mp_cpu {
	uint8_t type;
	uint8_t apic_id;
	uint8_t apic_version;
	uint8_t flags;
	uint8_t signature[4];
	uint32_t features;
	uint8_t reserved[8];
} PACKED;

struct mp_bus {
	uint8_t type;
	uint8_t id;
	uint8_t name[6];
} PACKED;

struct mp_ioapic {
	uint8_t type;
	uint8_t id;
	uint8_t version;
	uint8_t flags;
	uint32_t paddr;
} PACKED;

struct mp_interrupt {
	uint8_t type;
	uint8_t interrupt_type;
	uint16_t flags;
	uint8_t bus;
	uint8_t irq; /* on PCI: slot * 4 + pin */
	uint8_t ioapic_id;
	uint8_t pin;
} PACKED;

static_assert(sizeof(struct mp_floating) == 16, "MP 4.1");
static_assert(sizeof(struct mp_table) == 44, "MP 4.2");
static_assert(sizeof(struct mp_cpu) == 20, "MP 4.3.1");
static_assert(sizeof(struct mp_bus) == 8, "MP 4.3.2");
static_assert(sizeof(struct mp_ioapic) == 8, "MP 4.3.3");
static_assert(sizeof(struct mp_interrupt) == 8, "MP 4.3.4");

#endif
