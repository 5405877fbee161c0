/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_host_tree.c - what the host of an IGVM file says in its tree
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libfdt.h>

#include "arch/x86_64/igvm/host_tree.h"
#include "common/spec/igvm_params.h"
#include "tests/unit/test.h"
#include "tests/unit/trees.h"

#define GIB         0x40000000UL
#define MIB         0x100000UL
#define SIZE        0x200000
#define SECONDS_MAX 2

static struct machine machine;
static _Alignas(8) uint8_t tree[SIZE];

static void read(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	host_tree_read(&machine, tree, fdt_totalsize(tree));
}

/* Puts the tree where it can grow a little. */
static void put(const char *name)
{
	struct trees_blob blob = trees_load(name);

	fdt_open_into(blob.data, tree, sizeof(tree));
	free(blob.data);
}

static int node(const char *path)
{
	int offset = fdt_path_offset(tree, path);

	EXPECT(offset >= 0);
	return offset;
}

static void openvmms_tree_is_read(void)
{
	put("host-x86");
	read();
	EXPECT_EQ(machine.cpu_count, 3);
	EXPECT_EQ(machine.cpus[2].id, 4);
	EXPECT_EQ(machine.cpus[2].node, 1);
	EXPECT_EQ(machine.node_count, 2);
	EXPECT_EQ(machine.ram_count, 4);
	EXPECT_EQ(machine.ram[0].size, 1536 * MIB);
	EXPECT_EQ(machine.ram[1].type, MEMORY_RESERVED);
	EXPECT_EQ(machine.ram[2].base, 4 * GIB + 512 * MIB);
	EXPECT_EQ(machine.ram[2].type, MEMORY_RAM);
	EXPECT_EQ(machine.ram[2].igvm_type, IGVM_MEMORY_VTL2_PROTECTABLE);
	EXPECT_EQ(machine.ram[2].node, 1);
	EXPECT_EQ(machine.ram[3].igvm_type, IGVM_MEMORY_RAM);
	EXPECT_STR(machine.given.cmdline, "console=ttyS2 host");
}

/* As it really is. */
static void a_real_openvmms_tree_is_read(void)
{
	const struct machine_host *host = &machine.host;

	put("host-openvmm");
	read();
	EXPECT_EQ(machine.cpu_count, 2);
	EXPECT_EQ(machine.cpus[1].id, 1);
	EXPECT_EQ(machine.node_count, 1);
	EXPECT_EQ(machine.ram_count, 1);
	EXPECT_EQ(machine.ram[0].size, 512 * MIB);
	EXPECT_EQ(host->entropy_size, 64);
	EXPECT_EQ(host->entropy[63], 0xe7);
	EXPECT(host->is_hyperv && host->guest_vmbus.is_present);
	EXPECT_EQ(host->guest_vmbus.ranges[0].base, 0xf8000000);
	EXPECT_EQ(host->guest_vmbus.ranges[0].size, 128 * MIB);
	EXPECT_EQ(host->guest_vmbus.range_count, 1); /* the other is empty */
	EXPECT_EQ(host->paravisor_vmbus.range_count, 0);
	EXPECT_STR(machine.given.cmdline, "");
}

static void hosts_own_facts_are_read(void)
{
	const struct machine_host *host = &machine.host;

	put("host-x86");
	read();
	EXPECT(host->is_hyperv && !host->lets_choose_memory);
	EXPECT_EQ(host->guest_vmbus.connection_id, 1);
	EXPECT_EQ(host->guest_vmbus.range_count, 2);
	EXPECT_EQ(host->guest_vmbus.ranges[0].base, 0xf8000000);
	EXPECT_EQ(host->guest_vmbus.ranges[1].base, 0xfe0000000);
	EXPECT_EQ(host->guest_vmbus.ranges[1].size, 0x20000000);
	EXPECT_EQ(host->paravisor_vmbus.connection_id, 0x800074);
	EXPECT_EQ(host->paravisor_vmbus.range_count, 1);
	EXPECT_EQ(host->paravisor_vmbus.ranges[0].size, GIB);
	EXPECT_EQ(host->entropy_size, 8);
	EXPECT_EQ(host->entropy[7], 8);
	EXPECT_EQ(machine.uart_count, 0); /* uart_probe() finds them */
}

/* Hosts may list them in any order. */
static void cpus_are_in_ascending_order(void)
{
	put("host-x86");
	fdt_setprop_u32(tree, node("/cpus/cpu@1"), "reg", 7);
	fdt_setprop_u32(tree, node("/cpus/cpu@1"), "numa-node-id", 5);
	read();
	EXPECT_EQ(machine.cpu_count, 3);
	EXPECT_EQ(machine.cpus[0].id, 1);
	EXPECT_EQ(machine.cpus[1].id, 4);
	EXPECT_EQ(machine.cpus[1].node, 1);
	EXPECT_EQ(machine.cpus[2].id, 7);
	EXPECT_EQ(machine.cpus[2].node, 5);
	EXPECT_EQ(machine.node_count, 6);
}

/* QEMU's trees have neither status nor numa-node-id nor any bus. */
static void what_is_absent_has_a_usual_value(void)
{
	put("host-x86");
	for (uint32_t i = 1; i <= 4; i++) {
		char path[16] = "/cpus/cpu@0";

		path[10] = (char)('0' + i);
		fdt_delprop(tree, node(path), "numa-node-id");
		fdt_delprop(tree, node(path), "status");
	}
	fdt_delprop(tree, node("/memory@100000000"), "microsoft,igvm-type");
	fdt_delprop(tree, node("/memory@120000000"), "numa-node-id");
	fdt_del_node(tree, node("/bus"));
	fdt_del_node(tree, node("/chosen"));
	fdt_del_node(tree, node("/openhcl"));
	fdt_delprop(tree, 0, "model");
	read();
	EXPECT_EQ(machine.cpu_count, 4);
	EXPECT_EQ(machine.cpus[3].node, 0);
	EXPECT_EQ(machine.ram[1].type, MEMORY_RAM);
	EXPECT_EQ(machine.ram[2].node, 0);
	EXPECT(!machine.given.cmdline && !machine.host.is_hyperv);
	EXPECT(!machine.host.guest_vmbus.is_present);
	EXPECT(!machine.host.paravisor_vmbus.is_present);
	EXPECT_EQ(machine.host.entropy_size, 0);
}

static void a_paravisor_may_choose_its_memory(void)
{
	put("host-x86");
	fdt_setprop_string(tree, node("/openhcl"), "memory-allocation-mode",
	                   "vtl2");
	read();
	EXPECT(machine.host.lets_choose_memory);
	EXPECT_EQ(machine.host.memory_size, 0);
	fdt_setprop_u64(tree, node("/openhcl"), "memory-size", GIB);
	read();
	EXPECT_EQ(machine.host.memory_size, GIB);
	fdt_setprop_string(tree, node("/openhcl"), "memory-allocation-mode",
	                   "guest");
	EXPECT_PANIC("fdt: openhcl: memory-allocation-mode of 0x6 bytes: must "
	             "be host or vtl2",
	             read());
}

static void cpus_that_cannot_be_are_refused(void)
{
	put("host-x86");
	fdt_setprop_u32(tree, node("/cpus/cpu@3"), "reg", 1);
	EXPECT_PANIC("fdt: cpu@3: reg of 0x4 bytes: is another CPU's", read());
	fdt_setprop_u64(tree, node("/cpus/cpu@3"), "reg", 4);
	EXPECT_PANIC("fdt: cpu@3: reg of 0x8 bytes: must be one CPU's number",
	             read());
	fdt_setprop_u32(tree, node("/cpus/cpu@3"), "reg", 4);
	fdt_setprop_u32(tree, node("/cpus/cpu@3"), "numa-node-id",
	                MACHINE_NODE_MAX);
	EXPECT_PANIC("fdt: cpu@3: numa-node-id of 0x4 bytes: too great a "
	             "number",
	             read());
}

static void memory_that_cannot_be_is_refused(void)
{
	static const char path[] = "/memory@120000000";
	const fdt64_t over[] = { cpu_to_fdt64(5 * GIB - 1), cpu_to_fdt64(GIB) };
	const fdt64_t beyond[] = { cpu_to_fdt64(5 * GIB),
		                   cpu_to_fdt64(UINT64_MAX) };
	const fdt64_t far[] = { cpu_to_fdt64(MACHINE_ADDRESS_END),
		                cpu_to_fdt64(GIB) };

	put("host-x86");
	fdt_setprop_u32(tree, node(path), "microsoft,igvm-type", 0x10000);
	EXPECT_PANIC("microsoft,igvm-type of 0x4 bytes: too great a number",
	             read());
	fdt_setprop_u32(tree, node(path), "microsoft,igvm-type", 0);
	fdt_setprop(tree, node(path), "reg", over, sizeof(over));
	EXPECT_PANIC("fdt: RAM: 0x40000000 bytes at 0x140000000: there is RAM "
	             "from 0x13fffffff on",
	             read());
	fdt_setprop(tree, node(path), "reg", beyond, sizeof(beyond));
	EXPECT_PANIC("reg of 0x10 bytes: beyond the address space", read());
	fdt_setprop(tree, node(path), "reg", far, sizeof(far));
	EXPECT_PANIC("reg of 0x10 bytes: beyond the address space", read());
	fdt_setprop(tree, node(path), "reg", over, 12);
	EXPECT_PANIC("reg of 0xc bytes: not whole ranges", read());
	put("host-x86");
	fdt_del_node(tree, node(path));
	fdt_del_node(tree, node("/memory@0"));
	fdt_del_node(tree, node("/memory@100000000"));
	fdt_del_node(tree, node("/memory@140000000"));
	EXPECT_PANIC("fdt: memory: no RAM at all", read());
}

#define VMBUS "/bus/vmbus-vtl0@f8000000"

static void vmbus_that_cannot_be_is_refused(void)
{
	const fdt64_t in_ram[] = { 0, 0, cpu_to_fdt64(MIB) };
	const fdt64_t moved[] = { 0, cpu_to_fdt64(MIB), cpu_to_fdt64(MIB) };
	const fdt64_t wraps[] = { cpu_to_fdt64(~0xfffUL),
		                  cpu_to_fdt64(~0xfffUL), cpu_to_fdt64(MIB) };
	const fdt64_t shared[] = { cpu_to_fdt64(64 * GIB),
		                   cpu_to_fdt64(64 * GIB), cpu_to_fdt64(MIB) };

	put("host-x86");
	fdt_setprop(tree, node(VMBUS), "ranges", in_ram, sizeof(in_ram));
	EXPECT_PANIC("fdt: VMBus: 0x100000 bytes at 0: in the RAM at 0",
	             read());
	fdt_setprop(tree, node(VMBUS), "ranges", moved, sizeof(moved));
	EXPECT_PANIC("ranges of 0x18 bytes: must be 1:1", read());
	fdt_setprop(tree, node(VMBUS), "ranges", wraps, sizeof(wraps));
	EXPECT_PANIC("ranges of 0x18 bytes: beyond the address space", read());
	fdt_setprop(tree, node(VMBUS), "ranges", shared, sizeof(shared));
	EXPECT_PANIC("fdt: VMBus: 0x40000000 bytes at 0x1000000000: are of VTL "
	             "0, too",
	             read());
	fdt_setprop(tree, node(VMBUS), "ranges", tree, 3 * sizeof(wraps));
	EXPECT_PANIC("ranges of 0x48 bytes: must be one or two, of six cells",
	             read());
	fdt_setprop(tree, node(VMBUS), "ranges", "", 0);
	read();
	EXPECT_EQ(machine.host.guest_vmbus.range_count, 0);
	fdt_setprop_u32(tree, node(VMBUS), "microsoft,vtl", 1);
	EXPECT_PANIC("microsoft,vtl of 0x4 bytes: must be 0 or 2", read());
	fdt_setprop_u32(tree, node(VMBUS), "microsoft,vtl", 2);
	EXPECT_PANIC("fdt: vmbus-vtl2@1000000000: microsoft,vtl of 0x4 bytes: "
	             "has another node",
	             read());
}

/* A bus, or a node in one, tells of no memory of the machine. */
static void memory_is_at_the_top(void)
{
	put("host-x86");
	fdt_setprop_string(tree, node("/pio-bus/serial@3e8"), "device_type",
	                   "memory");
	read();
	EXPECT_EQ(machine.ram_count, 4);
}

/* Of two cells, an APIC ID has the lower. */
static void wide_cpu_numbers_are_read(void)
{
	put("host-x86");
	fdt_setprop_u32(tree, node("/cpus"), "#address-cells", 2);
	for (uint32_t i = 1; i <= 4; i++) {
		char path[16] = "/cpus/cpu@0";

		path[10] = (char)('0' + i);
		fdt_setprop_u64(tree, node(path), "reg", i + 300);
	}
	read();
	EXPECT_EQ(machine.cpus[0].id, 301);
	fdt_setprop_u64(tree, node("/cpus/cpu@1"), "reg", 1UL << 32);
	EXPECT_PANIC("fdt: cpu@1: reg of 0x8 bytes: is no APIC ID", read());
}

/* Each byte that a tree lacks is missed; the block ends where the tree does. */
static void a_tree_cut_short_is_refused(void)
{
	struct trees_blob blob = trees_load("host-x86");

	for (uint32_t size = 0; size < blob.size; size++) {
		uint8_t *cut = malloc(size + !size);

		memcpy(cut, blob.data, size);
		memset(&machine, 0, MACHINE_CLEAR_SIZE);
		EXPECT_PANIC("fdt: ", host_tree_read(&machine, cut, size));
		free(cut);
	}
	free(blob.data);
}

static void begin(void)
{
	fdt_create_with_flags(tree, sizeof(tree),
	                      FDT_CREATE_FLAG_NO_NAME_DEDUP);
	fdt_finish_reservemap(tree);
	fdt_begin_node(tree, "");
	fdt_property_u32(tree, "#address-cells", 2);
	fdt_property_u32(tree, "#size-cells", 2);
}

static void expect_in_time(const char *line)
{
	clock_t start = clock();

	fdt_end_node(tree);
	EXPECT_EQ(fdt_finish(tree), 0);
	EXPECT_PANIC(line, read());
	EXPECT((clock() - start) / CLOCKS_PER_SEC < SECONDS_MAX);
}

/* As many nodes as 2 MiB have room for. */
static void long_lists_end_soon(void)
{
	begin();
	fdt_begin_node(tree, "cpus");
	fdt_property_u32(tree, "#address-cells", 1);
	for (uint32_t i = 20000; i; i--) {
		fdt_begin_node(tree, "c");
		fdt_property(tree, "device_type", "cpu", 4);
		fdt_property_u32(tree, "reg", i);
		fdt_end_node(tree);
	}
	fdt_end_node(tree);
	expect_in_time("CPUs: more than 1024");

	begin();
	for (uint32_t i = 20000; i; i--) {
		const fdt64_t reg[] = { cpu_to_fdt64(i * MIB),
			                cpu_to_fdt64(MIB) };

		fdt_begin_node(tree, "m");
		fdt_property(tree, "device_type", "memory", 7);
		fdt_property(tree, "reg", reg, sizeof(reg));
		fdt_end_node(tree);
	}
	expect_in_time("fdt: RAM: more than 512 ranges");

	begin();
	for (uint32_t i = 50000; i; i--) {
		fdt_begin_node(tree, "openhcl");
		fdt_end_node(tree);
	}
	expect_in_time("fdt: memory: no RAM at all");
}

int main(int argc, char **argv)
{
	(void)argc;
	trees_init(argv[0]);
	RUN(openvmms_tree_is_read);
	RUN(a_real_openvmms_tree_is_read);
	RUN(hosts_own_facts_are_read);
	RUN(cpus_are_in_ascending_order);
	RUN(what_is_absent_has_a_usual_value);
	RUN(a_paravisor_may_choose_its_memory);
	RUN(cpus_that_cannot_be_are_refused);
	RUN(memory_that_cannot_be_is_refused);
	RUN(vmbus_that_cannot_be_is_refused);
	RUN(memory_is_at_the_top);
	RUN(wide_cpu_numbers_are_read);
	RUN(a_tree_cut_short_is_refused);
	RUN(long_lists_end_soon);
	return test_status();
}
