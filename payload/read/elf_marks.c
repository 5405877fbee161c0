/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/elf_marks.c - tells kernels from other ELF files */
#include "payload/read/elf_marks.h"

#include "payload/read/kernel.h"

#define INTERPRETER_MAX 64

static bool has_text(const struct bytes *flat, const char *text)
{
	return memmem(flat->data, flat->size, text, strlen(text)) != NULL;
}

static bool has_phdr(const Elf64_Phdr *phdrs, unsigned count, uint32_t type)
{
	for (unsigned i = 0; i < count; i++)
		if (phdrs[i].p_type == type)
			return true;
	return false;
}

/* A program names its loader, such as "/lib64/ld-linux-x86-64.so.2". */
static void check_interpreter(const struct bytes *file, const Elf64_Phdr *phdr)
{
	char name[INTERPRETER_MAX + 1] = "";
	uint64_t size = min_u64(phdr->p_filesz, INTERPRETER_MAX);

	if (phdr->p_type != PT_INTERP)
		return;
	if (is_within(phdr->p_offset, size, file->size))
		memcpy(name, file->data + phdr->p_offset, size);
	refuse("kernel: ELF program, loaded by %s: must be a kernel", name);
}

static bool has_record(const struct bytes *flat)
{
	const uint64_t magic = BUNDLE_RECORD_MAGIC;

	return memmem(flat->data, flat->size, &magic, sizeof(magic)) != NULL;
}

void elf_check_marks(const struct bytes *file, const Elf64_Phdr *phdrs,
                     unsigned count, const struct bytes *flat)
{
	for (unsigned i = 0; i < count; i++)
		check_interpreter(file, &phdrs[i]);
	if (kernel_banner(flat) != NULL)
		return;
	if (has_record(flat))
		refuse("kernel: ELF file of directboot's own blob: --blob "
		       "takes "
		       "one");
	if (has_text(flat, "U-Boot 20"))
		refuse("kernel: ELF file of U-Boot, a boot loader: must be a "
		       "kernel");
	if (has_phdr(phdrs, count, PT_DYNAMIC))
		refuse("kernel: ELF shared library or program: has a dynamic "
		       "section and no Linux version");
	warn("kernel: ELF file without a Linux version in it: is it a kernel?");
}
