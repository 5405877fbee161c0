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

/* bzimage.c: a bzImage, to be entered at its 64-bit entry */
void bzimage_claim(struct kernel *kernel, const struct payload *payload,
                   struct memory *memory);

/* Proves that the kernel whose file starts with `head` has that entry. */
void bzimage_check(const void *head, uint64_t size);

/* The part of the kernel source that goes to kernel->base starts here. */
uint64_t bzimage_body_offset(const struct payload *payload);

/* elf.c: an ELF vmlinux, by the physical addresses of its segments */
void elf_claim(struct kernel *kernel, const struct payload *payload,
               struct memory *memory);

/* The program headers, which elf_claim() has proven to be in the head. */
const struct elf64_phdr *elf_phdrs(const struct payload *payload);

/* segments.c: what `directboot pack` made of a vmlinux, with KASLR */
void segments_claim(struct kernel *kernel, struct kaslr *kaslr,
                    const struct payload *payload, struct memory *memory);

#endif
