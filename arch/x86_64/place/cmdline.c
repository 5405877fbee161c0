/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/place/cmdline.c - the kernel's command line, at its final address
 */
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/lib/x86.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"

/* Room for what cmdline_add() appends. */
#define ADDED_SIZE_MAX 64

#define DEVICE_NAME    "virtio_mmio.device="

static_assert(sizeof(DEVICE_NAME) == CMDLINE_DEVICE_SIZE + 1, "x86.h");

const char *cmdline_next_device(const char *text, uint32_t *size)
{
	while (*text) {
		*size = 0;
		while (text[*size] && text[*size] != ' ')
			++*size;
		if (*size >= sizeof(DEVICE_NAME) &&
		    memcmp(text, DEVICE_NAME, sizeof(DEVICE_NAME) - 1) == 0)
			return text;
		text += *size ? *size : 1;
	}
	return NULL;
}

static bool names_device(const char *text, const char *word, uint32_t word_size)
{
	uint32_t size;

	while ((text = cmdline_next_device(text, &size)) != NULL) {
		if (size == word_size && memcmp(text, word, size) == 0)
			return true;
		text += size;
	}
	return false;
}

/* A VMM's own line has said where its devices are: so must the bundle's. */
static void add_devices(struct kernel *kernel, const char *word)
{
	uint32_t size;

	for (; (word = cmdline_next_device(word, &size)) != NULL;
	     word += size) {
		if (names_device(kernel->cmdline, word, size))
			continue;
		kernel->cmdline[kernel->cmdline_size++] = ' ';
		memcpy(kernel->cmdline + kernel->cmdline_size, word, size);
		kernel->cmdline_size += size;
		kernel->cmdline[kernel->cmdline_size] = 0;
	}
}

void cmdline_choose(struct boot *boot)
{
	struct source *source = &boot->payload.cmdline;

	if (source->kind != SOURCE_NONE || !boot->handoff_cmdline)
		return;
	source->kind = SOURCE_MEMORY;
	source->data = boot->handoff_cmdline;
	source->size = strlen(boot->handoff_cmdline) + 1;
	boot->handoff_cmdline = NULL;
}

/* Up to the first NUL, eight characters at a time: that many lie behind it. */
static uint32_t length_of(const char *text)
{
	const uint64_t ones = 0x0101010101010101;
	uint64_t word, nuls;
	uint32_t length = 0;

	for (;; length += sizeof(word)) {
		__builtin_memcpy(&word, text + length, sizeof(word));
		nuls = (word - ones) & ~word & ones << 7;
		if (nuls)
			return length + __builtin_ctzll(nuls) / 8;
	}
}

static_assert(ADDED_SIZE_MAX >= sizeof(uint64_t), "length_of()");

void cmdline_load(struct boot *boot)
{
	const struct source *source = &boot->payload.cmdline;
	const char *handoff = boot->handoff_cmdline;
	uint64_t room = source->size + ADDED_SIZE_MAX +
	                (handoff ? strlen(handoff) + 1 : 0);
	struct kernel *kernel = &boot->kernel;
	paddr_t base = CMDLINE_BASE;

	if (room > CMDLINE_SIZE) {
		if (source->size > kernel->cmdline_max + 1ULL)
			panic("cmdline: %lu bytes: the kernel takes %u",
			      source->size - 1, kernel->cmdline_max);
		base = memory_alloc(&boot->memory, room, 16, HIGH_RAM_BASE,
		                    1ULL << 32, MEMORY_RAM);
		if (!base)
			panic("cmdline: %lu bytes: no free RAM", source->size);
		arch_map(base, room);
	}
	kernel->cmdline = paddr_ptr(base);
	if (source->size)
		source_load(boot, "cmdline", source, 0, base, source->size);
	kernel->cmdline[source->size] = 0;
	kernel->cmdline_size = length_of(kernel->cmdline);
	if (handoff)
		add_devices(kernel, handoff);
	if (kernel->cmdline_size > kernel->cmdline_max)
		panic("cmdline: %u bytes: the kernel takes %u",
		      kernel->cmdline_size, kernel->cmdline_max);
}

/* Appends " name=value". What the user said comes first and wins. */
void cmdline_add(struct kernel *kernel, const char *name, uint32_t value)
{
	char digits[sizeof("4294967295")];
	char *start = digits + sizeof(digits) - 1;
	char *to = kernel->cmdline + kernel->cmdline_size;
	uint32_t name_size = __builtin_strlen(name), size;

	check(sizeof(" =4294967295") + name_size <= ADDED_SIZE_MAX);
	*start = 0;
	do {
		*--start = '0' + value % 10;
		value /= 10;
	} while (value != 0);
	size = digits + sizeof(digits) - start; /* with the NUL */
	if (kernel->cmdline_size + 1 + name_size + size > kernel->cmdline_max)
		return;
	*to++ = ' ';
	memcpy(to, name, name_size);
	to += name_size;
	*to++ = '=';
	memcpy(to, start, size);
	kernel->cmdline_size += 1 + name_size + size;
}
