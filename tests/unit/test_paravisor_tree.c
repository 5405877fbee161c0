/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_paravisor_tree.c - the device tree of a paravisor's kernel
 *
 * Whether /openhcl has each address of the partition once is judged from the
 * tree alone, which is read by libfdt.
 */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/x86_64/paravisor/tree_x86.h"
#include "common/describe/dt_writer.h"
#include "common/paravisor/split.h"
#include "common/spec/igvm_params.h"
#include "tests/unit/test.h"

#define MIB      0x100000ULL
#define GIB      0x40000000ULL
#define NODE_MAX 2000

static _Alignas(8) uint8_t fdt[0x40000];
static struct machine machine;
static struct tree_pool pool;
static const struct machine_range no_hole = { 0, 0 };

struct piece {
	uint64_t base;
	uint64_t end;
	uint32_t owner;
};

static struct piece pieces[NODE_MAX];
static uint32_t piece_count;

static void start(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	pool = (struct tree_pool){ 0 };
	machine.pc.lapic_paddr = 0xfee00000;
	machine.cpu_count = 1;
	machine.cpus[0] = (struct machine_cpu){ 0 };
}

static void add_ram(uint64_t base, uint64_t size, uint16_t node, uint16_t type)
{
	machine.ram[machine.ram_count++] = (struct machine_ram){
		.base = base,
		.size = size,
		.type = MEMORY_RAM,
		.node = node,
		.igvm_type = type,
	};
}

static void build(void)
{
	tree_x86_build(&machine, &pool, fdt, tree_x86_size(&machine));
}

static uint32_t cell(const char *path, const char *name, uint32_t index)
{
	int size = 0;
	const fdt32_t *cells =
		fdt_getprop(fdt, fdt_path_offset(fdt, path), name, &size);

	EXPECT(cells != NULL && size > (int)index * 4);
	return cells && size > (int)index * 4 ? fdt32_ld(cells + index) : 0;
}

static const char *text(int node, const char *name)
{
	const char *value = fdt_getprop(fdt, node, name, NULL);

	return value ? value : "";
}

static int compare(const void *a, const void *b)
{
	const struct piece *left = a, *right = b;

	return left->base < right->base ? -1 : left->base > right->base;
}

/* Reads all ranges that nodes of that type have, in `parent`, sorted. */
static void read_pieces(const char *parent, const char *type, const char *owner)
{
	int node, size;

	piece_count = 0;
	fdt_for_each_subnode(node, fdt, fdt_path_offset(fdt, parent))
	{
		const fdt32_t *cells = fdt_getprop(fdt, node, "reg", &size);
		const fdt32_t *who =
			owner ? fdt_getprop(fdt, node, owner, NULL) : NULL;

		if (strcmp(text(node, "device_type"), type) != 0)
			continue;
		for (int i = 0; i + 16 <= size; i += 16, cells += 4) {
			struct piece *piece = &pieces[piece_count++];

			piece->base = fdt64_ld((const fdt64_t *)cells);
			piece->end = piece->base +
			             fdt64_ld((const fdt64_t *)(cells + 2));
			piece->owner = who ? fdt32_ld(who) : 0;
			EXPECT(piece->base < piece->end);
		}
	}
	qsort(pieces, piece_count, sizeof(*pieces), compare);
}

/* Returns how many bytes the pieces of the owner have; 99 stands for all. */
static uint64_t bytes_of(uint32_t owner)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < piece_count; i++)
		if (owner == 99 || pieces[i].owner == owner)
			sum += pieces[i].end - pieces[i].base;
	return sum;
}

/*
 * The pieces must be those of `ram`, the partition's RAM before the split, with
 * no address missing and none twice.
 */
static void expect_covers(const struct machine_ram *ram, uint32_t count)
{
	uint32_t next = 0;

	read_pieces("/openhcl", "memory-openhcl", "openhcl,memory-type");
	for (uint32_t i = 0; i < count; i++) {
		uint64_t at = ram[i].base;

		while (next < piece_count && pieces[next].base == at &&
		       at < ram[i].base + ram[i].size)
			at = pieces[next++].end;
		EXPECT_EQ(at, ram[i].base + ram[i].size);
	}
	EXPECT_EQ(next, piece_count);
}

static void openhcl_has_each_address_once(void)
{
	static struct machine_ram before[MACHINE_RAM_MAX];
	uint64_t own;

	for (uint32_t round = test_rounds(300); round; round--) {
		uint32_t count = 1 + test_random_below(60);
		uint64_t base = 0, size = test_random_below(3) * 32 * MIB;

		start();
		while (machine.ram_count < count) {
			uint64_t bytes = (1 + test_random_below(60000)) << 12;

			add_ram(base, bytes, (uint16_t)test_random_below(2),
			        test_random_below(2) ? IGVM_MEMORY_RAM : 3);
			base += bytes + ((uint64_t)test_random_below(2) << 12);
		}
		memcpy(before, machine.ram, sizeof(before));
		if (setjmp(*test_catch_panic()))
			continue;
		split_memory(&machine, size, &no_hole);
		test_release_panic();
		/* A pool is anywhere in the paravisor's RAM. */
		for (uint32_t i = 0; i < machine.ram_count; i++) {
			const struct machine_ram *ram = &machine.ram[i];

			if (ram->type == MEMORY_RAM && ram->size > 0x5000)
				pool.all = (struct machine_range){
					ram->base + test_random_below(3) * 4096,
					0x3000
				};
		}
		pool.shared = pool.all.base;
		pool.chunk_max = 32;
		build();
		expect_covers(before, count);
		own = bytes_of(1) + bytes_of(4);
		EXPECT_EQ(bytes_of(4), pool.all.size);
		read_pieces("/", "memory", NULL);
		EXPECT_EQ(bytes_of(99), own);
	}
}

static void half_that_the_host_types_is_the_kernels(void)
{
	start();
	add_ram(0, GIB, 0, IGVM_MEMORY_RAM);
	add_ram(GIB, GIB, 1, IGVM_MEMORY_VTL2_PROTECTABLE);
	split_memory(&machine, 0, &no_hole);
	build();
	EXPECT(fdt_path_offset(fdt, "/memory@0") < 0);
	EXPECT_EQ(cell("/memory@40000000", "reg", 1), GIB);
	EXPECT_EQ(cell("/memory@40000000", "numa-node-id", 0), 1);
	EXPECT_EQ(cell("/openhcl/memory@0", "openhcl,memory-type", 0), 0);
	EXPECT_EQ(cell("/openhcl/memory@0", "microsoft,igvm-type", 0), 0);
	EXPECT_EQ(cell("/openhcl/memory@40000000", "openhcl,memory-type", 0),
	          1);
	EXPECT_EQ(cell("/openhcl/memory@40000000", "microsoft,igvm-type", 0),
	          3);
	EXPECT_STR(text(fdt_path_offset(fdt, "/openhcl"),
	                "memory-allocation-mode"),
	           "host");
}

static void cpus_that_the_kernel_starts_come_first(void)
{
	static const uint32_t order[] = { 1, 5, 2, 3, 4, 6, 7, 8 };
	uint32_t index = 0;
	int node;

	start();
	add_ram(MIB, GIB, 0, 0);
	machine.cpu_count = 8;
	for (uint32_t i = 0; i < 8; i++)
		machine.cpus[i] =
			(struct machine_cpu){ .id = i * 2, .node = i / 4 };
	pool = (struct tree_pool){ { 16 * MIB, 0x20000 },
		                   16 * MIB + 0xe000,
		                   4 };
	build();
	fdt_for_each_subnode(node, fdt, fdt_path_offset(fdt, "/cpus"))
	{
		char name[20];
		const fdt32_t *reg = fdt_getprop(fdt, node, "reg", NULL);

		snprintf(name, sizeof(name), "cpu@%u", order[index]);
		EXPECT_STR(fdt_get_name(fdt, node, NULL), name);
		EXPECT_EQ(fdt32_ld(reg), (order[index] - 1) * 2);
		EXPECT_STR(text(node, "status"),
		           index < 2 ? "okay" : "disabled");
		index++;
	}
	EXPECT_EQ(index, 8);
	EXPECT_EQ(cell("/cpus/cpu@5", "numa-node-id", 0), 1);
}

static void without_a_pool_all_cpus_are_the_kernels(void)
{
	start();
	add_ram(MIB, GIB, 0, 0);
	machine.cpu_count = 8;
	for (uint32_t i = 0; i < 8; i++)
		machine.cpus[i] = (struct machine_cpu){ .id = i };
	build();
	EXPECT_STR(text(fdt_path_offset(fdt, "/cpus/cpu@8"), "status"), "okay");
	EXPECT(fdt_path_offset(fdt, "/reserved-memory") < 0);
	EXPECT(fdt_first_subnode(fdt, fdt_path_offset(fdt, "/bus")) < 0);
}

static void a_hpet_is_told_if_there_is_one(void)
{
	start();
	add_ram(MIB, GIB, 0, 0);
	build();
	EXPECT(fdt_path_offset(fdt, "/timer@fed00000") < 0);
	machine.pc.hpet_paddr = 0xfed00000;
	build();
	EXPECT_STR(text(fdt_path_offset(fdt, "/timer@fed00000"), "compatible"),
	           "intel,ce4100-hpet");
	EXPECT_EQ(cell("/timer@fed00000", "reg", 1), 0xfed00000);
	EXPECT_EQ(cell("/timer@fed00000", "reg", 3), 0x400);
}

static int size_of(const char *path, const char *name)
{
	int size = -1;

	fdt_getprop(fdt, fdt_path_offset(fdt, path), name, &size);
	return size;
}

static bool has(const char *path, const char *name)
{
	return size_of(path, name) == 0;
}

/*
 * Linux Documentation/devicetree/bindings/x86/ce4100.txt, and what
 * arch/x86/kernel/devicetree.c reads
 */
static void each_node_says_what_linux_reads(void)
{
	static const char apic[] = "/interrupt-controller@fee00000";

	start();
	add_ram(MIB, GIB, 0, 0);
	machine.cpus[0].id = 3;
	machine.cpus[0].node = 2;
	pool = (struct tree_pool){ { 16 * MIB, 0 }, 16 * MIB, 4 }; /* none */
	machine.pc.hpet_paddr = 0xfed00000;
	build();
	EXPECT_EQ(cell("/", "#address-cells", 0), 2);
	EXPECT_EQ(cell("/", "#size-cells", 0), 2);
	EXPECT_STR(text(0, "model"), "directboot");
	EXPECT_STR(text(0, "compatible"), "microsoft,openvmm");
	EXPECT_EQ(cell("/cpus", "#address-cells", 0), 1);
	EXPECT_EQ(cell("/cpus", "#size-cells", 0), 0);
	EXPECT_STR(text(fdt_path_offset(fdt, "/cpus/cpu@1"), "device_type"),
	           "cpu");
	EXPECT_STR(text(fdt_path_offset(fdt, "/cpus/cpu@1"), "status"), "okay");
	EXPECT_EQ(cell("/cpus/cpu@1", "reg", 0), 3);
	EXPECT_EQ(cell("/cpus/cpu@1", "numa-node-id", 0), 2);
	EXPECT_STR(text(fdt_path_offset(fdt, apic), "compatible"),
	           "intel,ce4100-lapic");
	EXPECT_EQ(cell(apic, "reg", 0), 0);
	EXPECT_EQ(cell(apic, "reg", 1), 0xfee00000);
	EXPECT_EQ(cell(apic, "reg", 2), 0);
	EXPECT_EQ(cell(apic, "reg", 3), 0x1000);
	EXPECT_EQ(size_of(apic, "reg"), 16);
	EXPECT_EQ(size_of("/timer@fed00000", "reg"), 16);
	EXPECT_EQ(cell(apic, "#address-cells", 0), 0);
	EXPECT_EQ(cell(apic, "#interrupt-cells", 0), 2);
	EXPECT(has(apic, "interrupt-controller"));
	EXPECT(has(apic, "intel,virtual-wire-mode"));
	EXPECT_EQ(cell("/timer@fed00000", "reg", 0), 0);
	EXPECT_EQ(cell("/timer@fed00000", "reg", 2), 0);
	/* There is no hypervisor, no HPET and no pool that is not told of. */
	EXPECT(fdt_path_offset(fdt, "/hypervisor") < 0);
	EXPECT(fdt_path_offset(fdt, "/reserved-memory") < 0);
	EXPECT_EQ(fdt_num_mem_rsv(fdt), 0);
	machine.pc.hpet_paddr = 0;
	machine.host.is_hyperv = true;
	build();
	EXPECT(fdt_path_offset(fdt, "/timer@0") < 0);
	EXPECT_STR(text(fdt_path_offset(fdt, "/hypervisor"), "compatible"),
	           "microsoft,hyperv");
}

/* Devicetree Specification 0.4, section 3.5 */
static void the_pool_is_reserved(void)
{
	uint64_t base = 0, size = 0;

	cpus_that_the_kernel_starts_come_first();
	EXPECT_EQ(cell("/reserved-memory", "#address-cells", 0), 2);
	EXPECT_EQ(cell("/reserved-memory", "#size-cells", 0), 2);
	EXPECT(has("/reserved-memory", "ranges"));
	EXPECT_EQ(cell("/reserved-memory/sidecar@1000000", "reg", 1),
	          0x1000000);
	EXPECT_EQ(size_of("/reserved-memory/sidecar@1000000", "reg"), 16);
	EXPECT_EQ(fdt_get_mem_rsv(fdt, 0, &base, &size), 0);
	EXPECT_EQ(base, 0x1000000);
	EXPECT_EQ(size, 0x20000);
}

/* Linux maps 64 pages, from the record's start on. */
static void the_size_is_no_more_than_linux_maps(void)
{
	start();
	add_ram(MIB, GIB, 0, 0);
	EXPECT_EQ(tree_x86_size(&machine), 0x1000 + 0x90 + 0x200);
	machine.cpu_count = MACHINE_CPU_MAX;
	while (machine.ram_count < MACHINE_RAM_MAX)
		add_ram(machine.ram_count * 4 * GIB, GIB, 0, 0);
	EXPECT_EQ(tree_x86_size(&machine), 63 * 0x1000);
	machine.cpus[0] = (struct machine_cpu){ 0 };
	machine.cpu_count = 1;
}

/* OpenHCL's driver maps both ranges. */
static void each_chunk_of_the_pool_has_its_pages(void)
{
	cpus_that_the_kernel_starts_come_first();
	EXPECT_EQ(cell("/bus/sidecar@100e000", "reg", 1), 0x100e000);
	EXPECT_EQ(cell("/bus/sidecar@100e000", "reg", 3), 0x1000);
	EXPECT_EQ(cell("/bus/sidecar@100e000", "reg", 5), 0x100f000);
	EXPECT_EQ(cell("/bus/sidecar@100e000", "reg", 7), 0x8000);
	EXPECT_EQ(cell("/bus/sidecar@1017000", "reg", 5), 0x1018000);
	EXPECT_EQ(cell("/reserved-memory/sidecar@1000000", "reg", 3), 0x20000);
	EXPECT_EQ(cell("/openhcl/memory@1000000", "openhcl,memory-type", 0), 4);
	EXPECT_EQ(fdt_num_mem_rsv(fdt), 1);
}

static void the_bus_of_the_host_is_handed_on(void)
{
	struct host_vmbus *vmbus = &machine.host.paravisor_vmbus;

	start();
	add_ram(MIB, GIB, 0, 0);
	*vmbus = (struct host_vmbus){
		.is_present = true,
		.connection_id = 7,
		.range_count = 2,
		.ranges = { { 0xf8000000, 0x1000000 },
		            { 0x1000000000, 0x8000 } },
	};
	machine.host.is_hyperv = true;
	build();
	EXPECT_EQ(cell("/bus/vmbus@f8000000", "ranges", 1), 0xf8000000);
	EXPECT_EQ(cell("/bus/vmbus@f8000000", "ranges", 3), 0xf8000000);
	EXPECT_EQ(cell("/bus/vmbus@f8000000", "ranges", 5), 0x1000000);
	EXPECT_EQ(cell("/bus/vmbus@f8000000", "ranges", 6), 0x10);
	EXPECT_EQ(cell("/bus/vmbus@f8000000", "ranges", 11), 0x8000);
	EXPECT_EQ(cell("/bus/vmbus@f8000000", "microsoft,vtl", 0), 2);
	EXPECT_EQ(cell("/bus/vmbus@f8000000", "microsoft,message-connection-id",
	               0),
	          7);
	EXPECT(fdt_path_offset(fdt, "/hypervisor") > 0);
	*vmbus = (struct host_vmbus){ 0 };
}

static void as_many_cpus_as_there_can_be_fit(void)
{
	start();
	add_ram(MIB, GIB, 0, 0);
	machine.cpu_count = MACHINE_CPU_MAX;
	for (uint32_t i = 0; i < MACHINE_CPU_MAX; i++)
		machine.cpus[i] = (struct machine_cpu){ .id = i };
	while (machine.ram_count < 100)
		add_ram(machine.ram_count * 4 * GIB, GIB, 0, 0);
	pool = (struct tree_pool){ { 16 * MIB, MIB }, 16 * MIB, 32 };
	build();
	expect_covers(machine.ram, machine.ram_count);
	while (machine.ram_count < MACHINE_RAM_MAX)
		add_ram(machine.ram_count * 4 * GIB, GIB, 0, 0);
	EXPECT_PANIC("fdt: more than 0x3f000 bytes for the kernel", build());
}

/* The longest have 26 characters, and 20 for the number. */
static void names_that_are_made_have_room(void)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyz-";
	char fits[sizeof(name)];

	memcpy(fits, name, sizeof(name));
	fits[26] = 0;
	dt_write_start(fdt, sizeof(fdt));
	dt_write_nodes(fdt);
	dt_write_begin(fdt, "");
	dt_write_begin_at(fdt, fits, UINT64_MAX);
	dt_write_end(fdt);
	EXPECT_PANIC("bug", dt_write_begin_at(fdt, name, 0));
	dt_write_begin_number(fdt, name, UINT32_MAX);
	dt_write_end(fdt);
	dt_write_end(fdt);
	dt_write_finish(fdt);
	EXPECT(fdt_path_offset(fdt, "/abcdefghijklmnopqrstuvwxyz"
	                            "@ffffffffffffffff") > 0);
	EXPECT(fdt_path_offset(fdt, "/abcdefghijklmnopqrstuvwxyz-"
	                            "4294967295") > 0);
}

int main(void)
{
	RUN(openhcl_has_each_address_once);
	RUN(half_that_the_host_types_is_the_kernels);
	RUN(cpus_that_the_kernel_starts_come_first);
	RUN(without_a_pool_all_cpus_are_the_kernels);
	RUN(a_hpet_is_told_if_there_is_one);
	RUN(each_node_says_what_linux_reads);
	RUN(the_pool_is_reserved);
	RUN(the_size_is_no_more_than_linux_maps);
	RUN(each_chunk_of_the_pool_has_its_pages);
	RUN(the_bus_of_the_host_is_handed_on);
	RUN(as_many_cpus_as_there_can_be_fit);
	RUN(names_that_are_made_have_room);
	return test_status();
}
