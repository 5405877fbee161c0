/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/uki.c - reads a unified kernel image, see uki.h */
#include "payload/read/uki.h"

#include "common/payload/uki_file.h"

static bool open_file(struct uki_file *file, const struct bytes *bytes)
{
	return uki_file_is_at(bytes->data, bytes->size) &&
	       uki_file_open(file, bytes->data, bytes->size);
}

static unsigned count_sections(const struct uki_file *file, const char *name)
{
	unsigned count = 0;

	for (uint32_t i = 0; i < file->section_count; i++)
		count += strncmp(uki_file_name(file, i), name,
		                 UKI_NAME_SIZE - 1) == 0;
	return count;
}

static struct bytes find(const struct uki_file *file, const char *name)
{
	char padded[UKI_NAME_SIZE] = "";
	struct uki_section section;

	memcpy(padded, name, strlen(name));
	if (!uki_file_find(&section, file, padded))
		return (struct bytes){ 0 };
	return (struct bytes){ section.data, section.size };
}

bool uki_is(const struct bytes *bytes)
{
	struct uki_file file;

	return open_file(&file, bytes) && count_sections(&file, ".linux") > 0;
}

bool uki_has_section(const struct bytes *bytes, const char *name)
{
	struct uki_file file;

	return open_file(&file, bytes) && count_sections(&file, name) > 0;
}

static bool starts_profile(const struct uki_file *file, uint32_t index)
{
	return strncmp(uki_file_name(file, index), ".profile",
	               UKI_NAME_SIZE - 1) == 0;
}

/* Returns the file as if it had only the sections [start, end). */
static struct uki_file narrow(const struct uki_file *file, uint32_t start,
                              uint32_t end)
{
	struct uki_file part = *file;

	part.sections = (const uint8_t *)uki_file_name(file, start);
	part.section_count = end - start;
	return part;
}

/* Returns the first section from `start` on that starts a profile, or the end.
 */
static uint32_t find_profile(const struct uki_file *file, uint32_t start)
{
	while (start < file->section_count && !starts_profile(file, start))
		start++;
	return start;
}

unsigned uki_profiles(const struct bytes *bytes, struct uki_profile **profiles)
{
	struct uki_file file, part;
	struct uki_profile *profile;
	struct bytes base;
	uint32_t start, end;

	if (!open_file(&file, bytes))
		return 0;
	profile =
		allocate(count_sections(&file, ".profile") * sizeof(*profile));
	*profiles = profile;
	start = find_profile(&file, 0);
	part = narrow(&file, 0, start);
	base = find(&part, ".cmdline");
	for (; start < file.section_count; start = end, profile++) {
		end = find_profile(&file, start + 1);
		part = narrow(&file, start, end);
		profile->text = find(&part, ".profile");
		profile->cmdline = find(&part, ".cmdline");
		if (profile->cmdline.data == NULL)
			profile->cmdline = base;
	}
	return (unsigned)(profile - *profiles);
}

struct bytes uki_open_parts(struct kernel_file *kernel,
                            const struct bytes *bytes)
{
	struct uki_file file;
	unsigned count;

	kernel_describe(kernel, "unified kernel image");
	kernel->is_uki = true;
	if (!open_file(&file, bytes))
		return (struct bytes){ 0 };
	count = count_sections(&file, ".profile");
	if (kernel->profile > 0 && kernel->profile >= count)
		refuse("kernel: unified kernel image of %u profiles: has no "
		       "profile %u",
		       count, kernel->profile);
	file.profile = kernel->profile;
	kernel->microcode = find(&file, ".ucode");
	kernel->initrd = find(&file, ".initrd");
	kernel->cmdline = find(&file, ".cmdline");
	kernel->dtb = find(&file, ".dtb");
	return find(&file, ".linux");
}
