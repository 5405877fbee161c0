/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_probe.c - what arch_probe() of x86_64 finds, and asks for
 *
 * The probes of CPUs, nodes, RAM, chipset and the VMM's data have tests of
 * their own; here they are functions that note their turn.
 */
#include <string.h>

#include "arch/x86_64/lib/clock.h"
#include "arch/x86_64/lib/lapic.h"
#include "arch/x86_64/lib/tsc.h"
#include "arch/x86_64/probe/chipset.h"
#include "arch/x86_64/probe/cpus.h"
#include "arch/x86_64/probe/given.h"
#include "arch/x86_64/probe/named.h"
#include "arch/x86_64/probe/nodes.h"
#include "arch/x86_64/probe/ram.h"
#include "arch/x86_64/probe/ram_trial.h"
#include "arch/x86_64/probe/uart.h"
#include "common/arch.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/test.h"

#define QEMU      0x554d4551 /* what fw_cfg's port reads */
#define ROM_BLOB  0xffff0000
#define GUEST_BIT (1u << 31) /* CPUID.1:ECX */
#define MIB       0x100000ULL

static struct machine machine;
static struct handoff handoff;
static const struct machine_range no_tree;
static char turns[16];
static bool has_fw_cfg, has_uart;
static uint32_t com2_asked;
static enum machine_platform platform;

static void take_turn(const struct machine *of, char letter)
{
	size_t count = strlen(turns);

	EXPECT(of == &machine && count + 1 < sizeof(turns));
	turns[count] = letter;
}

void given_read(struct machine *of, const struct handoff *from)
{
	EXPECT(from == &handoff);
	take_turn(of, 'g');
}

bool ram_probe(struct machine *of)
{
	take_turn(of, 'r');
	return false;
}

void ram_try(struct machine *of)
{
	take_turn(of, 'R');
}

enum machine_platform chipset_platform(const struct machine *of)
{
	take_turn(of, 'p');
	return platform;
}

/* One PCI host has a window from 2 GiB up to the I/O APIC. */
void chipset_setup(struct machine *of)
{
	take_turn(of, 's');
	of->pci_host_count = 1;
	of->pci_hosts[0] =
		(struct machine_pci_host){ .mmio32 = { 0x80000000,
		                                       0x7ec00000 } };
	if (platform == MACHINE_PLATFORM_Q35)
		of->pc.pm.base = 0x600;
	if (platform != MACHINE_PLATFORM_MICROVM)
		return;
	of->reset = (struct machine_register){ MACHINE_SPACE_MMIO, 1,
		                               0xfea00202, 0x42 };
	of->power_off = (struct machine_register){ MACHINE_SPACE_MMIO, 1,
		                                   0xfea00200, 0x34 };
}

void named_probe(struct machine *of)
{
	take_turn(of, 'n');
}

void tsc_start(struct machine *of)
{
	take_turn(of, 't');
}

struct machine_pm_moment clock_read_pm_timer(const struct machine_pm *pm)
{
	EXPECT(pm == &machine.pc.pm);
	return (struct machine_pm_moment){ 5, 6 };
}

/* The VMM's tables may tell of one more host. */
void cpus_probe(struct machine *of)
{
	take_turn(of, 'c');
	of->pci_hosts[of->pci_host_count++] =
		(struct machine_pci_host){ .mmio32 = { 0xe0000000,
		                                       0x1ec00000 } };
}

void nodes_probe(struct machine *of)
{
	take_turn(of, 'o');
}

static uint32_t in(uint16_t port, uint32_t size)
{
	if (port == 0x514 && has_fw_cfg) {
		EXPECT_EQ(size, 4);
		return QEMU;
	}
	com2_asked += port == 0x2f8 + 5;
	return (port == 0x3f8 + 5 || port == 0x2f8 + 5) && has_uart
	               ? 0x60
	               : UINT32_MAX;
}

static void start(enum door door, enum machine_platform of)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(turns, 0, sizeof(turns));
	handoff = (struct handoff){ .door = door, .blob_paddr = ROM_BLOB };
	platform = of;
	has_fw_cfg = has_uart = true;
	fake_fw_cfg_clear();
	fake_map_clear();
	fake_cpu_clear();
	fake_cpu.in = in;
}

static void probe(void)
{
	EXPECT(arch_probe(&machine, &handoff, &no_tree) == &machine);
}

static void each_probe_has_its_turn(void)
{
	start(DOOR_RESET, MACHINE_PLATFORM_Q35);
	probe();
	EXPECT_STR(turns, "grRpsncto");
	EXPECT_EQ(machine.platform, MACHINE_PLATFORM_Q35);
	EXPECT_EQ(machine.pc.pm_start.count, 6);
	EXPECT_EQ(machine.pc.lapic_paddr, 0xfee00000);
	EXPECT(machine.fw_cfg.is_present && machine.given.has_kernel);
	EXPECT_STR(machine.door_name, "reset vector");
}

static void what_is_not_there_is_not_found(void)
{
	start(DOOR_RESET, MACHINE_PLATFORM_BARE);
	has_fw_cfg = has_uart = false;
	probe();
	EXPECT(!machine.fw_cfg.is_present && !machine.given.has_kernel);
	EXPECT_EQ(fake_fw_cfg_transfers(), 0);
	EXPECT_EQ(machine.uart_count, 0);
	EXPECT_EQ(machine.hypervisor, MACHINE_HYPERVISOR_NONE);
	EXPECT_EQ(machine.pc.pm_start.count, 0);
}

static void the_uart_is_com1(void)
{
	start(DOOR_RESET, MACHINE_PLATFORM_Q35);
	probe();
	EXPECT_EQ(machine.uart_count, 1);
	EXPECT_EQ(machine.uarts[0].base, 0x3f8);
	EXPECT_EQ(machine.uarts[0].gsi, 4);
	EXPECT_EQ(machine.uarts[0].kind, MACHINE_UART_16550_PORT);
	EXPECT_EQ(machine.uarts[0].size, 8);
	EXPECT_EQ(machine.uarts[0].clock_hz, 1843200);
	EXPECT_EQ(machine.uarts[0].baud, 115200);
	EXPECT(machine.uarts[0].is_edge);
}

/* COM1 is the first; what a VMM's tables list comes after it. */
static void each_uart_has_its_place(void)
{
	start(DOOR_RESET, MACHINE_PLATFORM_Q35);
	uart_probe(&machine, 0x2f8, 3);
	EXPECT_EQ(machine.uart_count, 0);
	uart_probe(&machine, UART_COM1, 4);
	uart_probe(&machine, UART_COM1, 4);
	EXPECT_EQ(machine.uart_count, 1);
	uart_probe(&machine, 0x2f8, 3);
	EXPECT_EQ(machine.uart_count, 2);
	EXPECT_EQ(machine.uarts[1].base, 0x2f8);
	EXPECT_EQ(machine.uarts[1].gsi, 3);
	machine.uart_count = MACHINE_UART_MAX - 1;
	uart_probe(&machine, 0x2f8, 3);
	uart_probe(&machine, 0x2f8, 3);
	EXPECT_EQ(machine.uart_count, MACHINE_UART_MAX);
}

static void sixteen_uarts_are_asked(void)
{
	start(DOOR_RESET, MACHINE_PLATFORM_Q35);
	uart_probe(&machine, UART_COM1, 4);
	has_uart = false;
	com2_asked = 0;
	for (uint32_t i = 0; i < 20; i++)
		uart_probe(&machine, 0x2f8, 3);
	EXPECT_EQ(com2_asked, 15);
}

/* Through the other doors fw_cfg's kernel is the blob itself. */
static void other_doors_have_names(void)
{
	start(DOOR_PVH, MACHINE_PLATFORM_Q35);
	probe();
	EXPECT_STR(machine.door_name, "PVH");
	EXPECT(machine.fw_cfg.is_present && !machine.given.has_kernel);
	start(DOOR_LINUX, MACHINE_PLATFORM_Q35);
	probe();
	EXPECT_STR(machine.door_name, "Linux boot protocol");
}

static void expect_hypervisor(const char *signature,
                              enum machine_hypervisor wanted)
{
	start(DOOR_RESET, MACHINE_PLATFORM_Q35);
	fake_cpu_set_cpuid(1, 0, (struct cpuid){ .ecx = GUEST_BIT | 1 << 21 });
	fake_cpu_set_cpuid(0x40000000, 0,
	                   (struct cpuid){ .ebx = load_le32(signature) });
	probe();
	EXPECT_EQ(machine.hypervisor, wanted);
	EXPECT(machine.pc.has_x2apic);
}

static void hypervisors_are_known_by_their_signatures(void)
{
	expect_hypervisor("KVMK", MACHINE_HYPERVISOR_KVM);
	expect_hypervisor("TCGT", MACHINE_HYPERVISOR_TCG);
	expect_hypervisor("Micr", MACHINE_HYPERVISOR_HYPERV);
	expect_hypervisor("XenV", MACHINE_HYPERVISOR_XEN);
	expect_hypervisor("bhyv", MACHINE_HYPERVISOR_OTHER);
}

static uint32_t width_of(uint32_t told)
{
	start(DOOR_RESET, MACHINE_PLATFORM_Q35);
	fake_cpu_set_cpuid(0x80000008, 0, (struct cpuid){ .eax = told });
	probe();
	return machine.pc.address_width;
}

/* Address spaces are shifts by it. */
static void no_address_is_wider_than_it_can_be(void)
{
	EXPECT_EQ(width_of(0x3028), 40);
	EXPECT_EQ(width_of(52), 52);
	EXPECT_EQ(width_of(64), 52);
	EXPECT_EQ(width_of(0xff), 52);
	EXPECT_EQ(width_of(32), 32);
	EXPECT_EQ(width_of(0), 32);
}

/* SDM 3A section 11.12.5: the way back is through the disabled state. */
static void x2apic_mode_is_left(void)
{
	start(DOOR_PVH, MACHINE_PLATFORM_BARE);
	fake_cpu_set_msr(MSR_APIC_BASE,
	                 0xfee00000 | MSR_APIC_BASE_X2 | MSR_APIC_BASE_BSP);
	probe();
	EXPECT_EQ(fake_cpu_msr_writes(), 2);
	EXPECT_EQ(fake_cpu_msr(MSR_APIC_BASE),
	          0xfee00000 | MSR_APIC_BASE_ENABLE | MSR_APIC_BASE_BSP);
	start(DOOR_LINUX, MACHINE_PLATFORM_BARE);
	fake_cpu_set_msr(MSR_APIC_BASE, 0xfee00000 | MSR_APIC_BASE_ENABLE);
	probe();
	EXPECT_EQ(fake_cpu_msr_writes(), 0);
	start(DOOR_LINUX, MACHINE_PLATFORM_BARE);
	fake_cpu_set_msr(MSR_APIC_BASE, 0xfee00000 | MSR_APIC_BASE_X2);
	probe();
	EXPECT_EQ(fake_cpu_msr(MSR_APIC_BASE),
	          0xfee00000 | MSR_APIC_BASE_ENABLE);
	start(DOOR_PVH, MACHINE_PLATFORM_BARE); /* It may lie anywhere. */
	fake_cpu_set_msr(MSR_APIC_BASE, 0x3fee00000 | MSR_APIC_BASE_X2);
	probe();
	EXPECT_EQ(fake_cpu_msr(MSR_APIC_BASE),
	          0x3fee00000 | MSR_APIC_BASE_ENABLE);
	/* A reset has left it already. */
	start(DOOR_RESET, MACHINE_PLATFORM_BARE);
	fake_cpu_set_msr(MSR_APIC_BASE, 0xfee00000 | MSR_APIC_BASE_X2);
	probe();
	EXPECT_EQ(fake_cpu_msr_writes(), 0);
}

/* ---- a ROM that is large */

static void start_rom(enum machine_platform of, paddr_t bundle)
{
	start(DOOR_RESET, of);
	handoff.bundle_paddr = bundle;
	handoff.bundle_size = 0x1000;
}

static uint64_t window_end(void)
{
	const struct machine_range *window = &machine.pci_hosts[0].mmio32;

	return window->base + window->size;
}

static void a_large_rom_takes_addresses_from_pci(void)
{
	start_rom(MACHINE_PLATFORM_Q35, 0xf0001000);
	probe();
	EXPECT_EQ(window_end(), 0xf0000000);
	EXPECT_EQ(machine.pci_hosts[1].mmio32.size, 0x10000000);
	start_rom(MACHINE_PLATFORM_PCI, 0xf0001000);
	machine.pci_hosts[2].mmio32 = (struct machine_range){ MIB, FOUR_GIB };
	probe();
	EXPECT_EQ(window_end(), 0xf0000000);
	EXPECT_EQ(machine.pci_hosts[1].mmio32.size, 0x10000000);
	/* What lies behind the hosts is of nobody. */
	EXPECT_EQ(machine.pci_hosts[2].mmio32.size, FOUR_GIB);
	start_rom(MACHINE_PLATFORM_Q35, 0xf0000000);
	probe();
	EXPECT_EQ(window_end(), 0xefe00000);
	start_rom(MACHINE_PLATFORM_Q35, 0xff001000);
	probe();
	EXPECT_EQ(window_end(), 0xfec00000);
	start_rom(MACHINE_PLATFORM_Q35, 0x80001000);
	probe();
	EXPECT_EQ(window_end(), 0xfec00000);
	/* Below the window it takes nothing; behind the blob neither. */
	start_rom(MACHINE_PLATFORM_Q35, 0x70000000);
	probe();
	EXPECT_EQ(window_end(), 0xfec00000);
	start_rom(MACHINE_PLATFORM_Q35, ROM_BLOB + 0x1000);
	probe();
	EXPECT_EQ(window_end(), 0xfec00000);
}

/* What a VMM has loaded as a kernel is RAM, not ROM. */
static void a_bundle_in_ram_takes_nothing(void)
{
	static const enum door doors[] = { DOOR_PVH, DOOR_LINUX };

	for (uint32_t i = 0; i < ARRAY_COUNT(doors); i++) {
		start_rom(MACHINE_PLATFORM_Q35, 0xf0001000);
		handoff.door = doors[i];
		probe();
		EXPECT_EQ(window_end(), 0xfec00000);
		start_rom(MACHINE_PLATFORM_MICROVM, 0x200000);
		handoff.door = doors[i];
		probe();
	}
	start_rom(MACHINE_PLATFORM_Q35, 0); /* There is no bundle. */
	probe();
	EXPECT_EQ(window_end(), 0xfec00000);
}

static void a_large_rom_hides_microvms_devices(void)
{
	start_rom(MACHINE_PLATFORM_MICROVM, 0xfedff000);
	EXPECT_PANIC("ROM: at 0xfec00000: hides devices below 0xfec20000",
	             probe());
	start_rom(MACHINE_PLATFORM_MICROVM, 0xfee01000);
	probe();
	/* It begins with the 2 MiB that its first page of headers is in. */
	start_rom(MACHINE_PLATFORM_MICROVM, 0xfee00fff);
	EXPECT_PANIC("ROM: at 0xfec00000: hides devices below 0xfec20000",
	             probe());
}

static void registers_that_end_the_boot_are_mapped(void)
{
	start(DOOR_RESET, MACHINE_PLATFORM_MICROVM);
	probe();
	EXPECT(fake_map_has_device(0xfea00202, 1));
	EXPECT(fake_map_has_device(0xfea00200, 1));
	start(DOOR_RESET, MACHINE_PLATFORM_Q35);
	probe();
	EXPECT(!fake_map_has_device(0, 1));
}

/* A table of the VMM may say so of any address. */
static void registers_in_ram_are_none(void)
{
	start(DOOR_RESET, MACHINE_PLATFORM_MICROVM);
	machine.ram_count = 2;
	machine.ram[2] = (struct machine_ram){ .base = 0xfea00200, .size = 1 };
	machine.ram[1] = (struct machine_ram){ .base = 0xfea00202,
		                               .size = 1,
		                               .type = MEMORY_RAM };
	probe();
	EXPECT_EQ(machine.reset.space, MACHINE_SPACE_NONE);
	EXPECT(!fake_map_has_device(0xfea00202, 1));
	EXPECT_EQ(machine.power_off.space, MACHINE_SPACE_MMIO);
}

int main(void)
{
	RUN(each_probe_has_its_turn);
	RUN(what_is_not_there_is_not_found);
	RUN(the_uart_is_com1);
	RUN(each_uart_has_its_place);
	RUN(sixteen_uarts_are_asked);
	RUN(other_doors_have_names);
	RUN(hypervisors_are_known_by_their_signatures);
	RUN(no_address_is_wider_than_it_can_be);
	RUN(x2apic_mode_is_left);
	RUN(a_large_rom_takes_addresses_from_pci);
	RUN(a_bundle_in_ram_takes_nothing);
	RUN(a_large_rom_hides_microvms_devices);
	RUN(registers_that_end_the_boot_are_mapped);
	RUN(registers_in_ram_are_none);
	return test_status();
}
