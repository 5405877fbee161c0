/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/igvm_layout.c - lays an IGVM file out; see igvm_layout.h */
#include "payload/judge/igvm_layout.h"

#include "common/lib/sum64.h"
#include "common/spec/bundle.h"
#include "common/spec/linux_arm64.h"
#include "payload/judge/elf_door.h"
#include "payload/lib/crc32c.h"

#define PAGE       IGVM_PAGE_SIZE
#define SIZE_MAX32 0xfffff000ull /* REQUIRED_MEMORY has 32 bits for it. */

/* The blob's first page tables map as much: memmap.h of each architecture. */
#define X86_END 0x40000000
#define ARM_END 0x40000000000

#define ALL     (IGVM_HOST_QEMU | IGVM_HOST_OPENVMM | IGVM_HOST_HYPERV)
#define MOST    (IGVM_HOST_OPENVMM | IGVM_HOST_HYPERV)

/*
 * A header of a parameter has no mask, and a host that does not know it refuses
 * the file. Hence a file has those only that all its hosts know. The sizes are
 * OpenHCL's, which Hyper-V fills; one of a memory map has 1365 entries.
 */
static const struct {
	enum igvm_parameter parameter;
	uint32_t pages;
	unsigned hosts;
} areas[] = {
	{ IGVM_PARAMETER_MEMORY_MAP, 8, ALL },
	{ IGVM_PARAMETER_VP_COUNT, 1, ALL },
	{ IGVM_PARAMETER_ENVIRONMENT_INFO, 1, ALL },
	{ IGVM_PARAMETER_COMMAND_LINE, 1, MOST },
	{ IGVM_PARAMETER_MADT, 20, MOST },
	{ IGVM_PARAMETER_SRAT, 20, MOST },
	{ IGVM_PARAMETER_SLIT, 20, IGVM_HOST_HYPERV },
	{ IGVM_PARAMETER_PPTT, 20, IGVM_HOST_HYPERV },
	{ IGVM_PARAMETER_DEVICE_TREE, 64, MOST },
};

static_assert(ARRAY_COUNT(areas) <= IGVM_PARAMS_AREA_MAX, "igvm_params.h");

/* Lays the areas out from `paddr` on. Returns where they end. */
static uint64_t add_areas(struct igvm_layout *layout, unsigned hosts,
                          uint64_t paddr)
{
	struct igvm_params *page = &layout->page;

	for (unsigned i = 0; i < ARRAY_COUNT(areas); i++) {
		struct igvm_params_area *area = &page->areas[page->area_count];

		if ((hosts & ~areas[i].hosts) != 0)
			continue;
		area->parameter = areas[i].parameter;
		area->size = areas[i].pages * PAGE;
		area->offset = (int64_t)(paddr - layout->params);
		paddr += area->size;
		page->area_count++;
	}
	return paddr;
}

/* An AArch64 blob works in the memory that its header has behind the bundle. */
static uint64_t loaded_size(const struct igvm_spec *spec)
{
	uint64_t size = spec->packed.size;
	struct image_header header;

	if (spec->arch == BUNDLE_ARCH_AARCH64 && size >= sizeof(header)) {
		memcpy(&header, spec->packed.data, sizeof(header));
		if (header.image_size > SIZE_MAX32)
			refuse("blob: header: image size %#lx: at most %#llx",
			       header.image_size, SIZE_MAX32);
		size = max_u64(size, header.image_size);
	}
	return align_up(size, PAGE);
}

static void check_place(const struct igvm_spec *spec,
                        const struct igvm_layout *layout)
{
	uint64_t size = layout->end - spec->base;

	if (spec->base % IGVM_BASE_ALIGN != 0 || spec->base < layout->lowest)
		refuse("IGVM: base %#lx: must be a multiple of 2 MiB, not 0",
		       spec->base);
	if (size > SIZE_MAX32 || layout->end > layout->highest)
		refuse("IGVM: %#lx bytes at %#lx: must end below %#lx, and be "
		       "fewer than 4 GiB",
		       size, spec->base, layout->highest);
}

void igvm_sum_params(struct igvm_params *page)
{
	uint32_t crc;

	page->crc32c = 0;
	page->sum64 = 0;
	crc = crc32c(0, page, sizeof(*page));
	page->sum64 = sum64(0, page, sizeof(*page));
	page->crc32c = crc;
}

static void fill_params(struct igvm_layout *layout,
                        const struct igvm_spec *spec)
{
	struct igvm_params *page = &layout->page;

	page->magic = IGVM_PARAMS_MAGIC;
	page->version = IGVM_PARAMS_VERSION;
	page->flags = spec->flags;
	page->run_offset = (int64_t)(spec->base - layout->params);
	page->run_size = layout->end - spec->base;
	igvm_sum_params(page);
}

void igvm_lay_out(struct igvm_layout *layout, const struct igvm_spec *spec)
{
	bool is_arm = spec->arch == BUNDLE_ARCH_AARCH64;

	*layout = (struct igvm_layout){
		.lowest = IGVM_BASE_ALIGN,
		.highest = is_arm ? ARM_END : X86_END,
		.entry = spec->base,
	};
	if (spec->base >= layout->highest || spec->packed.size > SIZE_MAX32)
		refuse("IGVM: %#lx bytes at %#lx: must end below %#lx",
		       (unsigned long)spec->packed.size, spec->base,
		       layout->highest);
	if (!is_arm)
		layout->entry += elf_door_entry(&spec->packed);
	layout->params = spec->base + loaded_size(spec);
	layout->gdt = layout->params + PAGE;
	layout->tables = add_areas(layout, spec->hosts,
	                           layout->gdt + (is_arm ? 0 : PAGE));
	layout->end = layout->tables + (is_arm ? 0 : IGVM_TABLE_COUNT * PAGE);
	check_place(spec, layout);
	fill_params(layout, spec);
}

/* SDM 3A, "Segment Descriptors": flat ones, as boot.rst's 64-bit protocol. */
void igvm_fill_gdt(uint64_t page[512])
{
	page[2] = 0x00af9b000000ffff; /* __BOOT_CS */
	page[3] = 0x00cf93000000ffff; /* __BOOT_DS */
}

/* SDM 3A, "4-Level Paging": PML4, PDPT, then four page directories. */
void igvm_fill_tables(uint64_t pages[IGVM_TABLE_COUNT][512], uint64_t paddr)
{
	const uint64_t table = 0x23; /* accessed, writable, present */
	const uint64_t large = 0xe3; /* the same, 2 MiB, dirty */

	pages[0][0] = (paddr + PAGE) | table;
	for (unsigned i = 0; i < 4; i++) {
		pages[1][i] = (paddr + (2 + i) * PAGE) | table;
		for (unsigned j = 0; j < 512; j++)
			pages[2 + i][j] = (i * 512 + j) * 0x200000ull | large;
	}
}
