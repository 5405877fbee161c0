/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/acpi_pci.c - PCI host bridges of the DSDT
 *
 * PCI Firmware Specification 3.2, chapter 4; ACPI 6.4 sections 6.2.13 (_PRT)
 * and 6.2.11 (_OSC). The kernel owns all of PCI, since no firmware is left that
 * could share it.
 */
#include "common/describe/acpi_devices.h"

#include "common/describe/aml.h"

#define CF8_BASE 0xcf8
#define CF8_SIZE 8
#define VGA_BASE 0xa0000
#define VGA_SIZE 0x20000

/*
 * Method (_OSC, 4, NotSerialized) {
 *         CreateDWordField (Arg3, Zero, STAT)
 *         If (Arg0 != ToUUID ("33db4d5b-1ff7-401c-9657-7441c03dd766")) {
 *                 STAT |= 0x04
 *                 Return (Arg3)
 *         }
 *         CreateDWordField (Arg3, 0x08, CTRL)
 *         Local0 = CTRL & 0xFFFFFFFF
 *         If (Local0 != CTRL) {
 *                 STAT |= 0x10
 *                 CTRL = Local0
 *         }
 *         Return (Arg3)
 * }
 *
 * Grants whatever the kernel asks for, unless the mask is another. 4 is
 * "unrecognized UUID" and 0x10 "capabilities masked".
 */
static const uint8_t osc_method[] = {
	0x14, 0x43, 0x06, '_',  'O',  'S',  'C',  0x04, 0x8a, 0x6b, 0x00, 'S',
	'T',  'A',  'T',  0xa0, 0x25, 0x92, 0x93, 0x68, 0x11, 0x13, 0x0a, 0x10,
	0x5b, 0x4d, 0xdb, 0x33, 0xf7, 0x1f, 0x1c, 0x40, 0x96, 0x57, 0x74, 0x41,
	0xc0, 0x3d, 0xd7, 0x66, 0x7d, 'S',  'T',  'A',  'T',  0x0a, 0x04, 'S',
	'T',  'A',  'T',  0xa4, 0x6b, 0x8a, 0x6b, 0x0a, 0x08, 'C',  'T',  'R',
	'L',  0x7b, 'C',  'T',  'R',  'L',  0x0c, 0xff, 0xff, 0xff, 0xff, 0x60,
	0xa0, 0x19, 0x92, 0x93, 0x60, 'C',  'T',  'R',  'L',  0x7d, 'S',  'T',
	'A',  'T',  0x0a, 0x10, 'S',  'T',  'A',  'T',  0x70, 0x60, 'C',  'T',
	'R',  'L',  0xa4, 0x6b,
};

#define OSC_MASK           67
#define OSC_NATIVE_HOTPLUG 1u /* table 4-5 of PCI Firmware 3.2 */

/*
 * If a device of the VMM does hot plug by ACPI, the ports know nothing of their
 * cards. A kernel that asked the ports would drop all cards.
 */
static void append_osc(struct acpi *acpi, const struct machine_pci_host *host)
{
	uint8_t *osc = acpi_append(acpi, osc_method, sizeof(osc_method));

	if (host->has_acpi_hotplug)
		aml_set_dword(osc + OSC_MASK, ~OSC_NATIVE_HOTPLUG);
}

static void append_ports(struct acpi *acpi, const struct machine_pci_host *host,
                         uint64_t base, uint64_t end)
{
	uint64_t translation = 0;
	uint8_t flags = AML_IO_ENTIRE_RANGE;

	if (host->io_paddr != 0) {
		translation = host->io_paddr - host->io.base;
		flags |= AML_IO_TRANSLATES;
	}
	if (base < end)
		aml_add_qword_space(acpi, AML_SPACE_IO, flags, base, end - base,
		                    translation);
}

static void append_port_windows(struct acpi *acpi,
                                const struct machine_pci_host *host)
{
	uint64_t base = host->io.base;
	uint64_t end = base + host->io.size;

	if (host->has_port_access && base < CF8_BASE && end > CF8_BASE) {
		aml_add_io(acpi, CF8_BASE, CF8_SIZE);
		append_ports(acpi, host, base, CF8_BASE);
		base = CF8_BASE + CF8_SIZE;
	}
	append_ports(acpi, host, base, end);
}

static void append_windows(struct acpi *acpi,
                           const struct machine_pci_host *host, bool has_vga)
{
	const struct machine_range vga = { VGA_BASE, VGA_SIZE };
	uint8_t *resources = aml_open_resources(acpi);

	aml_add_buses(acpi, host->bus_first, host->bus_last);
	append_port_windows(acpi, host);
	if (has_vga)
		aml_add_window(acpi, &vga);
	aml_add_window(acpi, &host->mmio32);
	aml_add_window(acpi, &host->mmio64);
	aml_close_resources(acpi, resources);
}

/* Claims configuration space. Otherwise Linux takes MCFG for a mistake. */
static void append_ecam(struct acpi *acpi, const struct machine_pci_host *host)
{
	uint8_t *device = aml_open_device(acpi, AML_NAME4('E', 'C', 'A', 'M'));
	uint8_t *resources;

	aml_add_integer(acpi, AML_HID, AML_EISA_PNP(0x0c02));
	resources = aml_open_resources(acpi);
	aml_add_qword_space(acpi, AML_SPACE_MEMORY, AML_MEMORY_WRITABLE,
	                    host->ecam_paddr, host->ecam_size, 0);
	aml_close_resources(acpi, resources);
	aml_close(acpi, device);
}

static uint32_t host_name(uint32_t index)
{
	return AML_NAME4('P', 'C', 'I', '0' + index);
}

static void append_host(struct acpi *acpi, const struct machine *machine,
                        uint32_t index)
{
	const struct machine_pci_host *host = &machine->pci_hosts[index];
	uint8_t *device = aml_open_device(acpi, host_name(index));

	if (host->is_express) {
		aml_add_integer(acpi, AML_HID, AML_EISA_PNP(0x0a08));
		aml_add_integer(acpi, AML_CID, AML_EISA_PNP(0x0a03));
		append_osc(acpi, host);
	} else {
		aml_add_integer(acpi, AML_HID, AML_EISA_PNP(0x0a03));
	}
	aml_add_integer(acpi, AML_UID, index);
	if (host->segment != 0)
		aml_add_integer(acpi, AML_SEG, host->segment);
	if (host->bus_first != 0)
		aml_add_integer(acpi, AML_BBN, host->bus_first);
	/* A PC's devices are coherent without being told so. */
	if (machine->platform == MACHINE_PLATFORM_TREE)
		aml_add_integer(acpi, AML_CCA, host->is_dma_coherent);
	if (machine->node_count != 0 && host->node != 0)
		aml_add_integer(acpi, AML_PXM, host->node);
	append_windows(acpi, host, index == 0 && machine->pc.has_vga_window);
	if (host->ecam_paddr != 0)
		append_ecam(acpi, host);
	aml_close(acpi, device);
}

void acpi_append_pci_hosts(struct acpi *acpi, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->pci_host_count; i++) {
		/* ACPI has no way to describe a configuration space by CAM. */
		if (!machine->pci_hosts[i].is_cam)
			append_host(acpi, machine, i);
	}
}

#define INTX_PINS 4
#define SLOTS     32

/*
 * The state that a reset leaves, by the ICH9 datasheet, "Device 31 Interrupt
 * Pin Register" and those behind: from slot 25 on, pins A to D go to PIRQ A to
 * D; but the pins of slot 30 go to PIRQ E to H.
 */
#define ICH9_FIXED_SLOT  25
#define ICH9_BRIDGE_SLOT 30

/*
 *     Package (0x04) { 0x0000FFFF, 0x00, Zero, 0x00000000 }
 *
 * A row of the _PRT has all functions of a slot, one of their pins, and where
 * it goes. Zero says that the last number is the GSI itself, not of a link
 * device.
 */
struct prt_row {
	uint8_t package;
	uint8_t length; /* for itself and what follows, section 20.2.4 */
	uint8_t count;
	uint8_t address_prefix;
	uint16_t function;
	uint16_t slot;
	uint8_t pin_prefix;
	uint8_t pin;
	uint8_t source;
	uint8_t gsi_prefix;
	uint32_t gsi;
} PACKED;

static_assert(sizeof(struct prt_row) == 16, "ACPI 6.2.13");

#define ANY_FUNCTION 0xffff

static INLINE struct prt_row prt_row(uint32_t slot, uint32_t pin, uint32_t gsi)
{
	return (struct prt_row){
		.package = AML_PACKAGE,
		.length = sizeof(struct prt_row) -
		          offsetof(struct prt_row, length),
		.count = 4,
		.address_prefix = AML_DWORD,
		.function = ANY_FUNCTION,
		.slot = (uint16_t)slot,
		.pin_prefix = AML_BYTE,
		.pin = (uint8_t)pin,
		.source = AML_ZERO,
		.gsi_prefix = AML_DWORD,
		.gsi = gsi,
	};
}

/*
 * Fills the rows of a slot. Pin A goes to gsi[first], and the others to the
 * next ones, modulo four.
 */
static void fill_slot(struct prt_row *row, uint32_t slot, const uint32_t *gsi,
                      uint32_t first)
{
	row[0] = prt_row(slot, 0, gsi[first % INTX_PINS]);
	row[1] = prt_row(slot, 1, gsi[(first + 1) % INTX_PINS]);
	row[2] = prt_row(slot, 2, gsi[(first + 2) % INTX_PINS]);
	row[3] = prt_row(slot, 3, gsi[(first + 3) % INTX_PINS]);
}

/* Fills the rows of all slots, by the rule of struct machine_pci_host. */
static void fill_by_rule(struct prt_row *row,
                         const struct machine_pci_host *host)
{
	const uint32_t *low = host->intx_gsi, *high = low + INTX_PINS;
	bool is_ich9 = host->intx_count > INTX_PINS;

	for (uint32_t slot = 0; slot < SLOTS; slot++, row += INTX_PINS) {
		uint32_t turn = slot + host->intx_bias;

		if (!is_ich9)
			fill_slot(row, slot, low, turn);
		else if (slot < ICH9_FIXED_SLOT)
			fill_slot(row, slot, high, turn);
		else if (slot == ICH9_BRIDGE_SLOT)
			fill_slot(row, slot, high, 0);
		else
			fill_slot(row, slot, low, 0);
	}
}

static void fill_by_routes(struct prt_row *row,
                           const struct machine_pci_route *route,
                           uint32_t count)
{
	for (; count; count--, route++)
		*row++ = prt_row(route->slot, route->pin, route->gsi);
}

/*
 * Scope (PCI0) { Name (_PRT, Package (0x80) {}) }
 */
static void append_prt(struct acpi *acpi, const struct machine *machine,
                       uint32_t index)
{
	const struct machine_pci_host *host = &machine->pci_hosts[index];
	uint32_t count =
		host->intx_count ? SLOTS * INTX_PINS : host->route_count;
	uint8_t *scope = aml_open_scope(acpi, host_name(index));
	uint8_t *package = aml_open_package(acpi, AML_PRT, count);
	struct prt_row *rows = acpi_reserve(acpi, count * sizeof(*rows));

	if (host->intx_count)
		fill_by_rule(rows, host);
	else
		fill_by_routes(rows, &machine->pci_routes[host->route_first],
		               count);
	aml_close(acpi, package);
	aml_close(acpi, scope);
}

void acpi_append_pci_routing(struct acpi *acpi, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->pci_host_count; i++) {
		const struct machine_pci_host *host = &machine->pci_hosts[i];

		if (!host->is_cam && (host->intx_count || host->route_count))
			append_prt(acpi, machine, i);
	}
}
