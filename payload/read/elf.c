/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/read/elf.c - takes an ELF vmlinux apart
 *
 * The ELF-64 object file format, version 1.5. The code lays all PT_LOADs out at
 * their physical addresses, as in RAM, and then leaves out long runs of zeros.
 */
#include "payload/read/elf.h"

#include <elf.h>

#include "payload/read/arm64.h"
#include "payload/read/elf_marks.h"

#define PAGE     4096
#define GAP_MIN  (64 << 10) /* Shorter runs of zeros are stored. */
#define PHDR_MAX 64

/* This has all PT_LOADs in one piece, as they lie in RAM from `base` on. */
struct flat {
	uint64_t base;
	uint64_t size;
	uint8_t *data;
};

/* A run of zeros within the flat image, in pages. */
struct gap {
	uint64_t start;
	uint64_t end;
};

bool elf_is(const struct bytes *file)
{
	return file->size >= sizeof(Elf64_Ehdr) &&
	       memcmp(file->data, ELFMAG, SELFMAG) == 0;
}

static void check_header(const Elf64_Ehdr *elf)
{
	if (elf->e_ident[EI_CLASS] != ELFCLASS64)
		refuse("kernel: ELF class %u: must be 64-bit (2)",
		       elf->e_ident[EI_CLASS]);
	if (elf->e_ident[EI_DATA] != ELFDATA2LSB)
		refuse("kernel: ELF data encoding %u: must be little-endian "
		       "(1)",
		       elf->e_ident[EI_DATA]);
	if (elf->e_machine != EM_X86_64 && elf->e_machine != EM_AARCH64)
		refuse("kernel: ELF machine %u: must be x86_64 (62) or "
		       "AArch64 (183)",
		       elf->e_machine);
	if (elf->e_type != ET_EXEC && elf->e_type != ET_DYN)
		refuse("kernel: ELF type %u: must be executable (2 or 3); "
		       "modules and object files do not boot",
		       elf->e_type);
	if (elf->e_phentsize != sizeof(Elf64_Phdr) || elf->e_phnum > PHDR_MAX)
		refuse("kernel: %u ELF program headers of %u bytes: at most "
		       "%u, of %zu",
		       elf->e_phnum, elf->e_phentsize, PHDR_MAX,
		       sizeof(Elf64_Phdr));
}

/* Finds the bounds of all PT_LOADs; each is proven to be in the file. */
static struct flat measure(const struct bytes *file, const Elf64_Phdr *phdrs,
                           unsigned count)
{
	struct flat flat = { .base = UINT64_MAX };
	uint64_t end = 0;

	for (unsigned i = 0; i < count; i++) {
		const Elf64_Phdr *phdr = &phdrs[i];

		if (phdr->p_type != PT_LOAD || phdr->p_memsz == 0)
			continue;
		bytes_slice(file, "kernel: ELF segment", phdr->p_offset,
		            phdr->p_filesz);
		if (phdr->p_filesz > phdr->p_memsz ||
		    phdr->p_memsz > KERNEL_SIZE_MAX ||
		    phdr->p_paddr > UINT64_MAX - phdr->p_memsz)
			refuse("kernel: ELF segment %u: %#lx bytes in %#lx at "
			       "%#lx",
			       i, phdr->p_filesz, phdr->p_memsz, phdr->p_paddr);
		flat.base = min_u64(flat.base, phdr->p_paddr);
		end = max_u64(end, phdr->p_paddr + phdr->p_memsz);
	}
	if (end == 0)
		refuse("kernel: ELF without a segment to load");
	flat.base = align_down(flat.base, PAGE);
	flat.size = end - flat.base;
	if (flat.size > KERNEL_SIZE_MAX)
		refuse("kernel: ELF segments span %#lx bytes: at most %#llx",
		       flat.size, KERNEL_SIZE_MAX);
	return flat;
}

static bool is_zero_page(const struct flat *flat, uint64_t page)
{
	static const uint8_t zeros[PAGE];
	uint64_t offset = page * PAGE;

	return memcmp(flat->data + offset, zeros,
	              min_u64(PAGE, flat->size - offset)) == 0;
}

/* Finds the next run of zero pages from `page` on, or returns false. */
static bool next_gap(const struct flat *flat, uint64_t page, struct gap *gap)
{
	uint64_t page_count = align_up(flat->size, PAGE) / PAGE;

	while (page < page_count && !is_zero_page(flat, page))
		page++;
	gap->start = page;
	while (page < page_count && is_zero_page(flat, page))
		page++;
	gap->end = page;
	return gap->start < gap->end;
}

static uint64_t gap_size(const struct gap *gap)
{
	return (gap->end - gap->start) * PAGE;
}

/*
 * Lists the gaps between segments in ascending order. If there are too many,
 * the largest ones count. A gap at the end is not between segments.
 */
static unsigned find_gaps(const struct flat *flat,
                          struct gap gaps[BUNDLE_SEGMENT_MAX])
{
	uint64_t page_count = align_up(flat->size, PAGE) / PAGE;
	unsigned count = 0;
	struct gap gap = { 0 };

	while (next_gap(flat, gap.end, &gap)) {
		unsigned least = 0;

		if (gap_size(&gap) < GAP_MIN || gap.end == page_count)
			continue;
		gaps[count++] = gap;
		if (count < BUNDLE_SEGMENT_MAX)
			continue;
		for (unsigned i = 1; i < count; i++)
			if (gap_size(&gaps[i]) < gap_size(&gaps[least]))
				least = i;
		count--;
		memmove(&gaps[least], &gaps[least + 1],
		        (count - least) * sizeof(*gaps));
	}
	return count;
}

static void add_segment(struct kernel_file *kernel, const struct flat *flat,
                        uint64_t start, uint64_t end, uint64_t memory_end)
{
	/* Zero pages at the end need no storing either. */
	while (end > start && is_zero_page(flat, (end - 1) / PAGE))
		end = align_down(end - 1, PAGE);
	kernel->segments[kernel->segment_count++] = (struct kernel_segment){
		.paddr = flat->base + start,
		.memory_size = memory_end - start,
		.bytes = { flat->data + start, end - start },
	};
}

static void split(struct kernel_file *kernel, const struct flat *flat)
{
	struct gap gaps[BUNDLE_SEGMENT_MAX];
	unsigned gap_count = find_gaps(flat, gaps);
	uint64_t start = 0;

	for (unsigned i = 0; i < gap_count; i++) {
		add_segment(kernel, flat, start, gaps[i].start * PAGE,
		            gaps[i].end * PAGE);
		start = gaps[i].end * PAGE;
	}
	add_segment(kernel, flat, start, flat->size, flat->size);
}

void elf_open_flat(struct kernel_file *kernel, uint64_t base, uint64_t entry)
{
	const struct flat flat = {
		.data = (uint8_t *)kernel->vmlinux.data,
		.base = base,
		.size = kernel->vmlinux.size,
	};

	kernel->arch = BUNDLE_ARCH_X86_64;
	kernel->cmdline_max = KERNEL_CMDLINE_MAX;
	kernel->kind = BUNDLE_KERNEL_SEGMENTS;
	kernel->entry = entry;
	split(kernel, &flat);
}

void elf_open(struct kernel_file *kernel, const struct bytes *file)
{
	Elf64_Phdr phdrs[PHDR_MAX];
	Elf64_Ehdr elf;
	struct flat flat;

	memcpy(&elf, file->data, sizeof(elf));
	check_header(&elf);
	memcpy(phdrs,
	       bytes_slice(file, "kernel: ELF program headers", elf.e_phoff,
	                   elf.e_phnum * sizeof(*phdrs))
	               .data,
	       elf.e_phnum * sizeof(*phdrs));
	flat = measure(file, phdrs, elf.e_phnum);
	flat.data = allocate(flat.size);
	for (unsigned i = 0; i < elf.e_phnum; i++) {
		if (phdrs[i].p_type == PT_LOAD && phdrs[i].p_memsz > 0)
			memcpy(flat.data + (phdrs[i].p_paddr - flat.base),
			       file->data + phdrs[i].p_offset,
			       phdrs[i].p_filesz);
	}

	kernel_describe(kernel, "ELF vmlinux");
	kernel->vmlinux = (struct bytes){ flat.data, flat.size };
	elf_check_marks(file, phdrs, elf.e_phnum, &kernel->vmlinux);
	if (elf.e_machine == EM_AARCH64) {
		/* The kernel's build makes the Image by the same layout. */
		if (!arm64_is_image(&kernel->vmlinux))
			refuse("kernel: AArch64 ELF file: must start as an "
			       "Image does, with its header");
		arm64_open_image(kernel, &kernel->vmlinux);
		return;
	}
	if (elf.e_entry - flat.base >= flat.size)
		refuse("kernel: ELF entry %#lx: must be in %#lx bytes at %#lx",
		       elf.e_entry, flat.size, flat.base);
	elf_open_flat(kernel, flat.base, elf.e_entry);
}
