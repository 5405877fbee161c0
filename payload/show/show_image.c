/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/show/show_image.c - prints what a blob or a bundle is */
#include "payload/show/show_image.h"

#include "payload/lib/json_write.h"
#include "payload/show/findings.h"
#include "payload/show/show_igvm.h"

#define MIB 0x100000

static void print_section(const struct bundle_section *section)
{
	char stored[16];
	char loaded[16];
	char digest[65];

	printf("  %-14s %-4s %10s -> %10s", section_name(section->type),
	       findings_compression_name(section->compression),
	       text_size(stored, section->stored_size),
	       text_size(loaded, section->size));
	if (section->type == BUNDLE_SECTION_KERNEL_SEGMENT)
		printf(" in %#lx at %#lx", section->memory_size,
		       section->paddr);
	if ((section->flags & BUNDLE_SECTION_HAS_SHA256) != 0)
		printf("\n    sha256 %s", text_digest(digest, section->sha256));
	putchar('\n');
}

static void print_kernel(const struct findings *findings)
{
	const struct bundle_header *header = &findings->image.header;
	char text[16];

	printf("kernel: %s", findings_kernel_name(header->kernel_kind));
	if (header->kernel_kind == BUNDLE_KERNEL_SEGMENTS)
		printf(", entry %#lx", header->entry);
	fputs("\nversion: ", stdout);
	text_print(stdout,
	           findings->version != NULL ? findings->version : "unknown");
	fputs("\ncommand line: ", stdout);
	text_print(stdout, findings->cmdline != NULL ? findings->cmdline : "");
	printf("\nRAM to load it: %s",
	       text_size(text, align_up(findings->ram_size, MIB)));
	if (findings->elf_ram_size > 0)
		printf("; as an ELF kernel %s, and 17 MiB more for SeaBIOS",
		       text_size(text, align_up(findings->elf_ram_size, MIB)));
	putchar('\n');
}

static void print_paravisor(const struct bundle_paravisor *paravisor)
{
	char text[16];

	printf("paravisor: %s of RAM",
	       paravisor->memory_size > 0
	               ? text_size(text, paravisor->memory_size)
	               : "what the host says, or all");
	if (paravisor->chunk_max > 0)
		printf(", chunks of at most %u CPUs", paravisor->chunk_max);
	putchar('\n');
}

static void print_bundle(const struct findings *findings)
{
	const struct bundle_header *header = &findings->image.header;
	bool has_kernel = header->kernel_kind != BUNDLE_KERNEL_NONE;
	char text[16];

	if (has_kernel)
		print_kernel(findings);
	printf("options:%s%s on-error=%s%s\n", has_kernel ? " " : "",
	       has_kernel ? findings->description : "",
	       findings_on_error_name(header->on_error),
	       (header->flags & BUNDLE_FLAG_VERBOSE) ? " verbose" : "");
	if (findings->paravisor != NULL)
		print_paravisor(findings->paravisor);
	if (findings->pin[0] != '\0')
		printf("takes only the bundle with SHA-256 %s%s\n",
		       findings->pin,
		       (header->flags & BUNDLE_FLAG_ALLOW_APPEND)
		               ? ", and words of one boot for its command line"
		               : "");
	printf("bundle: version %u, %s, sha256 %s, sections:\n",
	       header->version, text_size(text, header->total_size),
	       findings->digest);
	for (unsigned i = 0; i < header->section_count; i++)
		print_section(&findings->image.sections[i]);
}

static void print_text(const struct findings *findings)
{
	const struct image *image = &findings->image;
	const char *const *doors = findings->doors;
	char text[16];

	text_print(stdout, findings->path);
	printf(": %s%s for %s, %s\n", findings->kind,
	       image->igvm != NULL ? " in an IGVM file" : "",
	       arch_name(image->arch), text_size(text, findings->file.size));
	printf("doors: %s", doors[0] != NULL ? doors[0] : "none of its own");
	for (unsigned i = 1; doors[0] != NULL && doors[i] != NULL; i++)
		printf(", %s", doors[i]);
	putchar('\n');
	if (image->igvm != NULL)
		show_igvm_text(&image->igvm->igvm);
	if (image->bundle.size > 0)
		print_bundle(findings);
	if (image->blob.size == 0)
		return;
	fputs("VMMs: ", stdout);
	vmm_print_fitting(stdout, &findings->file);
	putchar('\n');
}

static void print_json_section(const struct bundle_section *section)
{
	bool has_digest = (section->flags & BUNDLE_SECTION_HAS_SHA256) != 0;
	char digest[65];

	json_open_object(NULL);
	json_text("type", section_name(section->type));
	json_text("compression",
	          findings_compression_name(section->compression));
	json_number("offset", section->offset);
	json_number("stored_size", section->stored_size);
	json_number("size", section->size);
	json_number("memory_size", section->memory_size);
	json_number("paddr", section->paddr);
	json_number("crc32c", section->checksum.crc32c);
	json_text("sha256",
	          has_digest ? text_digest(digest, section->sha256) : NULL);
	json_close_object();
}

static void print_json_flags(uint32_t flags)
{
	json_open_list("flags");
	if ((flags & BUNDLE_FLAG_VERBOSE) != 0)
		json_text(NULL, "verbose");
	if ((flags & BUNDLE_FLAG_DEVICE_TREE) != 0)
		json_text(NULL, "device-tree");
	if ((flags & BUNDLE_FLAG_VMM_ACPI) != 0)
		json_text(NULL, "acpi-vmm");
	if ((flags & BUNDLE_FLAG_PARAVISOR) != 0)
		json_text(NULL, "paravisor");
	if ((flags & BUNDLE_FLAG_ALLOW_APPEND) != 0)
		json_text(NULL, "allow-append");
	json_close_list();
}

static void print_json_bundle(const struct findings *findings)
{
	const struct bundle_header *header = &findings->image.header;

	json_text("kernel", findings_kernel_name(header->kernel_kind));
	json_text("version", findings->version);
	json_text("cmdline", findings->cmdline);
	json_text("pin", findings->pin[0] != '\0' ? findings->pin : NULL);
	json_text("on_error", findings_on_error_name(header->on_error));
	json_text("description", findings->description);
	print_json_flags(header->flags);
	json_text("sha256", findings->digest);
	json_number("entry", header->entry);
	json_number("bundle_version", header->version);
	json_number("bundle_size", header->total_size);
	json_number("ram_size", findings->ram_size);
	json_number("elf_ram_size", findings->elf_ram_size);
}

static void print_json_vmms(const struct findings *findings)
{
	unsigned index = 0;
	const char *name;

	json_open_list("vmms");
	while (findings->image.blob.size > 0 &&
	       (name = vmm_next_fitting(&findings->file, &index)) != NULL)
		json_text(NULL, name);
	json_close_list();
}

static void print_json(const struct findings *findings)
{
	const struct image *image = &findings->image;

	json_open_object(NULL);
	json_number("json_version", JSON_VERSION);
	json_text("file", findings->path);
	json_text("kind", findings->kind);
	json_text("arch", arch_name(image->arch));
	json_number("size", findings->file.size);
	json_open_list("doors");
	for (unsigned i = 0; findings->doors[i] != NULL; i++)
		json_text(NULL, findings->doors[i]);
	json_close_list();
	print_json_vmms(findings);
	if (image->igvm != NULL)
		show_igvm_json(&image->igvm->igvm);
	if (image->bundle.size > 0)
		print_json_bundle(findings);
	json_open_list("sections");
	for (unsigned i = 0; i < image->header.section_count; i++)
		print_json_section(&image->sections[i]);
	json_close_list();
	json_close_object();
}

void show_image(const char *path, const struct bytes *file, bool wants_json)
{
	static struct findings findings;

	findings_open(&findings, path, file);
	if (wants_json)
		print_json(&findings);
	else
		print_text(&findings);
}
