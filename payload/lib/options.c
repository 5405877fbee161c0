/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/lib/options.c - parses a command line; see options.h */
#include "payload/lib/options.h"

#include <stdlib.h>

#define HELP_COLUMN 28

static void print_help_text(const char *text)
{
	for (; *text != '\0'; text++) {
		putchar(*text);
		if (*text == '\n')
			printf("%*s", HELP_COLUMN, "");
	}
	putchar('\n');
}

static void print_option(const struct option *option)
{
	int column;

	if (option->letter != 0)
		column = printf("  -%c, --%s", option->letter, option->name);
	else
		column = printf("      --%s", option->name);
	if (option->argument != NULL)
		column += printf(" %s", option->argument);
	if (column > HELP_COLUMN - 2) {
		putchar('\n');
		column = 0;
	}
	printf("%*s", HELP_COLUMN - column, "");
	print_help_text(option->help);
}

static NORETURN void print_help(const struct command_line *line)
{
	printf("Usage: directboot %s\n%s\n\nOptions:\n", line->usage,
	       line->summary);
	for (const struct option *o = line->options; o->name != NULL; o++)
		print_option(o);
	printf("  %-*s%s\n", HELP_COLUMN - 2, "-h, --help", "this text");
	output_check_stdout();
	exit(EXIT_STATUS_OK);
}

static void add(struct option_list *list, const char *name, const char *value)
{
	if (list->count == OPTION_LIST_MAX)
		refuse_usage("%s: more than %u", name, OPTION_LIST_MAX);
	list->items[list->count++] = value;
}

/*
 * Tells whether `word` is among words such as "one|two|three". If it is, *index
 * is its place in them.
 */
static bool find_word(unsigned *index, const char *words, const char *word)
{
	size_t length = strlen(word);

	for (*index = 0; words != NULL; ++*index) {
		size_t end = strcspn(words, "|");

		if (end == length && memcmp(words, word, length) == 0)
			return true;
		words = words[end] != '\0' ? words + end + 1 : NULL;
	}
	return false;
}

static unsigned find_choice(const struct option *option, const char *word)
{
	unsigned index;

	if (find_word(&index, option->argument, word) ||
	    find_word(&index, option->aliases, word))
		return index;
	refuse_usage("--%s: '%s' is not %s", option->name, word,
	             option->argument);
}

static void set(const struct option *option, const char *value)
{
	if (option->flag != NULL)
		*option->flag = true;
	else if (option->is_once && *option->string != NULL)
		refuse_usage("--%s: given twice: '%s' and '%s'", option->name,
		             *option->string, value);
	else if (option->string != NULL)
		*option->string = value;
	else if (option->list != NULL)
		add(option->list, option->name, value);
	else
		*option->choice = find_choice(option, value);
}

/* Finds "--name" or "-n". *rest is the value that follows in the same word. */
static const struct option *find(const struct command_line *line,
                                 const char *word, const char **rest)
{
	bool is_long = word[1] == '-';
	const char *name = word + (is_long ? 2 : 1);
	size_t length = is_long ? strcspn(name, "=") : 1;

	*rest = name + length;
	for (const struct option *o = line->options; o->name != NULL; o++) {
		if (is_long ? strlen(o->name) == length &&
		                      memcmp(o->name, name, length) == 0
		            : o->letter == *name)
			return o;
	}
	refuse_usage("%s: no such option; --help lists them", word);
}

static void parse_option(const struct command_line *line, char ***word)
{
	const char *rest;
	const struct option *option = find(line, **word, &rest);

	if (option->flag != NULL) {
		if (*rest != '\0')
			refuse_usage("--%s: takes no value", option->name);
	} else if (*rest != '\0') {
		rest += *rest == '=';
	} else {
		rest = *++*word;
		if (rest == NULL)
			refuse_usage("--%s: needs %s", option->name,
			             option->argument);
	}
	set(option, rest);
}

void options_parse(const struct command_line *line, int argc, char **argv)
{
	char **end = argv + argc;
	bool has_options = true;

	for (char **word = argv + 1; word < end; word++) {
		if (!has_options || (*word)[0] != '-' || (*word)[1] == '\0') {
			if (line->operands == NULL)
				refuse_usage("%s: not expected; see --help",
				             *word);
			add(line->operands, *word, *word);
		} else if (strcmp(*word, "--") == 0) {
			has_options = false;
		} else if (strcmp(*word, "--help") == 0 ||
		           strcmp(*word, "-h") == 0) {
			print_help(line);
		} else {
			parse_option(line, &word);
		}
	}
}
