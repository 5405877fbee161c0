/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/describe.c - writes all that the kernel reads about the
 * machine
 *
 * In ACPI mode the kernel gets a small device tree, which leads to EFI tables,
 * which lead to the ACPI tables. Otherwise a device tree describes the whole
 * machine: the blob's own tree, or the tree from the bundle.
 */
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/describe/acpi_arm.h"
#include "arch/aarch64/describe/dt_build.h"
#include "arch/aarch64/describe/efi_tables.h"
#include "arch/aarch64/lib/cache.h"
#include "arch/aarch64/memmap.h"
#include "common/arch.h"
#include "common/describe/acpi_loader.h"
#include "common/describe/ledger.h"
#include "common/describe/smbios.h"
#include "common/lib/console.h"
#include "common/payload/payload.h"
#include "common/spec/linux_arm64.h"

/* The area holds EFI map, EFI tables, RSDP and ACPI tables, in this order. */
#define AREA_SIZE (ACPI_OFFSET + ACPI_SIZE - EFI_MAP_OFFSET)

static_assert(AREA_SIZE % EFI_PAGE_ALIGN == 0, "memmap.h");

/* Claims and maps RAM at `wanted` or above, else wherever there is room. */
static paddr_t claim(struct memory *memory, const char *name, uint64_t size,
                     uint64_t alignment, paddr_t wanted, enum memory_type type)
{
	paddr_t base = memory_alloc_near(memory, size, alignment, wanted, 0,
	                                 MAPPED_END, type);

	if (!base)
		panic("%s: %#lx bytes: no free RAM", name, size);
	arch_map(base, size);
	return base;
}

static paddr_t claim_fdt(struct memory *memory, const struct guest *guest,
                         uint64_t size)
{
	return claim(memory, "fdt", size, LINUX_FDT_SIZE_MAX,
	             guest->kernel.base + guest->kernel.size, MEMORY_RAM);
}

/* Uses the CPU's CRC32 instruction if the CPU has one. */
static uint32_t crc32(const void *data, uint32_t size)
{
	const uint64_t *word = data;
	uint32_t crc = UINT32_MAX;

	if (!cpu_has_crc32())
		return efi_crc32(data, size);
	for (; size; size -= sizeof(*word))
		crc = cpu_crc32(crc, *word++);
	return ~crc;
}

/*
 * Where the kernel finds tables: the RSDP, which the blob's own tables have a
 * place for, then ACPI tables, then SMBIOS structures.
 */
struct tables {
	paddr_t rsdp;
	paddr_t acpi;
	paddr_t smbios;
};

/* Writes the blob's own ACPI tables. */
static void write_own(struct tables *tables, const struct machine *machine,
                      const struct ledger *ledger)
{
	struct acpi_fpdt_times times;
	bool has_times = ledger_fpdt_times(&times, ledger, machine);
	struct acpi acpi;

	acpi_begin_area(&acpi, paddr_ptr(tables->acpi), tables->acpi,
	                ACPI_SIZE);
	acpi_arm_build(&acpi, machine, has_times ? &times : NULL);
	acpi_write_rsdp(&acpi, paddr_ptr(tables->rsdp));
	tables->smbios = paddr_of(acpi_reserve(&acpi, smbios_size(machine)));
}

/*
 * Has the VMM's own ACPI tables put in the same area, by its script. One file
 * of them is the RSDP.
 */
static void write_vmms(struct tables *tables, const struct machine *machine,
                       struct memory *memory)
{
	const struct fw_cfg *fw_cfg = &machine->fw_cfg;
	uint64_t size = smbios_size(machine);
	paddr_t end = tables->acpi + ACPI_SIZE;
	struct acpi_loader_area area = { tables->acpi, end };

	if (!fw_cfg->files[FW_CFG_FILE_LOADER].size)
		panic("acpi: acpi=vmm: the VMM has no tables");
	tables->rsdp = acpi_loader_run(fw_cfg, memory, &area, &area);
	tables->smbios = align_up(area.next, ACPI_ALIGNMENT);
	if (size > end - tables->smbios)
		panic_range("smbios", size, tables->smbios, "beyond %#lx", end);
}

static paddr_t describe_acpi(const struct machine *machine,
                             const struct payload *payload,
                             const struct guest *guest, struct memory *memory,
                             const struct ledger *ledger)
{
	paddr_t area =
		claim(memory, "acpi", AREA_SIZE, EFI_PAGE_ALIGN,
	              machine->ram[0].base + EFI_MAP_OFFSET, MEMORY_ACPI);
	paddr_t efi_paddr = area + EFI_TABLES_OFFSET - EFI_MAP_OFFSET;
	paddr_t anchor = area + SMBIOS_OFFSET - EFI_MAP_OFFSET;
	struct tables tables = {
		.rsdp = area + RSDP_OFFSET - EFI_MAP_OFFSET,
		.acpi = area + ACPI_OFFSET - EFI_MAP_OFFSET,
	};
	struct efi_tables efi;
	uint32_t used;
	paddr_t fdt;

	if (payload->options.wants_vmm_acpi)
		write_vmms(&tables, machine, memory);
	else
		write_own(&tables, machine, ledger);
	smbios_write_anchor(paddr_ptr(anchor), machine,
	                    smbios_write(machine, tables.smbios));
	used = align_up(tables.smbios + smbios_size(machine) - area,
	                EFI_PAGE_ALIGN);
	/* Give back the part of the area that the tables did not need. */
	memory_set(memory, area + used, AREA_SIZE - used, MEMORY_RAM);
	efi_build_tables(&efi, paddr_ptr(efi_paddr), efi_paddr, tables.rsdp,
	                 anchor, crc32);

	/* From here on the memory map is final. */
	fdt = claim_fdt(memory, guest, STUB_FDT_SIZE);
	efi_build_map(&efi, paddr_ptr(area), area, memory);
	cache_clean_range(area, used);
	dt_build_stub(machine, guest, &efi, paddr_ptr(fdt), STUB_FDT_SIZE);
	return fdt;
}

static paddr_t describe_full(const struct machine *machine,
                             const struct guest *guest, struct memory *memory)
{
	uint32_t size = dt_full_size(machine);
	paddr_t fdt = claim_fdt(memory, guest, size);

	dt_build_full(machine, guest, paddr_ptr(fdt), size);
	return fdt;
}

static paddr_t describe_given(const struct machine *machine,
                              const struct payload *payload,
                              const struct guest *guest, struct memory *memory)
{
	const struct source *source = &payload->dtb;
	uint32_t size = dt_given_size(machine, source->size);
	paddr_t given, fdt;

	given = claim(memory, "dtb", source->size, EFI_PAGE_ALIGN, 0,
	              MEMORY_RAM);
	source_load(&payload->reader, "dtb", source, 0, given, source->size);
	fdt = claim_fdt(memory, guest, size);
	dt_build_given(machine, guest, paddr_ptr(given), source->size,
	               paddr_ptr(fdt), size);
	return fdt;
}

paddr_t arch_describe(const struct machine *machine,
                      const struct payload *payload, struct guest *guest,
                      struct memory *memory, const struct ledger *ledger)
{
	if (payload->options.is_paravisor != machine->is_split)
		panic("paravisor: a bundle of the VMM: must be the blob's own");
	if (machine->is_split && payload->dtb.kind != SOURCE_NONE)
		panic("paravisor: a device tree of the bundle: it gets ours");
	if (payload->dtb.kind != SOURCE_NONE)
		return describe_given(machine, payload, guest, memory);
	if (payload->options.wants_device_tree || machine->is_split ||
	    (!payload->options.wants_vmm_acpi && !acpi_arm_can_tell(machine)))
		return describe_full(machine, guest, memory);
	return describe_acpi(machine, payload, guest, memory, ledger);
}
