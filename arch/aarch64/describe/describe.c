/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/describe/describe.c - puts all that the kernel reads of us in
 * place */
#include "arch/aarch64/describe/acpi_arm.h"
#include "arch/aarch64/lib/arm.h"
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/describe/efi_tables.h"
#include "arch/aarch64/describe/fdt_out.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/describe/ledger.h"
#include "common/describe/smbios.h"
#include "common/spec/linux_arm64.h"

#define NS_PER_S 1000000000ull

/* EFI map, EFI tables, RSDP and ACPI, in this order, are one area. */
#define AREA_SIZE (ACPI_OFFSET + ACPI_SIZE - EFI_MAP_OFFSET)

static_assert(AREA_SIZE % EFI_PAGE_ALIGN == 0, "memmap.h");

/* Where it is wanted, else where there is room. */
static paddr_t claim(struct boot *boot, const char *name, uint64_t size,
                     uint64_t alignment, paddr_t wanted, enum memory_type type)
{
	paddr_t base = memory_alloc(&boot->memory, size, alignment, wanted,
	                            MAPPED_END, type);

	if (!base)
		base = memory_alloc(&boot->memory, size, alignment, 0,
		                    MAPPED_END, type);
	if (!base)
		panic("%s: %#lx bytes: no free RAM", name, size);
	arch_map(base, size);
	return base;
}

static uint64_t nanoseconds(uint64_t ticks, uint64_t hz)
{
	return ticks / hz * NS_PER_S + ticks % hz * NS_PER_S / hz;
}

/* The counter runs since the VMM started the machine. */
static bool convert_times(const struct boot *boot,
                          struct acpi_fpdt_times *times)
{
	const struct ledger *ledger = &boot->ledger;
	uint64_t hz = cpu_counter_hz();

	if (!hz)
		return false;
	times->reset_end = nanoseconds(boot->start_ticks, hz);
	times->load_start = nanoseconds(ledger->ticks[LEDGER_PAYLOAD], hz);
	times->load_end = nanoseconds(ledger->ticks[LEDGER_PLACEMENT], hz);
	times->exit = nanoseconds(arch_ticks(), hz);
	return true;
}

/* The VMM's structures, if it brings any; behind the last table. */
static void describe_smbios(const struct boot *boot, struct acpi *acpi,
                            paddr_t anchor)
{
	const struct fw_cfg_item *file =
		&boot->fw_cfg.files[FW_CFG_FILE_SMBIOS_TABLES];
	uint32_t size = file->size ? file->size : SMBIOS_TABLES_SIZE;
	void *tables = acpi_reserve(acpi, size);

	if (file->size)
		fw_cfg_read(&boot->fw_cfg, file->key, 0, paddr_of(tables),
		            size);
	else
		smbios_build(tables, &boot->machine);
	smbios_write_anchor(paddr_ptr(anchor), paddr_of(tables), size);
}

/* A word at a time: 15 steps, where 4 bits at a time take 1,400 instructions.
 */
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

static void describe_acpi(struct boot *boot, struct efi_tables *efi)
{
	paddr_t area =
		claim(boot, "acpi", AREA_SIZE, EFI_PAGE_ALIGN,
	              boot->machine.ram[0].base + EFI_MAP_OFFSET, MEMORY_ACPI);
	paddr_t tables = area + ACPI_OFFSET - EFI_MAP_OFFSET;
	paddr_t smbios = area + SMBIOS_OFFSET - EFI_MAP_OFFSET;
	struct acpi_fpdt_times times;
	uint64_t used;
	struct acpi acpi;

	boot->rsdp_paddr = area + RSDP_OFFSET - EFI_MAP_OFFSET;
	acpi_begin_area(&acpi, paddr_ptr(tables), tables, ACPI_SIZE);
	acpi_arm_build(&acpi, &boot->machine,
	               convert_times(boot, &times) ? &times : NULL);
	acpi_write_rsdp(&acpi, paddr_ptr(boot->rsdp_paddr));
	describe_smbios(boot, &acpi, smbios);

	/* Give back what was not needed. */
	used = align_up(tables - area + acpi_used(&acpi), EFI_PAGE_ALIGN);
	memory_set(&boot->memory, area + used, AREA_SIZE - used, MEMORY_RAM);

	efi_build_tables(efi,
	                 paddr_ptr(area + EFI_TABLES_OFFSET - EFI_MAP_OFFSET),
	                 area + EFI_TABLES_OFFSET - EFI_MAP_OFFSET,
	                 boot->rsdp_paddr, smbios, crc32);
	efi->map_paddr = area;
	cache_clean_range(area, used);
}

/* Ample for the full tree. */
static uint32_t full_tree_size(const struct machine *machine)
{
	uint64_t size = FULL_FDT_SIZE + machine->cpu_count * FULL_FDT_CPU_SIZE +
	                MACHINE_VIRTIO_MMIO_MAX * FULL_FDT_SLOT_SIZE +
	                machine->ram_count * FULL_FDT_SLOT_SIZE +
	                (uint64_t)machine->node_count * machine->node_count *
	                        FULL_FDT_DISTANCE_SIZE;

	return (uint32_t)min_u64(align_up(size, 8), LINUX_FDT_SIZE_MAX);
}

static paddr_t claim_fdt(struct boot *boot, uint64_t size)
{
	return claim(boot, "fdt", size, LINUX_FDT_SIZE_MAX,
	             boot->kernel.base + boot->kernel.size, MEMORY_RAM);
}

/* The bundle's tree; as large again as ours would be, it cannot become. */
static uint32_t describe_given(struct boot *boot)
{
	const struct source *source = &boot->payload.dtb;
	uint64_t size = source->size + full_tree_size(&boot->machine);
	paddr_t given;

	if (size > LINUX_FDT_SIZE_MAX)
		panic("dtb: %#lx bytes: with ours more than %#x", source->size,
		      LINUX_FDT_SIZE_MAX);
	given = claim(boot, "dtb", source->size, EFI_PAGE_ALIGN, 0, MEMORY_RAM);
	source_load(boot, "dtb", source, 0, given, source->size);
	boot->description_paddr = claim_fdt(boot, size);
	return fdt_build_given(boot, paddr_ptr(given), source->size,
	                       paddr_ptr(boot->description_paddr),
	                       (uint32_t)size);
}

static uint32_t describe_full(struct boot *boot)
{
	uint32_t size = full_tree_size(&boot->machine);

	boot->description_paddr = claim_fdt(boot, size);
	return fdt_build_full(boot, paddr_ptr(boot->description_paddr), size);
}

static uint32_t describe_efi(struct boot *boot)
{
	struct efi_tables efi;

	describe_acpi(boot, &efi);
	boot->description_paddr = claim_fdt(boot, STUB_FDT_SIZE);
	efi_build_map(&efi, paddr_ptr(efi.map_paddr), efi.map_paddr,
	              &boot->memory);
	cache_clean_range(efi.map_paddr, efi.map_size);
	return fdt_build_stub(boot, &efi, paddr_ptr(boot->description_paddr),
	                      STUB_FDT_SIZE);
}

static uint32_t describe_device_tree(struct boot *boot)
{
	if (boot->payload.dtb.kind != SOURCE_NONE)
		return describe_given(boot);
	if (boot->options.wants_device_tree)
		return describe_full(boot);
	return describe_efi(boot);
}

void arch_describe(struct boot *boot)
{
	uint32_t size = describe_device_tree(boot);

	cache_clean_range(boot->description_paddr, size);
	cache_clean_range(boot->kernel.base, boot->kernel.size);
	cache_clean_range(boot->kernel.initrd_paddr, boot->kernel.initrd_size);
	cpu_sync();
}
