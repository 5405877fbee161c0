/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_describe.c - all that a PC's kernel reads is put in place
 */
#include <string.h>

#include "arch/x86_64/describe/zero_page.h"
#include "arch/x86_64/lib/tsc.h"
#include "arch/x86_64/memmap.h"
#include "common/arch.h"
#include "common/describe/ledger.h"
#include "common/image.h"
#include "common/lib/byte_sum.h"
#include "common/payload/payload.h"
#include "common/place/guest.h"
#include "common/spec/smbios.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/loader_script.h"
#include "tests/unit/machines.h"
#include "tests/unit/test.h"

#define HIGH_END 0x400000
#define AREA_END (LOW_TABLES_BASE + LOW_TABLES_SIZE)

static struct machine pc;
static struct payload payload;
static struct guest guest;
static struct ledger ledger;
static char cmdline[256];

/* Other tests are about clocks. */
uint64_t arch_ticks(void)
{
	return 0;
}

void arch_clock(struct clock *clock, const struct machine *machine,
                uint64_t start_ticks)
{
	(void)machine;
	(void)start_ticks;
	*clock = (struct clock){ 0 };
}

uint32_t tsc_khz(const struct machine *machine)
{
	(void)machine;
	return 0;
}

/* A paravisor's kernel gets a record before those that there are. */
static paddr_t paravisor_record;

paddr_t paravisor_describe(const struct machine *machine,
                           const struct payload *of, struct guest *kernel,
                           struct memory *map, paddr_t next)
{
	EXPECT(machine == &pc && of == &payload && kernel == &guest &&
	       map == &memory);
	return paravisor_record ? paravisor_record : next;
}

uint32_t paravisor_cpu_at(const struct machine *machine, uint32_t place)
{
	EXPECT(machine == &pc);
	return place;
}

static struct boot_params *params(void)
{
	return paddr_ptr(ZERO_PAGE_BASE);
}

static void set_ram(void)
{
	pc.ram_count = 2;
	pc.ram[0] = (struct machine_ram){ 0, LOW_RAM_END, MEMORY_RAM, 0, 0 };
	pc.ram[1] =
		(struct machine_ram){ HIGH_RAM_BASE, HIGH_END - HIGH_RAM_BASE,
		                      MEMORY_RAM, 0, 0 };
	memory_init(&memory, &pc);
	memory_claim(&memory, "test", 0, LOW_TABLES_BASE, MEMORY_RAM);
}

static void start(const char *name)
{
	machines_fill_named(name, &pc);
	pc.fw_cfg.is_present = false;
	set_ram();
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	memset(&ledger, 0, sizeof(ledger));
	memset(paddr_ptr(0x1000), 0xa5, LOW_RAM_END - 0x1000);
	memset(paddr_ptr(RSDP_BASE), 0xa5, HIGH_RAM_BASE - RSDP_BASE);
	fake_fw_cfg_clear();
	fake_map_clear();
	strcpy(cmdline, "quiet");
	guest = (struct guest){
		.kernel = { .base = 0x200000, .size = 0x1000 },
		.cmdline = { .text = cmdline,
		             .size = 5,
		             .max = sizeof(cmdline) - 1 },
	};
}

static void start_q35(void)
{
	start("q35");
	pc.platform = MACHINE_PLATFORM_Q35;
}

static void describe(void)
{
	EXPECT_EQ(arch_describe(&pc, &payload, &guest, &memory, &ledger),
	          ZERO_PAGE_BASE);
}

/* Returns the XSDT's address. */
static paddr_t expect_rsdp(paddr_t paddr)
{
	const uint8_t *root = paddr_ptr(paddr);

	EXPECT_EQ(params()->acpi_rsdp_addr, paddr);
	EXPECT(!memcmp(root, "RSD PTR ", 8));
	EXPECT_EQ(byte_sum(root, 36), 0);
	return load_le64(root + 24);
}

static enum memory_type type_at(paddr_t paddr)
{
	const struct memory_step *step = memory.steps;

	while (step[1].base <= paddr)
		step++;
	return (enum memory_type)(uint16_t)step->kind;
}

static void a_pcs_anchors_are_below_1_mib(void)
{
	const uint8_t *anchor = paddr_ptr(SMBIOS_BASE);
	paddr_t xsdt, structures;

	start_q35();
	describe();
	xsdt = expect_rsdp(RSDP_BASE);
	EXPECT(xsdt > LOW_TABLES_BASE && xsdt < AREA_END);
	EXPECT(!memcmp(paddr_ptr(xsdt), "XSDT", 4));
	EXPECT_EQ(type_at(xsdt), MEMORY_ACPI);
	EXPECT(!memcmp(anchor, "_SM3_", 5));
	structures = load_le64(anchor + 16);
	EXPECT_EQ(type_at(structures), MEMORY_RESERVED);
	EXPECT(structures > xsdt && structures % 0x1000 == 0);
	/* What the tables did not need is RAM. */
	EXPECT_EQ(type_at(AREA_END - 1), MEMORY_RAM);
	EXPECT_EQ(params()->hdr.header, SETUP_HEADER_MAGIC);
	EXPECT_EQ(params()->hdr.setup_data, 0);
	/* Nothing else is taken. */
	EXPECT(memory_is_free(&memory, HIGH_RAM_BASE,
	                      HIGH_END - HIGH_RAM_BASE));
}

static void without_ram_there_they_are_with_the_tables(void)
{
	start("microvm");
	pc.platform = MACHINE_PLATFORM_MICROVM;
	describe();
	EXPECT(expect_rsdp(LOW_TABLES_BASE) > LOW_TABLES_BASE);
	EXPECT_EQ(type_at(LOW_TABLES_BASE), MEMORY_ACPI);
	EXPECT(fake_ram_is(RSDP_BASE, HIGH_RAM_BASE, 0xa5));
}

/* Tables would hide the 8259s from Linux, and there is nothing to tell. */
static void an_at_has_no_acpi_tables(void)
{
	start("microvm");
	pc.platform = MACHINE_PLATFORM_ISA;
	describe();
	EXPECT_EQ(params()->acpi_rsdp_addr, 0);
	EXPECT_EQ(type_at(LOW_TABLES_BASE), MEMORY_RAM);
}

/* OpenVMM has its own tables there. */
static void records_are_handed_on(void)
{
	start_q35();
	pc.pc.setup_data_paddr = SEED_BASE;
	describe();
	EXPECT_EQ(params()->hdr.setup_data, SEED_BASE);
	start_q35();
	pc.pc.setup_data_paddr = SEED_BASE;
	paravisor_record = 0x123000;
	describe();
	EXPECT_EQ(params()->hdr.setup_data, 0x123000);
	EXPECT_EQ(params()->acpi_rsdp_addr, RSDP_BASE);
	paravisor_record = 0;
}

static void the_area_moves_where_there_is_ram(void)
{
	start("microvm");
	memory_set(&memory, LOW_TABLES_BASE, 0x1000, MEMORY_ACPI);
	describe();
	EXPECT_EQ(expect_rsdp(HIGH_RAM_BASE) & ~0xfffffULL, HIGH_RAM_BASE);
	EXPECT_EQ(type_at(HIGH_RAM_BASE), MEMORY_ACPI);
	/* All of it was claimed, as large as below. */
	EXPECT(!memory_is_free(&memory, HIGH_RAM_BASE + 0x57fff, 1));
	EXPECT(memory_is_free(&memory, HIGH_RAM_BASE + 0x58000, 1));
	EXPECT(fake_map_has(HIGH_RAM_BASE, 0x58000));
	start("microvm");
	memory_set(&memory, LOW_TABLES_BASE, 0x1000, MEMORY_ACPI);
	memory_set(&memory, HIGH_RAM_BASE, HIGH_END - HIGH_RAM_BASE,
	           MEMORY_RESERVED);
	EXPECT_PANIC("acpi: tables: no free RAM of 0x58000 bytes", describe());
}

/* Linux trusts CF8 without a host bridge only if SMBIOS has a date. */
static void a_pci_machine_without_tables_has_an_anchor_on_top(void)
{
	const uint8_t *anchor = paddr_ptr(SMBIOS_HIGH_BASE);

	start("microvm");
	pc.platform = MACHINE_PLATFORM_PCI;
	memset(paddr_ptr(SMBIOS_HIGH_BASE), 0,
	       HIGH_RAM_BASE - SMBIOS_HIGH_BASE);
	describe();
	EXPECT(!memcmp(anchor, "_SM3_", 5));
	EXPECT_EQ(type_at(load_le64(anchor + 16)), MEMORY_RESERVED);
	EXPECT(fake_ram_is(RSDP_BASE, SMBIOS_HIGH_BASE, 0xa5));
	/* What the VMM has there stays, */
	start("microvm");
	pc.platform = MACHINE_PLATFORM_PCI;
	describe();
	EXPECT(fake_ram_is(RSDP_BASE, HIGH_RAM_BASE, 0xa5));
	/* and nobody looks for ours where the VMM has tables. */
	start("microvm");
	pc.platform = MACHINE_PLATFORM_PCI;
	pc.given.rsdp_paddr = 0x1000;
	memset(paddr_ptr(SMBIOS_HIGH_BASE), 0,
	       HIGH_RAM_BASE - SMBIOS_HIGH_BASE);
	describe();
	EXPECT(fake_ram_is(SMBIOS_HIGH_BASE, HIGH_RAM_BASE, 0));
}

static uint32_t read_ram(paddr_t paddr, uint32_t size)
{
	uint32_t value = 0;

	paddr -= LOW_ALIAS;
	if (paddr >= RSDP_BASE || (paddr >= 0x1000 && paddr < LOW_RAM_END))
		memcpy(&value, paddr_ptr(paddr), size);
	return value;
}

/* ACPI 6.4 section 5.2.5.1: the EBDA's segment. */
#define EBDA_SEGMENT (LOW_ALIAS + 0x40e)
static uint32_t ebda_segment;

static void write_ram(paddr_t paddr, uint32_t size, uint32_t value)
{
	if (paddr == EBDA_SEGMENT)
		ebda_segment = value;
	else
		memcpy(paddr_ptr(paddr - LOW_ALIAS), &value, size);
}

/* The kernel would find them by itself, and nobody has proven them. */
static void a_pin_hides_the_vmms_tables(void)
{
	for (int is_pinned = 0; is_pinned < 2; is_pinned++) {
		start("microvm");
		fake_cpu_clear();
		fake_cpu.read = read_ram;
		fake_cpu.write = write_ram;
		memcpy(paddr_ptr(0xf1230), "RSD PTR ", 8);
		payload.is_pinned = is_pinned;
		ebda_segment = 0x9fc0;
		describe();
		EXPECT_EQ(load_le32(paddr_ptr(0xf1230)),
		          is_pinned ? 0 : 0x20445352);
		EXPECT_EQ(ebda_segment, is_pinned ? 0 : 0x9fc0);
	}
	fake_cpu_clear();
}

static void the_vmms_tables_stay_where_they_are(void)
{
	start_q35();
	payload.options.wants_vmm_acpi = true;
	pc.given.rsdp_paddr = 0x7fe0000;
	describe();
	EXPECT_EQ(params()->acpi_rsdp_addr, 0x7fe0000);
	start_q35();
	payload.options.wants_vmm_acpi = true;
	EXPECT_PANIC("acpi: acpi=vmm: the VMM has no tables", describe());
}

/* They come by QEMU's script. The RSDP goes below 1 MiB if that is RAM. */
static void expect_loaded(paddr_t low_rsdp, paddr_t high_rsdp)
{
	payload.options.wants_vmm_acpi = true;
	fake_fw_cfg_add_file("etc/table-loader", script, script_size, false);
	fake_fw_cfg_add_file(TABLES, tables, sizeof(tables), false);
	fake_fw_cfg_add_file(RSDP, rsdp, sizeof(rsdp), false);
	fake_fw_cfg_add_file(GUID, guid, sizeof(guid), false);
	fake_fw_cfg_add_file(ADDRESS, address, sizeof(address), true);
	pc.fw_cfg.is_present = true;
	fw_cfg_open(&pc.fw_cfg);
	describe();
	EXPECT(params()->acpi_rsdp_addr >= low_rsdp &&
	       params()->acpi_rsdp_addr < high_rsdp);
	EXPECT(!memcmp(paddr_ptr(params()->acpi_rsdp_addr), "RSD PTR ", 8));
	EXPECT_EQ(type_at(LOW_TABLES_BASE), MEMORY_ACPI);
}

static void the_vmms_tables_are_loaded(void)
{
	make();
	start_q35();
	expect_loaded(RSDP_BASE, SMBIOS_BASE);
	make();
	start("microvm");
	expect_loaded(LOW_TABLES_BASE, AREA_END);
}

/* 64 KiB are kept for SMBIOS; what has no room below goes above 1 MiB. */
static void large_tables_leave_room_for_smbios(void)
{
	static uint8_t large[0x48000 - 0x1000 + 1]; /* behind GUID's page */

	for (uint32_t more = 0; more < 2; more++) {
		make();
		memcpy(large, tables, sizeof(tables));
		start_q35();
		payload.options.wants_vmm_acpi = true;
		fake_fw_cfg_add_file("etc/table-loader", script, script_size,
		                     false);
		fake_fw_cfg_add_file(TABLES, large,
		                     (uint32_t)sizeof(large) - 1 + more, false);
		fake_fw_cfg_add_file(RSDP, rsdp, sizeof(rsdp), false);
		fake_fw_cfg_add_file(GUID, guid, sizeof(guid), false);
		fake_fw_cfg_add_file(ADDRESS, address, sizeof(address), true);
		pc.fw_cfg.is_present = true;
		fw_cfg_open(&pc.fw_cfg);
		describe();
		EXPECT_EQ(type_at(LOW_TABLES_BASE), MEMORY_ACPI);
		EXPECT_EQ(type_at(LOW_TABLES_BASE + 0x47fff),
		          more ? MEMORY_RAM : MEMORY_ACPI);
		EXPECT_EQ(type_at(LOW_TABLES_BASE + 0x48000),
		          more ? MEMORY_RAM : MEMORY_RESERVED);
	}
}

static void smbios_structures_may_be_the_vmms(void)
{
	static uint8_t structures[0x200];
	const struct smbios3_anchor *anchor;

	memset(structures, 0x77, sizeof(structures));
	start_q35();
	pc.smbios = (struct machine_range){ paddr_of(structures),
		                            sizeof(structures) };
	describe();
	anchor = paddr_ptr(SMBIOS_BASE);
	EXPECT(anchor->table_max_size > sizeof(structures));
	EXPECT(!memcmp(paddr_ptr(anchor->table_paddr + anchor->table_max_size -
	                         sizeof(structures)),
	               structures, sizeof(structures)));
	start_q35();
	pc.smbios.size = LOW_TABLES_SIZE;
	EXPECT_PANIC("smbios: 0x58033 bytes at ", describe());
	EXPECT(strstr(test_console(), ": beyond 0x70000"));
}

/* A map of 128 steps has room, and a record would only take RAM. */
static void no_record_is_taken_for_nothing(void)
{
	bool is_full = false;

	for (uint32_t i = 0; i < 100; i++) {
		uint64_t steps;

		start_q35();
		for (uint32_t j = 0; j < 40 + i / 2; j++)
			memory_set(&memory, HIGH_RAM_BASE + j * 0x2000, 0x1000,
			           MEMORY_RESERVED);
		if (i % 2)
			memory_set(&memory, HIGH_RAM_BASE + 0x1000, 0x800,
			           MEMORY_ACPI);
		describe();
		steps = memory.end - memory.steps;
		if (memory_is_free(&memory, HIGH_END - 0x1000, 0x1000)) {
			EXPECT(steps <= 128);
			is_full = is_full || steps == 128;
		} else {
			EXPECT(steps > 1 + 128); /* The record is one. */
		}
	}
	EXPECT(is_full);
}

/* The zero page has room for 128 ranges. */
static void a_long_map_takes_a_record(void)
{
	const struct setup_data *record;

	start_q35();
	for (uint32_t i = 0; i < 130; i++)
		memory_set(&memory, HIGH_RAM_BASE + i * 0x2000, 0x1000,
		           MEMORY_RESERVED);
	describe();
	EXPECT_EQ(params()->e820_entries, E820_TABLE_MAX);
	record = paddr_ptr(params()->hdr.setup_data);
	EXPECT_EQ(record->type, SETUP_E820_EXT);
	EXPECT(paddr_of(record) >= HIGH_RAM_BASE);
	start_q35();
	memory_set(&memory, 2 * HIGH_RAM_BASE, HIGH_END - 2 * HIGH_RAM_BASE,
	           MEMORY_RESERVED);
	for (uint32_t i = 0; i < 128; i++)
		memory_set(&memory, HIGH_RAM_BASE + i * 0x2000, 0x1000,
		           MEMORY_RESERVED);
	describe(); /* there is room below 1 MiB only */
	record = paddr_ptr(params()->hdr.setup_data);
	EXPECT_EQ(record->type, SETUP_E820_EXT);
	EXPECT(paddr_of(record) > LOW_TABLES_BASE);
	EXPECT(paddr_of(record) < LOW_RAM_END);
}

int main(void)
{
	if (!fake_ram_map(0x1000, LOW_RAM_END) ||
	    !fake_ram_map(RSDP_BASE, HIGH_END) ||
	    !fake_ram_map(RAM_BASE, RAM_BASE + RAM_SIZE))
		return fake_ram_skip("test_describe");
	RUN(a_pcs_anchors_are_below_1_mib);
	RUN(without_ram_there_they_are_with_the_tables);
	RUN(an_at_has_no_acpi_tables);
	RUN(records_are_handed_on);
	RUN(the_area_moves_where_there_is_ram);
	RUN(a_pci_machine_without_tables_has_an_anchor_on_top);
	RUN(a_pin_hides_the_vmms_tables);
	RUN(the_vmms_tables_stay_where_they_are);
	RUN(the_vmms_tables_are_loaded);
	RUN(large_tables_leave_room_for_smbios);
	RUN(smbios_structures_may_be_the_vmms);
	RUN(no_record_is_taken_for_nothing);
	RUN(a_long_map_takes_a_record);
	return test_status();
}
