/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/read/kernel.h - a Linux kernel, taken out of any file format
 *
 * The readers of formats fill struct kernel_file, from which pack makes a
 * bundle. Sizes are in bytes.
 */
#ifndef PAYLOAD_READ_KERNEL_H
#define PAYLOAD_READ_KERNEL_H

#include "common/spec/bundle.h"
#include "payload/lib/tool.h"

#define KERNEL_CMDLINE_MAX 2047 /* COMMAND_LINE_SIZE without the NUL */
#define KERNEL_SIZE_MAX    (1ull << 30)

/* A segment is `bytes` at `paddr`, then zeros up to `memory_size`. */
struct kernel_segment {
	uint64_t paddr;
	uint64_t memory_size;
	struct bytes bytes;
};

struct kernel_file {
	char format[64]; /* for people, such as "bzImage, gzip" */
	uint32_t arch;   /* enum bundle_arch; 0 if not known yet */
	enum bundle_kernel_kind kind;
	struct bytes image;     /* the bzImage or Image, if it is stored */
	struct bytes vmlinux;   /* unpacked, for versions and lint */
	uint32_t segment_count; /* of an ELF file; in ascending order */
	struct kernel_segment segments[BUNDLE_SEGMENT_MAX];
	uint64_t entry;
	uint32_t cmdline_max; /* longest command line, without the NUL */
	struct bytes relocs;  /* a RELOCS section, if KASLR is possible */

	/*
	 * A unified kernel image brings these along. The caller says which
	 * profile to take.
	 */
	unsigned profile;
	bool is_uki;
	struct bytes microcode; /* an archive that goes before the initrd */
	struct bytes initrd;
	struct bytes cmdline;
	struct bytes dtb;
};

/*
 * Finds the version of an unpacked kernel, such as "6.1.0-13-cloud-amd64 (...)
 * #1 SMP ...". Returns NULL if there is none.
 */
const char *kernel_banner(const struct bytes *vmlinux);

/* Adds a wrapping to kernel->format. The outermost one comes first. */
PRINTF(2, 3)
void kernel_describe(struct kernel_file *kernel, const char *format, ...);

#endif
