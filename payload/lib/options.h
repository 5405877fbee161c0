/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/lib/options.h - a command's options: one table for parsing and help
 */
#ifndef PAYLOAD_LIB_OPTIONS_H
#define PAYLOAD_LIB_OPTIONS_H

#include "payload/lib/tool.h"

#define OPTION_LIST_MAX 64

struct option_list {
	unsigned count;
	const char *items[OPTION_LIST_MAX];
};

/* Exactly one of the pointers says where the value goes. */
struct option {
	const char *name;     /* long; NULL ends the table */
	char letter;          /* 0: has none */
	const char *argument; /* for the help; the words of a choice: "a|b" */
	const char *help;     /* lines separated by \n */
	bool *flag;           /* takes no argument */
	const char **string;  /* the last one counts, or */
	bool is_once;         /* there must not be two */
	struct option_list *list; /* of strings: given any number of times */
	unsigned *choice;         /* index of the word */
	const char *aliases;      /* of the words of a choice, in their order */
};

struct command_line {
	const char *usage;   /* "pack --kernel FILE -o FILE [options]" */
	const char *summary; /* what the command does */
	const struct option *options;
	struct option_list *operands; /* NULL: takes none */
};

/*
 * Sets all that the command line asks for. Prints help and exits for --help;
 * refuses what is not in the table.
 */
void options_parse(const struct command_line *line, int argc, char **argv);

#endif
