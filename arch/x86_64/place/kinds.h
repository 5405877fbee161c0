/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/place/kinds.h - where each kind of kernel goes
 *
 * Each _claim() judges the payload's kernel by its headers, claims RAM for it,
 * and says in *kernel where it will be and how it is entered.
 */
#ifndef ARCH_X86_64_PLACE_KINDS_H
#define ARCH_X86_64_PLACE_KINDS_H

#include "arch/x86_64/place/kaslr.h"
#include "common/payload/payload.h"
#include "common/place/guest.h"

enum kernel_kind {
	KERNEL_BZIMAGE,
	KERNEL_ELF,
	KERNEL_SEGMENTS,
};

/* bzimage.c: a bzImage, which is entered at its 64-bit entry. */
void bzimage_claim(struct kernel *kernel, const struct payload *payload,
                   struct memory *memory);

/* Proves that the kernel whose file starts with `head` has a 64-bit entry. */
void bzimage_check(const void *head, uint64_t size);

/*
 * Returns where in the kernel's source the part starts that goes to
 * kernel->base.
 */
uint32_t bzimage_body_offset(const struct payload *payload);

/* elf.c: an ELF vmlinux, by the physical addresses of its segments. */
void elf_claim(struct kernel *kernel, const struct payload *payload,
               struct memory *memory);

/* Returns the program headers; elf_claim() has proven that they are there. */
const struct elf64_phdr *elf_phdrs(const struct payload *payload);

/* segments.c: what `directboot pack` made of a vmlinux, with KASLR. */
void segments_claim(struct kernel *kernel, struct kaslr *kaslr,
                    const struct payload *payload, struct memory *memory);

#endif
