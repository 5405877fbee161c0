/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/acpi_tables.c - tables that both architectures have
 *
 * ACPI 6.4 sections 5.2.16 (SRAT), 5.2.17 (SLIT) and 5.2.23 (FPDT); PCI
 * Firmware Specification 3.2 (MCFG); Microsoft's Serial Port Console
 * Redirection Table.
 */
#include "common/describe/acpi.h"

#include "common/lib/string.h"

#define BUS_SIZE 0x100000ull /* of configuration space, in bytes */

/* MCFG: where configuration space is, if any host bridge has it in memory. */
void acpi_add_mcfg(struct acpi *acpi, const struct machine *machine)
{
	bool has_any = false;

	for (uint32_t i = 0; i < machine->pci_host_count; i++) {
		const struct machine_pci_host *host = &machine->pci_hosts[i];
		const struct acpi_mcfg_entry entry = {
			.base_address =
				host->ecam_paddr - host->bus_first * BUS_SIZE,
			.segment = (uint16_t)host->segment,
			.bus_first = (uint8_t)host->bus_first,
			.bus_last = (uint8_t)host->bus_last,
		};

		if (host->ecam_paddr == 0 || host->is_cam)
			continue;
		if (!has_any)
			acpi_begin(acpi, "MCFG", ACPI_MCFG_REVISION,
			           sizeof(struct acpi_mcfg));
		has_any = true;
		acpi_append(acpi, &entry, sizeof(entry));
	}
	if (has_any)
		acpi_end_listed(acpi);
}

/* SLIT: how far nodes are from each other, if there are several. */
void acpi_add_slit(struct acpi *acpi, const struct machine *machine)
{
	uint32_t count = machine->node_count;
	struct acpi_slit *slit;

	if (count < 2)
		return;
	slit = acpi_begin(acpi, "SLIT", ACPI_SLIT_REVISION, sizeof(*slit));
	slit->locality_count = count;
	for (uint32_t i = 0; i < count; i++) {
		uint8_t *row = acpi_reserve(acpi, count);

		if (machine->has_distances) {
			memcpy(row, machine->distances[i], count);
		} else {
			memset(row, ACPI_SLIT_REMOTE, count);
			row[i] = ACPI_SLIT_LOCAL;
		}
	}
	acpi_end_listed(acpi);
}

/* SRAT entries: which node each range of RAM belongs to. */
void acpi_append_srat_memory(struct acpi *acpi, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_ram *ram = &machine->ram[i];
		const struct acpi_srat_memory entry = {
			.type = ACPI_SRAT_MEMORY,
			.length = sizeof(entry),
			.proximity_domain = ram->node,
			.base = ram->base,
			.size = ram->size,
			.flags = ACPI_SRAT_ENABLED,
		};

		if (ram->type == MEMORY_RAM)
			acpi_append(acpi, &entry, sizeof(entry));
	}
}

/*
 * FPDT: when the boot was where. The record comes before the table that points
 * to it.
 */
void acpi_add_fpdt(struct acpi *acpi, const struct acpi_fpdt_times *times)
{
	const struct acpi_fbpt record = {
		.signature = load_le32("FBPT"),
		.length = sizeof(record),
		.type = ACPI_FPDT_BASIC_BOOT_RECORD,
		.record_length =
			sizeof(record) - offsetof(struct acpi_fbpt, type),
		.revision = 2,
		.reset_end = times->reset_end,
		.loader_load_image_start = times->load_start,
		.loader_start_image_start = times->load_end,
		.exit_boot_services_entry = times->load_end,
		.exit_boot_services_exit = times->exit,
	};
	const void *copy = acpi_append(acpi, &record, sizeof(record));
	struct acpi_fpdt *fpdt;

	acpi_align(acpi);
	fpdt = acpi_begin(acpi, "FPDT", ACPI_FPDT_REVISION, sizeof(*fpdt));
	fpdt->type = ACPI_FPDT_BASIC_POINTER;
	fpdt->length = sizeof(*fpdt) - sizeof(fpdt->header);
	fpdt->revision = 1;
	fpdt->fbpt_address = acpi_paddr(acpi, copy);
	acpi_end_listed(acpi);
}

/* Returns SPCR's code for a speed; 0 means as it was set up. */
static uint8_t spcr_baud_rate(uint32_t baud)
{
	switch (baud) {
	case 9600:
		return 3;
	case 19200:
		return 4;
	case 57600:
		return 6;
	case 115200:
		return 7;
	default:
		return 0;
	}
}

uint8_t acpi_uart_type(enum machine_uart_kind kind)
{
	switch (kind) {
	case MACHINE_UART_PL011:
		return ACPI_SPCR_PL011;
	case MACHINE_UART_SBSA:
		return ACPI_SPCR_SBSA;
	case MACHINE_UART_16550_PORT:
	case MACHINE_UART_16550_MMIO:
	case MACHINE_UART_NONE:
		break;
	}
	return ACPI_SPCR_16550;
}

struct acpi_gas acpi_uart_address(const struct machine_uart *uart)
{
	bool is_port = uart->kind == MACHINE_UART_16550_PORT;
	bool is_16550 = is_port || uart->kind == MACHINE_UART_16550_MMIO;
	bool is_byte = is_16550 && uart->reg_shift != 2;

	return (struct acpi_gas){
		.space_id = is_port ? ACPI_SPACE_IO : ACPI_SPACE_MEMORY,
		.bit_width = is_16550 ? (uint8_t)(8u << uart->reg_shift) : 32,
		.access_size = is_byte ? ACPI_ACCESS_BYTE : ACPI_ACCESS_DWORD,
		.address = uart->base,
	};
}

/* SPCR: the console, for kernels that are told to find it here (`earlycon`). */
void acpi_add_spcr(struct acpi *acpi, const struct machine *machine,
                   uint8_t interrupt_type)
{
	const struct machine_uart *uart = &machine->uarts[0];
	struct acpi_spcr *spcr;

	if (machine->uart_count == 0)
		return;
	spcr = acpi_begin(acpi, "SPCR", ACPI_SPCR_REVISION, sizeof(*spcr));
	spcr->interface_type = acpi_uart_type(uart->kind);
	spcr->base_address = acpi_uart_address(uart);
	spcr->interrupt_type = uart->gsi ? interrupt_type : 0;
	spcr->irq = (uint8_t)(uart->gsi < 16 ? uart->gsi : 0);
	spcr->gsi = uart->gsi;
	spcr->baud_rate = spcr_baud_rate(uart->baud);
	spcr->stop_bits = ACPI_SPCR_STOP_1;
	spcr->terminal_type = ACPI_SPCR_VT_UTF8;
	spcr->pci_device_id = ACPI_SPCR_NO_PCI;
	spcr->pci_vendor_id = ACPI_SPCR_NO_PCI;
	acpi_end_listed(acpi);
}
