/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test.h - host unit tests: a main() that RUNs functions
 *
 *	static void sum_of_nothing_is_zero(void)
 *	{
 *		EXPECT_EQ(byte_sum("", 0), 0);
 *	}
 *
 *	int main(void)
 *	{
 *		RUN(sum_of_nothing_is_zero);
 *		return test_status();
 *	}
 *
 * A failed expectation is printed and counted, and the test goes on. If the
 * code under test calls panic(), EXPECT_PANIC catches it (see fake_arch.c).
 */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Runs one test and prints its name, which is a statement of fact. */
#define RUN(test)     test_run(#test, test)

#define EXPECT(claim) test_expect((claim) != 0, __FILE__, __LINE__, #claim)

#define EXPECT_EQ(got, wanted)                                                 \
	test_expect_eq((uint64_t)(got), (uint64_t)(wanted), __FILE__,          \
	               __LINE__, #got)

#define EXPECT_STR(got, wanted)                                                \
	test_expect_str((got), (wanted), __FILE__, __LINE__)

/* `text` must be part of the line that `statement` panics with. */
#define EXPECT_PANIC(text, statement)                                          \
	do {                                                                   \
		if (setjmp(*test_catch_panic()) == 0) {                        \
			statement;                                             \
			test_no_panic(__FILE__, __LINE__, text);               \
		} else {                                                       \
			test_expect_panic(text, __FILE__, __LINE__);           \
		}                                                              \
	} while (0)

void test_run(const char *name, void (*test)(void));
void test_expect(bool holds, const char *file, int line, const char *claim);
void test_expect_eq(uint64_t got, uint64_t wanted, const char *file, int line,
                    const char *what);
void test_expect_str(const char *got, const char *wanted, const char *file,
                     int line);
jmp_buf *test_catch_panic(void);
void test_release_panic(void); /* From now on a panic is unexpected. */
void test_no_panic(const char *file, int line, const char *text);
void test_expect_panic(const char *text, const char *file, int line);

/* Runs `step`. Returns false if it ended in a panic. */
bool test_survives(void (*step)(void));

/* Returns a number below `bound`. The seed determines the series. */
extern uint32_t test_seed;
uint32_t test_random_below(uint32_t bound);

/* Returns the number of rounds of random tries: FUZZ_ROUNDS, or `usual`. */
uint32_t test_rounds(uint32_t usual);

/* Returns main()'s status: 0 if all tests passed. */
int test_status(void);

/* Returns what the code under test has printed since test_run() began. */
const char *test_console(void);

#endif
