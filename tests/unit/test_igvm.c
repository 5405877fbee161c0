/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_igvm.c - the page of parameters of an IGVM file, and what a
 * host writes into the areas
 */
#include <stdlib.h>
#include <string.h>

#include "common/igvm/given.h"
#include "common/igvm/params.h"
#include "common/image.h"
#include "common/lib/sum64.h"
#include "common/payload/payload.h"
#include "common/place/guest.h"
#include "tests/unit/test.h"

#define RUN_PAGES    16
#define PARAMS_PAGE  4
#define MAP_PAGE     5
#define COUNT_PAGE   6
#define CMDLINE_PAGE 7
#define MAP_MAX      (IGVM_PAGE_SIZE / sizeof(struct igvm_memory_entry))

static _Alignas(IGVM_PAGE_SIZE) uint8_t pages[RUN_PAGES * IGVM_PAGE_SIZE];
static struct handoff handoff;
static struct machine machine;

static void *page(uint32_t index)
{
	return &pages[index * IGVM_PAGE_SIZE];
}

static struct igvm_params *params(void)
{
	return page(PARAMS_PAGE);
}

static void sign(void)
{
	params()->crc32c = 0;
	params()->sum64 = 0;
	params()->sum64 = sum64(0, params(), sizeof(*params()));
	params()->crc32c = 0x1234; /* for others */
}

static void add_area(enum igvm_parameter parameter, uint32_t index)
{
	params()->areas[params()->area_count++] = (struct igvm_params_area){
		.parameter = parameter,
		.size = IGVM_PAGE_SIZE,
		.offset = ((int)index - PARAMS_PAGE) * IGVM_PAGE_SIZE,
	};
}

/* A blob of two pages, a bundle of one, then the parameters and areas. */
static void start(void)
{
	memset(pages, 0, sizeof(pages));
	*params() = (struct igvm_params){
		.magic = IGVM_PARAMS_MAGIC,
		.version = IGVM_PARAMS_VERSION,
		.run_offset = -PARAMS_PAGE * IGVM_PAGE_SIZE,
		.run_size = sizeof(pages),
	};
	add_area(IGVM_PARAMETER_MEMORY_MAP, MAP_PAGE);
	add_area(IGVM_PARAMETER_VP_COUNT, COUNT_PAGE);
	add_area(IGVM_PARAMETER_COMMAND_LINE, CMDLINE_PAGE);
	handoff = (struct handoff){
		.door = DOOR_IGVM,
		.given_paddr = paddr_of(params()),
		.blob_paddr = paddr_of(page(0)),
		.blob_size = 2 * IGVM_PAGE_SIZE,
		.bundle_paddr = paddr_of(page(2)),
		.bundle_size = IGVM_PAGE_SIZE,
	};
	memset(&machine, 0xa5, sizeof(machine));
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	sign();
}

static void check_params(void)
{
	igvm_params_check(&handoff, paddr_of(pages),
	                  paddr_of(pages) + sizeof(pages));
}

static void sign_and_check(void)
{
	sign();
	check_params();
}

static void a_page_is_known_by_its_magic(void)
{
	start();
	EXPECT(igvm_is_at(handoff.given_paddr));
	params()->magic ^= 1;
	EXPECT(!igvm_is_at(handoff.given_paddr));
}

static void areas_are_found(void)
{
	struct machine_range area;

	start();
	check_params();
	EXPECT_EQ(igvm_run(&handoff).base, paddr_of(pages));
	EXPECT_EQ(igvm_run(&handoff).size, sizeof(pages));
	area = igvm_area(&handoff, IGVM_PARAMETER_VP_COUNT);
	EXPECT_EQ(area.base, paddr_of(page(COUNT_PAGE)));
	EXPECT_EQ(area.size, IGVM_PAGE_SIZE);
	EXPECT_EQ(igvm_area(&handoff, IGVM_PARAMETER_SRAT).size, 0);
	EXPECT_EQ(igvm_area(&handoff, IGVM_PARAMETER_SRAT).base, 0);
}

static void an_area_may_lie_before_the_page(void)
{
	start();
	params()->areas[0].offset = -IGVM_PAGE_SIZE;
	sign_and_check();
	EXPECT_EQ(igvm_area(&handoff, IGVM_PARAMETER_MEMORY_MAP).base,
	          paddr_of(page(PARAMS_PAGE - 1)));
}

static void refuse_change(uint32_t offset)
{
	start();
	((uint8_t *)params())[offset] ^= 1 << offset % 8;
	EXPECT_PANIC("igvm: sum of the parameters is", check_params());
}

static void each_byte_of_the_page_is_summed(void)
{
	for (uint32_t i = 0; i < sizeof(struct igvm_params); i++) {
		/* The version comes first, and the CRC-32C is for others. */
		if ((i < 8 || i >= 12) && (i < 16 || i >= 20))
			refuse_change(i);
	}
}

static void a_head_that_is_wrong_is_refused(void)
{
	start();
	params()->version = 2;
	EXPECT_PANIC("igvm: parameters of version 2: must be 1",
	             sign_and_check());
	start();
	params()->flags = 2;
	EXPECT_PANIC("igvm: flags 0x2: known are 0x1", sign_and_check());
	start();
	params()->flags = 1;
	sign_and_check();
	for (volatile uint32_t bit = 1; bit < 32; bit++) {
		start();
		params()->flags = 1u << bit;
		EXPECT_PANIC("known are 0x1", sign_and_check());
	}
	start();
	params()->reserved[0] = 7;
	EXPECT_PANIC("igvm: reserved word 0 is 0x7: must be 0",
	             sign_and_check());
	start();
	params()->area_count = IGVM_PARAMS_AREA_MAX;
	for (uint32_t i = 3; i < IGVM_PARAMS_AREA_MAX; i++)
		params()->areas[i] = (struct igvm_params_area){
			.parameter = i,
			.size = IGVM_PAGE_SIZE,
			.offset = IGVM_PAGE_SIZE,
		};
	sign_and_check();
	start();
	params()->reserved[1] = 9;
	EXPECT_PANIC("igvm: reserved word 1 is 0x9: must be 0",
	             sign_and_check());
	start();
	params()->area_count = IGVM_PARAMS_AREA_MAX + 1;
	EXPECT_PANIC("igvm: 13 areas, at most 12", sign_and_check());
	start();
	memmove((uint8_t *)params() + 8, params(), sizeof(*params()));
	handoff.given_paddr += 8;
	EXPECT_PANIC("must start a page", check_params());
}

static void set_run(int64_t offset, uint64_t size)
{
	start();
	params()->run_offset = offset;
	params()->run_size = size;
	sign();
}

static void refuse_run(int64_t offset, uint64_t size)
{
	set_run(offset, size);
	EXPECT_PANIC("must be pages in", check_params());
}

static void pages_that_are_not_there_are_refused(void)
{
	static const struct {
		int64_t offset;
		uint64_t size;
	} runs[] = {
		{ -(PARAMS_PAGE + 1) * IGVM_PAGE_SIZE, sizeof(pages) },
		{ -PARAMS_PAGE * IGVM_PAGE_SIZE,
		  sizeof(pages) + IGVM_PAGE_SIZE },
		{ -PARAMS_PAGE * IGVM_PAGE_SIZE, sizeof(pages) - 1 },
		{ -PARAMS_PAGE * IGVM_PAGE_SIZE, -(uint64_t)IGVM_PAGE_SIZE },
		{ -PARAMS_PAGE * IGVM_PAGE_SIZE + 1, sizeof(pages) },
		{ INT64_MIN, sizeof(pages) },
		{ INT64_MAX, UINT64_MAX },
	};

	for (uint32_t i = 0; i < ARRAY_COUNT(runs); i++)
		refuse_run(runs[i].offset, runs[i].size);
}

static void pages_that_lack_a_part_are_refused(void)
{
	set_run(-PARAMS_PAGE * IGVM_PAGE_SIZE, PARAMS_PAGE * IGVM_PAGE_SIZE);
	EXPECT_PANIC("must hold blob", check_params()); /* the parameters */
	set_run((1 - PARAMS_PAGE) * IGVM_PAGE_SIZE, 8 * IGVM_PAGE_SIZE);
	EXPECT_PANIC("must hold blob", check_params());
	start();
	handoff.bundle_size = sizeof(pages);
	EXPECT_PANIC("must hold blob", check_params());
	start();
	handoff.bundle_paddr = paddr_of(pages) + sizeof(pages);
	EXPECT_PANIC("must hold blob", check_params());
	start();
	handoff.blob_paddr = paddr_of(pages) + sizeof(pages);
	EXPECT_PANIC("must hold blob", check_params());
	start();
	handoff.bundle_paddr = handoff.bundle_size = 0; /* there is none */
	check_params();
}

static void refuse_area(int64_t offset, uint32_t size)
{
	start();
	params()->areas[1].offset = offset;
	params()->areas[1].size = size;
	EXPECT_PANIC("igvm: area 0x307: ", sign_and_check());
}

static void an_area_that_is_wrong_is_refused(void)
{
	static const struct {
		int64_t offset;
		uint32_t size;
	} areas[] = {
		{ IGVM_PAGE_SIZE, 0 },
		{ IGVM_PAGE_SIZE, IGVM_PAGE_SIZE - 8 },
		{ IGVM_PAGE_SIZE, 12 * IGVM_PAGE_SIZE },
		{ IGVM_PAGE_SIZE + 8, IGVM_PAGE_SIZE },
		{ 12 * IGVM_PAGE_SIZE, IGVM_PAGE_SIZE },
		{ -5 * IGVM_PAGE_SIZE, IGVM_PAGE_SIZE },
		{ INT64_MIN, IGVM_PAGE_SIZE },
		{ INT64_MAX - IGVM_PAGE_SIZE + 1, IGVM_PAGE_SIZE },
	};

	for (uint32_t i = 0; i < ARRAY_COUNT(areas); i++)
		refuse_area(areas[i].offset, areas[i].size);
	for (uint32_t i = 0; i < 3; i++) {
		start();
		params()->areas[i].size = 1;
		EXPECT_PANIC("bytes at ", sign_and_check());
	}
	start();
	params()->areas[2].parameter = IGVM_PARAMETER_MEMORY_MAP;
	EXPECT_PANIC("igvm: area 0x30c: there is one already",
	             sign_and_check());
}

static void add_entry(uint64_t first_page, uint64_t page_count, uint16_t type)
{
	struct igvm_memory_entry *entry = page(MAP_PAGE);

	while (entry->page_count)
		entry++;
	*entry = (struct igvm_memory_entry){ first_page, page_count, type, 0,
		                             0 };
}

static void the_map_becomes_ram(void)
{
	start();
	add_entry(0, 16, IGVM_MEMORY_RAM);
	add_entry(16, 4, IGVM_MEMORY_VTL2_PROTECTABLE);
	add_entry(32, 1, IGVM_MEMORY_PERSISTENT);
	add_entry(0xfffffffffe, 2, IGVM_MEMORY_RESERVED);
	EXPECT(igvm_read_memory_map(&machine, &handoff));
	EXPECT_EQ(machine.ram_count, 4);
	EXPECT_EQ(machine.ram[0].base, 0);
	EXPECT_EQ(machine.ram[0].size, 0x10000);
	EXPECT_EQ(machine.ram[0].type, MEMORY_RAM);
	EXPECT_EQ(machine.ram[0].node, 0);
	EXPECT_EQ(machine.ram[0].igvm_type, IGVM_MEMORY_RAM);
	EXPECT_EQ(machine.ram[1].base, 0x10000);
	EXPECT_EQ(machine.ram[1].type, MEMORY_RAM);
	EXPECT_EQ(machine.ram[1].igvm_type, IGVM_MEMORY_VTL2_PROTECTABLE);
	EXPECT_EQ(machine.ram[2].type, MEMORY_RESERVED);
	EXPECT_EQ(machine.ram[3].base + machine.ram[3].size,
	          MACHINE_ADDRESS_END);
}

static void a_map_ends_with_its_area(void)
{
	start();
	memset(page(MAP_PAGE), 0xff, IGVM_PAGE_SIZE);
	for (uint32_t i = 0; i < MAP_MAX; i++)
		((struct igvm_memory_entry *)page(MAP_PAGE))[i] =
			(struct igvm_memory_entry){ 2 * i, 1, 0, 0, 0 };
	memset(page(COUNT_PAGE), 0xff, IGVM_PAGE_SIZE);
	EXPECT(igvm_read_memory_map(&machine, &handoff));
	EXPECT_EQ(machine.ram_count, MAP_MAX);
}

static void a_map_that_lies_is_refused(void)
{
	start();
	EXPECT_PANIC("memory map: the host wrote none",
	             igvm_read_memory_map(&machine, &handoff));
	start();
	add_entry(0x100000000, 8, IGVM_MEMORY_RAM); /* 16 TiB */
	add_entry(0x100000007, 8, IGVM_MEMORY_RAM);
	EXPECT_PANIC("memory map: range at page 0x100000007: the one before",
	             igvm_read_memory_map(&machine, &handoff));
	start();
	add_entry(8, 8, IGVM_MEMORY_RAM);
	add_entry(4, 8, IGVM_MEMORY_RAM);
	EXPECT_PANIC("memory map: range at page 0x4: the one before ends at "
	             "0x10",
	             igvm_read_memory_map(&machine, &handoff));
	start();
	add_entry(8, 8, IGVM_MEMORY_RAM);
	add_entry(15, 1, IGVM_MEMORY_RESERVED);
	EXPECT_PANIC("memory map: range at page 0xf",
	             igvm_read_memory_map(&machine, &handoff));
	start();
	add_entry(2, UINT64_MAX, IGVM_MEMORY_RAM);
	EXPECT_PANIC("memory map: 0xffffffffffffffff pages at page 0x2",
	             igvm_read_memory_map(&machine, &handoff));
	start();
	add_entry(1ULL << 40, 1, IGVM_MEMORY_RESERVED);
	EXPECT_PANIC("beyond 0x10000000000",
	             igvm_read_memory_map(&machine, &handoff));
}

static void too_many_ranges_are_refused(void)
{
	start();
	params()->areas[0].size = 8 * IGVM_PAGE_SIZE;
	for (uint32_t i = 0; i < MACHINE_RAM_MAX; i++)
		((struct igvm_memory_entry *)page(MAP_PAGE))[i] =
			(struct igvm_memory_entry){ 2 * i, 1, 0, 0, 0 };
	EXPECT(igvm_read_memory_map(&machine, &handoff));
	EXPECT_EQ(machine.ram_count, MACHINE_RAM_MAX);
	add_entry(0x10000, 1, IGVM_MEMORY_RAM);
	machine.ram_count = 0;
	EXPECT_PANIC("memory map: more than 512 ranges",
	             igvm_read_memory_map(&machine, &handoff));
}

static void what_the_file_does_not_ask_for_is_not_there(void)
{
	start();
	params()->area_count = 0;
	EXPECT(!igvm_read_memory_map(&machine, &handoff));
	EXPECT_EQ(igvm_read_cpu_count(&handoff), 0);
	EXPECT(!igvm_read_cmdline(&handoff));
}

static void cpus_are_counted(void)
{
	uint32_t *count = page(COUNT_PAGE);

	start();
	EXPECT_EQ(igvm_read_cpu_count(&handoff), 0);
	*count = MACHINE_CPU_MAX;
	EXPECT_EQ(igvm_read_cpu_count(&handoff), MACHINE_CPU_MAX);
	*count = MACHINE_CPU_MAX + 1;
	EXPECT_PANIC("CPUs: 1025, at most 1024", igvm_read_cpu_count(&handoff));
}

static void a_command_line_must_end(void)
{
	char *text = page(CMDLINE_PAGE);

	start();
	EXPECT(!igvm_read_cmdline(&handoff));
	memset(text, 'x', IGVM_PAGE_SIZE);
	EXPECT_PANIC("cmdline: the host's does not end within 0x1000 bytes",
	             igvm_read_cmdline(&handoff));
	text[IGVM_PAGE_SIZE - 1] = 0;
	EXPECT_EQ(strlen(igvm_read_cmdline(&handoff)), IGVM_PAGE_SIZE - 1);
}

/* Appends to "own", in room for `max` characters. Returns the text. */
static const char *append(const char *host, uint32_t flags, uint32_t max)
{
	static char text[17];
	struct cmdline cmdline = { text, 3, max };
	static struct payload payload;

	memset(text, 'x', sizeof(text));
	strcpy(text, "own");
	params()->flags = flags;
	machine.given.cmdline = host;
	payload.cmdline.data = "own";
	igvm_append_cmdline(&cmdline, &payload, &machine, &handoff);
	EXPECT_EQ(cmdline.size, strlen(text));
	EXPECT(cmdline.size + 1 >= sizeof(text) ||
	       text[cmdline.size + 1] == 'x');
	return text;
}

static void the_hosts_words_come_behind_if_the_file_says_so(void)
{
	static const char host[] = "host";
	static char text[16];
	struct cmdline cmdline = { text, 4, 15 };
	static struct payload payload;

	start();
	EXPECT_STR(append("host", 0, 15), "own");
	EXPECT_STR(append(NULL, IGVM_PARAMS_APPENDS_CMDLINE, 15), "own");
	EXPECT_STR(append("host", IGVM_PARAMS_APPENDS_CMDLINE, 15), "own host");
	EXPECT_STR(append("host", IGVM_PARAMS_APPENDS_CMDLINE, 8), "own host");
	EXPECT_PANIC("cmdline: 4 bytes of the host: room for 4",
	             append("host", IGVM_PARAMS_APPENDS_CMDLINE, 7));
	/* Where there is no other, the host's is the payload's. */
	payload.cmdline.data = host;
	machine.given.cmdline = host;
	strcpy(text, "host");
	igvm_append_cmdline(&cmdline, &payload, &machine, &handoff);
	EXPECT_STR(text, "host");
	handoff.door = DOOR_LINUX;
	EXPECT_STR(append("host", IGVM_PARAMS_APPENDS_CMDLINE, 15), "own");
}

int main(void)
{
	RUN(a_page_is_known_by_its_magic);
	RUN(areas_are_found);
	RUN(an_area_may_lie_before_the_page);
	RUN(each_byte_of_the_page_is_summed);
	RUN(a_head_that_is_wrong_is_refused);
	RUN(pages_that_are_not_there_are_refused);
	RUN(pages_that_lack_a_part_are_refused);
	RUN(an_area_that_is_wrong_is_refused);
	RUN(the_map_becomes_ram);
	RUN(a_map_ends_with_its_area);
	RUN(a_map_that_lies_is_refused);
	RUN(too_many_ranges_are_refused);
	RUN(what_the_file_does_not_ask_for_is_not_there);
	RUN(cpus_are_counted);
	RUN(a_command_line_must_end);
	RUN(the_hosts_words_come_behind_if_the_file_says_so);
	return test_status();
}
