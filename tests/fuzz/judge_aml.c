/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/judge_aml.c - a parser of AML, see judge.h
 *
 * ACPI 6.4 section 20.2 (grammar) and 6.4 (resource descriptors). It knows the
 * terms that firmware of virtual machines has. Each package must end where its
 * length says, names must be names and stand once in their scope, and a buffer
 * of resources must be descriptors up to an end tag.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/judge.h"

#define NAME_MAX   1500 /* of one scope: there may be 1024 CPUs */
#define NESTED_MAX 16

struct reader {
	const uint8_t *at;
	const uint8_t *end;
};

static void read_term(struct reader *reader, uint32_t depth);

static uint8_t next(struct reader *reader)
{
	FUZZ_EXPECT(reader->at < reader->end);
	return *reader->at++;
}

static void skip(struct reader *reader, uint64_t size)
{
	FUZZ_EXPECT(size <= (uint64_t)(reader->end - reader->at));
	reader->at += size;
}

static uint64_t number(const uint8_t *at, uint32_t size)
{
	uint64_t value = 0;

	memcpy(&value, at, size);
	return value;
}

/* Section 20.2.4. Returns a reader of what the length covers, and skips it. */
static struct reader open_package(struct reader *reader)
{
	const uint8_t *start = reader->at;
	uint8_t lead = next(reader);
	uint32_t more = lead >> 6, length = lead & 0x3f;
	struct reader inside;

	if (more)
		length = lead & 0xf;
	FUZZ_EXPECT(!more || !(lead & 0x30));
	for (uint32_t i = 0; i < more; i++)
		length |= (uint32_t)next(reader) << (4 + 8 * i);
	FUZZ_EXPECT(length > more);
	FUZZ_EXPECT(length <= (uint64_t)(reader->end - start));
	inside = (struct reader){ reader->at, start + length };
	reader->at = inside.end;
	return inside;
}

static bool is_lead(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || c == '_';
}

static uint32_t read_segment(struct reader *reader)
{
	const uint8_t *name = reader->at;

	skip(reader, 4);
	FUZZ_EXPECT(is_lead(name[0]));
	for (uint32_t i = 1; i < 4; i++)
		FUZZ_EXPECT(is_lead(name[i]) ||
		            (name[i] >= '0' && name[i] <= '9'));
	return (uint32_t)number(name, 4);
}

/* Section 6.4: descriptors, the last of which is an end tag. */
static void judge_resources(const uint8_t *at, const uint8_t *end)
{
	for (;;) {
		uint8_t tag;
		uint64_t size;

		FUZZ_EXPECT(at < end);
		tag = *at;
		size = tag & 0x80 ? 3 + number(at + 1, 2) : 1u + (tag & 7);
		FUZZ_EXPECT(size <= (uint64_t)(end - at));
		if (tag == 0x79) {
			FUZZ_EXPECT(at + 2 == end);
			return;
		}
		if (tag == 0x8a) { /* QWord address space */
			uint64_t minimum = number(at + 14, 8);

			FUZZ_EXPECT(size == 46);
			FUZZ_EXPECT(number(at + 22, 8) - minimum + 1 ==
			            number(at + 38, 8));
			FUZZ_EXPECT(number(at + 22, 8) >= minimum);
		}
		if (tag == 0x88) { /* Word address space */
			FUZZ_EXPECT(size == 16);
			FUZZ_EXPECT(number(at + 10, 2) >= number(at + 8, 2));
		}
		FUZZ_EXPECT(tag != 0x86 || size == 12);
		FUZZ_EXPECT(tag != 0x89 || size == 9);
		FUZZ_EXPECT(tag != 0x47 || size == 8);
		at += size;
	}
}

/* DefBuffer. Returns its bytes. */
static struct reader read_buffer(struct reader *reader, uint32_t depth)
{
	struct reader inside = open_package(reader);
	uint8_t prefix = *inside.at;

	read_term(&inside, depth + 1); /* BufferSize */
	if (prefix == 0x0a)
		FUZZ_EXPECT(inside.at[-1] == inside.end - inside.at);
	if (prefix == 0x0b)
		FUZZ_EXPECT((int64_t)number(inside.at - 2, 2) ==
		            inside.end - inside.at);
	return inside;
}

static void read_package(struct reader *reader, uint32_t depth)
{
	struct reader inside = open_package(reader);
	uint32_t count = next(&inside);

	for (; count; count--)
		read_term(&inside, depth + 1);
	FUZZ_EXPECT(inside.at == inside.end);
}

/* DefName: resources are judged, other objects only read. */
static void read_name(struct reader *reader, uint32_t depth)
{
	uint32_t name = read_segment(reader);

	if (reader->at < reader->end && *reader->at == 0x11 &&
	    (!memcmp(&name, "_CRS", 4) || !memcmp(&name, "_AEI", 4))) {
		struct reader buffer;

		reader->at++;
		buffer = read_buffer(reader, depth);
		judge_resources(buffer.at, buffer.end);
		return;
	}
	read_term(reader, depth + 1);
}

/* Reads terms to the end. In a scope each name is declared once. */
static void read_list(struct reader reader, uint32_t depth)
{
	static uint32_t all_names[NESTED_MAX][NAME_MAX];
	uint32_t *names = all_names[depth], count = 0;

	while (reader.at < reader.end) {
		const uint8_t *start = reader.at;
		uint32_t name = 0;

		read_term(&reader, depth + 1);
		if (*start == 0x08)
			name = (uint32_t)number(start + 1, 4);
		if (start[0] == 0x5b && start[1] == 0x82)
			name = (uint32_t)number(start + 3 + (start[2] >> 6), 4);
		if (!name)
			continue;
		FUZZ_EXPECT(count < NAME_MAX);
		/* Many names are those of CPUs, each behind the one before. */
		for (uint32_t i = 0; i < count; i++)
			FUZZ_EXPECT(names[i] != name);
		names[count++] = name;
	}
	FUZZ_EXPECT(reader.at == reader.end);
}

static void read_terms(struct reader *reader, uint32_t count, uint32_t depth)
{

	for (; count; count--)
		read_term(reader, depth + 1);
}

static void read_extended(struct reader *reader, uint32_t depth)
{
	struct reader inside;

	switch (next(reader)) {
	case 0x80: /* DefOpRegion */
		read_segment(reader);
		next(reader);
		read_terms(reader, 2, depth);
		break;
	case 0x81: /* DefField */
		inside = open_package(reader);
		read_segment(&inside);
		next(&inside);
		while (inside.at < inside.end) {
			read_segment(&inside);
			skip(&inside, 1);
		}
		break;
	case 0x82: /* DefDevice */
		inside = open_package(reader);
		read_segment(&inside);
		read_list(inside, depth + 1);
		break;
	default:
		FUZZ_EXPECT(!"an extended opcode that is known");
	}
}

/* Reads one term, an argument or an object. */
static void read_term(struct reader *reader, uint32_t depth)
{
	uint8_t opcode = next(reader);
	struct reader inside;

	FUZZ_EXPECT(depth < NESTED_MAX);
	switch (opcode) {
	case 0x00: /* Zero, One, Ones; and no target */
	case 0x01:
	case 0xff:
	case 0x60 ... 0x6e: /* Local0 to Arg6 */
		break;
	case 0x0a:
		skip(reader, 1);
		break;
	case 0x0b:
		skip(reader, 2);
		break;
	case 0x0c:
		skip(reader, 4);
		break;
	case 0x0e:
		skip(reader, 8);
		break;
	case 0x0d: /* String */
		while (next(reader))
			;
		break;
	case 0x08:
		read_name(reader, depth);
		break;
	case 0x10: /* DefScope */
		inside = open_package(reader);
		read_segment(&inside);
		read_list(inside, depth);
		break;
	case 0x11:
		read_buffer(reader, depth);
		break;
	case 0x12:
		read_package(reader, depth);
		break;
	case 0x14: /* DefMethod */
		inside = open_package(reader);
		read_segment(&inside);
		next(&inside);
		read_list(inside, depth);
		break;
	case 0x5b:
		read_extended(reader, depth);
		break;
	case 0x70: /* Store */
	case 0x86: /* Notify */
	case 0x93: /* LEqual */
		read_terms(reader, 2, depth);
		break;
	case 0x7b: /* And */
	case 0x7d: /* Or */
		read_terms(reader, 3, depth);
		break;
	case 0x8a: /* CreateDWordField */
		read_terms(reader, 2, depth);
		read_segment(reader);
		break;
	case 0x92: /* LNot */
	case 0xa4: /* Return */
		read_terms(reader, 1, depth);
		break;
	case 0xa0: /* If */
		inside = open_package(reader);
		read_terms(&inside, 1, depth);
		read_list(inside, depth);
		break;
	default:
		reader->at--;
		read_segment(reader);
	}
}

void judge_aml(const uint8_t *aml, uint32_t size)
{
	read_list((struct reader){ aml, aml + size }, 0);
}
