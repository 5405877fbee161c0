/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_dtb_text.c - a bundle's device tree for the kernel, word for
 * word
 */
#include <string.h>

#include <libfdt.h>

#include "arch/aarch64/describe/dt_build.h"
#include "tests/unit/test.h"
#include "tests/unit/tree_text.h"

static _Alignas(8) uint8_t given[0x2000], result[0x4000];
static struct machine machine;
static struct guest guest;
static char cmdline[] = "quiet";

static void clear(void)
{
	memset(&machine, 0, sizeof(machine));
	memset(&guest, 0, sizeof(guest));
	guest.cmdline.text = cmdline;
	guest.cmdline.size = sizeof(cmdline) - 1;
	machine.ram_count = 1;
	machine.ram[0] =
		(struct machine_ram){ 0x40000000, 0x8000000, MEMORY_RAM, 1, 0 };
	/* What is behind the last is nothing. */
	machine.ram[1] =
		(struct machine_ram){ 0x900000000, 0x1000, MEMORY_RAM, 0, 0 };
	machine.reserved[0].range = (struct machine_range){ 0x44000000, 1 };
	machine.reserved[0].is_no_map = true;
}

static void begin(void)
{
	clear();
	fdt_create(given, sizeof(given));
	fdt_finish_reservemap(given);
	fdt_begin_node(given, "");
}

static void begin_with_cells(uint32_t address_cells, uint32_t size_cells)
{
	begin();
	fdt_property_u32(given, "#address-cells", address_cells);
	fdt_property_u32(given, "#size-cells", size_cells);
}

static void end(void)
{
	EXPECT_EQ(fdt_end_node(given), 0);
	EXPECT_EQ(fdt_finish(given), 0);
}

static void build(void)
{
	dt_build_given(&machine, &guest, given, fdt_totalsize(given), result,
	               sizeof(result));
}

/* Ends the given tree, and returns what the kernel gets for it. */
static const char *text_of(const char *path)
{
	end();
	build();
	EXPECT_EQ(fdt_check_full(result, fdt_totalsize(result)), 0);
	return tree_text(result, path);
}

static void add_empty(const char *name)
{
	fdt_begin_node(given, name);
	fdt_end_node(given);
}

/* Only /chosen and the memory nodes of the root are the boot's affair. */
static void what_is_not_ours_stays(void)
{
	begin_with_cells(2, 2);
	fdt_property_string(given, "bootargs", "of the root");
	add_empty("memory");
	fdt_begin_node(given, "memory@40000000");
	fdt_property_string(given, "device_type", "memory");
	add_empty("child");
	fdt_end_node(given);
	add_empty("memory-controller");
	add_empty("memor");
	fdt_begin_node(given, "soc");
	fdt_property_string(given, "rng-seed", "of a node");
	fdt_begin_node(given, "memory@1");
	fdt_property_u32(given, "reg", 1);
	fdt_end_node(given);
	fdt_begin_node(given, "chosen");
	fdt_property_string(given, "bootargs", "of another");
	fdt_end_node(given);
	fdt_end_node(given);
	EXPECT_STR(text_of("/"), "/\n"
	                         " #address-cells 2\n"
	                         " #size-cells 2\n"
	                         " bootargs \"of the root\"\n"
	                         "/memory-controller\n"
	                         "/memor\n"
	                         "/soc\n"
	                         " rng-seed \"of a node\"\n"
	                         "/soc/memory@1\n"
	                         " reg 1\n"
	                         "/soc/chosen\n"
	                         " bootargs \"of another\"\n"
	                         "/chosen\n"
	                         " bootargs \"quiet\"\n"
	                         "/memory@40000000\n"
	                         " device_type \"memory\"\n"
	                         " reg 0 40000000 0 8000000\n");
}

/* Linux Documentation/devicetree/bindings/chosen.txt */
static void what_this_boot_knows_is_replaced(void)
{
	static const char *const ours[] = { "bootargs", "kaslr-seed",
		                            "linux,initrd-end",
		                            "linux,initrd-start", "rng-seed" };

	begin_with_cells(2, 2);
	fdt_begin_node(given, "chosen");
	for (uint32_t i = 0; i < ARRAY_COUNT(ours); i++)
		fdt_property_string(given, ours[i], "old");
	fdt_property_string(given, "stdout-path", "/serial");
	fdt_begin_node(given, "child");
	fdt_property_string(given, "bootargs", "of a child");
	fdt_end_node(given);
	fdt_end_node(given);
	add_empty("behind");
	guest.initrd = (struct machine_range){ 0x148000000, 0x1234 };
	machine.arm.kaslr_seed = 0x1122334455667788;
	EXPECT_STR(text_of("/"), "/\n"
	                         " #address-cells 2\n"
	                         " #size-cells 2\n"
	                         "/chosen\n"
	                         " bootargs \"quiet\"\n"
	                         " linux,initrd-start 1 48000000\n"
	                         " linux,initrd-end 1 48001234\n"
	                         " kaslr-seed 11223344 55667788\n"
	                         " stdout-path \"/serial\"\n"
	                         "/chosen/child\n"
	                         " bootargs \"of a child\"\n"
	                         "/behind\n"
	                         "/memory@40000000\n"
	                         " device_type \"memory\"\n"
	                         " reg 0 40000000 0 8000000\n");
}

static void memory_has_its_node(void)
{
	begin_with_cells(2, 2);
	machine.node_count = 2;
	machine.ram_count = 2;
	machine.ram[1] = (struct machine_ram){ 0x140000000, 0x210000000,
		                               MEMORY_RAM, 0, 0 };
	EXPECT_STR(strstr(text_of("/"), "/memory"),
	           "/memory@40000000\n"
	           " device_type \"memory\"\n"
	           " reg 0 40000000 0 8000000\n"
	           " numa-node-id 1\n"
	           "/memory@140000000\n"
	           " device_type \"memory\"\n"
	           " reg 1 40000000 2 10000000\n"
	           " numa-node-id 0\n");
}

/* Devicetree Specification 0.4, section 2.3.5: two cells and one, if unsaid */
static void addresses_have_the_cells_of_the_root(void)
{
	begin();
	fdt_property(given, "#address-cells", "12345678", 8);
	fdt_begin_node(given, "soc");
	fdt_property_u32(given, "#address-cells", 1);
	fdt_property_u32(given, "#size-cells", 2);
	fdt_end_node(given);
	EXPECT(strstr(text_of("/"), "\n reg 0 40000000 8000000\n"));
	begin_with_cells(1, 1);
	machine.ram[0].base = 0x80000000;
	EXPECT(strstr(text_of("/"), "\n reg 80000000 8000000\n"));
	begin_with_cells(1, 2);
	machine.ram[0].base = 0xfffff000;
	machine.ram[0].size = 0x200000000;
	EXPECT(strstr(text_of("/"), "\n reg fffff000 2 0\n"));
}

static void ram_that_does_not_fit_the_cells_is_refused(void)
{
	begin_with_cells(1, 1);
	end();
	machine.ram[0].base = 0x100000000;
	EXPECT_PANIC("dtb: RAM: 0x100000000 in 1 cells", build());
	machine.ram[0].base = 0x1000;
	machine.ram[0].size = 0x100000000;
	EXPECT_PANIC("dtb: RAM: 0x100000000 in 1 cells", build());
	begin_with_cells(3, 1);
	end();
	EXPECT_PANIC("dtb: RAM: 0x40000000 in 3 cells", build());
	begin_with_cells(0, 1);
	end();
	EXPECT_PANIC("dtb: RAM: 0x40000000 in 0 cells", build());
	begin_with_cells(2, 3);
	end();
	EXPECT_PANIC("dtb: RAM: 0x8000000 in 3 cells", build());
	begin_with_cells(2, UINT32_MAX);
	end();
	EXPECT_PANIC("dtb: RAM: 0x8000000 in 4294967295 cells", build());
}

static void add_hole(paddr_t base, uint64_t size)
{
	machine.reserved[machine.reserved_count++] =
		(struct machine_reserved){ { base, size }, true };
}

/* At its start, at its end, beside it, beyond both, and two that overlap */
static void holes_are_no_ram(void)
{
	begin_with_cells(2, 2);
	add_hole(0x47fff000, 0x2000);
	add_hole(0x3ffff000, 0x2000);
	add_hole(0x3fff0000, 0x1000);
	add_hole(0x48000000, 0x1000);
	add_hole(0x44000000, 0x3000);
	add_hole(0x44001000, 0x4000);
	EXPECT_STR(strstr(text_of("/"), "/memory"),
	           "/memory@40001000\n"
	           " device_type \"memory\"\n"
	           " reg 0 40001000 0 3fff000\n"
	           "/memory@44005000\n"
	           " device_type \"memory\"\n"
	           " reg 0 44005000 0 3ffa000\n");
	begin_with_cells(2, 2);
	add_hole(0x40000000, 0x8000000);
	EXPECT(!strstr(text_of("/"), "/memory"));
}

static void reservations_are_kept(void)
{
	uint64_t base = 0, size = 0;

	clear();
	fdt_create(given, sizeof(given));
	fdt_add_reservemap_entry(given, 0x141000000, 0x1000);
	fdt_finish_reservemap(given);
	fdt_begin_node(given, "");
	machine.reserved_count = 2;
	machine.reserved[0].range = (struct machine_range){ 0x42000000, 1 };
	machine.reserved[1].range = (struct machine_range){ 0x43000000, 1 };
	machine.reserved[0].is_no_map = true;
	machine.reserved[2].range = (struct machine_range){ 0x45000000, 1 };
	text_of("/");
	EXPECT_EQ(fdt_num_mem_rsv(result), 2);
	fdt_get_mem_rsv(result, 0, &base, &size);
	EXPECT_EQ(base, 0x141000000);
	EXPECT_EQ(size, 0x1000);
	fdt_get_mem_rsv(result, 1, &base, &size);
	EXPECT_EQ(base, 0x43000000);
	EXPECT_EQ(size, 1);
}

static void names_are_of_63_characters(void)
{
	static const char name[] =
		"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghij"
		"kl";

	begin_with_cells(2, 2);
	fdt_property_string(given, name + 1, "value");
	EXPECT_EQ(strlen(name + 1), 63);
	EXPECT(strstr(text_of("/"), "hijkl \"value\"\n"));
	begin_with_cells(2, 2);
	fdt_property_string(given, name, "value");
	end();
	EXPECT_PANIC(": at most 63 characters", build());
}

/* Returns where the first tag of that kind is, from an offset on. */
static fdt32_t *tag_from(uint32_t wanted, int offset)
{
	uint8_t *nodes = given + fdt_off_dt_struct(given);
	int next = 0;

	while (fdt_next_tag(given, offset, &next) != wanted && next > 0)
		offset = next;
	return (fdt32_t *)(nodes + offset);
}

/* Ends a tree of a root with two properties, the first of which is gone. */
static void make_gap(void)
{
	begin_with_cells(2, 2);
	end();
	EXPECT_EQ(fdt_nop_property(given, 0, "#address-cells"), 0);
}

/* Devicetree Specification 0.4, section 5.4.1 */
static void tags_that_do_not_nest_are_refused(void)
{
	make_gap();
	build();
	*tag_from(FDT_NOP, 0) = cpu_to_fdt32(FDT_END_NODE);
	EXPECT_PANIC("dtb: nodes: tag 0x3", build());
	make_gap();
	EXPECT_EQ(fdt_nop_property(given, 0, "#size-cells"), 0);
	*tag_from(FDT_NOP, 0) = cpu_to_fdt32(FDT_END_NODE);
	EXPECT_PANIC("dtb: nodes: more ends than begins", build());
	make_gap();
	*tag_from(FDT_END_NODE, 0) = cpu_to_fdt32(FDT_NOP);
	EXPECT_PANIC("dtb: nodes: 1 without an end", build());
	make_gap();
	*tag_from(FDT_NOP, 0) = cpu_to_fdt32(7);
	EXPECT_PANIC("dtb: nodes: end before their end, at 0x8", build());
}

static void a_name_lies_in_the_strings(void)
{
	fdt32_t *tag;

	make_gap();
	tag = tag_from(FDT_PROP, 0);
	EXPECT_EQ(fdt_size_dt_strings(given), 27);
	tag[2] = cpu_to_fdt32(26);
	build();
	tag[2] = cpu_to_fdt32(27);
	EXPECT_PANIC("dtb: name at 0x1b: there are 0x1b", build());
	tag[2] = cpu_to_fdt32(UINT32_MAX);
	EXPECT_PANIC("dtb: name at 0xffffffff: there are 0x1b", build());
}

int main(void)
{
	RUN(what_is_not_ours_stays);
	RUN(what_this_boot_knows_is_replaced);
	RUN(memory_has_its_node);
	RUN(addresses_have_the_cells_of_the_root);
	RUN(ram_that_does_not_fit_the_cells_is_refused);
	RUN(holes_are_no_ram);
	RUN(reservations_are_kept);
	RUN(names_are_of_63_characters);
	RUN(tags_that_do_not_nest_are_refused);
	RUN(a_name_lies_in_the_strings);
	return test_status();
}
