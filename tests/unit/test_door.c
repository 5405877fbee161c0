/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_door.c - what the doors of x86_64 do in C
 *
 * Low memory, the BIOS below 1 MiB and the blob in RAM are where they are on
 * the machine.
 */
#include <string.h>

#include "arch/x86_64/door/door.h"
#include "arch/x86_64/lib/mtrr.h"
#include "arch/x86_64/lib/regs.h"
#include "common/image.h"
#include "common/lib/console.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define LOW_BASE 0x1000
#define BLOB     0x200000
#define PATTERN  0xa5

NORETURN void door_main(struct boot *boot, enum door door, paddr_t blob_paddr,
                        paddr_t given_paddr);
NORETURN void reset_main(struct boot *boot, paddr_t blob_paddr, uint64_t ticks);

static struct boot boot;

static paddr_t mapped_end;
static bool is_igvm_file;

bool igvm_is_at(paddr_t paddr)
{
	EXPECT(paddr >= HIGH_RAM_BASE && paddr + 0x1000 <= DOOR_MAP_END);
	return is_igvm_file;
}

void paging_start(paddr_t end)
{
	mapped_end = end;
}

void boot_main(struct boot *started)
{
	EXPECT(started == &boot);
	panic("booted");
}

static void start(int64_t bundle_offset, uint64_t bundle_size)
{
	struct bundle_record *record = paddr_ptr(BLOB + BLOB_RECORD);

	memset(paddr_ptr(LOW_BASE), PATTERN, LOW_RAM_END - LOW_BASE);
	memset(paddr_ptr(LOW_BIOS_BASE), PATTERN, LOW_BIOS_SIZE);
	memset(&boot, PATTERN, sizeof(boot));
	*record = (struct bundle_record){
		.magic = BUNDLE_RECORD_MAGIC,
		.bundle_offset = bundle_offset,
		.bundle_size = bundle_size,
	};
	fake_cpu_clear();
	fake_cpu.tsc = 77;
}

static void enter(enum door door)
{
	door_main(&boot, door, BLOB, 0x6000);
}

/* reset.S has it. */
const uint64_t gdt[SELECTOR_TSS / sizeof(uint64_t)] = { 0, 1, 2, 3, 4 };

/* SDM 3A figures 6-8, 7-4 and 7-11 */
static void exceptions_have_a_stack_of_their_own(void)
{
	static const uint8_t tss[16] = {
		0x67, 0, 0x4c, 0x7d, 0x09, 0x89, 0, 0
	};
	const uint8_t *copy, *stack;

	start(0, 0);
	EXPECT_PANIC("booted", enter(DOOR_PVH));
	copy = paddr_ptr(GDT_BASE);
	stack = paddr_ptr(TSS_BASE + 36);
	EXPECT(fake_cpu.gdt == copy);
	EXPECT_EQ(fake_cpu.gdt_size, SELECTOR_TSS + sizeof(tss));
	EXPECT_EQ(fake_cpu.tss, SELECTOR_TSS);
	EXPECT(memcmp(copy, gdt, sizeof(gdt)) == 0);
	EXPECT(memcmp(copy + SELECTOR_TSS, tss, sizeof(tss)) == 0);
	EXPECT_EQ(*(const uint64_t *)stack, SCRATCH_BASE + SCRATCH_SIZE);
}

static void a_door_hands_on_what_it_was_given(void)
{
	start(-0x4000, 0x3000);
	EXPECT_PANIC("booted", enter(DOOR_PVH));
	EXPECT_EQ(boot.handoff.door, DOOR_PVH);
	EXPECT_EQ(boot.handoff.given_paddr, 0x6000);
	EXPECT_EQ(boot.handoff.blob_paddr, BLOB);
	EXPECT_EQ(boot.handoff.blob_size, BLOB_SIZE);
	EXPECT_EQ(boot.handoff.bundle_paddr, BLOB - 0x4000);
	EXPECT_EQ(boot.handoff.bundle_size, 0x3000);
	EXPECT_EQ(boot.handoff.start_ticks, 77);
	EXPECT_EQ(mapped_end, DOOR_MAP_END);
	EXPECT(!boot.is_refusing && !boot.is_stopping && !boot.has_console);
	EXPECT_EQ(boot.payload.segment_count, 0);
	EXPECT_EQ(boot.machine.ram_count, 0);
	EXPECT(fake_ram_is(LOW_BIOS_BASE, LOW_BIOS_BASE + LOW_BIOS_SIZE,
	                   PATTERN));
}

/* Of a host that gives parameters, the page is above the first MiB. */
static void an_igvm_files_page_is_looked_for_in_ram(void)
{
	static const paddr_t pages[] = { HIGH_RAM_BASE, DOOR_MAP_END - 0x1000 };

	is_igvm_file = true;
	for (volatile uint32_t i = 0; i < ARRAY_COUNT(pages); i++) {
		start(0, 0);
		EXPECT_PANIC("booted",
		             door_main(&boot, DOOR_LINUX, BLOB, pages[i]));
		EXPECT_EQ(boot.handoff.door, DOOR_IGVM);
		EXPECT_EQ(boot.handoff.given_paddr, pages[i]);
		EXPECT_PANIC("booted",
		             door_main(&boot, DOOR_PVH, BLOB, pages[i]));
		EXPECT_EQ(boot.handoff.door, DOOR_PVH);
	}
	start(0, 0);
	EXPECT_PANIC("booted", door_main(&boot, DOOR_LINUX, BLOB,
	                                 HIGH_RAM_BASE - 0x1000));
	EXPECT_EQ(boot.handoff.door, DOOR_LINUX);
	EXPECT_PANIC("booted",
	             door_main(&boot, DOOR_LINUX, BLOB, DOOR_MAP_END - 0xfff));
	EXPECT_EQ(boot.handoff.door, DOOR_LINUX);
	is_igvm_file = false;
}

static void without_a_bundle_there_is_none(void)
{
	start(0, 0x3000);
	EXPECT_PANIC("booted", enter(DOOR_LINUX));
	EXPECT_EQ(boot.handoff.bundle_paddr, 0);
	EXPECT_EQ(boot.handoff.bundle_size, 0);
	start(-0x10000, 0x8000);
	EXPECT_PANIC("booted", reset_main(&boot, BLOB, 123));
	EXPECT_EQ(boot.handoff.door, DOOR_RESET);
	EXPECT_EQ(boot.handoff.bundle_paddr, BLOB - 0x10000);
	EXPECT_EQ(boot.handoff.start_ticks, 123);
	EXPECT_EQ(mapped_end, BLOB_MAP_LOW_END);
}

/* The tables that map more might lie on the VMM's data. */
static void a_bundle_beyond_the_first_gib_is_refused(void)
{
	static const struct machine_range wild[] = {
		{ DOOR_MAP_END - BLOB, 1 },
		{ DOOR_MAP_END - BLOB - 1, 2 },
		{ 0x1000, DOOR_MAP_END },
		{ 0x1000, UINT64_MAX },
		{ 0x1000, -(uint64_t)BLOB - 0x1000 },
		{ -(uint64_t)BLOB - 1, 1 },
		{ -(uint64_t)BLOB - 1, 2 },
		{ -(uint64_t)BLOB - 0x1000, 0x2000 },
		{ INT64_MAX, 0x1000 },
		{ 1ULL << 63, 0x1000 },
	};

	for (volatile uint32_t i = 0; i < ARRAY_COUNT(wild); i++) {
		start((int64_t)wild[i].base, wild[i].size);
		EXPECT_PANIC("must be in the first GiB", enter(DOOR_PVH));
	}
	start(0x1000, DOOR_MAP_END);
	EXPECT_PANIC("bundle: 0x40000000 bytes at 0x201000: must be in the "
	             "first GiB",
	             enter(DOOR_PVH));
	start(DOOR_MAP_END - BLOB - 0x1000, 0x1000);
	EXPECT_PANIC("booted", enter(DOOR_PVH));
}

/* SDM 3A, "IA32_MTRR_DEF_TYPE MSR": bit 11 turns all of them on. */
static void memory_types_are_as_after_a_reset(void)
{
	static const enum door doors[] = { DOOR_PVH, DOOR_LINUX, DOOR_RESET };

	for (volatile uint32_t i = 0; i < ARRAY_COUNT(doors); i++) {
		start(0, 0);
		fake_cpu_set_cpuid(1, 0, (struct cpuid){ .edx = 1 << 12 });
		fake_cpu_set_msr(0x2ff, 0x806);
		EXPECT_PANIC("booted", enter(doors[i]));
		EXPECT_EQ(fake_cpu_msr(0x2ff), 0);
	}
}

static paddr_t written_paddr;
static uint32_t written;

static void note_write(paddr_t paddr, uint32_t size, uint32_t value)
{
	EXPECT_EQ(size, 1);
	written_paddr = paddr;
	written = value;
}

/* MSR_LSTAR tells a kernel's last resort from a reset. */
static void a_kernel_that_jumps_here_restarts_the_machine(void)
{
	start(0, 0);
	fake_cpu_set_msr(MSR_LSTAR, 0xffffffff81000000);
	fake_cpu.write = note_write;
	EXPECT_PANIC("fake: triple fault", enter(DOOR_LINUX));
	EXPECT(fake_cpu_has_out(0xcf9, 1, 6));
	EXPECT(fake_cpu_has_out(0x64, 1, 0xfe));
	EXPECT_EQ(written_paddr, 0xfea00202);
	EXPECT_EQ(written, 0x42);
	EXPECT_EQ(boot.handoff.door, 0xa5a5a5a5);
}

/* Its first page stays, since the VMM may have tables there. */
static void a_rom_below_1_mib_is_cleared(void)
{
	const paddr_t page = LOW_BIOS_BASE + LOW_BIOS_SIZE - BLOB_SIZE;

	start(0, 0);
	EXPECT_PANIC("booted", enter(DOOR_RESET));
	EXPECT(fake_ram_is(LOW_BIOS_BASE, page, 0));
	EXPECT(fake_ram_is(page, page + BLOB_ENTRY32, PATTERN));
	EXPECT(fake_ram_is(page + BLOB_ENTRY32, HIGH_RAM_BASE, 0));
}

/* SDM 3A section 6.14.1 */
static void expect_gate(const uint8_t *gate, uint32_t vector)
{
	uint64_t stub = load_le16(gate) | load_le16(gate + 6) << 16 |
	                (uint64_t)load_le32(gate + 8) << 32;

	EXPECT_EQ(stub,
	          BLOB_VADDR + BLOB_EXCEPTIONS + vector * BLOB_EXCEPTION_SIZE);
	EXPECT_EQ(load_le16(gate + 2), SELECTOR_CODE64);
	EXPECT_EQ(load_le16(gate + 4), vector < TIMER_VECTOR ? 0x8e01 : 0x8e00);
}

static void each_gate_leads_to_its_stub(void)
{
	start(0, 0);
	EXPECT_PANIC("booted", enter(DOOR_PVH));
	EXPECT(fake_cpu.idt == paddr_ptr(IDT_BASE));
	EXPECT_EQ(fake_cpu.idt_size, (TIMER_VECTOR + 1) * 16);
	for (uint32_t i = 0; i <= TIMER_VECTOR; i++)
		expect_gate(paddr_ptr(IDT_BASE + i * 16), i);
	/* What follows is the GDT, whose first descriptor is empty. */
	EXPECT(fake_ram_is(GDT_BASE, GDT_BASE + 8, 0));
	EXPECT(fake_ram_is(LOW_BASE, IDT_BASE, PATTERN));
	EXPECT(fake_ram_is(TSS_BASE + 36 + 8, LOW_RAM_END, PATTERN));
}

int main(void)
{
	if (!fake_ram_map(LOW_BASE, LOW_RAM_END) ||
	    !fake_ram_map(LOW_BIOS_BASE, HIGH_RAM_BASE) ||
	    !fake_ram_map(BLOB, BLOB + BLOB_SIZE))
		return fake_ram_skip("test_door");
	RUN(a_door_hands_on_what_it_was_given);
	RUN(an_igvm_files_page_is_looked_for_in_ram);
	RUN(exceptions_have_a_stack_of_their_own);
	RUN(without_a_bundle_there_is_none);
	RUN(a_bundle_beyond_the_first_gib_is_refused);
	RUN(memory_types_are_as_after_a_reset);
	RUN(a_kernel_that_jumps_here_restarts_the_machine);
	RUN(a_rom_below_1_mib_is_cleared);
	RUN(each_gate_leads_to_its_stub);
	return test_status();
}
