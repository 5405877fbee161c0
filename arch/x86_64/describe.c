/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/describe.c - puts all that the kernel reads of us in place */
#include "arch/x86_64/acpi_x86.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/x86.h"
#include "arch/x86_64/zero_page.h"
#include "common/acpi_loader.h"
#include "common/arch.h"
#include "common/console.h"
#include "common/string.h"

static void describe_acpi(struct boot *boot)
{
	struct acpi acpi;

	acpi_begin_area(&acpi, paddr_ptr(ACPI_BASE), ACPI_BASE,
	                ACPI_END - ACPI_BASE);
	acpi_x86_build(&acpi, &boot->machine, NULL);
	memory_set(&boot->memory, ACPI_BASE,
	           align_up(acpi_used(&acpi), 4096), MEMORY_ACPI);
	acpi_write_rsdp(&acpi, paddr_ptr(RSDP_BASE));
	boot->rsdp_paddr = RSDP_BASE;
}

/* Room for the SMBIOS structures behind the VMM's tables. */
#define SMBIOS_ROOM 0x10000

/* The VMM's tables, as the bundle wants it; in the places of our own. */
static void describe_vmm_acpi(struct boot *boot)
{
	struct acpi_loader_area low = { ACPI_BASE, ACPI_END - SMBIOS_ROOM };
	struct acpi_loader_area shadow = { RSDP_BASE, SMBIOS_BASE };
	bool has_shadow = boot->machine.pc.pm.base != 0;

	boot->rsdp_paddr =
		acpi_loader_run(boot, &low, has_shadow ? &shadow : &low);
	memory_set(&boot->memory, ACPI_BASE,
	           align_up(low.next, 4096) - ACPI_BASE, MEMORY_ACPI);
}

/* Only a memory map of that many ranges needs more than the zero page. */
static void describe_boot_params(struct boot *boot)
{
	struct setup_data *extension = NULL;

	if (boot->memory.count > E820_TABLE_MAX) {
		extension = paddr_ptr(
			memory_alloc(&boot->memory, E820_EXTENSION_SIZE, 16,
		                     HIGH_RAM_BASE, 1ULL << 32, MEMORY_RAM));
		if (!extension)
			panic("e820: no free RAM for %u ranges",
			      boot->memory.count);
		arch_map(paddr_of(extension), E820_EXTENSION_SIZE);
	}
	zero_page_build(paddr_ptr(ZERO_PAGE_BASE), extension, boot);
	boot->description_paddr = ZERO_PAGE_BASE;
}

void arch_describe(struct boot *boot)
{
	tsc_finish(boot);
	if (boot->machine.pc.tsc_khz)
		cmdline_add(&boot->kernel, "tsc_early_khz",
		            boot->machine.pc.tsc_khz);
	if (boot->options.wants_vmm_acpi)
		describe_vmm_acpi(boot);
	else
		describe_acpi(boot);
	describe_boot_params(boot);
	smp_finish(&boot->machine);
}
