/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/kernel.h - a Linux kernel as pack stores it, whatever it came in
 */
#ifndef PAYLOAD_KERNEL_H
#define PAYLOAD_KERNEL_H

#include "common/spec/bundle.h"
#include "payload/tool.h"

#define KERNEL_SEGMENT_MAX 16   /* as PAYLOAD_SEGMENT_MAX of the blob */
#define KERNEL_CMDLINE_MAX 2047 /* COMMAND_LINE_SIZE of both */
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
	struct kernel_segment segments[KERNEL_SEGMENT_MAX];
	uint64_t entry;
	uint32_t cmdline_max; /* what it takes, without the NUL */
	struct bytes relocs;  /* behind the ELF of a relocatable bzImage */

	/* What a unified kernel image brings along. */
	struct bytes microcode; /* an archive that goes before the initrd */
	struct bytes initrd;
	struct bytes cmdline;
	struct bytes dtb;
};

/*
 * Opens a kernel in any format there is. A bzImage is kept as it is if
 * `keep_bzimage`, else its payload is unpacked.
 */
void kernel_open(struct kernel_file *kernel, struct bytes file,
                 bool keep_bzimage);

/* "6.1.0-13-cloud-amd64 (...) #1 SMP ..." of an unpacked kernel, or NULL. */
const char *kernel_banner(const struct bytes *vmlinux);

/* Adds to the kernel's format: how it was wrapped, from outside to inside. */
PRINTF(2, 3)
void kernel_describe(struct kernel_file *kernel, const char *format, ...);

/* kernel_elf.c, kernel_x86.c, kernel_arm64.c, kernel_pe.c */
bool kernel_is_elf(const struct bytes *file);
void kernel_open_elf(struct kernel_file *kernel, const struct bytes *file);
bool kernel_is_bzimage(const struct bytes *file);
void kernel_open_bzimage(struct kernel_file *kernel, const struct bytes *file,
                         bool keep_bzimage);
const char *kernel_bzimage_version(const struct bytes *file);
bool kernel_is_image(const struct bytes *file);
void kernel_open_image(struct kernel_file *kernel, const struct bytes *file);
bool kernel_is_zboot(const struct bytes *file);
struct bytes kernel_zboot_payload(const struct bytes *file);
bool kernel_is_uki(const struct bytes *file);

/* Keeps what else there is; returns the kernel within. */
struct bytes kernel_open_uki(struct kernel_file *kernel,
                             const struct bytes *file);

#endif
