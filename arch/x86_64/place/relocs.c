/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/place/relocs.c - the words of a kernel that move with its address
 *
 * struct bundle_relocs in common/spec/bundle.h has the format.
 */
#include "arch/x86_64/place/relocs.h"

#include "common/lib/console.h"

void relocs_check(const struct bundle_relocs *relocs, uint64_t size)
{
	if (size < sizeof(*relocs))
		panic("relocs: %#lx bytes: at least %#x", size,
		      (unsigned)sizeof(*relocs));
	if (relocs->alignment == 0 ||
	    (relocs->alignment & -relocs->alignment) != relocs->alignment)
		panic("relocs: alignment %#lx: no power of two",
		      relocs->alignment);
}

/* The places of one list, packed as struct bundle_relocs says. */
struct list {
	const uint8_t *in;
	const uint8_t *end;
};

/* These words lie in the kernel's code, hence at any address. */
struct word32 {
	uint32_t value;
} PACKED MAY_ALIAS;

struct word64 {
	uint64_t value;
} PACKED MAY_ALIAS;

static uint32_t take_distance(struct list *list)
{
	uint32_t distance;

	if (list->in == list->end)
		panic("relocs: end early");
	distance = *list->in++;
	if (distance != BUNDLE_RELOC_FAR)
		return distance;
	if (list->end - list->in < 4)
		panic("relocs: end early");
	distance = load_le32(list->in);
	list->in += 4;
	return distance;
}

static void relocate_list(struct list *list, uint32_t count, uint8_t *kernel,
                          uint64_t limit, uint64_t shift, bool is_wide)
{
	uint64_t at = 0;

	for (; count; count--) {
		at += take_distance(list);
		if (at > limit)
			panic("relocs: place %#lx: kernel ends at %#lx", at,
			      limit);
		if (is_wide)
			((struct word64 *)(kernel + at))->value += shift;
		else
			((struct word32 *)(kernel + at))->value += shift;
	}
}

void relocs_apply(const struct bundle_relocs *relocs, uint64_t relocs_size,
                  uint8_t *kernel, uint64_t size, uint64_t shift)
{
	struct list list = {
		.in = (const uint8_t *)(relocs + 1),
		.end = (const uint8_t *)relocs + relocs_size,
	};

	relocate_list(&list, relocs->count64, kernel, size - 8, shift, true);
	relocate_list(&list, relocs->count32_inverse, kernel, size - 4, -shift,
	              false);
	relocate_list(&list, relocs->count32, kernel, size - 4, shift, false);
}
