/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/describe/acpi_dsdt.c - the DSDT of a PC: what is there, as AML
 *
 * ACPI 6.4 chapter 5.3 (namespace) and section 7.4.2 (\_Sx). Each fragment is
 * the compiled form of the ASL above it.
 */
#include "arch/x86_64/describe/acpi_dsdt.h"

#include "common/describe/acpi_devices.h"
#include "common/describe/aml.h"

/*
 * Device (RTC0) {
 *         Name (_HID, EisaId ("PNP0B00"))
 *         Name (_CRS, ResourceTemplate () {
 *                 IO (Decode16, 0x0070, 0x0070, 0x01, 0x02)
 *                 IRQNoFlags () { 8 }
 *         })
 * }
 */
static const uint8_t rtc_device[] = {
	0x5b, 0x82, 0x25, 'R',  'T',  'C',  '0',  0x08, '_',  'H',
	'I',  'D',  0x0c, 0x41, 0xd0, 0x0b, 0x00, 0x08, '_',  'C',
	'R',  'S',  0x11, 0x10, 0x0a, 0x0d, 0x47, 0x01, 0x70, 0x00,
	0x70, 0x00, 0x01, 0x02, 0x22, 0x00, 0x01, 0x79, 0x00,
};

/*
 * Device (KBD0) {
 *         Name (_HID, EisaId ("PNP0303"))
 *         Name (_CRS, ResourceTemplate () {
 *                 IO (Decode16, 0x0060, 0x0060, 0x01, 0x01)
 *                 IO (Decode16, 0x0064, 0x0064, 0x01, 0x01)
 *                 IRQNoFlags () { 1 }
 *         })
 * }
 * Device (MOU0) {
 *         Name (_HID, EisaId ("PNP0F13"))
 *         Name (_CRS, ResourceTemplate () { IRQNoFlags () { 12 } })
 * }
 */
static const uint8_t ps2_devices[] = {
	0x5b, 0x82, 0x2d, 'K',  'B',  'D',  '0',  0x08, '_',  'H',  'I',  'D',
	0x0c, 0x41, 0xd0, 0x03, 0x03, 0x08, '_',  'C',  'R',  'S',  0x11, 0x18,
	0x0a, 0x15, 0x47, 0x01, 0x60, 0x00, 0x60, 0x00, 0x01, 0x01, 0x47, 0x01,
	0x64, 0x00, 0x64, 0x00, 0x01, 0x01, 0x22, 0x02, 0x00, 0x79, 0x00, 0x5b,
	0x82, 0x1d, 'M',  'O',  'U',  '0',  0x08, '_',  'H',  'I',  'D',  0x0c,
	0x41, 0xd0, 0x0f, 0x13, 0x08, '_',  'C',  'R',  'S',  0x11, 0x08, 0x0a,
	0x05, 0x22, 0x00, 0x10, 0x79, 0x00,
};

/*
 * Device (HPET) {
 *         Name (_HID, EisaId ("PNP0103"))
 *         Name (_CRS, ResourceTemplate () {
 *                 Memory32Fixed (ReadOnly, 0x00000000, 0x00000400)
 *         })
 * }
 */
static const uint8_t hpet_device[] = {
	0x5b, 0x82, 0x26, 'H',  'P',  'E',  'T',  0x08, '_',  'H',
	'I',  'D',  0x0c, 0x41, 0xd0, 0x01, 0x03, 0x08, '_',  'C',
	'R',  'S',  0x11, 0x11, 0x0a, 0x0e, 0x86, 0x09, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x79, 0x00,
};

#define HPET_BASE 30

/*
 * Device (APIC) {
 *         Name (_HID, EisaId ("PNP0003"))
 *         Name (_CRS, ResourceTemplate () {
 *                 Memory32Fixed (ReadWrite, 0xFEE00000, 0x00001000)
 *                 Memory32Fixed (ReadWrite, 0x00000000, 0x00001000)
 *         })
 * }
 */
static const uint8_t apic_device[] = {
	0x5b, 0x82, 0x32, 'A',  'P',  'I',  'C',  0x08, '_',  'H',  'I',
	'D',  0x0c, 0x41, 0xd0, 0x00, 0x03, 0x08, '_',  'C',  'R',  'S',
	0x11, 0x1d, 0x0a, 0x1a, 0x86, 0x09, 0x00, 0x01, 0x00, 0x00, 0xe0,
	0xfe, 0x00, 0x10, 0x00, 0x00, 0x86, 0x09, 0x00, 0x01, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x79, 0x00,
};

#define APIC_IOAPIC_BASE 42

/*
 * Device (VMBS) {
 *         Method (_HID, 0, NotSerialized) { Return ("VMBUS") }
 *         Name (_CRS, ResourceTemplate () {})
 * }
 *
 * The ID is a method because iasl does not accept this name as a constant.
 */
static const uint8_t vmbus_device[] = {
	0x5b, 0x82, 0x1f, 'V',  'M',  'B',  'S',  0x14, 0x0e, '_',  'H',
	'I',  'D',  0x00, 0xa4, 0x0d, 'V',  'M',  'B',  'U',  'S',  0x00,
	0x08, '_',  'C',  'R',  'S',  0x11, 0x05, 0x0a, 0x02, 0x79, 0x00,
};

/*
 * Device (FWCF) {
 *         Name (_HID, "QEMU0002")
 *         Name (_STA, 0x0B)
 *         Name (_CRS, ResourceTemplate () {
 *                 IO (Decode16, 0x0510, 0x0510, 0x01, 0x0C)
 *         })
 * }
 */
static const uint8_t fw_cfg_device[] = {
	0x5b, 0x82, 0x2e, 'F',  'W',  'C',  'F',  0x08, '_',  'H',  'I',  'D',
	0x0d, 'Q',  'E',  'M',  'U',  '0',  '0',  '0',  '2',  0x00, 0x08, '_',
	'S',  'T',  'A',  0x0a, 0x0b, 0x08, '_',  'C',  'R',  'S',  0x11, 0x0d,
	0x0a, 0x0a, 0x47, 0x01, 0x10, 0x05, 0x10, 0x05, 0x01, 0x0c, 0x79, 0x00,
};

/*
 * Name (_S5, Package (0x04) { 0x00, 0x00, Zero, Zero })
 */
static const uint8_t s5_package[] = {
	0x08, '_',  'S',  '5',  '_',  0x12, 0x08,
	0x04, 0x0a, 0x00, 0x0a, 0x00, 0x00, 0x00,
};

enum s5_offset {
	S5_SLP_TYPA = 9,
	S5_SLP_TYPB = 11,
};

/*
 * Appends Device (COM1), PNP0501, and so on. The UIDs count from 1, as the
 * names of the ports do.
 */
static void append_uart(struct acpi *acpi, const struct machine_uart *uart,
                        uint32_t number)
{
	uint8_t *device =
		aml_open_device(acpi, AML_NAME4('C', 'O', 'M', '0' + number));
	uint8_t *resources;

	aml_add_integer(acpi, AML_HID, AML_EISA_PNP(0x0501));
	aml_add_integer(acpi, AML_UID, number);
	resources = aml_open_resources(acpi);
	if (uart->kind == MACHINE_UART_16550_PORT)
		aml_add_io(acpi, uart->base, uart->size);
	else
		aml_add_memory32(acpi, uart->base, uart->size);
	aml_add_interrupt(acpi, uart->gsi,
	                  uart->is_edge ? AML_INTERRUPT_EDGE : 0);
	aml_close_resources(acpi, resources);
	aml_close(acpi, device);
}

static void append_legacy_devices(struct acpi *acpi,
                                  const struct machine *machine)
{
	const struct machine_pc *pc = &machine->pc;

	if (!machine->fw_cfg.is_present) /* QEMU's own tables have none */
		aml_set_dword((uint8_t *)acpi_append(acpi, apic_device,
		                                     sizeof(apic_device)) +
		                      APIC_IOAPIC_BASE,
		              pc->ioapics[0].paddr);
	for (uint32_t i = 0; i < machine->uart_count; i++)
		append_uart(acpi, &machine->uarts[i], 1 + i);
	if (pc->has_cmos_rtc)
		acpi_append(acpi, rtc_device, sizeof(rtc_device));
	if (pc->has_i8042)
		acpi_append(acpi, ps2_devices, sizeof(ps2_devices));
	if (pc->hpet_paddr != 0) {
		uint8_t *hpet =
			acpi_append(acpi, hpet_device, sizeof(hpet_device));

		aml_set_dword(hpet + HPET_BASE, (uint32_t)pc->hpet_paddr);
	}
	if (machine->fw_cfg.is_present)
		acpi_append(acpi, fw_cfg_device, sizeof(fw_cfg_device));
}

/* The module device (ACPI0004) owns the addresses that VMBus may assign. */
static void append_vmbus(struct acpi *acpi, const struct machine_vmbus *vmbus)
{
	uint8_t *module, *resources;

	if (!vmbus->is_present)
		return;
	module = aml_open_device(acpi, AML_NAME4('V', 'M', 'O', 'D'));
	aml_add_string(acpi, AML_HID, "ACPI0004");
	resources = aml_open_resources(acpi);
	aml_add_window(acpi, &vmbus->mmio[0]);
	aml_add_window(acpi, &vmbus->mmio[1]);
	aml_close_resources(acpi, resources);
	acpi_append(acpi, vmbus_device, sizeof(vmbus_device));
	aml_close(acpi, module);
}

/* Appends \_S5, which turns the machine off, by PM1 or a sleep register. */
static void append_s5(struct acpi *acpi, const struct machine_pm *pm)
{
	uint8_t *s5;

	if (pm->base == 0 && pm->sleep_control_paddr == 0)
		return;
	s5 = acpi_append(acpi, s5_package, sizeof(s5_package));
	s5[S5_SLP_TYPA] = pm->s5_slp_typ;
	s5[S5_SLP_TYPB] = pm->s5_slp_typ;
}

void acpi_x86_add_dsdt(struct acpi *acpi, const struct machine *machine)
{
	uint8_t *system_bus;

	acpi_begin(acpi, "DSDT", ACPI_DSDT_REVISION,
	           sizeof(struct acpi_header));
	append_s5(acpi, &machine->pc.pm);
	system_bus = aml_open_scope(acpi, AML_NAME4('_', 'S', 'B', '_'));
	append_legacy_devices(acpi, machine);
	append_vmbus(acpi, &machine->vmbus);
	acpi_append_ged(acpi, &machine->ged);
	acpi_append_virtio_mmio(acpi, machine);
	acpi_append_pci_hosts(acpi, machine);
	acpi_append_pci_routing(acpi, machine);
	acpi_append_cpus(acpi, machine->cpu_count);
	aml_close(acpi, system_bus);
	acpi->dsdt_paddr = acpi_table_paddr(acpi);
	acpi_end(acpi);
}
