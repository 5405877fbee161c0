/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/judge/igvm_check.c - proves and notes single headers of IGVM files
 *
 * The rules are those of the specification, and those by which loaders refuse a
 * file. Headers of other types are counted.
 */
#include "payload/judge/igvm_check.h"

#include <stdarg.h>

#include "common/spec/bundle.h"
#include "common/spec/igvm_params.h"

#define PAGE        IGVM_PAGE_SIZE
#define ADDRESS_END (1ull << 52) /* SDM 3A: of physical addresses */

const char *igvm_platform_name(uint8_t type)
{
	static const char *const names[IGVM_PLATFORM_COUNT] = {
		"native", "VSM", "SEV-SNP", "TDX", "SEV", "SEV-ES", "CCA",
	};

	return type < IGVM_PLATFORM_COUNT ? names[type] : "unknown";
}

const char *igvm_parameter_name(uint32_t type)
{
	switch (type) {
	case IGVM_PARAMETER_VP_COUNT:
		return "VP count";
	case IGVM_PARAMETER_SRAT:
		return "SRAT";
	case IGVM_PARAMETER_MADT:
		return "MADT";
	case IGVM_PARAMETER_MMIO_RANGES:
		return "MMIO ranges";
	case IGVM_PARAMETER_MEMORY_MAP:
		return "memory map";
	case IGVM_PARAMETER_COMMAND_LINE:
		return "command line";
	case IGVM_PARAMETER_SLIT:
		return "SLIT";
	case IGVM_PARAMETER_PPTT:
		return "PPTT";
	case IGVM_PARAMETER_DEVICE_TREE:
		return "device tree";
	case IGVM_PARAMETER_ENVIRONMENT_INFO:
		return "environment";
	default:
		return NULL;
	}
}

uint8_t igvm_platform_type(const struct igvm *igvm, uint32_t mask)
{
	for (unsigned i = 0; i < igvm->platform_count; i++)
		if (igvm->platforms[i].mask == mask)
			return igvm->platforms[i].type;
	return IGVM_NO_PLATFORM;
}

void igvm_bad(const struct igvm *igvm, const char *format, ...)
{
	char text[160];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	refuse("IGVM: header %lu (type 0x%03x): %s",
	       (unsigned long)igvm->header_count, igvm->header_type, text);
}

static void check_zero(const struct igvm *igvm, uint64_t reserved)
{
	if (reserved != 0)
		igvm_bad(igvm, "reserved field is 0x%lx: must be 0",
		         (unsigned long)reserved);
}

static void check_mask(const struct igvm *igvm, uint32_t mask)
{
	if (mask == 0 || (mask & ~igvm->masks) != 0)
		igvm_bad(igvm, "mask 0x%x: platforms have 0x%x", mask,
		         igvm->masks);
}

static void check_flags(const struct igvm *igvm, uint32_t flags, uint32_t known)
{
	if ((flags & ~known) != 0)
		igvm_bad(igvm, "flags 0x%x: known are 0x%x", flags, known);
}

static void check_range(const struct igvm *igvm, uint64_t paddr, uint64_t size)
{
	if (paddr % PAGE != 0 || size % PAGE != 0 || size == 0 ||
	    !is_within(paddr, size, ADDRESS_END))
		igvm_bad(igvm, "0x%lx bytes at 0x%lx: must be whole pages",
		         (unsigned long)size, (unsigned long)paddr);
}

/* Returns data of the file, or NULL for the offset 0. */
static const uint8_t *data_at(const struct igvm *igvm, uint32_t offset,
                              uint64_t size)
{
	if (offset == 0)
		return NULL;
	if (offset < igvm->headers_end ||
	    !is_within(offset, size, igvm->file.size))
		igvm_bad(igvm,
		         "0x%lx bytes of data at 0x%x: must be in 0x%lx to "
		         "0x%lx",
		         (unsigned long)size, offset,
		         (unsigned long)igvm->headers_end,
		         (unsigned long)igvm->file.size);
	return igvm->file.data + offset;
}

static void check_platform_type(const struct igvm *igvm,
                                const struct igvm_platform *platform)
{
	bool is_arm = igvm->arch == BUNDLE_ARCH_AARCH64;
	uint8_t type = platform->type;

	if (type >= IGVM_PLATFORM_COUNT)
		igvm_bad(igvm, "platform %u: there is none", type);
	if (type != IGVM_PLATFORM_VSM && is_arm != (type == IGVM_PLATFORM_CCA))
		igvm_bad(igvm, "platform %s: not for %s",
		         igvm_platform_name(type), arch_name(igvm->arch));
	for (unsigned i = 0; i < igvm->platform_count; i++)
		if (igvm->platforms[i].type == type)
			igvm_bad(igvm, "platform %s: comes twice",
			         igvm_platform_name(type));
}

static void note_platform(struct igvm *igvm, const void *content)
{
	const struct igvm_platform *platform = content;
	uint32_t mask = platform->mask;

	check_platform_type(igvm, platform);
	if (mask == 0 || (mask & (mask - 1)) != 0 || (mask & igvm->masks) != 0)
		igvm_bad(igvm, "mask 0x%x: must be one bit of its own", mask);
	if (platform->highest_vtl != 0 && platform->highest_vtl != 2)
		igvm_bad(igvm, "highest VTL %u: must be 0 or 2",
		         platform->highest_vtl);
	if (platform->version != IGVM_PLATFORM_CURRENT)
		igvm_bad(igvm, "platform of version %u: must be %u",
		         platform->version, IGVM_PLATFORM_CURRENT);
	if (platform->type <= IGVM_PLATFORM_VSM &&
	    platform->shared_boundary != 0)
		igvm_bad(igvm, "boundary of shared memory 0x%lx: must be 0",
		         (unsigned long)platform->shared_boundary);
	igvm->masks |= mask;
	igvm->platforms[igvm->platform_count++] = *platform;
}

static void note_relocatable(struct igvm *igvm, const void *content)
{
	const struct igvm_relocatable *region = content;
	uint64_t alignment = region->alignment;

	check_mask(igvm, region->mask);
	check_flags(igvm, region->flags, IGVM_RELOCATABLE_FLAGS_KNOWN);
	check_range(igvm, region->paddr, region->size);
	if (alignment == 0 || alignment % PAGE != 0 ||
	    region->paddr % alignment != 0 || region->lowest % alignment != 0 ||
	    region->end % alignment != 0)
		igvm_bad(igvm, "alignment 0x%lx: must be that of all addresses",
		         (unsigned long)alignment);
	if (region->lowest >= region->end ||
	    region->size > region->end - region->lowest)
		igvm_bad(igvm, "0x%lx bytes: not as many are in 0x%lx to 0x%lx",
		         (unsigned long)region->size,
		         (unsigned long)region->lowest,
		         (unsigned long)region->end);
	if (region->end - region->lowest - region->size >= alignment)
		igvm->movable_count++;
}

static void note_tables(struct igvm *igvm, const void *content)
{
	const struct igvm_page_tables *tables = content;

	check_mask(igvm, tables->mask);
	check_zero(igvm, tables->reserved);
	check_range(igvm, tables->paddr, tables->size);
	if (tables->used_size % PAGE != 0 || tables->used_size > tables->size)
		igvm_bad(igvm, "0x%lx bytes are used: there are 0x%lx",
		         (unsigned long)tables->used_size,
		         (unsigned long)tables->size);
	for (unsigned i = 0; i < igvm->tables_count; i++)
		if ((igvm->tables[i].mask & tables->mask) != 0)
			igvm_bad(igvm, "mask 0x%x: has page tables already",
			         tables->mask);
	igvm->tables[igvm->tables_count++] = *tables;
}

static struct igvm_area *find_area(struct igvm *igvm, uint32_t index)
{
	for (unsigned i = 0; i < igvm->area_count; i++)
		if (igvm->areas[i].index == index)
			return &igvm->areas[i];
	return NULL;
}

static void note_area(struct igvm *igvm, const void *content)
{
	const struct igvm_parameter_area *area = content;

	if (find_area(igvm, area->index) != NULL)
		igvm_bad(igvm, "area %u: there is one already", area->index);
	if (igvm->area_count == IGVM_AREA_MAX)
		igvm_bad(igvm, "areas: more than %u", IGVM_AREA_MAX);
	check_range(igvm, 0, area->size);
	data_at(igvm, area->file_offset, area->size);
	igvm->areas[igvm->area_count++] = (struct igvm_area){
		.index = area->index,
		.size = area->size,
	};
}

/* Returns an area that is still the host's to fill. */
static struct igvm_area *open_area(struct igvm *igvm, uint32_t index)
{
	struct igvm_area *area = find_area(igvm, index);

	if (area == NULL)
		igvm_bad(igvm, "area %u: there is none", index);
	if (area->is_inserted)
		igvm_bad(igvm, "area %u: is inserted already", index);
	return area;
}

static void note_parameter(struct igvm *igvm, const void *content)
{
	const struct igvm_parameter_place *place = content;
	struct igvm_area *area = open_area(igvm, place->area);

	if (place->offset >= area->size)
		igvm_bad(igvm, "offset 0x%x: area %u has 0x%lx bytes",
		         place->offset, place->area, (unsigned long)area->size);
	area->parameter = igvm->header_type;
}

static void add_piece(struct igvm *igvm, uint64_t paddr, uint64_t size,
                      uint32_t mask, const uint8_t *data)
{
	check_mask(igvm, mask);
	check_range(igvm, paddr, size);
	igvm->pieces[igvm->piece_count++] = (struct igvm_piece){
		.paddr = paddr,
		.size = size,
		.data = data,
		.header = igvm->header_count,
		.mask = mask,
	};
}

static void note_insert(struct igvm *igvm, const void *content)
{
	const struct igvm_parameter_insert *insert = content;
	struct igvm_area *area = open_area(igvm, insert->area);

	add_piece(igvm, insert->paddr, area->size, insert->mask, NULL);
	area->is_inserted = true;
	area->paddr = insert->paddr;
	for (unsigned i = 0; i < igvm->tables_count; i++)
		if (insert->paddr <
		            igvm->tables[i].paddr + igvm->tables[i].size &&
		    igvm->tables[i].paddr < insert->paddr + area->size)
			igvm_bad(igvm, "area %u: lies in page tables",
			         insert->area);
}

/* Loaders read 4 KiB of a large page, too, so there is no use for one. */
static void note_page(struct igvm *igvm, const void *content)
{
	const struct igvm_page *page = content;

	check_zero(igvm, page->reserved);
	check_flags(igvm, page->flags, IGVM_PAGE_UNMEASURED | IGVM_PAGE_SHARED);
	if (page->type > IGVM_PAGE_TYPE_MAX)
		igvm_bad(igvm, "page of type %u: there is none", page->type);
	add_piece(igvm, page->paddr, PAGE, page->mask,
	          data_at(igvm, page->file_offset, PAGE));
	igvm->page_count++;
	igvm->zero_count += page->file_offset == 0;
}

static uint64_t context_size(const struct igvm *igvm,
                             const struct igvm_context *context, uint8_t type)
{
	const uint8_t *list;
	uint64_t count;

	if (type != IGVM_PLATFORM_VSM)
		return PAGE;
	list = data_at(igvm, context->file_offset, sizeof(uint32_t));
	count = list != NULL ? load_le32(list) : 0;
	return sizeof(uint32_t) + count * sizeof(struct igvm_vsm_register);
}

struct bytes igvm_context_data(const struct igvm *igvm,
                               const struct igvm_context *context)
{
	uint8_t type = igvm_platform_type(igvm, context->mask);
	uint64_t size = context_size(igvm, context, type);

	return (struct bytes){ data_at(igvm, context->file_offset, size),
		               size };
}

/* All registers of a list are of one VTL. */
static void check_list(const struct igvm *igvm, const struct bytes *data)
{
	uint64_t step = sizeof(struct igvm_vsm_register);
	const uint8_t *first = data->data + sizeof(uint32_t);

	for (const uint8_t *at = first; at < data->data + data->size;
	     at += step)
		if (*at != *first)
			igvm_bad(igvm, "registers are of VTLs %u and %u",
			         *first, *at);
}

static void note_context(struct igvm *igvm, const void *content)
{
	struct igvm_context context = { 0 };
	struct bytes data;
	uint8_t type;

	memcpy(&context, content, IGVM_CONTEXT_SIZE);
	check_mask(igvm, context.mask);
	check_zero(igvm, context.reserved);
	type = igvm_platform_type(igvm, context.mask);
	if (type == IGVM_NO_PLATFORM)
		igvm_bad(igvm, "mask 0x%x: must be one platform's",
		         context.mask);
	if (type <= IGVM_PLATFORM_VSM &&
	    (context.paddr != 0 || context.processor != 0))
		igvm_bad(igvm, "processor %u, address 0x%lx: must be 0",
		         context.processor, (unsigned long)context.paddr);
	data = igvm_context_data(igvm, &context);
	if (data.data == NULL)
		igvm_bad(igvm, "has no registers");
	if (type == IGVM_PLATFORM_VSM)
		check_list(igvm, &data);
	if (igvm->context_count < IGVM_CONTEXT_MAX)
		igvm->contexts[igvm->context_count] = context;
	igvm->context_count++;
}

static void note_required(struct igvm *igvm, const void *content)
{
	const struct igvm_required_memory *memory = content;

	check_mask(igvm, memory->mask);
	check_zero(igvm, memory->reserved);
	check_flags(igvm, memory->flags, IGVM_REQUIRED_FLAGS_KNOWN);
	check_range(igvm, memory->paddr, memory->size);
}

void igvm_check_header(struct igvm *igvm, const struct bytes *content)
{
	static const struct {
		uint32_t type;
		uint32_t size;
		void (*note)(struct igvm *igvm, const void *content);
	} kinds[] = {
		{ IGVM_HEADER_PLATFORM, 16, note_platform },
		{ IGVM_HEADER_RELOCATABLE, 48, note_relocatable },
		{ IGVM_HEADER_PAGE_TABLES, 32, note_tables },
		{ IGVM_HEADER_PARAMETER_AREA, 16, note_area },
		{ IGVM_HEADER_PAGE, 24, note_page },
		{ IGVM_HEADER_PARAMETER_INSERT, 16, note_insert },
		{ IGVM_HEADER_CONTEXT, IGVM_CONTEXT_SIZE, note_context },
		{ IGVM_HEADER_REQUIRED_MEMORY, 24, note_required },
		{ 0, 8, note_parameter },
	};
	uint32_t type = igvm->header_type;
	unsigned i = 0;

	if (igvm_parameter_name(type) != NULL)
		type = 0;
	while (i < ARRAY_COUNT(kinds) && kinds[i].type != type)
		i++;
	if (i == ARRAY_COUNT(kinds)) {
		igvm->other_count++;
		return;
	}
	if (content->size != kinds[i].size)
		igvm_bad(igvm, "0x%lx bytes: must have 0x%x",
		         (unsigned long)content->size, kinds[i].size);
	kinds[i].note(igvm, content->data);
}
