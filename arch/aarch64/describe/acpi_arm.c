/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/acpi_arm.c - all ACPI tables of an Arm machine; FADT
 * and DBG2
 *
 * ACPI 6.4 section 5.2.9; Microsoft's Debug Port Table 2.
 */
#include "arch/aarch64/describe/acpi_arm.h"

#include "arch/aarch64/describe/acpi_dsdt.h"
#include "arch/aarch64/describe/acpi_gic.h"
#include "arch/aarch64/describe/acpi_iort.h"
#include "arch/aarch64/describe/acpi_topology.h"

#include "common/spec/acpi_arm.h"
#include "common/lib/string.h"

/*
 * The machine is hardware-reduced, so the FADT names no registers. The kernel
 * uses PSCI to turn the power off.
 */
static void add_fadt(struct acpi *acpi, const struct machine_arm *arm)
{
	struct acpi_fadt *fadt =
		acpi_begin(acpi, "FACP", ACPI_FADT_REVISION, sizeof(*fadt));

	fadt->minor_version = ACPI_FADT_MINOR_REVISION;
	fadt->x_dsdt = acpi->dsdt_paddr;
	fadt->flags = ACPI_FADT_HW_REDUCED;
	if (arm->has_psci)
		fadt->arm_boot_arch = ACPI_ARM_PSCI_COMPLIANT;
	if (arm->psci_is_hvc)
		fadt->arm_boot_arch |= ACPI_ARM_PSCI_USE_HVC;
	acpi_end_listed(acpi);
}

static void add_dbg2(struct acpi *acpi, const struct machine *machine)
{
	const struct machine_uart *uart = &machine->uarts[0];
	struct acpi_dbg2 *dbg2;

	if (!machine->uart_count)
		return;
	dbg2 = acpi_begin(acpi, "DBG2", ACPI_DBG2_REVISION, sizeof(*dbg2));
	dbg2->info_offset = offsetof(struct acpi_dbg2, revision);
	dbg2->info_count = 1;
	dbg2->length = sizeof(*dbg2) - offsetof(struct acpi_dbg2, revision);
	dbg2->register_count = 1;
	dbg2->name_length = sizeof(dbg2->name);
	dbg2->name_offset = offsetof(struct acpi_dbg2, name) -
	                    offsetof(struct acpi_dbg2, revision);
	dbg2->port_type = ACPI_DBG2_SERIAL;
	dbg2->port_subtype = acpi_uart_type(uart->kind);
	dbg2->base_address_offset = offsetof(struct acpi_dbg2, base_address) -
	                            offsetof(struct acpi_dbg2, revision);
	dbg2->address_size_offset = offsetof(struct acpi_dbg2, address_size) -
	                            offsetof(struct acpi_dbg2, revision);
	dbg2->base_address = acpi_uart_address(uart);
	dbg2->address_size = (uint32_t)uart->size;
	memcpy(dbg2->name, ACPI_DBG2_NAME, sizeof(dbg2->name));
	acpi_end_listed(acpi);
}

/*
 * ACPI describes configuration space by ECAM only. An edge-triggered PCI
 * interrupt would need a link device for each route. Our AML describes
 * virtio-mmio slots only below 4 GiB.
 */
bool acpi_arm_can_tell(const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->pci_host_count; i++) {
		if (machine->pci_hosts[i].is_cam)
			return false;
	}
	for (uint32_t i = 0; i < machine->pci_route_count; i++) {
		if (machine->pci_routes[i].is_edge)
			return false;
	}
	for (uint32_t i = 0; i < machine->virtio_mmio_count; i++) {
		if (machine->virtio_mmio[i].paddr >> 32)
			return false;
	}
	return true;
}

void acpi_arm_build(struct acpi *acpi, const struct machine *machine,
                    const struct acpi_fpdt_times *times)
{
	acpi_arm_add_dsdt(acpi, machine);
	add_fadt(acpi, &machine->arm);
	acpi_arm_add_madt(acpi, machine);
	acpi_arm_add_gtdt(acpi, &machine->arm);
	acpi_arm_add_pptt(acpi, machine);
	acpi_add_mcfg(acpi, machine);
	acpi_arm_add_iort(acpi, machine);
	acpi_arm_add_srat(acpi, machine);
	acpi_add_slit(acpi, machine);
	acpi_add_spcr(acpi, machine, ACPI_SPCR_IRQ_GIC);
	add_dbg2(acpi, machine);
	if (times != NULL)
		acpi_add_fpdt(acpi, times);
	acpi_add_xsdt(acpi);
}
