/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/table_bytes.h - bytes of ACPI tables and AML, as ACPI 6.4 has them
 *
 * A test lists the bytes that it wants by these. They share nothing with the
 * blob's own structures and encoder.
 */
#ifndef TESTS_UNIT_TABLE_BYTES_H
#define TESTS_UNIT_TABLE_BYTES_H

#include <string.h>

#include "tests/unit/test.h"

#define U16(x)            (uint8_t)(x), (uint8_t)((x) >> 8)
#define U32(x)            U16(x), U16((x) >> 16)
#define U64(x)            U32((uint64_t)(x)), U32((uint64_t)(x) >> 32)

#define NAME4(a, b, c, d) (a), (b), (c), (d)

/* Section 20.2.4: a length of three bytes, which counts itself. */
#define LENGTH3(size)                                                          \
	(uint8_t)(0x80 | ((size)&15)), (uint8_t)((size) >> 4),                 \
		(uint8_t)((size) >> 12)

/* Section 20.2.5.1, Name, of an integer of 32 bits and of a string */
#define AML_INTEGER(a, b, c, d, value) 0x08, a, b, c, d, 0x0c, U32(value)
#define AML_TEXT(a, b, c, d, ...)      0x08, a, b, c, d, 0x0d, __VA_ARGS__, 0

/* Name (_CRS, Buffer) of so many bytes, the end tag included */
#define CRS(size)                                                              \
	0x08, '_', 'C', 'R', 'S', 0x11, LENGTH3((size) + 6), 0x0b, U16(size)

/* Sections 6.4.2 and 6.4.3: the descriptors, and how many bytes they have */
#define MEMORY32(base, size)  0x86, 9, 0, 1, U32(base), U32(size)
#define INTERRUPT(flags, gsi) 0x89, 6, 0, flags, 1, U32(gsi)
#define QWORD_SPACE(type, general, specific, base, size, translation)          \
	0x8a, 43, 0, type, general, specific, U64(0), U64(base),               \
		U64((base) + (size)-1), U64(translation), U64(size)
#define WORD_BUSES(first, last)                                                \
	0x88, 13, 0, 2, 0x0c, 0, U16(0), U16(first), U16(last), U16(0),        \
		U16((last) - (first) + 1)
#define IO_PORTS(base, size) 0x47, 1, U16(base), U16(base), 1, size
#define END_TAG              0x79, 0
#define MEMORY32_SIZE        12
#define INTERRUPT_SIZE       9
#define QWORD_SPACE_SIZE     46
#define WORD_BUSES_SIZE      16
#define IO_PORTS_SIZE        8
#define END_TAG_SIZE         2

/* Compares from `got` on, and names the first byte that is another. */
static inline void expect_bytes(const uint8_t *got, const uint8_t *wanted,
                                uint32_t size, const char *file, int line)
{
	for (uint32_t i = 0; i < size; i++) {
		if (got[i] == wanted[i])
			continue;
		test_expect_eq(i, size, file, line, "offset of a byte");
		test_expect_eq(got[i], wanted[i], file, line, "that byte");
		return;
	}
}

#define EXPECT_BYTES_AT(got, ...)                                              \
	do {                                                                   \
		const uint8_t wanted_[] = { __VA_ARGS__ };                     \
		expect_bytes(got, wanted_, sizeof(wanted_), __FILE__,          \
		             __LINE__);                                        \
	} while (0)

/* The table has this revision, and behind its header these bytes only. */
#define EXPECT_TABLE(table, revision, ...)                                     \
	do {                                                                   \
		const uint8_t *table_ = (const void *)(table);                 \
		const uint8_t wanted_[] = { __VA_ARGS__ };                     \
		EXPECT(table_ != NULL);                                        \
		if (!table_)                                                   \
			break;                                                 \
		EXPECT_EQ(load_le32(table_ + 4), 36 + sizeof(wanted_));        \
		EXPECT_EQ(table_[8], revision);                                \
		expect_bytes(table_ + 36, wanted_, sizeof(wanted_), __FILE__,  \
		             __LINE__);                                        \
	} while (0)

#endif
