/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/describe/words.c - words for the command line, see words.h */
#include "arch/x86_64/describe/words.h"

#include "arch/x86_64/lib/device_word.h"
#include "arch/x86_64/lib/tsc.h"
#include "common/lib/string.h"
#include "common/place/place.h"

/* The longest "size@base:gsi", with its NUL. */
#define VALUE_SIZE_MAX sizeof("4294967295@0xffffffffffffffff:4294967295")

static bool is_named(const char *text, paddr_t paddr)
{
	struct machine_virtio_mmio slot;

	while ((text = device_word_next(text, &slot)) != NULL) {
		if (slot.paddr == paddr)
			return true;
	}
	return false;
}

static void add_device(struct cmdline *cmdline,
                       const struct machine_virtio_mmio *slot)
{
	char value[VALUE_SIZE_MAX];
	char *to = value;

	to = string_put_number(to, slot->size, 10);
	*to++ = '@';
	*to++ = '0';
	*to++ = 'x';
	to = string_put_number(to, slot->paddr, 16);
	*to++ = ':';
	string_put_number(to, slot->gsi, 10);
	cmdline_append(cmdline, DEVICE_WORD_NAME, value);
}

void words_add(struct cmdline *cmdline, const struct machine *machine)
{
	const struct machine_pc *pc = &machine->pc;
	uint32_t khz = tsc_khz(machine);
	char value[VALUE_SIZE_MAX];

	for (uint32_t i = 0; i < pc->named_count; i++) {
		if (!is_named(cmdline->text, pc->named[i].paddr))
			add_device(cmdline, &pc->named[i]);
	}
	if (!khz)
		return;
	string_put_number(value, khz, 10);
	cmdline_append(cmdline, "tsc_early_khz", value);
}
