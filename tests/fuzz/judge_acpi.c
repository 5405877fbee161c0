/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/judge_acpi.c - a reader of ACPI tables, see judge.h
 *
 * ACPI 6.4 section 5.2; Arm DEN0049D (IORT); PCI Firmware 3.2 (MCFG); Intel
 * VT-d 3.3 (DMAR). Tables must lie in the area, apart from each other, with
 * right sums; their entries must fill them exactly; and what they point to must
 * be there.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/judge.h"

#define HEADER_SIZE 36
#define TABLE_MAX   40
#define NODE_MAX    4096

static const struct judge_area *area;
static struct {
	const uint8_t *start;
	const uint8_t *end;
} ranges[TABLE_MAX];
static uint32_t range_count;
static char seen[TABLE_MAX][4];
static uint32_t seen_count;

static uint32_t u32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static uint64_t u64(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static bool sums_to_zero(const uint8_t *at, uint32_t size)
{
	uint8_t sum = 0;

	while (size--)
		sum += *at++;
	return sum == 0;
}

/* Returns `size` bytes at an address, which nothing else may have. */
static const uint8_t *take(uint64_t paddr, uint64_t size, uint32_t alignment)
{
	const uint8_t *start = area->bytes + (paddr - area->base);

	FUZZ_EXPECT(paddr >= area->base);
	FUZZ_EXPECT(size <= area->size &&
	            paddr - area->base <= area->size - size);
	FUZZ_EXPECT(paddr % alignment == 0);
	for (uint32_t i = 0; i < range_count; i++)
		FUZZ_EXPECT(start + size <= ranges[i].start ||
		            start >= ranges[i].end);
	FUZZ_EXPECT(range_count < TABLE_MAX);
	ranges[range_count].start = start;
	ranges[range_count++].end = start + size;
	return start;
}

static const uint8_t *take_table(uint64_t paddr)
{
	const uint8_t *head = area->bytes + (paddr - area->base);
	const uint8_t *table;

	FUZZ_EXPECT(paddr >= area->base &&
	            paddr - area->base + HEADER_SIZE <= area->size);
	table = take(paddr, u32(head + 4), 4);
	FUZZ_EXPECT(u32(table + 4) >= HEADER_SIZE);
	FUZZ_EXPECT(sums_to_zero(table, u32(table + 4)));
	return table;
}

static bool is(const uint8_t *table, const char *signature)
{
	return memcmp(table, signature, 4) == 0;
}

/* ---- tables of entries, each with its length */

/* Returns what a MADT's entry of this type has, section 5.2.12; 0: unknown. */
static uint32_t madt_size(uint8_t type)
{
	static const uint8_t sizes[] = {
		[0] = 8,   [1] = 12,  [2] = 10,  [3] = 8,
		[4] = 6,   [9] = 16,  [10] = 12, [11] = 80,
		[12] = 24, [13] = 24, [14] = 16, [15] = 20,
	};

	return type < sizeof(sizes) ? sizes[type] : 0;
}

static uint32_t srat_size(uint8_t type)
{
	static const uint8_t sizes[] = { 16, 40, 24, 18 };

	return type < sizeof(sizes) ? sizes[type] : 0;
}

static void judge_entries(const uint8_t *table, uint32_t head,
                          uint32_t (*size_of)(uint8_t type))
{
	uint32_t length = u32(table + 4), at = head;

	while (at < length) {
		FUZZ_EXPECT(length - at >= 2);
		FUZZ_EXPECT(table[at + 1] == size_of(table[at]));
		at += table[at + 1];
	}
	FUZZ_EXPECT(at == length);
}

static void judge_slit(const uint8_t *table)
{
	uint64_t count = u64(table + 36);

	FUZZ_EXPECT(count >= 2 && count <= 64);
	FUZZ_EXPECT(u32(table + 4) == 44 + count * count);
	for (uint64_t i = 0; i < count * count; i++)
		FUZZ_EXPECT(i % (count + 1) ? table[44 + i] > 10
		                            : table[44 + i] == 10);
}

static void judge_mcfg(const uint8_t *table)
{
	uint32_t length = u32(table + 4);

	FUZZ_EXPECT(length > 44 && (length - 44) % 16 == 0);
	for (uint32_t at = 44; at < length; at += 16)
		FUZZ_EXPECT(table[at + 10] <= table[at + 11]);
}

/* A node's parent is a node before it. */
static void judge_pptt(const uint8_t *table)
{
	static uint32_t nodes[NODE_MAX];
	uint32_t length = u32(table + 4), count = 0, at = HEADER_SIZE;

	while (at < length) {
		uint32_t parent = u32(table + at + 8);
		bool is_known = parent == 0;

		FUZZ_EXPECT(length - at >= 20);
		FUZZ_EXPECT(table[at] == 0 &&
		            table[at + 1] == 20 + 4 * u32(table + at + 16));
		/* The nearest ones first: a CPU's parent is not far. */
		for (uint32_t i = count; i && !is_known; i--)
			is_known = nodes[i - 1] == parent;
		FUZZ_EXPECT(is_known && count < NODE_MAX);
		nodes[count++] = at;
		at += table[at + 1];
	}
	FUZZ_EXPECT(at == length);
}

/* An ID mapping leads to the start of a node. */
static void judge_iort(const uint8_t *table)
{
	uint32_t length = u32(table + 4), count = u32(table + 36);
	uint32_t starts[64], at = u32(table + 40);

	FUZZ_EXPECT(count && count <= 64);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t size = table[at + 1] | table[at + 2] << 8;
		uint32_t maps = u32(table + at + 8);
		uint32_t map = at + u32(table + at + 12);

		FUZZ_EXPECT(size >= 16 && size <= length - at);
		starts[i] = at;
		for (; maps; maps--, map += 20) {
			bool is_known = false;

			FUZZ_EXPECT(map + 20 <= at + size);
			for (uint32_t j = 0; j < i; j++)
				is_known |= starts[j] == u32(table + map + 12);
			FUZZ_EXPECT(is_known);
		}
		at += size;
	}
	FUZZ_EXPECT(at == length);
}

static void judge_dbg2(const uint8_t *table)
{
	const uint8_t *info = table + u32(table + 36);
	uint32_t size = info[1] | info[2] << 8;
	const uint8_t *name = info + (info[6] | info[7] << 8);

	FUZZ_EXPECT(u32(table + 40) == 1);
	FUZZ_EXPECT(info + size == table + u32(table + 4));
	FUZZ_EXPECT(name + (info[4] | info[5] << 8) <= info + size);
	FUZZ_EXPECT((info[18] | info[19] << 8) + 12u * info[3] <= size);
	FUZZ_EXPECT((info[20] | info[21] << 8) + 4u * info[3] <= size);
}

static void judge_dmar(const uint8_t *table)
{
	uint32_t length = u32(table + 4), at = 48;

	while (at < length) {
		uint32_t size = table[at + 2] | table[at + 3] << 8;

		FUZZ_EXPECT(size >= 16 && size <= length - at);
		for (uint32_t scope = at + 16; scope < at + size;
		     scope += table[scope + 1])
			FUZZ_EXPECT(table[scope + 1] >= 8 &&
			            table[scope + 1] <= at + size - scope);
		at += size;
	}
	FUZZ_EXPECT(at == length);
}

static void judge_fpdt(const uint8_t *table)
{
	const uint8_t *record;

	FUZZ_EXPECT(u32(table + 4) == 52 && table[38] == 16);
	record = take(u64(table + 44), 56, 4);
	FUZZ_EXPECT(is(record, "FBPT") && u32(record + 4) == 56 &&
	            record[10] == 48);
}

static void judge_fadt(const uint8_t *table)
{
	uint32_t facs = u32(table + 36);
	uint64_t dsdt_paddr = u64(table + 140);
	bool is_reduced = u32(table + 112) >> 20 & 1;
	const uint8_t *dsdt;

	FUZZ_EXPECT(u32(table + 4) == 276);
	FUZZ_EXPECT(!u32(table + 40) || u32(table + 40) == dsdt_paddr);
	dsdt = take_table(dsdt_paddr);
	FUZZ_EXPECT(is(dsdt, "DSDT") && dsdt[8] >= 2);
	judge_aml(dsdt + HEADER_SIZE, u32(dsdt + 4) - HEADER_SIZE);
	FUZZ_EXPECT(is_reduced || facs);
	if (facs) {
		const uint8_t *place = take(facs, 64, 64);

		FUZZ_EXPECT(is(place, "FACS") && u32(place + 4) == 64);
	}
}

/* Tables of which only the length is judged. */
static uint32_t fixed_size(const uint8_t *table)
{
	static const struct {
		char signature[5];
		uint32_t size;
	} sizes[] = {
		{ "HPET", 56 }, { "SPCR", 80 }, { "WAET", 40 }, { "GTDT", 104 }
	};

	for (uint32_t i = 0; i < 4; i++)
		if (is(table, sizes[i].signature))
			return sizes[i].size;
	return 0;
}

static void judge_table(const uint8_t *table)
{
	for (uint32_t i = 0; i < seen_count; i++)
		FUZZ_EXPECT(memcmp(seen[i], table, 4) != 0);
	FUZZ_EXPECT(seen_count < TABLE_MAX);
	memcpy(seen[seen_count++], table, 4);
	if (is(table, "FACP"))
		judge_fadt(table);
	else if (is(table, "APIC"))
		judge_entries(table, 44, madt_size);
	else if (is(table, "SRAT"))
		judge_entries(table, 48, srat_size);
	else if (is(table, "SLIT"))
		judge_slit(table);
	else if (is(table, "MCFG"))
		judge_mcfg(table);
	else if (is(table, "PPTT"))
		judge_pptt(table);
	else if (is(table, "IORT"))
		judge_iort(table);
	else if (is(table, "DBG2"))
		judge_dbg2(table);
	else if (is(table, "DMAR"))
		judge_dmar(table);
	else if (is(table, "FPDT"))
		judge_fpdt(table);
	else
		FUZZ_EXPECT(u32(table + 4) == fixed_size(table));
}

void judge_acpi(const struct judge_area *given, const uint8_t *rsdp)
{
	const uint8_t *xsdt;
	uint32_t length;

	area = given;
	range_count = seen_count = 0;
	FUZZ_EXPECT(!memcmp(rsdp, "RSD PTR ", 8) && rsdp[15] >= 2);
	FUZZ_EXPECT(u32(rsdp + 20) == 36);
	FUZZ_EXPECT(sums_to_zero(rsdp, 20) && sums_to_zero(rsdp, 36));
	xsdt = take_table(u64(rsdp + 24));
	length = u32(xsdt + 4);
	FUZZ_EXPECT(is(xsdt, "XSDT") && (length - HEADER_SIZE) % 8 == 0);
	for (uint32_t at = HEADER_SIZE; at < length; at += 8)
		judge_table(take_table(u64(xsdt + at)));
	FUZZ_EXPECT(seen_count >= 2);
}
