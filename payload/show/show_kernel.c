/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/show/show_kernel.c - prints what a kernel is, see show_kernel.h */
#include "payload/show/show_kernel.h"

#include "payload/lib/json_write.h"
#include "payload/read/lint.h"
#include "payload/read/open.h"
#include "payload/read/uki.h"

#define LINE_SIZE_MAX 256

/* Parts of a unified kernel image that directboot does not take. */
static const char *const skipped[] = { ".dtbauto", ".hwids", ".efifw" };

/*
 * Copies what follows `key` in a text of lines, as a profile's ID and TITLE
 * stand there. Returns NULL if no line starts so.
 */
static const char *find_line(char line[LINE_SIZE_MAX], const struct bytes *text,
                             const char *key)
{
	const char *at = (const char *)text->data;
	const char *end = at + text->size;
	size_t key_size = strlen(key);

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t size = (size_t)((stop != NULL ? stop : end) - at);

		if (size >= key_size && memcmp(at, key, key_size) == 0) {
			snprintf(line, LINE_SIZE_MAX, "%.*s",
			         (int)min_u64(size - key_size, LINE_SIZE_MAX),
			         at + key_size);
			return line;
		}
		at += size + 1;
	}
	return NULL;
}

/* What is told of a profile. Each is NULL if the profile does not say it. */
struct profile {
	const char *id;
	const char *title;
	const char *cmdline;
	char lines[3][LINE_SIZE_MAX];
};

static void open_profile(struct profile *profile,
                         const struct uki_profile *found)
{
	profile->id = find_line(profile->lines[0], &found->text, "ID=");
	profile->title = find_line(profile->lines[1], &found->text, "TITLE=");
	profile->cmdline = find_line(profile->lines[2], &found->cmdline, "");
}

static void print_profile(const struct uki_profile *found, unsigned index)
{
	struct profile profile = { 0 };

	open_profile(&profile, found);
	printf("profile %u: ", index);
	text_print(stdout, profile.id != NULL ? profile.id : "without an ID");
	if (profile.title != NULL) {
		fputs(", ", stdout);
		text_print(stdout, profile.title);
	}
	fputs(", command line: ", stdout);
	text_print(stdout, profile.cmdline != NULL ? profile.cmdline : "");
	putchar('\n');
}

static void print_uki(const struct bytes *file)
{
	struct uki_profile *profiles;
	unsigned count = uki_profiles(file, &profiles);

	for (unsigned i = 0; i < count; i++)
		print_profile(&profiles[i], i);
	for (unsigned i = 0; i < ARRAY_COUNT(skipped); i++)
		if (uki_has_section(file, skipped[i]))
			printf("not taken: %s\n", skipped[i]);
}

static void print_json_uki(const struct bytes *file)
{
	struct uki_profile *profiles;
	unsigned count = uki_profiles(file, &profiles);

	json_open_list("profiles");
	for (unsigned i = 0; i < count; i++) {
		struct profile profile = { 0 };

		open_profile(&profile, &profiles[i]);
		json_open_object(NULL);
		json_text("id", profile.id);
		json_text("title", profile.title);
		json_text("cmdline", profile.cmdline);
		json_close_object();
	}
	json_close_list();
	json_open_list("not_taken");
	for (unsigned i = 0; i < ARRAY_COUNT(skipped); i++)
		if (uki_has_section(file, skipped[i]))
			json_text(NULL, skipped[i]);
	json_close_list();
}

static void print_json(const char *path, const struct bytes *file,
                       const struct kernel_file *kernel, bool has_config)
{
	json_open_object(NULL);
	json_number("json_version", JSON_VERSION);
	json_text("file", path);
	json_text("kind", "kernel");
	json_text("arch", arch_name(kernel->arch));
	json_number("size", file->size);
	json_text("kernel", kernel->format);
	json_text("version", kernel_banner(&kernel->vmlinux));
	json_boolean("has_config", has_config);
	json_number("unpacked_size", kernel->vmlinux.size);
	if (uki_is(file))
		print_json_uki(file);
	json_close_object();
}

void show_kernel(const char *path, const struct bytes *file, bool wants_json)
{
	struct kernel_file kernel = { 0 };
	const char *version;
	bool has_config;
	char text[16];

	kernel_open(&kernel, *file, false);
	has_config = lint_find_config(&kernel.vmlinux).size > 0;
	if (wants_json) {
		print_json(path, file, &kernel, has_config);
		return;
	}
	version = kernel_banner(&kernel.vmlinux);
	text_print(stdout, path);
	printf(": kernel for %s, %s\n", arch_name(kernel.arch),
	       text_size(text, file->size));
	printf("kernel: %s, %s unpacked%s\nversion: ", kernel.format,
	       text_size(text, kernel.vmlinux.size),
	       has_config ? ", with its configuration" : "");
	text_print(stdout, version != NULL ? version : "unknown");
	putchar('\n');
	if (uki_is(file))
		print_uki(file);
}
