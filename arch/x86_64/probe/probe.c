/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/probe.c - the ladder by which the machine becomes known
 *
 * Each fact comes from the first source that has it: fw_cfg, the door, the
 * VMM's tables, CPUID, the host bridge, CMOS. What the chipset needs to be
 * usable is switched on here too.
 */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/lapic.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/lib/x86.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/spec/fw_cfg.h"
#include "common/spec/bundle.h"

#define FW_CFG_PORT_DMA_HIGH 0x514
#define FW_CFG_PORT_DMA_LOW  0x518
#define FW_CFG_DMA_SIGNATURE 0x554d4551 /* "QEMU", as the port reads */

/* CPUID.40000000: EBX of the hypervisor's signature. */
#define SIGNATURE_KVM    0x4b4d564b /* "KVMK" */
#define SIGNATURE_TCG    0x54474354 /* "TCGT" */
#define SIGNATURE_HYPERV 0x7263694d /* "Micr" */
#define SIGNATURE_XEN    0x566e6558 /* "XenV" */

void arch_fw_cfg_start(struct machine *machine, struct fw_cfg_dma *dma)
{
	(void)machine;
	/* The high half stays 0; writing the low one starts the DMA. */
	cpu_outl(FW_CFG_PORT_DMA_LOW, __builtin_bswap32(paddr_of(dma)));
}

static void fw_cfg_discover(struct boot *boot)
{
	if (cpu_inl(FW_CFG_PORT_DMA_HIGH) != FW_CFG_DMA_SIGNATURE)
		return;
	boot->machine.has_fw_cfg = true;
	fw_cfg_open(&boot->fw_cfg, &boot->machine);
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

static void cpuid_discover(struct machine *machine)
{
	uint32_t features = cpu_cpuid(1, 0).ecx;

	machine->pc.lapic_paddr = LAPIC_BASE;
	machine->pc.has_x2apic = features >> 21 & 1;
	if (features >> 31)
		machine->hypervisor =
			hypervisor_by_signature(cpu_cpuid(0x40000000, 0).ebx);
}

/*
 * A VMM that has us for its kernel may have started the APIC in x2APIC mode.
 * The way back leads through off. SDM 3A section 11.12.5.
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

/* No UART answers where all bits of its line status read as set. */
static void uart_discover(struct machine *machine, uint16_t base, uint32_t irq)
{
	if (cpu_inb(base + 5) == 0xff)
		return;
	machine->uarts[machine->uart_count++] = (struct machine_uart){
		.kind = MACHINE_UART_16550_PORT,
		.base = base,
		.size = 8,
		.gsi = irq,
		.clock_hz = 1843200,
		.baud = 115200,
		.is_edge = true,
	};
}

#define MICROVM_DEVICES_END 0xfec20000

/*
 * A large ROM reaches below the I/O APIC, where PCI devices may be placed. Its
 * file is a multiple of 64 KiB, and a page of headers may precede the bundle.
 * On microvm it lies over the I/O APICs and virtio's slots.
 */
static void keep_pci_off_rom(struct boot *boot)
{
	const struct bundle_record *record = arch_bundle_record(boot);
	paddr_t rom = boot->blob_paddr + record->bundle_offset - 0x1000;

	if (boot->door != DOOR_RESET || record->bundle_offset >= 0)
		return;
	rom = align_down(rom, BLOB_SIZE);
	if (boot->fw_cfg.machine && !boot->machine.pc.has_low_shadow &&
	    rom < MICROVM_DEVICES_END)
		panic("ROM: at %#lx: hides devices below %#x", rom,
		      MICROVM_DEVICES_END);
	for (uint32_t i = 0; i < boot->machine.pci_host_count; i++) {
		struct machine_range *window =
			&boot->machine.pci_hosts[i].mmio32;

		if (window->base + window->size > rom && window->base < rom)
			window->size = rom - window->base;
	}
}

void arch_discover(struct boot *boot)
{
	struct machine *machine = &boot->machine;

	cpuid_discover(machine);
	if (boot->door != DOOR_RESET)
		xapic_start();
	fw_cfg_discover(boot);
	ram_discover(boot);
	uart_discover(machine, 0x3f8, 4);
	chipset_setup(boot);
	devices_discover(boot);
	keep_pci_off_rom(boot);
	tsc_start(boot);
	times_start(boot);
	cpus_discover(boot);
	numa_discover(boot);
	mtrr_setup(machine);
	smp_start(machine);
}
