/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_string.c - compares the blob's string functions with plain
 * ones */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/lib/compiler.h"
#include "tests/unit/test.h"

void *blob_memcpy(void *dest, const void *src, size_t size);
void *blob_memcpy_x86(void *dest, const void *src, size_t size);
void *blob_memset_x86(void *dest, int byte, size_t size);
void *blob_memmove(void *dest, const void *src, size_t size);
void *blob_memset(void *dest, int byte, size_t size);
int blob_memcmp(const void *a, const void *b, size_t size);
size_t blob_strlen(const char *string);
size_t blob_strnlen(const char *string, size_t max);
void blob_wipe(void *bytes, size_t size);
int blob_strcmp(const char *a, const char *b);
char *string_put_number(char *to, uint64_t value, unsigned base);

#define SIZE_MAX_TRIED 600

static uint8_t wanted[2 * SIZE_MAX_TRIED], got[2 * SIZE_MAX_TRIED];

/* Fills both buffers with the same bytes, which differ each time. */
static void fill(void)
{
	for (size_t i = 0; i < sizeof(wanted); i++)
		wanted[i] = (uint8_t)test_random_below(256);
	memcpy(got, wanted, sizeof(got));
}

static void expect_same(void)
{
	EXPECT(!memcmp(got, wanted, sizeof(got)));
}

static void plain_copy(uint8_t *to, const uint8_t *from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		to[i] = from[i];
}

static void bytes_are_copied(void)
{
	for (uint32_t i = 0; i < 20000; i++) {
		size_t size = test_random_below(SIZE_MAX_TRIED - 16);
		size_t to = test_random_below(16);
		size_t from = SIZE_MAX_TRIED + test_random_below(16);

		fill();
		plain_copy(wanted + to, wanted + from, size);
		EXPECT((i & 1 ? blob_memcpy : blob_memcpy_x86)(
			       got + to, got + from, size) == got + to);
		expect_same();
	}
}

/* The ranges may overlap in any way. */
static void bytes_are_moved(void)
{
	static uint8_t between[SIZE_MAX_TRIED];

	for (uint32_t i = 0; i < 20000; i++) {
		size_t size = test_random_below(SIZE_MAX_TRIED);
		size_t to = test_random_below(i % 2 ? 40 : SIZE_MAX_TRIED);
		size_t from = test_random_below(i % 2 ? 40 : SIZE_MAX_TRIED);

		fill();
		plain_copy(between, wanted + from, size);
		plain_copy(wanted + to, between, size);
		EXPECT(blob_memmove(got + to, got + from, size) == got + to);
		expect_same();
	}
}

static void bytes_are_set(void)
{
	for (uint32_t i = 0; i < 20000; i++) {
		size_t size = test_random_below(SIZE_MAX_TRIED);
		size_t at = test_random_below(40);

		fill();
		for (size_t j = 0; j < size; j++)
			wanted[at + j] = (uint8_t)i;
		EXPECT((i >> 8 & 1 ? blob_memset : blob_memset_x86)(
			       got + at, (int)i, size) == got + at);
		expect_same();
	}
}

static int sign(int value)
{
	return (value > 0) - (value < 0);
}

static void bytes_are_compared(void)
{
	for (uint32_t i = 0; i < 20000; i++) {
		size_t size = 1 + test_random_below(40);
		size_t at = test_random_below((uint32_t)size);

		fill();
		EXPECT_EQ(blob_memcmp(got, wanted, size), 0);
		got[at] ^= (uint8_t)(1 + test_random_below(255));
		EXPECT_EQ(sign(blob_memcmp(got, wanted, size)),
		          got[at] < wanted[at] ? -1 : 1);
		EXPECT_EQ(blob_memcmp(got, wanted, at), 0);
	}
}

static void strings_end_at_their_nul(void)
{
	EXPECT_EQ(blob_strlen(""), 0);
	EXPECT_EQ(blob_strlen("abc\0def"), 3);
	EXPECT_EQ(blob_strcmp("", ""), 0);
	EXPECT_EQ(blob_strcmp("abc", "abc"), 0);
	EXPECT(blob_strcmp("abc", "abd") < 0);
	EXPECT(blob_strcmp("abc", "ab") > 0);
	EXPECT(blob_strcmp("ab", "abc") < 0);
	EXPECT(blob_strcmp("\xff", "a") > 0);
}

/* Nothing is read behind `max`, where there may be no NUL. */
static void strings_may_have_no_nul(void)
{
	const char text[3] = { 'a', 'b', 'c' };

	EXPECT_EQ(blob_strnlen(text, sizeof(text)), 3);
	EXPECT_EQ(blob_strnlen(text, 2), 2);
	EXPECT_EQ(blob_strnlen(text + 3, 0), 0);
	EXPECT_EQ(blob_strnlen("ab", 3), 2);
	EXPECT_EQ(blob_strnlen("", 3), 0);
}

static void secrets_are_wiped(void)
{
	fill();
	memset(wanted + 7, 0, 21);
	blob_wipe(got + 7, 21);
	expect_same();
	blob_wipe(got + 40, 0);
	expect_same();
}

static void expect_number(uint64_t value)
{
	char text[24], plain[24];

	memset(text, 'x', sizeof(text));
	snprintf(plain, sizeof(plain), "%" PRIu64, value);
	EXPECT(string_put_number(text, value, 10) == text + strlen(plain));
	EXPECT_STR(text, plain);
	snprintf(plain, sizeof(plain), "%" PRIx64, value);
	EXPECT(string_put_number(text, value, 16) == text + strlen(plain));
	EXPECT_STR(text, plain);
}

static void numbers_are_written(void)
{
	expect_number(0);
	expect_number(UINT64_MAX);
	for (uint64_t value = 1; value < 1ULL << 63; value *= 3) {
		expect_number(value);
		expect_number(value + 9);
	}
}

int main(void)
{
	RUN(bytes_are_copied);
	RUN(bytes_are_moved);
	RUN(bytes_are_set);
	RUN(bytes_are_compared);
	RUN(strings_end_at_their_nul);
	RUN(strings_may_have_no_nul);
	RUN(secrets_are_wiped);
	RUN(numbers_are_written);
	return test_status();
}
