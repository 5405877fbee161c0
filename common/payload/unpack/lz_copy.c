/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/unpack/lz_copy.c - copies of any length, see lz_copy.h */
#include "common/payload/unpack/lz_copy.h"

void lz_copy(uint8_t *out, const uint8_t *src, uint8_t *end)
{
	uint8_t *last;

	if (!lz_has_room(out, end, LZ_STEP)) {
		while (out < end)
			*out++ = *src++;
		return;
	}
	last = end - LZ_STEP;
	for (; out < last; out += LZ_STEP, src += LZ_STEP)
		lz_copy_step(out, src);
	lz_copy_step(last, src - (out - last));
}

/*
 * Repeats the step that lies before `out`, and returns where it stopped. This
 * is mainly for runs of one byte, which need no loads.
 */
static inline uint8_t *lz_repeat_step(uint8_t *out, const uint8_t *end)
{
	uint64_t word = lz_load_word(out - LZ_STEP);

	for (; lz_has_room(out, end, 4 * LZ_STEP); out += 4 * LZ_STEP) {
		lz_store_word(out, word);
		lz_store_word(out + LZ_STEP, word);
		lz_store_word(out + 2 * LZ_STEP, word);
		lz_store_word(out + 3 * LZ_STEP, word);
	}
	return out;
}

void lz_copy_match(uint8_t *out, uint64_t offset, uint8_t *end)
{
	if (offset < LZ_STEP && lz_has_room(out, end, LZ_STEP)) {
		offset = lz_widen(out, offset);
		out += LZ_STEP;
		if (offset == LZ_STEP)
			out = lz_repeat_step(out, end);
	}
	lz_copy(out, out - offset, end);
}
