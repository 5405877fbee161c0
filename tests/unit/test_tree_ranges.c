/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_tree_ranges.c - trees whose addresses contradict themselves
 *
 * Each test takes a tree of a VMM and changes single properties of it.
 */
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "arch/aarch64/probe/tree.h"
#include "arch/aarch64/probe/tree_state.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/test.h"
#include "tests/unit/trees.h"

#define TREE_SIZE 0x10000
#define RAM       0x40000000ULL
#define RAM_SIZE  0x10000000ULL
#define ANYWHERE  "in the RAM at 0x40000000"

static _Alignas(8) uint8_t tree[TREE_SIZE];
static struct machine machine;

static void take(const char *name)
{
	struct trees_blob blob = trees_load(name);

	EXPECT_EQ(fdt_open_into(blob.data, tree, sizeof(tree)), 0);
	free(blob.data);
}

/* Replaces a cell of a property. */
static void set_cell(const char *path, const char *name, uint32_t index,
                     uint32_t value)
{
	int node = fdt_path_offset(tree, path), size = 0;
	fdt32_t *cells = fdt_getprop_w(tree, node, name, &size);

	EXPECT(cells && (index + 1) * sizeof(*cells) <= (uint32_t)size);
	if (cells)
		cells[index] = cpu_to_fdt32(value);
}

static void add_cell(const char *path, const char *name, uint32_t value)
{
	EXPECT_EQ(
		fdt_setprop_u32(tree, fdt_path_offset(tree, path), name, value),
		0);
}

/* Reads a copy of exactly its size, so that ASan sees each overrun. */
static void read_tree(void)
{
	static uint8_t *copy;
	uint32_t size;

	fdt_pack(tree);
	size = fdt_totalsize(tree);
	free(copy);
	copy = malloc(size);
	memcpy(copy, tree, size);
	fdt_open_into(tree, tree, sizeof(tree));
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	fake_map_clear();
	tree_read(&machine, copy, size);
}

/* Sets a reg of two cells each, of `base` below 4 GiB. */
static void set_reg(const char *path, uint32_t index, uint32_t base,
                    uint32_t size)
{
	set_cell(path, "reg", index * 4 + 1, base);
	set_cell(path, "reg", index * 4 + 3, size);
}

static void expect_refusal(const char *tree_name, const char *path,
                           uint32_t index, const char *line)
{
	take(tree_name);
	set_reg(path, index, RAM + 0x1000, 0x1000);
	EXPECT_PANIC(line, read_tree());
	take(tree_name);
	set_reg(path, index, RAM + RAM_SIZE - 1, 0x1000);
	EXPECT_PANIC(ANYWHERE, read_tree());
	/* From the last byte before RAM on, and over all of it */
	take(tree_name);
	set_reg(path, index, RAM - 0x1000, 0x1001);
	EXPECT_PANIC(ANYWHERE, read_tree());
	take(tree_name);
	set_reg(path, index, RAM - 0x1000, RAM_SIZE + 0x2000);
	EXPECT_PANIC(ANYWHERE, read_tree());
}

static void no_device_lies_in_ram(void)
{
	expect_refusal("qemu-gicv2", "/pl011@9000000", 0,
	               "fdt: UART: 0x1000 bytes at 0x40001000: " ANYWHERE);
	expect_refusal("qemu-gicv2", "/pl031@9010000", 0,
	               "fdt: RTC: 0x1000 bytes at 0x40001000: " ANYWHERE);
	expect_refusal("qemu-gicv2", "/pl061@9030000", 0,
	               "fdt: GPIO: 0x1000 bytes at 0x40001000: " ANYWHERE);
	expect_refusal("qemu-gicv2", "/intc@8000000", 0, "fdt: GIC: ");
	expect_refusal("qemu-gicv2", "/intc@8000000", 1, "fdt: GIC: ");
	expect_refusal("qemu-gicv2", "/intc@8000000/v2m@8020000", 0,
	               "fdt: v2m: ");
	expect_refusal("qemu-gicv2", "/flash@0", 0, "fdt: flash: ");
	expect_refusal("qemu-gicv2", "/flash@0", 1, "fdt: flash: ");
	expect_refusal("qemu-gicv2-el2", "/intc@8000000", 2, "fdt: GIC: ");
	expect_refusal("qemu-gicv2-el2", "/intc@8000000", 3, "fdt: GIC: ");
	expect_refusal("qemu-gicv3-smt", "/intc@8000000", 1, "fdt: GIC: ");
	expect_refusal("qemu-gicv3-its-smmu-numa", "/smmuv3@9050000", 0,
	               "fdt: SMMU: ");
	expect_refusal("qemu-gicv3-its-smmu-numa", "/intc@8000000/its@8080000",
	               0, "fdt: ITS: ");
}

/* These two have bounds of their own for their size. */
static void no_small_device_lies_in_ram(void)
{
	take("qemu-gicv2");
	set_reg("/fw-cfg@9020000", 0, RAM, 0x18);
	EXPECT_PANIC("fdt: fw_cfg: 0x18 bytes at 0x40000000: " ANYWHERE,
	             read_tree());
	take("qemu-gicv2");
	set_reg("/virtio_mmio@a000000", 0, RAM + RAM_SIZE - 0x200, 0x200);
	EXPECT_PANIC("fdt: virtio-mmio: 0x200 bytes at 0x4ffffe00: " ANYWHERE,
	             read_tree());
}

static void no_pci_host_has_a_window_in_ram(void)
{
	const char *pci = "/pcie@10000000";

	take("qemu-gicv2");
	set_cell(pci, "reg", 0, 0);
	set_cell(pci, "reg", 1, RAM + RAM_SIZE - 0x100000);
	EXPECT_PANIC("fdt: PCI host: 0x10000000 bytes at 0x4ff00000: in the "
	             "RAM at 0x40000000",
	             read_tree());
	take("qemu-gicv2");
	set_cell(pci, "ranges", 4, RAM - 0xffff); /* of ports */
	EXPECT_PANIC("fdt: PCI window: 0x10000 bytes at 0x3fff0001: " ANYWHERE,
	             read_tree());
	take("qemu-gicv2");
	set_cell(pci, "ranges", 13, 0x30000001);
	EXPECT_PANIC(
		"fdt: PCI window: 0x30000001 bytes at 0x10000000: " ANYWHERE,
		read_tree());
	take("openvmm");
	set_cell("/memory@40000000", "reg", 0, 0x10);
	set_cell("/memory@40000000", "reg", 1, 0x7ffff000);
	EXPECT_PANIC("fdt: PCI window: 0x100000000 bytes at 0x1000000000: in "
	             "the RAM at 0x107ffff000",
	             read_tree());
	take("openvmm");
	set_cell("/openvmm/vmbus", "ranges", 3, RAM);
	EXPECT_PANIC("fdt: VMBus: 0x7000000 bytes at 0x40000000: " ANYWHERE,
	             read_tree());
}

static void what_touches_ram_is_not_in_it(void)
{
	take("qemu-gicv2");
	set_reg("/pl031@9010000", 0, RAM - 0x1000, 0x1000);
	set_reg("/pl061@9030000", 0, RAM + RAM_SIZE, 0x1000);
	read_tree();
	EXPECT_EQ(machine.arm.pl031.base, RAM - 0x1000);
	EXPECT_EQ(machine.arm.pl061.base, RAM + RAM_SIZE);
	/* What lies behind the last host is no host. */
	machine.pci_hosts[1].ecam_paddr = RAM;
	machine.pci_hosts[1].ecam_size = 0x100000;
	read_tree();
	EXPECT_EQ(machine.pci_host_count, 1);
	for (uint32_t i = 0; i < TREES_COUNT; i++) {
		take(trees_name(i));
		read_tree();
	}
}

static void no_ram_is_told_twice(void)
{
	const char *tree_name = "qemu-gicv3-its-smmu-numa";

	take(tree_name);
	read_tree();
	EXPECT_EQ(machine.ram_count, 2);
	take(tree_name);
	set_reg("/memory@80000000", 0, 0x7fffffff, 0x1000);
	EXPECT_PANIC("fdt: RAM: 0x1000 bytes at 0x7fffffff: there is RAM from "
	             "0x40000000 on",
	             read_tree());
	take(tree_name);
	set_reg("/memory@80000000", 0, RAM, 0x1000);
	EXPECT_PANIC("there is RAM from 0x40000000 on", read_tree());
}

/* ---- sums that wrap */

static void expect_beyond(const char *tree_name, const char *path,
                          uint32_t high, uint32_t low, uint32_t size_high,
                          uint32_t size_low)
{
	take(tree_name);
	set_cell(path, "reg", 0, high);
	set_cell(path, "reg", 1, low);
	set_cell(path, "reg", 2, size_high);
	set_cell(path, "reg", 3, size_low);
	EXPECT_PANIC("beyond the address space", read_tree());
}

static struct machine kept;

static void keep(paddr_t base, uint64_t size)
{
	const struct machine_range range = { base, size };

	tree_add_reserved(&kept, range, false);
}

/* A range that is kept may be wherever there are addresses, or be empty. */
static void what_is_kept_does_not_wrap(void)
{
	keep(UINT64_MAX, 0);
	EXPECT_EQ(kept.reserved_count, 0);
	keep(1, UINT64_MAX - 1);
	EXPECT_EQ(kept.reserved_count, 1);
	EXPECT_PANIC("fdt: reserved memory: 0xffffffffffffffff bytes at 0x1: "
	             "beyond the address space",
	             keep(1, UINT64_MAX));
	while (kept.reserved_count < MACHINE_RESERVED_MAX)
		keep(1, 1);
	EXPECT_PANIC("fdt: reserved memory: more than ", keep(1, 1));
}

/* The last one ends at 2^64, so that its end is 0. */
static void nothing_lies_beyond_all_addresses(void)
{
	static const char *const paths[] = { "/memory@40000000",
		                             "/pl011@9000000", "/pl031@9010000",
		                             "/flash@0" };

	for (volatile uint32_t i = 0; i < ARRAY_COUNT(paths); i++) {
		expect_beyond("qemu-gicv2", paths[i], 0, 0, UINT32_MAX,
		              UINT32_MAX);
		expect_beyond("qemu-gicv2", paths[i], 0, 0x1000, UINT32_MAX,
		              UINT32_MAX);
		expect_beyond("qemu-gicv2", paths[i], 0x100000, 0, 0, 1);
		expect_beyond("qemu-gicv2", paths[i], 0xfffff, 0xfffff000, 0,
		              0x1001);
		expect_beyond("qemu-gicv2", paths[i], UINT32_MAX, 0xfffff000, 0,
		              0x1000);
	}
	take("qemu-gicv2");
	set_cell("/pcie@10000000", "ranges", 3, 0xfffff);
	set_cell("/pcie@10000000", "ranges", 4, 0xffff0001);
	EXPECT_PANIC("beyond the address space", read_tree());
	take("qemu-gicv2");
	set_cell("/pcie@10000000", "ranges", 19, UINT32_MAX);
	EXPECT_PANIC("beyond the address space", read_tree());
	take("openvmm");
	set_cell("/openvmm/vmbus", "ranges", 4, UINT32_MAX);
	EXPECT_PANIC("fdt: vmbus: ranges of 0x30 bytes: beyond the address "
	             "space",
	             read_tree());
}

/* What a bus passes on to nowhere, the CPU cannot reach. */
static void no_bus_wraps(void)
{
	take("soc");
	read_tree();
	EXPECT_EQ(machine.uarts[0].base, 0x1009000000);
	set_cell("/soc", "ranges", 1, UINT32_MAX);
	set_cell("/soc", "ranges", 2, 0xff000000);
	EXPECT_PANIC("no distributor", read_tree());
}

/* ---- what else a tree may say of nothing */

/* Its console needs one page, and the rest may be something else. */
static void no_more_of_a_uart_is_mapped_than_it_has(void)
{
	take("qemu-gicv2");
	set_reg("/pl011@9000000", 0, 0x9000000, RAM - 0x9000000);
	read_tree();
	EXPECT(fake_map_has_device(0x9000000, 0x1000));
	EXPECT(!fake_map_has_device(0x9000000, 0x1001));
	EXPECT_EQ(machine.uarts[0].size, RAM - 0x9000000);
}

/* Nor would tables have a range that ends before it begins. */
static void a_device_without_registers_is_none(void)
{
	take("qemu-gicv2");
	set_reg("/pl011@9000000", 0, 0x9000000, 0);
	set_reg("/pl031@9010000", 0, 0x9010000, 0);
	set_reg("/pl061@9030000", 0, 0x9030000, 0);
	read_tree();
	EXPECT_EQ(machine.uart_count, 0);
	EXPECT_EQ(machine.arm.pl031.size, 0);
	EXPECT_EQ(machine.arm.pl061.size, 0);
	EXPECT(!machine.arm.has_power_key);
}

static void fw_cfg_has_all_its_registers(void)
{
	static const uint32_t sizes[] = { 0, 1, 23, 0x10001, UINT32_MAX };

	for (volatile uint32_t i = 0; i < ARRAY_COUNT(sizes); i++) {
		take("qemu-gicv2");
		set_reg("/fw-cfg@9020000", 0, 0x9020000, sizes[i]);
		EXPECT_PANIC("fdt: fw-cfg@9020000: reg of 0x10 bytes: from 24 "
		             "bytes to 64 KiB",
		             read_tree());
	}
	take("qemu-gicv2");
	set_cell("/fw-cfg@9020000", "reg", 2, 1); /* 4 GiB and a little */
	EXPECT_PANIC("from 24 bytes to 64 KiB", read_tree());
}

static void nodes_of_pci_hosts_are_nodes(void)
{
	take("qemu-gicv3-its-smmu-numa");
	add_cell("/pcie@10000000", "numa-node-id", 1);
	read_tree();
	EXPECT_EQ(machine.pci_hosts[0].node, 1);
	EXPECT_EQ(machine.node_count, 2);
	add_cell("/pcie@10000000", "numa-node-id", MACHINE_NODE_MAX);
	EXPECT_PANIC("fdt: pcie@10000000: numa-node-id of 0x4 bytes: too great "
	             "a number",
	             read_tree());
	add_cell("/pcie@10000000", "numa-node-id", UINT32_MAX);
	EXPECT_PANIC("too great a number", read_tree());
	/* A host may be alone in its node. */
	add_cell("/pcie@10000000", "numa-node-id", 5);
	read_tree();
	EXPECT_EQ(machine.node_count, 6);
}

/* The place of a CPU that no leaf names would be what was there before. */
static void a_cpu_that_is_named_twice_leaves_another_without_place(void)
{
	const char *leaf = "/cpus/cpu-map/socket0/cluster0/core0/thread1";

	take("qemu-gicv3-smt");
	read_tree();
	EXPECT(machine.has_cpu_places);
	set_cell(leaf, "cpu", 0, 0x8008); /* as thread0 */
	read_tree();
	EXPECT(!machine.has_cpu_places);
	for (uint32_t i = 0; i < machine.cpu_count; i++)
		machine.cpus[i].place = i;
	read_tree();
	EXPECT(!machine.has_cpu_places);
	set_cell(leaf, "cpu", 0, 0x8007);
	read_tree();
	EXPECT(machine.has_cpu_places);
}

int main(int argc, char **argv)
{
	(void)argc;
	trees_init(argv[0]);
	RUN(no_device_lies_in_ram);
	RUN(no_small_device_lies_in_ram);
	RUN(no_pci_host_has_a_window_in_ram);
	RUN(what_touches_ram_is_not_in_it);
	RUN(no_ram_is_told_twice);
	RUN(what_is_kept_does_not_wrap);
	RUN(nothing_lies_beyond_all_addresses);
	RUN(no_bus_wraps);
	RUN(no_more_of_a_uart_is_mapped_than_it_has);
	RUN(a_device_without_registers_is_none);
	RUN(fw_cfg_has_all_its_registers);
	RUN(nodes_of_pci_hosts_are_nodes);
	RUN(a_cpu_that_is_named_twice_leaves_another_without_place);
	return test_status();
}
