/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/read/kernel.h - a Linux kernel as pack stores it, whatever it came in
 */
#ifndef PAYLOAD_READ_KERNEL_H
#define PAYLOAD_READ_KERNEL_H

#include "common/spec/bundle.h"
#include "payload/lib/tool.h"

#define KERNEL_CMDLINE_MAX 2047 /* COMMAND_LINE_SIZE of both, less the NUL */
#define KERNEL_SIZE_MAX    (1ull << 30)

/* A run of the kernel image that is not all zeros, and the zeros behind it. */
struct kernel_segment {
	uint64_t paddr;
	uint64_t memory_size;
	struct bytes bytes;
};

struct kernel_file {
	char format[64]; /* "bzImage, gzip", for people */
	uint32_t arch;   /* enum bundle_arch; 0: not known yet */
	enum bundle_kernel_kind kind;
	struct bytes image;     /* bzImage or Image, if so stored */
	struct bytes vmlinux;   /* unpacked, for versions and lint */
	uint32_t segment_count; /* ELF, in ascending order */
	struct kernel_segment segments[BUNDLE_SEGMENT_MAX];
	uint64_t entry;
	uint32_t cmdline_max; /* what it takes, without the NUL */
	struct bytes relocs;  /* behind the ELF of a relocatable bzImage */

	/* What a unified kernel image brings along. */
	struct bytes microcode; /* an archive that goes before the initrd */
	struct bytes initrd;
	struct bytes cmdline;
	struct bytes dtb;
};

/* "6.1.0-13-cloud-amd64 (...) #1 SMP ..." of an unpacked kernel, or NULL. */
const char *kernel_banner(const struct bytes *vmlinux);

/* Adds to the kernel's format: how it was wrapped, from outside to inside. */
PRINTF(2, 3)
void kernel_describe(struct kernel_file *kernel, const char *format, ...);

#endif
