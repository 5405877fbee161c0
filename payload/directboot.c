/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/directboot.c - the host tool: makes and examines files that boot
 *
 * The exit status is 0 if all went well, 1 if the tool refused something (one
 * line says why), and 2 for wrong usage. `run` has more.
 */
#include "common/spec/bundle.h"
#include "payload/lib/tool.h"
#include "payload/run/run.h"
#include "payload/show/show.h"
#include "payload/write/pack.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "pack", pack_main, "make one file that boots, from a kernel" },
	{ "show", show_main, "tell what a file holds" },
	{ "extract", extract_main, "take the parts of a file out" },
	{ "verify", verify_main, "check every byte of a file" },
	{ "run", run_main, "boot a file in QEMU, as a test does" },
};

static void print_help(FILE *file)
{
	fputs("Usage: directboot COMMAND [options]\n"
	      "Boots Linux without firmware: packs a kernel into a ROM.\n\n",
	      file);
	for (unsigned i = 0; i < ARRAY_COUNT(commands); i++)
		fprintf(file, "  %-10s%s\n", commands[i].name,
		        commands[i].help);
	fputs("\ndirectboot COMMAND --help tells about one; --version prints "
	      "the version.\n",
	      file);
}

static int run(const struct command *command, int argc, char **argv)
{
	int status = command->run(argc, argv);

	output_check_stdout();
	print_warnings();
	return status;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	signals_open();
	if (name == NULL) {
		print_help(stderr);
		return EXIT_STATUS_USAGE;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 ||
	    strcmp(name, "help") == 0) {
		print_help(stdout);
		output_check_stdout();
		return EXIT_STATUS_OK;
	}
	if (strcmp(name, "--version") == 0) {
		printf("directboot %s, bundle version %d\n", TOOL_VERSION,
		       BUNDLE_VERSION);
		output_check_stdout();
		return EXIT_STATUS_OK;
	}
	for (unsigned i = 0; i < ARRAY_COUNT(commands); i++)
		if (strcmp(name, commands[i].name) == 0)
			return run(&commands[i], argc - 1, argv + 1);
	refuse_usage("%s: no such command; --help lists them", name);
}
