/* SPDX-License-Identifier: BSD-2-Clause */
/* common/place/cmdline.c - the kernel's command line, see place.h */
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/place/place.h"
#include "common/place/room.h"

/* White space as the kernel's lib/ctype.c defines it. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (uint8_t)c == 0xa0;
}

/*
 * Returns the end of the word at `text`, as the kernel's next_arg() finds it:
 * white space between quotes is part of a word.
 */
static const char *word_end(const char *text)
{
	bool is_quoted = false;

	for (; *text && (is_quoted || !is_space(*text)); text++) {
		if (*text == '"')
			is_quoted = !is_quoted;
	}
	return text;
}

static bool is_double_dash(const char *word, const char *end)
{
	uint64_t size = end - word;

	return (size == 2 && memcmp(word, "--", 2) == 0) ||
	       (size == 4 && memcmp(word, "\"--\"", 4) == 0);
}

/* Returns where the kernel's words end: at a "--", or at the text's end. */
static char *kernel_words_end(const struct cmdline *cmdline)
{
	char *word = cmdline->text;

	for (;;) {
		const char *end;

		while (is_space(*word))
			word++;
		end = word_end(word);
		if (end == word || is_double_dash(word, end))
			return word;
		word += end - word;
	}
}

void cmdline_append(struct cmdline *cmdline, const char *name,
                    const char *value)
{
	uint32_t name_size = strlen(name), value_size = strlen(value);
	uint32_t added = 1 + name_size + 1 + value_size; /* " name=value" */
	char *place, *end = cmdline->text + cmdline->size;

	if (added > cmdline->max - cmdline->size)
		return;
	place = kernel_words_end(cmdline);
	/*
	 * The NUL moves, too. If a "--" follows, the blank goes behind the new
	 * word.
	 */
	memmove(place + added, place, end + 1 - place);
	if (place == end)
		*place++ = ' ';
	else
		place[added - 1] = ' ';
	memcpy(place, name, name_size);
	place[name_size] = '=';
	memcpy(place + name_size + 1, value, value_size);
	cmdline->size += added;
}

void place_cmdline(struct cmdline *cmdline, const struct payload *payload,
                   const struct kernel *kernel, struct memory *memory)
{
	const struct source *source = &payload->cmdline;
	struct machine_range room =
		room_for_cmdline(kernel, source->size, memory);

	arch_map(room.base, room.size);
	cmdline->text = paddr_ptr(room.base);
	cmdline->max = (uint32_t)min_u64(kernel->cmdline_max, room.size - 1);
	if (source->size)
		source_load(&payload->reader, "cmdline", source, 0, room.base,
		            source->size);
	cmdline->text[source->size] = 0;
	cmdline->size = strlen(cmdline->text);
	if (cmdline->size > kernel->cmdline_max)
		panic("cmdline: %u bytes: the kernel takes %u", cmdline->size,
		      kernel->cmdline_max);
}
