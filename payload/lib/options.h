/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/lib/options.h - parses a command's options
 *
 * One table of options serves for parsing and for the help text.
 */
#ifndef PAYLOAD_LIB_OPTIONS_H
#define PAYLOAD_LIB_OPTIONS_H

#include "payload/lib/tool.h"

#define OPTION_LIST_MAX 64

struct option_list {
	unsigned count;
	const char *items[OPTION_LIST_MAX];
};

/* Exactly one of flag, string, list and choice says where the value goes. */
struct option {
	const char *name;     /* the long name; NULL ends the table */
	char letter;          /* the short name, or 0 */
	const char *argument; /* for the help; "a|b" for a choice */
	const char *help;     /* lines separated by \n */
	bool *flag;           /* for an option without an argument */
	const char **string;  /* for a string; the last one counts */
	bool is_once;         /* true if the string must not be given twice */
	struct option_list *list; /* for any number of strings */
	unsigned *choice;         /* for a choice: the index of the word */
	const char *aliases;      /* other words for the same choices */
};

struct command_line {
	const char *usage;   /* "pack --kernel FILE -o FILE [options]" */
	const char *summary; /* what the command does */
	const struct option *options;
	struct option_list *operands; /* NULL if the command takes none */
};

/*
 * Stores the values of all options. For --help, prints the help and exits.
 * Refuses an option that is not in the table.
 */
void options_parse(const struct command_line *line, int argc, char **argv);

#endif
