/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_stack_check.c - what Debian's libraries call, see the file */
#include <string.h>

#include "common/lib/compiler.h"
#include "tests/unit/test.h"

extern const uintptr_t __stack_chk_guard;
NORETURN void __stack_chk_fail(void);

static void a_broken_frame_ends_the_boot(void)
{
	EXPECT_PANIC("bug: a library has written beyond its stack frame",
	             __stack_chk_fail());
}

/* So no copy of a string or of a line goes on behind it unnoticed. */
static void the_guard_has_what_ends_strings_and_lines(void)
{
	const char *guard = (const char *)&__stack_chk_guard;

	EXPECT_EQ(guard[0], 0);
	EXPECT(memchr(guard, '\n', sizeof(__stack_chk_guard)) != NULL);
}

int main(void)
{
	RUN(a_broken_frame_ends_the_boot);
	RUN(the_guard_has_what_ends_strings_and_lines);
	return test_status();
}
