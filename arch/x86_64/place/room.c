/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/place/room.c - room for a kernel by its kind, see room.h */
#include "arch/x86_64/place/room.h"

#include "arch/x86_64/memmap.h"
#include "common/lib/console.h"
#include "common/spec/elf.h"
#include "common/spec/linux_x86.h"

#define CMDLINE_ALIGN 16

static_assert(BUNDLE_SEGMENT_LOWEST == HIGH_RAM_BASE,
              "segments lie above the hole of PCs");

/*
 * The fixed parts below 640 KiB must be free RAM. ACPI tables go there only if
 * it is free, since a VMM may have its own tables in that place (OpenVMM).
 */
void room_claim_low_x86(struct memory *memory)
{
	memory_claim(memory, "low memory", 0, LOW_TABLES_BASE, MEMORY_RAM);
	memory_claim(memory, "low memory", BOOT_BASE,
	             LOW_RAM_CLAIM_END - BOOT_BASE, MEMORY_RAM);
	if (memory_is_free(memory, LOW_TABLES_BASE, LOW_TABLES_SIZE))
		memory_claim(memory, "low memory", LOW_TABLES_BASE,
		             LOW_TABLES_SIZE, MEMORY_RAM);
	memory_set(memory, LOW_RAM_END, RSDP_BASE - LOW_RAM_END, MEMORY_NONE);
	memory_set(memory, RSDP_BASE, HIGH_RAM_BASE - RSDP_BASE,
	           MEMORY_RESERVED);
}

static enum kernel_kind find_kind(const struct payload *payload)
{
	const void *head = payload->head;
	uint64_t size = payload->head_size;

	if (payload->segment_count)
		return KERNEL_SEGMENTS;
	if (payload->kernel.compression)
		panic("kernel: file under compression %u: must be none",
		      payload->kernel.compression);
	if (linux_x86_is_bzimage(head, size))
		return KERNEL_BZIMAGE;
	if (elf_is_at(head, size))
		return KERNEL_ELF;
	panic("kernel: %#lx bytes: neither a bzImage nor an ELF file",
	      payload->kernel.size);
}

/*
 * The initrd goes from the end of the kernel on, else from 1 MiB on. Its
 * highest address depends on the kind of kernel, so the claims of bzimage.c and
 * pieces.c have set that.
 */
static void set_limits(struct kernel *kernel)
{
	kernel->initrd.base = kernel->base + kernel->size;
	kernel->initrd.lowest = HIGH_RAM_BASE;
	kernel->initrd.alignment = INITRD_ALIGN;
	kernel->cmdline_area =
		(struct machine_range){ CMDLINE_BASE, CMDLINE_SIZE };
	kernel->cmdline = (struct place_limits){
		.base = HIGH_RAM_BASE,
		.lowest = HIGH_RAM_BASE,
		.end = FOUR_GIB,
		.alignment = CMDLINE_ALIGN,
	};
}

enum kernel_kind room_for_kernel_x86(struct kernel *kernel, struct kaslr *kaslr,
                                     const struct payload *payload,
                                     struct memory *memory)
{
	enum kernel_kind kind = find_kind(payload);

	if (kind == KERNEL_SEGMENTS)
		segments_claim(kernel, kaslr, payload, memory);
	else if (kind == KERNEL_BZIMAGE)
		bzimage_claim(kernel, payload, memory);
	else
		elf_claim(kernel, payload, memory);
	set_limits(kernel);
	return kind;
}
