/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/write/lz4_pack.c - packs one block in LZ4's format, for a fast
 * decoder
 *
 * The time that the blob needs depends on the number of tokens more than on the
 * number of bytes, and short tokens are the fastest. So this code minimises a
 * cost that counts both. It works from the end of the block backwards: each
 * position knows the least cost of the rest.
 */
#include "payload/write/lz4_pack.h"

#include <stdlib.h>
#include <string.h>

#include "common/lib/compiler.h"
#include "payload/lib/tool.h"

#define MATCH_MIN  4
#define OFFSET_MAX 65535
#define LONG       15

/* LZ4's format keeps the last match these many bytes away from the end. */
#define START_MARGIN 12
#define END_MARGIN   5

/* The blob copies 8 bytes at a time, so a shorter offset would be slow. */
#define OFFSET_MIN 8

/*
 * Costs are in sixteenths of a stored byte. The cost of a token is chosen so
 * that a kernel's file grows by 1 %. A long length costs the decoder as many
 * instructions as half a dozen short tokens have. That of a wide match makes
 * files 0.2 % smaller; the blob's decoder would not need it.
 */
#define COST_BYTE  16
#define COST_TOKEN 12
#define COST_WIDE  4  /* a match of more than 8 bytes */
#define COST_LONG  48 /* a length that does not fit into the token */

/* More effort than this would gain only a third of a percent. */
#define HASH_BITS   16
#define DEPTH_MAX   128 /* places to look at for a match */
#define LENGTH_ALL  48  /* up to here, all lengths of a match are tried */
#define LENGTH_NICE 512 /* A match of this length ends the search. */

/* The best way from here to the end of the block. */
struct place {
	uint32_t cost;
	uint32_t literals; /* how many come first; 0 if a match does */
	uint32_t length;   /* of that match */
	uint16_t offset;
};

struct finder {
	const uint8_t *data;
	uint32_t end; /* No match goes beyond this. */
	uint32_t heads[1 << HASH_BITS];
	uint32_t *links; /* from a place to the last one with the same hash */
};

static uint32_t hash(const uint8_t *data)
{
	return load_le32(data) * 2654435761U >> (32 - HASH_BITS);
}

static uint32_t match_length(const struct finder *finder, uint32_t at,
                             uint32_t from)
{
	const uint8_t *data = finder->data;
	uint32_t length = 0;

	while (at + length + 8 <= finder->end &&
	       load_le64(data + at + length) == load_le64(data + from + length))
		length += 8;
	while (at + length < finder->end &&
	       data[at + length] == data[from + length])
		length++;
	return length;
}

/* Looks for a longer match than `place` has. */
static void find_match(struct finder *finder, struct place *place, uint32_t at)
{
	const uint8_t *data = finder->data;
	uint32_t from = finder->links[at];

	for (uint32_t depth = 0; depth < DEPTH_MAX && from > 0; depth++) {
		uint32_t start = from - 1;
		uint32_t length;

		if (at - start > OFFSET_MAX)
			break;
		if (at - start >= OFFSET_MIN &&
		    at + place->length < finder->end &&
		    data[start + place->length] == data[at + place->length]) {
			length = match_length(finder, at, start);
			if (length > place->length) {
				place->length = length;
				place->offset = (uint16_t)(at - start);
				if (length >= LENGTH_NICE)
					break;
			}
		}
		from = finder->links[start];
	}
}

static void find_matches(struct finder *finder, struct place *places,
                         uint32_t last)
{
	for (uint32_t at = 0; at <= last; at++) {
		uint32_t *head = &finder->heads[hash(finder->data + at)];
		struct place *place = &places[at];

		finder->links[at] = *head;
		*head = at + 1;
		/* The match of the place before is one here, too. */
		if (at > 0 && places[at - 1].length > MATCH_MIN) {
			place->length = places[at - 1].length - 1;
			place->offset = places[at - 1].offset;
		}
		if (place->length < LENGTH_NICE)
			find_match(finder, place, at);
	}
}

static uint32_t extra_bytes(uint32_t length)
{
	return length < LONG ? 0 : 1 + (length - LONG) / 255;
}

static uint32_t match_cost(uint32_t length)
{
	uint32_t cost = 3 * COST_BYTE + COST_TOKEN;

	if (length > OFFSET_MIN)
		cost += COST_WIDE;
	if (length - MATCH_MIN >= LONG)
		cost += COST_LONG + extra_bytes(length - MATCH_MIN) * COST_BYTE;
	return cost;
}

static uint32_t literals_cost(uint32_t count)
{
	uint32_t cost = (count + extra_bytes(count)) * COST_BYTE;

	return cost + (count >= LONG ? COST_LONG : 0);
}

/* Chooses between a literal and all lengths of the longest match at `at`. */
static void choose(struct place *places, uint32_t at)
{
	struct place *place = &places[at];
	const struct place *next = place + 1;
	uint32_t longest = place->length;
	uint32_t count = next->literals + 1;

	place->literals = count;
	place->cost =
		next->cost + literals_cost(count) - literals_cost(count - 1);
	for (uint32_t length = longest; length >= MATCH_MIN; length--) {
		uint32_t cost;

		if (length > LENGTH_ALL && length != longest)
			length = LENGTH_ALL;
		cost = match_cost(length) + places[at + length].cost;
		if (cost < place->cost) {
			place->cost = cost;
			place->literals = 0;
			place->length = length;
		}
	}
}

static uint8_t *put_length(uint8_t *out, uint32_t length)
{
	if (length < LONG)
		return out;
	for (length -= LONG; length >= 255; length -= 255)
		*out++ = 255;
	*out++ = (uint8_t)length;
	return out;
}

static uint8_t *put_token(uint8_t *out, const uint8_t *literals, uint32_t count,
                          const struct place *match)
{
	uint8_t *token = out++;

	*token = (uint8_t)(min_u64(count, LONG) << 4);
	out = put_length(out, count);
	memcpy(out, literals, count);
	out += count;
	if (!match)
		return out;
	*token |= (uint8_t)min_u64(match->length - MATCH_MIN, LONG);
	*out++ = (uint8_t)match->offset;
	*out++ = (uint8_t)(match->offset >> 8);
	return put_length(out, match->length - MATCH_MIN);
}

static uint32_t put_block(uint8_t *out, const uint8_t *in, uint32_t size,
                          const struct place *places)
{
	const uint8_t *start = out;
	uint32_t at = 0;

	while (at < size) {
		uint32_t count = places[at].literals;
		const struct place *match = &places[at + count];
		bool is_last = at + count == size;

		out = put_token(out, in + at, count, is_last ? NULL : match);
		at += count + (is_last ? 0 : match->length);
	}
	return (uint32_t)(out - start);
}

uint32_t lz4_pack_block(uint8_t *out, const uint8_t *in, uint32_t size)
{
	struct place *places = allocate((size + 1) * sizeof(*places));
	struct finder *finder = allocate(sizeof(*finder));

	finder->data = in;
	finder->links = allocate((size + 1) * sizeof(*finder->links));
	if (size > START_MARGIN) {
		finder->end = size - END_MARGIN;
		find_matches(finder, places, size - START_MARGIN);
	}
	for (uint32_t at = size; at-- > 0;)
		choose(places, at);
	size = put_block(out, in, size, places);
	free(finder->links);
	free(finder);
	free(places);
	return size;
}
