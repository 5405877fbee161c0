/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/place/bzimage.c - a bzImage, which unpacks itself
 *
 * Linux Documentation/arch/x86/boot.rst.
 */
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/place/kinds.h"
#include "common/lib/console.h"
#include "common/spec/linux_x86.h"

#define PAGE_BITS 12

/* The fields are those of boot.rst, "Details of Header Fields". */
void bzimage_check(const void *head, uint64_t size)
{
	const struct setup_header *header =
		(const void *)((const uint8_t *)head + SETUP_HEADER_OFFSET);

	if (size < SETUP_HEADER_OFFSET + SETUP_HEADER_MIN_SIZE)
		panic("kernel: bzImage of %#lx bytes: its header takes %#x",
		      size,
		      (unsigned)(SETUP_HEADER_OFFSET + SETUP_HEADER_MIN_SIZE));
	if (header->boot_flag != SETUP_BOOT_FLAG || header->version < 0x20c)
		panic("kernel: bzImage of boot protocol %#x: need 0x20c, of "
		      "Linux 3.8, for a 64-bit entry",
		      header->version);
	if (!(header->loadflags & LOADFLAG_LOADED_HIGH) ||
	    !(header->xloadflags & XLF_KERNEL_64))
		panic("kernel: bzImage has no 64-bit entry (xloadflags %#x)",
		      header->xloadflags);
	if (header->kernel_alignment >> PAGE_BITS == 0 ||
	    (header->kernel_alignment & -header->kernel_alignment) !=
	            header->kernel_alignment)
		panic("kernel: bzImage wants alignment %#x: no power of two",
		      header->kernel_alignment);
}

/*
 * Claims room where the kernel prefers to be, or at the lowest place above that
 * to which it can be moved.
 */
static paddr_t claim_room(struct memory *memory,
                          const struct setup_header *header, uint64_t size)
{
	bool can_be_high = header->xloadflags & XLF_CAN_BE_LOADED_ABOVE_4G;
	paddr_t base = header->pref_address;

	if (base < HIGH_RAM_BASE)
		base = HIGH_RAM_BASE;
	if (!header->relocatable_kernel) {
		memory_claim(memory, "kernel", base, size, MEMORY_RAM);
		return base;
	}
	base = memory_alloc(memory, size, header->kernel_alignment, base,
	                    can_be_high ? KERNEL_ADDRESS_MAX : FOUR_GIB,
	                    MEMORY_RAM);
	if (!base)
		panic("kernel: needs %#lx bytes: no free RAM of that size",
		      size);
	return base;
}

/*
 * Keeps what the header says. boot.rst, "jump": the target of its jump tells
 * its size.
 */
static void set_header(struct kernel *kernel, const struct setup_header *header,
                       const uint8_t *head)
{
	kernel->setup_header = header;
	kernel->setup_header_size = min_u64(
		0x202 + head[0x201] - SETUP_HEADER_OFFSET, sizeof(*header));
	kernel->cmdline_max = header->cmdline_size;
	kernel->initrd.end = header->xloadflags & XLF_CAN_BE_LOADED_ABOVE_4G
	                             ? KERNEL_ADDRESS_MAX
	                             : header->initrd_addr_max + 1ULL;
}

static const struct setup_header *find_header(const struct payload *payload)
{
	return (const void *)(payload->head + SETUP_HEADER_OFFSET);
}

uint32_t bzimage_body_offset(const struct payload *payload)
{
	/* fw_cfg gives the setup part as an item of its own. */
	return payload->kernel_setup.kind == SOURCE_NONE
	               ? linux_x86_setup_size(find_header(payload))
	               : 0;
}

void bzimage_claim(struct kernel *kernel, const struct payload *payload,
                   struct memory *memory)
{
	const struct setup_header *header = find_header(payload);
	uint64_t offset, size = payload->kernel.size;

	bzimage_check(payload->head, payload->head_size);
	offset = bzimage_body_offset(payload);
	if (size <= offset + BZIMAGE_ENTRY64)
		panic("kernel: bzImage of %#lx bytes: its 64-bit entry is at "
		      "%#lx",
		      size, offset + BZIMAGE_ENTRY64);
	kernel->size = max_u64(header->init_size, size - offset);
	kernel->base = claim_room(memory, header, kernel->size);
	kernel->entry = kernel->base + BZIMAGE_ENTRY64;
	set_header(kernel, header, payload->head);
}
