/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/acpi.h - layout of ACPI tables
 *
 * Advanced Configuration and Power Interface Specification 6.4. The numbers are
 * its sections. acpi_platform.h has the tables that ACPI only refers to.
 */
#ifndef COMMON_SPEC_ACPI_H
#define COMMON_SPEC_ACPI_H

#include "common/lib/compiler.h"

/* 5.2.3.2 Generic Address Structure */
enum acpi_space {
	ACPI_SPACE_MEMORY = 0,
	ACPI_SPACE_IO = 1,
};

enum acpi_access {
	ACPI_ACCESS_ANY = 0,
	ACPI_ACCESS_BYTE = 1,
	ACPI_ACCESS_WORD = 2,
	ACPI_ACCESS_DWORD = 3,
};

struct acpi_gas {
	uint8_t space_id;
	uint8_t bit_width;
	uint8_t bit_offset;
	uint8_t access_size;
	uint64_t address;
} PACKED;

static_assert(sizeof(struct acpi_gas) == 12, "ACPI 5.2.3.2");

/* 5.2.5.3 Root System Description Pointer */
#define ACPI_RSDP_REVISION 2
#define ACPI_RSDP_V1_SIZE  20

struct acpi_rsdp {
	char signature[8];
	uint8_t checksum; /* over ACPI_RSDP_V1_SIZE bytes */
	char oem_id[6];
	uint8_t revision;
	uint32_t rsdt_address;
	uint32_t length;
	uint64_t xsdt_address;
	uint8_t extended_checksum; /* over the whole struct */
	uint8_t reserved[3];
} PACKED;

static_assert(sizeof(struct acpi_rsdp) == 36, "ACPI 5.2.5.3");

/* 5.2.6 System Description Table Header */
struct acpi_header {
	uint32_t signature;
	uint32_t length;
	uint8_t revision;
	uint8_t checksum;
	uint8_t oem_id[6];
	uint64_t oem_table_id;
	uint32_t oem_revision;
	uint32_t creator_id;
	uint32_t creator_revision;
} PACKED;

static_assert(sizeof(struct acpi_header) == 36, "ACPI 5.2.6");

#define ACPI_DSDT_REVISION 2
#define ACPI_XSDT_REVISION 1

/* 5.2.9 Fixed ACPI Description Table */
#define ACPI_FADT_REVISION       6
#define ACPI_FADT_MINOR_REVISION 4

enum acpi_fadt_flags {
	ACPI_FADT_WBINVD = 1u << 0,
	ACPI_FADT_PROC_C1 = 1u << 2,
	ACPI_FADT_PWR_BUTTON = 1u << 4, /* a device, or there is none */
	ACPI_FADT_SLP_BUTTON = 1u << 5, /* a device, or there is none */
	ACPI_FADT_RTC_S4 = 1u << 7,
	ACPI_FADT_TMR_VAL_EXT = 1u << 8,
	ACPI_FADT_RESET_REG_SUP = 1u << 10,
	ACPI_FADT_USE_PLATFORM_CLOCK = 1u << 15,
	ACPI_FADT_HW_REDUCED = 1u << 20,
};

enum acpi_fadt_iapc_boot_arch {
	ACPI_IAPC_LEGACY_DEVICES = 1u << 0,
	ACPI_IAPC_8042 = 1u << 1,
	ACPI_IAPC_VGA_NOT_PRESENT = 1u << 2,
	ACPI_IAPC_CMOS_RTC_NOT_PRESENT = 1u << 5,
};

enum acpi_fadt_arm_boot_arch {
	ACPI_ARM_PSCI_COMPLIANT = 1u << 0,
	ACPI_ARM_PSCI_USE_HVC = 1u << 1,
};

struct acpi_fadt {
	struct acpi_header header;
	uint32_t firmware_ctrl;
	uint32_t dsdt;
	uint8_t reserved;
	uint8_t preferred_pm_profile;
	uint16_t sci_int;
	uint32_t smi_cmd;
	uint8_t acpi_enable;
	uint8_t acpi_disable;
	uint8_t s4bios_req;
	uint8_t pstate_cnt;
	uint32_t pm1a_evt_blk;
	uint32_t pm1b_evt_blk;
	uint32_t pm1a_cnt_blk;
	uint32_t pm1b_cnt_blk;
	uint32_t pm2_cnt_blk;
	uint32_t pm_tmr_blk;
	uint32_t gpe0_blk;
	uint32_t gpe1_blk;
	uint8_t pm1_evt_len;
	uint8_t pm1_cnt_len;
	uint8_t pm2_cnt_len;
	uint8_t pm_tmr_len;
	uint8_t gpe0_blk_len;
	uint8_t gpe1_blk_len;
	uint8_t gpe1_base;
	uint8_t cst_cnt;
	uint16_t p_lvl2_lat;
	uint16_t p_lvl3_lat;
	uint16_t flush_size;
	uint16_t flush_stride;
	uint8_t duty_offset;
	uint8_t duty_width;
	uint8_t day_alrm;
	uint8_t mon_alrm;
	uint8_t century;
	uint16_t iapc_boot_arch;
	uint8_t reserved2;
	uint32_t flags;
	struct acpi_gas reset_reg;
	uint8_t reset_value;
	uint16_t arm_boot_arch;
	uint8_t minor_version;
	uint64_t x_firmware_ctrl;
	uint64_t x_dsdt;
	struct acpi_gas x_pm1a_evt_blk;
	struct acpi_gas x_pm1b_evt_blk;
	struct acpi_gas x_pm1a_cnt_blk;
	struct acpi_gas x_pm1b_cnt_blk;
	struct acpi_gas x_pm2_cnt_blk;
	struct acpi_gas x_pm_tmr_blk;
	struct acpi_gas x_gpe0_blk;
	struct acpi_gas x_gpe1_blk;
	struct acpi_gas sleep_control_reg;
	struct acpi_gas sleep_status_reg;
	uint64_t hypervisor_vendor_identity;
} PACKED;

static_assert(sizeof(struct acpi_fadt) == 276, "ACPI 5.2.9");

/* 5.2.10 Firmware ACPI Control Structure: no header, aligned to 64 bytes */
#define ACPI_FACS_ALIGNMENT 64
#define ACPI_FACS_VERSION   2

struct acpi_facs {
	uint32_t signature;
	uint32_t length;
	uint32_t hardware_signature;
	uint32_t firmware_waking_vector;
	uint32_t global_lock;
	uint32_t flags;
	uint64_t x_firmware_waking_vector;
	uint8_t version;
	uint8_t reserved[31];
} PACKED;

static_assert(sizeof(struct acpi_facs) == 64, "ACPI 5.2.10");

/* 5.2.12 Multiple APIC Description Table */
#define ACPI_MADT_REVISION    5
#define ACPI_MADT_PCAT_COMPAT 1u
#define ACPI_MADT_CPU_ENABLED 1u
#define ACPI_MADT_LAPIC_MAX   254 /* greater IDs need an x2APIC entry */
#define ACPI_MADT_ALL_LAPIC   0xff
#define ACPI_MADT_ALL_X2APIC  0xffffffff

enum acpi_madt_type {
	ACPI_MADT_LAPIC = 0,
	ACPI_MADT_IOAPIC = 1,
	ACPI_MADT_OVERRIDE = 2,
	ACPI_MADT_LAPIC_NMI = 4,
	ACPI_MADT_X2APIC = 9,
	ACPI_MADT_X2APIC_NMI = 10,
};

/* MPS INTI flags, table 5.26 */
enum acpi_inti_flags {
	ACPI_INTI_ACTIVE_HIGH = 1,
	ACPI_INTI_ACTIVE_LOW = 3,
	ACPI_INTI_EDGE = 1 << 2,
	ACPI_INTI_LEVEL = 3 << 2,
};

struct acpi_madt {
	struct acpi_header header;
	uint32_t lapic_address;
	uint32_t flags;
} PACKED;

struct acpi_madt_lapic {
	uint8_t type;
	uint8_t length;
	uint8_t processor_uid;
	uint8_t apic_id;
	uint32_t flags;
} PACKED;

struct acpi_madt_ioapic {
	uint8_t type;
	uint8_t length;
	uint8_t ioapic_id;
	uint8_t reserved;
	uint32_t ioapic_address;
	uint32_t gsi_base;
} PACKED;

struct acpi_madt_override {
	uint8_t type;
	uint8_t length;
	uint8_t bus; /* 0: ISA */
	uint8_t source;
	uint32_t gsi;
	uint16_t flags;
} PACKED;

struct acpi_madt_lapic_nmi {
	uint8_t type;
	uint8_t length;
	uint8_t processor_uid;
	uint16_t flags;
	uint8_t lint;
} PACKED;

struct acpi_madt_x2apic {
	uint8_t type;
	uint8_t length;
	uint16_t reserved;
	uint32_t x2apic_id;
	uint32_t flags;
	uint32_t processor_uid;
} PACKED;

struct acpi_madt_x2apic_nmi {
	uint8_t type;
	uint8_t length;
	uint16_t flags;
	uint32_t processor_uid;
	uint32_t lint_and_reserved; /* a byte, then three of 0 */
} PACKED;

static_assert(sizeof(struct acpi_madt) == 44, "ACPI 5.2.12");
static_assert(sizeof(struct acpi_madt_lapic) == 8, "ACPI 5.2.12.2");
static_assert(sizeof(struct acpi_madt_ioapic) == 12, "ACPI 5.2.12.3");
static_assert(sizeof(struct acpi_madt_override) == 10, "ACPI 5.2.12.5");
static_assert(sizeof(struct acpi_madt_lapic_nmi) == 6, "ACPI 5.2.12.7");
static_assert(sizeof(struct acpi_madt_x2apic) == 16, "ACPI 5.2.12.12");
static_assert(sizeof(struct acpi_madt_x2apic_nmi) == 12, "ACPI 5.2.12.13");

/* 5.2.16 System Resource Affinity Table */
#define ACPI_SRAT_REVISION 3
#define ACPI_SRAT_ENABLED  1u

enum acpi_srat_type {
	ACPI_SRAT_LAPIC = 0,
	ACPI_SRAT_MEMORY = 1,
	ACPI_SRAT_X2APIC = 2,
	ACPI_SRAT_GICC = 3,
};

struct acpi_srat {
	struct acpi_header header;
	uint32_t reserved1; /* 1, by definition */
	uint64_t reserved2;
} PACKED;

struct acpi_srat_lapic {
	uint8_t type;
	uint8_t length;
	uint8_t proximity_domain_low;
	uint8_t apic_id;
	uint32_t flags;
	uint8_t sapic_eid;
	uint8_t proximity_domain_high[3];
	uint32_t clock_domain;
} PACKED;

struct acpi_srat_memory {
	uint8_t type;
	uint8_t length;
	uint32_t proximity_domain;
	uint16_t reserved1;
	uint64_t base;
	uint64_t size;
	uint32_t reserved2;
	uint32_t flags;
	uint64_t reserved3;
} PACKED;

struct acpi_srat_x2apic {
	uint8_t type;
	uint8_t length;
	uint16_t reserved1;
	uint32_t proximity_domain;
	uint32_t x2apic_id;
	uint32_t flags;
	uint32_t clock_domain;
	uint32_t reserved2;
} PACKED;

static_assert(sizeof(struct acpi_srat) == 48, "ACPI 5.2.16");
static_assert(sizeof(struct acpi_srat_lapic) == 16, "ACPI 5.2.16.1");
static_assert(sizeof(struct acpi_srat_memory) == 40, "ACPI 5.2.16.2");
static_assert(sizeof(struct acpi_srat_x2apic) == 24, "ACPI 5.2.16.3");

/* 5.2.17 System Locality Distance Information Table */
#define ACPI_SLIT_REVISION 1
#define ACPI_SLIT_LOCAL    10
#define ACPI_SLIT_REMOTE   20

struct acpi_slit {
	struct acpi_header header;
	uint64_t locality_count; /* count * count bytes follow */
} PACKED;

static_assert(sizeof(struct acpi_slit) == 44, "ACPI 5.2.17");

/* 5.2.23 Firmware Performance Data Table, with the one record that is used */
#define ACPI_FPDT_REVISION          1
#define ACPI_FPDT_BASIC_POINTER     0
#define ACPI_FPDT_BASIC_BOOT_RECORD 2

struct acpi_fpdt {
	struct acpi_header header;
	uint16_t type;
	uint8_t length;
	uint8_t revision;
	uint32_t reserved;
	uint64_t fbpt_address;
} PACKED;

/* 5.2.23.5 Firmware Basic Boot Performance Table; times since reset, in ns */
struct acpi_fbpt {
	uint32_t signature;
	uint32_t length;
	uint16_t type;
	uint8_t record_length;
	uint8_t revision;
	uint32_t reserved;
	uint64_t reset_end;
	uint64_t loader_load_image_start;
	uint64_t loader_start_image_start;
	uint64_t exit_boot_services_entry;
	uint64_t exit_boot_services_exit;
} PACKED;

static_assert(sizeof(struct acpi_fpdt) == 52, "ACPI 5.2.23");
static_assert(sizeof(struct acpi_fbpt) == 56, "ACPI 5.2.23.5");

#endif
