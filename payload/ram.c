/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/ram.c - the least RAM that the blob finds all its places in
 *
 * As arch/x86_64/place/kernel.c and arch/aarch64/place/kernel.c place a payload
 * that lies in ROM, in RAM of one piece from its first address on. Linux itself
 * takes more to get on from there, how much is its own.
 */
#include "payload/ram.h"

#include "common/payload/unpack/zstd.h"

#define MIB 0x100000ull

/* x86_64 */
#define LOW_END       MIB /* what is below is used otherwise */
#define INITRD_BORDER (2 * MIB)
#define SETUP_SECTS   0x1f1 /* fields of a bzImage, as boot.rst */
#define PREF_ADDRESS  0x258
#define INIT_SIZE     0x260
#define BZIMAGE_MIN   0x264
#define SECTOR        512

/* AArch64 */
#define INITRD_OFFSET    (16 * MIB)
#define KERNEL_BORDER    (2 * MIB)
#define PACKED_SLACK_MIN (4 * MIB)
#define PACKED_SLACK_MAX (64 * MIB)
#define TEXT_OFFSET      8 /* fields of an Image, as booting.rst */
#define IMAGE_SIZE       16
#define IMAGE_MIN        24

struct need {
	uint64_t base; /* of the kernel */
	uint64_t end;
	uint64_t initrd_size;
	bool has_zstd;
};

static void add_bzimage(struct need *need, const struct bytes *image)
{
	uint64_t setup_sects;

	if (image->size < BZIMAGE_MIN)
		return;
	setup_sects = image->data[SETUP_SECTS] ? image->data[SETUP_SECTS] : 4;
	need->base = max_u64(load_le64(image->data + PREF_ADDRESS), LOW_END);
	need->end = need->base +
	            max_u64(load_le32(image->data + INIT_SIZE),
	                    image->size - min_u64((setup_sects + 1) * SECTOR,
	                                          image->size));
}

/* The blob tries less and less to spare behind an Image that is packed. */
static uint64_t packed_room(uint64_t size, uint64_t needed)
{
	uint64_t slack = PACKED_SLACK_MIN;
	uint64_t room;

	do {
		room = align_up(size + slack, KERNEL_BORDER);
		slack *= 2;
	} while (room < needed && slack <= PACKED_SLACK_MAX);
	return room;
}

static void add_image(struct need *need, const struct bytes *image,
                      bool is_packed)
{
	uint64_t size = image->size;

	if (image->size >= IMAGE_MIN)
		size = load_le64(image->data + TEXT_OFFSET) +
		       max_u64(size, load_le64(image->data + IMAGE_SIZE));
	need->base = 0;
	need->end = is_packed ? packed_room(image->size, size) : size;
}

static void add_section(struct need *need, const struct image *image,
                        unsigned index)
{
	const struct bundle_section *section = &image->sections[index];
	bool is_packed = section->compression != BUNDLE_COMPRESSION_NONE;
	struct bytes loaded;

	need->has_zstd |= section->compression == BUNDLE_COMPRESSION_ZSTD;
	if (section->type == BUNDLE_SECTION_INITRD) {
		need->initrd_size = section->size;
	} else if (section->type == BUNDLE_SECTION_KERNEL_SEGMENT) {
		need->base = min_u64(need->base, section->paddr);
		need->end = max_u64(need->end,
		                    section->paddr + section->memory_size);
	} else if (section->type == BUNDLE_SECTION_KERNEL) {
		loaded = image_loaded(image, index);
		if (image->header.kernel_kind == BUNDLE_KERNEL_BZIMAGE)
			add_bzimage(need, &loaded);
		else
			add_image(need, &loaded, is_packed);
	}
}

/* Behind the kernel, or below it if there is room. */
static uint64_t place_x86(const struct need *need)
{
	if (need->initrd_size == 0 ||
	    INITRD_BORDER + need->initrd_size <=
	            align_down(need->base, BUNDLE_ALIGN))
		return need->end;
	return align_up(need->end, INITRD_BORDER) + need->initrd_size;
}

/* The initrd comes first, then the kernel. */
static uint64_t place_arm(const struct need *need)
{
	return align_up(INITRD_OFFSET + need->initrd_size, KERNEL_BORDER) +
	       need->end;
}

uint64_t ram_needed(const struct image *image)
{
	struct need need = { .base = UINT64_MAX };
	uint64_t size;

	for (unsigned i = 0; i < image->header.section_count; i++)
		add_section(&need, image, i);
	if (need.end == 0)
		return 0;
	size = image->header.arch == BUNDLE_ARCH_X86_64 ? place_x86(&need)
	                                                : place_arm(&need);
	return align_up(size, BUNDLE_ALIGN) +
	       (need.has_zstd ? ZSTD_WORKSPACE_SIZE : 0);
}
