/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/read/relocs.c - reads the relocations of an x86_64 kernel
 *
 * Linux arch/x86/tools/relocs writes them and the kernel's own decompressor
 * reads them. They are 32-bit words, the low halves of virtual addresses, with
 * a zero before each list. The lists are places of 64-bit words, of 32-bit
 * words that shrink (up to Linux 6.14), and of 32-bit words.
 */
#include "payload/read/relocs.h"

#include <stdlib.h>

#define LIST_MAX        3
#define MAP_LOW         0x80000000u  /* low half of __START_KERNEL_map */
#define KERNEL_MAP_SIZE (1ull << 30) /* KERNEL_IMAGE_SIZE with KASLR */
#define ALIGNMENT_MIN   0x200000
#define ENCODED_MAX     5

/* A list has these words, without the zero before them. */
struct list {
	const uint8_t *words;
	uint64_t count;
};

/*
 * Splits `appended` at its zeros. Returns how many lists there are, or 0 if it
 * is malformed.
 */
static unsigned find_lists(struct list lists[LIST_MAX],
                           const struct bytes *appended)
{
	unsigned count = 0;

	if (appended->size % 4 != 0 || load_le32(appended->data) != 0)
		return 0;
	for (uint64_t at = 0; at < appended->size; at += 4) {
		if (load_le32(appended->data + at) != 0) {
			lists[count - 1].count++;
			continue;
		}
		if (count == LIST_MAX)
			return 0;
		lists[count++] = (struct list){ appended->data + at + 4, 0 };
	}
	return count;
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/*
 * Returns the places of a list, sorted and relative to the kernel's start, or
 * NULL if one is outside the kernel.
 */
static uint32_t *find_places(const struct list *list, uint64_t start,
                             uint64_t size)
{
	uint32_t *places = allocate(list->count * sizeof(*places));

	for (uint64_t i = 0; i < list->count; i++) {
		uint32_t low = load_le32(list->words + 4 * i);

		places[i] = (uint32_t)(low - MAP_LOW - start);
		if (low < MAP_LOW || places[i] >= size)
			return NULL;
	}
	qsort(places, list->count, sizeof(*places), compare);
	return places;
}

static uint8_t *encode(uint8_t *out, const uint32_t *places, uint64_t count)
{
	uint32_t before = 0;

	for (uint64_t i = 0; i < count; i++) {
		uint32_t distance = places[i] - before;

		before = places[i];
		if (distance < BUNDLE_RELOC_FAR) {
			*out++ = (uint8_t)distance;
			continue;
		}
		*out++ = BUNDLE_RELOC_FAR;
		memcpy(out, &distance, sizeof(distance));
		out += sizeof(distance);
	}
	return out;
}

static uint8_t *add_list(uint8_t *out, const struct list *list,
                         const struct kernel_file *kernel)
{
	uint32_t *places = find_places(list, kernel->segments[0].paddr,
	                               kernel->vmlinux.size);

	if (places == NULL)
		return NULL;
	out = encode(out, places, list->count);
	free(places);
	return out;
}

void relocs_open(struct kernel_file *kernel, struct bytes appended,
                 uint32_t alignment)
{
	struct list lists[LIST_MAX] = { 0 };
	unsigned count = find_lists(lists, &appended);
	struct bundle_relocs header = {
		.alignment = max_u64(alignment, ALIGNMENT_MIN),
		.room_size = KERNEL_MAP_SIZE - kernel->segments[0].paddr,
	};
	uint8_t *data =
		allocate(sizeof(header) + appended.size / 4 * ENCODED_MAX);
	uint8_t *out = data + sizeof(header);

	if (count == 2) {
		lists[2] = lists[1];
		lists[1].count = 0;
	}
	for (unsigned i = 0; i < LIST_MAX && count >= 2 && out != NULL; i++)
		out = add_list(out, &lists[i], kernel);
	if (count < 2 || out == NULL ||
	    kernel->segments[0].paddr >= KERNEL_MAP_SIZE) {
		warn("kernel: %#lx bytes behind its ELF file are no "
		     "relocations: no KASLR",
		     (unsigned long)appended.size);
		return;
	}
	header.count64 = (uint32_t)lists[0].count;
	header.count32_inverse = (uint32_t)lists[1].count;
	header.count32 = (uint32_t)lists[2].count;
	memcpy(data, &header, sizeof(header));
	kernel->relocs = (struct bytes){ data, (uint64_t)(out - data) };
}
