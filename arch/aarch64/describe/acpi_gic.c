/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/acpi_gic.c - MADT and GTDT: the interrupt controller
 * and the timer
 *
 * ACPI 6.4 sections 5.2.12 and 5.2.24. The UID of a CPU is its index in
 * machine->cpus, as it is in the DSDT.
 */
#include "arch/aarch64/describe/acpi_gic.h"

#include "common/spec/acpi_arm.h"

#define ALL_ONES UINT64_MAX

/* These are indices into timer_intid of struct machine_arm. */
enum timer {
	TIMER_SECURE_EL1,
	TIMER_NON_SECURE_EL1,
	TIMER_VIRTUAL_EL1,
	TIMER_EL2,
	TIMER_VIRTUAL_EL2,
	TIMER_COUNT,
};

static void append_giccs(struct acpi *acpi, const struct machine *machine)
{
	const struct machine_arm *arm = &machine->arm;

	for (uint32_t uid = 0; uid < machine->cpu_count; uid++) {
		const struct acpi_madt_gicc gicc = {
			.type = ACPI_MADT_GICC,
			.length = sizeof(gicc),
			.cpu_interface_number = uid,
			.processor_uid = uid,
			.flags = ACPI_MADT_CPU_ENABLED,
			.performance_gsiv = arm->pmu_intid,
			.base_address = arm->gicc.base,
			.gicv = arm->gicv.base,
			.gich = arm->gich.base,
			.vgic_maintenance_gsiv = arm->maintenance_intid,
			.mpidr = machine->cpus[uid].id,
		};

		acpi_append(acpi, &gicc, sizeof(gicc));
	}
}

static void append_gicrs(struct acpi *acpi, const struct machine_arm *arm)
{
	for (uint32_t i = 0; i < arm->gicr_count; i++) {
		const struct acpi_madt_gicr gicr = {
			.type = ACPI_MADT_GICR,
			.length = sizeof(gicr),
			.base_address = arm->gicr[i].base,
			.range_length = (uint32_t)arm->gicr[i].size,
		};

		acpi_append(acpi, &gicr, sizeof(gicr));
	}
}

static void append_msi(struct acpi *acpi, const struct machine_arm *arm)
{
	if (arm->v2m.size) {
		const struct acpi_madt_msi_frame frame = {
			.type = ACPI_MADT_MSI_FRAME,
			.length = sizeof(frame),
			.base_address = arm->v2m.base,
			.flags = arm->v2m_spi_count ? ACPI_MSI_FRAME_HAS_SPIS
			                            : 0,
			.spi_count = (uint16_t)arm->v2m_spi_count,
			.spi_base = (uint16_t)arm->v2m_spi_base,
		};

		acpi_append(acpi, &frame, sizeof(frame));
	}
	if (arm->its.size) {
		const struct acpi_madt_its its = {
			.type = ACPI_MADT_ITS,
			.length = sizeof(its),
			.base_address = arm->its.base,
		};

		acpi_append(acpi, &its, sizeof(its));
	}
}

void acpi_arm_add_madt(struct acpi *acpi, const struct machine *machine)
{
	const struct machine_arm *arm = &machine->arm;
	const struct acpi_madt_gicd gicd = {
		.type = ACPI_MADT_GICD,
		.length = sizeof(gicd),
		.base_address = arm->gicd.base,
		.gic_version = (uint8_t)arm->gic_version,
	};

	acpi_begin(acpi, "APIC", ACPI_MADT_REVISION, sizeof(struct acpi_madt));
	acpi_append(acpi, &gicd, sizeof(gicd));
	append_giccs(acpi, machine);
	append_gicrs(acpi, arm);
	append_msi(acpi, arm);
	acpi_end_listed(acpi);
}

/*
 * Linux asks for the interrupts of these timers even where it will use neither,
 * and complains of a 0. Where the tree has no such timer, the table has the
 * number that Arm's Base System Architecture (DEN0094) reserves for it. A
 * kernel at EL1 takes the virtual timer. ACPI 5.2.24 lets the other two be 0.
 */
static const uint32_t reserved_intids[TIMER_COUNT] = {
	[TIMER_NON_SECURE_EL1] = 30,
	[TIMER_EL2] = 26,
};

static void set_timer(struct acpi_gtdt_timer *timer,
                      const struct machine_arm *arm, enum timer number)
{
	timer->gsiv = arm->timer_intid[number] ? arm->timer_intid[number]
	                                       : reserved_intids[number];
	if (!timer->gsiv)
		return;
	timer->flags = (arm->timer_is_active_low ? ACPI_GTDT_ACTIVE_LOW : 0) |
	               (arm->timer_is_always_on ? ACPI_GTDT_ALWAYS_ON : 0);
}

void acpi_arm_add_gtdt(struct acpi *acpi, const struct machine_arm *arm)
{
	struct acpi_gtdt *gtdt =
		acpi_begin(acpi, "GTDT", ACPI_GTDT_REVISION, sizeof(*gtdt));

	gtdt->cnt_control_base = ALL_ONES;
	gtdt->cnt_read_base = ALL_ONES;
	set_timer(&gtdt->secure_el1, arm, TIMER_SECURE_EL1);
	set_timer(&gtdt->non_secure_el1, arm, TIMER_NON_SECURE_EL1);
	set_timer(&gtdt->virtual_el1, arm, TIMER_VIRTUAL_EL1);
	set_timer(&gtdt->el2, arm, TIMER_EL2);
	set_timer(&gtdt->virtual_el2, arm, TIMER_VIRTUAL_EL2);
	acpi_end_listed(acpi);
}
