/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/pci.c - PCI configuration mechanism 1, see pci.h */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/pci.h"

#define CONFIG_ADDRESS 0xcf8
#define CONFIG_DATA    0xcfc

uint32_t pci_read32(uint32_t address)
{
	cpu_outl(CONFIG_ADDRESS, address);
	return cpu_inl(CONFIG_DATA);
}

void pci_write32(uint32_t address, uint32_t value)
{
	cpu_outl(CONFIG_ADDRESS, address);
	cpu_outl(CONFIG_DATA, value);
}

void pci_write8(uint32_t address, uint8_t value)
{
	cpu_outl(CONFIG_ADDRESS, address & ~3U);
	cpu_outb(CONFIG_DATA + (address & 3), value);
}
