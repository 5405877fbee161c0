/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/place/kernel.c - kernel and initrd to their final addresses
 *
 * The kernel is a bzImage, entered at its 64-bit entry, an ELF vmlinux by its
 * physical addresses, or the segments that `directboot pack` made of one.
 */
#include "arch/x86_64/place/kaslr.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/lib/x86.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/payload/uki.h"
#include "common/spec/elf.h"
#include "common/spec/fw_cfg.h"
#include "common/spec/linux_x86.h"
#include "common/lib/string.h"

/* COMMAND_LINE_SIZE of x86 Linux, for kernels that do not tell their own. */
#define CMDLINE_MAX_DEFAULT 2047
#define INITRD_ALIGN        0x200000
#define KERNEL_ADDRESS_MAX  (1ULL << 46)
#define SEGMENT_ALIGN       0x200000 /* of Linux's ELF segments */

/* The first bytes of the kernel file, from which the rest is understood. */
struct head {
	const uint8_t *bytes;
	uint64_t size;
};

static struct head read_head(struct boot *boot)
{
	const struct payload *payload = &boot->payload;
	const struct source *source = &payload->kernel;

	if (payload->kernel_setup.kind != SOURCE_NONE)
		source = &payload->kernel_setup;
	if (source->compression)
		panic("kernel: file under compression %u: must be none",
		      source->compression);
	if (source->kind == SOURCE_DISK)
		source_fetch(boot, "kernel", &boot->payload.kernel);
	if (source->kind == SOURCE_MEMORY)
		return (struct head){ source->data, source->stored_size };

	struct head head = {
		.bytes = paddr_ptr(SCRATCH_BASE),
		.size = min_u64(source->size, SCRATCH_SIZE),
	};
	source_load(boot, "kernel", source, 0, SCRATCH_BASE, head.size);
	return head;
}

/*
 * After a reboot QEMU's TCG still holds translations of the kernel that ran
 * there, and takes microseconds to check each store against them. One DMA
 * drops them all; what it writes is overwritten next.
 */
static void drop_translations(const struct boot *boot, paddr_t base,
                              uint64_t size)
{
	if (boot->machine.hypervisor == MACHINE_HYPERVISOR_TCG &&
	    boot->fw_cfg.machine && *(const uint64_t *)paddr_ptr(base))
		fw_cfg_read(&boot->fw_cfg, FW_CFG_SIGNATURE, 0, base, size);
}

/* boot.rst, "64-bit BOOT PROTOCOL"; fields as "Details of Header Fields". */
static void check_bzimage(const struct setup_header *header, uint64_t size)
{
	if (size < SETUP_HEADER_OFFSET + SETUP_HEADER_MIN_SIZE)
		panic("kernel: bzImage of %#lx bytes: its header takes %#x",
		      size,
		      (unsigned)(SETUP_HEADER_OFFSET + SETUP_HEADER_MIN_SIZE));
	if (header->boot_flag != SETUP_BOOT_FLAG || header->version < 0x20c)
		panic("kernel: bzImage of boot protocol %#x: need 0x20c",
		      header->version);
	if (!(header->loadflags & LOADFLAG_LOADED_HIGH) ||
	    !(header->xloadflags & XLF_KERNEL_64))
		panic("kernel: bzImage has no 64-bit entry (xloadflags %#x)",
		      header->xloadflags);
	if (header->kernel_alignment < 0x1000 ||
	    header->kernel_alignment & (header->kernel_alignment - 1))
		panic("kernel: bzImage wants alignment %#x: no power of two",
		      header->kernel_alignment);
}

/* Where it prefers to be, or the lowest place above that it can be moved to. */
static paddr_t claim_bzimage(struct memory *memory,
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
	                    can_be_high ? KERNEL_ADDRESS_MAX : 1ULL << 32,
	                    MEMORY_RAM);
	if (!base)
		panic("kernel: needs %#lx bytes: no free RAM of that size",
		      size);
	return base;
}

static void load_bzimage(struct boot *boot, const struct head *head)
{
	const struct setup_header *header =
		(const void *)(head->bytes + SETUP_HEADER_OFFSET);
	const struct source *source = &boot->payload.kernel;
	struct kernel *kernel = &boot->kernel;
	uint64_t setup_size, offset, body_size;

	check_bzimage(header, head->size);
	setup_size = ((header->setup_sects ? header->setup_sects : 4) + 1) *
	             SETUP_SECTOR_SIZE;
	offset =
		boot->payload.kernel_setup.kind == SOURCE_NONE ? setup_size : 0;
	if (source->size <= offset)
		panic("kernel: bzImage of %#lx bytes: setup alone takes %#lx",
		      source->size, setup_size);
	body_size = source->size - offset;

	kernel->size = max_u64(header->init_size, body_size);
	kernel->base = claim_bzimage(&boot->memory, header, kernel->size);
	arch_map(kernel->base, kernel->size);
	drop_translations(boot, kernel->base, kernel->size);
	if (source->kind == SOURCE_MEMORY)
		source_check("kernel", source);
	source_load(boot, "kernel", source, offset, kernel->base, body_size);

	kernel->entry = kernel->base + BZIMAGE_ENTRY64;
	kernel->setup_header = header;
	kernel->setup_header_size =
		min_u64(0x202 + head->bytes[0x201] - SETUP_HEADER_OFFSET,
	                sizeof(*header));
	kernel->cmdline_max = header->cmdline_size;
	kernel->initrd_max = header->xloadflags & XLF_CAN_BE_LOADED_ABOVE_4G
	                             ? KERNEL_ADDRESS_MAX
	                             : header->initrd_addr_max + 1ULL;
}

/* A kernel that is loaded piece by piece: takes in one more. */
static void claim_segment(struct boot *boot, paddr_t base, uint64_t size)
{
	struct kernel *kernel = &boot->kernel;
	paddr_t end = max_u64(kernel->base + kernel->size, base + size);

	if (!size)
		return;
	if (base < HIGH_RAM_BASE)
		panic("kernel: segment at %#lx: must be above %#x", base,
		      HIGH_RAM_BASE);
	memory_claim(&boot->memory, "kernel segment", base, size, MEMORY_RAM);
	arch_map(base, size);
	if (!kernel->size || base < kernel->base)
		kernel->base = base;
	kernel->size = end - kernel->base;
}

static void finish_segments(struct kernel *kernel, paddr_t entry)
{
	if (!kernel->size || entry - kernel->base >= kernel->size)
		panic("kernel: entry %#lx: not in its %#lx bytes at %#lx",
		      entry, kernel->size, kernel->base);
	kernel->entry = entry;
	kernel->cmdline_max = CMDLINE_MAX_DEFAULT;
	kernel->initrd_max = KERNEL_ADDRESS_MAX;
}

static void check_elf(const struct elf64_header *header, uint64_t size)
{
	if (header->class != ELF_CLASS_64 || header->data != ELF_DATA_LSB ||
	    header->machine != arch_elf_machine())
		panic("kernel: ELF of class %u, data %u, machine %u: need 2, "
		      "1, %u",
		      header->class, header->data, header->machine,
		      arch_elf_machine());
	if (header->phentsize != sizeof(struct elf64_phdr) ||
	    !is_within(header->phoff,
	               (uint64_t)header->phnum * sizeof(struct elf64_phdr),
	               size) ||
	    header->phoff % 8)
		panic("kernel: ELF has %u program headers of %u bytes at "
		      "%#lx: beyond %#lx",
		      header->phnum, header->phentsize, header->phoff, size);
}

static bool is_loaded(const struct elf64_phdr *phdr)
{
	return phdr->type == ELF_PT_LOAD && phdr->memsz;
}

/*
 * As one, where all lie in free RAM, each within its alignment behind the last;
 * else one by one, which tells what is in the way.
 */
static void claim_elf(struct boot *boot, const struct elf64_phdr *phdr,
                      const struct elf64_phdr *phdrs_end)
{
	const struct elf64_phdr *i;
	paddr_t base = 0, end = 0;

	for (i = phdr; i != phdrs_end; i++) {
		if (!is_loaded(i))
			continue;
		if (!end)
			base = i->paddr;
		else if (i->paddr - end >= SEGMENT_ALIGN)
			break;
		end = i->paddr + i->memsz;
		if (end < i->memsz) /* beyond all addresses */
			break;
	}
	if (i == phdrs_end && memory_is_free(&boot->memory, base, end - base)) {
		claim_segment(boot, base, end - base);
		return;
	}
	for (i = phdr; i != phdrs_end; i++) {
		if (is_loaded(i))
			claim_segment(boot, i->paddr, i->memsz);
	}
}

/*
 * QEMU itself puts the segments of `-kernel vmlinux` in place before reset and
 * shows us their headers only.
 */
static void load_elf(struct boot *boot, const struct head *head)
{
	const struct elf64_header *header = (const void *)head->bytes;
	const struct source *source = &boot->payload.kernel;
	bool is_in_place = boot->payload.kernel_setup.kind != SOURCE_NONE;
	const struct elf64_phdr *phdr, *end;

	check_elf(header, head->size);
	phdr = (const void *)(head->bytes + header->phoff);
	end = phdr + header->phnum;
	claim_elf(boot, phdr, end);
	for (; !is_in_place && phdr != end; phdr++) {
		if (!is_loaded(phdr))
			continue;
		if (phdr->filesz > phdr->memsz)
			panic("kernel: ELF segment of %#lx bytes in %#lx",
			      phdr->filesz, phdr->memsz);
		source_load(boot, "kernel segment", source, phdr->offset,
		            phdr->paddr, phdr->filesz);
		memset(paddr_ptr(phdr->paddr + phdr->filesz), 0,
		       phdr->memsz - phdr->filesz);
	}
	finish_segments(&boot->kernel, header->entry);
}

/* Segments that touch are claimed as one. */
static void claim_segments(struct boot *boot, uint64_t paddr_shift)
{
	const struct payload_segment *segment = boot->payload.segments;
	const struct payload_segment *end =
		segment + boot->payload.segment_count;

	while (segment != end) {
		paddr_t base = segment->paddr;
		uint64_t size = 0;

		do
			size += segment->memory_size;
		while (++segment != end && segment->paddr == base + size);
		claim_segment(boot, base + paddr_shift, size);
	}
}

static void load_segments(struct boot *boot)
{
	const struct payload *payload = &boot->payload;
	struct kaslr kaslr;

	kaslr_choose(&kaslr, boot);
	/* Relocations may lie between the segments too. */
	if (kaslr.relocs &&
	    (kaslr.size < sizeof(uint64_t) ||
	     !memory_is_free(&boot->memory, kaslr.base, kaslr.size)))
		panic("kernel: %#lx bytes at %#lx: not in free RAM", kaslr.size,
		      kaslr.base);
	claim_segments(boot, kaslr.paddr_shift);
	for (uint32_t i = 0; i < payload->segment_count; i++) {
		const struct payload_segment *segment = &payload->segments[i];
		const struct source *source = &segment->source;
		paddr_t base = segment->paddr + kaslr.paddr_shift;

		drop_translations(boot, base, segment->memory_size);
		source_load(boot, "kernel segment", source, 0, base,
		            source->size);
		memset(paddr_ptr(base + source->size), 0,
		       segment->memory_size - source->size);
	}
	finish_segments(&boot->kernel,
	                payload->segments_entry + kaslr.paddr_shift);
	kaslr_relocate(&kaslr, boot, boot->kernel.base);
	boot->kernel.is_randomized = kaslr.relocs != NULL;
}

static bool is_bzimage(const struct head *head)
{
	return head->size >=
	               SETUP_HEADER_OFFSET + sizeof(struct setup_header) &&
	       load_le32(head->bytes + 0x202) == SETUP_HEADER_MAGIC;
}

static void load_kernel(struct boot *boot)
{
	struct head head;

	if (boot->payload.segment_count) {
		load_segments(boot);
		return;
	}
	head = read_head(boot);
	/* A bzImage may be a PE file, too. Elsewhere, that has been opened. */
	if (boot->payload.kernel.kind == SOURCE_FW_CFG && !is_bzimage(&head) &&
	    pe_is_at(head.bytes, head.size)) {
		payload_fetch_kernel(boot);
		payload_open_uki(boot);
		head = read_head(boot);
	}
	if (is_bzimage(&head))
		load_bzimage(boot, &head);
	else if (head.size >= sizeof(struct elf64_header) &&
	         load_le32(head.bytes) == ELF_MAGIC)
		load_elf(boot, &head);
	else
		panic("kernel: %#lx bytes: neither a bzImage nor an ELF file",
		      boot->payload.kernel.size);
}

/* The initrd of a VMM that has us for its kernel, unless we come from it. */
static void use_vmm_initrd(struct boot *boot)
{
	const struct payload *payload = &boot->payload;
	const struct machine_range *place = &boot->machine.places[0];
	const struct source *source = payload->segment_count
	                                      ? &payload->segments[0].source
	                                      : &payload->kernel;

	if (boot->door == DOOR_RESET || !boot->machine.place_count ||
	    paddr_of(source->data) - place->base < place->size)
		return;
	if (!memory_is_ram(&boot->memory, place->base, place->size))
		panic("initrd: %#lx bytes at %#lx: not in RAM", place->size,
		      place->base);
	boot->kernel.initrd_paddr = place->base;
	boot->kernel.initrd_size = place->size;
}

/* Right behind the kernel; above 4 GiB only if there is no room below. */
static void load_initrd(struct boot *boot)
{
	const struct source *source = &boot->payload.initrd;
	struct kernel *kernel = &boot->kernel;
	paddr_t base;

	if (!source->size) {
		use_vmm_initrd(boot);
		return;
	}
	base = memory_alloc(&boot->memory, source->size, INITRD_ALIGN,
	                    kernel->base + kernel->size, kernel->initrd_max,
	                    MEMORY_RAM);
	if (!base)
		base = memory_alloc(&boot->memory, source->size, INITRD_ALIGN,
		                    HIGH_RAM_BASE, kernel->initrd_max,
		                    MEMORY_RAM);
	if (!base)
		panic("initrd: %#lx bytes: no free RAM of that size below %#lx",
		      source->size, kernel->initrd_max);
	source_load(boot, "initrd", source, 0, base, source->size);
	kernel->initrd_paddr = base;
	kernel->initrd_size = source->size;
}

/* Not inlined: the benchmark tells its work from the rest by its name. */
NOINLINE void arch_load_kernel(struct boot *boot)
{
	cmdline_choose(boot);
	load_kernel(boot);
	load_initrd(boot);
	cmdline_load(boot);
}
