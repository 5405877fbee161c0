/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/place/kernel.c - moves the Image to its final address */
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/place/room.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"

/*
 * A kernel whose pages the CPU does not have stops without a word. DDI 0487,
 * D17.2.64, ID_AA64MMFR0_EL1: for 4 and 64 KiB a negative field means no, for
 * 16 KiB 0 does. The fields are bits 31 to 28, 27 to 24 and 23 to 20.
 */
static void check_pages(const struct image_header *header)
{
	uint32_t features = (uint32_t)cpu_memory_features();
	uint32_t pages = header->flags >> IMAGE_PAGES_SHIFT & IMAGE_PAGES_MASK;
	const bool has_pages[] = {
		true,
		!(features >> 31 & 1),
		(features >> 20 & 0xf) != 0,
		!(features >> 27 & 1),
	};

	static_assert(ARRAY_COUNT(has_pages) == IMAGE_PAGES_MASK + 1,
	              "linux_arm64.h");

	if (!has_pages[pages])
		panic("kernel: Image has pages of %u KiB: this CPU has none",
		      1u << 2 * pages);
}

static void place_plain(struct kernel *kernel, const struct room_arm *room,
                        const struct payload *payload, struct memory *memory)
{
	const struct source *source = &payload->kernel;
	struct image_header header = { 0 };

	if (payload->head_size >= sizeof(header))
		memcpy(&header, payload->head, sizeof(header));
	room_for_image(kernel, room, &header, source->size, memory);
	check_pages(&header);
	source_load(&payload->reader, "kernel", source, 0, kernel->entry,
	            source->size);
}

static void place_packed(struct kernel *kernel, const struct room_arm *room,
                         const struct payload *payload, struct memory *memory)
{
	const struct source *source = &payload->kernel;
	struct machine_range range =
		room_for_packed_image(room, source->size, memory);
	const struct image_header *header = paddr_ptr(range.base);

	source_load(&payload->reader, "kernel", source, 0, range.base,
	            source->size);
	room_settle_image(kernel, &range, header, source->size, memory);
	check_pages(header);
	if (kernel->entry == range.base)
		return;
	/* Its end may lie in a block of its own. */
	arch_map(kernel->entry, source->size);
	memmove(paddr_ptr(kernel->entry), header, source->size);
}

/* The benchmark finds this function by its name, so it is not inlined. */
NOINLINE void arch_place_kernel(struct kernel *kernel,
                                const struct payload *payload,
                                const struct machine *machine,
                                struct memory *memory)
{
	struct room_arm room;

	room_open_arm(&room, payload, machine, memory);
	if (payload->segment_count)
		panic("kernel: in segments: must be an arm64 Image");
	if (payload->kernel.compression == BUNDLE_COMPRESSION_NONE)
		place_plain(kernel, &room, payload, memory);
	else
		place_packed(kernel, &room, payload, memory);
	room_close_arm(kernel, &room, payload, memory);
}
