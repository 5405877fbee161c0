/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/read/bzimage.c - keeps a bzImage as it is, or takes its payload out
 *
 * Linux Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header".
 */
#include "payload/read/bzimage.h"

#include "arch/x86_64/place/kinds.h"
#include "common/spec/linux_x86.h"
#include "payload/read/elf.h"
#include "payload/read/relocs.h"
#include "payload/read/unpack.h"

bool bzimage_is(const struct bytes *file)
{
	return linux_x86_is_bzimage(file->data, file->size);
}

static struct setup_header read_header(const struct bytes *file)
{
	struct setup_header header;

	memcpy(&header, file->data + SETUP_HEADER_OFFSET, sizeof(header));
	return header;
}

const char *bzimage_version(const struct bytes *file)
{
	uint64_t offset = read_header(file).kernel_version + 0x200ull;

	if (offset == 0x200 || offset >= file->size ||
	    memchr(file->data + offset, '\0', file->size - offset) == NULL)
		return NULL;
	return (const char *)file->data + offset;
}

/* Returns where the ELF file's own bytes end. Relocations may follow. */
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

void bzimage_open(struct kernel_file *kernel, const struct bytes *file,
                  bool keep_bzimage)
{
	const struct setup_header header = read_header(file);
	struct bytes vmlinux;
	struct bytes payload;
	const char *packing;
	uint64_t appended;

	bzimage_check(file->data, file->size);
	payload = bytes_slice(file, "kernel: bzImage payload",
	                      linux_x86_setup_size(&header) +
	                              header.payload_offset,
	                      header.payload_length);
	kernel_describe(kernel, "bzImage");
	kernel->arch = BUNDLE_ARCH_X86_64;
	kernel->kind = BUNDLE_KERNEL_BZIMAGE;
	kernel->image = *file;
	kernel->cmdline_max = header.cmdline_size;

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
	if (!elf_is(&vmlinux))
		refuse("kernel: bzImage payload: unpacks to no ELF file");
	if (keep_bzimage) {
		kernel->vmlinux = vmlinux;
		return;
	}
	elf_open(kernel, &vmlinux);
	kernel->cmdline_max = header.cmdline_size;
	appended = elf_end(&vmlinux);
	if (appended < vmlinux.size)
		relocs_open(kernel,
		            bytes_slice(&vmlinux, "kernel: relocations",
		                        appended, vmlinux.size - appended),
		            header.kernel_alignment);
}
