/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/device_word.c - virtio_mmio.device= words, see device_word.h
 */
#include "arch/x86_64/lib/device_word.h"

#include "common/lib/string.h"

#define SLOT_SIZE_MIN 0x100
#define GSI_END       0x400

/* Returns the value of a digit, or 16 if `c` is no digit. */
static uint32_t digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* Reads a number as the kernel's memparse() does, with at most 36 bits. */
static uint64_t parse_number(const char **text)
{
	const char *c = *text;
	uint32_t base = 10, shift = 0;
	uint64_t value = 0;

	if (c[0] == '0' && (c[1] | 0x20) == 'x') {
		base = 16;
		c += 2;
	}
	for (; digit_of(*c) < base && value < FOUR_GIB; c++)
		value = value * base + digit_of(*c);
	if ((*c | 0x20) == 'k')
		shift = 10;
	else if ((*c | 0x20) == 'm')
		shift = 20;
	*text = shift ? c + 1 : c;
	return value << shift;
}

/*
 * Reads a slot. Returns false if it is no device below 4 GiB; then the word is
 * left to the kernel.
 */
static bool parse_device(const char *text, struct machine_virtio_mmio *slot)
{
	uint64_t size, base, gsi;

	size = parse_number(&text);
	if (*text++ != '@')
		return false;
	base = parse_number(&text);
	if (*text++ != ':')
		return false;
	gsi = parse_number(&text);
	if (size < SLOT_SIZE_MIN || !is_within(base, size, FOUR_GIB) ||
	    gsi >= GSI_END)
		return false;
	*slot = (struct machine_virtio_mmio){
		.paddr = base,
		.size = size,
		.gsi = gsi,
		.is_edge = true,
	};
	return true;
}

/* White space as the kernel's lib/ctype.c defines it. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (uint8_t)c == 0xa0;
}

const char *device_word_next(const char *text, struct machine_virtio_mmio *slot)
{
	static const char name[] = DEVICE_WORD_NAME "=";
	uint32_t name_size = sizeof(name) - 1;

	while (*text) {
		const char *word = text;

		while (*text && !is_space(*text))
			text++;
		if (text - word > name_size &&
		    memcmp(word, name, name_size) == 0 &&
		    parse_device(word + name_size, slot))
			return text;
		while (is_space(*text))
			text++;
	}
	return NULL;
}
