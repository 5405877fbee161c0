/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_probe_arm.c - where the tree of an AArch64 machine is, and
 * what else the machine is asked
 */
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "arch/aarch64/lib/console.h"
#include "arch/aarch64/memmap.h"
#include "common/arch.h"
#include "common/image.h"
#include "common/lib/sum64.h"
#include "common/machine/handoff.h"
#include "common/machine/machine.h"
#include "common/spec/igvm_params.h"
#include "tests/unit/fake_arm.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"
#include "tests/unit/trees.h"

#define TREE_MAX  0x10000
#define ELSEWHERE (LOWEST_RAM_BASE + TREE_MAX)

static struct machine machine;
static struct handoff handoff;
static struct machine_range platform;

static void start(enum door door, paddr_t given)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(paddr_ptr(LOWEST_RAM_BASE), 0, 2 * TREE_MAX);
	fake_arm_clear();
	fake_fw_cfg_clear();
	fake_map_clear();
	handoff = (struct handoff){ .door = door, .given_paddr = given };
	platform = (struct machine_range){ 0 };
}

static void put(paddr_t paddr, const char *name)
{
	struct trees_blob blob = trees_load(name);

	memcpy(paddr_ptr(paddr), blob.data, blob.size);
	free(blob.data);
}

static void probe(void)
{
	EXPECT(arch_probe(&machine, &handoff, &platform) == &machine);
}

static void the_tree_is_where_x0_says(void)
{
	start(DOOR_LINUX, ELSEWHERE);
	put(ELSEWHERE, "kvmtool");
	put(LOWEST_RAM_BASE, "qemu-gicv2");
	fake_arm.mpidr = 1;
	probe();
	EXPECT_EQ(machine.arm.fdt.base, ELSEWHERE);
	EXPECT_EQ(machine.arm.fdt.size, fdt_totalsize(paddr_ptr(ELSEWHERE)));
	EXPECT(fake_map_has(ELSEWHERE, machine.arm.fdt.size));
	EXPECT_EQ(machine.ram[0].base, 0x80000000);
	EXPECT_EQ(machine.arm.boot_mpidr, 1);
	EXPECT_STR(machine.door_name, "Linux boot protocol, x0 = device tree");
	EXPECT(!machine.given.has_kernel);
	start(DOOR_LINUX, ELSEWHERE);
	put(ELSEWHERE, "qemu-gicv2");
	probe();
	EXPECT(machine.fw_cfg.is_present && !machine.given.has_kernel);
}

/* Some RAM is above 4 GiB, as this program's data are. */
static void the_tree_may_be_anywhere(void)
{
	static _Alignas(8) uint8_t tree[TREE_MAX];
	struct trees_blob blob = trees_load("kvmtool");

	memcpy(tree, blob.data, blob.size);
	start(DOOR_LINUX, paddr_of(tree));
	probe();
	EXPECT(paddr_of(tree) >> 32);
	EXPECT_EQ(machine.arm.fdt.base, paddr_of(tree));
	EXPECT(!machine.arm.fdt_is_ours);
	free(blob.data);
}

static void else_it_is_at_the_start_of_ram(void)
{
	start(DOOR_RESET, 0);
	put(LOWEST_RAM_BASE, "qemu-gicv2");
	probe();
	EXPECT_EQ(machine.arm.fdt.base, LOWEST_RAM_BASE);
	EXPECT_STR(machine.door_name, "reset vector");
	EXPECT(machine.fw_cfg.is_present && machine.given.has_kernel);
	EXPECT(fake_map_has_device(0x9020000, 24));
	/* The second bank of flash may have a bundle. */
	EXPECT_EQ(machine.given.bundle_count, 1);
	EXPECT_EQ(machine.given.bundles[0].base, 0x4000000);
}

static void else_it_is_in_the_bundle(void)
{
	start(DOOR_RESET, 0);
	put(ELSEWHERE, "firecracker");
	platform =
		(struct machine_range){ ELSEWHERE,
		                        fdt_totalsize(paddr_ptr(ELSEWHERE)) };
	probe();
	EXPECT_EQ(machine.arm.fdt.base, ELSEWHERE);
	EXPECT(!machine.fw_cfg.is_present && !machine.given.has_kernel);
	platform.size = FDT_SIZE_MAX;
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	probe();
	EXPECT_EQ(machine.arm.fdt.size, FDT_SIZE_MAX);
	platform.size = fdt_totalsize(paddr_ptr(ELSEWHERE)) - 4;
	EXPECT_PANIC("bytes: from 0x28 to 0x", probe());
	platform.size = FDT_SIZE_MAX + 1;
	EXPECT_PANIC("fdt: 0x200001 bytes in the bundle: at most 0x200000",
	             probe());
	platform.size = 0;
	EXPECT_PANIC("fdt: none at 0, at 0x40000000 or in the bundle", probe());
}

static void what_is_no_tree_is_refused(void)
{
	uint32_t *head = paddr_ptr(ELSEWHERE);

	start(DOOR_LINUX, ELSEWHERE);
	EXPECT_PANIC("fdt: x0 is 0x40010000: there is none", probe());
	/* It is mapped before it is looked at, and a UART to say so. */
	EXPECT(fake_map_has(ELSEWHERE, 8));
	EXPECT(fake_map_has_device(0x9000000, 0x1000));
	start(DOOR_LINUX, ELSEWHERE + 4);
	EXPECT_PANIC("fdt: at 0x40010004: must be at a multiple of 8", probe());
	start(DOOR_LINUX, ELSEWHERE);
	put(ELSEWHERE, "kvmtool");
	head[1] = __builtin_bswap32(FDT_SIZE_MAX);
	probe();
	EXPECT_EQ(machine.arm.fdt.size, FDT_SIZE_MAX);
	fake_map_clear();
	head[1] = __builtin_bswap32(FDT_SIZE_MAX + 1);
	EXPECT_PANIC("fdt: 0x200001 bytes at 0x40010000: at most 0x200000",
	             probe());
	head[1] = UINT32_MAX;
	EXPECT_PANIC("fdt: 0xffffffff bytes at ", probe());
	EXPECT(!fake_map_has(ELSEWHERE, FDT_SIZE_MAX));
}

/* QEMU's tree does not tell of the event device that has the power button. */
static void qemus_event_device_is_known(void)
{
	static char loader[] = "x";

	start(DOOR_RESET, 0);
	put(LOWEST_RAM_BASE, "qemu-gicv2-el2");
	fake_fw_cfg_add_file("etc/table-loader", loader, sizeof(loader), false);
	probe();
	if (machine.arm.pl061.size) {
		EXPECT_EQ(machine.ged.paddr, 0);
		fdt_nop_node(paddr_ptr(LOWEST_RAM_BASE),
		             fdt_path_offset(paddr_ptr(LOWEST_RAM_BASE),
		                             "/pl061@9030000"));
		memset(&machine, 0, MACHINE_CLEAR_SIZE);
		probe();
	}
	EXPECT_EQ(machine.ged.paddr, 0x9080000);
	EXPECT_EQ(machine.ged.gsi, 41);
	EXPECT_EQ(machine.ged.power_button_bit, 2);
	/* Without ACPI there is none. */
	fake_fw_cfg_clear();
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	probe();
	EXPECT_EQ(machine.arm.pl061.size, 0);
	EXPECT_EQ(machine.ged.paddr, 0);
	start(DOOR_RESET, 0);
	put(LOWEST_RAM_BASE, "firecracker");
	probe();
	EXPECT_EQ(machine.ged.paddr, 0);
}

/* Nobody reads an initrd before arch_claim() has proven that it is in RAM. */
static void an_initrd_is_noted_and_not_read(void)
{
	void *tree = paddr_ptr(ELSEWHERE);

	start(DOOR_LINUX, ELSEWHERE);
	put(ELSEWHERE, "cloud-hypervisor");
	fdt_setprop_inplace_u64(tree, fdt_path_offset(tree, "/chosen"),
	                        "linux,initrd-start", 0x8000);
	fdt_setprop_inplace_u64(tree, fdt_path_offset(tree, "/chosen"),
	                        "linux,initrd-end", UINT64_MAX);
	probe();
	EXPECT_EQ(machine.given.initrd.size, UINT64_MAX - 0x8000);
	EXPECT_EQ(machine.given.bundles[0].base, 0x8000);
	EXPECT(!fake_map_has(0x8000, 1));
	fdt_setprop_inplace_u64(tree, fdt_path_offset(tree, "/chosen"),
	                        "linux,initrd-end", 0x8000);
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	probe();
	EXPECT_EQ(machine.given.initrd.size, 0);
	EXPECT_EQ(machine.given.bundle_count, 0);
}

/* Blob, parameters and one area for each of these lie in the file's pages. */
#define RUN_BASE  (LOWEST_RAM_BASE + 0x1000)
#define PARAMS    ELSEWHERE
#define AREAS     (PARAMS + IGVM_PAGE_SIZE)
#define RUN_END   (ELSEWHERE + TREE_MAX)
#define TREE_AREA (AREAS + 3 * IGVM_PAGE_SIZE)

static void start_igvm(void)
{
	static const struct igvm_params_area areas[] = {
		{ IGVM_PARAMETER_MEMORY_MAP, IGVM_PAGE_SIZE, AREAS - PARAMS },
		{ IGVM_PARAMETER_VP_COUNT, IGVM_PAGE_SIZE, 0x2000 },
		{ IGVM_PARAMETER_COMMAND_LINE, IGVM_PAGE_SIZE, 0x3000 },
		{ IGVM_PARAMETER_DEVICE_TREE, 0x4000, TREE_AREA - PARAMS },
	};
	struct igvm_params *params = paddr_ptr(PARAMS);

	start(DOOR_IGVM, PARAMS);
	handoff.blob_paddr = RUN_BASE;
	handoff.blob_size = 0x1000;
	*params = (struct igvm_params){
		.magic = IGVM_PARAMS_MAGIC,
		.version = IGVM_PARAMS_VERSION,
		.area_count = ARRAY_COUNT(areas),
		.run_offset = (int64_t)(RUN_BASE - PARAMS),
		.run_size = RUN_END - RUN_BASE,
	};
	memcpy(params->areas, areas, sizeof(areas));
	params->sum64 = sum64(0, params, sizeof(*params));
}

static void a_hosts_tree_wins(void)
{
	start_igvm();
	put(TREE_AREA, "host-arm");
	strcpy(paddr_ptr(AREAS + 2 * IGVM_PAGE_SIZE), "beside the tree");
	probe();
	EXPECT(fake_map_has(RUN_BASE, RUN_END - RUN_BASE));
	EXPECT_EQ(machine.arm.fdt.base, TREE_AREA);
	EXPECT_STR(machine.door_name, "IGVM file");
	EXPECT_STR(machine.cpu_source, "device tree");
	EXPECT_STR(machine.given.cmdline, "beside the tree");
	EXPECT_EQ(machine.cpu_count, 2);
	EXPECT_EQ(machine.ram_count, 2);
	EXPECT_EQ(machine.ram[1].igvm_type, IGVM_MEMORY_VTL2_PROTECTABLE);
	EXPECT_EQ(machine.host.paravisor_vmbus.connection_id, 4);
	EXPECT_EQ(machine.uarts[0].kind, MACHINE_UART_SBSA);
}

/* The kernel gets the entropy, and it is nowhere else. */
static void a_hosts_entropy_is_taken(void)
{
	start_igvm();
	put(TREE_AREA, "host-arm");
	probe();
	EXPECT(machine.arm.has_rng_seed);
	EXPECT_EQ(machine.arm.rng_seed_size, 8);
	EXPECT_EQ(machine.arm.rng_seed[7], 8);
	EXPECT_EQ(machine.host.entropy_size, 8);
	for (uint32_t i = 0; i < machine.host.entropy_size; i++)
		EXPECT_EQ(machine.host.entropy[i], 0);
}

static void else_the_bundles_tree_and_the_hosts_map(void)
{
	struct igvm_memory_entry *map = paddr_ptr(AREAS);
	uint32_t *count = paddr_ptr(AREAS + IGVM_PAGE_SIZE);

	start_igvm();
	put(LOWEST_RAM_BASE + 0x4000, "kvmtool");
	platform = (struct machine_range){
		LOWEST_RAM_BASE + 0x4000,
		fdt_totalsize(paddr_ptr(LOWEST_RAM_BASE + 0x4000)),
	};
	map[0] = (struct igvm_memory_entry){ 0x80000, 0x8000, 0, 0, 0 };
	map[1] = (struct igvm_memory_entry){ 0x90000, 0x8000, 1, 0, 0 };
	map[2] = (struct igvm_memory_entry){ 0xa0000, 0x8000, 3, 0, 0 };
	*count = 1;
	probe();
	EXPECT(machine.arm.fdt_is_ours);
	EXPECT_EQ(machine.ram_count, 2);
	EXPECT_EQ(machine.ram[0].base, 0x80000000);
	EXPECT_EQ(machine.ram[1].base, 0xa0000000);
	EXPECT_EQ(machine.cpu_count, 1);
	EXPECT_STR(machine.cpu_source, "VP count");
	*count = 1000;
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	EXPECT_PANIC("CPUs: the host has 1000, the bundle's tree 2", probe());
	start_igvm();
	map[0].page_count = 0;
	EXPECT_PANIC("memory map: the host wrote none", probe());
}

/* Puts a tree of two CPUs into the bundle, with a /chosen and its seed. */
static void *give_bundles_tree(void)
{
	void *tree = paddr_ptr(LOWEST_RAM_BASE + 0x4000);

	put(LOWEST_RAM_BASE + 0x4000, "kvmtool");
	platform =
		(struct machine_range){ paddr_of(tree), fdt_totalsize(tree) };
	return tree;
}

/* The host need not have an area for it, and may leave that empty. */
static void a_number_of_cpus_takes_the_first(void)
{
	struct igvm_memory_entry *map = paddr_ptr(AREAS);
	uint32_t *count = paddr_ptr(AREAS + IGVM_PAGE_SIZE);

	for (uint32_t i = 0; i <= 2; i++) {
		start_igvm();
		give_bundles_tree();
		map[0] = (struct igvm_memory_entry){ 0x80000, 0x8000, 0, 0, 0 };
		*count = i;
		probe();
		EXPECT_EQ(machine.cpu_count, i ? i : 2);
		EXPECT_STR(machine.cpu_source, i ? "VP count" : "device tree");
		EXPECT_EQ(igvm_probe_cpus(&machine, &handoff), i != 0);
	}
	start_igvm();
	put(TREE_AREA, "host-arm");
	*count = 1;
	probe();
	EXPECT_EQ(machine.cpu_count, 2);
	EXPECT_STR(machine.cpu_source, "device tree");
	EXPECT(igvm_probe_cpus(&machine, &handoff));
	handoff.door = DOOR_LINUX;
	EXPECT(!igvm_probe_cpus(&machine, &handoff));
	EXPECT(!igvm_probe_ram(&machine, &handoff));
}

/* What lies behind the machine's ranges is none of them. */
static void the_hosts_map_is_ram_alone(void)
{
	struct igvm_memory_entry *map = paddr_ptr(AREAS);

	start_igvm();
	give_bundles_tree();
	map[0] = (struct igvm_memory_entry){ 0x80000, 0x8000, 1, 0, 0 };
	map[1] = (struct igvm_memory_entry){ 0x90000, 0x8000, 0, 0, 0 };
	for (uint32_t i = 0; i < MACHINE_RAM_MAX; i++)
		machine.ram[i].type = MEMORY_RAM;
	EXPECT(igvm_probe_ram(&machine, &handoff));
	EXPECT_EQ(machine.ram_count, 1);
	EXPECT_EQ(machine.ram[0].base, 0x90000000);
	EXPECT_EQ(machine.ram[0].size, 0x8000000);
	/* With a tree of its own, the map is not looked at. */
	start_igvm();
	put(TREE_AREA, "host-arm");
	map[0] = (struct igvm_memory_entry){ 0x80000, 0x8000, 0, 0, 0 };
	EXPECT(!igvm_probe_ram(&machine, &handoff));
	EXPECT_EQ(machine.ram_count, 0);
}

/* The page is mapped before it is read, and proven before it is believed. */
static void parameters_that_cannot_be_are_refused(void)
{
	struct igvm_params *params = paddr_ptr(PARAMS);

	start_igvm();
	put(TREE_AREA, "host-arm");
	params->run_size++;
	params->sum64 = 0;
	params->sum64 = sum64(0, params, sizeof(*params));
	EXPECT_PANIC("bytes at 0x40001000: must be pages in 0 to "
	             "0x40000000000",
	             probe());
	EXPECT(fake_map_has(PARAMS, IGVM_PAGE_SIZE));
	EXPECT(!fake_map_has(PARAMS, IGVM_PAGE_SIZE + 1));
}

#define HOST_TREE_SIZE 0x4000

/* Makes the host's tree one with so many bytes of entropy. */
static uint8_t *give_entropy(uint32_t size)
{
	static uint8_t bytes[512];
	void *tree = paddr_ptr(TREE_AREA);
	int node;

	start_igvm();
	put(TREE_AREA, "host-arm");
	fdt_open_into(tree, tree, HOST_TREE_SIZE);
	memset(bytes, 0x5a, sizeof(bytes));
	node = fdt_path_offset(tree, "/openhcl/entropy");
	fdt_setprop(tree, node, "reg", bytes, (int)size);
	node = fdt_path_offset(tree, "/openhcl/entropy");
	return (uint8_t *)(uintptr_t)fdt_getprop(tree, node, "reg", NULL);
}

static bool is_all(const uint8_t *bytes, uint32_t size, uint8_t value)
{
	for (uint32_t i = 0; i < size; i++) {
		if (bytes[i] != value)
			return false;
	}
	return true;
}

/* Of 256 bytes, which are all wiped, the kernel's seed has room for 64. */
static void entropy_has_its_bounds(void)
{
	const struct machine_arm *arm = &machine.arm;
	uint8_t *bytes = give_entropy(0);

	probe();
	EXPECT(!arm->has_rng_seed);
	EXPECT_EQ(arm->rng_seed_size, 0);
	bytes = give_entropy(256);
	probe();
	EXPECT(arm->has_rng_seed);
	EXPECT_EQ(arm->rng_seed_size, 64);
	EXPECT(is_all(arm->rng_seed, 64, 0x5a));
	EXPECT(is_all(bytes, 256, 0));
	bytes = give_entropy(257);
	probe();
	EXPECT_EQ(machine.host.entropy_size, 256);
	EXPECT(is_all(bytes, 256, 0));
	EXPECT_EQ(bytes[256], 0x5a);
}

/* A seed of /chosen comes before the entropy, which is wiped all the same. */
static void a_seed_is_not_replaced(void)
{
	const struct machine_arm *arm = &machine.arm;
	void *tree = paddr_ptr(TREE_AREA);
	const uint8_t *bytes;
	int node;

	give_entropy(16);
	fdt_setprop(tree, fdt_path_offset(tree, "/chosen"), "rng-seed", "seed",
	            4);
	node = fdt_path_offset(tree, "/openhcl/entropy");
	bytes = fdt_getprop(tree, node, "reg", NULL);
	probe();
	EXPECT_EQ(arm->rng_seed_size, 4);
	EXPECT(!memcmp(arm->rng_seed, "seed", 4));
	EXPECT(is_all(bytes, 16, 0));
}

/* What the bundle brings is the same in every boot, so it is no seed. */
static void a_bundle_has_no_entropy(void)
{
	struct igvm_memory_entry *map = paddr_ptr(AREAS);
	const uint8_t *bytes = give_entropy(16);

	map[0] = (struct igvm_memory_entry){ 0x80000, 0x8000, 0, 0, 0 };
	memcpy(paddr_ptr(LOWEST_RAM_BASE + 0x4000), paddr_ptr(TREE_AREA),
	       HOST_TREE_SIZE);
	memset(paddr_ptr(TREE_AREA), 0, 8);
	bytes += LOWEST_RAM_BASE + 0x4000 - TREE_AREA;
	platform = (struct machine_range){ LOWEST_RAM_BASE + 0x4000,
		                           HOST_TREE_SIZE };
	probe();
	EXPECT(machine.arm.fdt_is_ours);
	EXPECT(!machine.arm.has_rng_seed);
	EXPECT_EQ(machine.host.entropy_size, 16);
	EXPECT(is_all(bytes, 16, 0x5a));
}

static void an_igvm_file_without_a_tree_is_refused(void)
{
	struct igvm_memory_entry *map = paddr_ptr(AREAS);

	start_igvm();
	map[0] = (struct igvm_memory_entry){ 0x40000, 0x8000, 0, 0, 0 };
	EXPECT_PANIC("fdt: none at 0x40010000, at 0x40000000 or in the bundle",
	             probe());
	/* What a host has begun to write is taken for one. */
	start_igvm();
	((uint32_t *)paddr_ptr(TREE_AREA))[1] = 1;
	EXPECT_PANIC("fdt: none at 0x40014000", probe());
}

/* No slot of virtio-mmio answers here, so none is left. */
static void each_vmms_machine_is_probed(void)
{
	for (uint32_t i = 0; i < TREES_COUNT; i++) {
		start(DOOR_LINUX, ELSEWHERE);
		put(ELSEWHERE, trees_name(i));
		probe();
		EXPECT_EQ(machine.platform, MACHINE_PLATFORM_TREE);
		EXPECT_EQ(machine.virtio_mmio_count, 0);
		EXPECT(machine.cpu_count && machine.ram_count);
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	trees_init(argv[0]);
	if (!fake_ram_map(LOWEST_RAM_BASE, ELSEWHERE + TREE_MAX))
		return fake_ram_skip("test_probe_arm");
	RUN(the_tree_is_where_x0_says);
	RUN(the_tree_may_be_anywhere);
	RUN(else_it_is_at_the_start_of_ram);
	RUN(else_it_is_in_the_bundle);
	RUN(what_is_no_tree_is_refused);
	RUN(qemus_event_device_is_known);
	RUN(an_initrd_is_noted_and_not_read);
	RUN(a_hosts_tree_wins);
	RUN(a_hosts_entropy_is_taken);
	RUN(else_the_bundles_tree_and_the_hosts_map);
	RUN(a_number_of_cpus_takes_the_first);
	RUN(the_hosts_map_is_ram_alone);
	RUN(parameters_that_cannot_be_are_refused);
	RUN(entropy_has_its_bounds);
	RUN(a_seed_is_not_replaced);
	RUN(a_bundle_has_no_entropy);
	RUN(an_igvm_file_without_a_tree_is_refused);
	RUN(each_vmms_machine_is_probed);
	return test_status();
}
