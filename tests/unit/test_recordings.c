/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_recordings.c - ACPI tables as real VMMs have left them
 *
 * From tests/recordings, which doors/recordings.py explains. What lies below
 * 64 KiB is no table and is left out: the host maps nothing there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/vmm_acpi.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define RAM_BASE  0x10000
#define LINE_SIZE 128

static struct machine machine;

static void put_row(paddr_t paddr, const char *digits)
{
	unsigned byte;

	for (; sscanf(digits, "%2x", &byte) == 1; digits += 2, paddr++) {
		if (paddr >= RAM_BASE && paddr < HIGH_RAM_BASE)
			*(uint8_t *)paddr_ptr(paddr) = (uint8_t)byte;
	}
}

/* Rows begin with a number, registers with a name. */
static void load(const char *name)
{
	char path[64], line[LINE_SIZE], *end;
	FILE *file;

	memset(paddr_ptr(RAM_BASE), 0, HIGH_RAM_BASE - RAM_BASE);
	snprintf(path, sizeof(path), "tests/recordings/%s.txt", name);
	file = fopen(path, "r");
	if (!file) {
		perror(path);
		exit(1);
	}
	while (fgets(line, sizeof(line), file)) {
		paddr_t paddr = strtoull(line, &end, 16);

		if (end != line && *end == ' ')
			put_row(paddr, end + 1);
	}
	fclose(file);
}

/* The line status register of a UART that is there. */
static uint32_t answer(uint16_t port, uint32_t size)
{
	(void)size;
	return (port & 7) == 5 ? 0x60 : 0;
}

/* As on a PC whose UART and port CF8 have been found. */
static void probe(const char *name, paddr_t rsdp)
{
	load(name);
	memset(&machine, 0, sizeof(machine));
	machine.given.rsdp_paddr = rsdp;
	machine.uart_count = 1;
	machine.uarts[0].base = 0x3f8;
	machine.pci_host_count = 1;
	machine.pci_hosts[0] = (struct machine_pci_host){
		.has_port_access = true,
		.bus_last = 255,
		.mmio32 = { 0x8000000, 0xf6c00000 },
	};
	fake_cpu.in = answer;
	EXPECT(vmm_acpi_probe(&machine));
}

static void cloud_hypervisor_is_read(void)
{
	const struct machine_pci_host *host = &machine.pci_hosts[0];

	probe("cloud-hypervisor", 0xa0000);
	EXPECT_EQ(machine.cpu_count, 2);
	EXPECT_EQ(machine.cpus[1].id, 1);
	EXPECT_EQ(machine.pc.ioapic_count, 1);
	EXPECT_EQ(machine.pc.ioapics[0].paddr, 0xfec00000);
	EXPECT_EQ(machine.pc.override_count, 0);
	EXPECT_EQ(machine.uart_count, 1);
	EXPECT_EQ(machine.virtio_mmio_count, 0);
	EXPECT(!machine.vmbus.is_present);
	EXPECT_EQ(machine.pci_host_count, 1);
	EXPECT(host->is_express && host->has_port_access);
	EXPECT_EQ(host->ecam_paddr, 0xe8000000);
	EXPECT_EQ(host->ecam_size, 0x100000);
	EXPECT_EQ(host->bus_last, 0);
	EXPECT_EQ(host->mmio32.size, 0xe0000000);
	EXPECT_EQ(machine.reset.address, 0x600);
	EXPECT_EQ(machine.reset.value, 1);
	EXPECT_EQ(machine.power_off.address, 0x600);
	EXPECT_EQ(machine.power_off.value, 0x34);
	EXPECT(!machine.pc.has_i8042);
}

/* Its slots of virtio-mmio come with devices, of which there was none. */
static void firecracker_is_read(void)
{
	probe("firecracker", 0);
	EXPECT_EQ(machine.cpu_count, 2);
	EXPECT_EQ(machine.pc.ioapic_count, 1);
	EXPECT_EQ(machine.pc.override_count, 0);
	EXPECT_EQ(machine.uart_count, 1);
	EXPECT_EQ(machine.virtio_mmio_count, 0);
	EXPECT(!machine.vmbus.is_present);
	EXPECT_EQ(machine.pci_hosts[0].ecam_paddr, 0xeec00000);
	EXPECT_EQ(machine.pci_hosts[0].ecam_size, 0x100000);
	EXPECT_EQ(machine.reset.space, MACHINE_SPACE_NONE);
	EXPECT_EQ(machine.power_off.space, MACHINE_SPACE_NONE);
	EXPECT(!machine.pc.has_i8042);
}

/* It fills the 64-bit fields of the FADT alone, and has no power button. */
static void openvmm_is_read(void)
{
	probe("openvmm", 0);
	EXPECT_EQ(machine.cpu_count, 2);
	EXPECT_EQ(machine.cpus[1].id, 1);
	EXPECT_EQ(machine.pc.ioapic_count, 1);
	EXPECT_EQ(machine.pc.ioapics[0].paddr, 0xfec00000);
	EXPECT_EQ(machine.virtio_mmio_count, 0);
	EXPECT(!machine.vmbus.is_present);
	EXPECT_EQ(machine.pc.pm.base, 0x400);
	EXPECT(!machine.pc.pm.lacks_timer);
	EXPECT(machine.pc.pm.lacks_power_button);
	EXPECT_EQ(machine.power_off.address, 0x404);
	EXPECT(machine.reset.space != MACHINE_SPACE_NONE);
}

static void openvmm_with_hyper_v_is_read(void)
{
	probe("openvmm-hv", 0);
	EXPECT_EQ(machine.cpu_count, 1);
	EXPECT(machine.vmbus.is_present);
	EXPECT_EQ(machine.pc.pm.base, 0x400);
	EXPECT_EQ(machine.power_off.address, 0x404);
}

static void openvmm_with_pcie_is_read(void)
{
	probe("openvmm-pcie", 0);
	EXPECT_EQ(machine.cpu_count, 2);
	EXPECT_EQ(machine.virtio_mmio_count, 1);
	EXPECT_EQ(machine.pci_host_count, 1);
	EXPECT_EQ(machine.pci_hosts[0].ecam_paddr, 0x140000000);
	EXPECT_EQ(machine.pci_hosts[0].ecam_size, 0x10000000);
}

int main(void)
{
	if (!fake_ram_map(RAM_BASE, HIGH_RAM_BASE))
		return fake_ram_skip("test_recordings");
	RUN(cloud_hypervisor_is_read);
	RUN(firecracker_is_read);
	RUN(openvmm_is_read);
	RUN(openvmm_with_hyper_v_is_read);
	RUN(openvmm_with_pcie_is_read);
	return test_status();
}
