/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/describe/describe.c - puts all that the kernel reads in place
 *
 * One area holds the ACPI tables, the blob's or the VMM's, and behind them the
 * SMBIOS structures. The zero page leads to all of them.
 */
#include "arch/x86_64/describe/acpi_x86.h"
#include "arch/x86_64/describe/low_tables.h"
#include "arch/x86_64/describe/no_acpi.h"
#include "arch/x86_64/describe/setup_data.h"
#include "arch/x86_64/describe/words.h"
#include "arch/x86_64/describe/zero_page.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/vmm_acpi.h"
#include "common/arch.h"
#include "common/describe/acpi_loader.h"
#include "common/describe/ledger.h"
#include "common/describe/smbios.h"
#include "common/image.h"
#include "common/lib/console.h"
#include "common/payload/payload.h"
#include "common/place/guest.h"

#define PAGE_SIZE 0x1000

/* Bytes for the SMBIOS structures behind the VMM's tables. */
#define SMBIOS_ROOM 0x10000

/* The area for tables. Its part from `next` on is still free. */
struct area {
	paddr_t base;
	paddr_t next; /* on a page */
	paddr_t end;
};

static struct area claim_area(struct memory *memory)
{
	paddr_t base = LOW_TABLES_BASE;

	if (!memory_is_ram(memory, base, LOW_TABLES_SIZE))
		base = memory_alloc(memory, LOW_TABLES_SIZE, PAGE_SIZE,
		                    HIGH_RAM_BASE, FOUR_GIB, MEMORY_RAM);
	if (!base)
		panic("acpi: tables: no free RAM of %#x bytes",
		      LOW_TABLES_SIZE);
	arch_map(base, LOW_TABLES_SIZE);
	return (struct area){ base, base, base + LOW_TABLES_SIZE };
}

/* Sets the type of what has been used since `base`, up to a whole page. */
static void close_area(struct area *area, struct memory *memory, paddr_t base,
                       paddr_t end, enum memory_type type)
{
	area->next = align_up(end, PAGE_SIZE);
	memory_set(memory, base, area->next - base, type);
}

/*
 * Writes the blob's tables and returns the address of the RSDP. An AT gets
 * none: with hardware-reduced ACPI, Linux does not touch 8259s. Kernels older
 * than 5.0 look for the RSDP below 1 MiB. Newer ones are told where it is, so
 * it may be in the first page of the area.
 */
static paddr_t describe_acpi(struct area *area, const struct machine *machine,
                             const struct ledger *ledger, struct memory *memory)
{
	paddr_t rsdp = machine_has_low_shadow(machine) ? RSDP_BASE : area->base;
	paddr_t base = area->base + PAGE_SIZE;
	struct acpi_fpdt_times times;
	struct acpi acpi;

	if (machine->platform == MACHINE_PLATFORM_ISA)
		return 0;
	acpi_begin_area(&acpi, paddr_ptr(base), base, area->end - base);
	acpi_x86_build(&acpi, machine,
	               ledger_fpdt_times(&times, ledger, machine) ? &times
	                                                          : NULL);
	acpi_write_rsdp(&acpi, paddr_ptr(rsdp));
	close_area(area, memory, area->base, base + acpi_used(&acpi),
	           MEMORY_ACPI);
	return rsdp;
}

/*
 * Takes the VMM's tables, as the bundle asks for, in the places of the blob's
 * own. Returns the address of the RSDP.
 */
static paddr_t describe_vmm_acpi(struct area *area,
                                 const struct machine *machine,
                                 struct memory *memory)
{
	const struct fw_cfg *fw_cfg = &machine->fw_cfg;
	struct acpi_loader_area low = { area->base, area->end - SMBIOS_ROOM };
	struct acpi_loader_area shadow = { RSDP_BASE, SMBIOS_BASE };
	bool has_shadow = machine_has_low_shadow(machine);
	paddr_t rsdp;

	if (!fw_cfg->files[FW_CFG_FILE_LOADER].size) {
		/* The VMM's tables lie in RAM already, and stay there. */
		rsdp = vmm_acpi_rsdp(machine);
		if (!rsdp)
			panic("acpi: acpi=vmm: the VMM has no tables");
		return rsdp;
	}
	rsdp = acpi_loader_run(fw_cfg, memory, &low,
	                       has_shadow ? &shadow : &low);
	close_area(area, memory, area->base, low.next, MEMORY_ACPI);
	return rsdp;
}

/*
 * Returns where the entry point of SMBIOS goes, or 0. Linux finds it in F0000
 * to FFFFF, or not at all. A VMM without tables but with PCI may lack a host
 * bridge, and then Linux trusts port CF8 only if SMBIOS has a date
 * (pci_sanity_check()).
 */
static paddr_t find_anchor(const struct machine *machine)
{
	if (machine_has_low_shadow(machine))
		return SMBIOS_BASE;
	if (machine->platform == MACHINE_PLATFORM_PCI &&
	    !vmm_acpi_rsdp(machine) &&
	    !*(const uint64_t *)paddr_ptr(SMBIOS_HIGH_BASE))
		return SMBIOS_HIGH_BASE;
	return 0;
}

static void describe_smbios(struct area *area, const struct machine *machine,
                            struct memory *memory)
{
	uint64_t size = smbios_size(machine);
	paddr_t base = area->next, anchor = find_anchor(machine);
	struct machine_range tables;

	if (!anchor)
		return;
	if (size > area->end - base)
		panic_range("smbios", size, base, "beyond %#lx", area->end);
	tables = smbios_write(machine, base);
	smbios_write_anchor(paddr_ptr(anchor), machine, tables);
	close_area(area, memory, base, base + size, MEMORY_RESERVED);
}

/*
 * Claims a record for E820 ranges. Only a memory map of more ranges than the
 * zero page has room for needs it.
 */
static struct setup_data *claim_extension(struct memory *memory)
{
	if (memory->end - memory->steps <= E820_TABLE_MAX)
		return NULL;
	return paddr_ptr(memory_take(memory, "e820", E820_EXTENSION_SIZE));
}

NOINLINE paddr_t arch_describe(const struct machine *machine,
                               const struct payload *payload,
                               struct guest *guest, struct memory *memory,
                               const struct ledger *ledger)
{
	struct zero_page_pointers pointers;
	struct area area;

	if (payload->options.wants_device_tree)
		panic("device-tree: only on aarch64");
	area = claim_area(memory);
	if (payload->is_pinned)
		low_tables_hide();
	words_add(&guest->cmdline, machine);
	pointers.setup_data_paddr = setup_data_add_tree(
		payload, memory, machine->pc.setup_data_paddr);
	pointers.setup_data_paddr = paravisor_describe(
		machine, payload, guest, memory, pointers.setup_data_paddr);
	pointers.rsdp_paddr =
		payload->options.wants_vmm_acpi
			? describe_vmm_acpi(&area, machine, memory)
			: describe_acpi(&area, machine, ledger, memory);
	describe_smbios(&area, machine, memory);
	if (machine_has_low_shadow(machine))
		no_acpi_write(paddr_ptr(NO_ACPI_BASE), NO_ACPI_BASE, machine);
	zero_page_build(paddr_ptr(ZERO_PAGE_BASE), claim_extension(memory),
	                guest, memory, &pointers);
	return ZERO_PAGE_BASE;
}
