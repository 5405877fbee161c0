/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/pci.h - PCI configuration mechanism 1, ports CF8 and CFC
 *
 * PCI Local Bus Specification 3.0, section 3.2.2.3.2.
 */
#ifndef ARCH_X86_64_LIB_PCI_H
#define ARCH_X86_64_LIB_PCI_H

#define PCI_CONFIG_ADDRESS 0xcf8
#define PCI_CONFIG_DATA    0xcfc

/* Makes the address of a register of a function on bus 0. */
#define PCI_ADDRESS(slot, function, offset)                                    \
	(0x80000000 | (slot) << 11 | (function) << 8 | (offset))

/* Vendor and device of a host bridge, its first register. */
#define PCI_ID_I440FX 0x12378086
#define PCI_ID_Q35    0x29c08086
#define PCI_ID_NONE   0xffffffff

#define Q35_ECAM_BASE 0xb0000000

#ifndef __ASSEMBLER__
#include "common/lib/compiler.h"

uint32_t pci_read32(uint32_t address);
void pci_write32(uint32_t address, uint32_t value);
void pci_write8(uint32_t address, uint8_t value);
#endif

#endif
