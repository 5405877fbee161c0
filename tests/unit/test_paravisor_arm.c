/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_paravisor_arm.c - what a bundle says of a paravisor, on
 * AArch64
 */
#include <libfdt.h>
#include <string.h>

#include "common/describe/dt_writer.h"
#include "common/image.h"
#include "common/lib/sum64.h"
#include "common/machine/handoff.h"
#include "common/paravisor/paravisor.h"
#include "tests/unit/test.h"

#define MIB 0x100000ULL

static struct machine machine;
static struct payload payload;
static const struct handoff handoff = { .door = DOOR_LINUX };
static struct bundle_paravisor options;

static void split(uint32_t chunk_max)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	machine.cpu_count = 4;
	machine.ram_count = 1;
	machine.ram[0] =
		(struct machine_ram){ .size = 64 * MIB, .type = MEMORY_RAM };
	options.chunk_max = chunk_max;
	payload.options.is_paravisor = true;
	payload.paravisor = (struct source){
		.kind = SOURCE_MEMORY,
		.data = &options,
		.stored_size = sizeof(options),
		.size = sizeof(options),
		.has_checksum = true,
		.sum64 = sum64(0, &options, sizeof(options)),
	};
	paravisor_split(&machine, &payload, &handoff);
}

/* No address is a hole that a PC has. */
static void all_ram_from_0_on_is_the_paravisors(void)
{
	split(0);
	EXPECT(machine.is_split);
	EXPECT_EQ(machine.ram_count, 1);
	EXPECT_EQ(machine.ram[0].base, 0);
	EXPECT_EQ(machine.ram[0].size, 64 * MIB);
	EXPECT_EQ(machine.ram[0].type, MEMORY_RAM);
	EXPECT_EQ(arch_paravisor_hole.base, 0);
	EXPECT_EQ(arch_paravisor_hole.size, 0);
	EXPECT_EQ(paravisor_cpu_at(&machine, 3), 3);
}

static void there_is_no_pool(void)
{
	EXPECT_PANIC("paravisor: chunks of 2 CPUs: only x86_64 has a pool",
	             split(2));
}

/* Its kernel reads the nodes that are the same on both architectures. */
static void its_nodes_are_in_the_tree(void)
{
	static _Alignas(8) uint8_t fdt[0x2000];

	split(0);
	dt_write_start(fdt, sizeof(fdt));
	dt_write_nodes(fdt);
	dt_write_begin(fdt, "");
	paravisor_write_nodes(fdt, &machine);
	dt_write_end(fdt);
	dt_write_finish(fdt);
	EXPECT_EQ(fdt_check_full(fdt, sizeof(fdt)), 0);
	EXPECT(fdt_path_offset(fdt, "/bus") > 0);
	EXPECT(fdt_path_offset(fdt, "/openhcl/memory@0") > 0);
}

int main(void)
{
	RUN(all_ram_from_0_on_is_the_paravisors);
	RUN(there_is_no_pool);
	RUN(its_nodes_are_in_the_tree);
	return test_status();
}
