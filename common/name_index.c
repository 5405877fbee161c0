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

/* Up to eight characters of a name, with zeros from its NUL on. */
static inline uint64_t name_word(const char *name, uint64_t available,
                                 bool *is_last)
{
	uint64_t word = 0, zeros;

	if (available < sizeof(word))
		memcpy(&word, name, available);
	else
		word = load_word(name);
	zeros = (word - ONES) & ~word & ONES << 7;
	*is_last = zeros != 0;
	/* All below the lowest zero; the highest bit of it is the lowest set.
	 */
	return zeros ? word & ((zeros & -zeros) - 1) >> 7 : word;
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
static bool is_rest(const char *row, const char *name, uint64_t available)
{
	for (uint32_t i = 8; i < NAME_ROW_SIZE && i < available; i += 8) {
		bool is_last;

		if (name_word(name + i, available - i, &is_last) !=
		    load_word(row + i))
			return false;
		if (is_last)
			return true;
	}
	return false;
}

uint32_t name_index_find(const struct name_index *index, const char *name,
                         uint64_t available)
{
	bool is_short;
	uint64_t word = name_word(name, available, &is_short);
	uint32_t i = index->heads[hash(word)];

	for (; i; i = index->next[i - 1]) {
		const char *row = index->rows + (i - 1) * NAME_ROW_SIZE;

		if (load_word(row) == word &&
		    (is_short || is_rest(row, name, available)))
			return i - 1;
	}
	return NAME_UNKNOWN;
}
