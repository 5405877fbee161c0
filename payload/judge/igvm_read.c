/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/igvm_read.c - reads any IGVM file; see igvm_read.h */
#include "payload/judge/igvm_read.h"

#include <stdlib.h>
#include <zlib.h>

#include "common/spec/bundle.h"
#include "common/spec/igvm_params.h"

#define PAGE IGVM_PAGE_SIZE

bool igvm_is(const struct bytes *file)
{
	return file->size >= IGVM_VERSION_1_SIZE &&
	       load_le32(file->data) == IGVM_MAGIC;
}

const struct igvm_piece *igvm_page_at(const struct igvm *igvm, uint64_t paddr)
{
	uint64_t low = 0, high = igvm->piece_count;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		const struct igvm_piece *piece = &igvm->pieces[middle];

		if (piece->paddr == paddr)
			return piece->size == PAGE ? piece : NULL;
		if (piece->paddr < paddr)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* ---- the fixed header */

static void check_version(struct igvm *igvm, struct igvm_fixed *fixed)
{
	const struct bytes *file = &igvm->file;
	uint64_t size = IGVM_VERSION_1_SIZE;

	memcpy(fixed, file->data, min_u64(sizeof(*fixed), file->size));
	if (fixed->version != IGVM_VERSION_1 &&
	    fixed->version != IGVM_VERSION_2)
		refuse("IGVM: version %u: must be 1 or 2", fixed->version);
	if (fixed->version == IGVM_VERSION_2) {
		size = sizeof(*fixed);
		if (fixed->arch > IGVM_ARCH_AARCH64)
			refuse("IGVM: architecture %u: must be 0 or 1",
			       fixed->arch);
		if (fixed->page_size != PAGE)
			refuse("IGVM: pages of %#x bytes: must be of %#x",
			       fixed->page_size, PAGE);
	} else {
		fixed->arch = IGVM_ARCH_X86_64;
	}
	if (fixed->headers_offset < size ||
	    fixed->headers_offset % IGVM_HEADER_ALIGN != 0)
		refuse("IGVM: headers at %#x: must be at %#lx or behind, "
		       "aligned to 8",
		       fixed->headers_offset, (unsigned long)size);
}

static void check_crc(const struct igvm *igvm, const struct igvm_fixed *fixed)
{
	const uint8_t *data = igvm->file.data;
	struct igvm_fixed zeroed = *fixed;
	uint64_t size = fixed->version == IGVM_VERSION_1 ? IGVM_VERSION_1_SIZE
	                                                 : sizeof(zeroed);
	uLong crc;

	zeroed.crc32 = 0;
	crc = crc32_z(0, (const uint8_t *)&zeroed, size);
	crc = crc32_z(crc, data + fixed->headers_offset, fixed->headers_size);
	if (crc != fixed->crc32)
		refuse("IGVM: CRC-32 is %#x, must be %#x", (uint32_t)crc,
		       fixed->crc32);
}

static void open_fixed(struct igvm *igvm, struct igvm_fixed *fixed)
{
	uint64_t size = igvm->file.size;

	check_version(igvm, fixed);
	if (fixed->file_size > size)
		refuse("is cut off at its end: has %#lx of %#x bytes",
		       (unsigned long)size, fixed->file_size);
	if (fixed->file_size != size)
		refuse("IGVM: %#x bytes: there are %#lx", fixed->file_size,
		       (unsigned long)size);
	/* No loader takes a file without data. */
	if (!is_within(fixed->headers_offset, fixed->headers_size, size - 1))
		refuse("IGVM: headers: %#x bytes at %#x: must end before %#lx",
		       fixed->headers_size, fixed->headers_offset,
		       (unsigned long)size);
	check_crc(igvm, fixed);
	igvm->version = fixed->version;
	igvm->arch = fixed->arch == IGVM_ARCH_AARCH64 ? BUNDLE_ARCH_AARCH64
	                                              : BUNDLE_ARCH_X86_64;
	igvm->headers_end = fixed->headers_offset + fixed->headers_size;
}

/* ---- all headers */

static void check_padding(const struct igvm *igvm, const uint8_t *from,
                          const uint8_t *to)
{
	for (; from < to; from++)
		if (*from != 0)
			igvm_bad(igvm, "padding: byte %#x: must be 0", *from);
}

/* Kinds come in this order. */
static int kind_of(const struct igvm *igvm, uint32_t type)
{
	if (type >= IGVM_HEADER_PLATFORM && type <= IGVM_HEADER_PLATFORM_LAST)
		return 1;
	if (type >= IGVM_HEADER_GUEST_POLICY &&
	    type <= IGVM_HEADER_INITIALIZATION_LAST)
		return 2;
	if (type >= IGVM_HEADER_PARAMETER_AREA &&
	    type <= IGVM_HEADER_DIRECTIVE_LAST)
		return 3;
	igvm_bad(igvm, "its type is of no kind");
}

static void read_headers(struct igvm *igvm, uint64_t at)
{
	const uint8_t *data = igvm->file.data;
	int last_kind = 1;

	for (; at < igvm->headers_end; igvm->header_count++) {
		struct igvm_variable header;
		uint64_t room = igvm->headers_end - at;
		struct bytes content;
		int kind;

		memcpy(&header, data + at, min_u64(room, sizeof(header)));
		igvm->header_type = header.type;
		if (room < sizeof(header) ||
		    align_up(header.size, IGVM_HEADER_ALIGN) >
		            room - sizeof(header))
			igvm_bad(igvm, "runs over the headers' end");
		kind = kind_of(igvm, header.type);
		if (kind < last_kind)
			igvm_bad(igvm, "is behind headers of a later kind");
		last_kind = kind;
		content = (struct bytes){ data + at + sizeof(header),
			                  header.size };
		at += sizeof(header) + align_up(header.size, IGVM_HEADER_ALIGN);
		check_padding(igvm, content.data + content.size, data + at);
		igvm_check_header(igvm, &content);
	}
}

/* ---- what only all headers together tell */

static int compare(const void *a, const void *b)
{
	const struct igvm_piece *x = a, *y = b;

	if (x->paddr != y->paddr)
		return x->paddr < y->paddr ? -1 : 1;
	return x->header < y->header ? -1 : x->header > y->header;
}

/* On one platform no two pieces may overlap. */
static void check_overlaps(struct igvm *igvm)
{
	uint64_t ends[IGVM_PLATFORM_MAX] = { 0 };

	qsort(igvm->pieces, igvm->piece_count, sizeof(*igvm->pieces), compare);
	for (uint64_t i = 0; i < igvm->piece_count; i++) {
		const struct igvm_piece *piece = &igvm->pieces[i];

		for (unsigned bit = 0; bit < IGVM_PLATFORM_MAX; bit++) {
			if ((piece->mask >> bit & 1) == 0)
				continue;
			if (piece->paddr < ends[bit])
				refuse("IGVM: header %lu: %#lx bytes at %#lx: "
				       "there is something already",
				       (unsigned long)piece->header,
				       (unsigned long)piece->size,
				       (unsigned long)piece->paddr);
			ends[bit] = piece->paddr + piece->size;
		}
	}
}

static bool has_context(const struct igvm *igvm,
                        const struct igvm_page_tables *tables)
{
	for (uint64_t i = 0; i < igvm->context_count; i++)
		if ((igvm->contexts[i].mask & tables->mask) != 0 &&
		    igvm->contexts[i].processor == tables->processor)
			return true;
	return igvm->context_count > IGVM_CONTEXT_MAX;
}

static void check_together(struct igvm *igvm)
{
	if (igvm->platform_count == 0)
		refuse("IGVM: is for no platform");
	for (unsigned i = 0; i < igvm->area_count; i++)
		if (!igvm->areas[i].is_inserted)
			refuse("IGVM: area %u: nothing inserts it",
			       igvm->areas[i].index);
	for (unsigned i = 0; i < igvm->tables_count; i++)
		if (!has_context(igvm, &igvm->tables[i]))
			refuse("IGVM: page tables at %#lx: no processor has "
			       "them",
			       (unsigned long)igvm->tables[i].paddr);
	check_overlaps(igvm);
}

void igvm_open(struct igvm *igvm, const struct bytes *file)
{
	struct igvm_fixed fixed = { 0 };
	uint64_t most;

	*igvm = (struct igvm){ .file = *file };
	open_fixed(igvm, &fixed);
	most = fixed.headers_size / sizeof(struct igvm_parameter_insert);
	igvm->pieces = allocate(most * sizeof(*igvm->pieces));
	read_headers(igvm, fixed.headers_offset);
	check_together(igvm);
}
