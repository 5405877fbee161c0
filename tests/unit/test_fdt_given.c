/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_fdt_given.c - a bundle's device trees for the kernel */
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "arch/aarch64/describe/dt_build.h"
#include "arch/aarch64/probe/tree.h"
#include "tests/unit/test.h"
#include "tests/unit/trees.h"

#define SIZE_MAX_OUT 0x20000

/* No VMM's tree has devices here, where the boot has its RAM. */
#define RAM 0x20000000000

static _Alignas(8) uint8_t result[SIZE_MAX_OUT];
static struct machine machine;
static struct boot boot;

static void set_up_boot(void)
{
	static char cmdline[] = "root=/dev/vda";

	memset(&boot, 0, sizeof(boot));
	boot.guest.cmdline.text = cmdline;
	boot.guest.cmdline.size = sizeof(cmdline) - 1;
	boot.guest.initrd =
		(struct machine_range){ RAM + 0x48000000, 0x123456 };
	boot.machine.ram_count = 2;
	boot.machine.ram[0] = (struct machine_ram){
		.base = RAM + 0x40000000,
		.size = 0x8000000,
		.type = MEMORY_RAM,
	};
	boot.machine.ram[1] = boot.machine.ram[0];
	boot.machine.ram[1].base = RAM + 0x80000000;
	boot.machine.arm.kaslr_seed = 0x1122334455667788;
	boot.machine.reserved_count = 1;
	boot.machine.reserved[0].range =
		(struct machine_range){ RAM + 0x40100000, 0x1000 };
}

/* The tree is in a heap block of exactly its size. */
static uint32_t build(const uint8_t *data, uint32_t size)
{
	uint8_t *copy = malloc(size);
	uint32_t result_size = 0;

	memcpy(copy, data, size);
	if (setjmp(*test_catch_panic()) == 0) {
		dt_build_given(&boot.machine, &boot.guest, copy, size, result,
		               sizeof(result));
		result_size = fdt_totalsize(result);
	}
	free(copy);
	return result_size;
}

static void what_only_the_boot_knows_is_ours(void)
{
	for (unsigned t = 0; t < TREES_COUNT; t++) {
		struct trees_blob blob = trees_load(trees_name(t));
		uint32_t size = build(blob.data, blob.size);

		EXPECT(size > blob.size);
		EXPECT_EQ(fdt_check_full(result, size), 0);
		memset(&machine, 0, MACHINE_CLEAR_SIZE);
		tree_read(&machine, result, size);
		EXPECT_EQ(machine.ram_count, 2);
		EXPECT_EQ(machine.ram[1].base, RAM + 0x80000000);
		EXPECT_EQ(machine.ram[1].size, 0x8000000);
		EXPECT_EQ(machine.given.initrd.base, RAM + 0x48000000);
		EXPECT_EQ(machine.given.initrd.size, 0x123456);
		EXPECT_EQ(machine.arm.kaslr_seed, 0x1122334455667788);
		EXPECT(!machine.arm.has_rng_seed);
		EXPECT_STR(machine.given.cmdline, "root=/dev/vda");
		EXPECT(machine.reserved_count >= 1);
		free(blob.data);
	}
}

/* The VMM's no-map ranges must not conflict with the tree's own nodes. */
static void what_must_not_be_mapped_is_no_memory(void)
{
	static const struct machine_reserved kept[] = {
		{ { RAM + 0x47ff0000, 0x20000 }, true },
		{ { RAM + 0x40000000, 0x10000 }, true },
		{ { RAM + 0x40100000, 0x1000 }, false },
		{ { RAM + 0x40200000, 0x10000 }, true },
		{ { RAM + 0x80000000, 0x8000000 }, true },
	};
	static const struct machine_range left[] = {
		{ RAM + 0x40010000, 0x1f0000 },
		{ RAM + 0x40210000, 0x7de0000 },
	};
	struct trees_blob blob = trees_load("firecracker");

	memcpy(boot.machine.reserved, kept, sizeof(kept));
	boot.machine.reserved_count = ARRAY_COUNT(kept);
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	tree_read(&machine, result, build(blob.data, blob.size));
	EXPECT_EQ(machine.ram_count, ARRAY_COUNT(left));
	for (uint32_t i = 0; i < ARRAY_COUNT(left); i++) {
		EXPECT_EQ(machine.ram[i].base, left[i].base);
		EXPECT_EQ(machine.ram[i].size, left[i].size);
	}
	EXPECT_EQ(machine.reserved_count, 1);
	EXPECT_EQ(machine.reserved[0].range.base, RAM + 0x40100000);
	free(blob.data);
	set_up_boot();
}

static void the_rest_is_the_trees(void)
{
	static struct machine wanted;
	struct trees_blob blob = trees_load("qemu-gicv3-its-smmu-numa");

	trees_fill_machine(&wanted, "qemu-gicv3-its-smmu-numa");
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	tree_read(&machine, result, build(blob.data, blob.size));
	EXPECT_EQ(machine.cpu_count, wanted.cpu_count);
	EXPECT_EQ(machine.uart_count, wanted.uart_count);
	EXPECT_EQ(machine.uarts[0].base, wanted.uarts[0].base);
	EXPECT_EQ(machine.pci_host_count, wanted.pci_host_count);
	EXPECT_EQ(machine.virtio_mmio_count, wanted.virtio_mmio_count);
	EXPECT_EQ(machine.arm.its.base, wanted.arm.its.base);
	free(blob.data);
}

/* Makes clusters of 16, so that rows break. `boot_cpu` comes first. */
static void make_cpus(struct machine *made, uint32_t count, uint32_t boot_cpu)
{
	made->cpu_count = count;
	made->has_cpu_places = boot_cpu == 0;
	made->arm.boot_mpidr = boot_cpu;
	made->cpus[0] = (struct machine_cpu){ .id = boot_cpu };
	for (uint32_t i = 0, next = 1; i < count; i++) {
		if (i == boot_cpu)
			continue;
		made->cpus[next++] = (struct machine_cpu){
			.id = i / 16 << 8 | i % 16,
			.place = MACHINE_PLACE(i / 32, i / 16 % 2, i % 16),
		};
	}
}

/* The CPUs of our own tree can be read back from it. */
static void rows_of_cpus_are_read(void)
{
	static struct machine wanted;

	for (uint32_t boot_cpu = 0; boot_cpu < 16; boot_cpu += 5) {
		uint32_t size;

		trees_fill_machine(&boot.machine, "qemu-gicv2");
		make_cpus(&boot.machine, 100, boot_cpu);
		wanted = boot.machine;
		dt_build_full(&boot.machine, &boot.guest, result,
		              sizeof(result));
		size = fdt_totalsize(result);
		memset(&machine, 0, MACHINE_CLEAR_SIZE);
		machine.arm.boot_mpidr = boot_cpu;
		tree_read(&machine, result, size);
		EXPECT_EQ(machine.cpu_count, 100);
		EXPECT_EQ(machine.has_cpu_places, wanted.has_cpu_places);
		for (uint32_t i = 0; i < 100; i++) {
			EXPECT_EQ(machine.cpus[i].id, wanted.cpus[i].id);
			if (!boot_cpu)
				EXPECT_EQ(machine.cpus[i].place,
				          wanted.cpus[i].place);
		}
	}
	set_up_boot();
}

static void no_truncated_tree_is_copied(void)
{
	struct trees_blob blob = trees_load("cloud-hypervisor");

	for (uint32_t size = 40; size < blob.size; size += 4)
		EXPECT_EQ(build(blob.data, size), 0);
	free(blob.data);
}

static void no_hostile_cell_leads_astray(void)
{
	static const uint32_t values[] = {
		0, 1, 2, 3, 9, 0x7fffffff, 0x80000000, 0xffffffff, 0xfff,
	};
	const uint32_t count = ARRAY_COUNT(values);

	for (unsigned t = 0; t < TREES_COUNT; t++) {
		struct trees_blob blob = trees_load(trees_name(t));

		for (uint32_t at = 0; at + 4 <= blob.size; at += 4) {
			uint32_t value =
				__builtin_bswap32(values[(at / 4 + t) % count]);
			uint32_t saved;

			memcpy(&saved, blob.data + at, sizeof(saved));
			memcpy(blob.data + at, &value, sizeof(value));
			build(blob.data, blob.size);
			memcpy(blob.data + at, &saved, sizeof(saved));
		}
		free(blob.data);
	}
}

static void no_room_is_refused(void)
{
	struct trees_blob blob = trees_load("firecracker");

	for (uint32_t size = 0; size < blob.size; size += 64)
		EXPECT_PANIC("fdt: more than",
		             dt_build_given(&boot.machine, &boot.guest,
		                            blob.data, blob.size, result,
		                            size));
	free(blob.data);
}

/* Makes a tree of two nodes, the second in the first if `is_nested`. */
static uint32_t make_two_nodes(uint8_t *tree, const char *first,
                               const char *second, bool is_nested)
{
	EXPECT_EQ(fdt_create(tree, 512), 0);
	EXPECT_EQ(fdt_finish_reservemap(tree), 0);
	EXPECT_EQ(fdt_begin_node(tree, first), 0);
	if (!is_nested)
		EXPECT_EQ(fdt_end_node(tree), 0);
	EXPECT_EQ(fdt_begin_node(tree, second), 0);
	EXPECT_EQ(fdt_end_node(tree), 0);
	if (is_nested)
		EXPECT_EQ(fdt_end_node(tree), 0);
	EXPECT_EQ(fdt_finish(tree), 0);
	return fdt_totalsize(tree);
}

static void copy(const uint8_t *tree)
{
	dt_build_given(&boot.machine, &boot.guest, tree, fdt_totalsize(tree),
	               result, sizeof(result));
}

static void only_one_root_and_only_it_has_no_name(void)
{
	static _Alignas(8) uint8_t tree[512];

	EXPECT(build(tree, make_two_nodes(tree, "", "soc", true)) > 0);
	make_two_nodes(tree, "", "", true);
	EXPECT_PANIC("dtb: nodes: only the root has no name", copy(tree));
	make_two_nodes(tree, "soc", "cpus", true);
	EXPECT_PANIC("dtb: nodes: only the root has no name", copy(tree));
	make_two_nodes(tree, "", "", false);
	EXPECT_PANIC("dtb: nodes: more than one root", copy(tree));
	/* The kernel would have neither RAM nor a console to say so. */
	EXPECT_EQ(fdt_create(tree, 512), 0);
	EXPECT_EQ(fdt_finish_reservemap(tree), 0);
	EXPECT_EQ(fdt_finish(tree), 0);
	EXPECT_PANIC("dtb: nodes: none", copy(tree));
}

int main(int argc, char **argv)
{
	(void)argc;
	trees_init(argv[0]);
	set_up_boot();
	RUN(what_only_the_boot_knows_is_ours);
	RUN(what_must_not_be_mapped_is_no_memory);
	RUN(the_rest_is_the_trees);
	RUN(rows_of_cpus_are_read);
	RUN(no_truncated_tree_is_copied);
	RUN(no_hostile_cell_leads_astray);
	RUN(only_one_root_and_only_it_has_no_name);
	RUN(no_room_is_refused);
	return test_status();
}
