/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/place/kaslr.c - a random address for an unpacked kernel
 *
 * A bzImage's decompressor moves the kernel to a random physical and another
 * random virtual address (Linux arch/x86/boot/compressed/kaslr.c, misc.c).
 * Here there is no decompressor, so that its part falls to us.
 */
#include "arch/x86_64/place/kaslr.h"

#include "arch/x86_64/cpu.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/spec/bundle.h"

#define CPUID_ECX_RDRAND (1U << 30)
#define RDRAND_TRIES     10
#define HASH_MULTIPLIER  0x9e3779b97f4a7c15
#define INITRD_ALIGN     0x200000
#define ADDRESS_MAX      (1ULL << 46)

/* A number below `bound`, or 0: one that an attacker cannot guess. */
static uint64_t random_below(uint64_t bound)
{
	uint64_t hash = cpu_rdtsc();
	uint64_t value = 0;

	if (cpu_cpuid(1, 0).ecx & CPUID_ECX_RDRAND)
		for (int i = 0; i < RDRAND_TRIES; i++)
			if (cpu_rdrand(&value))
				break;
	hash = (hash ^ value) * HASH_MULTIPLIER;
	hash = (hash ^ hash >> 32) * HASH_MULTIPLIER;
	hash ^= hash >> 32;
	return bound > 1 ? hash % bound : 0;
}

/* Is there such a word, or one that starts so if that ends with "="? */
static bool has_word(const struct source *cmdline, const char *word)
{
	const char *text = cmdline->data, *end = text + cmdline->size;

	while (text < end) {
		const char *rest = word;

		while (*rest && text < end && *text == *rest) {
			text++;
			rest++;
		}
		if (!*rest &&
		    (rest[-1] == '=' || text == end || *text == ' ' || !*text))
			return true;
		while (text < end && *text++ != ' ')
			;
	}
	return false;
}

/* How many places a range has for the kernel with the initrd behind it. */
static uint64_t count_slots(struct memory_range range, paddr_t *first,
                            uint64_t alignment, uint64_t size)
{
	uint64_t end = min_u64(range.base + range.size, ADDRESS_MAX);

	*first = align_up(max_u64(range.base, *first), alignment);
	if (range.type != MEMORY_RAM || range.is_claimed || *first >= end ||
	    end - *first < size)
		return 0;
	return (end - *first - size) / alignment + 1;
}

/* Any place in free RAM from where it is linked on, all alike, or the first. */
static paddr_t choose_paddr(const struct kaslr *kaslr, const struct boot *boot,
                            paddr_t linked, bool is_random)
{
	const struct memory *memory = &boot->memory;
	const struct memory_step *step;
	const struct bundle_relocs *relocs = boot->payload.relocs.data;
	uint64_t alignment = relocs->alignment;
	uint64_t size = kaslr->size + INITRD_ALIGN +
	                align_up(boot->payload.initrd.size, INITRD_ALIGN);
	uint64_t total = 0, chosen;

	for (step = memory->steps; step != memory->end; step++) {
		paddr_t first = linked;

		total += count_slots(memory_range(step), &first, alignment,
		                     size);
	}
	chosen = is_random ? random_below(total) : 0;
	for (step = memory->steps; step != memory->end; step++) {
		paddr_t first = linked;
		uint64_t count = count_slots(memory_range(step), &first,
		                             alignment, size);

		if (chosen < count)
			return first + chosen * alignment;
		chosen -= count;
	}
	return linked;
}

static void check_relocs(const struct source *source)
{
	const struct bundle_relocs *relocs = source->data;

	source_check("relocs", source);
	if (source->compression != BUNDLE_COMPRESSION_NONE ||
	    source->size < sizeof(*relocs))
		panic("relocs: %#lx bytes, compression %u: at least %#x, none",
		      source->size, source->compression,
		      (unsigned)sizeof(*relocs));
	if (relocs->alignment == 0 ||
	    (relocs->alignment & (relocs->alignment - 1)) != 0)
		panic("relocs: alignment %#lx: no power of two",
		      relocs->alignment);
}

void kaslr_choose(struct kaslr *kaslr, const struct boot *boot)
{
	const struct payload *payload = &boot->payload;
	const struct source *cmdline = &payload->cmdline;
	const struct bundle_relocs *relocs = payload->relocs.data;
	paddr_t base = UINT64_MAX, end = 0;
	bool is_random;

	*kaslr = (struct kaslr){ 0 };
	if (payload->relocs.kind != SOURCE_MEMORY)
		return;
	check_relocs(&payload->relocs);
	for (uint32_t i = 0; i < payload->segment_count; i++) {
		const struct payload_segment *segment = &payload->segments[i];

		base = min_u64(base, segment->paddr);
		end = max_u64(end, segment->paddr + segment->memory_size);
	}
	kaslr->size = end - base;
	is_random = !has_word(cmdline, "nokaslr");
	if (is_random) {
		kaslr->relocs = relocs;
		if (relocs->room_size > kaslr->size)
			kaslr->vaddr_shift =
				random_below((relocs->room_size - kaslr->size) /
			                             relocs->alignment +
			                     1) *
				relocs->alignment;
	}
	is_random = is_random && !has_word(cmdline, "mem=") &&
	            !has_word(cmdline, "memmap=");
	if (is_random || !memory_is_free(&boot->memory, base, kaslr->size))
		kaslr->paddr_shift =
			choose_paddr(kaslr, boot, base, is_random) - base;
	kaslr->base = base + kaslr->paddr_shift;
}

/* The places of one list, packed; see struct bundle_relocs. */
struct list {
	const uint8_t *in;
	const uint8_t *end;
};

/* In the kernel's code, hence at any address. */
struct word32 {
	uint32_t value;
} PACKED MAY_ALIAS;

struct word64 {
	uint64_t value;
} PACKED MAY_ALIAS;

static uint64_t take_distance(struct list *list)
{
	uint64_t distance;

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

void kaslr_relocate(const struct kaslr *kaslr, const struct boot *boot,
                    paddr_t base)
{
	const struct bundle_relocs *relocs = kaslr->relocs;
	uint8_t *kernel = paddr_ptr(base);
	uint64_t shift = kaslr->vaddr_shift;
	struct list list;

	if (!shift)
		return;
	list.in = (const uint8_t *)(relocs + 1);
	list.end = (const uint8_t *)relocs + boot->payload.relocs.size;
	relocate_list(&list, relocs->count64, kernel, kaslr->size - 8, shift,
	              true);
	relocate_list(&list, relocs->count32_inverse, kernel, kaslr->size - 4,
	              -shift, false);
	relocate_list(&list, relocs->count32, kernel, kaslr->size - 4, shift,
	              false);
}
