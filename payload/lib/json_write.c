/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/lib/json_write.c - prints JSON, see json_write.h and RFC 8259 */
#include "payload/lib/json_write.h"

static unsigned depth;
static bool is_first = true; /* of its object or list */

static void print_string(const char *string)
{
	putchar('"');
	for (; *string != '\0'; string++) {
		unsigned char c = (unsigned char)*string;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			printf("\\u%04x", c);
		else
			putchar(c);
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
