/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/microvm.c - QEMU's machines without a chipset
 *
 * QEMU docs/system/i386/microvm.rst. What answers tells the machine's options.
 * With ACPI, the VMM has tables and an event device, perhaps a second I/O APIC,
 * perhaps PCI Express. Without ACPI there are only ISA interrupts. Without an
 * I/O APIC it is no microvm, but QEMU's isapc, an AT.
 */
#include "arch/x86_64/probe/microvm.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/memmap.h"
#include "common/machine/virtio_slots.h"

#define GED_BASE           0xfea00000
#define GED_SLEEP_CONTROL  0xfea00200
#define GED_SLEEP_STATUS   0xfea00201
#define GED_RESET          0xfea00202
#define GED_GSI            9
#define GED_POWER_BUTTON   0x2

#define VIRTIO_MMIO_BASE   0xfeb00000
#define VIRTIO_MMIO_STRIDE 0x200

#define IOAPIC2_BASE       0xfec10000
#define IOAPIC_SELECT      0x00
#define IOAPIC_WINDOW      0x10
#define IOAPIC_VERSION     1

#define ECAM_BASE          0xe0000000
#define ECAM_SIZE          0x10000000
#define MMIO32_BASE        0xc0000000
#define MMIO32_SIZE        0x20000000
#define ID_GPEX            0x00081b36

static bool has_ioapic(paddr_t base)
{
	cpu_write32(base + IOAPIC_SELECT, IOAPIC_VERSION);
	/* With 24 pins, the highest redirection entry is 23. */
	return (cpu_read32(base + IOAPIC_WINDOW) & 0xff0000) == 0x170000;
}

static void ged_describe(struct machine *machine)
{
	machine->ged = (struct machine_ged){
		.paddr = GED_BASE,
		.gsi = GED_GSI,
		.power_button_bit = GED_POWER_BUTTON,
	};
	machine->pc.pm.sleep_control_paddr = GED_SLEEP_CONTROL;
	machine->pc.pm.sleep_status_paddr = GED_SLEEP_STATUS;
	machine->pc.pm.s5_slp_typ = 5;
	machine->power_off = (struct machine_register){
		.space = MACHINE_SPACE_MMIO,
		.size = 1,
		.address = GED_SLEEP_CONTROL,
		.value = 0x34, /* SLP_EN, SLP_TYP 5 */
	};
	machine->reset = (struct machine_register){
		.space = MACHINE_SPACE_MMIO,
		.size = 1,
		.address = GED_RESET,
		.value = 0x42,
	};
}

static void slots_probe(struct machine *machine, uint32_t count, uint32_t gsi)
{
	const struct machine_virtio_mmio slots = {
		.paddr = VIRTIO_MMIO_BASE,
		.size = VIRTIO_MMIO_STRIDE,
		.gsi = gsi,
		.more_count = count - 1,
	};

	virtio_slots_add_used(machine, &slots);
}

/*
 * Describes the PCI host, GPEX. Its 64-bit window is the last quarter of the
 * address space.
 */
static void pcie_probe(struct machine *machine, uint32_t gsi_base)
{
	struct machine_pci_host *host = &machine->pci_hosts[0];
	uint32_t width = machine->pc.address_width;

	if (cpu_read32(ECAM_BASE) != ID_GPEX)
		return;
	*host = (struct machine_pci_host){
		.bus_last = 255,
		.is_express = true,
		.is_dma_coherent = true,
		.ecam_paddr = ECAM_BASE,
		.ecam_size = ECAM_SIZE,
		.mmio32 = { MMIO32_BASE, MMIO32_SIZE },
		.mmio64 = { 3ULL << (width - 2), 1ULL << (width - 2) },
		.intx_count = 4,
	};
	for (uint32_t i = 0; i < 4; i++)
		host->intx_gsi[i] = gsi_base + i;
	machine->pci_host_count = 1;
}

void microvm_probe(struct machine *machine)
{
	struct machine_pc *pc = &machine->pc;
	bool has_ioapic2;

	if (!machine->fw_cfg.files[FW_CFG_FILE_LOADER].size) { /* no ACPI */
		if (has_ioapic(IOAPIC_BASE))
			slots_probe(machine, 8, 5);
		else
			machine->platform = MACHINE_PLATFORM_ISA;
		return;
	}
	has_ioapic2 = has_ioapic(IOAPIC2_BASE);
	if (has_ioapic2)
		pc->ioapics[pc->ioapic_count++] = (struct machine_ioapic){
			.id = 1,
			.gsi_base = 24,
			.paddr = IOAPIC2_BASE,
		};
	ged_describe(machine);
	slots_probe(machine, has_ioapic2 ? 24 : 8, has_ioapic2 ? 24 : 16);
	pcie_probe(machine, has_ioapic2 ? 16 : 12);
}
