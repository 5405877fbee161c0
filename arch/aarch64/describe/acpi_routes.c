/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/acpi_routes.c - _PRT of PCI hosts with a line for each
 * device
 *
 * ACPI 6.4 section 6.2.13. Where slot and pin add up to the line, as on QEMU,
 * acpi_append_pci_routing() has it.
 */
#include "arch/aarch64/describe/acpi_arm.h"

#include "common/describe/aml.h"

/*
 * Scope (_SB.PCI0) { Name (_PRT, Package (0x00) {}) }
 */
struct prt_head {
	uint8_t scope;
	uint8_t scope_length[AML_LENGTH_SIZE];
	uint32_t scope_name;
	uint8_t name;
	uint32_t name_segment;
	uint8_t package;
	uint8_t package_length[AML_LENGTH_SIZE];
	uint8_t count;
} PACKED;

/*
 * Package (0x04) { 0x0000FFFF, 0x00, Zero, 0x00000000 }
 */
struct prt_row {
	uint8_t package;
	uint8_t length; /* of itself and what follows, section 20.2.4 */
	uint8_t count;
	uint8_t address_prefix;
	uint32_t address;
	uint8_t pin_prefix;
	uint8_t pin;
	uint8_t source;
	uint8_t gsi_prefix;
	uint32_t gsi;
} PACKED;

static_assert(sizeof(struct prt_row) == 16, "ACPI 6.2.13");

#define ANY_FUNCTION 0xffff

static void append_prt(struct acpi *acpi, const struct machine *machine,
                       uint32_t index)
{
	const struct machine_pci_host *host = &machine->pci_hosts[index];
	const struct machine_pci_route *route =
		&machine->pci_routes[host->route_first];
	struct prt_head *head = acpi_reserve(acpi, sizeof(*head));

	head->scope = AML_SCOPE;
	head->scope_name = AML_NAME4('P', 'C', 'I', '0' + index);
	head->name = AML_NAME;
	head->name_segment = AML_NAME4('_', 'P', 'R', 'T');
	head->package = AML_PACKAGE;
	head->count = (uint8_t)host->route_count;
	for (uint32_t i = 0; i < host->route_count; i++, route++) {
		const struct prt_row row = {
			.package = AML_PACKAGE,
			.length = sizeof(row) - 1,
			.count = 4,
			.address_prefix = AML_DWORD,
			.address = (uint32_t)route->slot << 16 | ANY_FUNCTION,
			.pin_prefix = AML_BYTE,
			.pin = route->pin,
			.source = AML_ZERO,
			.gsi_prefix = AML_DWORD,
			.gsi = route->gsi,
		};

		acpi_append(acpi, &row, sizeof(row));
	}
	aml_close(acpi, head->package_length);
	aml_close(acpi, head->scope_length);
}

void acpi_arm_append_routes(struct acpi *acpi, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->pci_host_count; i++) {
		const struct machine_pci_host *host = &machine->pci_hosts[i];

		if (!host->is_cam && host->route_count)
			append_prt(acpi, machine, i);
	}
}
