/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_arch.c - the test harness, and panic() as a longjmp
 *
 * It replaces common/lib/console.c, and those functions of arch/ that pure code
 * needs.
 */
#include "tests/unit/test.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/lib/console.h"
#include "common/lib/string.h"

static unsigned failures;
static jmp_buf panic_target;
static bool panic_is_caught;
static char console[4096];
static size_t console_size;

static void print(const char *format, va_list arguments)
{
	size_t room = sizeof(console) - console_size;
	int size = vsnprintf(console + console_size, room, format, arguments);

	if (size > 0)
		console_size += (size_t)size < room ? (size_t)size : room - 1;
}

void console_printf(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(format, arguments);
	va_end(arguments);
}

void panic_begin(const char *format, ...)
{
	va_list arguments;

	console_size = 0;
	va_start(arguments, format);
	print(format, arguments);
	va_end(arguments);
}

void panic_end(const char *format, va_list *arguments)
{
	print(format, *arguments);
	if (!panic_is_caught) {
		printf("unexpected panic: %s\n", console);
		exit(1);
	}
	panic_is_caught = false;
	longjmp(panic_target, 1);
}

void panic(const char *format, ...)
{
	va_list arguments;

	console_size = 0;
	va_start(arguments, format);
	panic_end(format, &arguments);
}

void panic_range(const char *name, uint64_t size, paddr_t base,
                 const char *format, ...)
{
	va_list arguments;

	panic_begin("%s: %#lx bytes at %#lx: ", name, size, base);
	va_start(arguments, format);
	panic_end(format, &arguments);
}

void test_run(const char *name, void (*test)(void))
{
	unsigned before = failures;

	console_size = 0;
	console[0] = '\0';
	test();
	printf("%s %s\n", failures == before ? "ok  " : "FAIL", name);
	fflush(stdout);
}

bool test_survives(void (*step)(void))
{
	if (setjmp(*test_catch_panic()) != 0)
		return false;
	step();
	test_release_panic();
	return true;
}

uint32_t test_seed;

uint32_t test_random_below(uint32_t bound)
{
	test_seed = test_seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(test_seed >> 8) * bound >> 24);
}

uint32_t test_rounds(uint32_t usual)
{
	const char *rounds = getenv("FUZZ_ROUNDS");

	return rounds ? (uint32_t)strtoul(rounds, NULL, 0) : usual;
}

int test_status(void)
{
	return failures != 0;
}

const char *test_console(void)
{
	return console;
}

static void fail(const char *file, int line)
{
	failures++;
	printf("%s:%d: ", file, line);
}

void test_expect(bool holds, const char *file, int line, const char *claim)
{
	if (holds)
		return;
	fail(file, line);
	printf("not so: %s\n", claim);
}

void test_expect_eq(uint64_t got, uint64_t wanted, const char *file, int line,
                    const char *what)
{
	if (got == wanted)
		return;
	fail(file, line);
	printf("%s is %#llx, not %#llx\n", what, (unsigned long long)got,
	       (unsigned long long)wanted);
}

void test_expect_str(const char *got, const char *wanted, const char *file,
                     int line)
{
	if (strcmp(got, wanted) == 0)
		return;
	fail(file, line);
	printf("\"%s\" is not \"%s\"\n", got, wanted);
}

jmp_buf *test_catch_panic(void)
{
	panic_is_caught = true;
	return &panic_target;
}

void test_release_panic(void)
{
	panic_is_caught = false;
}

void test_no_panic(const char *file, int line, const char *text)
{
	panic_is_caught = false;
	fail(file, line);
	printf("no panic, expected \"%s\"\n", text);
}

void test_expect_panic(const char *text, const char *file, int line)
{
	if (strstr(console, text) != NULL)
		return;
	fail(file, line);
	printf("panic \"%s\" has no \"%s\"\n", console, text);
}

void wipe(void *bytes, size_t size)
{
	memset(bytes, 0, size);
}
