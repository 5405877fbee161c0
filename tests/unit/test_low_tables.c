/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_low_tables.c - a VMM's tables below 1 MiB are hidden */
#include <string.h>

#include "arch/x86_64/describe/low_tables.h"
#include "arch/x86_64/memmap.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/test.h"

static uint8_t ram[HIGH_RAM_BASE];

/* Page 0 is mapped elsewhere. */
static uint8_t *at(paddr_t vaddr)
{
	return ram + (vaddr - LOW_VADDR < 0x1000 ? vaddr - LOW_VADDR : vaddr);
}

static uint32_t read_ram(paddr_t paddr, uint32_t size)
{
	EXPECT_EQ(size, 4);
	EXPECT(is_within(paddr, size, sizeof(ram)));
	return load_le32(at(paddr));
}

static void write_ram(paddr_t paddr, uint32_t size, uint32_t value)
{
	EXPECT(is_within(paddr, size, sizeof(ram)));
	EXPECT(paddr >= 0x1000);
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
	}
	EXPECT(!is_found(HIGH_RAM_BASE - 16, "RSD PTR "));
	EXPECT_EQ(ram[0x40e] | ram[0x40f], 0);
}

static void all_else_stays(void)
{
	start();
	low_tables_hide();
	for (paddr_t at = 0; at < sizeof(ram); at++)
		EXPECT(ram[at] == (at >> 1 == 0x40e >> 1 ? 0 : 0x5a));
	EXPECT(is_found(RSDP_BASE, "RSDT")); /* a table, and no anchor */
	EXPECT(is_found(RSDP_BASE + 8, "RSD PTR ")); /* no kernel looks there */
	EXPECT(is_found(RSDP_BASE - 16, "RSD PTR "));
}

int main(void)
{
	RUN(each_anchor_is_hidden_wherever_it_is);
	RUN(all_else_stays);
	return test_status();
}
