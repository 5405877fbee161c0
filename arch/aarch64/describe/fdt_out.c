/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/describe/fdt_out.c - writes a device tree, see fdt_out.h */
#include "arch/aarch64/describe/fdt_out.h"

#include "common/lib/console.h"
#include "common/machine/fdt_format.h"
#include "common/lib/string.h"

#define UNIT_DIGITS_MAX   16
#define WORD_DIGITS       8 /* written at a time */
#define NUMBER_DIGITS_MAX 10
#define PATH_MAX_SIZE     48

static NOINLINE NORETURN void refuse(const struct fdt_out *out)
{
	panic("fdt: more than %#lx bytes for the kernel",
	      (uint64_t)(out->end - out->base));
}

/* Room for `size` bytes of a tag and what belongs to it, in whole cells. */
static INLINE struct fdt_cell *take(struct fdt_out *out, uint32_t size)
{
	uint8_t *next = out->next;

	if (size > (size_t)(out->end - next))
		refuse(out);
	out->next = next + size;
	return (struct fdt_cell *)next;
}

void fdt_out_raw(struct fdt_out *out, const void *data, uint32_t size)
{
	memcpy(take(out, size), data, size);
}

/* The header is filled in at the end. */
void fdt_out_start(struct fdt_out *out, void *buffer, uint32_t size,
                   uint32_t strings_size)
{
	out->base = buffer;
	out->next = buffer;
	out->end = out->base + size;
	out->first = 0;
	out->names = strings_size;
	take(out, FDT_HEADER_SIZE);
}

void fdt_out_reserve(struct fdt_out *out, const struct machine_range *range)
{
	struct fdt_cell *cell = take(out, FDT_RESERVATION_SIZE);

	fdt_put_u64(fdt_put_u64(cell, range->base), range->size);
}

void fdt_out_open(struct fdt_out *out, void *buffer, uint32_t size,
                  enum fdt_property first)
{
	static const struct machine_range none;

	fdt_out_start(out, buffer, size, 0);
	out->first = first;
	out->names -= fdt_name_offset(first);
	fdt_out_reserve(out, &none);
	out->nodes = out->next;
	fdt_out_begin(out, "");
}

uint32_t fdt_out_finish(struct fdt_out *out, const char *strings)
{
	uint32_t skipped = fdt_name_offset(out->first);
	struct fdt_cell *cell;
	uint8_t *end;

	fdt_put_u32(take(out, FDT_CELL_SIZE), FDT_TAG_END);
	end = out->next;
	fdt_out_raw(out, strings, out->names + skipped);
	fdt_out_raw(out, (const char *)&fdt_names + skipped,
	            sizeof(fdt_names) - skipped);

	cell = fdt_put_u32((struct fdt_cell *)out->base, FDT_MAGIC);
	cell = fdt_put_u32(cell, out->next - out->base);
	cell = fdt_put_u32(cell, out->nodes - out->base);
	cell = fdt_put_u32(cell, end - out->base);
	cell = fdt_put_u32(cell, FDT_HEADER_SIZE);
	cell = fdt_put_u32(cell, FDT_VERSION);
	cell = fdt_put_u32(cell, FDT_COMPATIBLE_VERSION);
	cell = fdt_put_u32(cell, 0); /* the CPU that boots is the first */
	cell = fdt_put_u32(cell, out->next - end);
	fdt_put_u32(cell, end - out->nodes);
	return out->next - out->base;
}

uint32_t fdt_out_close(struct fdt_out *out)
{
	fdt_out_end(out);
	return fdt_out_finish(out, "");
}

/* A node whose name has `size` characters; where those go. */
static char *begin(struct fdt_out *out, uint32_t size)
{
	uint32_t space = align_up(FDT_CELL_SIZE + size + 1, FDT_CELL_SIZE);
	/* A unit's last digits are written as one word, whatever is behind. */
	struct fdt_cell *cell = take(out, space + WORD_DIGITS);

	out->next -= WORD_DIGITS;
	/* The name ends in it, in zeros. */
	cell[space / FDT_CELL_SIZE - 1].value = 0;
	return (char *)fdt_put_u32(cell, FDT_TAG_BEGIN_NODE);
}

void fdt_out_begin_name(struct fdt_out *out, const char *name, uint32_t size)
{
	memcpy(begin(out, size), name, size);
}

uint32_t fdt_out_digits(uint64_t unit)
{
	return (67 - __builtin_clzll(unit | 1)) / 4;
}

/* Eight hexadecimal digits as text, all at once: there are many addresses. */
static uint64_t hex_word(uint32_t number)
{
	uint64_t digits = number;
	uint64_t letters; /* 1 in each byte that is 10 or more */

	digits = (digits | digits << 16) & 0x0000ffff0000ffff;
	digits = (digits | digits << 8) & 0x00ff00ff00ff00ff;
	digits = (digits | digits << 4) & 0x0f0f0f0f0f0f0f0f;
	letters = (digits + 0x0606060606060606) >> 4 & 0x0101010101010101;
	digits += 0x3030303030303030 + letters * ('a' - '0' - 10);
	return __builtin_bswap64(digits);
}

/* The last `digits` of eight; what is behind them in `text` stays as it is. */
static void put_last_digits(char *text, uint32_t number, uint32_t digits)
{
	uint64_t behind = ~0ull << 8 * (digits - 1) << 8;
	uint64_t word;

	memcpy(&word, text, sizeof(word));
	word &= behind;
	word |= hex_word(number) >> 8 * (WORD_DIGITS - digits);
	memcpy(text, &word, sizeof(word));
}

static void put_digits(char *text, uint64_t unit, uint32_t digits)
{
	if (digits > WORD_DIGITS) {
		put_last_digits(text, (uint32_t)(unit >> 32),
		                digits - WORD_DIGITS);
		text += digits - WORD_DIGITS;
		digits = WORD_DIGITS;
	}
	put_last_digits(text, (uint32_t)unit, digits);
}

void fdt_out_begin_unit(struct fdt_out *out, const char *name, uint32_t size,
                        uint64_t unit)
{
	uint32_t digits = fdt_out_digits(unit);
	char *full = begin(out, size + 1 + digits);

	memcpy(full, name, size);
	full[size] = '@';
	put_digits(full + size + 1, unit, digits);
}

struct fdt_cell *fdt_out_repeat(struct fdt_out *out, uint32_t size,
                                uint32_t name_size, uint64_t unit)
{
	char *node = (char *)take(out, size);

	memcpy(node, node - size, size);
	put_digits(node + FDT_CELL_SIZE + name_size + 1, unit,
	           fdt_out_digits(unit));
	return (struct fdt_cell *)(node + size);
}

void fdt_out_begin_count(struct fdt_out *out, const char *name, uint32_t size,
                         uint32_t number)
{
	char text[NUMBER_DIGITS_MAX];
	uint32_t first = NUMBER_DIGITS_MAX;
	char *full;

	do {
		text[--first] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	full = begin(out, size + NUMBER_DIGITS_MAX - first);
	memcpy(full, name, size);
	memcpy(full + size, text + first, NUMBER_DIGITS_MAX - first);
}

void fdt_out_end(struct fdt_out *out)
{
	fdt_put_u32(take(out, FDT_CELL_SIZE), FDT_TAG_END_NODE);
}

/* A property of `size` bytes; where those go. */
static struct fdt_cell *property(struct fdt_out *out, enum fdt_property name,
                                 uint32_t size)
{
	uint32_t space =
		align_up(FDT_PROPERTY_HEADER_SIZE + size, FDT_CELL_SIZE);
	struct fdt_cell *cell = take(out, space);

	/* Zeros up to the next cell, if there is a value. */
	cell[space / FDT_CELL_SIZE - 1].value = 0;
	cell = fdt_put_u32(cell, FDT_TAG_PROPERTY);
	cell = fdt_put_u32(cell, size);
	return fdt_put_u32(cell, out->names + fdt_name_offset(name));
}

void fdt_out_bytes(struct fdt_out *out, enum fdt_property name,
                   const void *data, uint32_t size)
{
	memcpy(property(out, name, size), data, size);
}

void fdt_out_empty(struct fdt_out *out, enum fdt_property name)
{
	property(out, name, 0);
}

void fdt_out_u32(struct fdt_out *out, enum fdt_property name, uint32_t value)
{
	fdt_put_u32(property(out, name, sizeof(value)), value);
}

void fdt_out_u64(struct fdt_out *out, enum fdt_property name, uint64_t value)
{
	fdt_put_u64(property(out, name, sizeof(value)), value);
}

void fdt_out_path_of(struct fdt_out *out, enum fdt_property name,
                     const char *node, uint32_t size, uint64_t unit)
{
	char path[PATH_MAX_SIZE] = { 0 };
	uint32_t digits = fdt_out_digits(unit);

	check(size + 1 + UNIT_DIGITS_MAX + 1 <= sizeof(path));
	memcpy(path, node, size);
	path[size] = '@';
	put_digits(path + size + 1, unit, digits);
	fdt_out_bytes(out, name, path, size + 1 + digits + 1);
}

struct fdt_cell *fdt_out_cells(struct fdt_out *out, enum fdt_property name,
                               uint32_t count)
{
	return property(out, name, count * FDT_CELL_SIZE);
}
