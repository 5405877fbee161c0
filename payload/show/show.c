/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/show/show.c - directboot show: tells what a file holds */
#include "payload/show/show.h"

#include "payload/judge/image.h"
#include "payload/lib/options.h"
#include "payload/show/show_igvm.h"
#include "payload/show/show_image.h"
#include "payload/show/show_kernel.h"

static void show_file(const char *path, const struct bytes *file,
                      bool wants_json)
{
	static struct igvm_own own;

	if (igvm_is(file) && !igvm_own_open(&own, file))
		show_igvm(path, &own.igvm, wants_json);
	else if (image_is(file))
		show_image(path, file, wants_json);
	else
		show_kernel(path, file, wants_json);
}

int show_main(int argc, char **argv)
{
	static struct option_list operands;
	static bool wants_json;
	static const struct option options[] = {
		{ "json", 'j', NULL, "as JSON, one object a file",
		  .flag = &wants_json },
		{ 0 },
	};
	static const struct command_line line = {
		.usage = "show [--json] FILE...",
		.summary = "Tells what packed files, bundles, blobs and "
			   "kernels hold.",
		.options = options,
		.operands = &operands,
	};

	options_parse(&line, argc, argv);
	if (operands.count == 0)
		refuse_usage("show: FILE is missing; see --help");
	for (unsigned i = 0; i < operands.count; i++) {
		const char *path = operands.items[i];
		struct bytes file = file_read(path);

		refuse_about(path);
		show_file(path, &file, wants_json);
		refuse_about(NULL);
	}
	return EXIT_STATUS_OK;
}
