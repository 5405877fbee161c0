/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_claim.c - the RAM that the blob itself uses on x86_64 */
#include <string.h>

#include "arch/x86_64/memmap.h"
#include "common/arch.h"
#include "common/machine/handoff.h"
#include "common/spec/acpi.h"
#include "common/memory/memory.h"
#include "tests/unit/test.h"

#define MIB 0x100000ULL

static struct machine machine;
static struct memory memory;
static struct handoff handoff;

static void add_ram(uint64_t base, uint64_t size, uint32_t type)
{
	machine.ram[machine.ram_count++] = (struct machine_ram){
		.base = base,
		.size = size,
		.type = type,
	};
}

/* The blob starts at the reset vector of a PC with 512 MiB. */
static void start(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	/* What lies behind the lists is of nobody. */
	for (uint32_t i = 0; i < MACHINE_PCI_HOST_MAX; i++)
		machine.pci_hosts[i] =
			(struct machine_pci_host){ .ecam_paddr = 256 * MIB,
			                           .ecam_size = MIB };
	for (uint32_t i = 0; i < MACHINE_BUNDLE_MAX; i++)
		machine.given.bundles[i] = (struct machine_range){ 1, 1 };
	for (uint32_t i = 0; i < MACHINE_TABLE_MAX; i++)
		machine.pc.tables[i] =
			(struct machine_table){ paddr_ptr(MIB), MIB, 0 };
	handoff = (struct handoff){
		.door = DOOR_RESET,
		.blob_paddr = BLOB_BASE,
		.blob_size = BLOB_SIZE,
	};
	add_ram(0, 512 * MIB, MEMORY_RAM);
}

static void claim(void)
{
	memory_init(&memory, &machine);
	arch_claim(&memory, &machine, &handoff);
}

static struct memory_range range_at(paddr_t paddr)
{
	for (const struct memory_step *step = memory.steps; step != memory.end;
	     step++) {
		const struct memory_range range = memory_range(step);

		if (paddr - range.base < range.size)
			return range;
	}
	return (struct memory_range){ 0 };
}

static void expect(paddr_t paddr, enum memory_type type, bool is_claimed)
{
	EXPECT_EQ(range_at(paddr).type, type);
	EXPECT_EQ(range_at(paddr).is_claimed, is_claimed);
}

static void below_1_mib_all_pcs_are_alike(void)
{
	start();
	claim();
	expect(0, MEMORY_RAM, true);
	expect(LOW_RAM_CLAIM_END - 1, MEMORY_RAM, true);
	for (paddr_t at = 0; at < LOW_RAM_CLAIM_END; at += 0x1000)
		expect(at, MEMORY_RAM, true);
	EXPECT(memory_is_free(&memory, LOW_RAM_CLAIM_END,
	                      LOW_RAM_END - LOW_RAM_CLAIM_END));
	expect(LOW_RAM_END, MEMORY_NONE, false);
	expect(RSDP_BASE - 1, MEMORY_NONE, false);
	expect(RSDP_BASE, MEMORY_RESERVED, false);
	expect(HIGH_RAM_BASE - 1, MEMORY_RESERVED, false);
	EXPECT(memory_is_free(&memory, HIGH_RAM_BASE, 511 * MIB));
}

/* Where a processor may come that Linux knows nothing of, it runs that page. */
static void the_trampoline_stays_ours(void)
{
	start();
	claim();
	expect(AP_TRAMPOLINE_BASE, MEMORY_RAM, true);
	start();
	machine.pc.has_late_cpus = true;
	claim();
	expect(AP_TRAMPOLINE_BASE - 1, MEMORY_RAM, true);
	expect(AP_TRAMPOLINE_BASE, MEMORY_RESERVED, false);
	expect(ZERO_PAGE_BASE - 1, MEMORY_RESERVED, false);
	expect(ZERO_PAGE_BASE, MEMORY_RAM, true);
}

/* An EBDA, or other RAM that a VMM reserves there, stays reserved. */
static void what_the_vmm_keeps_below_640_kib_stays(void)
{
	start();
	add_ram(0x9fc00, 0x400, MEMORY_RESERVED);
	claim();
	expect(LOW_RAM_CLAIM_END, MEMORY_RAM, false);
	expect(LOW_RAM_END - 1, MEMORY_RESERVED, false);
	expect(0, MEMORY_RAM, true);
}

/* OpenVMM has tables there. Our own tables then go elsewhere. */
static void tables_of_the_vmm_stay(void)
{
	start();
	add_ram(0x19000, 0x1000, MEMORY_ACPI);
	add_ram(0x1a000, 0x1000, MEMORY_RESERVED);
	claim();
	expect(LOW_TABLES_BASE, MEMORY_RAM, false);
	expect(0x19000, MEMORY_ACPI, false);
	expect(0x1a000, MEMORY_RESERVED, false);
	expect(BOOT_BASE - 1, MEMORY_RAM, false);
	expect(LOW_TABLES_BASE - 1, MEMORY_RAM, true);
	expect(BOOT_BASE, MEMORY_RAM, true);
}

static void the_last_of_them_counts_as_the_first(void)
{
	static const paddr_t places[] = { LOW_TABLES_BASE, BOOT_BASE - 0x1000 };

	for (uint32_t i = 0; i < ARRAY_COUNT(places); i++) {
		start();
		add_ram(places[i], 0x1000, MEMORY_RESERVED);
		claim();
		expect(places[i], MEMORY_RESERVED, false);
		expect(LOW_TABLES_BASE + 0x1000, MEMORY_RAM, false);
	}
}

/* A table may lie outside of RAM. */
static void tables_that_are_passed_on_are_in_use(void)
{
	static uint8_t table[0x123];
	const paddr_t base = paddr_of(table);

	start();
	add_ram(base - 0x1000, 0x2000, MEMORY_RAM);
	machine.pc.table_count = 1;
	machine.pc.tables[0] =
		(struct machine_table){ table, sizeof(table), 0 };
	claim();
	expect(base - 1, MEMORY_RAM, false);
	expect(base, MEMORY_RAM, true);
	expect(base + 0x122, MEMORY_RAM, true);
	expect(base + 0x123, MEMORY_RAM, false);
	start();
	machine.pc.table_count = 1;
	machine.pc.tables[0] =
		(struct machine_table){ table, sizeof(table), 0 };
	claim();
	expect(base, MEMORY_NONE, false);
}

/* The table is copied when the blob's own are there already. */
static void the_blob_works_where_no_table_lies(void)
{
	start();
	machine.pc.table_count = 1;
	machine.pc.tables[0] =
		(struct machine_table){ paddr_ptr(0x1a000), 0x100, 0 };
	claim();
	expect(LOW_TABLES_BASE, MEMORY_RAM, false);
	EXPECT(!memory_is_ram(&memory, LOW_TABLES_BASE, LOW_TABLES_SIZE));
	machine.pc.tables[0].data = paddr_ptr(CMDLINE_BASE);
	EXPECT_PANIC("low memory: 0x18000 bytes at 0: not in free RAM",
	             claim());
	machine.pc.tables[0].data = paddr_ptr(BOOT_BASE - 0x10);
	EXPECT_PANIC("low memory: 0x2c000 bytes at 0x70000: not in free RAM",
	             claim());
}

/* A VMM may say of all addresses below 4 GiB that they are RAM. */
static void devices_are_no_free_ram(void)
{
	start();
	add_ram(512 * MIB, 0x200000000, MEMORY_RAM);
	claim();
	EXPECT(!memory_is_free(&memory, IOAPIC_BASE, 1));
	EXPECT(!memory_is_free(&memory, LAPIC_BASE, 1));
	EXPECT(!memory_is_free(&memory, FOUR_GIB - 1, 1));
	EXPECT(memory_is_free(&memory, FOUR_GIB, 1));
	EXPECT_EQ(memory_take(&memory, "test", 0x1000),
	          BLOB_MAP_HIGH_BASE - 0x1000);
	start();
	claim();
	expect(LAPIC_BASE, MEMORY_NONE, false);
}

static void without_low_ram_there_is_no_boot(void)
{
	start();
	add_ram(LOW_RAM_CLAIM_END - 1, 1, MEMORY_RESERVED);
	EXPECT_PANIC("low memory: 0x2c000 bytes at 0x70000: not in free RAM",
	             claim());
	start();
	machine.ram[0].base = HIGH_RAM_BASE;
	EXPECT_PANIC("low memory: ", claim());
}

static void a_blob_in_ram_is_in_use(void)
{
	start();
	handoff.door = DOOR_PVH;
	handoff.blob_paddr = 0x210000;
	handoff.bundle_paddr = 0x200000;
	handoff.bundle_size = 0x10000;
	machine.given.bundle_count = 2;
	machine.given.bundles[0] = (struct machine_range){ 64 * MIB, 5 };
	machine.given.bundles[1] = (struct machine_range){ 64 * MIB + 3, 9 };
	claim();
	expect(0x1fffff, MEMORY_RAM, false);
	expect(0x200000, MEMORY_RAM, true);
	expect(0x21ffff, MEMORY_RAM, true);
	expect(0x220000, MEMORY_RAM, false);
	expect(64 * MIB, MEMORY_RAM, true);
	expect(64 * MIB + 11, MEMORY_RAM, true);
	expect(64 * MIB + 12, MEMORY_RAM, false);
	machine.given.bundles[2] = (struct machine_range){ 96 * MIB, 1 };
	claim();
	EXPECT(memory_is_free(&memory, 96 * MIB, 1)); /* There are two. */
}

static void expect_refused(paddr_t base, uint64_t size, const char *line)
{
	start();
	add_ram(0x19000, 0x1000, MEMORY_ACPI);
	add_ram(128 * MIB, MIB, MEMORY_RESERVED);
	handoff.door = DOOR_PVH;
	handoff.blob_paddr = 0x210000;
	handoff.bundle_paddr = 0x200000;
	handoff.bundle_size = 0x10000;
	machine.given.bundle_count = 2;
	machine.given.bundles[0] = (struct machine_range){ 64 * MIB, 5 };
	machine.given.bundles[1] = (struct machine_range){ base, size };
	EXPECT_PANIC(line, claim());
}

/* What is not RAM would be read, and what is ours would be overwritten. */
static void a_module_lies_in_ram_that_nobody_else_uses(void)
{
	expect_refused(600 * MIB, MIB,
	               "module: 0x100000 bytes at 0x25800000: not in free RAM");
	expect_refused(512 * MIB - 1, 2, "module: 0x2 bytes at 0x1fffffff: ");
	expect_refused(0xfee00000, 0x1000, "module: ");
	expect_refused(128 * MIB - 1, 2, "module: ");
	expect_refused(0x19000, 1, "module: ");
	expect_refused(PAGE_TABLE_BASE, 1, "module: ");
	expect_refused(0, 1, "module: ");
	expect_refused(BOOT_BASE - 1, 2, "module: ");
	expect_refused(LOW_RAM_CLAIM_END - 1, 1, "module: ");
	expect_refused(RSDP_BASE, 0x100, "module: ");
	expect_refused(0x200000, 1, "module: 0x1 bytes at 0x200000: ");
	expect_refused(0x21ffff, MIB, "module: ");
	expect_refused(0, 512 * MIB, "module: ");
	expect_refused(MACHINE_PADDR_END, 5,
	               "module: 0x5 bytes at 0x800000000000: not in free RAM");
	expect_refused(0x1000, UINT64_MAX,
	               "module: 0xffffffffffffffff bytes at 0x1000: not in");
	expect_refused(UINT64_MAX, UINT64_MAX, "module: ");
	expect_refused(64 * MIB, -64 * MIB, "module: ");
}

/* The blob has been copied from a ROM below 1 MiB. */
static void a_blob_without_bundle_is_in_use_alone(void)
{
	start();
	handoff.blob_paddr = LOW_BIOS_COPY_BLOB;
	claim();
	expect(LOW_BIOS_COPY_BLOB - 1, MEMORY_RAM, false);
	expect(LOW_BIOS_COPY_BLOB, MEMORY_RAM, true);
	expect(LOW_BIOS_COPY_BLOB + BLOB_SIZE, MEMORY_RAM, false);
}

static void what_a_rom_gives_takes_no_ram(void)
{
	start();
	handoff.bundle_paddr = 0xffe00000;
	handoff.bundle_size = MIB;
	machine.given.bundle_count = 1;
	machine.given.bundles[0] = (struct machine_range){ 64 * MIB, MIB };
	claim();
	EXPECT(memory_is_free(&memory, HIGH_RAM_BASE, 511 * MIB));
}

static void configuration_space_is_reserved(void)
{
	start();
	machine.pci_host_count = 2;
	machine.pci_hosts[0] =
		(struct machine_pci_host){ .ecam_paddr = 0xb0000000,
		                           .ecam_size = 0x10000000 };
	machine.pci_hosts[1] =
		(struct machine_pci_host){ .has_port_access = true };
	claim();
	expect(0xb0000000, MEMORY_RESERVED, false);
	expect(0xbfffffff, MEMORY_RESERVED, false);
	expect(0xc0000000, MEMORY_NONE, false);
}

int main(void)
{
	RUN(below_1_mib_all_pcs_are_alike);
	RUN(the_trampoline_stays_ours);
	RUN(what_the_vmm_keeps_below_640_kib_stays);
	RUN(tables_of_the_vmm_stay);
	RUN(the_last_of_them_counts_as_the_first);
	RUN(tables_that_are_passed_on_are_in_use);
	RUN(the_blob_works_where_no_table_lies);
	RUN(devices_are_no_free_ram);
	RUN(without_low_ram_there_is_no_boot);
	RUN(a_blob_in_ram_is_in_use);
	RUN(a_module_lies_in_ram_that_nobody_else_uses);
	RUN(a_blob_without_bundle_is_in_use_alone);
	RUN(what_a_rom_gives_takes_no_ram);
	RUN(configuration_space_is_reserved);
	return test_status();
}
