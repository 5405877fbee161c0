/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/show/show.c - directboot show: tells what a file holds */
#include "payload/show/show.h"

#include <stdlib.h>

#include "payload/judge/elf_door.h"
#include "payload/judge/image.h"
#include "payload/judge/trial.h"
#include "payload/lib/options.h"
#include "payload/read/bzimage.h"
#include "payload/read/lint.h"
#include "payload/read/open.h"

#define MIB 0x100000

static bool wants_json;

/* Both kinds of output need these. */
struct findings {
	const struct image *image;
	const char *path;
	const char *version; /* the kernel's, or NULL */
	const char *cmdline; /* the command line, or NULL */
	char pin[65];        /* digest of the pinned bundle, or "" */
	char digest[65];     /* digest of the whole bundle, for --pin */
	uint64_t ram_size;   /* bytes that loading takes at least */
};

static const char *kernel_kind_name(uint32_t kind)
{
	static const char *const names[BUNDLE_KERNEL_KIND_COUNT] = {
		"none",
		"unpacked vmlinux",
		"bzImage",
		"arm64 Image",
	};

	return names[kind];
}

static const char *compression_name(uint32_t compression)
{
	static const char *const names[BUNDLE_COMPRESSION_COUNT] = {
		"none",
		"lz4",
		"zstd",
	};

	return names[compression];
}

static const char *on_error_name(uint32_t on_error)
{
	static const char *const names[BUNDLE_ON_ERROR_COUNT] = {
		"halt",
		"poweroff",
		"reset",
	};

	return names[on_error];
}

static const char *find_version(const struct image *image, unsigned index)
{
	struct bytes loaded = image_loaded(image, index);

	if (image->header.kernel_kind == BUNDLE_KERNEL_BZIMAGE)
		return bzimage_is(&loaded) ? bzimage_version(&loaded) : NULL;
	return kernel_banner(&loaded);
}

static void find(struct findings *findings, unsigned index)
{
	const struct image *image = findings->image;
	const struct bundle_section *section = &image->sections[index];

	switch (section->type) {
	case BUNDLE_SECTION_KERNEL_SEGMENT:
	case BUNDLE_SECTION_KERNEL:
		if (findings->version == NULL)
			findings->version = find_version(image, index);
		break;
	case BUNDLE_SECTION_CMDLINE:
		findings->cmdline =
			(const char *)image_stored(image, index).data;
		if (memchr(findings->cmdline, '\0', section->size) == NULL)
			refuse("bundle: command line: has no end");
		break;
	case BUNDLE_SECTION_PIN:
		if (section->size == SHA256_SIZE)
			text_digest(findings->pin,
			            image_stored(image, index).data);
		break;
	default:
		break;
	}
}

static void find_digest(struct findings *findings)
{
	const struct bytes *bundle = &findings->image->bundle;
	uint8_t digest[SHA256_SIZE];

	sha256(digest, bundle->data, bundle->size);
	text_digest(findings->digest, digest);
}

static const char *file_kind(const struct image *image)
{
	if (image->blob.size == 0)
		return "bundle";
	return image->bundle.size == 0 ? "blob" : "blob and bundle";
}

/* Lists the ways in which a VMM can start the file. */
static const char *doors(const struct image *image)
{
	static char text[64];
	struct bytes start = { image->file.data, image->file.size };

	if (image->blob.size == 0)
		return "none of its own";
	if (image->arch == BUNDLE_ARCH_AARCH64)
		return "reset, Linux Image";
	snprintf(text, sizeof(text), "reset%s%s%s",
	         start.size == BUNDLE_LOW_BIOS_SIZE ? ", low BIOS" : "",
	         elf_door_is_in(&start) ? ", PVH, 64-bit Linux" : "",
	         elf_door_has_bzimage(&start) ? ", bzImage" : "");
	return text;
}

static void print_section(const struct image *image, unsigned index)
{
	const struct bundle_section *section = &image->sections[index];
	char stored[16];
	char loaded[16];
	char digest[65];

	printf("  %-14s %-4s %10s -> %10s", section_name(section->type),
	       compression_name(section->compression),
	       text_size(stored, section->stored_size),
	       text_size(loaded, section->size));
	if (section->type == BUNDLE_SECTION_KERNEL_SEGMENT)
		printf(" in %#lx at %#lx", section->memory_size,
		       section->paddr);
	if ((section->flags & BUNDLE_SECTION_HAS_SHA256) != 0)
		printf("\n    sha256 %s", text_digest(digest, section->sha256));
	putchar('\n');
}

/* Says which tables describe the machine to the kernel. */
static const char *description(const struct bundle_header *header)
{
	if ((header->flags & BUNDLE_FLAG_DEVICE_TREE) != 0)
		return "device-tree";
	return (header->flags & BUNDLE_FLAG_VMM_ACPI) != 0 ? "acpi=vmm"
	                                                   : "acpi=own";
}

static void print_kernel(const struct findings *findings)
{
	const struct bundle_header *header = &findings->image->header;
	char text[16];

	printf("kernel: %s", kernel_kind_name(header->kernel_kind));
	if (header->kernel_kind == BUNDLE_KERNEL_SEGMENTS)
		printf(", entry %#lx", header->entry);
	printf("\nversion: %s\ncommand line: %s\n"
	       "RAM to load it: %s\n",
	       findings->version != NULL ? findings->version : "unknown",
	       findings->cmdline != NULL ? findings->cmdline : "",
	       text_size(text, align_up(findings->ram_size, MIB)));
}

static void print_text(const struct findings *findings)
{
	const struct image *image = findings->image;
	const struct bundle_header *header = &image->header;
	char text[16];

	printf("%s: %s for %s, %s\n", findings->path, file_kind(image),
	       arch_name(image->arch), text_size(text, image->file.size));
	printf("doors: %s\n", doors(image));
	if (image->bundle.size == 0)
		return;
	if (header->kernel_kind != BUNDLE_KERNEL_NONE)
		print_kernel(findings);
	printf("options:%s%s on-error=%s%s\n",
	       header->kernel_kind != BUNDLE_KERNEL_NONE ? " " : "",
	       header->kernel_kind != BUNDLE_KERNEL_NONE ? description(header)
	                                                 : "",
	       on_error_name(header->on_error),
	       (header->flags & BUNDLE_FLAG_VERBOSE) ? " verbose" : "");
	if (findings->pin[0] != '\0')
		printf("takes only the bundle with SHA-256 %s\n",
		       findings->pin);
	printf("bundle: version %u, %s, sha256 %s, sections:\n",
	       header->version, text_size(text, header->total_size),
	       findings->digest);
	for (unsigned i = 0; i < header->section_count; i++)
		print_section(image, i);
}

static void print_json_string(const char *name, const char *value)
{
	printf("  \"%s\": ", name);
	if (value != NULL)
		json_string(stdout, value);
	else
		fputs("null", stdout);
	fputs(",\n", stdout);
}

static void print_json_section(const struct image *image, unsigned index)
{
	const struct bundle_section *section = &image->sections[index];
	char digest[65];

	printf("%s\n    { \"type\": \"%s\", \"compression\": \"%s\", "
	       "\"offset\": %lu, \"stored_size\": %lu, \"size\": %lu, "
	       "\"memory_size\": %lu, \"paddr\": %lu, \"crc32c\": %u, "
	       "\"sha256\": ",
	       index > 0 ? "," : "", section_name(section->type),
	       compression_name(section->compression), section->offset,
	       section->stored_size, section->size, section->memory_size,
	       section->paddr, section->checksum.crc32c);
	if ((section->flags & BUNDLE_SECTION_HAS_SHA256) != 0)
		printf("\"%s\" }", text_digest(digest, section->sha256));
	else
		printf("null }");
}

static void print_json(const struct findings *findings)
{
	const struct image *image = findings->image;
	const struct bundle_header *header = &image->header;

	fputs("{\n", stdout);
	print_json_string("file", findings->path);
	print_json_string("kind", file_kind(image));
	print_json_string("arch", arch_name(image->arch));
	print_json_string("doors", doors(image));
	if (image->bundle.size > 0) {
		print_json_string("kernel",
		                  kernel_kind_name(header->kernel_kind));
		print_json_string("version", findings->version);
		print_json_string("cmdline", findings->cmdline);
		print_json_string(
			"pin", findings->pin[0] != '\0' ? findings->pin : NULL);
		print_json_string("on_error", on_error_name(header->on_error));
		print_json_string("description", description(header));
		print_json_string("sha256", findings->digest);
		printf("  \"entry\": %lu,\n  \"flags\": %u,\n"
		       "  \"bundle_version\": %u,\n  \"bundle_size\": %lu,\n"
		       "  \"ram_size\": %lu,\n",
		       header->entry, header->flags, header->version,
		       header->total_size, findings->ram_size);
	}
	printf("  \"size\": %lu,\n  \"sections\": [", image->file.size);
	for (unsigned i = 0; i < header->section_count; i++)
		print_json_section(image, i);
	printf("%s]\n}\n", header->section_count > 0 ? "\n  " : "");
}

void show_kernel(const char *path, const struct bytes *file)
{
	struct kernel_file kernel = { 0 };
	const char *version;
	bool has_config;
	char text[16];

	kernel_open(&kernel, *file, false);
	version = kernel_banner(&kernel.vmlinux);
	has_config = lint_find_config(&kernel.vmlinux).size > 0;
	if (wants_json) {
		fputs("{\n", stdout);
		print_json_string("file", path);
		print_json_string("kind", "kernel");
		print_json_string("arch", arch_name(kernel.arch));
		print_json_string("kernel", kernel.format);
		print_json_string("version", version);
		printf("  \"has_config\": %s,\n  \"size\": %lu,\n"
		       "  \"unpacked_size\": %lu\n}\n",
		       has_config ? "true" : "false", file->size,
		       kernel.vmlinux.size);
		return;
	}
	printf("%s: kernel for %s, %s\n", path, arch_name(kernel.arch),
	       text_size(text, file->size));
	printf("kernel: %s, %s unpacked%s\nversion: %s\n", kernel.format,
	       text_size(text, kernel.vmlinux.size),
	       has_config ? ", with its configuration" : "",
	       version != NULL ? version : "unknown");
}

static uint64_t find_ram_size(const struct image *image)
{
	struct trial *trial = allocate(sizeof(*trial));

	trial_open_image(trial, image);
	return trial_ram_size(trial);
}

void show_image(const char *path, const struct bytes *file)
{
	struct image image;
	struct findings findings = { .image = &image, .path = path };

	image_open(&image, *file);
	for (unsigned i = 0; i < image.header.section_count; i++)
		find(&findings, i);
	findings.ram_size = find_ram_size(&image);
	if (image.bundle.size > 0)
		find_digest(&findings);
	if (wants_json)
		print_json(&findings);
	else
		print_text(&findings);
}

int show_main(int argc, char **argv)
{
	static struct option_list operands;
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
		if (image_is(&file))
			show_image(path, &file);
		else
			show_kernel(path, &file);
	}
	return EXIT_STATUS_OK;
}
