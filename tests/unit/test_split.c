/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_split.c - what of RAM and CPUs a paravisor's kernel gets */
#include <string.h>

#include "common/paravisor/split.h"
#include "common/spec/igvm_params.h"
#include "tests/unit/test.h"

#define KIB 0x400ULL
#define MIB 0x100000ULL
#define GIB 0x40000000ULL
#define OWN IGVM_MEMORY_VTL2_PROTECTABLE

#define LOW (640 * KIB)

static struct machine machine;
static const struct machine_range pc_hole = { LOW, MIB - LOW };
static const struct machine_range no_hole = { 0, 0 };

static void start(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	/* What is behind the last range is nothing. */
	for (uint32_t i = 0; i < MACHINE_RAM_MAX; i++)
		machine.ram[i] = (struct machine_ram){ 1024 * GIB, GIB,
			                               MEMORY_RAM, 9, OWN };
}

static void add(uint64_t base, uint64_t size, uint16_t node, uint16_t type)
{
	machine.ram[machine.ram_count++] = (struct machine_ram){
		.base = base,
		.size = size,
		.type = MEMORY_RAM,
		.node = node,
		.igvm_type = type,
	};
}

static void expect(uint32_t index, uint64_t base, uint64_t size,
                   uint32_t memory_type)
{
	EXPECT(index < machine.ram_count);
	EXPECT_EQ(machine.ram[index].base, base);
	EXPECT_EQ(machine.ram[index].size, size);
	EXPECT_EQ(machine.ram[index].type, memory_type);
}

static void all_ram_is_the_paravisors_unless_told(void)
{
	start();
	add(0, LOW, 0, 0);
	add(MIB, GIB, 0, 0);
	split_memory(&machine, 0, &pc_hole);
	EXPECT_EQ(machine.ram_count, 2);
	expect(0, 0, LOW, MEMORY_RAM);
	expect(1, MIB, GIB, MEMORY_RAM);
}

static void what_the_host_types_is_the_paravisors(void)
{
	start();
	add(0, LOW, 0, 0);
	add(MIB, GIB, 0, 0);
	add(MIB + GIB, GIB + 4 * KIB, 1, OWN);
	split_memory(&machine, 0, &pc_hole);
	EXPECT_EQ(machine.ram_count, 3);
	expect(0, 0, LOW, MEMORY_RAM);
	expect(1, MIB, GIB, MEMORY_NONE);
	expect(2, MIB + GIB, GIB + 4 * KIB, MEMORY_RAM);
	EXPECT_EQ(machine.ram[2].igvm_type, OWN);
}

static void a_size_comes_from_what_the_host_types(void)
{
	start();
	add(MIB, GIB, 0, 0);
	add(2 * GIB, GIB, 0, OWN);
	add(3 * GIB, GIB, 0, 0);
	split_memory(&machine, 256 * MIB, &no_hole);
	EXPECT_EQ(machine.ram_count, 4);
	expect(0, MIB, GIB, MEMORY_NONE);
	expect(1, 2 * GIB, GIB - 256 * MIB, MEMORY_NONE);
	expect(2, 3 * GIB - 256 * MIB, 256 * MIB, MEMORY_RAM);
	expect(3, 3 * GIB, GIB, MEMORY_NONE);
}

static void low_ram_stays_the_paravisors(void)
{
	start();
	add(0, 512 * MIB, 0, 0);
	split_memory(&machine, 64 * MIB, &pc_hole);
	EXPECT_EQ(machine.ram_count, 4);
	expect(0, 0, LOW, MEMORY_RAM);
	expect(1, LOW, MIB - LOW, MEMORY_RESERVED);
	expect(2, MIB, 447 * MIB, MEMORY_NONE);
	expect(3, 448 * MIB, 64 * MIB, MEMORY_RAM);
}

static void each_node_gives_an_equal_part_from_its_top(void)
{
	start();
	add(0, LOW, 0, 0);
	add(MIB, 511 * MIB, 0, 0);
	add(512 * MIB, 256 * MIB, 1, 0);
	add(4 * GIB, 256 * MIB, 1, 0);
	split_memory(&machine, 600 * MIB, &pc_hole);
	EXPECT_EQ(machine.ram_count, 6);
	expect(1, MIB, 211 * MIB, MEMORY_NONE);
	expect(2, 212 * MIB, 300 * MIB, MEMORY_RAM);
	expect(3, 512 * MIB, 212 * MIB, MEMORY_NONE);
	expect(4, 724 * MIB, 44 * MIB, MEMORY_RAM);
	expect(5, 4 * GIB, 256 * MIB, MEMORY_RAM);
}

static void parts_are_whole_huge_pages(void)
{
	start();
	add(MIB, 100 * MIB + 4 * KIB, 0, 0);
	add(GIB + MIB, 100 * MIB, 1, 0);
	split_memory(&machine, 5 * MIB, &no_hole);
	EXPECT_EQ(machine.ram_count, 6);
	expect(0, MIB, 95 * MIB, MEMORY_NONE);
	expect(1, 96 * MIB, 4 * MIB, MEMORY_RAM);
	expect(2, 100 * MIB, MIB + 4 * KIB, MEMORY_NONE);
	expect(3, GIB + MIB, 95 * MIB, MEMORY_NONE);
	expect(4, GIB + 96 * MIB, 4 * MIB, MEMORY_RAM);
	expect(5, GIB + 100 * MIB, MIB, MEMORY_NONE);
}

static void what_is_no_ram_stays(void)
{
	start();
	add(MIB, 63 * MIB, 0, 0);
	add(64 * MIB, MIB, 0, OWN);
	add(65 * MIB, 63 * MIB, 0, 0);
	machine.ram[1].type = MEMORY_RESERVED;
	machine.ram[1].igvm_type = IGVM_MEMORY_RESERVED;
	split_memory(&machine, 2 * MIB, &no_hole);
	EXPECT_EQ(machine.ram_count, 4);
	expect(1, 64 * MIB, MIB, MEMORY_RESERVED);
	expect(2, 65 * MIB, 61 * MIB, MEMORY_NONE);
	expect(3, 126 * MIB, 2 * MIB, MEMORY_RAM);
}

static void what_is_kept_is_the_paravisors(void)
{
	const struct machine_range kept = { 32 * MIB, 64 * MIB };

	start();
	add(MIB, 63 * MIB, 0, 0);
	add(70 * MIB, 58 * MIB, 0, 0);
	split_memory(&machine, 2 * MIB, &no_hole);
	split_keep(&machine, &kept);
	EXPECT_EQ(machine.ram_count, 5);
	expect(0, MIB, 31 * MIB, MEMORY_NONE);
	expect(1, 32 * MIB, 32 * MIB, MEMORY_RAM);
	expect(2, 70 * MIB, 26 * MIB, MEMORY_RAM);
	expect(3, 96 * MIB, 30 * MIB, MEMORY_NONE);
	expect(4, 126 * MIB, 2 * MIB, MEMORY_RAM);
}

/* What is the paravisor's by its place is not asked for a share. */
static void low_ram_gives_no_share(void)
{
	start();
	add(0, LOW, 1, 0);
	add(MIB, 511 * MIB, 0, 0);
	split_memory(&machine, 64 * MIB, &pc_hole);
	EXPECT_EQ(machine.ram_count, 3);
	expect(0, 0, LOW, MEMORY_RAM);
	expect(1, MIB, 447 * MIB, MEMORY_NONE);
	expect(2, 448 * MIB, 64 * MIB, MEMORY_RAM);
}

/* Nor is RAM that the host has not typed, where it has typed any. */
static void other_ram_gives_no_share(void)
{
	start();
	add(0, GIB, 0, OWN);
	add(GIB, GIB, 1, 0);
	split_memory(&machine, 64 * MIB, &no_hole);
	EXPECT_EQ(machine.ram_count, 3);
	expect(0, 0, 960 * MIB, MEMORY_NONE);
	expect(1, 960 * MIB, 64 * MIB, MEMORY_RAM);
	expect(2, GIB, GIB, MEMORY_NONE);
}

static void the_first_range_may_be_the_typed_one(void)
{
	start();
	add(0, GIB, 0, OWN);
	add(GIB, GIB, 1, 0);
	split_memory(&machine, 0, &no_hole);
	expect(0, 0, GIB, MEMORY_RAM);
	expect(1, GIB, GIB, MEMORY_NONE);
}

static void shares_may_be_large(void)
{
	start();
	add(0, 16 * GIB, 0, 0);
	add(16 * GIB, 16 * GIB, 1, 0);
	split_memory(&machine, 20 * GIB, &no_hole);
	EXPECT_EQ(machine.ram_count, 4);
	expect(0, 0, 6 * GIB, MEMORY_NONE);
	expect(1, 6 * GIB, 10 * GIB, MEMORY_RAM);
	expect(3, 22 * GIB, 10 * GIB, MEMORY_RAM);
	start();
	add(0, 8 * GIB, 0, 0);
	EXPECT_PANIC("paravisor: node 0: lacks 0x200000000 bytes of RAM of the "
	             "0x400000000 asked for",
	             split_memory(&machine, 16 * GIB, &no_hole));
}

/* The end of what is low may be high. */
static void a_hole_may_be_above_4_gib(void)
{
	const struct machine_range hole = { 6 * GIB, GIB };

	start();
	add(GIB, 5 * GIB, 0, 0);
	add(7 * GIB, 2 * GIB, 0, 0);
	split_memory(&machine, GIB, &hole);
	EXPECT_EQ(machine.ram_count, 3);
	expect(0, GIB, 5 * GIB, MEMORY_RAM);
	expect(1, 7 * GIB, GIB, MEMORY_NONE);
	expect(2, 8 * GIB, GIB, MEMORY_RAM);
}

/* Half of an odd number is more than its half. */
static void shares_are_rounded_up(void)
{
	for (uint64_t size = 4 * MIB - 1; size <= 4 * MIB + 1; size++) {
		uint64_t share = size <= 4 * MIB ? 2 * MIB : 4 * MIB;

		start();
		add(0, 64 * MIB, 0, 0);
		add(64 * MIB, 64 * MIB, 1, 0);
		split_memory(&machine, size, &no_hole);
		EXPECT_EQ(machine.ram_count, 4);
		expect(1, 64 * MIB - share, share, MEMORY_RAM);
		expect(3, 128 * MIB - share, share, MEMORY_RAM);
	}
}

/* As many ranges as there can be, if none becomes two */
static void a_full_map_may_be_split(void)
{
	for (uint32_t is_typed = 0; is_typed < 2; is_typed++) {
		start();
		for (uint64_t i = 0; i < MACHINE_RAM_MAX; i++)
			add(i * 4 * MIB, 2 * MIB, 0, 0);
		if (is_typed)
			machine.ram[5].igvm_type = OWN;
		split_memory(&machine, 0, &no_hole);
		EXPECT_EQ(machine.ram_count, MACHINE_RAM_MAX);
		expect(5, 20 * MIB, 2 * MIB, MEMORY_RAM);
		expect(511, 511 * 4 * MIB, 2 * MIB,
		       is_typed ? MEMORY_NONE : MEMORY_RAM);
	}
}

static void too_little_ram_panics(void)
{
	start();
	add(0, 64 * MIB, 0, 0);
	add(64 * MIB, 16 * MIB, 3, 0);
	EXPECT_PANIC("paravisor: node 3: lacks 0x1000000 bytes of RAM of the "
	             "0x4000000 asked for",
	             split_memory(&machine, 64 * MIB, &no_hole));
	start();
	EXPECT_PANIC("paravisor: 0x1000 bytes: of 0 nodes",
	             split_memory(&machine, 4 * KIB, &no_hole));
	start();
	add(0, 64 * MIB, 0, 0);
	EXPECT_PANIC("paravisor: 0xffffffffffffffff bytes: of 1 nodes",
	             split_memory(&machine, UINT64_MAX, &no_hole));
	start();
	add(0, 64 * MIB, 0, 0);
	EXPECT_PANIC("paravisor: 0x10000000000001 bytes: of 1 nodes",
	             split_memory(&machine, MACHINE_ADDRESS_END + 1, &no_hole));
	start();
	add(0, 64 * MIB, 0, 0);
	EXPECT_PANIC("lacks 0xffffffc000000 bytes of RAM of the "
	             "0x10000000000000 asked for",
	             split_memory(&machine, MACHINE_ADDRESS_END, &no_hole));
	start();
	add(0, 64 * MIB, MACHINE_NODE_MAX, 0);
	EXPECT_PANIC("paravisor: RAM at 0: node 64, at most 63",
	             split_memory(&machine, 2 * MIB, &no_hole));
}

/* A range may become three. */
static void too_many_pieces_panic(void)
{
	for (uint32_t count = 1; count <= MACHINE_RAM_MAX; count++) {
		uint64_t wanted = count * 2ULL * MIB;

		start();
		for (uint64_t i = 0; i < count; i++)
			add(i * 4 * MIB + MIB, 3 * MIB + 4 * KIB, 0, 0);
		if (count * 3 <= MACHINE_RAM_MAX) {
			split_memory(&machine, wanted, &no_hole);
			EXPECT_EQ(machine.ram_count, count * 3);
			expect(count * 3 - 3, (count - 1) * 4 * MIB + MIB, MIB,
			       MEMORY_NONE);
			expect(0, MIB, MIB, MEMORY_NONE);
			expect(1, 2 * MIB, 2 * MIB, MEMORY_RAM);
		} else {
			EXPECT_PANIC("paravisor: RAM: more than 512 ranges",
			             split_memory(&machine, wanted, &no_hole));
		}
	}
}

static void a_full_map_cannot_be_cut(void)
{
	start();
	for (uint64_t i = 0; i < MACHINE_RAM_MAX; i++)
		add(i * 4 * MIB, 2 * MIB, 0, 0);
	EXPECT_PANIC("paravisor: RAM: more than 512 ranges",
	             split_memory(&machine, 0, &pc_hole));
}

/* Random maps keep each address that they had, and lose none. */
static void no_address_is_lost(void)
{
	for (uint32_t round = test_rounds(2000); round; round--) {
		uint64_t before = 0, after = 0, own = 0, end = 0;
		uint64_t asked = (1 + test_random_below(64)) * MIB;

		start();
		for (uint64_t base = 0; machine.ram_count < 20;) {
			uint64_t size =
				(1 + test_random_below(40000)) * 4 * KIB;

			add(base, size, (uint16_t)test_random_below(3), 0);
			before += size;
			base += size + test_random_below(3) * 4 * KIB;
		}
		if (setjmp(*test_catch_panic()))
			continue;
		split_memory(&machine, asked, &pc_hole);
		test_release_panic();
		for (uint32_t i = 0; i < machine.ram_count; i++) {
			const struct machine_ram *ram = &machine.ram[i];

			EXPECT(ram->base >= end && ram->size);
			end = ram->base + ram->size;
			after += ram->size;
			if (ram->type == MEMORY_RAM && ram->base >= MIB)
				own += ram->size;
		}
		EXPECT_EQ(after, before);
		EXPECT(own >= asked && own < asked + 3 * 4 * MIB);
		EXPECT_EQ(own % (2 * MIB), 0);
	}
}

/* ---- CPUs */

static void set_cpus(uint32_t count)
{
	start();
	machine.cpu_count = count;
	for (uint32_t i = 0; i < count; i++)
		machine.cpus[i] = (struct machine_cpu){ .id = i };
}

/* What OpenHCL's shim makes of so many CPUs of one node, by hand. */
static void chunks_are_those_of_openhcl(void)
{
	static const struct {
		uint32_t cpus;
		uint32_t max;
		uint32_t sizes[5]; /* up to a 0 */
	} rows[] = {
		{ 1, 32, { 1 } },
		{ 2, 32, { 2 } },
		{ 31, 32, { 31 } },
		{ 32, 32, { 32 } },
		{ 33, 32, { 17, 16 } },
		{ 40, 32, { 20, 20 } },
		{ 64, 32, { 32, 32 } },
		{ 65, 32, { 22, 22, 21 } },
		{ 97, 32, { 25, 25, 25, 22 } },
		{ 8, 4, { 4, 4 } },
		{ 9, 4, { 3, 3, 3 } },
		{ 10, 4, { 4, 4, 2 } },
		{ 5, 2, { 2, 2, 1 } },
		{ 3, 1, { 1, 1, 1 } },
		{ 7, UINT32_MAX / 2, { 7 } },
	};

	for (uint32_t i = 0; i < ARRAY_COUNT(rows); i++) {
		struct split_chunk chunk = { 0 };
		uint32_t first = 0;

		set_cpus(rows[i].cpus);
		for (uint32_t j = 0; rows[i].sizes[j]; j++) {
			EXPECT(split_next_chunk(&machine, rows[i].max, &chunk));
			EXPECT_EQ(chunk.first, first);
			EXPECT_EQ(chunk.count, rows[i].sizes[j]);
			first += chunk.count;
		}
		EXPECT(!split_next_chunk(&machine, rows[i].max, &chunk));
		EXPECT_EQ(first, rows[i].cpus);
	}
}

/*
 * The rule in other words: of all ways to cut a node's CPUs into the fewest
 * chunks, the one whose largest chunk is smallest and whose first are largest.
 */
static void check_node(uint32_t first, uint32_t count, uint32_t max,
                       struct split_chunk *chunk)
{
	uint32_t end = first + count, fewest = 0, largest = 0, chunks = 0;

	while (fewest * max < count)
		fewest++;
	while (largest * fewest < count)
		largest++;
	while (first < end) {
		EXPECT(split_next_chunk(&machine, max, chunk));
		EXPECT_EQ(chunk->first, first);
		EXPECT_EQ(chunk->count,
		          end - first < largest ? end - first : largest);
		EXPECT_EQ(chunk->node, machine.cpus[first].node);
		first += chunk->count;
		chunks++;
	}
	EXPECT_EQ(first, end);
	EXPECT_EQ(chunks, fewest);
}

static void up_to_1024_cpus_are_cut_by_the_rule(void)
{
	static const uint32_t maxima[] = { 1, 2, 3, 4, 7, 8, 31, 32, 33, 1024 };

	for (uint32_t count = 1; count <= MACHINE_CPU_MAX; count++) {
		for (uint32_t i = 0; i < ARRAY_COUNT(maxima); i++) {
			struct split_chunk chunk = { 0 };
			uint32_t half = count / 2;

			set_cpus(count);
			check_node(0, count, maxima[i], &chunk);
			EXPECT(!split_next_chunk(&machine, maxima[i], &chunk));

			for (uint32_t j = half; j < count; j++)
				machine.cpus[j].node = 1;
			chunk = (struct split_chunk){ 0 };
			check_node(0, half, maxima[i], &chunk);
			check_node(half, count - half, maxima[i], &chunk);
			EXPECT(!split_next_chunk(&machine, maxima[i], &chunk));
		}
	}
}

static uint32_t pool_count(uint32_t chunk_max)
{
	machine.kernel_cpu_count = 0;
	split_order_cpus(&machine, chunk_max);
	return machine.kernel_cpu_count
	               ? machine.cpu_count - machine.kernel_cpu_count
	               : 0;
}

/* Nodes that take turns make runs of one CPU. */
static void a_chunk_has_cpus_of_one_node(void)
{
	set_cpus(6);
	for (uint32_t i = 0; i < 6; i++)
		machine.cpus[i].node = i % 2;
	EXPECT_EQ(split_chunk_count(&machine, 32), 6);
	EXPECT_EQ(pool_count(32), 0);
}

static void the_pool_has_all_but_the_first_of_each_chunk(void)
{
	set_cpus(8);
	for (uint32_t i = 4; i < 8; i++)
		machine.cpus[i].node = 1;
	EXPECT_EQ(split_chunk_count(&machine, 4), 2);
	EXPECT_EQ(pool_count(4), 6);
	EXPECT_EQ(pool_count(0), 0);
	EXPECT_EQ(pool_count(1), 0);
	set_cpus(1);
	EXPECT_EQ(pool_count(32), 0);
}

/* Linux takes the first CPUs that are listed. */
static void the_kernels_cpus_are_listed_first(void)
{
	static const uint8_t order[] = { 0, 4, 1, 2, 3, 5, 6, 7 };

	set_cpus(8);
	for (uint32_t i = 4; i < 8; i++)
		machine.cpus[i].node = 1;
	split_order_cpus(&machine, 4);
	EXPECT_EQ(machine.kernel_cpu_count, 2);
	EXPECT(memcmp(machine.cpu_order, order, sizeof(order)) == 0);
	set_cpus(256);
	split_order_cpus(&machine, 16);
	EXPECT_EQ(machine.cpu_order[15], 240);
	EXPECT_EQ(machine.cpu_order[16], 1);
	EXPECT_EQ(machine.cpu_order[255], 255);
	set_cpus(257);
	EXPECT_PANIC("paravisor: pool: 257 CPUs: at most 256",
	             split_order_cpus(&machine, 16));
}

int main(void)
{
	RUN(all_ram_is_the_paravisors_unless_told);
	RUN(what_the_host_types_is_the_paravisors);
	RUN(a_size_comes_from_what_the_host_types);
	RUN(low_ram_stays_the_paravisors);
	RUN(each_node_gives_an_equal_part_from_its_top);
	RUN(parts_are_whole_huge_pages);
	RUN(what_is_no_ram_stays);
	RUN(what_is_kept_is_the_paravisors);
	RUN(low_ram_gives_no_share);
	RUN(other_ram_gives_no_share);
	RUN(the_first_range_may_be_the_typed_one);
	RUN(shares_may_be_large);
	RUN(a_hole_may_be_above_4_gib);
	RUN(shares_are_rounded_up);
	RUN(a_full_map_may_be_split);
	RUN(too_little_ram_panics);
	RUN(too_many_pieces_panic);
	RUN(a_full_map_cannot_be_cut);
	RUN(no_address_is_lost);
	RUN(chunks_are_those_of_openhcl);
	RUN(up_to_1024_cpus_are_cut_by_the_rule);
	RUN(a_chunk_has_cpus_of_one_node);
	RUN(the_pool_has_all_but_the_first_of_each_chunk);
	RUN(the_kernels_cpus_are_listed_first);
	return test_status();
}
