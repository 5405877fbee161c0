/* SPDX-License-Identifier: BSD-2-Clause */
/* common/name_index.c - finds names among rows of them, see name_index.h */
#include "common/name_index.h"

#include "common/string.h"

#define ONES 0x0101010101010101ull

static inline uint64_t load_word(const char *ptr)
{
	uint64_t word;

	__builtin_memcpy(&word, ptr, sizeof(word));
	return word;
}

static inline uint32_t hash(uint64_t word)
{
	uint32_t folded = (uint32_t)(word ^ word >> 32);

	return folded * 0x9e3779b1 / (UINT32_MAX / NAME_HASH_MAX + 1);
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

void name_index_make(struct name_index *index, const char *rows, uint32_t count)
{
	index->rows = rows;
	memset(index->heads, 0, sizeof(index->heads));
	for (uint32_t i = 0; i < count; i++) {
		uint8_t *head = &index->heads[hash(
			load_word(rows + i * NAME_ROW_SIZE))];

		index->next[i] = *head;
		*head = i + 1;
	}
}

/* What is behind the first eight characters. */
static inline bool is_rest(const char *row, const char *name)
{
	for (uint32_t i = 8; i < NAME_ROW_SIZE; i += 8) {
		uint64_t word = load_word(row + i);
		uint64_t nul = find_nul(word);

		if ((load_word(name + i) ^ word) & up_to(nul))
			return false;
		if (nul)
			return true;
	}
	return false;
}

/* Reads NAME_ROW_SIZE bytes, whether the name is so long or not. */
static inline uint32_t find(const struct name_index *index, const char *name)
{
	uint64_t word = load_word(name);
	uint64_t nul = find_nul(word);
	uint32_t i;

	word &= up_to(nul);
	for (i = index->heads[hash(word)]; i; i = index->next[i - 1]) {
		const char *row = index->rows + (i - 1) * NAME_ROW_SIZE;

		if (load_word(row) == word && (nul || is_rest(row, name)))
			return i - 1;
	}
	return NAME_UNKNOWN;
}

/* Where there are fewer bytes: in a copy. */
static NOINLINE uint32_t find_at_end(const struct name_index *index,
                                     const char *name, uint64_t available)
{
	char copy[NAME_ROW_SIZE] = { 0 };

	memcpy(copy, name, available);
	return find(index, copy);
}

uint32_t name_index_find(const struct name_index *index, const char *name,
                         uint64_t available)
{
	if (available < NAME_ROW_SIZE)
		return find_at_end(index, name, available);
	return find(index, name);
}
