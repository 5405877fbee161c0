/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/show/extract.c - directboot extract: takes one part of a file out */
#include "payload/judge/image.h"
#include "payload/lib/options.h"
#include "payload/show/show.h"

enum part {
	PART_KERNEL,
	PART_INITRD,
	PART_CMDLINE,
	PART_DTB,
	PART_PLATFORM,
	PART_RELOCS,
	PART_BUNDLE,
	PART_BLOB,
};

static const char *path_out;
static unsigned part;

static struct bytes open_section(const struct image *image,
                                 enum bundle_section_type type)
{
	for (unsigned i = 0; i < image->header.section_count; i++) {
		struct bytes loaded;

		if (image->sections[i].type != type)
			continue;
		loaded = image_loaded(image, i);
		if (type == BUNDLE_SECTION_CMDLINE && loaded.size > 0)
			loaded.size--; /* The text has no NUL. */
		return loaded;
	}
	refuse("bundle: has no %s", section_name(type));
}

static struct bytes open_part(const struct image *image)
{
	static const enum bundle_section_type types[] = {
		[PART_KERNEL] = BUNDLE_SECTION_KERNEL,
		[PART_INITRD] = BUNDLE_SECTION_INITRD,
		[PART_CMDLINE] = BUNDLE_SECTION_CMDLINE,
		[PART_DTB] = BUNDLE_SECTION_DTB,
		[PART_PLATFORM] = BUNDLE_SECTION_PLATFORM,
		[PART_RELOCS] = BUNDLE_SECTION_RELOCS,
	};

	if (part == PART_BLOB)
		return image_bare_blob(image);
	if (part == PART_BUNDLE)
		return image->bundle;
	if (part == PART_KERNEL &&
	    image->header.kernel_kind == BUNDLE_KERNEL_SEGMENTS)
		return image_kernel(image);
	return open_section(image, types[part]);
}

int extract_main(int argc, char **argv)
{
	static struct option_list operands;
	static const struct option options[] = {
		{ "part", 'p',
		  "kernel|initrd|cmdline|dtb|platform|relocs|bundle|blob",
		  "which part (default: kernel); an unpacked kernel\n"
		  "as it will lie in RAM",
		  .choice = &part },
		{ "output", 'o', "FILE", "where to write; - is standard output",
		  .string = &path_out },
		{ 0 },
	};
	static const struct command_line line = {
		.usage = "extract [--part PART] -o OUTPUT FILE",
		.summary = "Takes one part of a packed file or bundle out.",
		.options = options,
		.operands = &operands,
	};
	struct image image;
	struct bytes file, bytes;

	options_parse(&line, argc, argv);
	if (operands.count != 1)
		refuse_usage("extract: one FILE, please; see --help");
	if (path_out == NULL)
		refuse_usage("extract: --output is missing; see --help");
	file = file_read(operands.items[0]);
	refuse_about(operands.items[0]);
	image_open(&image, file);
	refuse_about(NULL);
	/* A device or a file that is written in place would lose its bytes. */
	bytes = open_part(&image);
	output_open(path_out);
	output_write(bytes.data, bytes.size);
	output_close();
	return EXIT_STATUS_OK;
}
