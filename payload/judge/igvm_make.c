/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/judge/igvm_make.c - makes an IGVM file of a packed file
 *
 * Headers say where data is, so they are made twice: once to know their size.
 * Pages of zeros have no data, and pages that are alike have one.
 */
#include "payload/judge/igvm_make.h"

#include <zlib.h>

#include "common/spec/bundle.h"
#include "common/spec/igvm.h"
#include "payload/judge/igvm_context.h"

#define PAGE        IGVM_PAGE_SIZE
#define CONTEXT_MAX 2
#define MASK_FIRST  1u /* the others follow bit by bit */

struct page {
	uint64_t paddr;
	const uint8_t *data; /* NULL: zeros */
	uint64_t key;        /* of the data's digest */
	uint64_t at;         /* in all data, in bytes */
};

struct platform {
	uint8_t type; /* enum igvm_platform_type */
	uint8_t vtl;
	struct bytes context;
	uint64_t context_at; /* in all data */
};

struct maker {
	const struct igvm_spec *spec;
	struct igvm_layout layout;
	struct page *pages;
	uint64_t page_count;
	struct platform platforms[CONTEXT_MAX];
	unsigned platform_count;
	uint64_t data_size;

	uint8_t *file; /* NULL while sizes are not known */
	uint64_t fixed_size;
	uint64_t at;          /* where the next header goes */
	uint64_t data_offset; /* in the file */
};

/* ---- what is in it */

static bool is_zero(const uint8_t *page)
{
	static const uint8_t zeros[PAGE];

	return memcmp(page, zeros, PAGE) == 0;
}

static void add_pages(struct maker *maker, uint64_t paddr, const uint8_t *data,
                      uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		struct page *page = &maker->pages[maker->page_count++];

		page->paddr = paddr + i * PAGE;
		if (data != NULL && !is_zero(data + i * PAGE))
			page->data = data + i * PAGE;
	}
}

/* The packed file ends in mid-page at most on AArch64, before the gap. */
static void add_packed(struct maker *maker)
{
	const struct bytes *packed = &maker->spec->packed;
	uint64_t base = maker->spec->base;
	uint64_t whole = packed->size / PAGE;
	uint64_t rest = packed->size % PAGE;
	uint64_t done = whole;

	add_pages(maker, base, packed->data, whole);
	if (rest > 0) {
		uint8_t *last = allocate(PAGE);

		memcpy(last, packed->data + whole * PAGE, rest);
		add_pages(maker, base + done++ * PAGE, last, 1);
	}
	add_pages(maker, base + done * PAGE, NULL,
	          (maker->layout.params - base) / PAGE - done);
}

static void add_own(struct maker *maker)
{
	const struct igvm_layout *layout = &maker->layout;
	uint8_t *params = allocate(PAGE);
	uint64_t *gdt = allocate(PAGE);
	uint64_t(*tables)[512] = allocate(IGVM_TABLE_COUNT * PAGE);

	memcpy(params, &layout->page, sizeof(layout->page));
	add_pages(maker, layout->params, params, 1);
	if (maker->spec->arch == BUNDLE_ARCH_AARCH64)
		return;
	igvm_fill_gdt(gdt);
	igvm_fill_tables(tables, layout->tables);
	add_pages(maker, layout->gdt, (uint8_t *)gdt, 1);
	add_pages(maker, layout->tables, (uint8_t *)tables, IGVM_TABLE_COUNT);
}

/* ---- pages that are alike */

/* SHA-256, so that nobody can make a file of which this takes long. */
static uint64_t key_of(const uint8_t *page)
{
	uint8_t digest[SHA256_SIZE];

	sha256(digest, page, PAGE);
	return load_le64(digest);
}

/* Finds the place for `page` in the table: its like's, or a free one. */
static struct page **find_place(struct page **table, uint64_t size,
                                const struct page *page)
{
	uint64_t i = page->key & (size - 1);

	while (table[i] != NULL && (table[i]->key != page->key ||
	                            memcmp(table[i]->data, page->data, PAGE)))
		i = (i + 1) & (size - 1);
	return &table[i];
}

static void place_data(struct maker *maker)
{
	uint64_t size = 2;
	struct page **table;

	while (size < 2 * maker->page_count)
		size *= 2;
	table = allocate(size * sizeof(struct page *));
	for (uint64_t i = 0; i < maker->page_count; i++) {
		struct page *page = &maker->pages[i];
		struct page **place;

		if (page->data == NULL)
			continue;
		page->key = key_of(page->data);
		place = find_place(table, size, page);
		if (*place == NULL) {
			*place = page;
			page->at = maker->data_size;
			maker->data_size += PAGE;
		}
		page->at = (*place)->at;
	}
	for (unsigned i = 0; i < maker->platform_count; i++) {
		maker->platforms[i].context_at = maker->data_size;
		maker->data_size += maker->platforms[i].context.size;
	}
}

/* ---- platforms */

static void add_platform(struct maker *maker, uint8_t type, uint8_t vtl)
{
	struct platform *platform = &maker->platforms[maker->platform_count++];

	platform->type = type;
	platform->vtl = vtl;
	platform->context = type == IGVM_PLATFORM_NATIVE
	                            ? igvm_native_context(&maker->layout)
	                            : igvm_vsm_context(&maker->layout,
	                                               maker->spec->arch, vtl);
}

static void add_platforms(struct maker *maker)
{
	unsigned hosts = maker->spec->hosts;

	if ((hosts & IGVM_HOST_QEMU) != 0)
		add_platform(maker, IGVM_PLATFORM_NATIVE, 0);
	if ((hosts & IGVM_HOST_OPENVMM) != 0)
		add_platform(maker, IGVM_PLATFORM_VSM, 0);
	if ((hosts & IGVM_HOST_HYPERV) != 0)
		add_platform(maker, IGVM_PLATFORM_VSM, 2);
}

static uint32_t mask_of_all(const struct maker *maker)
{
	return (MASK_FIRST << maker->platform_count) - 1;
}

/* ---- headers */

static void put(struct maker *maker, uint32_t type, const void *content,
                uint32_t size)
{
	const struct igvm_variable header = { type, size };

	if (maker->file != NULL) {
		memcpy(maker->file + maker->at, &header, sizeof(header));
		memcpy(maker->file + maker->at + sizeof(header), content, size);
	}
	maker->at += sizeof(header) + align_up(size, IGVM_HEADER_ALIGN);
}

static void put_platforms(struct maker *maker)
{
	for (unsigned i = 0; i < maker->platform_count; i++) {
		const struct igvm_platform platform = {
			.mask = MASK_FIRST << i,
			.highest_vtl = maker->platforms[i].vtl,
			.type = maker->platforms[i].type,
			.version = IGVM_PLATFORM_CURRENT,
		};

		put(maker, IGVM_HEADER_PLATFORM, &platform, sizeof(platform));
	}
}

/*
 * Only a paravisor's memory may move, and QEMU takes no such header. A host
 * that moves it corrects RIP, GDTR and CR3, but not RSI or x0, by which the
 * blob finds the page of parameters. Hence the bounds have room for the run at
 * its place alone.
 */
static void put_relocation(struct maker *maker)
{
	const struct igvm_layout *layout = &maker->layout;
	uint64_t tables_size = layout->end - layout->tables;
	const struct igvm_relocatable region = {
		.mask = MASK_FIRST,
		.vtl = 2,
		.flags = IGVM_RELOCATABLE_IS_VTL2 | IGVM_RELOCATABLE_MOVES_PC |
		         (tables_size > 0 ? IGVM_RELOCATABLE_MOVES_GDTR : 0),
		.alignment = IGVM_BASE_ALIGN,
		.paddr = maker->spec->base,
		.size = layout->tables - maker->spec->base,
		.lowest = maker->spec->base,
		.end = align_up(layout->tables, IGVM_BASE_ALIGN),
	};
	const struct igvm_page_tables tables = {
		.mask = MASK_FIRST,
		.vtl = 2,
		.paddr = layout->tables,
		.size = tables_size,
		.used_size = tables_size,
	};

	if ((maker->spec->hosts & IGVM_HOST_HYPERV) == 0)
		return;
	put(maker, IGVM_HEADER_RELOCATABLE, &region, sizeof(region));
	if (tables_size > 0)
		put(maker, IGVM_HEADER_PAGE_TABLES, &tables, sizeof(tables));
}

static void put_memory(struct maker *maker)
{
	bool is_vtl2 = (maker->spec->hosts & IGVM_HOST_HYPERV) != 0;
	const struct igvm_required_memory memory = {
		.paddr = maker->spec->base,
		.mask = mask_of_all(maker),
		.size = (uint32_t)maker->layout.page.run_size,
		.flags = is_vtl2 ? IGVM_REQUIRED_VTL2_PROTECTABLE : 0,
	};

	put(maker, IGVM_HEADER_REQUIRED_MEMORY, &memory, sizeof(memory));
}

static void put_pages(struct maker *maker)
{
	for (uint64_t i = 0; i < maker->page_count; i++) {
		const struct page *from = &maker->pages[i];
		struct igvm_page page = {
			.paddr = from->paddr,
			.mask = mask_of_all(maker),
		};

		if (from->data != NULL)
			page.file_offset =
				(uint32_t)(maker->data_offset + from->at);
		put(maker, IGVM_HEADER_PAGE, &page, sizeof(page));
	}
}

static void put_areas(struct maker *maker)
{
	const struct igvm_params *params = &maker->layout.page;

	for (unsigned i = 0; i < params->area_count; i++) {
		const struct igvm_params_area *from = &params->areas[i];
		const struct igvm_parameter_area area = { from->size, i, 0 };
		const struct igvm_parameter_place place = { .area = i };
		const struct igvm_parameter_insert insert = {
			.paddr = maker->layout.params + (uint64_t)from->offset,
			.mask = mask_of_all(maker),
			.area = i,
		};

		put(maker, IGVM_HEADER_PARAMETER_AREA, &area, sizeof(area));
		put(maker, from->parameter, &place, sizeof(place));
		put(maker, IGVM_HEADER_PARAMETER_INSERT, &insert,
		    sizeof(insert));
	}
}

static void put_contexts(struct maker *maker)
{
	for (unsigned i = 0; i < maker->platform_count; i++) {
		const struct igvm_context context = {
			.mask = MASK_FIRST << i,
			.file_offset =
				(uint32_t)(maker->data_offset +
			                   maker->platforms[i].context_at),
		};

		put(maker, IGVM_HEADER_CONTEXT, &context, IGVM_CONTEXT_SIZE);
	}
}

static void put_headers(struct maker *maker)
{
	maker->at = maker->fixed_size;
	put_platforms(maker);
	put_relocation(maker);
	put_memory(maker);
	put_pages(maker);
	put_areas(maker);
	put_contexts(maker);
	maker->data_offset = maker->at;
}

/* ---- the file */

/* The specification has NATIVE and AArch64 from version 2 on. */
static bool is_version_2(const struct igvm_spec *spec)
{
	return spec->arch == BUNDLE_ARCH_AARCH64 ||
	       (spec->hosts & IGVM_HOST_QEMU) != 0;
}

static void put_fixed(struct maker *maker, uint64_t file_size)
{
	struct igvm_fixed fixed = {
		.magic = IGVM_MAGIC,
		.version = is_version_2(maker->spec) ? IGVM_VERSION_2
		                                     : IGVM_VERSION_1,
		.headers_offset = (uint32_t)maker->fixed_size,
		.headers_size =
			(uint32_t)(maker->data_offset - maker->fixed_size),
		.file_size = (uint32_t)file_size,
		.arch = maker->spec->arch == BUNDLE_ARCH_AARCH64
		                ? IGVM_ARCH_AARCH64
		                : IGVM_ARCH_X86_64,
		.page_size = PAGE,
	};

	memcpy(maker->file, &fixed, maker->fixed_size);
	fixed.crc32 = (uint32_t)crc32_z(0, maker->file, maker->data_offset);
	memcpy(maker->file, &fixed, maker->fixed_size);
}

static void put_data(struct maker *maker)
{
	uint8_t *data = maker->file + maker->data_offset;

	for (uint64_t i = 0; i < maker->page_count; i++)
		if (maker->pages[i].data != NULL)
			memcpy(data + maker->pages[i].at, maker->pages[i].data,
			       PAGE);
	for (unsigned i = 0; i < maker->platform_count; i++)
		memcpy(data + maker->platforms[i].context_at,
		       maker->platforms[i].context.data,
		       maker->platforms[i].context.size);
}

struct bytes igvm_make(const struct igvm_spec *spec)
{
	struct maker maker = { .spec = spec };
	uint64_t size;

	igvm_lay_out(&maker.layout, spec);
	maker.pages = allocate((maker.layout.end - spec->base) / PAGE *
	                       sizeof(*maker.pages));
	add_packed(&maker);
	add_own(&maker);
	add_platforms(&maker);
	place_data(&maker);
	maker.fixed_size = is_version_2(spec) ? sizeof(struct igvm_fixed)
	                                      : IGVM_VERSION_1_SIZE;
	put_headers(&maker);
	size = maker.data_offset + maker.data_size;
	if (size > UINT32_MAX)
		refuse("IGVM: a file of %#lx bytes: must have fewer than 4 GiB",
		       (unsigned long)size);
	maker.file = allocate(size);
	put_headers(&maker);
	put_data(&maker);
	put_fixed(&maker, size);
	return (struct bytes){ maker.file, size };
}
