/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/describe.c - puts all that the kernel reads of us in place */
#include "arch/aarch64/acpi_arm.h"
#include "arch/aarch64/arm.h"
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/efi_tables.h"
#include "arch/aarch64/fdt_out.h"
#include "common/arch.h"
#include "common/console.h"
#include "common/spec/linux_arm64.h"

/* EFI map, EFI tables, RSDP and ACPI, in this order, are one area. */
#define AREA_SIZE (ACPI_OFFSET + ACPI_SIZE - EFI_MAP_OFFSET)

static_assert(AREA_SIZE % EFI_PAGE_ALIGN == 0, "memmap.h");

/* Where it is wanted, else where there is room. */
static paddr_t claim(struct boot *boot, const char *name, uint64_t size,
                     uint64_t alignment, paddr_t wanted, enum memory_type type)
{
	paddr_t base = memory_alloc(&boot->memory, size, alignment, wanted,
	                            STACK_GUARD_ADDRESS, type);

	if (!base)
		base = memory_alloc(&boot->memory, size, alignment, 0,
		                    STACK_GUARD_ADDRESS, type);
	if (!base)
		panic("%s: %#lx bytes: no free RAM", name, size);
	arch_map(base, size);
	return base;
}

static void describe_acpi(struct boot *boot, struct efi_tables *efi)
{
	paddr_t area =
		claim(boot, "acpi", AREA_SIZE, EFI_PAGE_ALIGN,
	              boot->machine.ram[0].base + EFI_MAP_OFFSET, MEMORY_ACPI);
	paddr_t tables = area + ACPI_OFFSET - EFI_MAP_OFFSET;
	uint64_t used;
	struct acpi acpi;

	boot->rsdp_paddr = area + RSDP_OFFSET - EFI_MAP_OFFSET;
	acpi_begin_area(&acpi, paddr_ptr(tables), tables, ACPI_SIZE);
	acpi_arm_build(&acpi, &boot->machine, NULL);
	acpi_write_rsdp(&acpi, paddr_ptr(boot->rsdp_paddr));

	/* Give back what was not needed. */
	used = align_up(tables - area + acpi_used(&acpi), EFI_PAGE_ALIGN);
	memory_set(&boot->memory, area + used, AREA_SIZE - used, MEMORY_RAM);

	efi_build_tables(
		efi, paddr_ptr(area + EFI_TABLES_OFFSET - EFI_MAP_OFFSET),
		area + EFI_TABLES_OFFSET - EFI_MAP_OFFSET, boot->rsdp_paddr, 0);
	efi->map_paddr = area;
	cache_clean_range(area, used);
}

static void describe_device_tree(struct boot *boot)
{
	struct efi_tables efi;
	uint32_t size = LINUX_FDT_SIZE_MAX;
	paddr_t fdt;

	if (boot->options.wants_device_tree) {
		fdt = claim(boot, "fdt", size, LINUX_FDT_SIZE_MAX,
		            boot->kernel.base + boot->kernel.size, MEMORY_RAM);
		size = fdt_build_full(boot, paddr_ptr(fdt), size);
	} else {
		describe_acpi(boot, &efi);
		size = STUB_FDT_SIZE;
		fdt = claim(boot, "fdt", size, LINUX_FDT_SIZE_MAX,
		            boot->kernel.base + boot->kernel.size, MEMORY_RAM);
		efi_build_map(&efi, paddr_ptr(efi.map_paddr), efi.map_paddr,
		              &boot->memory);
		cache_clean_range(efi.map_paddr, efi.map_size);
		size = fdt_build_stub(boot, &efi, paddr_ptr(fdt), size);
	}
	boot->description_paddr = fdt;
	cache_clean_range(fdt, size);
}

void arch_describe(struct boot *boot)
{
	mmu_map_guard(&work_of(boot)->mmu, boot->blob_paddr);
	describe_device_tree(boot);
	cache_clean_range(boot->kernel.base, boot->kernel.size);
	cache_clean_range(boot->kernel.initrd_paddr, boot->kernel.initrd_size);
	cpu_sync();
}
