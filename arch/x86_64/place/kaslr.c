/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/place/kaslr.c - a random address for an unpacked kernel
 *
 * A bzImage's decompressor moves the kernel to a random physical address and to
 * another random virtual one (Linux arch/x86/boot/compressed/kaslr.c, misc.c).
 * An unpacked kernel has no decompressor, so the blob does its part.
 */
#include "arch/x86_64/place/kaslr.h"

#include "arch/x86_64/lib/random.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/place/pieces.h"
#include "arch/x86_64/place/relocs.h"

/* For Linux, too, all these are spaces (arch/x86/boot/cmdline.c). */
static bool is_space(char c)
{
	return (uint8_t)c <= ' ';
}

/*
 * Tells whether the command line has the word, or one that starts with it if
 * `word` ends with "=".
 */
static bool has_word(const struct source *cmdline, const char *word)
{
	const char *text = cmdline->data, *end;

	if (!text) /* there is no command line */
		return false;
	end = text + cmdline->size;
	while (text < end) {
		const char *rest = word;

		while (*rest && text < end && *text == *rest) {
			text++;
			rest++;
		}
		if (!*rest &&
		    (rest[-1] == '=' || text == end || is_space(*text)))
			return true;
		while (text < end && !is_space(*text++))
			;
	}
	return false;
}

/*
 * Returns how many places a range has for the kernel with the initrd behind it.
 * The lowest place is set in *first.
 */
static uint64_t count_slots(struct memory_range range, paddr_t *first,
                            uint64_t alignment, uint64_t size)
{
	uint64_t end = min_u64(range.base + range.size, KERNEL_ADDRESS_MAX);

	*first = align_up(max_u64(range.base, *first), alignment);
	if (range.type != MEMORY_RAM || range.is_claimed || *first >= end ||
	    end - *first < size)
		return 0;
	return (end - *first - size) / alignment + 1;
}

/*
 * Chooses a place in free RAM, from where the kernel is linked on: any of them
 * with the same chance, or the first.
 */
static paddr_t choose_paddr(const struct kaslr *kaslr,
                            const struct payload *payload,
                            const struct memory *memory, paddr_t linked,
                            bool is_random)
{
	const struct memory_step *step;
	const struct bundle_relocs *relocs = payload->relocs.data;
	uint64_t alignment = relocs->alignment;
	uint64_t size = kaslr->size + INITRD_ALIGN +
	                align_up(payload->initrd.size, INITRD_ALIGN);
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

void kaslr_choose(struct kaslr *kaslr, const struct payload *payload,
                  const struct memory *memory)
{
	const struct source *cmdline = &payload->cmdline;
	const struct bundle_relocs *relocs = payload->relocs.data;
	struct machine_range linked = pieces_extent(payload);
	uint64_t room;
	bool is_random;

	*kaslr = (struct kaslr){ 0 };
	if (payload->relocs.kind != SOURCE_MEMORY)
		return;
	source_check("relocs", &payload->relocs);
	relocs_check(payload->relocs.data, payload->relocs.size);
	kaslr->size = linked.size;
	is_random = !has_word(cmdline, "nokaslr");
	if (is_random) {
		kaslr->relocs = relocs;
		kaslr->relocs_size = payload->relocs.size;
		room = max_u64(relocs->room_size, kaslr->size) - kaslr->size;
		kaslr->vaddr_shift =
			random_below(room / relocs->alignment + 1) *
			relocs->alignment;
	}
	is_random = is_random && !has_word(cmdline, "mem=") &&
	            !has_word(cmdline, "memmap=");
	if (is_random || !memory_is_free(memory, linked.base, linked.size))
		kaslr->paddr_shift = choose_paddr(kaslr, payload, memory,
		                                  linked.base, is_random) -
		                     linked.base;
	kaslr->base = linked.base + kaslr->paddr_shift;
}

void kaslr_relocate(const struct kaslr *kaslr, paddr_t base)
{
	if (kaslr->vaddr_shift)
		relocs_apply(kaslr->relocs, kaslr->relocs_size, paddr_ptr(base),
		             kaslr->size, kaslr->vaddr_shift);
}
