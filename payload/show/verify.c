/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/show/verify.c - directboot verify: checks every byte of a file */
#include "payload/judge/proof.h"
#include "payload/lib/options.h"
#include "payload/show/show.h"

int verify_main(int argc, char **argv)
{
	static struct option_list operands;
	static const struct option options[] = { { 0 } };
	static const struct command_line line = {
		.usage = "verify FILE...",
		.summary = "Checks every byte of packed files and bundles.",
		.options = options,
		.operands = &operands,
	};

	options_parse(&line, argc, argv);
	if (operands.count == 0)
		refuse_usage("verify: FILE is missing; see --help");
	for (unsigned i = 0; i < operands.count; i++) {
		const char *path = operands.items[i];
		struct bytes file = file_read(path);
		struct image image;

		refuse_about(path);
		image_open(&image, file);
		image_prove(&image);
		refuse_about(NULL);
		text_print(stdout, path);
		puts(": good");
	}
	return EXIT_STATUS_OK;
}
