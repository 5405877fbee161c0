/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_paravisor_x86.c - what a bundle says of a paravisor, and what
 * its kernel gets on x86_64
 *
 * RAM is memory of the host below 4 GiB. The other processors are counted only.
 */
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "arch/x86_64/lib/paging.h"
#include "arch/x86_64/lib/regs.h"
#include "arch/x86_64/lib/smp.h"
#include "arch/x86_64/lib/tsc.h"
#include "arch/x86_64/paravisor/pool.h"
#include "arch/x86_64/paravisor/pool_area.h"
#include "common/arch.h"
#include "common/image.h"
#include "common/lib/sum64.h"
#include "common/machine/handoff.h"
#include "common/paravisor/paravisor.h"
#include "common/paravisor/split.h"
#include "common/place/place.h"
#include "common/spec/igvm_params.h"
#include "common/spec/linux_x86.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define MIB      0x100000ULL
#define RAM      0x50000000ULL
#define RAM_SIZE (64 * MIB)
#define NEXT     0x1234000 /* the first record so far */
#define LOW_SIZE (2 * MIB)

static struct machine machine;
static struct memory memory;
static struct payload payload;
static struct handoff handoff;
static struct guest guest;
static struct bundle_paravisor options;
static char text[256];
static uint32_t finish_count, open_count, run_count, await_count, measure_count;

/* What they have to do in the trampoline's page is done before. */
void smp_finish(const struct machine *of)
{
	EXPECT(of == &machine && !run_count);
	finish_count++;
}

void smp_run(const struct machine *of, const uint8_t *begin, const uint8_t *end)
{
	struct pool_words *words =
		paddr_ptr(AP_TRAMPOLINE_BASE + POOL_WORDS_OFFSET);

	EXPECT(of == &machine && begin < end && finish_count == 1);
	EXPECT_EQ(open_count, 1);
	words->fill(words); /* the first of them to come does it */
	run_count++;
}

void smp_await(const struct machine *of)
{
	EXPECT(of == &machine && run_count == 1);
	await_count++;
}

/* Their code is opened to execution before they come. */
void paging_open(paddr_t base, uint64_t size)
{
	EXPECT_EQ(base, AP_TRAMPOLINE_BASE);
	EXPECT_EQ(size, TREE_PAGE_SIZE);
	EXPECT_EQ(run_count, 0);
	open_count++;
}

void tsc_measure(struct machine *of)
{
	EXPECT(of == &machine);
	measure_count++;
}

static void sign(void)
{
	payload.paravisor = (struct source){
		.kind = SOURCE_MEMORY,
		.data = &options,
		.stored_size = sizeof(options),
		.size = sizeof(options),
		.has_checksum = true,
		.sum64 = sum64(0, &options, sizeof(options)),
	};
}

/* A machine of `count` CPUs, in chunks of at most `chunk_max`. */
static void start(uint32_t count, uint32_t chunk_max)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	memset(paddr_ptr(AP_TRAMPOLINE_BASE), 0, 0x1000);
	fake_cpu_clear();
	fake_map_clear();
	machine.pc.lapic_paddr = LAPIC_BASE;
	machine.cpu_count = count;
	for (uint32_t i = 0; i < count; i++)
		machine.cpus[i] = (struct machine_cpu){ .id = i };
	machine.ram_count = 1;
	machine.ram[0] = (struct machine_ram){ .base = RAM,
		                               .size = RAM_SIZE,
		                               .type = MEMORY_RAM };
	handoff = (struct handoff){ .door = DOOR_LINUX };
	options = (struct bundle_paravisor){ .chunk_max = chunk_max };
	payload.options.is_paravisor = true;
	sign();
	strcpy(text, "quiet");
	guest.cmdline = (struct cmdline){ text, 5, sizeof(text) - 1 };
	finish_count = open_count = run_count = await_count = measure_count = 0;
}

static void split(void)
{
	paravisor_split(&machine, &payload, &handoff);
	memory_init(&memory, &machine);
}

static const struct setup_data *describe(void)
{
	paddr_t record =
		paravisor_describe(&machine, &payload, &guest, &memory, NEXT);

	return paddr_ptr(record);
}

/* ---- what the bundle says */

static void another_kernel_gets_all(void)
{
	start(2, 2);
	payload.options.is_paravisor = false;
	split();
	EXPECT(!machine.is_split && !machine.kernel_cpu_count);
	EXPECT_EQ(paravisor_cpu_at(&machine, 1), 1);
	EXPECT(describe() == paddr_ptr(NEXT));
	EXPECT_EQ(run_count, 0);
}

static void what_it_says_is_proven(void)
{
	start(2, 2);
	options.memory_size = 2 * MIB;
	EXPECT_PANIC("paravisor: sum of 0x10 bytes", split());
	start(2, 2);
	options.reserved = 1;
	sign();
	EXPECT_PANIC("bundle: paravisor: 0x10 bytes, reserved 0x1", split());
	start(2, 2);
	options.chunk_max = UINT32_MAX;
	sign();
	EXPECT_PANIC("bundle: paravisor: 0 bytes of RAM, chunks of 4294967295",
	             split());
}

static void ram_is_split_as_it_says(void)
{
	start(1, 0);
	options.memory_size = 16 * MIB;
	sign();
	split();
	EXPECT(machine.is_split && !machine.kernel_cpu_count);
	EXPECT_EQ(machine.ram_count, 2);
	EXPECT_EQ(machine.ram[0].type, MEMORY_NONE);
	EXPECT_EQ(machine.ram[1].base, RAM + RAM_SIZE - 16 * MIB);
	EXPECT_EQ(machine.ram[1].type, MEMORY_RAM);
	/* The pages of the file that the blob came in are the paravisor's. */
	start(1, 0);
	options.memory_size = 16 * MIB;
	sign();
	memset(paddr_ptr(RAM), 0, sizeof(struct igvm_params));
	((struct igvm_params *)paddr_ptr(RAM))->run_size = 2 * MIB;
	handoff.door = DOOR_IGVM;
	handoff.given_paddr = RAM;
	split();
	EXPECT_EQ(machine.ram_count, 3);
	EXPECT_EQ(machine.ram[0].size, 2 * MIB);
	EXPECT_EQ(machine.ram[0].type, MEMORY_RAM);
	EXPECT_EQ(machine.ram[1].type, MEMORY_NONE);
	/* Between 640 KiB and 1 MiB there is none. */
	start(1, 0);
	machine.ram[0].base = 0;
	machine.ram[0].size = 4 * MIB;
	split();
	EXPECT_EQ(machine.ram_count, 3);
	EXPECT_EQ(machine.ram[1].base, LOW_RAM_END);
	EXPECT_EQ(machine.ram[1].type, MEMORY_RESERVED);
	EXPECT_EQ(machine.ram[2].base, HIGH_RAM_BASE);
}

static void the_kernels_cpus_come_first(void)
{
	start(4, 2);
	split();
	EXPECT_EQ(measure_count, 1);
	EXPECT_EQ(machine.kernel_cpu_count, 2);
	EXPECT_EQ(paravisor_cpu_at(&machine, 0), 0);
	EXPECT_EQ(paravisor_cpu_at(&machine, 1), 2);
	EXPECT_EQ(paravisor_cpu_at(&machine, 2), 1);
	EXPECT_EQ(paravisor_cpu_at(&machine, 3), 3);
	/* Each chunk of one CPU leaves none to a pool. */
	start(4, 1);
	split();
	EXPECT_EQ(machine.kernel_cpu_count, 0);
}

/* ---- what the kernel gets */

static int find(const struct setup_data *record, const char *compatible)
{
	return fdt_node_offset_by_compatible(record + 1, -1, compatible);
}

static void expect_record(const struct setup_data *record)
{
	EXPECT_EQ(record->next, NEXT);
	EXPECT_EQ(record->type, SETUP_DTB);
	EXPECT_EQ(fdt_check_header(record + 1), 0);
	EXPECT(fdt_totalsize(record + 1) <= record->len);
	EXPECT(!memory_is_free(&memory, paddr_of(record),
	                       sizeof(*record) + record->len));
	EXPECT_EQ(paddr_of(record) % TREE_PAGE_SIZE, 0);
	EXPECT(fake_map_has(paddr_of(record), sizeof(*record) + record->len));
}

static void a_tree_describes_its_machine(void)
{
	const struct setup_data *record;

	start(4, 0);
	split();
	record = describe();
	expect_record(record);
	EXPECT(find(record, "intel,ce4100-lapic") > 0);
	EXPECT_EQ(find(record, "microsoft,openvmm"), 0); /* the root */
	EXPECT(find(record, "microsoft,openhcl-sidecar") < 0);
	EXPECT_STR(text, "quiet");
	EXPECT_EQ(run_count, 0);
}

static void a_pool_is_started(void)
{
	const struct pool_words *words =
		paddr_ptr(AP_TRAMPOLINE_BASE + POOL_WORDS_OFFSET);
	const struct setup_data *record;
	const struct pool_head *head;

	start(4, 4);
	split();
	fake_cpu_set_msr(MSR_EFER, UINT64_MAX);
	fake_cpu.cr3 = 0x88000;
	record = describe();
	expect_record(record);
	/* SDM 3A, IA32_EFER: long mode and no-execute pages */
	EXPECT_EQ(words->efer, 0x900);
	EXPECT_EQ(words->first_table, 0x88000);
	EXPECT(words->machine == &machine);
	/* The pool is behind the record. */
	EXPECT_EQ(words->area, RAM + 0x2000);
	EXPECT(fake_map_has(words->area, pool_area_size(&machine, 21)));
	EXPECT_EQ(words->stack, words->area + pool_area_size(&machine, 21));
	EXPECT_EQ(words->chunk_max, 4);
	EXPECT_EQ(words->page_bits, 21);
	EXPECT(find(record, "microsoft,openhcl-sidecar") > 0);
	EXPECT_STR(text, "quiet maxcpus=1");
	EXPECT_EQ(run_count, 1);
	EXPECT_EQ(await_count, 1);
	EXPECT(words->head > RAM && words->head < RAM + RAM_SIZE);
	head = paddr_ptr(words->head);
	EXPECT_EQ(head->cpu_count, 3);
	EXPECT_EQ(head->cpus[2].id, 3);
}

static void the_kernel_starts_as_many_cpus_as_it_has(void)
{
	start(24, 2);
	split();
	describe();
	EXPECT_STR(text, "quiet maxcpus=12");
}

/* Returns how much RAM is reserved for a pool. */
static uint64_t pool_size(void)
{
	struct tree_pool pool = pool_start(&machine, 4, &memory);

	EXPECT_EQ(pool.all.base, RAM);
	EXPECT_EQ(pool.shared, RAM);
	EXPECT_EQ(pool.chunk_max, 4);
	return pool.all.size;
}

/* SDM 2A, CPUID.80000001H:EDX[26] */
static void large_pages_save_tables(void)
{
	const struct memory_step *step = memory.steps;

	start(4, 4);
	split();
	EXPECT_EQ(pool_size(), pool_area_size(&machine, 21));
	EXPECT(!memory_is_free(&memory, RAM, 1));
	while (memory_range(step).base < RAM)
		step++;
	EXPECT_EQ(memory_range(step).type, MEMORY_RESERVED);
	start(4, 4);
	split();
	fake_cpu_set_cpuid(0x80000001, 0, (struct cpuid){ .edx = 1 << 26 });
	EXPECT_EQ(pool_size(), pool_area_size(&machine, 30));
}

/* Linux keeps /dev/mem from what starts below 1 MiB. */
static void a_pool_is_above_1_mib(void)
{
	struct tree_pool pool;

	start(4, 4);
	split();
	memory_claim(&memory, "test", RAM, RAM_SIZE, MEMORY_RAM);
	memory_set(&memory, HIGH_RAM_BASE - 0x10000, 0x10000 + LOW_SIZE,
	           MEMORY_RAM);
	pool = pool_start(&machine, 4, &memory);
	EXPECT_EQ(pool.all.base, HIGH_RAM_BASE + 0x1000);
}

/* ---- what is refused */

static void a_bundle_of_the_vmm_is_refused(void)
{
	start(1, 0);
	memory_init(&memory, &machine);
	EXPECT_PANIC("paravisor: a bundle of the VMM: must be the blob's own",
	             describe());
	start(1, 0);
	split();
	payload.dtb.kind = SOURCE_MEMORY;
	EXPECT_PANIC("paravisor: a device tree of the bundle", describe());
}

static void without_room_it_is_refused(void)
{
	start(4, 0);
	split();
	memory_claim(&memory, "test", RAM, RAM_SIZE, MEMORY_RAM);
	EXPECT_PANIC("paravisor: 0x1440 bytes: no free RAM of that size",
	             describe());
	start(4, 4);
	split();
	memory_claim(&memory, "test", RAM, RAM_SIZE - 0x4000, MEMORY_RAM);
	EXPECT_PANIC("paravisor: pool: 0x", describe());
	start(4, 4);
	split();
	guest.cmdline.max = 14;
	EXPECT_PANIC("cmdline: maxcpus=1: room for 9 bytes", describe());
}

static void large_ids_are_refused(void)
{
	start(4, 4);
	machine.cpus[3].id = 254;
	split();
	describe();
	start(4, 4);
	machine.cpus[3].id = 255;
	split();
	EXPECT_PANIC("paravisor: pool: APIC ID 0xff: at most 0xfe", describe());
	EXPECT_EQ(run_count, 0);
}

int main(void)
{
	if (!fake_ram_map(RAM, RAM + RAM_SIZE) ||
	    !fake_ram_map(HIGH_RAM_BASE - 0x10000, HIGH_RAM_BASE + LOW_SIZE) ||
	    !fake_ram_map(AP_TRAMPOLINE_BASE, AP_TRAMPOLINE_BASE + 0x1000))
		return fake_ram_skip("test_paravisor_x86");
	RUN(another_kernel_gets_all);
	RUN(what_it_says_is_proven);
	RUN(ram_is_split_as_it_says);
	RUN(the_kernels_cpus_come_first);
	RUN(a_tree_describes_its_machine);
	RUN(a_pool_is_started);
	RUN(the_kernel_starts_as_many_cpus_as_it_has);
	RUN(large_pages_save_tables);
	RUN(a_pool_is_above_1_mib);
	RUN(a_bundle_of_the_vmm_is_refused);
	RUN(without_room_it_is_refused);
	RUN(large_ids_are_refused);
	return test_status();
}
