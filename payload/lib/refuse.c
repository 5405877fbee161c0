/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/lib/refuse.c - the tool's refusals, warnings, progress and memory;
 * see tool.h
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/lib/console.h"
#include "payload/lib/tool.h"

#define FORMAT_SIZE_MAX   512
#define LINE_SIZE_MAX     8192
#define WARNINGS_SIZE_MAX 8192

static bool has_progress_line;

/* Warnings wait until the command ends. A refusal alone says enough. */
static struct {
	char text[WARNINGS_SIZE_MAX + 1];
	FILE *file;
} warnings;

/* Refusals and warnings are about this file, or about none if it is NULL. */
static const char *subject;

/* What panic_begin() has told. */
static char beginning[LINE_SIZE_MAX];

/* A refusal jumps here. If it is NULL, a refusal ends the tool. */
static jmp_buf *trial;

static void end_progress_line(void)
{
	if (has_progress_line)
		fputs("\r\033[K", stderr);
	has_progress_line = false;
}

/*
 * Makes the output look like the blob's. The blob prints 0 as 0x0, but C's %#x
 * omits the prefix for 0.
 */
static void put_hex_prefixes(char *to, size_t size, const char *format)
{
	const char *end = to + size - 3;

	while (*format != '\0' && to < end) {
		if (format[0] == '%' && format[1] == '#') {
			*to++ = '0';
			*to++ = 'x';
			*to++ = '%';
			format += 2;
		} else {
			*to++ = *format++;
		}
	}
	*to = '\0';
}

static void put_line(char line[LINE_SIZE_MAX], const char *format, va_list args)
{
	char plain[FORMAT_SIZE_MAX];

	put_hex_prefixes(plain, sizeof(plain), format);
	vsnprintf(line, LINE_SIZE_MAX, plain, args);
}

/* Names come from files that anybody has made. A line stays one line. */
static void print_line(FILE *file, const char *kind, const char *format,
                       va_list args)
{
	char line[LINE_SIZE_MAX];

	put_line(line, format, args);
	fprintf(file, "directboot: %s", kind);
	if (subject != NULL) {
		text_print(file, subject);
		fputs(": ", file);
	}
	text_print(file, beginning);
	text_print(file, line);
	putc('\n', file);
}

static void complain(const char *format, va_list args)
{
	end_progress_line();
	print_line(stderr, "", format, args);
}

static NORETURN void refuse_list(const char *format, va_list args)
{
	if (trial != NULL) {
		beginning[0] = '\0';
		longjmp(*trial, 1);
	}
	complain(format, args);
	exit(EXIT_STATUS_REFUSED);
}

void refuse(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	refuse_list(format, args);
}

/* The blob's own judges, some of which are in the tool, call this. */
void panic(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	refuse_list(format, args);
}

void panic_begin(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put_line(beginning, format, args);
	va_end(args);
}

void panic_end(const char *format, va_list *args)
{
	refuse_list(format, *args);
}

void panic_range(const char *name, uint64_t size, paddr_t base,
                 const char *format, ...)
{
	va_list args;

	panic_begin("%s: %#lx bytes at %#lx: ", name, size, base);
	va_start(args, format);
	panic_end(format, &args);
}

bool is_refused(void (*run)(void *context), void *context)
{
	jmp_buf *outer = trial;
	jmp_buf target;
	volatile bool has_refused = true;

	trial = &target;
	if (setjmp(target) == 0) {
		run(context);
		has_refused = false;
	}
	trial = outer;
	return has_refused;
}

void refuse_about(const char *path)
{
	subject = path;
}

void refuse_usage(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(format, args);
	va_end(args);
	exit(EXIT_STATUS_USAGE);
}

void warn(const char *format, ...)
{
	va_list args;

	if (warnings.file == NULL)
		warnings.file = fmemopen(warnings.text, WARNINGS_SIZE_MAX, "w");
	if (warnings.file == NULL)
		return;
	va_start(args, format);
	print_line(warnings.file, "warning: ", format, args);
	va_end(args);
}

void print_warnings(void)
{
	if (warnings.file == NULL)
		return;
	fflush(warnings.file);
	end_progress_line();
	fputs(warnings.text, stderr);
}

void progress(const char *step, uint64_t done, uint64_t total)
{
	static int is_terminal = -1;

	if (is_terminal < 0)
		is_terminal = isatty(STDERR_FILENO);
	if (!is_terminal || total == 0)
		return;
	fprintf(stderr, "\r%s: %u%%\033[K", step,
	        (unsigned)(done * 100 / total));
	has_progress_line = true;
	if (done == total)
		end_progress_line();
}

void *allocate(uint64_t size)
{
	void *memory = NULL;

	if (size <= SIZE_MAX)
		memory = calloc(1, size > 0 ? size : 1);
	if (memory == NULL)
		refuse("memory: %#lx bytes: there are not as many",
		       (unsigned long)size);
	return memory;
}

struct bytes bytes_slice(const struct bytes *bytes, const char *name,
                         uint64_t offset, uint64_t size)
{
	if (!is_within(offset, size, bytes->size))
		refuse("%s: %#lx bytes at %#lx: there are only %#lx", name,
		       (unsigned long)size, (unsigned long)offset,
		       (unsigned long)bytes->size);
	return (struct bytes){ bytes->data + offset, size };
}
