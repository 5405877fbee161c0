/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/show/show_igvm.c - prints what an IGVM file holds */
#include "payload/show/show_igvm.h"

#include "payload/lib/json_write.h"

static const char *area_name(const struct igvm_area *area)
{
	const char *name = igvm_parameter_name(area->parameter);

	return name != NULL ? name : "nothing";
}

static void print_platforms(const struct igvm *igvm)
{
	fputs("platforms:", stdout);
	for (unsigned i = 0; i < igvm->platform_count; i++) {
		const struct igvm_platform *platform = &igvm->platforms[i];

		printf("%s %s (mask %#x, VTL %u)", i > 0 ? "," : "",
		       igvm_platform_name(platform->type), platform->mask,
		       platform->highest_vtl);
	}
	putchar('\n');
}

void show_igvm_text(const struct igvm *igvm)
{
	char text[16];

	printf("IGVM: version %u, %lu headers, %lu pages, %lu of them zeros, "
	       "%lu contexts%s",
	       igvm->version, (unsigned long)igvm->header_count,
	       (unsigned long)igvm->page_count, (unsigned long)igvm->zero_count,
	       (unsigned long)igvm->context_count,
	       igvm->movable_count > 0 ? ", may be moved" : "");
	if (igvm->other_count > 0)
		printf(", %lu headers of other types",
		       (unsigned long)igvm->other_count);
	putchar('\n');
	print_platforms(igvm);
	puts("the host fills:");
	for (unsigned i = 0; i < igvm->area_count; i++) {
		const struct igvm_area *area = &igvm->areas[i];

		printf("  %-14s %10s at %#lx\n", area_name(area),
		       text_size(text, area->size), (unsigned long)area->paddr);
	}
}

void show_igvm_json(const struct igvm *igvm)
{
	json_open_object("igvm");
	json_number("version", igvm->version);
	json_number("headers", igvm->header_count);
	json_number("pages", igvm->page_count);
	json_number("zero_pages", igvm->zero_count);
	json_number("contexts", igvm->context_count);
	json_boolean("may_be_moved", igvm->movable_count > 0);
	json_open_list("platforms");
	for (unsigned i = 0; i < igvm->platform_count; i++) {
		json_open_object(NULL);
		json_text("platform",
		          igvm_platform_name(igvm->platforms[i].type));
		json_number("mask", igvm->platforms[i].mask);
		json_number("vtl", igvm->platforms[i].highest_vtl);
		json_close_object();
	}
	json_close_list();
	json_open_list("areas");
	for (unsigned i = 0; i < igvm->area_count; i++) {
		json_open_object(NULL);
		json_text("parameter", area_name(&igvm->areas[i]));
		json_number("size", igvm->areas[i].size);
		json_number("paddr", igvm->areas[i].paddr);
		json_close_object();
	}
	json_close_list();
	json_close_object();
}

void show_igvm(const char *path, const struct igvm *igvm, bool wants_json)
{
	char text[16];

	if (wants_json) {
		json_open_object(NULL);
		json_number("json_version", JSON_VERSION);
		json_text("file", path);
		json_text("kind", "igvm");
		json_text("arch", arch_name(igvm->arch));
		json_number("size", igvm->file.size);
		show_igvm_json(igvm);
		json_close_object();
		return;
	}
	text_print(stdout, path);
	printf(": IGVM file for %s, %s, without a directboot blob\n",
	       arch_name(igvm->arch), text_size(text, igvm->file.size));
	show_igvm_text(igvm);
}
