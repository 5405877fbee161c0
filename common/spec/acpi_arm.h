/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/acpi_arm.h - layout of ACPI tables that only Arm machines have
 *
 * Advanced Configuration and Power Interface Specification 6.4. The numbers are
 * its sections. A table that ACPI only refers to names its own document.
 */
#ifndef COMMON_SPEC_ACPI_ARM_H
#define COMMON_SPEC_ACPI_ARM_H

#include "common/spec/acpi.h"

/* 5.2.12.14 to 5.2.12.18: the MADT's entries for a GIC */
enum acpi_madt_gic_type {
	ACPI_MADT_GICC = 0x0b,
	ACPI_MADT_GICD = 0x0c,
	ACPI_MADT_MSI_FRAME = 0x0d,
	ACPI_MADT_GICR = 0x0e,
	ACPI_MADT_ITS = 0x0f,
};

struct acpi_madt_gicc {
	uint8_t type;
	uint8_t length;
	uint16_t reserved;
	uint32_t cpu_interface_number;
	uint32_t processor_uid;
	uint32_t flags;
	uint32_t parking_version;
	uint32_t performance_gsiv;
	uint64_t parked_address;
	uint64_t base_address;
	uint64_t gicv;
	uint64_t gich;
	uint32_t vgic_maintenance_gsiv;
	uint64_t gicr_base_address;
	uint64_t mpidr;
	uint8_t power_efficiency_class;
	uint8_t reserved2;
	uint16_t spe_overflow_gsiv;
} PACKED;

struct acpi_madt_gicd {
	uint8_t type;
	uint8_t length;
	uint16_t reserved;
	uint32_t gic_id;
	uint64_t base_address;
	uint32_t system_vector_base;
	uint8_t gic_version;
	uint8_t reserved2[3];
} PACKED;

#define ACPI_MSI_FRAME_HAS_SPIS 1u

struct acpi_madt_msi_frame {
	uint8_t type;
	uint8_t length;
	uint16_t reserved;
	uint32_t frame_id;
	uint64_t base_address;
	uint32_t flags;
	uint16_t spi_count;
	uint16_t spi_base;
} PACKED;

struct acpi_madt_gicr {
	uint8_t type;
	uint8_t length;
	uint16_t reserved;
	uint64_t base_address;
	uint32_t range_length;
} PACKED;

struct acpi_madt_its {
	uint8_t type;
	uint8_t length;
	uint16_t reserved;
	uint32_t its_id;
	uint64_t base_address;
	uint32_t reserved2;
} PACKED;

static_assert(sizeof(struct acpi_madt_gicc) == 80, "ACPI 5.2.12.14");
static_assert(sizeof(struct acpi_madt_gicd) == 24, "ACPI 5.2.12.15");
static_assert(sizeof(struct acpi_madt_msi_frame) == 24, "ACPI 5.2.12.16");
static_assert(sizeof(struct acpi_madt_gicr) == 16, "ACPI 5.2.12.17");
static_assert(sizeof(struct acpi_madt_its) == 20, "ACPI 5.2.12.18");

/* 5.2.16.4 GICC Affinity Structure */
struct acpi_srat_gicc {
	uint8_t type;
	uint8_t length;
	uint32_t proximity_domain;
	uint32_t processor_uid;
	uint32_t flags;
	uint32_t clock_domain;
} PACKED;

static_assert(sizeof(struct acpi_srat_gicc) == 18, "ACPI 5.2.16.4");

/* 5.2.24 Generic Timer Description Table */
#define ACPI_GTDT_REVISION   3
#define ACPI_GTDT_ACTIVE_LOW (1u << 1)
#define ACPI_GTDT_ALWAYS_ON  (1u << 2)

struct acpi_gtdt_timer {
	uint32_t gsiv;
	uint32_t flags;
} PACKED;

struct acpi_gtdt {
	struct acpi_header header;
	uint64_t cnt_control_base; /* all ones: there is none */
	uint32_t reserved;
	struct acpi_gtdt_timer secure_el1;
	struct acpi_gtdt_timer non_secure_el1;
	struct acpi_gtdt_timer virtual_el1;
	struct acpi_gtdt_timer el2;
	uint64_t cnt_read_base; /* all ones: there is none */
	uint32_t platform_timer_count;
	uint32_t platform_timer_offset;
	struct acpi_gtdt_timer virtual_el2;
} PACKED;

static_assert(sizeof(struct acpi_gtdt) == 104, "ACPI 5.2.24");

/* 5.2.29 Processor Properties Topology Table */
#define ACPI_PPTT_REVISION 3

enum acpi_pptt_flags {
	ACPI_PPTT_PACKAGE = 1u << 0,
	ACPI_PPTT_UID_VALID = 1u << 1,
	ACPI_PPTT_THREAD = 1u << 2,
	ACPI_PPTT_LEAF = 1u << 3,
	ACPI_PPTT_IDENTICAL = 1u << 4,
};

struct acpi_pptt_node {
	uint8_t type;
	uint8_t length;
	uint16_t reserved;
	uint32_t flags;
	uint32_t parent; /* offset in the table; 0: none */
	uint32_t processor_uid;
	uint32_t resource_count;
} PACKED;

static_assert(sizeof(struct acpi_pptt_node) == 20, "ACPI 5.2.29.1");

/* Arm DEN0049D, IO Remapping Table */
#define ACPI_IORT_REVISION        0
#define ACPI_IORT_COHERENT        1u
#define ACPI_IORT_MEMORY_FLAGS    3u /* coherent path, cacheable */
#define ACPI_IORT_ADDRESS_LIMIT   64
#define ACPI_IORT_SMMUV3_COHERENT 1u

enum acpi_iort_type {
	ACPI_IORT_ITS_GROUP = 0,
	ACPI_IORT_ROOT_COMPLEX = 2,
	ACPI_IORT_SMMUV3 = 4,
};

struct acpi_iort {
	struct acpi_header header;
	uint32_t node_count;
	uint32_t node_offset;
	uint32_t reserved;
} PACKED;

struct acpi_iort_node {
	uint8_t type;
	uint16_t length;
	uint8_t revision;
	uint32_t reserved;
	uint32_t mapping_count;
	uint32_t mapping_offset; /* in the node */
} PACKED;

struct acpi_iort_mapping {
	uint32_t input_base;
	uint32_t last; /* number of IDs, minus one */
	uint32_t output_base;
	uint32_t output_reference; /* offset of a node in the table */
	uint32_t flags;
} PACKED;

struct acpi_iort_its_group {
	struct acpi_iort_node node;
	uint32_t its_count;
	uint32_t its_id;
} PACKED;

struct acpi_iort_root_complex {
	struct acpi_iort_node node;
	uint32_t cache_coherent;
	uint8_t allocation_hints;
	uint16_t reserved;
	uint8_t memory_flags;
	uint32_t ats_attribute;
	uint32_t segment;
	uint8_t address_limit;
	uint8_t reserved2[3];
	struct acpi_iort_mapping mapping;
} PACKED;

struct acpi_iort_smmuv3 {
	struct acpi_iort_node node;
	uint64_t base_address;
	uint32_t flags;
	uint32_t reserved;
	uint64_t vatos_address;
	uint32_t model;
	uint32_t event_gsiv;
	uint32_t pri_gsiv;
	uint32_t gerr_gsiv;
	uint32_t sync_gsiv;
	uint32_t proximity_domain;
	uint32_t id_mapping_index;
	struct acpi_iort_mapping mapping;
} PACKED;

static_assert(sizeof(struct acpi_iort) == 48, "DEN0049D table 2");
static_assert(sizeof(struct acpi_iort_node) == 16, "DEN0049D table 3");
static_assert(sizeof(struct acpi_iort_mapping) == 20, "DEN0049D table 4");
static_assert(sizeof(struct acpi_iort_its_group) == 24, "DEN0049D table 12");
static_assert(sizeof(struct acpi_iort_smmuv3) == 68 + 20, "DEN0049D table 10");
static_assert(sizeof(struct acpi_iort_root_complex) == 36 + 20,
              "DEN0049D table 14");

/* Microsoft Debug Port Table 2 */
#define ACPI_DBG2_REVISION 0
#define ACPI_DBG2_SERIAL   0x8000
#define ACPI_DBG2_NAME     "\\_SB.COM0"

struct acpi_dbg2 {
	struct acpi_header header;
	uint32_t info_offset;
	uint32_t info_count;
	/* The only device */
	uint8_t revision;
	uint16_t length;
	uint8_t register_count;
	uint16_t name_length;
	uint16_t name_offset;
	uint16_t oem_data_length;
	uint16_t oem_data_offset;
	uint16_t port_type;
	uint16_t port_subtype;
	uint16_t reserved;
	uint16_t base_address_offset;
	uint16_t address_size_offset;
	struct acpi_gas base_address;
	uint32_t address_size;
	char name[sizeof(ACPI_DBG2_NAME)];
} PACKED;

static_assert(offsetof(struct acpi_dbg2, base_address) == 44 + 22, "DBG2");

#endif
