/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/words.c - the words of a command line, see words.h */
#include "common/payload/words.h"

#include "common/lib/compiler.h"
#include "common/lib/string.h"

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

/*
 * Returns where the kernel's words end: at a word "--", behind which init's
 * are, or at the text's end.
 */
static char *words_end(char *text)
{
	char *word = text;

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

char *words_make_room(char *text, uint64_t size)
{
	char *place = words_end(text);
	uint64_t rest = strlen(place);

	/*
	 * The NUL moves, too. If a "--" follows, the blank goes behind the new
	 * words.
	 */
	memmove(place + 1 + size, place, rest + 1);
	if (rest)
		place[size] = ' ';
	else
		*place++ = ' ';
	return place;
}
