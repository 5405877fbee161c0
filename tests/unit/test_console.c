/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_console.c - numbers and text, one character at a time */
#include <string.h>

#include "common/arch.h"
#include "common/lib/console.h"
#include "tests/unit/test.h"

NORETURN PRINTF(1, 2) void blob_panic(const char *format, ...);
NORETURN PRINTF(4, 5) void blob_panic_range(const char *name, uint64_t size,
                                            paddr_t base, const char *format,
                                            ...);
PRINTF(1, 2) void blob_printf(const char *format, ...);

static char printed[512];
static size_t printed_size;
static bool is_refusing;
static size_t faults_at; /* the character that cannot be printed; 0: none */

void arch_console_putc(char c)
{
	EXPECT(printed_size < sizeof(printed) - 1);
	printed[printed_size++] = c;
	printed[printed_size] = '\0';
	if (printed_size == faults_at)
		blob_panic("exception %u", 0);
}

void arch_stop(void)
{
	panic("stopped"); /* back to EXPECT_PANIC */
}

void arch_begin_refusal(void)
{
	if (is_refusing)
		arch_stop();
	is_refusing = true;
}

#define EXPECT_PRINTED(text, ...)                                              \
	do {                                                                   \
		printed_size = 0;                                              \
		printed[0] = '\0';                                             \
		blob_printf(__VA_ARGS__);                                      \
		EXPECT_STR(printed, text);                                     \
	} while (0)

static void numbers_are_printed(void)
{
	EXPECT_PRINTED("0 1 4294967295", "%u %u %u", 0, 1, UINT32_MAX);
	EXPECT_PRINTED("0 deadbeef", "%x %x", 0, 0xdeadbeef);
	EXPECT_PRINTED("18446744073709551615", "%lu", UINT64_MAX);
	EXPECT_PRINTED("0xffffffffffffffff", "%#lx", UINT64_MAX);
	EXPECT_PRINTED("0x0", "%#x", 0);
}

/* The width counts digits only. */
static void numbers_are_padded(void)
{
	EXPECT_PRINTED("0x00c0 00000007", "%#04x %08u", 0xc0, 7);
	EXPECT_PRINTED("00042|123456", "%05u|%02u", 42, 123456);
	EXPECT_PRINTED("0x00000000000000ff", "%#016lx", 255UL);
	EXPECT_PRINTED("0x0000000000000000", "%#016lx", 0UL);
}

static void text_is_printed(void)
{
	EXPECT_PRINTED("a bc d", "a %s d", "bc");
	EXPECT_PRINTED("100%", "100%%");
	EXPECT_PRINTED("", "%s", "");
	EXPECT_PRINTED("x\r\ny", "x\ny");
}

/* Text from a VMM must not control the terminal. */
static void text_of_others_is_made_harmless(void)
{
	EXPECT_PRINTED("a?[2Jb??c~ ", "%s", "a\x1b[2Jb\r\nc~ ");
	EXPECT_PRINTED("????", "%s", "\x7f\x80\xff\x01");
}

static void a_panic_is_one_line_and_the_end(void)
{
	printed_size = 0;
	is_refusing = false;
	EXPECT_PANIC("stopped", blob_panic("test: %u, at most %u", 7, 5));
	EXPECT_STR(printed, "directboot: test: 7, at most 5\r\n");

	printed_size = 0;
	is_refusing = false;
	EXPECT_PANIC("stopped", blob_panic_range("test", 7, 0x1000,
	                                         "beyond %#lx", 0x800UL));
	EXPECT_STR(printed,
	           "directboot: test: 0x7 bytes at 0x1000: beyond 0x800\r\n");
}

/* A fault while it is told does not hide it behind a line of its own. */
static void the_first_refusal_is_the_one_that_is_told(void)
{
	static const char line[] = "directboot: test: 7\r\n";

	for (faults_at = 1; faults_at < sizeof(line); faults_at++) {
		printed_size = 0;
		is_refusing = false;
		EXPECT_PANIC("stopped", blob_panic("test: %u", 7));
		EXPECT_EQ(printed_size, faults_at);
		EXPECT(!strncmp(printed, line, faults_at));
	}
	faults_at = 0;
}

int main(void)
{
	RUN(numbers_are_printed);
	RUN(numbers_are_padded);
	RUN(text_is_printed);
	RUN(text_of_others_is_made_harmless);
	RUN(a_panic_is_one_line_and_the_end);
	RUN(the_first_refusal_is_the_one_that_is_told);
	return test_status();
}
