/* SPDX-License-Identifier: BSD-2-Clause */
/* common/machine/name_index.c - finds names among rows of them, see
 * name_index.h */
#include "common/machine/name_index.h"

#include "common/lib/string.h"

#define ONES 0x0101010101010101ull

static inline uint64_t load_word(const char *ptr)
{
	uint64_t word;

	__builtin_memcpy(&word, ptr, sizeof(word));
	return word;
}

/* A bit in the first byte of the word that is 0, and maybe in later ones. */
static inline uint64_t find_nul(uint64_t word)
{
	return (word - ONES) & ~word & ONES << 7;
}

/* The bytes of a word up to the first that is 0; all, if none is. */
static inline uint64_t up_to(uint64_t nul)
{
	return nul ^ (nul - 1);
}

/* A name as it would be in a row; longer ones end in no NUL. */
struct words {
	uint64_t first;
	uint64_t second;
	uint64_t third;
};

/* Reads NAME_ROW_SIZE bytes, whether the name is so long or not. */
static inline struct words load_name(const char *name)
{
	struct words words = { load_word(name), 0, 0 };
	uint64_t nul = find_nul(words.first);

	words.first &= up_to(nul);
	if (nul)
		return words;
	words.second = load_word(name + 8);
	nul = find_nul(words.second);
	words.second &= up_to(nul);
	if (nul)
		return words;
	words.third = load_word(name + 16);
	words.third &= up_to(find_nul(words.third));
	return words;
}

static inline uint32_t find_place(const struct words *words)
{
	uint64_t sum = words->first + words->second;
	uint32_t folded = (uint32_t)(sum ^ sum >> 32);

	/* By this number no two rows come to one place. */
	return folded * 0xba13a2b7 / (UINT32_MAX / NAME_PLACES + 1);
}

uint32_t name_index_place(const char *row)
{
	const struct words words = load_name(row);

	return find_place(&words);
}

/* Where there are fewer bytes than are read otherwise: seldom, so one by one.
 */
static NOINLINE uint32_t find_at_end(const struct name_index *index,
                                     const char *rows, const char *name)
{
	for (uint32_t i = 0; i < NAME_PLACES; i++) {
		uint32_t row = index->places[i] - 1u;

		if (row != UINT32_MAX &&
		    !strcmp(rows + row * NAME_ROW_SIZE, name))
			return row;
	}
	return NAME_UNKNOWN;
}

uint32_t name_index_find(const struct name_index *index, const char *rows,
                         const char *name, uint64_t available)
{
	struct words words;
	const char *found;
	uint32_t row;

	if (available < NAME_ROW_SIZE)
		return find_at_end(index, rows, name);
	words = load_name(name);
	row = index->places[find_place(&words)] - 1u;
	found = rows + row * NAME_ROW_SIZE;
	if (row == UINT32_MAX || load_word(found) != words.first ||
	    load_word(found + 8) != words.second ||
	    load_word(found + 16) != words.third)
		return NAME_UNKNOWN;
	return row;
}
