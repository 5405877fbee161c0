/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/describe/describe.c - puts all that the kernel reads of us in
 * place */
#include "arch/x86_64/describe/acpi_x86.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/lib/x86.h"
#include "arch/x86_64/describe/zero_page.h"
#include "common/describe/acpi_loader.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/describe/smbios.h"
#include "common/spec/fw_cfg.h"

#define PAGE_SIZE 0x1000

/*
 * The tables lie one behind the other from ACPI_BASE on. Kernels older than
 * 5.0 look for the RSDP below 1 MiB, newer ones are told where it is.
 */
static paddr_t describe_acpi(struct boot *boot)
{
	struct acpi_fpdt_times times;
	struct acpi acpi;
	paddr_t end;

	acpi_begin_area(&acpi, paddr_ptr(ACPI_BASE), ACPI_BASE,
	                ACPI_END - ACPI_BASE);
	acpi_x86_build(&acpi, &boot->machine,
	               times_convert(boot, &times) ? &times : NULL);
	end = align_up(ACPI_BASE + acpi_used(&acpi), PAGE_SIZE);
	boot->rsdp_paddr =
		boot->machine.pc.has_low_shadow ? RSDP_BASE : RSDP_LOW_BASE;
	acpi_write_rsdp(&acpi, paddr_ptr(boot->rsdp_paddr));
	memory_set(&boot->memory, RSDP_LOW_BASE, end - RSDP_LOW_BASE,
	           MEMORY_ACPI);
	return end;
}

/* Linux finds SMBIOS by its entry point below 1 MiB, or not at all. */
static void describe_smbios(struct boot *boot, paddr_t base)
{
	const struct fw_cfg_item *file =
		&boot->fw_cfg.files[FW_CFG_FILE_SMBIOS_TABLES];
	uint32_t size = file->size ? file->size : SMBIOS_TABLES_SIZE;

	if (!boot->machine.pc.has_low_shadow)
		return;
	if (!is_within(base, size, ACPI_END))
		panic("smbios: %#x bytes at %#lx: beyond %#x", size, base,
		      ACPI_END);
	if (file->size)
		fw_cfg_read(&boot->fw_cfg, file->key, 0, base, size);
	else
		smbios_build(paddr_ptr(base), &boot->machine);
	smbios_write_anchor(paddr_ptr(SMBIOS_BASE), base, size);
	memory_set(&boot->memory, base, align_up(size, PAGE_SIZE),
	           MEMORY_RESERVED);
}

/* Room for the SMBIOS structures behind the VMM's tables. */
#define SMBIOS_ROOM 0x10000

/* The VMM's tables, as the bundle wants it; in the places of our own. */
static paddr_t describe_vmm_acpi(struct boot *boot)
{
	struct acpi_loader_area low = { RSDP_LOW_BASE, ACPI_END - SMBIOS_ROOM };
	struct acpi_loader_area shadow = { RSDP_BASE, SMBIOS_BASE };
	bool has_shadow = boot->machine.pc.has_low_shadow;

	if (!boot->fw_cfg.files[FW_CFG_FILE_LOADER].size) {
		/* They lie in RAM already, and stay there. */
		boot->rsdp_paddr = vmm_rsdp_find(&boot->machine);
		if (!boot->rsdp_paddr)
			panic("acpi: acpi=vmm: the VMM has no tables");
		return ACPI_BASE;
	}
	boot->rsdp_paddr =
		acpi_loader_run(boot, &low, has_shadow ? &shadow : &low);
	low.next = align_up(low.next, PAGE_SIZE);
	memory_set(&boot->memory, RSDP_LOW_BASE, low.next - RSDP_LOW_BASE,
	           MEMORY_ACPI);
	return low.next;
}

/* Only a memory map of that many ranges needs more than the zero page. */
static void describe_boot_params(struct boot *boot)
{
	struct setup_data *extension = NULL;
	uint64_t count = boot->memory.end - boot->memory.steps;

	if (count > E820_TABLE_MAX) {
		extension = paddr_ptr(
			memory_alloc(&boot->memory, E820_EXTENSION_SIZE, 16,
		                     HIGH_RAM_BASE, 1ULL << 32, MEMORY_RAM));
		if (!extension)
			panic("e820: no free RAM for %lu ranges", count);
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
	describe_smbios(boot, boot->options.wants_vmm_acpi
	                              ? describe_vmm_acpi(boot)
	                              : describe_acpi(boot));
	describe_boot_params(boot);
	smp_finish(&boot->machine);
}
