/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/place/elf.c - an ELF vmlinux, by its physical addresses
 *
 * System V ABI, "ELF Header" and "Program Header".
 */
#include "common/spec/elf.h"

#include "arch/x86_64/place/kinds.h"
#include "arch/x86_64/place/pieces.h"
#include "common/lib/console.h"

static void check_header(const struct elf64_header *header, uint64_t size)
{
	if (header->class != ELF_CLASS_64 || header->data != ELF_DATA_LSB ||
	    header->machine != BUNDLE_ARCH_X86_64)
		panic("kernel: ELF of class %u, data %u, machine %u: need 2, "
		      "1, %u",
		      header->class, header->data, header->machine,
		      BUNDLE_ARCH_X86_64);
	if (header->phentsize != sizeof(struct elf64_phdr) ||
	    !is_within(header->phoff,
	               (uint64_t)header->phnum * sizeof(struct elf64_phdr),
	               size) ||
	    header->phoff % 8)
		panic("kernel: ELF has %u program headers of %u bytes at "
		      "%#lx: beyond %#lx",
		      header->phnum, header->phentsize, header->phoff, size);
}

const struct elf64_phdr *elf_phdrs(const struct payload *payload)
{
	const struct elf64_header *header = (const void *)payload->head;

	return (const void *)(payload->head + header->phoff);
}

/*
 * Proves a segment. If the kernel is QEMU's own, QEMU has put it in place
 * already, and the blob gets its headers alone.
 */
static void check_segment(const struct payload *payload,
                          const struct elf64_phdr *phdr)
{
	uint64_t size = payload->kernel.size;

	if (payload->kernel_setup.kind != SOURCE_NONE)
		return;
	if (phdr->filesz > phdr->memsz)
		panic("kernel: ELF segment of %#lx bytes in %#lx", phdr->filesz,
		      phdr->memsz);
	if (!is_within(phdr->offset, phdr->filesz, size))
		panic_range("kernel segment", phdr->filesz, phdr->offset,
		            "there are only %#lx", size);
}

void elf_claim(struct kernel *kernel, const struct payload *payload,
               struct memory *memory)
{
	const struct elf64_header *header = (const void *)payload->head;
	const struct elf64_phdr *phdr;

	check_header(header, payload->head_size);
	phdr = elf_phdrs(payload);
	for (uint32_t i = 0; i < header->phnum; i++, phdr++) {
		if (phdr->type != ELF_PT_LOAD || !phdr->memsz)
			continue;
		check_segment(payload, phdr);
		pieces_claim(kernel, memory, phdr->paddr, phdr->memsz);
	}
	pieces_finish(kernel, header->entry);
}
