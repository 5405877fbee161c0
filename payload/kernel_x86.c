/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/kernel_x86.c - a bzImage: kept as it is, or its payload taken out
 *
 * As in Linux Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header".
 */
#include "payload/kernel.h"
#include "payload/relocs.h"
#include "payload/unpack.h"

#define SETUP_SECTS      0x1f1
#define BOOT_FLAG        0x1fe
#define HEADER_MAGIC     0x202
#define PROTOCOL         0x206
#define KERNEL_VERSION   0x20e
#define LOADFLAGS        0x211
#define CMDLINE_SIZE     0x238
#define KERNEL_ALIGNMENT 0x230
#define XLOADFLAGS       0x236
#define PAYLOAD_OFFSET   0x248
#define PAYLOAD_LENGTH   0x24c
#define HEADER_END       0x268

#define LOADED_HIGH      0x01
#define XLF_KERNEL_64    0x01
#define PROTOCOL_64      0x20c
#define SECTOR           512

bool kernel_is_bzimage(const struct bytes *file)
{
	return file->size >= HEADER_END &&
	       load_le16(file->data + BOOT_FLAG) == 0xaa55 &&
	       memcmp(file->data + HEADER_MAGIC, "HdrS", 4) == 0;
}

/* Bytes before the protected-mode part. */
static uint64_t setup_size(const struct bytes *file)
{
	unsigned sectors = file->data[SETUP_SECTS];

	return ((sectors == 0 ? 4 : sectors) + 1) * SECTOR;
}

static void check_header(const struct bytes *file)
{
	unsigned protocol = load_le16(file->data + PROTOCOL);

	if ((file->data[LOADFLAGS] & LOADED_HIGH) == 0)
		refuse("kernel: a zImage, loaded low: only bzImage boots");
	if (protocol < PROTOCOL_64 ||
	    (load_le16(file->data + XLOADFLAGS) & XLF_KERNEL_64) == 0)
		refuse("kernel: bzImage without a 64-bit entry (boot protocol "
		       "%x.%02x): must be an x86_64 kernel, 3.8 or later",
		       protocol >> 8, protocol & 0xff);
}

const char *kernel_bzimage_version(const struct bytes *file)
{
	uint64_t offset = load_le16(file->data + KERNEL_VERSION) + 0x200ull;

	if (offset == 0x200 || offset >= file->size ||
	    memchr(file->data + offset, '\0', file->size - offset) == NULL)
		return NULL;
	return (const char *)file->data + offset;
}

/* Where the ELF's own bytes end, and other data may follow. */
static uint64_t elf_end(const struct bytes *vmlinux)
{
	uint64_t phoff = load_le64(vmlinux->data + 32);
	unsigned count = load_le16(vmlinux->data + 56);
	uint64_t end = load_le64(vmlinux->data + 40) + /* section headers */
	               load_le16(vmlinux->data + 60) * 64ull;

	for (unsigned i = 0; i < count; i++) {
		const uint8_t *phdr = vmlinux->data + phoff + i * 56ull;

		end = max_u64(end, load_le64(phdr + 8) + load_le64(phdr + 32));
	}
	return end;
}

void kernel_open_bzimage(struct kernel_file *kernel, const struct bytes *file,
                         bool keep_bzimage)
{
	struct bytes vmlinux;
	struct bytes payload;
	const char *packing;
	uint64_t appended;

	check_header(file);
	payload = bytes_slice(file, "kernel: bzImage payload",
	                      setup_size(file) +
	                              load_le32(file->data + PAYLOAD_OFFSET),
	                      load_le32(file->data + PAYLOAD_LENGTH));
	kernel_describe(kernel, "bzImage");
	kernel->arch = BUNDLE_ARCH_X86_64;
	kernel->kind = BUNDLE_KERNEL_BZIMAGE;
	kernel->image = *file;
	kernel->cmdline_max = load_le32(file->data + CMDLINE_SIZE);

	packing = unpack_name(&payload);
	if (packing == NULL) {
		if (!keep_bzimage)
			refuse("kernel: bzImage payload: compressed in a way "
			       "that is not known here; --keep-bzimage leaves "
			       "it to the kernel");
		return;
	}
	vmlinux = unpack(&payload, "kernel: bzImage payload");
	kernel_describe(kernel, "%s", packing);
	if (!kernel_is_elf(&vmlinux))
		refuse("kernel: bzImage payload: unpacks to no ELF file");
	if (keep_bzimage) {
		kernel->vmlinux = vmlinux;
		return;
	}
	kernel_open_elf(kernel, &vmlinux);
	kernel->cmdline_max = load_le32(file->data + CMDLINE_SIZE);
	appended = elf_end(&vmlinux);
	if (appended < vmlinux.size)
		relocs_open(kernel,
		            bytes_slice(&vmlinux, "kernel: relocations",
		                        appended, vmlinux.size - appended),
		            load_le32(file->data + KERNEL_ALIGNMENT));
}
