/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_dt_full.c - what the kernel's device tree says of a machine
 *
 * dump_arm reads the whole tree back. Here is what the blob does not read.
 */
#include <string.h>

#include <libfdt.h>

#include "arch/aarch64/describe/dt_build.h"
#include "tests/unit/test.h"
#include "tests/unit/trees.h"

static _Alignas(8) uint8_t tree[0x10000];
static struct machine machine;
static char cmdline[1];
static struct guest guest = { .cmdline = { .text = cmdline } };

static void build(void)
{
	dt_build_full(&machine, &guest, tree, sizeof(tree));
}

static void build_named(const char *name)
{
	trees_fill_machine(&machine, name);
	build();
}

static uint32_t cell(const char *path, const char *name, uint32_t index)
{
	int size = 0;
	const fdt32_t *cells =
		fdt_getprop(tree, fdt_path_offset(tree, path), name, &size);

	EXPECT(cells != NULL && size > (int)index * 4);
	return cells && size > (int)index * 4 ? fdt32_ld(cells + index) : 0;
}

static bool has(const char *path, const char *name)
{
	return fdt_getprop(tree, fdt_path_offset(tree, path), name, NULL);
}

static void the_console_is_a_node(void)
{
	for (unsigned t = 0; t < TREES_COUNT; t++) {
		const char *path;

		build_named(trees_name(t));
		path = fdt_getprop(tree, fdt_path_offset(tree, "/chosen"),
		                   "stdout-path", NULL);
		EXPECT_EQ(path != NULL, machine.uart_count != 0);
		EXPECT(!path || fdt_path_offset(tree, path) > 0);
	}
}

/* arm,sbsa-uart.yaml demands a speed; others keep theirs unless told. */
static void the_speed_is_told(void)
{
	build_named("openvmm");
	machine.uarts[0].baud = 0;
	build();
	EXPECT_EQ(cell("/serial@effec000", "current-speed", 0), 115200);
	build_named("qemu-gicv2");
	EXPECT(!has("/serial@9000000", "current-speed"));
	machine.uarts[0].baud = 9600;
	build();
	EXPECT_EQ(cell("/serial@9000000", "current-speed", 0), 9600);
}

/* Linux arm/cpus.yaml */
static void cpus_are_started_by_psci(void)
{
	build_named("qemu-gicv2");
	EXPECT_STR(fdt_getprop(tree, fdt_path_offset(tree, "/cpus/cpu@1"),
	                       "enable-method", NULL),
	           "psci");
}

static void seeds_are_handed_on(void)
{
	build_named("qemu-gicv2");
	EXPECT_EQ(cell("/chosen", "kaslr-seed", 0), 0x12345678);
	EXPECT_EQ(cell("/chosen", "kaslr-seed", 1), 0x9abcdef0);
	EXPECT_EQ(cell("/chosen", "rng-seed", 7),
	          fdt32_ld((const fdt32_t *)(machine.arm.rng_seed + 28)));
	machine.arm.kaslr_seed = 0;
	machine.arm.has_rng_seed = false;
	build();
	EXPECT(!has("/chosen", "kaslr-seed"));
	EXPECT(!has("/chosen", "rng-seed"));
}

/* IEEE Std 1275 PCI binding: slot and pin decide, as the host is wired. */
static void interrupts_of_pci_are_routed(void)
{
	struct machine_pci_host *host = machine.pci_hosts;

	trees_fill_machine(&machine, "qemu-gicv2");
	for (host->intx_bias = 0; host->intx_bias < 4; host->intx_bias++) {
		build();
		EXPECT_EQ(cell("/pcie@4010000000", "interrupt-map-mask", 0),
		          3 << 11);
		EXPECT_EQ(cell("/pcie@4010000000", "interrupt-map-mask", 3), 7);
		/* Ports, and memory of 32 and of 64 bits, by their codes. */
		EXPECT_EQ(cell("/pcie@4010000000", "ranges", 0), 0x01000000);
		EXPECT_EQ(cell("/pcie@4010000000", "ranges", 7), 0x02000000);
		EXPECT_EQ(cell("/pcie@4010000000", "ranges", 14), 0x03000000);
		for (uint32_t i = 0; i < 16; i++) {
			const char *map = "interrupt-map";
			uint32_t gsi = host->intx_gsi[(i / 4 + i % 4 +
			                               host->intx_bias) %
			                              4];

			EXPECT_EQ(cell("/pcie@4010000000", map, i * 10),
			          i / 4 << 11);
			EXPECT_EQ(cell("/pcie@4010000000", map, i * 10 + 3),
			          i % 4 + 1);
			EXPECT_EQ(cell("/pcie@4010000000", map, i * 10 + 8),
			          gsi - 32);
			EXPECT_EQ(cell("/pcie@4010000000", map, i * 10 + 9), 4);
		}
	}
}

/* arm/cpus.yaml: MPIDR fields Aff3, and then Aff2 to Aff0. */
static void ids_take_two_cells_where_one_is_large(void)
{
	trees_fill_machine(&machine, "qemu-gicv3-smt");
	EXPECT(machine.cpu_count >= 2);
	machine.cpus[0].id = 0;
	machine.cpus[1].id = 0x100000203;
	build();
	EXPECT_EQ(cell("/cpus", "#address-cells", 0), 2);
	EXPECT_EQ(cell("/cpus/cpu@0", "reg", 0), 0);
	EXPECT_EQ(cell("/cpus/cpu@0", "reg", 1), 0);
	EXPECT_EQ(cell("/cpus/cpu@100000203", "reg", 0), 1);
	EXPECT_EQ(cell("/cpus/cpu@100000203", "reg", 1), 0x203);
	machine.cpus[1].id = UINT32_MAX;
	build();
	EXPECT_EQ(cell("/cpus", "#address-cells", 0), 1);
	EXPECT_EQ(cell("/cpus/cpu@ffffffff", "reg", 0), UINT32_MAX);
}

int main(int argc, char **argv)
{
	(void)argc;
	trees_init(argv[0]);
	RUN(the_console_is_a_node);
	RUN(the_speed_is_told);
	RUN(cpus_are_started_by_psci);
	RUN(ids_take_two_cells_where_one_is_large);
	RUN(seeds_are_handed_on);
	RUN(interrupts_of_pci_are_routed);
	return test_status();
}
