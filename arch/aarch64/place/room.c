/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/place/room.c - finds room for an arm64 Image, see room.h
 *
 * Linux Documentation/arm64/booting.rst, "Call the kernel image".
 */
#include "arch/aarch64/place/room.h"

#include "arch/aarch64/memmap.h"
#include "common/lib/console.h"

#define ADDRESS_MAX  MAPPED_END
#define INITRD_ALIGN 4096

/* A compressed Image gets this many bytes more than its file size says. */
#define SLACK_MAX 0x4000000
#define SLACK_MIN 0x400000

void image_check(const struct image_header *header, uint64_t size)
{
	if (size < sizeof(*header) || header->magic != IMAGE_MAGIC)
		panic("kernel: %#lx bytes: no arm64 Image (magic %#x)", size,
		      size < sizeof(*header) ? 0 : header->magic);
	if (header->flags & IMAGE_FLAG_BIG_ENDIAN)
		panic("kernel: Image is big-endian (flags %#lx)",
		      header->flags);
	if (header->text_offset >= IMAGE_BASE_ALIGN)
		panic("kernel: Image has text offset %#lx: less than %#x",
		      header->text_offset, IMAGE_BASE_ALIGN);
	if (header->image_size > ADDRESS_MAX)
		panic("kernel: Image needs %#lx bytes: at most %#lx",
		      header->image_size, ADDRESS_MAX);
}

/* Old kernels whose header has no size are always at the same offset. */
static uint64_t text_offset(const struct image_header *header)
{
	return header->image_size ? header->text_offset
	                          : IMAGE_TEXT_OFFSET_DEFAULT;
}

static void set_kernel(struct kernel *kernel, paddr_t base,
                       const struct image_header *header, uint64_t size)
{
	kernel->base = base;
	kernel->size = text_offset(header) + max_u64(header->image_size, size);
	kernel->entry = base + text_offset(header);
}

/* Returns 0 if there is no room. */
static paddr_t find_room(struct memory *memory, uint64_t size,
                         uint64_t alignment, paddr_t wanted, paddr_t lowest)
{
	return memory_alloc_near(memory, size, alignment, wanted, lowest,
	                         ADDRESS_MAX, MEMORY_RAM);
}

/*
 * Returns the place where the initrd will be, or already is. The size is 0 if
 * there is no initrd.
 */
static struct machine_range hold_initrd(const struct payload *payload,
                                        const struct machine *machine,
                                        struct memory *memory)
{
	uint64_t size = payload_initrd_size(payload);
	paddr_t ram = machine->ram[0].base;
	struct machine_range held = { 0, size };

	if (!size)
		return payload->has_taken_initrd ? held : machine->given.initrd;
	held.base =
		find_room(memory, size, INITRD_ALIGN, ram + INITRD_OFFSET, ram);
	if (!held.base)
		panic("initrd: %#lx bytes: no free RAM of that size", size);
	return held;
}

void room_open_arm(struct room_arm *room, const struct payload *payload,
                   const struct machine *machine, struct memory *memory)
{
	room->initrd = hold_initrd(payload, machine, memory);
	room->lowest = machine->ram[0].base;
	room->wanted = max_u64(room->initrd.base + room->initrd.size,
	                       room->lowest + INITRD_OFFSET);
}

static NORETURN void refuse_size(uint64_t size)
{
	panic("kernel: needs %#lx bytes: no free RAM of that size", size);
}

void room_for_image(struct kernel *kernel, const struct room_arm *room,
                    const struct image_header *header, uint64_t size,
                    struct memory *memory)
{
	paddr_t base;

	image_check(header, size);
	set_kernel(kernel, 0, header, size);
	base = find_room(memory, kernel->size, KERNEL_ALIGN,
	                 header->flags & IMAGE_FLAG_ANYWHERE ? room->wanted
	                                                     : room->lowest,
	                 room->lowest);
	if (!base)
		refuse_size(kernel->size);
	set_kernel(kernel, base, header, size);
}

struct machine_range room_for_packed_image(const struct room_arm *room,
                                           uint64_t size, struct memory *memory)
{
	struct machine_range range = { 0 };

	if (size > ADDRESS_MAX)
		refuse_size(size);
	for (uint32_t slack = SLACK_MAX; !range.base && slack >= SLACK_MIN;
	     slack /= 2) {
		range.size = align_up(size + slack, KERNEL_ALIGN);
		range.base = find_room(memory, range.size, KERNEL_ALIGN,
		                       room->wanted, room->lowest);
	}
	if (!range.base)
		refuse_size(size);
	return range;
}

void room_settle_image(struct kernel *kernel, const struct machine_range *range,
                       const struct image_header *header, uint64_t size,
                       struct memory *memory)
{
	image_check(header, size);
	set_kernel(kernel, range->base, header, size);
	if (kernel->size > range->size)
		panic("kernel: needs %#lx bytes: there are %#lx at %#lx",
		      kernel->size, range->size, range->base);
	memory_set(memory, range->base, range->size, MEMORY_RAM);
	memory_claim(memory, "kernel", range->base,
	             align_up(kernel->size, KERNEL_ALIGN), MEMORY_RAM);
}

static void check_window(const struct kernel *kernel,
                         const struct machine_range *initrd)
{
	paddr_t base = align_down(min_u64(kernel->base, initrd->base),
	                          LINUX_INITRD_WINDOW_ALIGN);
	paddr_t end = max_u64(kernel->base + kernel->size,
	                      initrd->base + initrd->size);

	if (initrd->size && end - base > LINUX_INITRD_WINDOW_SIZE)
		panic("initrd: at %#lx, kernel at %#lx: must be within 32 GiB",
		      initrd->base, kernel->base);
}

void room_close_arm(struct kernel *kernel, const struct room_arm *room,
                    const struct payload *payload, struct memory *memory)
{
	const struct machine_range *initrd = &room->initrd;

	check_window(kernel, initrd);
	if (payload_initrd_size(
		    payload)) /* room_for_initrd() takes it again. */
		memory_set(memory, initrd->base, initrd->size, MEMORY_RAM);
	kernel->initrd = (struct place_limits){
		.base = initrd->base,
		.lowest = initrd->base,
		.end = initrd->base + align_up(initrd->size, INITRD_ALIGN),
		.alignment = INITRD_ALIGN,
	};
	kernel->cmdline_max = LINUX_CMDLINE_MAX;
	kernel->cmdline = (struct place_limits){
		.base = room->lowest,
		.lowest = room->lowest,
		.end = ADDRESS_MAX,
		.alignment = MEMORY_PAGE_SIZE,
	};
}
