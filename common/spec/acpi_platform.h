/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/acpi_platform.h - layout of ACPI tables that others define
 *
 * Each table names its document.
 */
#ifndef COMMON_SPEC_ACPI_PLATFORM_H
#define COMMON_SPEC_ACPI_PLATFORM_H

#include "common/spec/acpi.h"

/* PCI Firmware Specification 3.2, section 4.1.2 */
#define ACPI_MCFG_REVISION 1

struct acpi_mcfg {
	struct acpi_header header;
	uint64_t reserved;
} PACKED;

struct acpi_mcfg_entry {
	uint64_t base_address; /* of bus 0, even if that is not decoded */
	uint16_t segment;
	uint8_t bus_first;
	uint8_t bus_last;
	uint32_t reserved;
} PACKED;

static_assert(sizeof(struct acpi_mcfg) == 44, "PCI Firmware 4.1.2");
static_assert(sizeof(struct acpi_mcfg_entry) == 16, "PCI Firmware 4.1.2");

/* IA-PC HPET Specification 1.0a, section 3.2.4 */
#define ACPI_HPET_REVISION 1

struct acpi_hpet {
	struct acpi_header header;
	uint32_t event_timer_block_id;
	struct acpi_gas base_address;
	uint8_t hpet_number;
	uint16_t minimum_tick;
	uint8_t page_protection;
} PACKED;

static_assert(sizeof(struct acpi_hpet) == 56, "IA-PC HPET 3.2.4");

/* Microsoft Serial Port Console Redirection Table, revision 2 */
#define ACPI_SPCR_REVISION   2
#define ACPI_SPCR_16550      0
#define ACPI_SPCR_PL011      3
#define ACPI_SPCR_SBSA       14
#define ACPI_SPCR_IRQ_8259   1u
#define ACPI_SPCR_IRQ_IOAPIC 2u
#define ACPI_SPCR_IRQ_GIC    8u
#define ACPI_SPCR_STOP_1     1
#define ACPI_SPCR_VT_UTF8    2 /* terminal type */
#define ACPI_SPCR_NO_PCI     0xffff

struct acpi_spcr {
	struct acpi_header header;
	uint8_t interface_type;
	uint8_t reserved1[3];
	struct acpi_gas base_address;
	uint8_t interrupt_type;
	uint8_t irq;
	uint32_t gsi;
	uint8_t baud_rate;
	uint8_t parity;
	uint8_t stop_bits;
	uint8_t flow_control;
	uint8_t terminal_type;
	uint8_t reserved2;
	uint16_t pci_device_id;
	uint16_t pci_vendor_id;
	uint8_t pci_bus;
	uint8_t pci_device;
	uint8_t pci_function;
	uint32_t pci_flags;
	uint8_t pci_segment;
	uint32_t reserved3;
} PACKED;

static_assert(sizeof(struct acpi_spcr) == 80, "SPCR");

/* Microsoft Windows ACPI Emulated Devices Table 1.0 */
#define ACPI_WAET_REVISION      1
#define ACPI_WAET_PM_TIMER_GOOD 2u

struct acpi_waet {
	struct acpi_header header;
	uint32_t flags;
} PACKED;

static_assert(sizeof(struct acpi_waet) == 40, "WAET");

/* Intel Virtualization Technology for Directed I/O 3.3, chapter 8 */
#define ACPI_DMAR_REVISION        1
#define ACPI_DMAR_INTR_REMAP      1u
#define ACPI_DMAR_DRHD            0
#define ACPI_DMAR_INCLUDE_PCI_ALL 1u
#define ACPI_DMAR_SCOPE_IOAPIC    3

struct acpi_dmar {
	struct acpi_header header;
	uint8_t host_address_width; /* minus one */
	uint8_t flags;
	uint8_t reserved[10];
} PACKED;

struct acpi_dmar_scope {
	uint8_t type;
	uint8_t length;
	uint16_t reserved;
	uint8_t enumeration_id;
	uint8_t start_bus;
	uint8_t path_device;
	uint8_t path_function;
} PACKED;

struct acpi_dmar_drhd {
	uint16_t type;
	uint16_t length;
	uint8_t flags;
	uint8_t reserved;
	uint16_t segment;
	uint64_t register_address;
	struct acpi_dmar_scope ioapic;
} PACKED;

static_assert(sizeof(struct acpi_dmar) == 48, "VT-d 8.1");
static_assert(sizeof(struct acpi_dmar_scope) == 8, "VT-d 8.3.1");
static_assert(sizeof(struct acpi_dmar_drhd) == 24, "VT-d 8.3");

#endif
