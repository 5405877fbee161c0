/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/probe.c - the order in which the machine becomes known
 *
 * Each fact comes from the first source that has it: fw_cfg, the door, the
 * VMM's tables, CPUID, the host bridge, CMOS. The probes also switch on what
 * the chipset needs to be usable.
 */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/clock.h"
#include "arch/x86_64/lib/lapic.h"
#include "arch/x86_64/lib/tsc.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/chipset.h"
#include "arch/x86_64/probe/cpus.h"
#include "arch/x86_64/probe/given.h"
#include "arch/x86_64/probe/named.h"
#include "arch/x86_64/probe/nodes.h"
#include "arch/x86_64/probe/ram.h"
#include "arch/x86_64/probe/ram_trial.h"
#include "arch/x86_64/probe/uart.h"
#include "common/arch.h"
#include "common/image.h"
#include "common/lib/console.h"

#define FW_CFG_PORT_DMA_HIGH 0x514
#define FW_CFG_DMA_SIGNATURE 0x554d4551 /* "QEMU", as the port reads */

/* CPUID.40000000: EBX of the hypervisor's signature. */
#define SIGNATURE_KVM    0x4b4d564b /* "KVMK" */
#define SIGNATURE_TCG    0x54474354 /* "TCGT" */
#define SIGNATURE_HYPERV 0x7263694d /* "Micr" */
#define SIGNATURE_XEN    0x566e6558 /* "XenV" */

/* What shifts by the width counts on this. */
#define ADDRESS_WIDTH_MIN 32
#define ADDRESS_WIDTH_MAX 52

static const char *door_name(enum door door)
{
	switch (door) {
	case DOOR_PVH:
		return "PVH";
	case DOOR_LINUX:
		return "Linux boot protocol";
	default:
		return "reset vector";
	}
}

static void fw_cfg_probe(struct fw_cfg *fw_cfg)
{
	if (cpu_inl(FW_CFG_PORT_DMA_HIGH) != FW_CFG_DMA_SIGNATURE)
		return;
	fw_cfg->is_present = true;
	fw_cfg_open(fw_cfg);
}

static enum machine_hypervisor hypervisor_by_signature(uint32_t ebx)
{
	switch (ebx) {
	case SIGNATURE_KVM:
		return MACHINE_HYPERVISOR_KVM;
	case SIGNATURE_TCG:
		return MACHINE_HYPERVISOR_TCG;
	case SIGNATURE_HYPERV:
		return MACHINE_HYPERVISOR_HYPERV;
	case SIGNATURE_XEN:
		return MACHINE_HYPERVISOR_XEN;
	default:
		return MACHINE_HYPERVISOR_OTHER;
	}
}

static void cpuid_probe(struct machine *machine)
{
	const struct cpuid features = cpu_cpuid(1, 0);

	machine->pc.lapic_paddr = LAPIC_BASE;
	machine->pc.has_x2apic = features.ecx >> 21 & 1;
	machine->pc.has_mtrr = features.edx >> 12 & 1;
	/* All processors with long mode have this leaf, SDM 2A, CPUID. */
	machine->pc.address_width = max_u64(
		min_u64(cpu_cpuid(0x80000008, 0).eax & 0xff, ADDRESS_WIDTH_MAX),
		ADDRESS_WIDTH_MIN);
	if (features.ecx >> 31)
		machine->hypervisor =
			hypervisor_by_signature(cpu_cpuid(0x40000000, 0).ebx);
}

/*
 * A VMM that takes the blob for a kernel may have put the APIC into x2APIC
 * mode. The way back leads through the disabled state, SDM 3A section 11.12.5.
 */
static void xapic_start(void)
{
	uint64_t base = cpu_rdmsr(MSR_APIC_BASE);

	if ((base & MSR_APIC_BASE_X2) != MSR_APIC_BASE_X2)
		return;
	cpu_wrmsr(MSR_APIC_BASE, base & ~MSR_APIC_BASE_X2);
	cpu_wrmsr(MSR_APIC_BASE,
	          (base & ~MSR_APIC_BASE_X2) | MSR_APIC_BASE_ENABLE);
}

#define MICROVM_DEVICES_END 0xfec20000
#define ROM_ALIGN           0x200000

/*
 * A large ROM reaches below the I/O APIC, where PCI devices may be placed. The
 * ROM's file may be filled up to a multiple of 2 MiB, and a page of headers may
 * precede the bundle. On microvm the ROM would lie over the I/O APICs and the
 * slots of virtio-mmio.
 */
static void keep_pci_off_rom(struct machine *machine,
                             const struct handoff *handoff)
{
	paddr_t rom = align_down(handoff->bundle_paddr - 0x1000, ROM_ALIGN);

	if (handoff->door != DOOR_RESET || !handoff->bundle_paddr ||
	    handoff->bundle_paddr >= handoff->blob_paddr)
		return;
	if (machine->platform == MACHINE_PLATFORM_MICROVM &&
	    rom < MICROVM_DEVICES_END)
		panic("ROM: at %#lx: hides devices below %#x", rom,
		      MICROVM_DEVICES_END);
	for (uint32_t i = 0; i < machine->pci_host_count; i++) {
		struct machine_range *window = &machine->pci_hosts[i].mmio32;

		if (window->base + window->size > rom && window->base < rom)
			window->size = rom - window->base;
	}
}

static bool is_in_ram(const struct machine *machine, paddr_t paddr)
{
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		if (paddr - machine->ram[i].base < machine->ram[i].size)
			return true;
	}
	return false;
}

/*
 * Maps a register that arch_stop() may write. One that is in RAM is none: the
 * VMM's table lies.
 */
static void map_register(const struct machine *machine,
                         struct machine_register *target)
{
	if (target->space != MACHINE_SPACE_MMIO)
		return;
	if (is_in_ram(machine, target->address))
		target->space = MACHINE_SPACE_NONE;
	else
		arch_map_device(target->address, 1);
}

NOINLINE const struct machine *arch_probe(struct machine *machine,
                                          const struct handoff *handoff,
                                          const struct machine_range *platform)
{
	(void)platform; /* the blob finds a PC without a device tree */
	given_read(machine, handoff);
	machine->door_name = door_name(handoff->door);
	cpuid_probe(machine);
	if (handoff->door != DOOR_RESET)
		xapic_start();
	fw_cfg_probe(&machine->fw_cfg);
	/* Through any other door, fw_cfg's kernel is this blob. */
	machine->given.has_kernel =
		machine->fw_cfg.is_present && handoff->door == DOOR_RESET;
	if (!igvm_probe_ram(machine, handoff) && !ram_probe(machine))
		ram_try(machine);
	uart_probe(machine, UART_COM1, 4);
	machine->platform = chipset_platform(machine);
	chipset_setup(machine);
	named_probe(machine);
	if (!igvm_probe_cpus(machine, handoff))
		cpus_probe(machine); /* by the VMM's tables, which tell more */
	keep_pci_off_rom(machine, handoff);
	tsc_start(machine);
	if (clock_has_pm_timer(machine))
		machine->pc.pm_start = clock_read_pm_timer(&machine->pc.pm);
	nodes_probe(machine);
	map_register(machine, &machine->reset);
	map_register(machine, &machine->power_off);
	return machine;
}
