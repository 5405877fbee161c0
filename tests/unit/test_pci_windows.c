/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_pci_windows.c - the windows that RAM leaves to a host bridge
 *
 * The word that tells the bridge, and the shadow RAM, are memory of the host.
 */
#include <string.h>

#include "arch/x86_64/lib/pci.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/chipset.h"
#include "arch/x86_64/probe/microvm.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define GIB      0x40000000ULL
#define ID_OTHER 0x0d571b36

static struct machine machine;

void microvm_probe(struct machine *the_machine)
{
	EXPECT(the_machine == &machine);
}

static void start(uint32_t id, uint32_t address_width)
{
	memset(&machine, 0, sizeof(machine));
	fake_cpu_clear();
	fake_map_clear();
	machine.pc.address_width = address_width;
	*(uint32_t *)paddr_ptr(HOST_BRIDGE_ID) = id;
	*(uint32_t *)paddr_ptr(CPU_EXTENDED) = 1; /* it is one of AMD's */
	machine.fw_cfg.is_present = true;
}

static void add_ram(uint64_t base, uint64_t size, uint32_t type)
{
	machine.ram[machine.ram_count++] = (struct machine_ram){
		.base = base,
		.size = size,
		.type = type,
	};
}

static const struct machine_pci_host *set_up(void)
{
	machine.platform = chipset_platform(&machine);
	chipset_setup(&machine);
	EXPECT_EQ(machine.pci_host_count, 1);
	return &machine.pci_hosts[0];
}

static void expect_range(const struct machine_range *range, uint64_t base,
                         uint64_t end)
{
	EXPECT_EQ(range->base, base);
	EXPECT_EQ(range->base + range->size, end);
}

static void windows_lie_behind_ram(void)
{
	const struct machine_pci_host *host;

	start(PCI_ID_I440FX, 46);
	add_ram(0, 3 * GIB, MEMORY_RAM);
	add_ram(4 * GIB, GIB, MEMORY_RAM);
	add_ram(0xfeffc000, 0x4000, MEMORY_RESERVED);
	host = set_up();
	expect_range(&host->mmio32, 3 * GIB, IOAPIC_BASE);
	expect_range(&host->mmio64, 3ULL << 44, 1ULL << 46);

	start(PCI_ID_Q35, 40);
	add_ram(0, 2 * GIB, MEMORY_RAM);
	host = set_up();
	expect_range(&host->mmio32, 3 * GIB, IOAPIC_BASE);
	expect_range(&host->mmio64, 3ULL << 38, 1ULL << 40);
	EXPECT_EQ(host->ecam_paddr, 0xb0000000);

	start(ID_OTHER, 40);
	add_ram(0, 3 * GIB, MEMORY_RAM);
	add_ram(4 * GIB, GIB + 1, MEMORY_RAM);
	host = set_up();
	expect_range(&host->mmio32, 3 * GIB, IOAPIC_BASE);
	expect_range(&host->mmio64, 6 * GIB, 1ULL << 40);
}

/* A VMM's E820 may say any of this. No window may reach into RAM for it. */
static void expect_apart(uint64_t base, uint64_t size)
{
	static const uint32_t ids[] = { PCI_ID_I440FX, PCI_ID_Q35, ID_OTHER };

	for (uint32_t i = 0; i < 3 * 64; i++) {
		const struct machine_pci_host *host;

		start(ids[i / 64], i % 64);
		add_ram(0, GIB, MEMORY_RAM);
		add_ram(base, size, MEMORY_RAM);
		host = set_up();
		EXPECT(is_within(host->mmio32.base, host->mmio32.size,
		                 IOAPIC_BASE));
		EXPECT(is_within(host->mmio64.base, host->mmio64.size,
		                 1ULL << 63));
		EXPECT(!host->mmio32.size || host->mmio32.base >= base + size ||
		       base >= IOAPIC_BASE);
		EXPECT(!host->mmio64.size || host->mmio64.base >= base + size);
	}
}

static void no_window_wraps_into_ram(void)
{
	expect_apart(GIB, 3 * GIB); /* up to 4 GiB */
	expect_apart(GIB, IOAPIC_BASE - GIB);
	expect_apart(GIB, IOAPIC_BASE - GIB + 1);
	expect_apart(0xffff0000, 0x10000);
	expect_apart(GIB, 7 * GIB); /* across 4 GiB */
	expect_apart(1ULL << 36, GIB);
	expect_apart(1ULL << 47, GIB);
	expect_apart(4 * GIB, MACHINE_ADDRESS_END - 4 * GIB);
}

int main(void)
{
	if (!fake_ram_map(HOST_BRIDGE_ID & ~0xfffUL, LOW_RAM_END) ||
	    !fake_ram_map(RSDP_BASE, HIGH_RAM_BASE))
		return fake_ram_skip("test_pci_windows");
	RUN(windows_lie_behind_ram);
	RUN(no_window_wraps_into_ram);
	return test_status();
}
