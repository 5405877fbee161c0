/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_describe_x86.c - random PCs, and all that a kernel reads of
 * them
 *
 * A recorded machine gets other CPUs, nodes, RAM, UARTs, I/O APICs, PCI hosts
 * and slots, all of them such as probes can find. Its ACPI tables and SMBIOS
 * structures are read by a judge of our own.
 */
#include <string.h>

#include "arch/x86_64/describe/acpi_x86.h"
#include "common/describe/smbios.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/judge.h"
#include "tests/fuzz/random_machine.h"
#include "tests/unit/machines.h"

#define AREA_BASE   0x19000
#define AREA_SIZE   0x57000
#define CANARY_SIZE 64
#define CANARY      0x5a

static _Alignas(64) uint8_t area[AREA_SIZE + CANARY_SIZE];
static uint8_t smbios[0x400];
static struct machine machine;
static struct acpi acpi;

bool fuzz_begin(const char *program)
{
	(void)program;
	return true;
}

static void change_pc(struct fuzz_input *input, struct machine_pc *pc)
{
	pc->ioapic_count = 1 + fuzz_below(input, MACHINE_IOAPIC_MAX);
	for (uint32_t i = 0; i < pc->ioapic_count; i++)
		pc->ioapics[i] = (struct machine_ioapic){
			.id = i, .gsi_base = 24 * i, .paddr = 0xfec00000 + i
		};
	pc->override_count = fuzz_below(input, MACHINE_OVERRIDE_MAX + 1);
	for (uint32_t i = 0; i < pc->override_count; i++)
		pc->overrides[i] = (struct machine_override){
			.isa_irq = (uint8_t)i,
			.is_level = i & 1,
			.is_active_low = i & 2,
			.gsi = fuzz_u8(input),
		};
	pc->has_x2apic = fuzz_bool(input);
	pc->has_pic = fuzz_bool(input);
	pc->has_i8042 = fuzz_bool(input);
	pc->has_cmos_rtc = fuzz_bool(input);
	pc->has_vga_window = fuzz_bool(input);
	pc->hpet_paddr = fuzz_bool(input) ? 0xfed00000 : 0;
	pc->vtd_paddr = fuzz_bool(input) ? 0xfed90000 : 0;
	pc->vtd_host_address_width = 39;
	pc->pm.base = fuzz_bool(input) ? 0x600 : 0;
	pc->pm.gpe0_base = fuzz_bool(input) ? 0x620 : 0;
	pc->pm.gpe0_size = fuzz_bool(input) ? 16 : 4;
	pc->pm.lacks_timer = fuzz_bool(input);
	pc->pm.sleep_control_paddr = fuzz_bool(input) ? 0x3c0 : 0xfea00200;
}

static void change_uarts(struct fuzz_input *input)
{
	machine.uart_count = fuzz_below(input, MACHINE_UART_MAX + 1);
	for (uint32_t i = 0; i < machine.uart_count; i++) {
		bool is_port = !fuzz_bool(input);

		machine.uarts[i] = (struct machine_uart){
			.kind = is_port ? MACHINE_UART_16550_PORT
			                : MACHINE_UART_16550_MMIO,
			.base = is_port ? 0x3f8 - 0x100 * i
			                : 0xfe000000 + 0x1000 * i,
			.size = 8,
			.gsi = fuzz_u8(input),
			.baud = 9600 << i,
			.reg_shift = is_port ? 0 : i,
			.is_edge = i & 1,
		};
	}
}

static void judge(void)
{
	const struct judge_area tables = { area, AREA_BASE, acpi_used(&acpi) };
	uint64_t size = smbios_size(&machine);
	const struct judge_area structures = { smbios, (uintptr_t)smbios,
		                               size };
	uint8_t rsdp[36], anchor[24];

	acpi_write_rsdp(&acpi, rsdp);
	judge_acpi(&tables, rsdp);
	FUZZ_EXPECT(size <= sizeof(smbios));
	smbios_write_anchor(anchor, &machine,
	                    smbios_write(&machine, (uintptr_t)smbios));
	judge_smbios(&structures, anchor);
}

bool fuzz_run(struct fuzz_input *input)
{
	const struct acpi_fpdt_times times = { 11, 22, 33, 44 };

	machines_fill(fuzz_below(input, machines_count()), &machine);
	if (fuzz_bool(input)) {
		random_cpus(input, &machine, 0xffff);
		random_ram(input, &machine);
	}
	if (fuzz_bool(input))
		random_pci(input, &machine);
	if (fuzz_bool(input))
		random_slots(input, &machine);
	if (fuzz_bool(input)) {
		change_pc(input, &machine.pc);
		change_uarts(input);
	}
	machine.fw_cfg.is_present = fuzz_bool(input);
	if (machine.node_count) /* Then fw_cfg tells them, and no VMM's table.
	                         */
		machine.pc.table_count = 0;
	memset(area, CANARY, sizeof(area));
	acpi_begin_area(&acpi, area, AREA_BASE, AREA_SIZE);
	acpi_x86_build(&acpi, &machine, fuzz_bool(input) ? NULL : &times);
	judge();
	return true;
}

void fuzz_check(void)
{
	for (uint32_t i = 0; i < CANARY_SIZE; i++)
		FUZZ_EXPECT(area[AREA_SIZE + i] == CANARY);
}
