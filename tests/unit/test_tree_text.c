/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_tree_text.c - the kernel's device tree, word for word
 *
 * The machine is no VMM's: each of its numbers is another, so that none can
 * stand where another one belongs. Linux Documentation/devicetree has the
 * bindings.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "arch/aarch64/describe/dt_build.h"
#include "arch/aarch64/describe/efi_tables.h"
#include "common/describe/dt_writer.h"
#include "common/lib/string.h"
#include "common/paravisor/tree.h"
#include "tests/unit/test.h"
#include "tests/unit/tree_text.h"

static _Alignas(8) uint8_t tree[0x10000];
static struct machine machine;
static struct machine_arm *const arm = &machine.arm;
static char cmdline[] = "console=ttyAMA0 quiet";
static struct guest guest;

static void clear(void)
{
	memset(&machine, 0, sizeof(machine));
	memset(&guest, 0, sizeof(guest));
	machine.platform = MACHINE_PLATFORM_TREE;
	guest.cmdline.text = cmdline;
	guest.cmdline.size = sizeof(cmdline) - 1;
	arm->gicd = (struct machine_range){ 0x8000000, 0x10000 };
}

/* Where there is just room enough, the tree is the same. */
static void expect_no_overrun(void)
{
	uint32_t size = fdt_totalsize(tree);
	uint8_t *small = malloc(size);

	dt_build_full(&machine, &guest, small, size);
	EXPECT(!memcmp(small, tree, size));
	free(small);
}

/* Returns the text of one node of the machine's tree. */
static const char *text_of(const char *path)
{
	memset(tree, 0xa5, sizeof(tree));
	dt_build_full(&machine, &guest, tree, sizeof(tree));
	EXPECT_EQ(fdt_check_full(tree, fdt_totalsize(tree)), 0);
	expect_no_overrun();
	return tree_text(tree, path);
}

static bool has(const char *path)
{
	dt_build_full(&machine, &guest, tree, sizeof(tree));
	return fdt_path_offset(tree, path) >= 0;
}

static struct machine_range range(paddr_t base, uint64_t size)
{
	return (struct machine_range){ base, size };
}

/* The size is told, whatever the room held before. */
static void too_little_room_is_told(void)
{
	clear();
	for (volatile uint32_t size = 0; size < 48; size += 47) {
		char line[64];

		memset(tree, 0xa5, sizeof(tree));
		snprintf(line, sizeof(line),
		         "fdt: more than %s%x bytes for the kernel",
		         size ? "0x" : "", size);
		EXPECT_PANIC(line, dt_write_start(tree, size));
	}
	/* libfdt wants this much for its header and the end of a list. */
	dt_write_start(tree, 48);
	EXPECT_PANIC("fdt: more than 0x30 bytes for the kernel",
	             dt_write_nodes(tree));
	EXPECT_PANIC("fdt: more than 0x100 bytes for the kernel",
	             dt_build_full(&machine, &guest, tree, 0x100));
	dt_write_start(tree, sizeof(tree));
	EXPECT_PANIC("bug: fdt: libfdt's error 7", dt_write_end(tree));
}

/* With a number behind it, a name has 47 characters. */
static void a_name_with_a_number_is_short(void)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyzabcdef";
	const uint32_t most = 47 - STRING_NUMBER_MAX;
	const char *end = name + strlen(name);

	dt_write_start(tree, sizeof(tree));
	dt_write_nodes(tree);
	dt_write_begin(tree, "");
	dt_write_begin_number(tree, end - most, UINT32_MAX);
	dt_write_end(tree);
	dt_write_begin_at(tree, end - most + 1, UINT64_MAX);
	dt_write_end(tree);
	EXPECT_PANIC("bug: ", dt_write_begin_number(tree, end - most - 1, 1));
	EXPECT_PANIC("bug: ", dt_write_begin_at(tree, end - most, 1));
}

/* All that there is of a machine without anything */
static void an_empty_machine_has_few_nodes(void)
{
	clear();
	EXPECT_STR(text_of("/"), "/\n"
	                         " #address-cells 2\n"
	                         " #size-cells 2\n"
	                         " interrupt-parent 1\n"
	                         " model \"directboot\"\n"
	                         " compatible \"linux,dummy-virt\"\n"
	                         "/chosen\n"
	                         " bootargs \"console=ttyAMA0 quiet\"\n"
	                         "/cpus\n"
	                         " #address-cells 1\n"
	                         " #size-cells 0\n"
	                         "/interrupt-controller@8000000\n"
	                         " compatible \"arm,cortex-a15-gic\"\n"
	                         " reg 0 8000000 0 10000\n"
	                         " #interrupt-cells 3\n"
	                         " interrupt-controller\n"
	                         " #address-cells 2\n"
	                         " #size-cells 2\n"
	                         " ranges\n"
	                         " phandle 1\n"
	                         "/apb-pclk\n"
	                         " compatible \"fixed-clock\"\n"
	                         " #clock-cells 0\n"
	                         " clock-frequency 16e3600\n"
	                         " clock-output-names \"clk24mhz\"\n"
	                         " phandle 3\n");
}

/* Devicetree Specification 0.4, section 3.6; booting.rst has the initrd. */
static void what_is_chosen_is_told(void)
{
	clear();
	guest.initrd = range(0x148000000, 0x1234);
	arm->kaslr_seed = 0x123456789abcdef0;
	arm->has_rng_seed = true;
	arm->rng_seed_size = 8;
	memcpy(arm->rng_seed, "\1\2\3\4\5\6\7\x8\x9", 9);
	machine.uart_count = 1;
	machine.uarts[0].base = 0x109000000;
	EXPECT_STR(text_of("/chosen"), "/chosen\n"
	                               " bootargs \"console=ttyAMA0 quiet\"\n"
	                               " linux,initrd-start 1 48000000\n"
	                               " linux,initrd-end 1 48001234\n"
	                               " kaslr-seed 12345678 9abcdef0\n"
	                               " rng-seed 1020304 5060708\n"
	                               " stdout-path \"/serial@109000000\"\n");
}

/* Linux Documentation/arm/uefi.rst; its stub calls 2 "disabled". */
static void the_stub_leads_to_efi(void)
{
	const struct efi_tables efi = {
		.system_table_paddr = 0x140801000,
		.map_paddr = 0x240800000,
		.map_size = 160,
		.descriptor_size = 40,
		.descriptor_version = 3,
	};

	clear();
	memset(tree, 0xa5, sizeof(tree));
	dt_build_stub(&machine, &guest, &efi, tree, sizeof(tree));
	EXPECT_EQ(fdt_check_full(tree, fdt_totalsize(tree)), 0);
	EXPECT_STR(tree_text(tree, "/"), "/\n"
	                                 " #address-cells 2\n"
	                                 " #size-cells 2\n"
	                                 "/chosen\n"
	                                 " bootargs \"console=ttyAMA0 quiet\"\n"
	                                 " linux,uefi-system-table 1 40801000\n"
	                                 " linux,uefi-mmap-start 2 40800000\n"
	                                 " linux,uefi-mmap-size a0\n"
	                                 " linux,uefi-mmap-desc-size 28\n"
	                                 " linux,uefi-mmap-desc-ver 3\n"
	                                 " linux,uefi-secure-boot 2\n");
}

static void memory_is_told(void)
{
	clear();
	machine.ram[3] =
		(struct machine_ram){ 0x600000000, 0x10000, MEMORY_RAM, 0, 0 };
	machine.ram_count = 3;
	machine.ram[0] = (struct machine_ram){ 0x140000000, 0x210000000,
		                               MEMORY_RAM, 1, 0 };
	machine.ram[1] = (struct machine_ram){ 0x400000000, 0x10000,
		                               MEMORY_RESERVED, 1, 0 };
	machine.ram[2] =
		(struct machine_ram){ 0x500000000, 0x20000, MEMORY_RAM, 2, 0 };
	EXPECT_STR(text_of("/memory@140000000"),
	           "/memory@140000000\n"
	           " device_type \"memory\"\n"
	           " reg 1 40000000 2 10000000\n");
	machine.node_count = 3;
	EXPECT_STR(text_of("/memory@140000000"), "/memory@140000000\n"
	                                         " device_type \"memory\"\n"
	                                         " reg 1 40000000 2 10000000\n"
	                                         " numa-node-id 1\n");
	EXPECT_STR(text_of("/memory@500000000"), "/memory@500000000\n"
	                                         " device_type \"memory\"\n"
	                                         " reg 5 0 0 20000\n"
	                                         " numa-node-id 2\n");
	EXPECT(!has("/memory@400000000") && !has("/memory@600000000"));
	EXPECT(!has("/reserved-memory"));
	machine.reserved_count = 2;
	machine.reserved[0].range = range(0x141000000, 0x3000);
	machine.reserved[1].range = range(0x142000000, 0x4000);
	machine.reserved[1].is_no_map = true;
	EXPECT_STR(text_of("/reserved-memory"),
	           "/reserved-memory\n"
	           " #address-cells 2\n"
	           " #size-cells 2\n"
	           " ranges\n"
	           "/reserved-memory/vmm@141000000\n"
	           " reg 1 41000000 0 3000\n"
	           "/reserved-memory/vmm@142000000\n"
	           " reg 1 42000000 0 4000\n"
	           " no-map\n");
}

/* bindings/numa.txt */
static void distances_are_told(void)
{
	clear();
	machine.has_distances = true;
	machine.node_count = 2;
	machine.distances[0][0] = 10;
	machine.distances[0][1] = 21;
	machine.distances[1][0] = 31;
	machine.distances[1][1] = 11;
	EXPECT_STR(text_of("/distance-map"),
	           "/distance-map\n"
	           " compatible \"numa-distance-map-v1\"\n"
	           " distance-matrix 0 0 a 0 1 15 1 0 1f 1 1 b\n");
	machine.node_count = MACHINE_NODE_MAX;
	EXPECT(has("/distance-map"));
	machine.node_count = 1;
	EXPECT(!has("/distance-map"));
	machine.node_count = 2;
	machine.has_distances = false;
	EXPECT(!has("/distance-map"));
}

static void add_cpu(uint64_t id, uint32_t node, uint32_t place)
{
	machine.cpus[machine.cpu_count++] =
		(struct machine_cpu){ id, node, place };
}

/* Any CPU may need a second cell, but none that there is not. */
static void each_number_of_a_cpu_fits(void)
{
	clear();
	add_cpu(0x100000000, 0, 0);
	add_cpu(1, 0, 0);
	EXPECT(strstr(text_of("/cpus"), "/cpus\n #address-cells 2\n"));
	clear();
	add_cpu(0, 0, 0);
	add_cpu(UINT32_MAX, 0, 0);
	add_cpu(0x100000000, 0, 0);
	machine.cpu_count--;
	EXPECT(strstr(text_of("/cpus"), "/cpus\n #address-cells 1\n"));
}

static void cpus_are_told(void)
{
	clear();
	add_cpu(0x80000001, 1, 0);
	EXPECT_STR(text_of("/cpus"), "/cpus\n"
	                             " #address-cells 1\n"
	                             " #size-cells 0\n"
	                             "/cpus/cpu@80000001\n"
	                             " device_type \"cpu\"\n"
	                             " compatible \"arm,armv8\"\n"
	                             " reg 80000001\n");
	arm->has_psci = true;
	machine.node_count = 3;
	add_cpu(0x200000003, 2, 0);
	EXPECT_STR(text_of("/cpus"), "/cpus\n"
	                             " #address-cells 2\n"
	                             " #size-cells 0\n"
	                             "/cpus/cpu@80000001\n"
	                             " device_type \"cpu\"\n"
	                             " compatible \"arm,armv8\"\n"
	                             " enable-method \"psci\"\n"
	                             " reg 0 80000001\n"
	                             " numa-node-id 1\n"
	                             "/cpus/cpu@200000003\n"
	                             " device_type \"cpu\"\n"
	                             " compatible \"arm,armv8\"\n"
	                             " enable-method \"psci\"\n"
	                             " reg 2 3\n"
	                             " numa-node-id 2\n");
}

/* cpu/cpu-topology.txt: each kind counts from 0 within its parent. */
static void cpus_are_grouped(void)
{
	clear();
	machine.has_cpu_places = true;
	add_cpu(0, 0, MACHINE_PLACE(0, 0, 0)); /* a core of one thread */
	add_cpu(1, 0, MACHINE_PLACE(0, 0, 1)); /* a core of two */
	add_cpu(2, 0, MACHINE_PLACE(0, 0, 1));
	add_cpu(3, 0, MACHINE_PLACE(0, 0, 2)); /* one more of three */
	add_cpu(4, 0, MACHINE_PLACE(0, 0, 2));
	add_cpu(5, 0, MACHINE_PLACE(0, 0, 2));
	add_cpu(6, 0, MACHINE_PLACE(0, 1, 2)); /* another cluster */
	add_cpu(7, 0, MACHINE_PLACE(1, 1, 2)); /* another package */
	add_cpu(8, 0, MACHINE_PLACE(1, 1, 3));
	EXPECT_STR(text_of("/cpus/cpu@8"), "/cpus/cpu@8\n"
	                                   " device_type \"cpu\"\n"
	                                   " compatible \"arm,armv8\"\n"
	                                   " reg 8\n"
	                                   " phandle 108\n");
	EXPECT_STR(text_of("/cpus/cpu-map"),
	           "/cpus/cpu-map\n"
	           "/cpus/cpu-map/socket0\n"
	           "/cpus/cpu-map/socket0/cluster0\n"
	           "/cpus/cpu-map/socket0/cluster0/core0\n"
	           " cpu 100\n"
	           "/cpus/cpu-map/socket0/cluster0/core1\n"
	           "/cpus/cpu-map/socket0/cluster0/core1/thread0\n"
	           " cpu 101\n"
	           "/cpus/cpu-map/socket0/cluster0/core1/thread1\n"
	           " cpu 102\n"
	           "/cpus/cpu-map/socket0/cluster0/core2\n"
	           "/cpus/cpu-map/socket0/cluster0/core2/thread0\n"
	           " cpu 103\n"
	           "/cpus/cpu-map/socket0/cluster0/core2/thread1\n"
	           " cpu 104\n"
	           "/cpus/cpu-map/socket0/cluster0/core2/thread2\n"
	           " cpu 105\n"
	           "/cpus/cpu-map/socket0/cluster1\n"
	           "/cpus/cpu-map/socket0/cluster1/core0\n"
	           " cpu 106\n"
	           "/cpus/cpu-map/socket1\n"
	           "/cpus/cpu-map/socket1/cluster0\n"
	           "/cpus/cpu-map/socket1/cluster0/core0\n"
	           " cpu 107\n"
	           "/cpus/cpu-map/socket1/cluster0/core1\n"
	           " cpu 108\n");
}

static void psci_is_told(void)
{
	clear();
	EXPECT(!has("/psci"));
	arm->has_psci = true;
	EXPECT_STR(text_of("/psci"),
	           "/psci\n"
	           " compatible \"arm,psci-1.0\" \"arm,psci-0.2\"\n"
	           " method \"smc\"\n");
	arm->psci_is_hvc = true;
	EXPECT_STR(text_of("/psci"),
	           "/psci\n"
	           " compatible \"arm,psci-1.0\" \"arm,psci-0.2\"\n"
	           " method \"hvc\"\n");
}

#define GIC "/interrupt-controller@8000000"

static void a_gicv2_is_told(void)
{
	clear();
	arm->gic_version = MACHINE_GIC_V2;
	arm->gicc = range(0x108010000, 0x2000);
	arm->gich = range(0x108030000, 0x3000);
	arm->gicv = range(0x108040000, 0x4000);
	arm->maintenance_intid = 25;
	arm->v2m = range(0x208020000, 0x1000);
	EXPECT_STR(text_of(GIC),
	           GIC "\n"
	               " compatible \"arm,cortex-a15-gic\"\n"
	               " reg 0 8000000 0 10000 1 8010000 0 2000 1 8030000 0 "
	               "3000 1 8040000 0 4000\n"
	               " #interrupt-cells 3\n"
	               " interrupt-controller\n"
	               " #address-cells 2\n"
	               " #size-cells 2\n"
	               " ranges\n"
	               " interrupts 1 9 4\n"
	               " phandle 1\n" GIC "/v2m@208020000\n"
	               " compatible \"arm,gic-v2m-frame\"\n"
	               " msi-controller\n"
	               " reg 2 8020000 0 1000\n"
	               " phandle 2\n");
	arm->v2m_spi_base = 0x50;
	arm->v2m_spi_count = 0x40;
	EXPECT_STR(text_of(GIC "/v2m@208020000"),
	           GIC "/v2m@208020000\n"
	               " compatible \"arm,gic-v2m-frame\"\n"
	               " arm,msi-base-spi 50\n"
	               " arm,msi-num-spis 40\n"
	               " msi-controller\n"
	               " reg 2 8020000 0 1000\n"
	               " phandle 2\n");
}

/* Without all three there is no virtual interface. */
static void a_part_of_a_virtual_interface_is_not_told(void)
{
	for (uint32_t lacking = 0; lacking < 3; lacking++) {
		clear();
		arm->gicc = range(0x108010000, lacking == 0 ? 0 : 0x2000);
		arm->gich = range(0x108030000, lacking == 1 ? 0 : 0x3000);
		arm->gicv = range(0x108040000, lacking == 2 ? 0 : 0x4000);
		text_of("/");
		EXPECT_STR(strstr(tree_text(tree, GIC), " reg"),
		           lacking ? " reg 0 8000000 0 10000 1 8010000 0 2000\n"
		                     " #interrupt-cells 3\n"
		                     " interrupt-controller\n"
		                     " #address-cells 2\n"
		                     " #size-cells 2\n"
		                     " ranges\n"
		                     " phandle 1\n"
		                   : " reg 0 8000000 0 10000\n"
		                     " #interrupt-cells 3\n"
		                     " interrupt-controller\n"
		                     " #address-cells 2\n"
		                     " #size-cells 2\n"
		                     " ranges\n"
		                     " phandle 1\n");
	}
}

static void a_gicv3_is_told(void)
{
	clear();
	arm->gic_version = MACHINE_GIC_V3;
	arm->gicr_count = 1;
	arm->gicr[0] = range(0x1080a0000, 0xf60000);
	arm->its = range(0x308080000, 0x20000);
	arm->v2m = range(0x208020000, 0x1000);
	EXPECT_STR(text_of(GIC),
	           GIC "\n"
	               " compatible \"arm,gic-v3\"\n"
	               " reg 0 8000000 0 10000 1 80a0000 0 f60000\n"
	               " #interrupt-cells 3\n"
	               " interrupt-controller\n"
	               " #address-cells 2\n"
	               " #size-cells 2\n"
	               " ranges\n"
	               " phandle 1\n" GIC "/msi-controller@308080000\n"
	               " compatible \"arm,gic-v3-its\"\n"
	               " #msi-cells 1\n"
	               " msi-controller\n"
	               " reg 3 8080000 0 20000\n"
	               " phandle 2\n");
	arm->its.size = arm->v2m.size = 0;
	arm->gicr_count = 2;
	arm->gicr[1] = range(0x200000000, 0x40000);
	arm->gicr_stride = 0x100020000;
	EXPECT_STR(text_of(GIC),
	           GIC "\n"
	               " compatible \"arm,gic-v3\"\n"
	               " reg 0 8000000 0 10000 1 80a0000 0 f60000 2 0 0 40000\n"
	               " #redistributor-regions 2\n"
	               " redistributor-stride 1 20000\n"
	               " #interrupt-cells 3\n"
	               " interrupt-controller\n"
	               " #address-cells 2\n"
	               " #size-cells 2\n"
	               " ranges\n"
	               " phandle 1\n");
}

/* As many ranges as there can be */
static void a_gicv3_of_all_ranges_is_told(void)
{
	int size = 0;

	clear();
	arm->gicr_count = MACHINE_GICR_MAX;
	for (uint32_t i = 0; i < MACHINE_GICR_MAX; i++)
		arm->gicr[i] = range(0x100000000 * (i + 1), 0x20000);
	arm->gicc = range(0x108010000, 0x2000);
	arm->gich = range(0x108030000, 0x3000);
	arm->gicv = range(0x108040000, 0x4000);
	text_of("/");
	EXPECT(fdt_getprop(tree, fdt_path_offset(tree, GIC), "reg", &size));
	EXPECT_EQ(size, 12 * 16);
}

/* arm,arch_timer.yaml: names are needed where one is missing before another. */
static void timers_are_told(void)
{
	clear();
	EXPECT(!has("/timer"));
	for (uint32_t i = 0; i < 5; i++)
		arm->timer_intid[i] = 17 + i;
	EXPECT_STR(text_of("/timer"),
	           "/timer\n"
	           " compatible \"arm,armv8-timer\"\n"
	           " interrupts 1 1 4 1 2 4 1 3 4 1 4 4 1 5 4\n");
	arm->timer_is_active_low = arm->timer_is_always_on = true;
	arm->timer_intid[3] = arm->timer_intid[4] = 0;
	EXPECT_STR(text_of("/timer"), "/timer\n"
	                              " compatible \"arm,armv8-timer\"\n"
	                              " always-on\n"
	                              " interrupts 1 1 8 1 2 8 1 3 8\n");
	arm->timer_intid[0] = 0;
	arm->timer_intid[3] = 29;
	EXPECT_STR(text_of("/timer"),
	           "/timer\n"
	           " compatible \"arm,armv8-timer\"\n"
	           " always-on\n"
	           " interrupt-names \"phys\" \"virt\" \"hyp-phys\"\n"
	           " interrupts 1 2 8 1 3 8 1 d 8\n");
	memset(arm->timer_intid, 0, sizeof(arm->timer_intid));
	arm->timer_intid[0] = 20;
	arm->timer_intid[4] = 21;
	EXPECT_STR(text_of("/timer"),
	           "/timer\n"
	           " compatible \"arm,armv8-timer\"\n"
	           " always-on\n"
	           " interrupt-names \"sec-phys\" \"hyp-virt\"\n"
	           " interrupts 1 4 8 1 5 8\n");
}

/* arm,gic.yaml: 1 is a PPI, from 16 on; 0 an SPI, from 32 on. */
static void the_pmu_is_told(void)
{
	clear();
	EXPECT(!has("/pmu"));
	arm->pmu_intid = 31;
	EXPECT_STR(text_of("/pmu"), "/pmu\n"
	                            " compatible \"arm,armv8-pmuv3\"\n"
	                            " interrupts 1 f 4\n");
	arm->pmu_intid = 32;
	EXPECT_STR(text_of("/pmu"), "/pmu\n"
	                            " compatible \"arm,armv8-pmuv3\"\n"
	                            " interrupts 0 0 4\n");
}

static void set_uart(enum machine_uart_kind kind)
{
	machine.uart_count = 1;
	machine.uarts[0] = (struct machine_uart){
		.kind = kind,
		.base = 0x109000000,
		.size = 0x1000,
	};
}

#define UART "/serial@109000000"

static void uarts_are_told(void)
{
	clear();
	set_uart(MACHINE_UART_PL011);
	machine.uarts[0].gsi = 33;
	EXPECT_STR(text_of(UART),
	           UART "\n"
	                " reg 1 9000000 0 1000\n"
	                " interrupts 0 1 4\n"
	                " compatible \"arm,pl011\" \"arm,primecell\"\n"
	                " clocks 3 3\n"
	                " clock-names \"uartclk\" \"apb_pclk\"\n");
	set_uart(MACHINE_UART_SBSA);
	machine.uarts[0].gsi = 34;
	machine.uarts[0].is_edge = true;
	EXPECT_STR(text_of(UART), UART "\n"
	                               " reg 1 9000000 0 1000\n"
	                               " interrupts 0 2 1\n"
	                               " compatible \"arm,sbsa-uart\"\n"
	                               " current-speed 1c200\n");
	set_uart(MACHINE_UART_16550_MMIO);
	EXPECT_STR(text_of(UART), UART "\n"
	                               " reg 1 9000000 0 1000\n"
	                               " compatible \"ns16550a\"\n"
	                               " clock-frequency 1c2000\n");
	machine.uarts[0].clock_hz = 0x123456;
	machine.uarts[0].baud = 9600;
	machine.uarts[0].reg_shift = 2;
	EXPECT_STR(text_of(UART), UART "\n"
	                               " reg 1 9000000 0 1000\n"
	                               " compatible \"ns16550a\"\n"
	                               " clock-frequency 123456\n"
	                               " reg-shift 2\n"
	                               " current-speed 2580\n");
}

static void the_clock_is_told(void)
{
	clear();
	arm->pl031_intid = 34;
	EXPECT(!has("/rtc@0"));
	arm->pl031 = range(0x109010000, 0x2000);
	EXPECT_STR(text_of("/rtc@109010000"),
	           "/rtc@109010000\n"
	           " compatible \"arm,pl031\" \"arm,primecell\"\n"
	           " reg 1 9010000 0 2000\n"
	           " interrupts 0 2 4\n"
	           " clocks 3\n"
	           " clock-names \"apb_pclk\"\n");
}

static void the_power_key_is_told(void)
{
	clear();
	arm->pl061 = range(0x109030000, 0x3000);
	arm->pl061_intid = 39;
	arm->pl061_power_pin = 5;
	EXPECT(!has("/gpio@109030000") && !has("/gpio-keys"));
	arm->has_power_key = true;
	EXPECT_STR(text_of("/gpio@109030000"),
	           "/gpio@109030000\n"
	           " compatible \"arm,pl061\" \"arm,primecell\"\n"
	           " reg 1 9030000 0 3000\n"
	           " interrupts 0 7 4\n"
	           " clocks 3\n"
	           " clock-names \"apb_pclk\"\n"
	           " gpio-controller\n"
	           " #gpio-cells 2\n"
	           " phandle 4\n");
	EXPECT_STR(text_of("/gpio-keys"), "/gpio-keys\n"
	                                  " compatible \"gpio-keys\"\n"
	                                  "/gpio-keys/key-power\n"
	                                  " label \"GPIO Key Poweroff\"\n"
	                                  " linux,code 74\n"
	                                  " gpios 4 5 0\n");
}

static void fw_cfg_and_flash_are_told(void)
{
	clear();
	machine.fw_cfg.paddr = 0x109020000;
	machine.fw_cfg.size = 0x18;
	EXPECT(!has("/fw-cfg@109020000") && !has("/flash@0"));
	machine.fw_cfg.is_present = true;
	EXPECT_STR(text_of("/fw-cfg@109020000"),
	           "/fw-cfg@109020000\n"
	           " compatible \"qemu,fw-cfg-mmio\"\n"
	           " reg 1 9020000 0 18\n"
	           " dma-coherent\n");
	arm->flash[0] = range(0x100000000, 0x4000000);
	EXPECT_STR(text_of("/flash@100000000"), "/flash@100000000\n"
	                                        " compatible \"cfi-flash\"\n"
	                                        " reg 1 0 0 4000000\n"
	                                        " bank-width 4\n");
	arm->flash[1] = range(0x104000000, 0x5000000);
	EXPECT_STR(text_of("/flash@100000000"),
	           "/flash@100000000\n"
	           " compatible \"cfi-flash\"\n"
	           " reg 1 0 0 4000000 1 4000000 0 5000000\n"
	           " bank-width 4\n");
}

static void slots_are_told(void)
{
	clear();
	machine.virtio_mmio_count = 2;
	machine.virtio_mmio[0] = (struct machine_virtio_mmio){
		.paddr = 0x10a000000,
		.size = 0x200,
		.gsi = 48,
		.more_count = 1,
		.is_edge = true,
	};
	machine.virtio_mmio[1] = (struct machine_virtio_mmio){
		.paddr = 0x10b000000,
		.size = 0x1000,
		.gsi = 99,
	};
	EXPECT_STR(text_of("/virtio_mmio@10a000000"),
	           "/virtio_mmio@10a000000\n"
	           " compatible \"virtio,mmio\"\n"
	           " reg 1 a000000 0 200\n"
	           " interrupts 0 10 1\n"
	           " dma-coherent\n");
	EXPECT_STR(text_of("/virtio_mmio@10a000200"),
	           "/virtio_mmio@10a000200\n"
	           " compatible \"virtio,mmio\"\n"
	           " reg 1 a000200 0 200\n"
	           " interrupts 0 11 1\n"
	           " dma-coherent\n");
	EXPECT_STR(text_of("/virtio_mmio@10b000000"),
	           "/virtio_mmio@10b000000\n"
	           " compatible \"virtio,mmio\"\n"
	           " reg 1 b000000 0 1000\n"
	           " interrupts 0 43 4\n"
	           " dma-coherent\n");
	EXPECT(!has("/virtio_mmio@10a000400"));
}

static void vmbus_is_told(void)
{
	clear();
	machine.vmbus.intid = 18;
	EXPECT(!has("/vmbus"));
	machine.vmbus.is_present = true;
	EXPECT_STR(text_of("/vmbus"), "/vmbus\n"
	                              " compatible \"microsoft,vmbus\"\n"
	                              " #address-cells 2\n"
	                              " #size-cells 2\n"
	                              " dma-coherent\n"
	                              " interrupts 1 2 1\n");
	machine.vmbus.mmio[0] = range(0xe8000000, 0x4000000);
	EXPECT_STR(text_of("/vmbus@e8000000"),
	           "/vmbus@e8000000\n"
	           " compatible \"microsoft,vmbus\"\n"
	           " #address-cells 2\n"
	           " #size-cells 2\n"
	           " ranges 0 e8000000 0 e8000000 0 4000000\n"
	           " dma-coherent\n"
	           " interrupts 1 2 1\n");
	machine.vmbus.mmio[1] = range(0xfe0000000, 0x110000000);
	EXPECT_STR(text_of("/vmbus@e8000000"),
	           "/vmbus@e8000000\n"
	           " compatible \"microsoft,vmbus\"\n"
	           " #address-cells 2\n"
	           " #size-cells 2\n"
	           " ranges 0 e8000000 0 e8000000 0 4000000 f e0000000 f "
	           "e0000000 1 10000000\n"
	           " dma-coherent\n"
	           " interrupts 1 2 1\n");
}

#define SMMU "/iommu@109050000"

/* arm,smmu-v3.yaml: interrupts are edges; all four of them, or none */
static void the_smmu_is_told(void)
{
	clear();
	EXPECT(!has("/iommu@0"));
	arm->smmuv3 = range(0x109050000, 0x20000);
	arm->smmuv3_is_coherent = true;
	for (uint32_t i = 0; i < 4; i++)
		arm->smmuv3_intid[i] = 74 + i;
	EXPECT_STR(text_of(SMMU),
	           SMMU "\n"
	                " compatible \"arm,smmu-v3\"\n"
	                " reg 1 9050000 0 20000\n"
	                " interrupts 0 2a 1 0 2b 1 0 2c 1 0 2d 1\n"
	                " interrupt-names \"eventq\" \"priq\" \"cmdq-sync\" "
	                "\"gerror\"\n"
	                " dma-coherent\n"
	                " #iommu-cells 1\n"
	                " phandle 5\n");
	arm->smmuv3_is_coherent = false;
	for (uint32_t i = 0; i < 4; i++) {
		arm->smmuv3_intid[i] = 0;
		EXPECT_STR(text_of(SMMU), SMMU "\n"
		                               " compatible \"arm,smmu-v3\"\n"
		                               " reg 1 9050000 0 20000\n"
		                               " #iommu-cells 1\n"
		                               " phandle 5\n");
		arm->smmuv3_intid[i] = 74 + i;
	}
}

/* common/paravisor/tree.h has their words. */
static void a_paravisor_has_nodes_of_its_own(void)
{
	clear();
	EXPECT(!has("/openhcl") && !has("/bus"));
	machine.is_split = true;
	EXPECT(has("/openhcl") && has("/bus"));
}

static void add_split_ram(paddr_t base, uint64_t size, enum memory_type type,
                          uint16_t igvm_type)
{
	machine.ram[machine.ram_count++] =
		(struct machine_ram){ base, size, type, 2, igvm_type };
}

/* OpenHCL's names: 0 is the guest's memory, 1 the paravisor's. */
static void a_paravisor_is_told_whose_memory_is_whose(void)
{
	static const char own[] = "/openhcl/memory@140000000\n"
				  " device_type \"memory-openhcl\"\n"
				  " reg 1 40000000 2 10000000\n"
				  " numa-node-id 2\n"
				  " microsoft,igvm-type 0\n"
				  " openhcl,memory-type 1\n"
				  "/openhcl/memory@500000000\n"
				  " device_type \"memory-openhcl\"\n"
				  " reg 5 0 0 20000\n"
				  " numa-node-id 2\n"
				  " microsoft,igvm-type 0\n"
				  " openhcl,memory-type 0\n";
	char wanted[1000];

	clear();
	machine.is_split = true;
	add_split_ram(0x140000000, 0x210000000, MEMORY_RAM, 0);
	add_split_ram(0x400000000, 0x10000, MEMORY_RESERVED, 1);
	add_split_ram(0x500000000, 0x20000, MEMORY_NONE, 0);
	snprintf(wanted, sizeof(wanted),
	         "/openhcl\n #address-cells 2\n #size-cells 2\n"
	         " isolation-type \"none\"\n"
	         " memory-allocation-mode \"vtl2\"\n%s",
	         own);
	EXPECT_STR(text_of("/openhcl"), wanted);
	/* Where the host has typed some of it, it was the host that chose. */
	add_split_ram(0x600000000, 0x30000, MEMORY_RAM, 3);
	snprintf(wanted, sizeof(wanted),
	         "/openhcl\n #address-cells 2\n #size-cells 2\n"
	         " isolation-type \"none\"\n"
	         " memory-allocation-mode \"host\"\n%s"
	         "/openhcl/memory@600000000\n"
	         " device_type \"memory-openhcl\"\n"
	         " reg 6 0 0 30000\n"
	         " numa-node-id 2\n"
	         " microsoft,igvm-type 3\n"
	         " openhcl,memory-type 1\n",
	         own);
	EXPECT_STR(text_of("/openhcl"), wanted);
}

#define PARAVISOR_BUS                                                          \
	"/bus\n"                                                               \
	" compatible \"simple-bus\"\n"                                         \
	" #address-cells 2\n"                                                  \
	" #size-cells 2\n"                                                     \
	" ranges\n"

/* bindings/bus/microsoft,vmbus.yaml; the level of a paravisor is 2. */
static void a_paravisor_has_a_bus_of_its_own(void)
{
	struct host_vmbus *vmbus = &machine.host.paravisor_vmbus;

	clear();
	machine.is_split = true;
	vmbus->ranges[0] = range(0x1f8000000, 0x4000000);
	vmbus->ranges[1] = range(0x1000000000, 0x110000000);
	vmbus->connection_id = 0x800074;
	EXPECT_STR(text_of("/bus"), PARAVISOR_BUS);
	vmbus->is_present = true;
	EXPECT_STR(text_of("/bus"), PARAVISOR_BUS);
	vmbus->range_count = 1;
	EXPECT_STR(text_of("/bus"),
	           PARAVISOR_BUS "/bus/vmbus@1f8000000\n"
	                         " compatible \"microsoft,vmbus\"\n"
	                         " #address-cells 2\n"
	                         " #size-cells 2\n"
	                         " ranges 1 f8000000 1 f8000000 0 4000000\n"
	                         " dma-coherent\n"
	                         " microsoft,vtl 2\n"
	                         " microsoft,message-connection-id 800074\n");
	vmbus->range_count = 2;
	machine.vmbus.intid = 18;
	EXPECT_STR(text_of("/bus"),
	           PARAVISOR_BUS "/bus/vmbus@1f8000000\n"
	                         " compatible \"microsoft,vmbus\"\n"
	                         " #address-cells 2\n"
	                         " #size-cells 2\n"
	                         " ranges 1 f8000000 1 f8000000 0 4000000 10 0 "
	                         "10 0 1 10000000\n"
	                         " dma-coherent\n"
	                         " microsoft,vtl 2\n"
	                         " microsoft,message-connection-id 800074\n"
	                         " interrupts 1 2 1\n");
}

/* OpenHCL's sidecar: a chunk of one CPU has nobody else to start. */
static void a_pool_has_a_node_for_each_chunk(void)
{
	const struct tree_pool pool = {
		.all = { 0x141000000, 0x30000 },
		.shared = 0x14100e000,
		.chunk_max = 4,
	};

	clear();
	for (uint32_t i = 0; i < 6; i++)
		add_cpu(i, i / 5, 0);
	add_split_ram(0x140000000, 0x10000000, MEMORY_RAM, 0);
	add_split_ram(0x150000000, 0x10000000, MEMORY_NONE, 0);
	dt_write_start(tree, sizeof(tree));
	dt_write_nodes(tree);
	dt_write_begin(tree, "");
	tree_write_memory(tree, &machine);
	tree_write_bus(tree, &machine, &pool);
	tree_write_openhcl(tree, &machine, &pool);
	dt_write_end(tree);
	dt_write_finish(tree);
	EXPECT_STR(tree_text(tree, "/"),
	           "/\n"
	           "/memory@140000000\n"
	           " device_type \"memory\"\n"
	           " reg 1 40000000 0 10000000\n"
	           " numa-node-id 2\n" PARAVISOR_BUS "/bus/sidecar@14100e000\n"
	           " compatible \"microsoft,openhcl-sidecar\"\n"
	           " reg 1 4100e000 0 1000 1 4100f000 0 6000\n"
	           " reg-names \"ctrl\" \"shmem\"\n"
	           "/bus/sidecar@141015000\n"
	           " compatible \"microsoft,openhcl-sidecar\"\n"
	           " reg 1 41015000 0 1000 1 41016000 0 4000\n"
	           " reg-names \"ctrl\" \"shmem\"\n"
	           "/openhcl\n"
	           " #address-cells 2\n"
	           " #size-cells 2\n"
	           " isolation-type \"none\"\n"
	           " memory-allocation-mode \"vtl2\"\n"
	           "/openhcl/memory@140000000\n"
	           " device_type \"memory-openhcl\"\n"
	           " reg 1 40000000 0 1000000\n"
	           " numa-node-id 2\n"
	           " microsoft,igvm-type 0\n"
	           " openhcl,memory-type 1\n"
	           "/openhcl/memory@141000000\n"
	           " device_type \"memory-openhcl\"\n"
	           " reg 1 41000000 0 30000\n"
	           " numa-node-id 2\n"
	           " microsoft,igvm-type 0\n"
	           " openhcl,memory-type 4\n"
	           "/openhcl/memory@141030000\n"
	           " device_type \"memory-openhcl\"\n"
	           " reg 1 41030000 0 efd0000\n"
	           " numa-node-id 2\n"
	           " microsoft,igvm-type 0\n"
	           " openhcl,memory-type 1\n"
	           "/openhcl/memory@150000000\n"
	           " device_type \"memory-openhcl\"\n"
	           " reg 1 50000000 0 10000000\n"
	           " numa-node-id 2\n"
	           " microsoft,igvm-type 0\n"
	           " openhcl,memory-type 0\n");
}

/* common/machine/passed.h */
static void nodes_of_the_vmm_are_passed_on(void)
{
	struct passed_node *node = arm->passed;

	clear();
	arm->passed_count = 2;
	node[0].name = "thing@1";
	node[0].values[PASSED_COMPATIBLE].data = "vmm,thing";
	node[0].values[PASSED_COMPATIBLE].size = 10;
	node[0].values[PASSED_DMA_COHERENT].data = "";
	node[0].values[PASSED_INTERRUPT_NAMES].data = "one";
	node[0].values[PASSED_INTERRUPT_NAMES].size = 4;
	node[0].values[PASSED_INTERRUPTS].data = "\0\0\0\0\0\0\0\1\0\0\0\4";
	node[0].values[PASSED_INTERRUPTS].size = 12;
	node[0].values[PASSED_REG].data = "\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\5";
	node[0].values[PASSED_REG].size = 16;
	node[1].name = "other";
	node[1].values[PASSED_COMPATIBLE].data = "vmm,other";
	node[1].values[PASSED_COMPATIBLE].size = 10;
	EXPECT_STR(text_of("/thing@1"), "/thing@1\n"
	                                " compatible \"vmm,thing\"\n"
	                                " dma-coherent\n"
	                                " interrupt-names \"one\"\n"
	                                " interrupts 0 1 4\n"
	                                " reg 1 2 3 5\n");
	EXPECT_STR(text_of("/other"), "/other\n"
	                              " compatible \"vmm,other\"\n");
}

static struct machine_pci_host *set_host(void)
{
	struct machine_pci_host *host = machine.pci_hosts;

	machine.pci_host_count = 1;
	*host = (struct machine_pci_host){
		.segment = 3,
		.bus_first = 0x20,
		.bus_last = 0x7f,
		.ecam_paddr = 0x4010000000,
		.ecam_size = 0x6000000,
		.node = 2,
	};
	return host;
}

#define PCI "/pcie@4010000000"

/* pci/host-generic-pci.yaml */
static void a_pci_host_is_told(void)
{
	struct machine_pci_host *host;

	clear();
	host = set_host();
	EXPECT_STR(text_of(PCI), PCI "\n"
	                             " compatible \"pci-host-ecam-generic\"\n"
	                             " device_type \"pci\"\n"
	                             " linux,pci-domain 3\n"
	                             " reg 40 10000000 0 6000000\n"
	                             " bus-range 20 7f\n"
	                             " #address-cells 3\n"
	                             " #size-cells 2\n"
	                             " ranges\n");
	host->is_cam = host->is_dma_coherent = true;
	machine.node_count = 3;
	host->io = range(0x1000, 0xf000);
	host->io_paddr = 0x13eff0000;
	host->mmio32 = range(0x10000000, 0x2eff0000);
	host->mmio64 = range(0x8000000000, 0x1000000000);
	EXPECT_STR(text_of(PCI), PCI
	           "\n"
	           " compatible \"pci-host-cam-generic\"\n"
	           " device_type \"pci\"\n"
	           " linux,pci-domain 3\n"
	           " reg 40 10000000 0 6000000\n"
	           " bus-range 20 7f\n"
	           " #address-cells 3\n"
	           " #size-cells 2\n"
	           " dma-coherent\n"
	           " numa-node-id 2\n"
	           " ranges 1000000 0 1000 1 3eff0000 0 f000 2000000 0 "
	           "10000000 0 10000000 0 2eff0000 3000000 80 0 80 0 10 0\n");
}

/* Of each kind of window there may be none. */
static void windows_may_be_absent(void)
{
	struct machine_pci_host *host;

	clear();
	host = set_host();
	host->mmio32 = range(0x10000000, 0x2eff0000);
	text_of("/");
	EXPECT_STR(strstr(tree_text(tree, PCI), " ranges"),
	           " ranges 2000000 0 10000000 0 10000000 0 2eff0000\n");
	host->mmio64 = range(0x8000000000, 0x1000000000);
	host->mmio32.size = 0;
	text_of("/");
	EXPECT_STR(strstr(tree_text(tree, PCI), " ranges"),
	           " ranges 3000000 80 0 80 0 10 0\n");
	host->io = range(0, 0x10000);
	host->io_paddr = 0x13eff0000;
	host->mmio64.size = 0;
	text_of("/");
	EXPECT_STR(strstr(tree_text(tree, PCI), " ranges"),
	           " ranges 1000000 0 0 1 3eff0000 0 10000\n");
}

/* IEEE 1275: the slot is at bit 11; pins count from 1. */
static void routes_are_told(void)
{
	struct machine_pci_host *host;

	clear();
	host = set_host();
	host->route_first = 1;
	host->route_count = 2;
	host->route_slot_mask = 0x1f;
	machine.pci_routes[0] = (struct machine_pci_route){ .gsi = 200 };
	machine.pci_routes[1] = (struct machine_pci_route){
		.slot = 2,
		.pin = 0,
		.gsi = 40,
		.is_edge = true,
	};
	machine.pci_routes[2] = (struct machine_pci_route){
		.slot = 3,
		.pin = 3,
		.gsi = 41,
		.is_active_low = true,
	};
	text_of("/");
	EXPECT_STR(strstr(tree_text(tree, PCI), " ranges"),
	           " ranges\n"
	           " #interrupt-cells 1\n"
	           " interrupt-map-mask f800 0 0 7\n"
	           " interrupt-map 1000 0 0 1 1 0 0 0 8 1 1800 0 0 4 1 0 0 0 9 "
	           "8\n");
}

/* Four slots of four pins stand for all. */
static void routes_by_a_rule_are_told(void)
{
	struct machine_pci_host *host;

	clear();
	host = set_host();
	host->intx_count = 4;
	host->intx_bias = 1;
	host->intx_is_active_low = true;
	for (uint32_t i = 0; i < 4; i++)
		host->intx_gsi[i] = 35 + i;
	text_of("/");
	EXPECT_STR(
		strstr(tree_text(tree, PCI), " ranges"),
		" ranges\n"
		" #interrupt-cells 1\n"
		" interrupt-map-mask 1800 0 0 7\n"
		" interrupt-map 0 0 0 1 1 0 0 0 4 8 0 0 0 2 1 0 0 0 5 8 0 0 "
		"0 3 1 0 0 0 6 8 0 0 0 4 1 0 0 0 3 8 800 0 0 1 1 0 0 0 5 8 "
		"800 0 0 2 1 0 0 0 6 8 800 0 0 3 1 0 0 0 3 8 800 0 0 4 1 0 0 "
		"0 4 8 1000 0 0 1 1 0 0 0 6 8 1000 0 0 2 1 0 0 0 3 8 1000 0 "
		"0 3 1 0 0 0 4 8 1000 0 0 4 1 0 0 0 5 8 1800 0 0 1 1 0 0 0 3 "
		"8 1800 0 0 2 1 0 0 0 4 8 1800 0 0 3 1 0 0 0 5 8 1800 0 0 4 "
		"1 0 0 0 6 8\n");
}

/* pci-msi.txt and pci-iommu.txt: input, phandle, output, count */
static void paths_of_messages_are_told(void)
{
	struct machine_pci_host *host;

	clear();
	host = set_host();
	host->msi_map = (struct machine_id_map){ 0x100, 0x30200, 0x8000 };
	host->iommu_map = (struct machine_id_map){ 0x200, 0x40300, 0x9000 };
	text_of("/");
	EXPECT_STR(strstr(tree_text(tree, PCI), " ranges"), " ranges\n");
	arm->its = range(0x8080000, 0x20000);
	arm->v2m = range(0x8020000, 0x1000);
	arm->smmuv3 = range(0x9050000, 0x20000);
	text_of("/");
	EXPECT_STR(strstr(tree_text(tree, PCI), " ranges"),
	           " ranges\n"
	           " msi-map 100 2 30200 8000\n"
	           " iommu-map 200 5 40300 9000\n");
	host->msi_map.count = host->iommu_map.count = 0;
	text_of("/");
	EXPECT_STR(strstr(tree_text(tree, PCI), " ranges"), " ranges\n");
	arm->its.size = 0;
	text_of("/");
	EXPECT_STR(strstr(tree_text(tree, PCI), " ranges"), " ranges\n"
	                                                    " msi-parent 2\n");
}

int main(void)
{
	RUN(too_little_room_is_told);
	RUN(a_name_with_a_number_is_short);
	RUN(an_empty_machine_has_few_nodes);
	RUN(what_is_chosen_is_told);
	RUN(the_stub_leads_to_efi);
	RUN(memory_is_told);
	RUN(distances_are_told);
	RUN(cpus_are_told);
	RUN(each_number_of_a_cpu_fits);
	RUN(cpus_are_grouped);
	RUN(psci_is_told);
	RUN(a_gicv2_is_told);
	RUN(a_part_of_a_virtual_interface_is_not_told);
	RUN(a_gicv3_is_told);
	RUN(a_gicv3_of_all_ranges_is_told);
	RUN(timers_are_told);
	RUN(the_pmu_is_told);
	RUN(uarts_are_told);
	RUN(the_clock_is_told);
	RUN(the_power_key_is_told);
	RUN(fw_cfg_and_flash_are_told);
	RUN(slots_are_told);
	RUN(vmbus_is_told);
	RUN(the_smmu_is_told);
	RUN(a_paravisor_has_nodes_of_its_own);
	RUN(a_paravisor_is_told_whose_memory_is_whose);
	RUN(a_paravisor_has_a_bus_of_its_own);
	RUN(a_pool_has_a_node_for_each_chunk);
	RUN(nodes_of_the_vmm_are_passed_on);
	RUN(a_pci_host_is_told);
	RUN(windows_may_be_absent);
	RUN(routes_are_told);
	RUN(routes_by_a_rule_are_told);
	RUN(paths_of_messages_are_told);
	return test_status();
}
