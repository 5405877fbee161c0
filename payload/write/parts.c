/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/parts.c - adds initrd and command line; see parts.h */
#include "payload/write/parts.h"

#include "payload/read/arm64.h"
#include "payload/read/bzimage.h"
#include "payload/read/elf.h"
#include "payload/read/uki.h"
#include "payload/read/unpack.h"
#include "payload/rootfs/rootfs.h"
#include "payload/write/pack_options.h"

#define INITRD_ALIGN 4

/* The kernel reads archives one after another, each at a multiple of 4. */
static struct bytes join(const struct bytes *parts, unsigned count)
{
	uint64_t size = 0;
	uint8_t *joined;

	if (count == 1)
		return parts[0];
	for (unsigned i = 0; i < count; i++)
		size = align_up(size, INITRD_ALIGN) + parts[i].size;
	joined = allocate(size);
	size = 0;
	for (unsigned i = 0; i < count; i++) {
		size = align_up(size, INITRD_ALIGN);
		memcpy(joined + size, parts[i].data, parts[i].size);
		size += parts[i].size;
	}
	return (struct bytes){ joined, size };
}

/* Linux accepts cpio archives, each compressed or not. */
static void check_initrd(const struct bytes *initrd, const char *path)
{
	static const char newc[] = "07070";

	if (initrd->size == 0)
		refuse("%s: initrd: is empty", path);
	if (elf_is(initrd) || bzimage_is(initrd) || arm64_is_image(initrd) ||
	    arm64_is_zboot(initrd) || uki_is(initrd))
		warn("%s: initrd: is a kernel: are --kernel and --initrd "
		     "swapped?",
		     path);
	else if (unpack_name(initrd) == NULL &&
	         (initrd->size < sizeof(newc) ||
	          memcmp(initrd->data, newc, sizeof(newc) - 1) != 0))
		warn("%s: initrd: neither a cpio archive nor compressed: Linux "
		     "will not unpack it",
		     path);
}

void parts_add_initrds(struct plan *plan, const struct kernel_file *kernel)
{
	struct bytes parts[OPTION_LIST_MAX + 3];
	unsigned count = 0;

	if (kernel->microcode.size > 0)
		parts[count++] = kernel->microcode;
	if (kernel->initrd.size > 0)
		parts[count++] = kernel->initrd;
	if (request.rootfs != NULL)
		parts[count++] =
			rootfs_read(request.rootfs, request.init, kernel->arch);
	for (unsigned i = 0; i < request.initrds.count; i++) {
		const char *path = request.initrds.items[i];

		parts[count] = file_read(path);
		check_initrd(&parts[count], path);
		count++;
	}
	if (count > 0)
		plan_add(plan, BUNDLE_SECTION_INITRD, join(parts, count),
		         (enum compress)request.compress);
}

static bool has_text(const struct bytes *text, const char *words)
{
	return text->size > 0 &&
	       memmem(text->data, text->size, words, strlen(words)) != NULL;
}

/*
 * An arm64 kernel learns its console from ACPI or the device tree. An x86_64
 * kernel without console= shows nothing.
 */
static void lint_console(const struct kernel_file *kernel,
                         const struct bytes *text)
{
	if (kernel->arch != BUNDLE_ARCH_X86_64)
		return;
	if (!has_text(text, "console=") && !has_text(text, "earlyprintk"))
		warn("command line: no console=: nothing will be seen of the "
		     "kernel; console=ttyS0 is the serial port");
	else if (has_text(text, "console=ttyAMA"))
		warn("command line: console=ttyAMA: there is none on x86_64, "
		     "whose serial port is ttyS0");
}

void parts_add_cmdline(struct plan *plan, const struct kernel_file *kernel)
{
	struct bytes text = kernel->cmdline;
	uint8_t *copy;

	if (request.cmdline != NULL)
		text = (struct bytes){ (const uint8_t *)request.cmdline,
			               strlen(request.cmdline) };
	if (request.cmdline_file != NULL)
		text = file_read(request.cmdline_file);
	while (text.size > 0 && strchr(" \t\r\n", text.data[text.size - 1]))
		text.size--;
	lint_console(kernel, &text);
	if (text.size == 0)
		return;
	if (memchr(text.data, '\0', text.size) != NULL ||
	    memchr(text.data, '\n', text.size) != NULL)
		refuse("command line: must be one line of text");
	if (text.size > kernel->cmdline_max)
		refuse("command line: %lu characters: the kernel takes %u",
		       (unsigned long)text.size, kernel->cmdline_max);
	copy = allocate(text.size + 1);
	memcpy(copy, text.data, text.size);
	plan_add(plan, BUNDLE_SECTION_CMDLINE,
	         (struct bytes){ copy, text.size + 1 }, COMPRESS_NONE);
}
