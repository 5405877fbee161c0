/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_setup_data.c - a device tree beside the zero page */
#include <libfdt.h>
#include <string.h>

#include "arch/x86_64/describe/setup_data.h"
#include "common/machine/dt_names.h"
#include "common/spec/linux_x86.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define MIB       0x100000ULL
#define TREE_SIZE 512

static struct machine machine;
static struct memory memory;
static struct payload payload;
static uint8_t tree[TREE_SIZE];

/* The tree has a root and one node. */
static void start(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	machine.ram[machine.ram_count++] = (struct machine_ram){
		.base = MIB,
		.size = MIB,
		.type = MEMORY_RAM,
	};
	memory_init(&memory, &machine);
	fdt_create_empty_tree(tree, sizeof(tree));
	fdt_setprop_string(tree, fdt_add_subnode(tree, 0, "node"), "model",
	                   "one");
	payload.dtb = (struct source){
		.kind = SOURCE_MEMORY,
		.stored_size = sizeof(tree),
		.size = sizeof(tree),
		.data = tree,
	};
}

static void a_tree_becomes_the_first_record(void)
{
	const struct setup_data *record;
	paddr_t base;

	start();
	base = setup_data_add_tree(&payload, &memory, 0x1e00);
	record = paddr_ptr(base);
	EXPECT_EQ(record->next, 0x1e00);
	EXPECT_EQ(record->type, SETUP_DTB);
	EXPECT_EQ(record->len, sizeof(tree));
	EXPECT(!memcmp(record + 1, tree, sizeof(tree)));
	EXPECT(!memory_is_free(&memory, base, sizeof(*record) + sizeof(tree)));
}

static void a_tree_may_be_an_item_of_fw_cfg(void)
{
	paddr_t base;

	start();
	fake_fw_cfg_clear();
	fake_fw_cfg_add(0x30, tree, sizeof(tree));
	machine.fw_cfg.is_present = true;
	payload.reader.fw_cfg = &machine.fw_cfg;
	payload.dtb.kind = SOURCE_FW_CFG;
	payload.dtb.fw_cfg_key = 0x30;
	payload.dtb.data = NULL;
	base = setup_data_add_tree(&payload, &memory, 0);
	EXPECT(!memcmp(paddr_ptr(base + 16), tree, sizeof(tree)));
}

static void without_a_tree_the_list_stays(void)
{
	start();
	payload.dtb.kind = SOURCE_NONE;
	EXPECT_EQ(setup_data_add_tree(&payload, &memory, 0x1e00), 0x1e00);
	EXPECT_EQ(setup_data_add_tree(&payload, &memory, 0), 0);
}

static void expect_refusal(void)
{
	EXPECT_PANIC("are no whole device tree",
	             setup_data_add_tree(&payload, &memory, 0));
}

static void what_is_no_whole_tree_panics(void)
{
	start();
	payload.dtb.size = payload.dtb.stored_size = 39;
	EXPECT_PANIC("dtb: 0x27 bytes: are no whole device tree",
	             setup_data_add_tree(&payload, &memory, 0));

	start();
	fdt_set_totalsize(tree, sizeof(tree) + 1);
	expect_refusal();

	start();
	tree[0] ^= 1;
	expect_refusal();
}

/* The record's length has 32 bits. */
static void a_tree_that_is_too_large_panics(void)
{
	start();
	payload.dtb.size = UINT32_MAX;
	EXPECT_PANIC("dtb: 0xffffffff bytes: at most ",
	             setup_data_add_tree(&payload, &memory, 0));
	payload.dtb.size = UINT64_MAX;
	EXPECT_PANIC("dtb: 0xffffffffffffffff bytes: at most ",
	             setup_data_add_tree(&payload, &memory, 0));
}

/* Linux maps records below 4 GiB only, and wants them above 1 MiB here. */
static void a_record_is_aligned_and_below_4_gib(void)
{
	paddr_t base;

	start();
	memory_set(&memory, 0x80000, 0x20000, MEMORY_RAM);
	memory_set(&memory, FOUR_GIB, FOUR_GIB, MEMORY_RAM);
	memory_claim(&memory, "test", MIB, 0x11, MEMORY_RAM);
	base = setup_data_add_tree(&payload, &memory, 0);
	EXPECT_EQ(base, MIB + 0x20);
	EXPECT(memory_is_free(&memory, MIB + 0x11, 0xf));
	EXPECT(memory_is_free(&memory, base + 16 + TREE_SIZE, 1));
	memory_claim(&memory, "test", base + 0x1000, 2 * MIB - base - 0x1000,
	             MEMORY_RAM);
	payload.dtb.size = 0x10000;
	EXPECT_PANIC("dtb: 0x10010 bytes: no free RAM of that size",
	             setup_data_add_tree(&payload, &memory, 0));
	payload.dtb.size = UINT32_MAX - 16; /* the largest */
	EXPECT_PANIC("dtb: 0xffffffff bytes: no free RAM of that size",
	             setup_data_add_tree(&payload, &memory, 0));
	payload.dtb.size++;
	EXPECT_PANIC("dtb: 0xfffffff0 bytes: at most 0xffffffff",
	             setup_data_add_tree(&payload, &memory, 0));
}

static void add(void)
{
	setup_data_add_tree(&payload, &memory, 0);
}

/* Each cell of the nodes gets bad values in turn. */
static void no_broken_node_is_handed_on(void)
{
	static const uint32_t wrong[] = { 0, 2, 5, 0xfffffff4, UINT32_MAX };
	uint32_t end;

	start();
	end = fdt_size_dt_struct(tree);
	for (uint32_t i = 0; i < end; i += 4) {
		for (uint32_t j = 0; j < ARRAY_COUNT(wrong); j++) {
			fdt32_t *cell;

			start();
			cell = (void *)(tree + fdt_off_dt_struct(tree) + i);
			*cell = cpu_to_fdt32(wrong[j]);
			test_survives(add);
		}
	}
}

/* Of devices ports and tables tell here, so their properties have no names. */
static void devices_properties_are_unknown(void)
{
	EXPECT_EQ(dt_find_property(""), DT_PROPERTY_COUNT);
	EXPECT_EQ(dt_find_property("interrupts"), DT_PROPERTY_COUNT);
	EXPECT_EQ(dt_find_property("reg"), DT_REG);
}

static void without_ram_there_is_no_boot(void)
{
	start();
	memory_claim(&memory, "test", MIB, MIB, MEMORY_RAM);
	EXPECT_PANIC("dtb: 0x210 bytes: no free RAM of that size",
	             setup_data_add_tree(&payload, &memory, 0));
}

int main(void)
{
	if (!fake_ram_map(MIB, 2 * MIB))
		return fake_ram_skip("setup_data");
	RUN(a_tree_becomes_the_first_record);
	RUN(a_tree_may_be_an_item_of_fw_cfg);
	RUN(without_a_tree_the_list_stays);
	RUN(what_is_no_whole_tree_panics);
	RUN(a_tree_that_is_too_large_panics);
	RUN(a_record_is_aligned_and_below_4_gib);
	RUN(no_broken_node_is_handed_on);
	RUN(devices_properties_are_unknown);
	RUN(without_ram_there_is_no_boot);
	return test_status();
}
