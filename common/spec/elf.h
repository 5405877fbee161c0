/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/elf.h - layout of ELF-64 files
 *
 * System V ABI, chapters 4 and 5.
 */
#ifndef COMMON_SPEC_ELF_H
#define COMMON_SPEC_ELF_H

#include "common/lib/compiler.h"

#define ELF_MAGIC    0x464c457f
#define ELF_CLASS_64 2
#define ELF_DATA_LSB 1
#define ELF_PT_LOAD  1

struct elf64_header {
	uint32_t magic;
	uint8_t class;
	uint8_t data;
	uint8_t ident[10];
	uint16_t type;
	uint16_t machine;
	uint32_t version;
	uint64_t entry;
	uint64_t phoff;
	uint64_t shoff;
	uint32_t flags;
	uint16_t ehsize;
	uint16_t phentsize;
	uint16_t phnum;
	uint16_t shentsize;
	uint16_t shnum;
	uint16_t shstrndx;
};

static_assert(sizeof(struct elf64_header) == 64, "System V ABI, ELF header");

struct elf64_phdr {
	uint32_t type;
	uint32_t flags;
	uint64_t offset;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
	uint64_t align;
};

static_assert(sizeof(struct elf64_phdr) == 56, "System V ABI, program header");

/* Tells whether a file that starts with `head` has an ELF header. */
static inline bool elf_is_at(const void *head, uint64_t size)
{
	return size >= sizeof(struct elf64_header) &&
	       load_le32(head) == ELF_MAGIC;
}

#endif
