/* SPDX-License-Identifier: BSD-2-Clause */
/* common/describe/dt_writer.c - writes a device tree, see dt_writer.h */
#include "common/describe/dt_writer.h"

#include "common/lib/console.h"
#include "common/lib/string.h"

#define NAME_SIZE 48 /* bytes of a node name or path that is made here */

/* Until dt_write_finish(), the header has the size of the buffer. */
static void require(const void *fdt, int error)
{
	if (error == -FDT_ERR_NOSPACE)
		panic("fdt: more than %#x bytes for the kernel",
		      fdt_totalsize(fdt));
	if (error)
		panic("bug: fdt: libfdt's error %u", (uint32_t)-error);
}

void dt_write_start(void *fdt, uint32_t size)
{
	/* require() could not read the size: there is no header yet. */
	if (fdt_create_with_flags(fdt, (int)size,
	                          FDT_CREATE_FLAG_NO_NAME_DEDUP))
		panic("fdt: more than %#x bytes for the kernel", size);
}

void dt_write_reservation(void *fdt, const struct machine_range *range)
{
	require(fdt, fdt_add_reservemap_entry(fdt, range->base, range->size));
}

void dt_write_nodes(void *fdt)
{
	require(fdt, fdt_finish_reservemap(fdt));
}

void dt_write_finish(void *fdt)
{
	require(fdt, fdt_finish(fdt));
}

void dt_write_begin(void *fdt, const char *name)
{
	require(fdt, fdt_begin_node(fdt, name));
}

/* Writes "name@unit". The callers' names are short. */
static void make_full_name(char full[NAME_SIZE], const char *name,
                           uint64_t unit)
{
	uint32_t size = (uint32_t)strlen(name);

	check(size + 1 + STRING_NUMBER_MAX < NAME_SIZE);
	memcpy(full, name, size);
	full[size] = '@';
	string_put_number(full + size + 1, unit, 16);
}

void dt_write_begin_at(void *fdt, const char *name, uint64_t unit)
{
	char full[NAME_SIZE];

	make_full_name(full, name, unit);
	dt_write_begin(fdt, full);
}

void dt_write_begin_number(void *fdt, const char *name, uint32_t number)
{
	uint32_t size = (uint32_t)strlen(name);
	char full[NAME_SIZE];

	check(size + STRING_NUMBER_MAX < NAME_SIZE);
	memcpy(full, name, size);
	string_put_number(full + size, number, 10);
	dt_write_begin(fdt, full);
}

void dt_write_end(void *fdt)
{
	require(fdt, fdt_end_node(fdt));
}

void dt_write_bytes(void *fdt, const char *name, const void *data,
                    uint32_t size)
{
	require(fdt, fdt_property(fdt, name, data, (int)size));
}

void dt_write_empty(void *fdt, const char *name)
{
	dt_write_bytes(fdt, name, NULL, 0);
}

void dt_write_u32(void *fdt, const char *name, uint32_t value)
{
	require(fdt, fdt_property_u32(fdt, name, value));
}

void dt_write_u64(void *fdt, const char *name, uint64_t value)
{
	require(fdt, fdt_property_u64(fdt, name, value));
}

void dt_write_string(void *fdt, const char *name, const char *value)
{
	dt_write_bytes(fdt, name, value, (uint32_t)strlen(value) + 1);
}

void dt_write_path(void *fdt, const char *name, const char *node, uint64_t unit)
{
	char path[NAME_SIZE];

	make_full_name(path, node, unit);
	dt_write_string(fdt, name, path);
}

fdt32_t *dt_write_cells(void *fdt, const char *name, uint32_t count)
{
	void *cells;

	require(fdt, fdt_property_placeholder(fdt, name,
	                                      (int)(count * sizeof(fdt32_t)),
	                                      &cells));
	return cells;
}

fdt32_t *dt_put_u32(fdt32_t *cell, uint32_t value)
{
	fdt32_st(cell, value);
	return cell + 1;
}

fdt32_t *dt_put_u64(fdt32_t *cell, uint64_t value)
{
	cell = dt_put_u32(cell, (uint32_t)(value >> 32));
	return dt_put_u32(cell, (uint32_t)value);
}

void dt_write_reg(void *fdt, const struct machine_range *ranges, uint32_t count)
{
	fdt32_t *cell = dt_write_cells(fdt, "reg", count * 4);

	for (uint32_t i = 0; i < count; i++) {
		cell = dt_put_u64(cell, ranges[i].base);
		cell = dt_put_u64(cell, ranges[i].size);
	}
}
