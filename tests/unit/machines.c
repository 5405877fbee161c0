/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/machines.c - recorded machines
 *
 * QEMU's machines are as the x86 probes found them under QEMU 7.2. Those of
 * Bochs, Firecracker and Cloud Hypervisor follow the VMMs' sources.
 */
#include "tests/unit/machines.h"

#include "common/spec/acpi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/test.h"

#define MIB      (1ull << 20)
#define GIB      (1ull << 30)
#define E820_RAM 1

static void add_ram(struct machine *machine, uint64_t base, uint64_t size,
                    uint32_t node)
{
	machine->ram[machine->ram_count++] =
		(struct machine_ram){ base, size, E820_RAM, node, 0 };
}

static void add_cpus(struct machine *machine, uint32_t count)
{
	machine->cpu_count = count;
	for (uint32_t i = 0; i < count; i++)
		machine->cpus[i] = (struct machine_cpu){ .id = i };
}

static void add_override(struct machine_pc *pc, uint8_t irq, uint32_t gsi,
                         bool is_level)
{
	pc->overrides[pc->override_count++] = (struct machine_override){
		.isa_irq = irq,
		.is_level = is_level,
		.gsi = gsi,
	};
}

static void set_reset(struct machine *machine, enum machine_space space,
                      uint64_t address, uint32_t value)
{
	machine->reset = (struct machine_register){ space, 1, address, value };
}

static void fill_common(struct machine *machine, uint32_t cpus)
{
	struct machine_pc *pc = &machine->pc;

	machine->hypervisor = MACHINE_HYPERVISOR_KVM;
	machine->uart_count = 1;
	machine->uarts[0] = (struct machine_uart){
		.kind = MACHINE_UART_16550_PORT,
		.gsi = 4,
		.baud = 115200,
		.clock_hz = 1843200,
		.base = 0x3f8,
		.size = 8,
		.is_edge = true,
	};
	pc->lapic_paddr = 0xfee00000;
	pc->ioapic_count = 1;
	pc->ioapics[0] = (struct machine_ioapic){ .paddr = 0xfec00000 };
	add_ram(machine, 0, 0x9fc00, 0);
	add_ram(machine, MIB, 127 * MIB, 0);
	add_cpus(machine, cpus);
}

static void add_pc_devices(struct machine_pc *pc)
{
	pc->has_pic = true;
	pc->has_pit = true;
	pc->has_i8042 = true;
	pc->has_cmos_rtc = true;
	pc->cmos_century = 0x32;
	pc->has_vga_window = true;
	add_override(pc, 0, 2, false);
	add_override(pc, 5, 5, true);
	add_override(pc, 9, 9, true);
	add_override(pc, 10, 10, true);
	add_override(pc, 11, 11, true);
	pc->hpet_paddr = 0xfed00000;
	pc->hpet_id = 0x8086a201;
}

/* QEMU's pc and q35 and Bochs have this in common. */
static void fill_pc_common(struct machine *machine, uint32_t cpus)
{
	fill_common(machine, cpus);
	add_pc_devices(&machine->pc);
	machine->pc.pm = (struct machine_pm){
		.base = 0x600,
		.gpe0_base = 0xafe0,
		.gpe0_size = 4,
		.sci_irq = 9,
		.smi_cmd = 0xb2,
		.acpi_enable = 0xf1,
		.acpi_disable = 0xf0,
	};
	set_reset(machine, MACHINE_SPACE_PORT, 0xcf9, 0x0f);
	machine->pci_host_count = 1;
	machine->pci_hosts[0] = (struct machine_pci_host){
		.bus_last = 255,
		.has_port_access = true,
		.is_dma_coherent = true,
		.has_acpi_hotplug = true,
		.io = { 0, 0x10000 },
		.mmio32 = { 128 * MIB, 0xfec00000 - 128 * MIB },
		.mmio64 = { 4 * GIB, 2 * GIB },
		.intx_count = 4,
		.intx_bias = 3,
		.intx_gsi = { 10, 10, 11, 11 },
	};
}

static void add_fw_cfg(struct machine *machine)
{
	machine->fw_cfg.is_present = true;
	machine->fw_cfg.size = 12;
}

static void fill_pc(struct machine *machine, uint32_t cpus)
{
	fill_pc_common(machine, cpus);
	add_fw_cfg(machine);
}

static void fill_q35(struct machine *machine, uint32_t cpus)
{
	struct machine_pci_host *host = &machine->pci_hosts[0];
	struct machine_pm *pm = &machine->pc.pm;

	fill_pc(machine, cpus);
	pm->gpe0_base = 0x620;
	pm->gpe0_size = 16;
	pm->acpi_enable = 2;
	pm->acpi_disable = 3;
	host->is_express = true;
	host->ecam_paddr = 0xb0000000;
	host->ecam_size = 256 * MIB;
	host->mmio32.base = 0xc0000000;
	host->mmio32.size = 0xfec00000 - 0xc0000000;
	host->mmio64.base = 0xc000000000;
	host->mmio64.size = 0x4000000000;
	host->intx_count = 8;
	host->intx_bias = 0;
	for (uint32_t i = 0; i < 8; i++)
		host->intx_gsi[i] = 16 + i;
}

static void fill_q35_nodes(struct machine *machine, uint32_t cpus)
{
	fill_q35(machine, cpus);
	machine->node_count = 4;
	machine->ram_count = 0;
	add_ram(machine, 0, 0x9fc00, 0);
	add_ram(machine, MIB, 511 * MIB, 0);
	add_ram(machine, 512 * MIB, 512 * MIB, 1);
	add_ram(machine, 1024 * MIB, 512 * MIB, 2);
	add_ram(machine, 4 * GIB, 512 * MIB, 3);
	for (uint32_t i = 0; i < machine->cpu_count; i++)
		machine->cpus[i].node = i % 4;
}

static void fill_q35_distances(struct machine *machine, uint32_t cpus)
{
	fill_q35_nodes(machine, cpus);
	machine->has_distances = true;
	for (uint32_t i = 0; i < 4; i++)
		for (uint32_t j = 0; j < 4; j++)
			machine->distances[i][j] =
				(uint8_t)(i == j ? 10 : 20 + i + j);
}

static void fill_q35_iommu(struct machine *machine, uint32_t cpus)
{
	fill_q35(machine, cpus);
	machine->pc.vtd_paddr = 0xfed90000;
	machine->pc.vtd_host_address_width = 39;
	machine->pc.vtd_remaps_interrupts = true;
}

static void fill_microvm(struct machine *machine, uint32_t cpus)
{
	struct machine_pc *pc = &machine->pc;

	fill_common(machine, cpus);
	add_fw_cfg(machine);
	pc->has_pic = true;
	pc->has_pit = true;
	pc->has_cmos_rtc = true;
	add_override(pc, 0, 2, false);
	machine->virtio_mmio_count = 8;
	for (uint32_t i = 0; i < 8; i++)
		machine->virtio_mmio[i] = (struct machine_virtio_mmio){
			.paddr = 0xfeb00000 + i * 0x200,
			.size = 0x200,
			.gsi = 5 + i,
		};
}

static void fill_microvm_acpi(struct machine *machine, uint32_t cpus)
{
	fill_microvm(machine, cpus);
	machine->ged = (struct machine_ged){
		.paddr = 0xfea00000,
		.gsi = 9,
		.power_button_bit = 2,
	};
	machine->pc.pm.sleep_control_paddr = 0xfea00200;
	machine->pc.pm.sleep_status_paddr = 0xfea00201;
	machine->pc.pm.s5_slp_typ = 5;
	set_reset(machine, MACHINE_SPACE_MMIO, 0xfea00202, 0x42);
	for (uint32_t i = 0; i < 8; i++)
		machine->virtio_mmio[i].gsi = 16 + i;
}

static void fill_microvm_ioapic2(struct machine *machine, uint32_t cpus)
{
	fill_microvm_acpi(machine, cpus);
	machine->pc.ioapic_count = 2;
	machine->pc.ioapics[1] = (struct machine_ioapic){
		.id = 1,
		.gsi_base = 24,
		.paddr = 0xfec10000,
	};
	machine->virtio_mmio_count = 1;
	machine->virtio_mmio[0] = (struct machine_virtio_mmio){
		.paddr = 0xfeb00000,
		.size = 0x200,
		.gsi = 24,
		.more_count = 23,
	};
}

static void add_gpex(struct machine *machine, uint32_t gsi)
{
	machine->pci_host_count = 1;
	machine->pci_hosts[0] = (struct machine_pci_host){
		.bus_last = 255,
		.is_express = true,
		.is_dma_coherent = true,
		.ecam_paddr = 0xe0000000,
		.ecam_size = 256 * MIB,
		.mmio32 = { 0xc0000000, 512 * MIB },
		.mmio64 = { 0xc000000000, 0x4000000000 },
		.intx_count = 4,
		.intx_gsi = { gsi, gsi + 1, gsi + 2, gsi + 3 },
	};
}

static void fill_microvm_pcie(struct machine *machine, uint32_t cpus)
{
	fill_microvm_ioapic2(machine, cpus);
	add_gpex(machine, 16);
}

static void fill_microvm_pcie_ioapic1(struct machine *machine, uint32_t cpus)
{
	fill_microvm_acpi(machine, cpus);
	add_gpex(machine, 12);
}

static void fill_bochs(struct machine *machine, uint32_t cpus)
{
	fill_pc_common(machine, cpus);
	machine->hypervisor = MACHINE_HYPERVISOR_NONE;
	machine->pc.pm.base = 0xb000;
	machine->pc.pm.smi_cmd = 0;
	machine->pci_hosts[0].mmio64.size = 0;
	for (uint32_t i = 0; i < 4; i++)
		machine->pci_hosts[0].intx_gsi[i] = 16 + i;
}

/* It has no PCI and no RTC. Only its keyboard controller turns it off. */
static void fill_firecracker(struct machine *machine, uint32_t cpus)
{
	fill_common(machine, cpus);
	machine->pc.has_i8042 = true;
	machine->virtio_mmio_count = 3;
	for (uint32_t i = 0; i < 3; i++)
		machine->virtio_mmio[i] = (struct machine_virtio_mmio){
			.paddr = 0xc0001000 + i * 0x1000,
			.size = 0x1000,
			.gsi = 5 + i,
			.is_edge = true,
		};
}

/* Host bridge 8086:0d57 has ECAM, one bus per segment, sleep ports, no UART. */
static void fill_cloud_hypervisor(struct machine *machine, uint32_t cpus)
{
	fill_common(machine, cpus);
	machine->uart_count = 0;
	machine->pc.has_cmos_rtc = true;
	machine->pc.pm.sleep_control_paddr = 0x3c0;
	machine->pc.pm.sleep_status_paddr = 0x3c0;
	machine->pc.pm.s5_slp_typ = 5;
	set_reset(machine, MACHINE_SPACE_PORT, 0x3c0, 1);
	machine->pci_host_count = 2;
	for (uint32_t i = 0; i < 2; i++)
		machine->pci_hosts[i] = (struct machine_pci_host){
			.segment = i,
			.is_express = true,
			.is_dma_coherent = true,
			.ecam_paddr = 0xe8000000 + i * MIB,
			.ecam_size = MIB,
			.mmio32 = { 0xc0000000 + i * 256 * MIB, 256 * MIB },
			.mmio64 = { (32 + i) * GIB, GIB },
		};
}

/* The VMM's own table, which is passed on. */
static const struct acpi_srat openvmm_srat = {
	.header = { .signature = 0x54415253, /* "SRAT" */
	            .length = sizeof(openvmm_srat),
	            .revision = 3,
	            .checksum = 0x5a, /* not that of the copy */
	            .oem_id = { 'H', 'V', 'L', 'I', 'T', 'E' } },
	.reserved1 = 1,
};

/*
 * It has a PM block, but no power button in it; VMBus, and PCI Express without
 * ports.
 */
static void fill_openvmm(struct machine *machine, uint32_t cpus)
{
	struct machine_pc *pc = &machine->pc;

	fill_common(machine, cpus);
	pc->has_pic = true;
	pc->has_pit = true;
	pc->has_cmos_rtc = true;
	add_override(pc, 0, 2, false);
	add_override(pc, 9, 9, true);
	pc->pm = (struct machine_pm){
		.base = 0x400,
		.gpe0_base = 0x40c,
		.gpe0_size = 4,
		.sci_irq = 9,
		.has_32_bit_timer = true,
		.lacks_power_button = true,
	};
	set_reset(machine, MACHINE_SPACE_PORT, 0x433, 1);
	machine->vmbus = (struct machine_vmbus){
		.is_present = true,
		.mmio = { { 0xf8000000, 96 * MIB }, { 8 * GIB, 512 * MIB } },
	};
	machine->uart_count = 2;
	machine->uarts[1] = machine->uarts[0];
	machine->uarts[1].base = 0x2f8;
	machine->uarts[1].gsi = 3;
	machine->pci_host_count = 1;
	machine->pci_hosts[0] = (struct machine_pci_host){
		.segment = 2,
		.bus_first = 32,
		.bus_last = 63,
		.is_express = true,
		.ecam_paddr = 0x140000000,
		.ecam_size = 32 * MIB,
		.mmio32 = { 0xe0000000, 2 * MIB },
		.mmio64 = { 64 * GIB, GIB },
	};
	machine->virtio_mmio_count = 1;
	machine->virtio_mmio[0] = (struct machine_virtio_mmio){
		.paddr = 0xf7fff000,
		.size = 0x1000,
		.gsi = 5,
	};
	pc->table_count = 1;
	pc->tables[0] =
		(struct machine_table){ &openvmm_srat, sizeof(openvmm_srat),
		                        openvmm_srat.header.signature };
}

/* No VMM has ECAM above 4 GiB, PCI in a node and UARTs in memory yet. */
static void fill_odd(struct machine *machine, uint32_t cpus)
{
	struct machine_pci_host *host = &machine->pci_hosts[0];

	fill_q35_nodes(machine, cpus);
	host->ecam_paddr = 64 * GIB;
	host->bus_first = 32;
	host->bus_last = 63;
	host->ecam_size = 32 * MIB;
	host->node = 2;
	host->has_port_access = false;
	host->intx_is_active_low = true;
	machine->uarts[0].kind = MACHINE_UART_16550_MMIO;
	machine->uarts[0].base = 0xfe000000;
	machine->uarts[0].reg_shift = 2;
	machine->uarts[0].size = 32;
	machine->uarts[0].gsi = 23;
	machine->uarts[0].baud = 0;
	machine->uart_count = 2;
	machine->uarts[1] = machine->uarts[0];
	machine->uarts[1].is_edge = false;
	for (uint32_t i = 0; i < machine->cpu_count; i++)
		machine->cpus[i].id = 2 * i;
}

static const struct {
	const char *name;
	void (*fill)(struct machine *machine, uint32_t cpus);
	uint32_t cpus;
} machines[] = {
	{ "pc", fill_pc, 1 },
	{ "pc-8", fill_pc, 8 },
	{ "pc-288", fill_pc, 288 },
	{ "q35", fill_q35, 1 },
	{ "q35-nodes", fill_q35_nodes, 8 },
	{ "q35-nodes-288", fill_q35_nodes, 288 },
	{ "q35-distances", fill_q35_distances, 4 },
	{ "q35-iommu-288", fill_q35_iommu, 288 },
	{ "q35-1024", fill_q35, 1024 },
	{ "microvm", fill_microvm, 1 },
	{ "microvm-acpi", fill_microvm_acpi, 1 },
	{ "microvm-ioapic2", fill_microvm_ioapic2, 2 },
	{ "microvm-pcie", fill_microvm_pcie, 1 },
	{ "microvm-pcie-ioapic1", fill_microvm_pcie_ioapic1, 1 },
	{ "bochs", fill_bochs, 4 },
	{ "firecracker", fill_firecracker, 2 },
	{ "cloud-hypervisor", fill_cloud_hypervisor, 2 },
	{ "openvmm", fill_openvmm, 2 },
	{ "odd", fill_odd, 200 },
};

unsigned machines_count(void)
{
	return sizeof(machines) / sizeof(machines[0]);
}

const char *machines_name(unsigned index)
{
	return machines[index].name;
}

void machines_fill(unsigned index, struct machine *machine)
{
	/* Elements behind a count must not be read, so they are garbage. */
	memset(machine, 0xa5, sizeof(*machine));
	memset(machine, 0, MACHINE_CLEAR_SIZE);
	machines[index].fill(machine, machines[index].cpus);
}

void machines_fill_named(const char *name, struct machine *machine)
{
	for (unsigned i = 0; i < machines_count(); i++) {
		if (strcmp(machines_name(i), name) == 0) {
			machines_fill(i, machine);
			return;
		}
	}
	printf("no machine \"%s\"\n", name);
	exit(1);
}
