/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/acpi_pci.c - PCI host bridges of the DSDT
 *
 * PCI Firmware Specification 3.2, chapter 4; ACPI 6.4 sections 6.2.13 (_PRT)
 * and 6.2.11 (_OSC). All PCI is owned by the kernel: there is no firmware left
 * that could share it.
 */
#include "common/acpi_devices.h"

#include "common/aml.h"

#define CF8_BASE       0xcf8
#define CF8_SIZE       8
#define VGA_BASE       0xa0000
#define VGA_SIZE       0x20000
#define FOUR_GIB       (1ull << 32)
#define INTX_PINS      4
#define Q35_FIRST_SLOT 25 /* from here on, slots use PIRQ A to D */

/*
 * Method (_OSC, 4, NotSerialized) {
 *         If (Arg0 != ToUUID ("33db4d5b-1ff7-401c-9657-7441c03dd766")) {
 *                 CreateDWordField (Arg3, Zero, STAT)
 *                 STAT |= 0x04
 *         }
 *         Return (Arg3)
 * }
 *
 * Grants whatever the kernel asks for; 4 is "unrecognized UUID".
 */
static const uint8_t osc_method[] = {
	0x14, 0x33, '_',  'O',  'S',  'C',  0x04, 0xa0, 0x2a, 0x92, 0x93,
	0x68, 0x11, 0x13, 0x0a, 0x10, 0x5b, 0x4d, 0xdb, 0x33, 0xf7, 0x1f,
	0x1c, 0x40, 0x96, 0x57, 0x74, 0x41, 0xc0, 0x3d, 0xd7, 0x66, 0x8a,
	0x6b, 0x00, 'S',  'T',  'A',  'T',  0x7d, 'S',  'T',  'A',  'T',
	0x0a, 0x04, 'S',  'T',  'A',  'T',  0xa4, 0x6b,
};

/*
 * Device (LNKA) {
 *         Name (_HID, EisaId ("PNP0C0F"))
 *         Name (_UID, 0x00)
 *         Name (_PRS, ResourceTemplate () {
 *                 Interrupt (ResourceConsumer, Level, ActiveHigh,
 *                            Shared) { 0x00000000 }
 *         })
 *         Method (_CRS, 0, NotSerialized) { Return (_PRS) }
 *         Method (_SRS, 1, NotSerialized) {}
 * }
 *
 * A link that is set up already, and has no other choice.
 */
static const uint8_t link_device[] = {
	0x5b, 0x82, 0x3d, 'L',  'N',  'K',  'A',  0x08, '_',  'H',  'I',
	'D',  0x0c, 0x41, 0xd0, 0x0c, 0x0f, 0x08, '_',  'U',  'I',  'D',
	0x0a, 0x00, 0x08, '_',  'P',  'R',  'S',  0x11, 0x0e, 0x0a, 0x0b,
	0x89, 0x06, 0x00, 0x09, 0x01, 0x00, 0x00, 0x00, 0x00, 0x79, 0x00,
	0x14, 0x0b, '_',  'C',  'R',  'S',  0x00, 0xa4, '_',  'P',  'R',
	'S',  0x14, 0x06, '_',  'S',  'R',  'S',  0x01,
};

enum link_offset {
	LINK_LETTER = 6,
	LINK_UID = 23,
	LINK_FLAGS = 36,
	LINK_GSI = 38,
};

/*
 * Method (_PRT, 0, NotSerialized) {
 *         Local0 = Package (0x80) {}
 *         Local1 = Zero
 *         While (Local1 < 0x80) {
 *                 Local2 = Local1 >> 0x02
 *                 Local3 = (Local1 + Local2 + 0x00) & 0x03
 *
 * Local1 counts slots and pins, Local2 is the slot, Local3 becomes the link.
 */
static const uint8_t prt_head[] = {
	0x14, 0x80, 0x00, 0x00, '_',  'P',  'R',  'T',  0x00, /* Method */
	0x70, 0x12, 0x02, 0x80, 0x60, 0x70, 0x00, 0x61,       /* Local0 */
	0xa2, 0x80, 0x00, 0x00, 0x95, 0x61, 0x0a, 0x80,       /* While */
	0x7a, 0x61, 0x0a, 0x02, 0x62,                         /* Local2 */
	0x7b, 0x72, 0x72, 0x61, 0x62, 0x00, 0x0a, 0x00, 0x00, /* Local3 */
	0x0a, 0x03, 0x63,
};

enum prt_offset {
	PRT_METHOD_LENGTH = 1,
	PRT_WHILE_LENGTH = 18,
	PRT_BIAS = 37,
};

/*
 *                 If (Local2 < 0x19) { Local3 += 0x04 }
 */
static const uint8_t prt_upper_links[] = {
	0xa0, 0x0a, 0x95, 0x62, 0x0a, Q35_FIRST_SLOT,
	0x72, 0x63, 0x0a, 0x04, 0x63,
};

/*
 *                 If (Local1 == 0x00) { Local3 = 0x04 }
 */
static const uint8_t prt_sci[] = {
	0xa0, 0x09, 0x93, 0x61, 0x0a, 0x00, 0x70, 0x0a, 0x04, 0x63,
};

#define PRT_SCI_INDEX 5

/*
 *                 If (Local3 == 0x00) {
 *                         Local4 = Package (0x04) { Zero, Zero, LNKA, Zero }
 *                 }
 */
static const uint8_t prt_link[] = {
	0xa0, 0x11, 0x93, 0x63, 0x0a, 0x00, 0x70, 0x12, 0x09,
	0x04, 0x00, 0x00, 'L',  'N',  'K',  'A',  0x00, 0x64,
};

enum prt_link_offset {
	PRT_LINK_INDEX = 5,
	PRT_LINK_LETTER = 15,
};

/*
 *                 Local4 [Zero] = (Local2 << 0x10) | 0xFFFF
 *                 Local4 [One] = Local1 & 0x03
 *                 Local0 [Local1] = Local4
 *                 Local1++
 *         }
 *         Return (Local0)
 * }
 */
static const uint8_t prt_loop_tail[] = {
	0x7d, 0x79, 0x62, 0x0a, 0x10, 0x00, 0x0b, 0xff, 0xff, 0x88,
	0x64, 0x00, 0x00, 0x7b, 0x61, 0x0a, 0x03, 0x88, 0x64, 0x01,
	0x00, 0x70, 0x64, 0x88, 0x60, 0x61, 0x00, 0x75, 0x61,
};

static const uint8_t prt_tail[] = { 0xa4, 0x60 };

/* The links of one host, numbered from `uid` on. */
static void append_link(struct acpi *acpi, const struct machine_pci_host *host,
                        uint32_t index, uint32_t gsi, uint32_t uid)
{
	uint8_t *link = acpi_append(acpi, link_device, sizeof(link_device));

	link[LINK_LETTER] = (uint8_t)('A' + index);
	link[LINK_UID] = (uint8_t)uid;
	if (host->intx_is_active_low)
		link[LINK_FLAGS] |= AML_INTERRUPT_ACTIVE_LOW;
	acpi_store32(link + LINK_GSI, gsi);
}

/*
 * Where a PIIX is the ISA bridge, its power management function claims pin A
 * of its slot, but is wired to the SCI. That is the fifth link then.
 */
static bool has_sci_link(const struct machine_pci_host *host,
                         const struct machine *machine)
{
	return host->has_isa_bridge && host->intx_count == INTX_PINS &&
	       machine->pc.pm.base != 0;
}

static void append_routing(struct acpi *acpi,
                           const struct machine_pci_host *host, bool has_sci)
{
	uint32_t count = host->intx_count + has_sci;
	uint8_t *head = acpi_append(acpi, prt_head, sizeof(prt_head));

	head[PRT_BIAS] = (uint8_t)host->intx_bias;
	if (host->intx_count > INTX_PINS)
		acpi_append(acpi, prt_upper_links, sizeof(prt_upper_links));
	if (has_sci) {
		uint8_t *sci = acpi_append(acpi, prt_sci, sizeof(prt_sci));

		sci[PRT_SCI_INDEX] = (uint8_t)(host->isa_slot * INTX_PINS);
	}
	for (uint32_t i = 0; i < count; i++) {
		uint8_t *link = acpi_append(acpi, prt_link, sizeof(prt_link));

		link[PRT_LINK_INDEX] = (uint8_t)i;
		link[PRT_LINK_LETTER] = (uint8_t)('A' + i);
	}
	acpi_append(acpi, prt_loop_tail, sizeof(prt_loop_tail));
	aml_close(acpi, head + PRT_WHILE_LENGTH);
	acpi_append(acpi, prt_tail, sizeof(prt_tail));
	aml_close(acpi, head + PRT_METHOD_LENGTH);
}

static void append_port_windows(struct acpi *acpi,
                                const struct machine_pci_host *host)
{
	uint64_t base = host->io.base;
	uint64_t end = base + host->io.size;

	if (host->io.size == 0)
		return;
	if (host->io_paddr != 0) {
		aml_add_qword_space(acpi, AML_SPACE_IO,
		                    AML_IO_ENTIRE_RANGE | AML_IO_TRANSLATES,
		                    base, host->io.size, host->io_paddr - base);
		return;
	}
	if (host->has_port_access && base < CF8_BASE &&
	    end > CF8_BASE + CF8_SIZE) {
		aml_add_io(acpi, CF8_BASE, CF8_SIZE);
		aml_add_word_space(acpi, AML_SPACE_IO, AML_IO_ENTIRE_RANGE,
		                   base, CF8_BASE - base);
		base = CF8_BASE + CF8_SIZE;
	}
	if (end - base > UINT16_MAX)
		aml_add_qword_space(acpi, AML_SPACE_IO, AML_IO_ENTIRE_RANGE,
		                    base, end - base, 0);
	else
		aml_add_word_space(acpi, AML_SPACE_IO, AML_IO_ENTIRE_RANGE,
		                   base, end - base);
}

static void append_windows(struct acpi *acpi,
                           const struct machine_pci_host *host, bool has_vga)
{
	uint8_t *resources = aml_open_resources(acpi);

	aml_add_word_space(acpi, AML_SPACE_BUS, 0, host->bus_first,
	                   host->bus_last - host->bus_first + 1);
	append_port_windows(acpi, host);
	if (has_vga)
		aml_add_dword_memory(acpi, AML_MEMORY_CACHEABLE, VGA_BASE,
		                     VGA_SIZE);
	if (host->mmio32.size != 0)
		aml_add_dword_memory(acpi, AML_MEMORY_WRITABLE,
		                     host->mmio32.base, host->mmio32.size);
	if (host->mmio64.size != 0)
		aml_add_qword_space(acpi, AML_SPACE_MEMORY, AML_MEMORY_WRITABLE,
		                    host->mmio64.base, host->mmio64.size, 0);
	aml_close_resources(acpi, resources);
}

/* Claims the configuration space, or Linux takes MCFG for a mistake. */
static void append_ecam(struct acpi *acpi, const struct machine_pci_host *host)
{
	uint8_t *device = aml_open_device(acpi, AML_NAME4('E', 'C', 'A', 'M'));
	uint8_t *resources;

	aml_add_eisa_id(acpi, AML_HID, AML_EISA_PNP(0x0c02));
	resources = aml_open_resources(acpi);
	if (host->ecam_paddr + host->ecam_size <= FOUR_GIB)
		aml_add_memory32(acpi, host->ecam_paddr, host->ecam_size);
	else
		aml_add_qword_space(acpi, AML_SPACE_MEMORY, AML_MEMORY_WRITABLE,
		                    host->ecam_paddr, host->ecam_size, 0);
	aml_close_resources(acpi, resources);
	aml_close(acpi, device);
}

static void append_host(struct acpi *acpi, const struct machine *machine,
                        uint32_t index)
{
	const struct machine_pci_host *host = &machine->pci_hosts[index];
	bool has_sci = has_sci_link(host, machine);
	uint32_t uid = index * (MACHINE_PCI_INTX_MAX + 1);
	uint8_t *device =
		aml_open_device(acpi, AML_NAME4('P', 'C', 'I', '0' + index));

	aml_add_eisa_id(acpi, AML_HID,
	                host->is_express ? AML_EISA_PNP(0x0a08)
	                                 : AML_EISA_PNP(0x0a03));
	if (host->is_express) {
		aml_add_eisa_id(acpi, AML_CID, AML_EISA_PNP(0x0a03));
		acpi_append(acpi, osc_method, sizeof(osc_method));
	}
	aml_add_integer(acpi, AML_UID, index);
	aml_add_integer(acpi, AML_SEG, host->segment);
	aml_add_integer(acpi, AML_BBN, host->bus_first);
	if (machine->pc.lapic_paddr == 0) /* PCs are coherent, untold */
		aml_add_integer(acpi, AML_CCA, host->is_dma_coherent);
	if (machine->node_count != 0 && host->node != 0)
		aml_add_integer(acpi, AML_PXM, host->node);
	append_windows(acpi, host, index == 0 && machine->pc.has_vga_window);
	if (host->ecam_paddr != 0)
		append_ecam(acpi, host);
	for (uint32_t i = 0; i < host->intx_count; i++)
		append_link(acpi, host, i, host->intx_gsi[i], uid + i);
	if (has_sci)
		append_link(acpi, host, INTX_PINS, machine->pc.pm.sci_irq,
		            uid + INTX_PINS);
	if (host->intx_count != 0)
		append_routing(acpi, host, has_sci);
	aml_close(acpi, device);
}

void acpi_append_pci_hosts(struct acpi *acpi, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->pci_host_count; i++)
		append_host(acpi, machine, i);
}
