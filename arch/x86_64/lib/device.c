/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/device.c - registers of devices, PCI configuration space */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/pci.h"
#include "common/arch.h"
#include "common/machine/machine.h"

uint32_t arch_device_read(paddr_t paddr, uint32_t size)
{
	if (size == 1)
		return cpu_read8(paddr);
	if (size == 2)
		return cpu_read16(paddr);
	return cpu_read32(paddr);
}

void arch_device_write(paddr_t paddr, uint32_t size, uint32_t value)
{
	if (size == 1)
		cpu_write8(paddr, value);
	else if (size == 2)
		cpu_write16(paddr, value);
	else
		cpu_write32(paddr, value);
}

static uint32_t port_address(const struct machine_pci_host *host,
                             uint32_t function, uint32_t offset)
{
	return 0x80000000 | host->bus_first << 16 | function << 8 | offset;
}

uint32_t arch_pci_read(const struct machine_pci_host *host, uint32_t function,
                       uint32_t offset)
{
	if (host->has_port_access)
		return pci_read32(port_address(host, function, offset));
	return cpu_read32(host->ecam_paddr + (function << 12) + offset);
}

void arch_pci_write(const struct machine_pci_host *host, uint32_t function,
                    uint32_t offset, uint32_t value)
{
	if (host->has_port_access)
		pci_write32(port_address(host, function, offset), value);
	else
		cpu_write32(host->ecam_paddr + (function << 12) + offset,
		            value);
}
