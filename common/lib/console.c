/* SPDX-License-Identifier: BSD-2-Clause */
/* common/lib/console.c - formatted text, one character at a time */
#include "common/lib/console.h"

#include "common/arch.h"
#include "common/lib/string.h"

#include <stdarg.h>

/* Text may come from outside, so only printable ASCII reaches the terminal. */
static void put_string(const char *string)
{
	for (; *string; string++)
		arch_console_putc(*string < ' ' || *string > '~' ? '?'
		                                                 : *string);
}

static void put_number(uint64_t value, unsigned base, unsigned width)
{
	char digits[STRING_NUMBER_MAX + 1];
	const char *end = string_put_number(digits, value, base);

	for (unsigned i = end - digits; i < width; i++)
		arch_console_putc('0');
	put_string(digits);
}

/* Handles the conversion behind a '%'. Returns where it ends. */
static const char *put_conversion(const char *format, va_list *arguments)
{
	unsigned base = 10, width = 0;
	bool is_long = false;

	if (*format == '#') {
		put_string("0x");
		format++;
	}
	while (*format >= '0' && *format <= '9')
		width = width * 10 + (*format++ - '0');
	if (*format == 'l') {
		is_long = true;
		format++;
	}

	switch (*format) {
	case 's':
		put_string(va_arg(*arguments, const char *));
		break;
	case 'x':
		base = 16;
		/* fall through */
	case 'u':
		put_number(is_long ? va_arg(*arguments, unsigned long)
		                   : va_arg(*arguments, unsigned),
		           base, width);
		break;
	default:
		arch_console_putc(*format);
	}
	return format;
}

static void put_formatted(const char *format, va_list *arguments)
{
	for (; *format; format++) {
		if (*format == '%') {
			format = put_conversion(format + 1, arguments);
			continue;
		}
		if (*format == '\n')
			arch_console_putc('\r');
		arch_console_putc(*format);
	}
}

void console_printf(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_formatted(format, &arguments);
	va_end(arguments);
}

static void begin_refusal(void)
{
	arch_begin_refusal();
	console_printf("directboot: ");
}

void panic_begin(const char *format, ...)
{
	va_list arguments;

	begin_refusal();
	va_start(arguments, format);
	put_formatted(format, &arguments);
	va_end(arguments);
}

void panic_end(const char *format, va_list *arguments)
{
	put_formatted(format, arguments);
	console_printf("\n");
	arch_stop();
}

void panic(const char *format, ...)
{
	va_list arguments;

	begin_refusal();
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
