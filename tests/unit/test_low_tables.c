/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_low_tables.c - a VMM's tables below 1 MiB are hidden */
#include <string.h>

#include "arch/x86_64/describe/low_tables.h"
#include "arch/x86_64/memmap.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/test.h"

static uint8_t ram[HIGH_RAM_BASE];

/* Some of it has no other address, so all is accessed at this one. */
static uint8_t *at(paddr_t vaddr)
{
	EXPECT(vaddr - LOW_ALIAS < sizeof(ram));
	return ram + (vaddr - LOW_ALIAS);
}

static uint32_t read_ram(paddr_t paddr, uint32_t size)
{
	EXPECT_EQ(size, 4);
	return load_le32(at(paddr));
}

static void write_ram(paddr_t paddr, uint32_t size, uint32_t value)
{
	memcpy(at(paddr), &value, size);
}

static void start(void)
{
	fake_cpu_clear();
	fake_cpu.read = read_ram;
	fake_cpu.write = write_ram;
	memset(ram, 0x5a, sizeof(ram));
}

/* Tells whether a kernel would find this anchor at `paddr`. */
static bool is_found(paddr_t paddr, const char *anchor)
{
	memcpy(ram + paddr, anchor, strlen(anchor));
	low_tables_hide();
	return !memcmp(ram + paddr, anchor, strlen(anchor));
}

static void each_anchor_is_hidden_wherever_it_is(void)
{
	start();
	for (paddr_t at = RSDP_BASE; at < HIGH_RAM_BASE; at += 0xff0) {
		EXPECT(!is_found(at, "RSD PTR "));
		EXPECT(!is_found(at, "_SM_"));
		EXPECT(!is_found(at, "_SM3_"));
		EXPECT(!is_found(at, "_DMI_"));
		EXPECT(!is_found(at, "_MP_"));
		EXPECT(!is_found(at, "$PIR"));
	}
	EXPECT(!is_found(HIGH_RAM_BASE - 16, "RSD PTR "));
	EXPECT_EQ(ram[0x40e] | ram[0x40f], 0);
	for (paddr_t at = 0x80000; at < HIGH_RAM_BASE; at += 0xff0) {
		if (at - LOW_RAM_END >= 0x20000) /* no VGA memory */
			EXPECT(!is_found(at, "iBFT"));
	}
	EXPECT(!is_found(LOW_RAM_END - 16, "iBFT"));
	EXPECT(!is_found(0x9fc00, "_MP_"));
	EXPECT(!is_found(LOW_RAM_END - 0x400, "_MP_"));
	for (paddr_t at = 0; at < 0x400; at += 16)
		EXPECT(!is_found(at, "_MP_"));
	EXPECT(is_found(0x400, "_MP_"));
	EXPECT(is_found(0x7fff0, "iBFT"));
}

static void all_else_stays(void)
{
	start();
	low_tables_hide();
	for (paddr_t at = 0; at < sizeof(ram); at++)
		EXPECT(ram[at] == (at >> 1 == 0x40e >> 1 ? 0 : 0x5a));
	EXPECT(is_found(RSDP_BASE, "RSDT")); /* a table, and no anchor */
	EXPECT(is_found(RSDP_BASE + 8, "RSD PTR ")); /* no kernel looks there */
}

int main(void)
{
	RUN(each_anchor_is_hidden_wherever_it_is);
	RUN(all_else_stays);
	return test_status();
}
