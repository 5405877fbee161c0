/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/cmdline.c - the kernel's command line, at its final address */
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/x86.h"
#include "common/arch.h"
#include "common/console.h"
#include "common/string.h"

/* Room for what cmdline_add() appends. */
#define ADDED_SIZE_MAX 64

void cmdline_load(struct boot *boot)
{
	struct source *source = &boot->payload.cmdline;
	struct kernel *kernel = &boot->kernel;
	paddr_t base = CMDLINE_BASE;

	if (source->kind == SOURCE_NONE && boot->handoff_cmdline) {
		source->kind = SOURCE_MEMORY;
		source->data = boot->handoff_cmdline;
		source->size = strlen(boot->handoff_cmdline);
	}
	if (source->size > CMDLINE_SIZE - ADDED_SIZE_MAX) {
		if (source->size > kernel->cmdline_max + 1ULL)
			panic("cmdline: %lu bytes: the kernel takes %u",
			      source->size - 1, kernel->cmdline_max);
		base = memory_alloc(&boot->memory,
		                    source->size + ADDED_SIZE_MAX, 16,
		                    HIGH_RAM_BASE, 1ULL << 32, MEMORY_RAM);
		if (!base)
			panic("cmdline: %lu bytes: no free RAM", source->size);
		arch_map(base, source->size + ADDED_SIZE_MAX);
	}
	kernel->cmdline = paddr_ptr(base);
	if (source->size)
		source_load(boot, "cmdline", source, 0, base, source->size);
	kernel->cmdline[source->size] = 0;
	kernel->cmdline_size = strlen(kernel->cmdline);
	if (kernel->cmdline_size > kernel->cmdline_max)
		panic("cmdline: %u bytes: the kernel takes %u",
		      kernel->cmdline_size, kernel->cmdline_max);
}

/* Appends " name=value". What the user said comes first and wins. */
void cmdline_add(struct kernel *kernel, const char *name, uint32_t value)
{
	char digits[10];
	uint32_t count = 0, size = strlen(name);
	char *end = kernel->cmdline + kernel->cmdline_size;

	do {
		digits[count++] = '0' + value % 10;
		value /= 10;
	} while (value);
	check(size + 2 + count <= ADDED_SIZE_MAX);
	if (kernel->cmdline_size + size + 2 + count > kernel->cmdline_max)
		return;
	*end++ = ' ';
	memcpy(end, name, size);
	end += size;
	*end++ = '=';
	while (count)
		*end++ = digits[--count];
	*end = 0;
	kernel->cmdline_size = end - kernel->cmdline;
}
