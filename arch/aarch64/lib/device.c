/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/lib/device.c - accesses device registers, all memory-mapped */
#include "arch/aarch64/cpu.h"
#include "common/arch.h"
#include "common/machine/machine.h"

/* A function has this many bytes of configuration space, as a power of two. */
#define CAM_SHIFT  8
#define ECAM_SHIFT 12

uint32_t arch_device_read(paddr_t paddr, uint32_t size)
{
	return size == 1   ? cpu_read8(paddr)
	       : size == 2 ? cpu_read16(paddr)
	                   : cpu_read32(paddr);
}

void arch_device_write(paddr_t paddr, uint32_t size, uint32_t value)
{
	cpu_sync();
	if (size == 1)
		cpu_write8(paddr, (uint8_t)value);
	else if (size == 2)
		cpu_write16(paddr, (uint16_t)value);
	else
		cpu_write32(paddr, value);
}

static paddr_t config_paddr(const struct machine_pci_host *host,
                            uint32_t function, uint32_t offset)
{
	return host->ecam_paddr +
	       (function << (host->is_cam ? CAM_SHIFT : ECAM_SHIFT)) + offset;
}

uint32_t arch_pci_read(const struct machine_pci_host *host, uint32_t function,
                       uint32_t offset)
{
	return cpu_read32(config_paddr(host, function, offset));
}

void arch_pci_write(const struct machine_pci_host *host, uint32_t function,
                    uint32_t offset, uint32_t value)
{
	cpu_write32(config_paddr(host, function, offset), value);
}
