/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/pci.c - PCI configuration mechanism 1, see pci.h */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/pci.h"

uint32_t pci_read32(uint32_t address)
{
	cpu_outl(PCI_CONFIG_ADDRESS, address);
	return cpu_inl(PCI_CONFIG_DATA);
}

void pci_write32(uint32_t address, uint32_t value)
{
	cpu_outl(PCI_CONFIG_ADDRESS, address);
	cpu_outl(PCI_CONFIG_DATA, value);
}

void pci_write8(uint32_t address, uint8_t value)
{
	cpu_outl(PCI_CONFIG_ADDRESS, address & ~3U);
	cpu_outb(PCI_CONFIG_DATA + (address & 3), value);
}
