/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/place/kernel.c - moves the kernel to its final address */
#include "arch/x86_64/place/room.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/spec/elf.h"
#include "common/spec/fw_cfg.h"

/*
 * After a reboot QEMU's TCG still holds translations of the kernel that ran
 * before, and takes microseconds to check each store against them. One DMA
 * drops them all. The bytes that it writes are overwritten next.
 */
static void drop_translations(const struct machine *machine, paddr_t base,
                              uint64_t size)
{
	if (machine->hypervisor == MACHINE_HYPERVISOR_TCG &&
	    machine->fw_cfg.is_present && *(const uint64_t *)paddr_ptr(base))
		fw_cfg_read(&machine->fw_cfg, FW_CFG_SIGNATURE, 0, base, size);
}

/*
 * Loads `size` bytes of `source` to `base`, and zeros up to `memory_size`. All
 * of it is mapped.
 */
static void load_piece(const struct source_reader *reader,
                       const struct source *source, uint64_t offset,
                       paddr_t base, uint64_t size, uint64_t memory_size)
{
	source_load(reader, "kernel segment", source, offset, base, size);
	memset(paddr_ptr(base + size), 0, memory_size - size);
}

static void load_bzimage(const struct kernel *kernel,
                         const struct payload *payload,
                         const struct machine *machine)
{
	const struct source *source = &payload->kernel;
	uint32_t offset = bzimage_body_offset(payload);

	arch_map(kernel->base, kernel->size);
	drop_translations(machine, kernel->base, kernel->size);
	source_load(&payload->reader, "kernel", source, offset, kernel->base,
	            source->size - offset);
}

static void load_elf(const struct payload *payload)
{
	const struct elf64_header *header = (const void *)payload->head;
	const struct elf64_phdr *phdr = elf_phdrs(payload);

	for (uint32_t i = 0; i < header->phnum; i++, phdr++) {
		if (phdr->type != ELF_PT_LOAD || !phdr->memsz)
			continue;
		arch_map(phdr->paddr, phdr->memsz);
		load_piece(&payload->reader, &payload->kernel, phdr->offset,
		           phdr->paddr, phdr->filesz, phdr->memsz);
	}
}

static void load_segments(struct kernel *kernel, const struct kaslr *kaslr,
                          const struct payload *payload,
                          const struct machine *machine)
{
	for (uint32_t i = 0; i < payload->segment_count; i++) {
		const struct payload_segment *segment = &payload->segments[i];
		const struct source *source = &segment->source;
		paddr_t base = segment->paddr + kaslr->paddr_shift;

		arch_map(base, segment->memory_size);
		drop_translations(machine, base, segment->memory_size);
		load_piece(&payload->reader, source, 0, base, source->size,
		           segment->memory_size);
	}
	kaslr_relocate(kaslr, kernel->base);
	kernel->is_randomized = kaslr->relocs != NULL;
}

/*
 * This function is not inlined, because the benchmark tells its work from the
 * rest by its name.
 */
NOINLINE void arch_place_kernel(struct kernel *kernel,
                                const struct payload *payload,
                                const struct machine *machine,
                                struct memory *memory)
{
	struct kaslr kaslr;

	/* Its pieces have no sums, and its header must not speak before. */
	source_check("kernel", &payload->kernel);
	switch (room_for_kernel_x86(kernel, &kaslr, payload, memory)) {
	case KERNEL_SEGMENTS:
		load_segments(kernel, &kaslr, payload, machine);
		break;
	case KERNEL_BZIMAGE:
		load_bzimage(kernel, payload, machine);
		break;
	case KERNEL_ELF:
		/*
		 * QEMU puts the segments of `-kernel vmlinux` in place before
		 * the reset, and gives their headers only.
		 */
		if (payload->kernel_setup.kind == SOURCE_NONE)
			load_elf(payload);
		break;
	}
}
