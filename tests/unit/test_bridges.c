/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_bridges.c - host bridges that the blob programs, or describes
 *
 * PCI configuration space is a list of what was written through ports CF8 and
 * CFC. Only functions that have an ID answer.
 */
#include <string.h>

#include "arch/x86_64/lib/lapic.h"
#include "arch/x86_64/lib/pci.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/chipset.h"
#include "common/arch.h"
#include "common/machine/fw_cfg.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define ID_PIIX3   0x70008086
#define MIB        0x100000ULL
#define GIB        0x40000000ULL
#define WRITE_MAX  64
#define HPET_ID    0x8086a201
#define VTD_BASE   0xfed90000
#define ECAM_BASE  0xe0000000
#define SLOT_BASE  0xfeb00000
#define IOAPIC2    0xfec10000
#define RESET_CODE 0xffff0

static struct machine machine;

/* What the machine has. 0: it has none. */
static struct {
	uint32_t host_id, isa_id, hotplug;
	uint32_t hpet, vtd, vtd_extended, gpex;
	bool lacks_ioapic, has_ioapic2;
	uint8_t rtc;        /* its status D */
	uint32_t slot_mask; /* virtio-mmio slots with a device */
} has;

static uint32_t config_address, ioapic_select, ioapic2_select;
static struct {
	uint32_t address, value, size;
} writes[WRITE_MAX];
static uint32_t write_count;
static struct {
	paddr_t paddr;
	uint32_t value, size;
} stores[WRITE_MAX];
static uint32_t store_count;

static uint32_t in(uint16_t port, uint32_t size)
{
	if (port == 0xcfc && config_address == 0x80000000)
		return has.host_id ? has.host_id : UINT32_MAX;
	if (port == 0xcfc && config_address == 0x80000800)
		return has.isa_id ? has.isa_id : UINT32_MAX;
	if (port == 0xcc0)
		return has.hotplug ? has.hotplug : UINT32_MAX;
	if (port == 0x71)
		return has.rtc;
	EXPECT_EQ(size, 4);
	return UINT32_MAX;
}

static void out(uint16_t port, uint32_t size, uint32_t value)
{
	if (port == 0xcf8)
		config_address = value;
	if (port < 0xcfc || port > 0xcff)
		return;
	writes[write_count].address = config_address + (port & 3);
	writes[write_count].size = size;
	writes[write_count++].value = value;
}

static uint32_t read(paddr_t paddr, uint32_t size)
{
	EXPECT_EQ(size, 4);
	switch (paddr) {
	case HPET_BASE:
		return has.hpet;
	case VTD_BASE:
		return has.vtd;
	case VTD_BASE + 8:
		return 38 << 16;
	case VTD_BASE + 0x10:
		return has.vtd_extended ? has.vtd_extended : 1 << 3;
	case ECAM_BASE:
		return has.gpex;
	case IOAPIC_BASE + 0x10:
		return !has.lacks_ioapic && ioapic_select == 1 ? 0x170020 : 0;
	case IOAPIC2 + 0x10:
		return has.has_ioapic2 && ioapic2_select == 1 ? 0x170020 : 0;
	default:
		return 0;
	}
}

static void write(paddr_t paddr, uint32_t size, uint32_t value)
{
	if (paddr == IOAPIC_BASE)
		ioapic_select = value;
	if (paddr == IOAPIC2)
		ioapic2_select = value;
	stores[store_count].size = size;
	stores[store_count].paddr = paddr;
	stores[store_count++].value = value;
}

/* common/machine/virtio_slots.c asks the slots by this. */
uint32_t arch_device_read(paddr_t paddr, uint32_t size)
{
	uint32_t slot = (uint32_t)(paddr - SLOT_BASE) / 0x200;

	EXPECT_EQ(size, 4);
	if (paddr % 0x200 == 0)
		return 0x74726976;
	return has.slot_mask >> slot & 1 ? 2 : 0;
}

/* The processor has 40 bits of physical addresses, and is one of AMD's. */
static void start(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(&has, 0, sizeof(has));
	memset(paddr_ptr(RESET_CODE), 0, 8);
	write_count = store_count = 0;
	fake_map_clear();
	fake_cpu_clear();
	fake_cpu.in = in;
	fake_cpu.out = out;
	fake_cpu.read = read;
	fake_cpu.write = write;
	*(uint32_t *)paddr_ptr(CPU_EXTENDED) = 0x2fd3fbff;
	machine.pc.address_width = 40;
	machine.ram_count = 3;
	machine.ram[0] = (struct machine_ram){ 0, 2 * GIB, MEMORY_RAM, 0, 0 };
	machine.ram[1] =
		(struct machine_ram){ 3 * GIB, MIB, MEMORY_ACPI, 0, 0 };
	machine.ram[2] =
		(struct machine_ram){ 4 * GIB, GIB + MIB, MEMORY_RAM, 0, 0 };
}

/* door/shadow.S has read which host bridge there is. */
static enum machine_platform platform(void)
{
	*(uint32_t *)paddr_ptr(HOST_BRIDGE_ID) =
		has.host_id ? has.host_id : PCI_ID_NONE;
	return chipset_platform(&machine);
}

static void set_up(void)
{
	machine.platform = platform();
	chipset_setup(&machine);
}

static bool has_written(uint32_t address, uint32_t size, uint32_t value)
{
	for (uint32_t i = 0; i < write_count; i++)
		if (writes[i].address == (address | 0x80000000) &&
		    writes[i].size == size && writes[i].value == value)
			return true;
	return false;
}

static bool has_stored(paddr_t paddr, uint32_t size, uint32_t value)
{
	for (uint32_t i = 0; i < store_count; i++)
		if (stores[i].paddr == paddr && stores[i].size == size &&
		    stores[i].value == value)
			return true;
	return false;
}

/* PCI 3.0 section 3.2.2.3.2: address bits 1:0 are 0, data has four ports. */
static void each_byte_has_a_port_of_its_own(void)
{
	for (uint32_t i = 0; i < 4; i++) {
		start();
		pci_write8(0x80000bd0 + i, 0x77);
		EXPECT(fake_cpu_has_out(0xcf8, 4, 0x80000bd0));
		EXPECT(fake_cpu_has_out((uint16_t)(0xcfc + i), 1, 0x77));
		EXPECT_EQ(fake_cpu.out_count, 2);
	}
}

static void the_platform_is_told_by_its_host_bridge(void)
{
	start();
	has.host_id = PCI_ID_I440FX;
	has.isa_id = ID_PIIX3;
	EXPECT_EQ(platform(), MACHINE_PLATFORM_I440FX);
	has.isa_id = 0; /* crosvm's */
	EXPECT_EQ(platform(), MACHINE_PLATFORM_PCI);
	machine.fw_cfg.is_present = true;
	EXPECT_EQ(platform(), MACHINE_PLATFORM_I440FX);
	has.host_id = PCI_ID_Q35;
	EXPECT_EQ(platform(), MACHINE_PLATFORM_Q35);
	has.host_id = 0;
	EXPECT_EQ(platform(), MACHINE_PLATFORM_MICROVM);
	machine.fw_cfg.is_present = false;
	EXPECT_EQ(platform(), MACHINE_PLATFORM_BARE);
	has.host_id = 0x0d578086;
	EXPECT_EQ(platform(), MACHINE_PLATFORM_PCI);
}

static void expect_override(uint32_t index, uint8_t irq, uint32_t gsi,
                            bool is_level)
{
	const struct machine_override *override = &machine.pc.overrides[index];

	EXPECT_EQ(override->isa_irq, irq);
	EXPECT_EQ(override->gsi, gsi);
	EXPECT_EQ(override->is_level, is_level);
	EXPECT(!override->is_active_low);
}

static void expect_register(const struct machine_register *got,
                            enum machine_space space, uint32_t size,
                            paddr_t address, uint32_t value)
{
	EXPECT_EQ(got->space, space);
	EXPECT_EQ(got->size, size);
	EXPECT_EQ(got->address, address);
	EXPECT_EQ(got->value, value);
}

/* The ports that PIIX4 and ICH9 get: PM1_EVT at 600. */
static void expect_pm(uint16_t gpe0_base, uint8_t gpe0_size, uint8_t enable,
                      uint8_t disable)
{
	const struct machine_pm *pm = &machine.pc.pm;

	EXPECT_EQ(pm->base, 0x600);
	EXPECT_EQ(pm->gpe0_base, gpe0_base);
	EXPECT_EQ(pm->gpe0_size, gpe0_size);
	EXPECT_EQ(pm->sci_irq, 9);
	EXPECT_EQ(pm->smi_cmd, 0xb2);
	EXPECT_EQ(pm->acpi_enable, enable);
	EXPECT_EQ(pm->acpi_disable, disable);
	EXPECT_EQ(pm->s5_slp_typ, 0);
	EXPECT(!pm->has_32_bit_timer && !pm->lacks_timer);
	EXPECT(!pm->lacks_power_button && !pm->sleep_control_paddr);
	expect_register(&machine.power_off, MACHINE_SPACE_PORT, 2, 0x604,
	                0x2000);
}

/* The first host has all buses of segment 0. */
static void expect_host(bool is_express, bool has_port_access,
                        paddr_t ecam_paddr, uint64_t ecam_size)
{
	const struct machine_pci_host *host = &machine.pci_hosts[0];

	EXPECT_EQ(machine.pci_host_count, 1);
	EXPECT_EQ(host->segment, 0);
	EXPECT_EQ(host->bus_first, 0);
	EXPECT_EQ(host->bus_last, 255);
	EXPECT_EQ(host->has_port_access, has_port_access);
	EXPECT_EQ(host->is_express, is_express);
	EXPECT(host->is_dma_coherent && !host->intx_is_active_low);
	EXPECT_EQ(host->ecam_paddr, ecam_paddr);
	EXPECT_EQ(host->ecam_size, ecam_size);
	EXPECT_EQ(host->io.base, 0);
	EXPECT_EQ(host->io.size, has_port_access ? 0x10000 : 0);
}

static void expect_gsis(uint32_t count, uint32_t bias, uint32_t first)
{
	const struct machine_pci_host *host = &machine.pci_hosts[0];

	EXPECT_EQ(host->intx_count, count);
	EXPECT_EQ(host->intx_bias, bias);
	for (uint32_t i = 0; i < count; i++)
		EXPECT_EQ(host->intx_gsi[i], first + i);
}

/* Both chipsets have what an AT has. */
static void expect_an_at(void)
{
	const struct machine_pc *pc = &machine.pc;

	EXPECT_EQ(pc->cmos_century, 0x32);
	EXPECT_EQ(pc->ioapic_count, 1);
	EXPECT_EQ(pc->ioapics[0].id, 0);
	EXPECT_EQ(pc->ioapics[0].gsi_base, 0);
	expect_override(0, 0, 2, false);
	expect_override(1, 5, 5, true);
	expect_override(2, 9, 9, true);
	expect_override(3, 10, 10, true);
	expect_override(4, 11, 11, true);
	expect_register(&machine.reset, MACHINE_SPACE_PORT, 1, 0xcf9, 0x0f);
	EXPECT(has_stored(LAPIC_BASE + 0xf0, 4, 0x1ff));

	EXPECT(pc->has_pic && pc->has_pit && pc->has_i8042);
	EXPECT(pc->has_cmos_rtc && pc->has_vga_window);
	EXPECT_EQ(pc->ioapics[0].paddr, IOAPIC_BASE);
	EXPECT_EQ(pc->override_count, 5);
	EXPECT_EQ(pc->overrides[0].gsi, 2);
	EXPECT(!pc->overrides[0].is_level && pc->overrides[4].is_level);
	EXPECT(has_stored(LAPIC_BASE + LAPIC_LVT_LINT0, 4, LAPIC_LVT_EXTINT));
	EXPECT_EQ(machine.reset.address, 0xcf9);
}

static void an_i440fx_is_programmed(void)
{
	const struct machine_pci_host *host = &machine.pci_hosts[0];

	start();
	has.host_id = PCI_ID_I440FX;
	has.isa_id = ID_PIIX3;
	has.hpet = HPET_ID;
	set_up();
	expect_an_at();
	/* Intel 290562: PIRQs; IDE decoded; PM ports on; SMBus ports on */
	EXPECT_EQ(write_count, 6);
	EXPECT(has_written(0x0860, 4, 0x0b0b0a0a));
	EXPECT(has_written(0x0940, 4, 0x80008000));
	EXPECT(has_written(0x0b90, 4, 0x701));
	expect_pm(0xafe0, 4, 0xf1, 0xf0);
	expect_host(false, true, 0, 0);
	EXPECT(!host->has_acpi_hotplug);
	EXPECT_EQ(host->intx_count, 4);
	EXPECT_EQ(host->intx_gsi[0], 10);
	EXPECT_EQ(host->intx_gsi[1], 10);
	EXPECT_EQ(host->intx_gsi[2], 11);
	EXPECT(has_written(0x0b40, 4, 0x601));
	EXPECT(has_written(0x0b80, 1, 1));
	EXPECT(has_written(0x0bd2, 1, 9));
	EXPECT_EQ(machine.pc.pm.base, 0x600);
	EXPECT_EQ(machine.pc.pm.gpe0_base, 0xafe0);
	EXPECT_EQ(machine.pc.pm.acpi_enable, 0xf1);
	EXPECT_EQ(machine.power_off.address, 0x604);
	EXPECT_EQ(machine.pc.hpet_paddr, HPET_BASE);
	EXPECT_EQ(machine.pc.hpet_id, HPET_ID);
	EXPECT_EQ(machine.pci_host_count, 1);
	EXPECT_EQ(host->mmio32.base, 2 * GIB);
	EXPECT_EQ(host->mmio32.base + host->mmio32.size, IOAPIC_BASE);
	EXPECT_EQ(host->mmio64.base, 3ULL << 38);
	EXPECT_EQ(host->mmio64.size, 1ULL << 38);
	EXPECT_EQ(host->intx_bias, 3);
	EXPECT_EQ(host->intx_gsi[3], 11);
	/* What restarts a machine by a jump finds code that does. */
	EXPECT_EQ(*(uint8_t *)paddr_ptr(RESET_CODE), 0xba);
}

/* SDM 2: out of 6 to port CF9, of FE to port 64, and a halt. */
static void what_restarts_a_pc_by_a_jump_finds_a_reset(void)
{
	static const uint8_t code[16] = {
		0xba, 0xf9, 0x0c, 0xb0, 0x06, 0xee, /* mov; mov; out */
		0xb0, 0xfe, 0xe6, 0x64, 0xf4,       /* mov; out; hlt */
	};

	start();
	has.host_id = PCI_ID_Q35;
	memset(paddr_ptr(RESET_CODE), 0xa5, sizeof(code)); /* undefined */
	set_up();
	EXPECT(!memcmp(paddr_ptr(RESET_CODE), code, sizeof(code)));
	/* Elsewhere it is only written where nothing is. */
	start();
	memset(paddr_ptr(RESET_CODE), 0, sizeof(code));
	set_up();
	EXPECT(!memcmp(paddr_ptr(RESET_CODE), code, sizeof(code)));
}

static void a_q35_is_programmed(void)
{
	const struct machine_pci_host *host = &machine.pci_hosts[0];

	start();
	has.host_id = PCI_ID_Q35;
	has.hotplug = 1;
	set_up();
	expect_an_at();
	EXPECT_EQ(write_count, 0); /* door/shadow.S has made ECAM */
	EXPECT(has_stored(0xb0000000 + (31 << 15) + 0x40, 4, 0x601));
	EXPECT(has_stored(0xb0000000 + (31 << 15) + 0x44, 4, 0x80));
	EXPECT(has_stored(0xb0000000 + (31 << 15) + 0xf0, 4, 0xfed1c001));
	EXPECT_EQ(store_count, 5); /* with two of the APIC's */
	EXPECT(fake_map_has_device(0xb0000000, MIB)); /* bus 0 */
	expect_pm(0x620, 16, 2, 3);
	expect_host(true, true, 0xb0000000, 0x10000000);
	expect_gsis(8, 0, 16);
	EXPECT_EQ(machine.pc.pm.gpe0_base, 0x620);
	EXPECT_EQ(machine.pc.pm.gpe0_size, 16);
	EXPECT_EQ(machine.pc.hpet_paddr, 0);
	EXPECT_EQ(machine.pc.vtd_paddr, 0);
	EXPECT(host->is_express && host->has_acpi_hotplug);
	EXPECT_EQ(host->ecam_paddr, 0xb0000000);
	EXPECT_EQ(host->mmio32.base, 0xc0000000);
	EXPECT_EQ(host->intx_count, 8);
	EXPECT_EQ(host->intx_gsi[7], 23);
}

/* Linux then does not test its timer, for which it would want LINT0. */
static void kvm_needs_no_virtual_wire(void)
{
	start();
	has.host_id = PCI_ID_I440FX;
	has.isa_id = ID_PIIX3;
	machine.hypervisor = MACHINE_HYPERVISOR_KVM;
	set_up();
	EXPECT_EQ(store_count, 0);
}

static void an_iommu_is_found(void)
{
	start();
	has.host_id = PCI_ID_Q35;
	has.vtd = 0x10;
	set_up();
	EXPECT_EQ(machine.pc.vtd_paddr, VTD_BASE);
	EXPECT_EQ(machine.pc.vtd_host_address_width, 39);
	EXPECT(machine.pc.vtd_remaps_interrupts);
	EXPECT(!machine.pci_hosts[0].has_acpi_hotplug);
	start();
	has.host_id = PCI_ID_Q35;
	has.vtd = 0x10;
	has.vtd_extended = 0xfffffff7;
	set_up();
	EXPECT_EQ(machine.pc.vtd_paddr, VTD_BASE);
	EXPECT(!machine.pc.vtd_remaps_interrupts);
	start();
	has.host_id = PCI_ID_Q35;
	has.vtd = UINT32_MAX;
	set_up();
	EXPECT_EQ(machine.pc.vtd_paddr, 0);
}

/* IA-PC HPET 1.0a section 2.3.4: its vendor is Intel. */
static void a_hpet_is_told_by_its_vendor(void)
{
	start();
	has.host_id = PCI_ID_Q35;
	has.hpet = 0x8087a201;
	set_up();
	EXPECT_EQ(machine.pc.hpet_paddr, 0);
	start();
	has.host_id = PCI_ID_Q35;
	has.hpet = 0x80860001;
	set_up();
	EXPECT_EQ(machine.pc.hpet_paddr, 0xfed00000);
	EXPECT_EQ(machine.pc.hpet_id, 0x80860001);
}

/* Its devices are where its VMM has put them. */
static void an_unknown_host_is_described_only(void)
{
	const struct machine_pci_host *host = &machine.pci_hosts[0];

	start();
	has.host_id = 0x0d578086;
	set_up();
	expect_an_at();
	expect_host(false, true, 0, 0);
	expect_gsis(0, 0, 0);
	EXPECT_EQ(machine.power_off.space, MACHINE_SPACE_NONE);
	EXPECT_EQ(write_count, 0);
	EXPECT_EQ(machine.pc.pm.base, 0);
	EXPECT_EQ(*(uint8_t *)paddr_ptr(RESET_CODE), 0xba);
	EXPECT_EQ(host->mmio32.base, 2 * GIB);
	EXPECT_EQ(host->mmio64.base, 6 * GIB);
	EXPECT_EQ(host->mmio64.base + host->mmio64.size, 1ULL << 40);

	start();
	has.host_id = 0x0d578086;
	*(uint64_t *)paddr_ptr(RESET_CODE) = 0xea;
	set_up();
	EXPECT_EQ(*(uint64_t *)paddr_ptr(RESET_CODE), 0xea);
}

/* QEMU's processor claims 40 bits, whatever the host's has. */
static void an_intel_processor_may_have_fewer_address_bits(void)
{
	start();
	has.host_id = PCI_ID_Q35;
	*(uint32_t *)paddr_ptr(CPU_EXTENDED) = 0x28100800;
	set_up();
	EXPECT_EQ(machine.pci_hosts[0].mmio64.size, 0);
	start();
	has.host_id = PCI_ID_Q35;
	machine.pc.address_width = 52;
	set_up();
	EXPECT_EQ(machine.pci_hosts[0].mmio64.base, 3ULL << 44);
	/* RAM may leave no room for the window. */
	start();
	has.host_id = PCI_ID_Q35;
	machine.ram[2].size = 1ULL << 40;
	set_up();
	EXPECT_EQ(machine.pci_hosts[0].mmio64.size, 0);
}

/* ---- QEMU's microvm, and Firecracker */

static void a_microvm_without_acpi_has_eight_slots(void)
{
	start();
	machine.fw_cfg.is_present = true;
	has.slot_mask = 0x81;
	has.rtc = 0x80;
	set_up();
	EXPECT_EQ(machine.platform, MACHINE_PLATFORM_MICROVM);
	EXPECT(machine.pc.has_cmos_rtc && machine.pc.has_pic);
	EXPECT_EQ(machine.pc.ioapic_count, 1);
	EXPECT_EQ(machine.virtio_mmio[0].paddr, SLOT_BASE);
	EXPECT_EQ(machine.virtio_mmio[0].gsi, 5);
	EXPECT_EQ(machine.ged.paddr, 0);
	EXPECT_EQ(machine.pci_host_count, 0);
}

/* Without an I/O APIC the 8259s have all interrupts, by the CPU's LINT0. */
static void an_at_has_none_of_it(void)
{
	start();
	machine.fw_cfg.is_present = true;
	has.lacks_ioapic = true;
	has.rtc = 0x80;
	has.slot_mask = 0x81;
	set_up();
	EXPECT_EQ(machine.platform, MACHINE_PLATFORM_ISA);
	EXPECT(machine.pc.has_cmos_rtc && machine.pc.has_pic);
	EXPECT_EQ(machine.virtio_mmio_count, 0);
	EXPECT_EQ(machine.ged.paddr, 0);
	EXPECT_EQ(stores[store_count - 1].paddr, LAPIC_BASE + LAPIC_LVT_LINT0);
	EXPECT_EQ(stores[store_count - 1].value, LAPIC_LVT_EXTINT);
}

static void start_microvm(void)
{
	start();
	machine.fw_cfg.is_present = true;
	machine.fw_cfg.files[FW_CFG_FILE_LOADER].size = 1;
}

static void a_microvm_with_acpi_has_an_event_device(void)
{
	start_microvm();
	has.slot_mask = 1;
	set_up();
	EXPECT(!machine.pc.has_cmos_rtc);
	EXPECT_EQ(machine.ged.paddr, 0xfea00000);
	EXPECT_EQ(machine.ged.gsi, 9);
	EXPECT_EQ(machine.ged.power_button_bit, 2);
	EXPECT_EQ(machine.pc.pm.sleep_control_paddr, 0xfea00200);
	EXPECT_EQ(machine.pc.pm.sleep_status_paddr, 0xfea00201);
	EXPECT_EQ(machine.pc.pm.s5_slp_typ, 5);
	EXPECT_EQ(machine.pc.pm.base, 0);
	expect_register(&machine.power_off, MACHINE_SPACE_MMIO, 1, 0xfea00200,
	                0x34); /* SLP_EN, SLP_TYP 5 */
	expect_register(&machine.reset, MACHINE_SPACE_MMIO, 1, 0xfea00202,
	                0x42);
	EXPECT_EQ(machine.pc.override_count, 1);
	expect_override(0, 0, 2, false);
	EXPECT_EQ(machine.power_off.address, 0xfea00200);
	EXPECT_EQ(machine.power_off.value, 0x34);
	EXPECT_EQ(machine.reset.address, 0xfea00202);
	EXPECT_EQ(machine.pc.ioapic_count, 1);
	EXPECT_EQ(machine.virtio_mmio[0].gsi, 16);
	EXPECT_EQ(machine.pci_host_count, 0);
}

static void a_second_ioapic_and_pci_express_are_found(void)
{
	const struct machine_pci_host *host = &machine.pci_hosts[0];

	start_microvm();
	has.slot_mask = 1;
	has.has_ioapic2 = true;
	has.gpex = 0x00081b36;
	set_up();
	EXPECT_EQ(machine.pc.ioapic_count, 2);
	EXPECT_EQ(machine.pc.ioapics[1].gsi_base, 24);
	EXPECT_EQ(machine.pc.ioapics[1].id, 1);
	EXPECT_EQ(machine.pc.ioapics[1].paddr, 0xfec10000);
	expect_host(true, false, 0xe0000000, 0x10000000);
	expect_gsis(4, 0, 16);
	EXPECT_EQ(host->mmio32.base, 0xc0000000);
	EXPECT_EQ(host->mmio32.size, 0x20000000);
	EXPECT_EQ(host->mmio64.size, 1ULL << 38);
	EXPECT_EQ(machine.virtio_mmio[0].gsi, 24);
	EXPECT_EQ(machine.pci_host_count, 1);
	EXPECT_EQ(host->ecam_paddr, ECAM_BASE);
	EXPECT_EQ(host->mmio64.base, 3ULL << 38);
	EXPECT_EQ(host->intx_gsi[0], 16);
	has.has_ioapic2 = false;
	machine.virtio_mmio_count = 0;
	set_up();
	EXPECT_EQ(host->intx_gsi[0], 12);
}

/* The last slot with a device; QEMU fills them from there on down. */
static void slots_are_as_many_as_their_pins(void)
{
	start();
	machine.fw_cfg.is_present = true;
	has.slot_mask = 1 << 7 | 1 << 8;
	set_up();
	EXPECT_EQ(machine.virtio_mmio_count, 1);
	EXPECT_EQ(machine.virtio_mmio[0].more_count, 0);
	EXPECT_EQ(machine.virtio_mmio[0].paddr, SLOT_BASE + 7 * 0x200);
	EXPECT_EQ(machine.virtio_mmio[0].size, 0x200);
	EXPECT_EQ(machine.virtio_mmio[0].gsi, 5 + 7);
	start_microvm();
	has.slot_mask = 1 << 7 | 1 << 8;
	set_up();
	EXPECT_EQ(machine.virtio_mmio_count, 1);
	EXPECT_EQ(machine.virtio_mmio[0].more_count, 0);
	EXPECT_EQ(machine.virtio_mmio[0].gsi, 16 + 7);
	start_microvm();
	has.has_ioapic2 = true;
	has.slot_mask = 1 << 23 | 1 << 24;
	set_up();
	EXPECT_EQ(machine.virtio_mmio_count, 1);
	EXPECT_EQ(machine.virtio_mmio[0].more_count, 0);
	EXPECT_EQ(machine.virtio_mmio[0].paddr, SLOT_BASE + 23 * 0x200);
	EXPECT_EQ(machine.virtio_mmio[0].gsi, 24 + 23);
	EXPECT(fake_map_has_device(SLOT_BASE, 24 * 0x200));
	EXPECT(!fake_map_has_device(SLOT_BASE, 24 * 0x200 + 1));
}

static void firecracker_is_left_to_its_command_line(void)
{
	start();
	has.slot_mask = UINT32_MAX;
	has.rtc = 0xff;
	set_up();
	EXPECT_EQ(machine.platform, MACHINE_PLATFORM_BARE);
	EXPECT(!machine.pc.has_cmos_rtc);
	EXPECT_EQ(machine.virtio_mmio_count, 0);
	EXPECT_EQ(machine.pc.ioapic_count, 1);
}

/* A port that nobody serves answers by what was written last, or by 0. */
static void libkrun_has_neither_pci_nor_a_clock(void)
{
	start();
	has.host_id = 0x80000000;
	set_up();
	EXPECT_EQ(machine.platform, MACHINE_PLATFORM_BARE);
	EXPECT_EQ(machine.pci_host_count, 0);
	EXPECT(!machine.pc.has_cmos_rtc);
	EXPECT_EQ(machine.pc.ioapic_count, 1);
}

int main(void)
{
	if (!fake_ram_map(HOST_BRIDGE_ID & ~0xfffUL, LOW_RAM_END) ||
	    !fake_ram_map(0xff000, HIGH_RAM_BASE))
		return fake_ram_skip("test_bridges");
	RUN(each_byte_has_a_port_of_its_own);
	RUN(the_platform_is_told_by_its_host_bridge);
	RUN(an_i440fx_is_programmed);
	RUN(a_q35_is_programmed);
	RUN(kvm_needs_no_virtual_wire);
	RUN(an_iommu_is_found);
	RUN(an_unknown_host_is_described_only);
	RUN(an_intel_processor_may_have_fewer_address_bits);
	RUN(a_microvm_without_acpi_has_eight_slots);
	RUN(an_at_has_none_of_it);
	RUN(a_microvm_with_acpi_has_an_event_device);
	RUN(a_second_ioapic_and_pci_express_are_found);
	RUN(slots_are_as_many_as_their_pins);
	RUN(what_restarts_a_pc_by_a_jump_finds_a_reset);
	RUN(a_hpet_is_told_by_its_vendor);
	RUN(firecracker_is_left_to_its_command_line);
	RUN(libkrun_has_neither_pci_nor_a_clock);
	return test_status();
}
