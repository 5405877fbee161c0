/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/acpi_pci.c - PCI host bridges of the DSDT
 *
 * PCI Firmware Specification 3.2, chapter 4; ACPI 6.4 sections 6.2.13 (_PRT)
 * and 6.2.11 (_OSC). All PCI is owned by the kernel: there is no firmware left
 * that could share it.
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
 * With hot plug as a device of its own, for ACPI, the ports know nothing of
 * their cards, and a kernel that asked them would drop all.
 */
static void append_osc(struct acpi *acpi, const struct machine_pci_host *host)
{
	uint8_t *osc = acpi_append(acpi, osc_method, sizeof(osc_method));

	if (host->has_acpi_hotplug)
		acpi_store32(osc + OSC_MASK, ~OSC_NATIVE_HOTPLUG);
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

static void append_memory(struct acpi *acpi, const struct machine_range *window)
{
	if (window->size != 0)
		aml_add_qword_space(acpi, AML_SPACE_MEMORY, AML_MEMORY_WRITABLE,
		                    window->base, window->size, 0);
}

static void append_windows(struct acpi *acpi,
                           const struct machine_pci_host *host, bool has_vga)
{
	const struct machine_range vga = { VGA_BASE, VGA_SIZE };
	uint8_t *resources = aml_open_resources(acpi);

	aml_add_buses(acpi, host->bus_first, host->bus_last);
	append_port_windows(acpi, host);
	if (has_vga)
		append_memory(acpi, &vga);
	append_memory(acpi, &host->mmio32);
	append_memory(acpi, &host->mmio64);
	aml_close_resources(acpi, resources);
}

/* Claims the configuration space, or Linux takes MCFG for a mistake. */
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
	uint8_t *device;

	acpi_reserve(acpi, 0); /* room for what follows */
	device = aml_open_device(acpi, host_name(index));
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
	if (machine->pc.lapic_paddr == 0) /* PCs are coherent, untold */
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
		/* ACPI knows no way to a configuration space by CAM. */
		if (!machine->pci_hosts[i].is_cam)
			append_host(acpi, machine, i);
	}
}

#define INTX_PINS 4
#define SLOTS     32

/*
 * ICH9 datasheet, "Device 31 Interrupt Pin Register" and those behind, as a
 * reset leaves them: from slot 25 on, pins A to D are PIRQ A to D; but those of
 * slot 30 are PIRQ E to H.
 */
#define ICH9_FIXED_SLOT  25
#define ICH9_BRIDGE_SLOT 30
#define ICH9_FIXED_COUNT 6

/*
 * Package (0x04) { 0x0000FFFF, 0x00, Zero, 0x00000000 }
 *
 * as two words: any function of the slot in bits 23:16, and the pin; the GSI
 * itself instead of a link device.
 */
#define PRT_WORD0      0x0000ffff0c040f12
#define PRT_SLOT_SHIFT 48
#define PRT_WORD1      0x000000000c00000a
#define PRT_PIN_SHIFT  8
#define PRT_GSI_SHIFT  32
#define PRT_SUM        0x45 /* of the bytes above, modulo 256 */
#define PRT_SIZE       (SLOTS * INTX_PINS * sizeof(struct prt_entry))
#define PRT_COUNT      (SLOTS * INTX_PINS)

struct prt_entry {
	struct acpi_qword words[2];
};

/*
 * Scope (PCI0) { Name (_PRT, Package (0x80) {}) }
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

static struct prt_entry *append_prt_head(struct acpi *acpi, uint32_t index)
{
	struct prt_head *head =
		acpi_reserve(acpi, (uint32_t)(sizeof(*head) + PRT_SIZE));

	head->scope = AML_SCOPE;
	head->scope_name = host_name(index);
	head->name = AML_NAME;
	head->name_segment = AML_NAME4('_', 'P', 'R', 'T');
	head->package = AML_PACKAGE;
	head->count = PRT_COUNT;
	aml_close(acpi, head->package_length);
	aml_close(acpi, head->scope_length);
	return (struct prt_entry *)(head + 1);
}

/* Of one slot, twice, to begin anywhere. Returns the sum of one slot's bytes.
 */
static uint32_t make_pins(uint64_t *word1, const uint32_t *gsi)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < INTX_PINS; i++) {
		word1[i] = PRT_WORD1 | (uint64_t)gsi[i] << PRT_GSI_SHIFT;
		word1[i + INTX_PINS] = word1[i];
		sum += PRT_SUM + i + gsi[i] + (gsi[i] >> 8);
	}
	return sum;
}

/* Returns the sum of the bytes written; see struct machine_pci_host. */
static uint32_t fill_slots(struct prt_entry *entry,
                           const struct machine_pci_host *host)
{
	uint64_t turned[2 * INTX_PINS], fixed[2 * INTX_PINS];
	bool is_ich9 = host->intx_count > INTX_PINS;
	uint64_t word0 = PRT_WORD0;
	uint32_t sum;

	if (is_ich9)
		sum = ICH9_FIXED_COUNT * make_pins(fixed, host->intx_gsi) +
		      (SLOTS - ICH9_FIXED_COUNT) *
		              make_pins(turned, host->intx_gsi + INTX_PINS);
	else
		sum = SLOTS * make_pins(turned, host->intx_gsi);
	for (uint32_t slot = 0; slot < SLOTS; slot++) {
		const uint64_t *pins =
			turned + (slot + host->intx_bias) % INTX_PINS;

		if (is_ich9 && slot >= ICH9_FIXED_SLOT)
			pins = slot == ICH9_BRIDGE_SLOT ? turned : fixed;
		entry[0].words[0].value = word0;
		entry[0].words[1].value = pins[0];
		entry[1].words[0].value = word0;
		entry[1].words[1].value = pins[1] + (1 << PRT_PIN_SHIFT);
		entry[2].words[0].value = word0;
		entry[2].words[1].value = pins[2] + (2 << PRT_PIN_SHIFT);
		entry[3].words[0].value = word0;
		entry[3].words[1].value = pins[3] + (3 << PRT_PIN_SHIFT);
		entry += INTX_PINS;
		word0 += 1ull << PRT_SLOT_SHIFT;
	}
	/* Every slot has itself in each of its entries. */
	return sum + SLOTS * (SLOTS - 1) / 2 * INTX_PINS;
}

void acpi_append_pci_routing(struct acpi *acpi, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->pci_host_count; i++) {
		const struct machine_pci_host *host = &machine->pci_hosts[i];
		struct prt_entry *entries;

		if (host->is_cam || host->intx_count == 0)
			continue;
		entries = append_prt_head(acpi, i);
		acpi_sum_before(acpi, (uint8_t *)entries);
		acpi_declare_sum(acpi, fill_slots(entries, host));
	}
}
