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
#include "common/machine/handoff.h"
#include "common/machine/machine.h"
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
	start(DOOR_LINUX, ELSEWHERE + 4);
	EXPECT_PANIC("fdt: at 0x40010004: must be at a multiple of 8", probe());
	start(DOOR_LINUX, ELSEWHERE);
	put(ELSEWHERE, "kvmtool");
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
	RUN(else_it_is_at_the_start_of_ram);
	RUN(else_it_is_in_the_bundle);
	RUN(what_is_no_tree_is_refused);
	RUN(qemus_event_device_is_known);
	RUN(an_initrd_is_noted_and_not_read);
	RUN(each_vmms_machine_is_probed);
	return test_status();
}
