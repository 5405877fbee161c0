/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/acpi_dsdt.c - the DSDT of an Arm machine: its devices,
 * in AML
 *
 * ACPI 6.4 section 5.3. Arm DEN0093 defines the IDs of Arm's devices. Each byte
 * array below is the compiled form of the ASL in the comment above it.
 */
#include "arch/aarch64/describe/acpi_dsdt.h"

#include "common/describe/acpi_devices.h"
#include "common/describe/aml.h"

/*
 * Name (_AEI, ResourceTemplate () {
 *         GpioInt (Edge, ActiveHigh, ExclusiveAndWake, PullUp,
 *                  0, "GPO0", 0, ResourceConsumer) { 3 }
 * })
 * Method (_EVT, 1, NotSerialized) { Notify (PWRB, 0x80) }
 */
static const uint8_t power_key_events[] = {
	0x08, '_',  'A',  'E',  'I',  0x11, 0x23, 0x0a, 0x20, 0x8c, 0x1b,
	0x00, 0x01, 0x00, 0x01, 0x00, 0x11, 0x00, 0x01, 0x00, 0x00, 0x00,
	0x00, 0x17, 0x00, 0x00, 0x19, 0x00, 0x1e, 0x00, 0x00, 0x00, 0x03,
	0x00, 'G',  'P',  'O',  '0',  0x00, 'y',  0x00, 0x14, 0x0d, '_',
	'E',  'V',  'T',  0x01, 0x86, 'P',  'W',  'R',  'B',  0x0a, 0x80,
};

#define POWER_KEY_PIN 32 /* the offset of the pin number in those bytes */

/* Adds registers of `size` bytes, and one interrupt unless `gsi` is 0. */
static void add_resources(struct acpi *acpi, uint64_t base, uint64_t size,
                          uint32_t gsi, bool is_edge)
{
	uint8_t *resources = aml_open_resources(acpi);

	aml_add_registers(acpi, base, size);
	if (gsi)
		aml_add_interrupt(acpi, gsi, is_edge ? AML_INTERRUPT_EDGE : 0);
	aml_close_resources(acpi, resources);
}

static void append_uart(struct acpi *acpi, const struct machine_uart *uart,
                        uint32_t number)
{
	uint8_t *device =
		aml_open_device(acpi, AML_NAME4('C', 'O', 'M', '0' + number));

	switch (uart->kind) {
	case MACHINE_UART_PL011:
		aml_add_string(acpi, AML_HID, "ARMH0011");
		break;
	case MACHINE_UART_SBSA:
		aml_add_string(acpi, AML_HID, "ARMHB000");
		break;
	case MACHINE_UART_16550_MMIO:
	case MACHINE_UART_16550_PORT:
	case MACHINE_UART_NONE:
		aml_add_integer(acpi, AML_HID, AML_EISA_PNP(0x0501));
		break;
	}
	aml_add_integer(acpi, AML_UID, number);
	add_resources(acpi, uart->base, uart->size, uart->gsi, uart->is_edge);
	aml_close(acpi, device);
}

/*
 * Linux knows no ID for the PL031. Linux treats every device compatible with
 * ARMH0061 as a PrimeCell, and its ID registers say which one it is.
 */
static void append_rtc(struct acpi *acpi, const struct machine_arm *arm)
{
	uint8_t *device;

	if (!arm->pl031.size)
		return;
	device = aml_open_device(acpi, AML_NAME4('R', 'T', 'C', '0'));
	aml_add_string(acpi, AML_HID, "ARMH0031");
	aml_add_string(acpi, AML_CID, "ARMH0061");
	aml_add_integer(acpi, AML_UID, 0);
	add_resources(acpi, arm->pl031.base, arm->pl031.size, arm->pl031_intid,
	              false);
	aml_close(acpi, device);
}

static void append_power_key(struct acpi *acpi, const struct machine_arm *arm)
{
	uint8_t *device, *events;

	if (!arm->has_power_key)
		return;
	device = aml_open_device(acpi, AML_NAME4('G', 'P', 'O', '0'));
	aml_add_string(acpi, AML_HID, "ARMH0061");
	aml_add_integer(acpi, AML_UID, 0);
	add_resources(acpi, arm->pl061.base, arm->pl061.size, arm->pl061_intid,
	              false);
	events = acpi_append(acpi, power_key_events, sizeof(power_key_events));
	events[POWER_KEY_PIN] = (uint8_t)arm->pl061_power_pin;
	aml_close(acpi, device);

	device = aml_open_device(acpi, AML_NAME4('P', 'W', 'R', 'B'));
	aml_add_integer(acpi, AML_HID, AML_EISA_PNP(0x0c0c));
	aml_close(acpi, device);
}

static void append_fw_cfg(struct acpi *acpi, const struct machine *machine)
{
	uint8_t *device;

	if (!machine->fw_cfg.is_present)
		return;
	device = aml_open_device(acpi, AML_NAME4('F', 'W', 'C', 'F'));
	aml_add_string(acpi, AML_HID, "QEMU0002");
	aml_add_integer(acpi, AML_NAME4('_', 'S', 'T', 'A'), 0x0b);
	aml_add_integer(acpi, AML_CCA, 1);
	add_resources(acpi, machine->fw_cfg.paddr, machine->fw_cfg.size, 0,
	              false);
	aml_close(acpi, device);
}

/*
 * Method (_HID, 0, NotSerialized) { Return ("VMBUS") }
 *
 * The ID is a method because iasl does not accept this name as a constant.
 */
static const uint8_t vmbus_id[] = {
	0x14, 0x0e, '_', 'H', 'I', 'D', 0x00, 0xa4,
	0x0d, 'V',  'M', 'B', 'U', 'S', 0x00,
};

/* The module device (ACPI0004) owns the addresses that VMBus may assign. */
static void append_vmbus(struct acpi *acpi, const struct machine_vmbus *vmbus)
{
	uint8_t *module, *device, *resources;

	if (!vmbus->is_present)
		return;
	module = aml_open_device(acpi, AML_NAME4('V', 'M', 'O', 'D'));
	aml_add_string(acpi, AML_HID, "ACPI0004");
	aml_add_integer(acpi, AML_UID, 0);
	resources = aml_open_resources(acpi);
	aml_add_window(acpi, &vmbus->mmio[0]);
	aml_add_window(acpi, &vmbus->mmio[1]);
	aml_close_resources(acpi, resources);

	device = aml_open_device(acpi, AML_NAME4('V', 'M', 'B', 'S'));
	acpi_append(acpi, vmbus_id, sizeof(vmbus_id));
	aml_add_integer(acpi, AML_UID, 0);
	aml_add_integer(acpi, AML_CCA, 1);
	resources = aml_open_resources(acpi);
	aml_add_interrupt(acpi, vmbus->intid, AML_INTERRUPT_EDGE);
	aml_close_resources(acpi, resources);
	aml_close(acpi, device);
	aml_close(acpi, module);
}

void acpi_arm_add_dsdt(struct acpi *acpi, const struct machine *machine)
{
	uint8_t *system_bus;

	acpi_begin(acpi, "DSDT", ACPI_DSDT_REVISION,
	           sizeof(struct acpi_header));
	system_bus = aml_open_scope(acpi, AML_NAME4('_', 'S', 'B', '_'));
	for (uint32_t i = 0; i < machine->uart_count; i++)
		append_uart(acpi, &machine->uarts[i], i);
	append_rtc(acpi, &machine->arm);
	append_power_key(acpi, &machine->arm);
	acpi_append_ged(acpi, &machine->ged);
	append_fw_cfg(acpi, machine);
	acpi_append_pci_hosts(acpi, machine);
	append_vmbus(acpi, &machine->vmbus);
	acpi_append_virtio_mmio(acpi, machine);
	acpi_append_pci_routing(acpi, machine);
	acpi_append_cpus(acpi, machine->cpu_count);
	aml_close(acpi, system_bus);
	acpi->dsdt_paddr = acpi_table_paddr(acpi);
	acpi_end(acpi);
}
