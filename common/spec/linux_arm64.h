/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/linux_arm64.h - what an arm64 Linux kernel expects
 *
 * Linux Documentation/arm64/booting.rst, "Call the kernel image".
 */
#ifndef COMMON_SPEC_LINUX_ARM64_H
#define COMMON_SPEC_LINUX_ARM64_H

#include "common/lib/compiler.h"

#define IMAGE_MAGIC               0x644d5241 /* "ARM\x64" */
#define IMAGE_TEXT_OFFSET_DEFAULT 0x80000    /* if image_size is 0 */
#define IMAGE_BASE_ALIGN          0x200000

#define IMAGE_FLAG_BIG_ENDIAN     (1ull << 0)
#define IMAGE_FLAG_ANYWHERE       (1ull << 3)
#define IMAGE_PAGES_SHIFT         1 /* two bits: unknown, 4, 16 or 64 KiB */
#define IMAGE_PAGES_MASK          3

struct image_header {
	uint32_t code0;
	uint32_t code1;
	uint64_t text_offset;
	uint64_t image_size; /* all that the kernel takes, with its .bss */
	uint64_t flags;
	uint64_t reserved[3];
	uint32_t magic;
	uint32_t reserved2;
};

static_assert(sizeof(struct image_header) == 64, "booting.rst");

/* A PE file that unpacks an Image, see drivers/firmware/efi/libstub/zboot.c. */
#define ZBOOT_MAGIC 0x676d697a /* "zimg" */

struct zboot_header {
	uint32_t dos_magic;
	uint32_t magic;
	uint32_t payload_offset;
	uint32_t payload_size; /* its last word is the Image's size */
	uint32_t reserved[2];
	char compression[32];
};

/* Kernel and initrd lie in one such range, at a multiple of 1 GiB. */
#define LINUX_INITRD_WINDOW_SIZE  (32ull << 30)
#define LINUX_INITRD_WINDOW_ALIGN (1ull << 30)

/* The tree must not be larger, see "Setup the device tree". */
#define LINUX_FDT_SIZE_MAX 0x200000
#define LINUX_FDT_ALIGN    8
#define LINUX_CMDLINE_MAX  2047 /* COMMAND_LINE_SIZE without the NUL */

#endif
