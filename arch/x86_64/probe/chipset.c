/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/chipset.c - the host bridge, and what it leaves to firmware
 *
 * i440FX/PIIX (Intel 290549, 290562), Q35/ICH9 (Intel 319970, 316972) and
 * machines without either. The blob programs only what Linux counts on: RAM at
 * E0000, which the door has made (door/shadow.S), the ACPI registers' base,
 * ECAM, interrupt routing. It leaves BARs and bus numbers alone; Linux assigns
 * them within the windows of the DSDT.
 */
#include "arch/x86_64/probe/chipset.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/lapic.h"
#include "arch/x86_64/lib/pci.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/microvm.h"
#include "common/arch.h"

#define ID_PIIX3   0x70008086

#define PM_BASE    0x600
#define SMBUS_BASE 0x700
#define SMI_CMD    0xb2 /* APM control; QEMU switches SCI_EN by it */

/*
 * PIRQ A to D go to the ISA interrupts that SeaBIOS takes. Linux makes them
 * level in ELCR if it uses the 8259s.
 */
#define PIRQ_ISA_ROUTES 0x0b0b0a0a

/* AMD's processors repeat bits of leaf 1 in leaf 80000001, Intel's do not. */
#define EXTENDED_FPU 0x1

/*
 * Sets up virtual wire mode, MultiProcessor Specification 1.4 section 3.6.2.2:
 * the 8259's interrupts reach the boot processor through LINT0. When Linux
 * tests its timer, it relies on the state of LINT0. It sets LINT1 itself.
 */
static void lapic_virtual_wire(void)
{
	cpu_write32(LAPIC_BASE + LAPIC_SVR, LAPIC_SVR_ENABLE);
	cpu_write32(LAPIC_BASE + LAPIC_LVT_LINT0, LAPIC_LVT_EXTINT);
}

static void add_override(struct machine *machine, uint8_t isa_irq, uint32_t gsi,
                         bool is_level)
{
	machine->pc.overrides[machine->pc.override_count++] =
		(struct machine_override){
			.isa_irq = isa_irq,
			.gsi = gsi,
			.is_level = is_level,
		};
}

/*
 * Describes the devices of an AT: 8259s, an 8254 on pin 2 of the I/O APIC, and
 * PCI interrupts that are level.
 */
static void at_devices(struct machine *machine)
{
	struct machine_pc *pc = &machine->pc;

	/* Under KVM, Linux takes its timer for granted, without a test. */
	if (machine->hypervisor != MACHINE_HYPERVISOR_KVM)
		lapic_virtual_wire();
	pc->has_pic = true;
	pc->has_pit = true;
	pc->has_i8042 = true;
	pc->has_cmos_rtc = true;
	pc->cmos_century = 0x32;
	pc->has_vga_window = true;

	pc->ioapic_count = 1;
	pc->ioapics[0] = (struct machine_ioapic){ .paddr = IOAPIC_BASE };
	add_override(machine, 0, 2, false);
	add_override(machine, 5, 5, true);
	add_override(machine, 9, 9, true);
	add_override(machine, 10, 10, true);
	add_override(machine, 11, 11, true);

	machine->reset = (struct machine_register){
		.space = MACHINE_SPACE_PORT,
		.size = 1,
		.address = 0xcf9,
		.value = 0x0f,
	};
}

/*
 * Describes the PM block. PIIX4 and ICH9 differ in the size of GPE0 and in
 * SMI_CMD's values.
 */
static void pm_describe(struct machine *machine, uint16_t gpe0_base,
                        uint8_t gpe0_size, uint8_t enable, uint8_t disable)
{
	machine->pc.pm = (struct machine_pm){
		.base = PM_BASE,
		.gpe0_base = gpe0_base,
		.gpe0_size = gpe0_size,
		.sci_irq = 9,
		.smi_cmd = SMI_CMD,
		.acpi_enable = enable,
		.acpi_disable = disable,
	};
	machine->power_off = (struct machine_register){
		.space = MACHINE_SPACE_PORT,
		.size = 2,
		.address = PM_BASE + 4,
		.value = 0x2000, /* SLP_EN, SLP_TYP 0 */
	};
}

static void hpet_discover(struct machine *machine)
{
	uint32_t id = cpu_read32(HPET_BASE);

	if (id >> 16 != 0x8086)
		return;
	machine->pc.hpet_paddr = HPET_BASE;
	machine->pc.hpet_id = id;
}

#define VTD_EXTENDED_CAPABILITY 0x10

/* Intel VT-d specification section 10.4: reads version and capabilities. */
static void vtd_discover(struct machine *machine)
{
	uint32_t version = cpu_read32(VTD_BASE);

	if (!version || version == PCI_ID_NONE)
		return;
	machine->pc.vtd_paddr = VTD_BASE;
	machine->pc.vtd_remaps_interrupts =
		cpu_read32(VTD_BASE + VTD_EXTENDED_CAPABILITY) >> 3 & 1;
	machine->pc.vtd_host_address_width =
		(cpu_read32(VTD_BASE + 8) >> 16 & 0x3f) + 1;
}

/*
 * Returns how many address bits the processor takes for sure. QEMU says 40
 * unless told to ask the host; if the host's processor has fewer, it faults on
 * what is beyond. All of AMD's have 40, others 36, 39, or more than 40.
 * Above 46 bits, drivers of kernels before 5.0 fail.
 */
static uint32_t address_width(const struct machine *machine)
{
	uint32_t extended = *(const uint32_t *)paddr_ptr(CPU_EXTENDED);
	uint32_t width = machine->pc.address_width;

	if (width == 40 && !(extended & EXTENDED_FPU))
		return 36;
	return min_u64(width, 46);
}

/*
 * Sets the windows that RAM leaves: one above low RAM, one above all RAM.
 * Returns the lowest address at which the latter could begin. If a range of RAM
 * wraps, memory_init() refuses it later.
 */
static paddr_t pci_windows(struct machine *machine,
                           struct machine_pci_host *host, paddr_t mmio32_base)
{
	paddr_t low_end = 0, high_end = FOUR_GIB;
	uint32_t width = address_width(machine);

	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_ram *ram = &machine->ram[i];
		paddr_t end = ram->base + ram->size;

		if (ram->type != MEMORY_RAM)
			continue;
		if (ram->base < IOAPIC_BASE)
			low_end = max_u64(low_end, end);
		high_end = max_u64(high_end, end);
	}
	low_end = min_u64(max_u64(low_end, mmio32_base), IOAPIC_BASE);
	host->io = (struct machine_range){ 0, 0x10000 };
	host->mmio32 = (struct machine_range){ low_end, IOAPIC_BASE - low_end };

	/*
	 * The window is a quarter of the address space, at its end, naturally
	 * aligned.
	 */
	high_end = align_up(high_end, 1ULL << 30);
	if (width > 36 && 3ULL << (width - 2) >= high_end)
		host->mmio64 = (struct machine_range){ 3ULL << (width - 2),
			                               1ULL << (width - 2) };
	return high_end;
}

static struct machine_pci_host *add_host(struct machine *machine)
{
	struct machine_pci_host *host =
		&machine->pci_hosts[machine->pci_host_count++];

	*host = (struct machine_pci_host){
		.has_port_access = true,
		.bus_last = 255,
		.is_dma_coherent = true,
	};
	return host;
}

#define IDE_DECODE 0x80008000 /* both channels; else Linux finds no disk */

/* 82441FX with PIIX3 at slot 1: ISA bridge .0, IDE .1, power management .3. */
static void i440fx_setup(struct machine *machine)
{
	struct machine_pci_host *host = add_host(machine);

	pci_write32(PCI_ADDRESS(1, 0, 0x60), PIRQ_ISA_ROUTES);
	pci_write32(PCI_ADDRESS(1, 1, 0x40), IDE_DECODE);
	pci_write32(PCI_ADDRESS(1, 3, 0x40), PM_BASE | 1);
	pci_write8(PCI_ADDRESS(1, 3, 0x80), 1);
	pci_write32(PCI_ADDRESS(1, 3, 0x90), SMBUS_BASE | 1);
	pci_write8(PCI_ADDRESS(1, 3, 0xd2), 9);

	at_devices(machine);
	pm_describe(machine, 0xafe0, 4, 0xf1, 0xf0);
	hpet_discover(machine);

	pci_windows(machine, host, 0);
	host->intx_count = 4;
	host->intx_bias = 3;
	host->intx_gsi[0] = host->intx_gsi[1] = 10;
	host->intx_gsi[2] = host->intx_gsi[3] = 11;
}

#define Q35_ECAM_SIZE 0x10000000
#define BUS_ECAM_SIZE 0x100000
#define PCIHP_BASE    0xcc0      /* QEMU's; its older Q35s have none */
#define Q35_RCBA_BASE 0xfed1c000 /* Linux drives the watchdog through it */

#define Q35_LPC       (Q35_ECAM_BASE + (31 << 15)) /* slot 31, function 0 */
#define ACPI_ENABLE   0x80ULL

/*
 * MCH with ICH9. By ECAM, which door/shadow.S has made and whose page is mapped
 * for that, a write is one exit to the VMM instead of two. ACPI base and
 * control are next to each other. Linux gives the SMBus its ports, which are a
 * BAR.
 */
static void q35_setup(struct machine *machine)
{
	struct machine_pci_host *host = add_host(machine);

	arch_map_device(Q35_ECAM_BASE, BUS_ECAM_SIZE);
	cpu_write64(Q35_LPC + 0x40, ACPI_ENABLE << 32 | PM_BASE | 1);
	cpu_write32(Q35_LPC + 0xf0, Q35_RCBA_BASE | 1);

	at_devices(machine);
	pm_describe(machine, PM_BASE + 0x20, 16, 0x02, 0x03);
	hpet_discover(machine);
	vtd_discover(machine);

	host->is_express = true;
	host->ecam_paddr = Q35_ECAM_BASE;
	host->ecam_size = Q35_ECAM_SIZE;
	pci_windows(machine, host, Q35_ECAM_BASE + Q35_ECAM_SIZE);
	host->has_acpi_hotplug = cpu_inl(PCIHP_BASE) != PCI_ID_NONE;
	host->intx_count = 8;
	for (uint32_t i = 0; i < 8; i++)
		host->intx_gsi[i] = 16 + i;
}

/*
 * Describes a host bridge that the blob does not know, and does not program it.
 * Its VMM has placed the devices already, anywhere that is not RAM.
 */
static void unknown_setup(struct machine *machine)
{
	struct machine_pci_host *host = add_host(machine);
	struct machine_range *high = &host->mmio64;
	paddr_t end = 1ULL << machine->pc.address_width;

	at_devices(machine);
	high->base = pci_windows(machine, host, 0);
	high->size = end - min_u64(high->base, end);
}

/*
 * Describes a machine without a chipset: QEMU's microvm, or one that has what
 * else there is at other places, which its command line tells (Firecracker), or
 * which are known (igvm/power.c).
 */
static void bare_setup(struct machine *machine)
{
	struct machine_pc *pc = &machine->pc;

	pc->has_pic = true;
	pc->has_pit = true;
	cpu_outb(0x70, 0x0d); /* status D: 80h, battery good, if there is one */
	pc->has_cmos_rtc = cpu_inb(0x71) == 0x80;
	pc->ioapic_count = 1;
	pc->ioapics[0] = (struct machine_ioapic){ .paddr = IOAPIC_BASE };
	add_override(machine, 0, 2, false);
	if (machine->platform == MACHINE_PLATFORM_MICROVM)
		microvm_probe(machine);
}

enum machine_platform chipset_platform(const struct machine *machine)
{
	uint32_t id = *(const uint32_t *)paddr_ptr(HOST_BRIDGE_ID);
	uint16_t vendor = (uint16_t)id;

	/* libkrun, which has no PCI, answers by 0, or by what was written. */
	if (vendor == 0 || vendor == 0xffff)
		return machine->fw_cfg.is_present ? MACHINE_PLATFORM_MICROVM
		                                  : MACHINE_PLATFORM_BARE;
	if (id == PCI_ID_Q35)
		return MACHINE_PLATFORM_Q35;
	/* crosvm's host bridge has nothing of an i440FX behind it. */
	if (id == PCI_ID_I440FX &&
	    (machine->fw_cfg.is_present ||
	     pci_read32(PCI_ADDRESS(1, 0, 0)) == ID_PIIX3))
		return MACHINE_PLATFORM_I440FX;
	return MACHINE_PLATFORM_PCI;
}

/*
 * Code that restarts a PC by a jump to F000:FFF0 finds a real reset there: mov
 * $0xcf9, %dx; mov $6, %al; out %al, %dx; mov $0xfe, %al; out %al, $0x64; hlt.
 * So does Linux if ACPI is hardware-reduced, whatever registers the FADT names.
 * A chipset has made this RAM, of undefined content (door/shadow.S).
 * Elsewhere a VMM's firmware may be there.
 */
static void reset_vector(const struct machine *machine)
{
	volatile uint64_t *vector = paddr_ptr(RESTART_BASE);

	if (!machine_has_low_shadow(machine) && *vector)
		return;
	vector[0] = 0xfeb0ee06b00cf9ba;
	vector[1] = 0xf464e6;
}

void chipset_setup(struct machine *machine)
{
	switch (machine->platform) {
	case MACHINE_PLATFORM_I440FX:
		i440fx_setup(machine);
		break;
	case MACHINE_PLATFORM_Q35:
		q35_setup(machine);
		break;
	case MACHINE_PLATFORM_PCI:
		unknown_setup(machine);
		break;
	default:
		bare_setup(machine);
		if (machine->platform == MACHINE_PLATFORM_ISA)
			lapic_virtual_wire();
	}
	reset_vector(machine);
}
