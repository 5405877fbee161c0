/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/describe/low_tables.c - hides what lies there, see low_tables.h
 *
 * ACPI 6.4 section 5.2.5.1 and DSP0134 3.4 section 5.2 say where kernels look:
 * at each multiple of 16 below 1 MiB, and in the area whose segment is at 40E.
 * Linux looks for the iSCSI boot table from 80000 on, but not in VGA memory.
 * The MP table's floating pointer may lie in the lowest KiB, too
 * (MultiProcessor Specification 1.4, chapter 4).
 */
#include "arch/x86_64/describe/low_tables.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/memmap.h"
#include "common/spec/mp.h"
#include "common/spec/pir.h"

#define VECTORS_END       0x400
#define EBDA_SEGMENT      0x40e
#define SIGNATURE_RSDP    0x20445352 /* "RSD " */
#define SIGNATURE_SMBIOS  0x5f4d535f /* "_SM_" */
#define SIGNATURE_SMBIOS3 0x334d535f /* "_SM3" */
#define SIGNATURE_IBFT    0x54464269 /* "iBFT" */
#define SIGNATURE_DMI     0x494d445f /* "_DMI"; Linux takes it alone, too */

/* Where this is ROM, it holds no tables, and writes are lost. */
static void hide(paddr_t at, paddr_t end)
{
	for (; at < end; at += 16) {
		uint32_t signature = cpu_read32(at);

		if (signature == SIGNATURE_RSDP ||
		    signature == SIGNATURE_SMBIOS ||
		    signature == SIGNATURE_SMBIOS3 ||
		    signature == SIGNATURE_DMI || signature == SIGNATURE_IBFT ||
		    signature == MP_FLOATING_SIGNATURE ||
		    signature == PIR_SIGNATURE)
			cpu_write32(at, 0);
	}
}

void low_tables_hide(void)
{
	cpu_write16(LOW_ALIAS + EBDA_SEGMENT, 0);
	hide(LOW_ALIAS, LOW_ALIAS + VECTORS_END);
	hide(LOW_ALIAS + IBFT_BASE, LOW_ALIAS + LOW_RAM_END);
	hide(LOW_ALIAS + OPTION_ROM_BASE, LOW_ALIAS + HIGH_RAM_BASE);
}
