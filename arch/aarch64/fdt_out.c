/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/fdt_out.c - writes a device tree in sequence, see fdt_out.h */
#include "arch/aarch64/fdt_out.h"

#include <libfdt.h>

#include "common/console.h"
#include "common/string.h"

#define NAME_MAX_SIZE 48

/* Values lie at multiples of 4. */
struct out_cell {
	uint32_t value;
} __attribute__((may_alias));

static void require(const struct fdt_out *out, int error)
{
	if (error)
		panic("fdt: of %#x bytes for the kernel: libfdt error %u",
		      out->size, (unsigned)-error);
}

void fdt_out_open(struct fdt_out *out, void *buffer, uint32_t size)
{
	out->fdt = buffer;
	out->size = size;
	/* Names are seldom written twice, and looking for them is slow. */
	require(out, fdt_create_with_flags(buffer, (int)size,
	                                   FDT_CREATE_FLAG_NO_NAME_DEDUP));
	require(out, fdt_finish_reservemap(buffer));
	fdt_out_begin(out, "");
}

uint32_t fdt_out_close(struct fdt_out *out)
{
	fdt_out_end(out);
	require(out, fdt_finish(out->fdt));
	return fdt_totalsize(out->fdt);
}

void fdt_out_begin(struct fdt_out *out, const char *name)
{
	require(out, fdt_begin_node(out->fdt, name));
}

/* "name@unit", the unit in hexadecimal. */
static void make_name(char full[NAME_MAX_SIZE], const char *name, uint64_t unit)
{
	uint32_t size = strlen(name);
	uint32_t digits = 1;

	while (digits < 16 && unit >> 4 * digits)
		digits++;
	check(size + 1 + digits < NAME_MAX_SIZE);
	memcpy(full, name, size);
	full[size++] = '@';
	while (digits)
		full[size++] = "0123456789abcdef"[unit >> 4 * --digits & 15];
	full[size] = 0;
}

void fdt_out_begin_at(struct fdt_out *out, const char *name, uint64_t unit)
{
	char full[NAME_MAX_SIZE];

	make_name(full, name, unit);
	fdt_out_begin(out, full);
}

void fdt_out_begin_number(struct fdt_out *out, const char *name,
                          uint32_t number)
{
	char full[NAME_MAX_SIZE];
	uint32_t size = strlen(name), digits = 1;

	for (uint32_t rest = number; rest >= 10; rest /= 10)
		digits++;
	check(size + digits < NAME_MAX_SIZE);
	memcpy(full, name, size);
	full[size + digits] = 0;
	for (; digits; digits--, number /= 10)
		full[size + digits - 1] = (char)('0' + number % 10);
	fdt_out_begin(out, full);
}

void fdt_out_end(struct fdt_out *out)
{
	require(out, fdt_end_node(out->fdt));
}

void fdt_out_bytes(struct fdt_out *out, const char *name, const void *data,
                   uint32_t size)
{
	void *value;

	require(out,
	        fdt_property_placeholder(out->fdt, name, (int)size, &value));
	memcpy(value, data, size);
}

void fdt_out_empty(struct fdt_out *out, const char *name)
{
	fdt_out_bytes(out, name, "", 0);
}

void fdt_out_u32(struct fdt_out *out, const char *name, uint32_t value)
{
	fdt32_t cell = cpu_to_fdt32(value);

	fdt_out_bytes(out, name, &cell, sizeof(cell));
}

void fdt_out_u64(struct fdt_out *out, const char *name, uint64_t value)
{
	fdt64_t cells = cpu_to_fdt64(value);

	fdt_out_bytes(out, name, &cells, sizeof(cells));
}

void fdt_out_string(struct fdt_out *out, const char *name, const char *value)
{
	fdt_out_bytes(out, name, value, (uint32_t)strlen(value) + 1);
}

void fdt_out_path(struct fdt_out *out, const char *name, const char *node,
                  uint64_t unit)
{
	char full[NAME_MAX_SIZE];

	make_name(full, node, unit);
	fdt_out_string(out, name, full);
}

struct fdt_out_cells fdt_out_cells(struct fdt_out *out, const char *name,
                                   uint32_t count)
{
	void *value;

	require(out, fdt_property_placeholder(out->fdt, name,
	                                      (int)(count * sizeof(fdt32_t)),
	                                      &value));
	return (struct fdt_out_cells){ value };
}

void fdt_out_add_u32(struct fdt_out_cells *cells, uint32_t value)
{
	((struct out_cell *)cells->next)->value = cpu_to_fdt32(value);
	cells->next += sizeof(fdt32_t);
}

void fdt_out_add_u64(struct fdt_out_cells *cells, uint64_t value)
{
	fdt_out_add_u32(cells, (uint32_t)(value >> 32));
	fdt_out_add_u32(cells, (uint32_t)value);
}

/* libfdt's objects are built to call it. */
NORETURN void __stack_chk_fail(void);

void __stack_chk_fail(void)
{
	panic("fdt: stack overrun in libfdt");
}
