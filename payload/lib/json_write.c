/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/lib/json_write.c - prints JSON, see json_write.h and RFC 8259 */
#include "payload/lib/json_write.h"

static unsigned depth;
static bool is_first = true; /* of its object or list */

/* What is no character of UTF-8 is told byte by byte, as U+0080 and so on. */
static void print_string(const char *string)
{
	unsigned size;

	putchar('"');
	for (; *string != '\0'; string += max_u64(size, 1)) {
		size = text_character_size(string);
		if (size == 0)
			printf("\\u%04x", (unsigned char)*string);
		else if (*string == '"' || *string == '\\')
			printf("\\%c", *string);
		else
			fwrite(string, 1, size, stdout);
	}
	putchar('"');
}

static void start(const char *name)
{
	if (!is_first)
		putchar(',');
	if (depth > 0)
		printf("\n%*s", 2 * (int)depth, "");
	is_first = false;
	if (name == NULL)
		return;
	print_string(name);
	fputs(": ", stdout);
}

static void open(const char *name, char bracket)
{
	start(name);
	putchar(bracket);
	depth++;
	is_first = true;
}

static void close(char bracket)
{
	depth--;
	if (!is_first)
		printf("\n%*s", 2 * (int)depth, "");
	putchar(bracket);
	/* Objects of several files are lines of their own. */
	is_first = depth == 0;
	if (depth == 0)
		putchar('\n');
}

void json_open_object(const char *name)
{
	open(name, '{');
}

void json_close_object(void)
{
	close('}');
}

void json_open_list(const char *name)
{
	open(name, '[');
}

void json_close_list(void)
{
	close(']');
}

void json_text(const char *name, const char *text)
{
	start(name);
	if (text != NULL)
		print_string(text);
	else
		fputs("null", stdout);
}

void json_number(const char *name, uint64_t number)
{
	start(name);
	printf("%lu", (unsigned long)number);
}

void json_boolean(const char *name, bool value)
{
	start(name);
	fputs(value ? "true" : "false", stdout);
}
