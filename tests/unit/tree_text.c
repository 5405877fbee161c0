/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/tree_text.c - a device tree as text, see tree_text.h */
#include "tests/unit/tree_text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <libfdt.h>

static char text[0x10000];
static size_t used;

static void __attribute__((format(printf, 1, 2))) add(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	used += (size_t)vsnprintf(text + used, sizeof(text) - used, format,
	                          arguments);
	va_end(arguments);
	if (used >= sizeof(text))
		used = sizeof(text) - 1;
}

/* Tells whether these are strings, none of which is empty. */
static bool are_strings(const char *value, int size)
{
	if (!size || value[size - 1])
		return false;
	for (int i = 0; i < size; i++) {
		if (value[i] ? !isprint((unsigned char)value[i])
		             : !i || !value[i - 1])
			return false;
	}
	return true;
}

static void add_value(const char *value, int size)
{
	if (are_strings(value, size)) {
		for (const char *s = value; s < value + size;
		     s += strlen(s) + 1)
			add(" \"%s\"", s);
		return;
	}
	for (int i = 0; i + 4 <= size; i += 4)
		add(" %x", fdt32_ld((const fdt32_t *)(value + i)));
	if (size % 4)
		add(" and %d bytes", size % 4);
}

static void add_node(const void *fdt, int node)
{
	char path[256] = "";
	int property, child, size;

	fdt_get_path(fdt, node, path, sizeof(path));
	add("%s\n", path);
	fdt_for_each_property_offset(property, fdt, node)
	{
		const char *name;
		const char *value =
			fdt_getprop_by_offset(fdt, property, &name, &size);

		add(" %s", name);
		add_value(value, size);
		add("\n");
	}
	fdt_for_each_subnode(child, fdt, node) add_node(fdt, child);
}

const char *tree_text(const void *fdt, const char *path)
{
	int node = fdt_path_offset(fdt, path);

	used = 0;
	text[0] = 0;
	if (node < 0)
		add("%s: no such node\n", path);
	else
		add_node(fdt, node);
	return text;
}
