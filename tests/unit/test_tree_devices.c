/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_tree_devices.c - devices of small trees, at their limits
 *
 * Linux Documentation/devicetree/bindings says what each property means.
 */
#include <stdio.h>
#include <string.h>

#include "arch/aarch64/probe/tree.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/small_tree.h"
#include "tests/unit/test.h"

static struct machine_arm *const arm = &machine.arm;

static void begin_node(const char *name, const char *compatible)
{
	small_tree_begin();
	small_tree_node(name, compatible);
}

static void end_node(void)
{
	fdt_end_node(small_tree);
	small_tree_end();
}

static void read_node(void)
{
	end_node();
	small_tree_read();
}

/* bindings/arm/psci.yaml: method is "smc" or "hvc". */
static void psci_has_a_method(void)
{
	static const char *const versions[] = { "arm,psci-0.2",
		                                "arm,psci-1.0" };

	for (uint32_t i = 0; i < ARRAY_COUNT(versions); i++) {
		begin_node("psci", versions[i]);
		add_string("method", "hvc");
		read_node();
		EXPECT(arm->has_psci && arm->psci_is_hvc);
		begin_node("psci", versions[i]);
		add_string("method", "smc");
		read_node();
		EXPECT(arm->has_psci && !arm->psci_is_hvc);
		begin_node("psci", versions[i]);
		add_string("method", "smb");
		read_node();
		EXPECT(!arm->has_psci && !arm->psci_is_hvc);
	}
}

static void expect_range(const struct machine_range *range, paddr_t base,
                         uint64_t size)
{
	EXPECT_EQ(range->base, base);
	EXPECT_EQ(range->size, size);
}

/* What a tree of one device more may have made of it. */
static uint32_t devices(void)
{
	const bool found[] = {
		machine.uart_count != 0,   arm->pl031.size != 0,
		arm->pl061.size != 0,      arm->flash[0].size != 0,
		machine.vmbus.is_present,  machine.pci_host_count != 0,
		machine.fw_cfg.is_present, machine.virtio_mmio_count != 0,
		arm->pmu_intid != 0,       arm->timer_intid[0] != 0,
		arm->v2m.size != 0,        arm->has_psci,
		arm->smmuv3.size != 0,     machine.has_distances,
	};
	uint32_t all = 0;

	for (uint32_t i = 0; i < ARRAY_COUNT(found); i++)
		all |= (uint32_t)found[i] << i;
	return all;
}

/* A node with all properties that anybody reads is one device. */
static void a_node_is_one_device(void)
{
	static const struct {
		const char *compatible;
		uint32_t device;
	} kinds[] = {
		{ "arm,pl011", 0 },
		{ "arm,sbsa-uart", 0 },
		{ "ns16550a", 0 },
		{ "arm,pl031", 1 },
		{ "arm,pl061", 2 },
		{ "cfi-flash", 3 },
		{ "microsoft,vmbus", 4 },
		{ "pci-host-cam-generic", 5 },
		{ "pci-host-ecam-generic", 5 },
		{ "qemu,fw-cfg-mmio", 6 },
		{ "virtio,mmio", 7 },
		{ "arm,armv8-pmuv3", 8 },
		{ "arm,armv8-timer", 9 },
		{ "arm,gic-v2m-frame", 10 },
		{ "arm,psci-0.2", 11 },
		{ "arm,psci-1.0", 11 },
		{ "arm,smmu-v3", 12 },
		{ "numa-distance-map-v1", 13 },
	};

	for (uint32_t i = 0; i < ARRAY_COUNT(kinds); i++) {
		bool is_pci = kinds[i].device == 5;

		begin_node("node", kinds[i].compatible);
		ADD_CELLS("reg", 1, 0x9000000, 0, is_pci ? 0x100000 : 0x1000);
		ADD_CELLS("interrupts", 1, 7, 4);
		ADD_CELLS("#address-cells", 3);
		ADD_CELLS("#size-cells", 2);
		ADD_CELLS("distance-matrix", 0, 1, 20);
		add_string("method", "hvc");
		read_node();
		EXPECT_EQ(devices(), 1 << kinds[i].device);
	}
	begin_node("node", "arm,gic-v3-its");
	ADD_CELLS("reg", 1, 0x9000000, 0, 0x1000);
	read_node();
	EXPECT_EQ(devices(), 0);
	EXPECT_EQ(arm->its.base, 0x109000000);
	/* The first of its names that is known decides. */
	small_tree_begin();
	fdt_begin_node(small_tree, "node");
	fdt_property(small_tree, "compatible", "vmm,rtc\0arm,pl031\0arm,pl061",
	             28);
	ADD_CELLS("reg", 1, 0x9000000, 0, 0x1000);
	read_node();
	EXPECT_EQ(devices(), 1 << 1);
}

/* A host's node is not read if it is disabled. */
static void a_disabled_node_of_the_host_is_not_read(void)
{
	for (uint32_t i = 0; i < 2; i++) {
		begin_node("vmbus", "microsoft,vmbus");
		ADD_CELLS("microsoft,vtl", 0);
		ADD_CELLS("interrupts", 1, 2, 1);
		add_string("status", i ? "okay" : "disabled");
		read_node();
		EXPECT_EQ(machine.host.guest_vmbus.is_present, i);
		/* It is the paravisor's affair, and not the kernel's. */
		EXPECT(!machine.vmbus.is_present);
	}
	begin_node("vmbus", "microsoft,vmbus");
	ADD_CELLS("microsoft,vtl", 0);
	ADD_CELLS("#address-cells", 2);
	ADD_CELLS("#size-cells", 2);
	ADD_CELLS("ranges", 0, 0x40000000, 0, 0x40000000, 0, 0x1000);
	end_node();
	EXPECT_PANIC("fdt: VMBus: 0x1000 bytes at 0x40000000: in the RAM at "
	             "0x40000000",
	             small_tree_read());
}

/* bindings/mtd/mtd-physmap.yaml: a chip has one range, or two. */
static void flash_has_up_to_two_ranges(void)
{
	begin_node("flash", "cfi-flash");
	ADD_CELLS("reg", 0, 0x1000, 0, 0x2000, 1, 0x3000, 0, 0x4000, 0, 0x5000,
	          0, 0x6000);
	read_node();
	expect_range(&arm->flash[0], 0x1000, 0x2000);
	expect_range(&arm->flash[1], 0x100003000, 0x4000);
	begin_node("flash", "cfi-flash");
	ADD_CELLS("reg", 0, 0x1000, 0, 0x2000);
	read_node();
	expect_range(&arm->flash[0], 0x1000, 0x2000);
	EXPECT_EQ(arm->flash[1].size, 0);
	begin_node("flash", "cfi-flash");
	read_node();
	EXPECT_EQ(arm->flash[0].size, 0);
}

/* A node is used, unless its status is another than these. */
static void only_what_is_okay_is_there(void)
{
	static const char *const good[] = { "okay", "ok" };
	static const char *const bad[] = { "disabled", "fail", "okay!", "" };

	for (uint32_t i = 0; i < ARRAY_COUNT(good); i++) {
		begin_node("pmu", "arm,armv8-pmuv3");
		ADD_CELLS("interrupts", 1, 7, 4);
		add_string("status", good[i]);
		read_node();
		EXPECT_EQ(arm->pmu_intid, INTID_OF_PPI + 7);
	}
	for (uint32_t i = 0; i < ARRAY_COUNT(bad); i++) {
		begin_node("pmu", "arm,armv8-pmuv3");
		ADD_CELLS("interrupts", 1, 7, 4);
		add_string("status", bad[i]);
		read_node();
		EXPECT_EQ(arm->pmu_intid, 0);
	}
}

static void the_clock_has_registers_and_an_interrupt(void)
{
	begin_node("rtc", "arm,pl031");
	ADD_CELLS("reg", 1, 0x9010000, 0, 0x1000);
	ADD_CELLS("interrupts", 0, 2, 4);
	read_node();
	expect_range(&arm->pl031, 0x109010000, 0x1000);
	EXPECT_EQ(arm->pl031_intid, INTID_OF_SPI + 2);
	begin_node("rtc", "arm,pl031");
	ADD_CELLS("reg", 1, 0x9010000, 0, 0);
	ADD_CELLS("interrupts", 0, 2, 4);
	read_node();
	EXPECT_EQ(arm->pl031.size, 0);
	EXPECT_EQ(arm->pl031_intid, 0);
	begin_node("rtc", "arm,pl031");
	read_node();
	EXPECT_EQ(arm->pl031.size, 0);
}

#define PHANDLE_GPIO 55

static void add_key(const char *name, uint32_t code, uint32_t gpio,
                    uint32_t pin)
{
	fdt_begin_node(small_tree, name);
	ADD_CELLS("linux,code", code);
	ADD_CELLS("gpios", gpio, pin, 0);
	fdt_end_node(small_tree);
}

static void begin_gpio(uint64_t size)
{
	begin_node("gpio", "arm,pl061");
	ADD_CELLS("reg", 0, 0x9030000, 0, (uint32_t)size);
	ADD_CELLS("interrupts", 0, 7, 4);
	ADD_CELLS("phandle", PHANDLE_GPIO);
	fdt_end_node(small_tree);
	small_tree_node("keys", "gpio-keys");
}

/* Linux input-event-codes.h: KEY_POWER is 116. */
static void the_power_key_is_one_of_the_keys(void)
{
	begin_gpio(0x1000);
	add_key("a", 115, PHANDLE_GPIO, 2);
	add_key("b", 116, PHANDLE_GPIO, 3);
	add_key("c", 117, PHANDLE_GPIO, 4);
	read_node();
	EXPECT(arm->has_power_key);
	EXPECT_EQ(arm->pl061_power_pin, 3);
	expect_range(&arm->pl061, 0x9030000, 0x1000);
	EXPECT_EQ(arm->pl061_intid, INTID_OF_SPI + 7);
	begin_gpio(0x1000);
	add_key("a", 115, PHANDLE_GPIO, 2);
	add_key("c", 117, PHANDLE_GPIO, 4);
	read_node();
	EXPECT(!arm->has_power_key);
	/* At a controller that is absent, or another one. */
	begin_gpio(0);
	add_key("b", 116, PHANDLE_GPIO, 3);
	read_node();
	EXPECT(!arm->has_power_key);
	begin_gpio(0x1000);
	add_key("b", 116, PHANDLE_GPIO + 1, 3);
	read_node();
	EXPECT(!arm->has_power_key);
}

/* A controller that nobody can name has no key. */
static void a_phandle_is_not_made_up(void)
{
	begin_node("gpio", "arm,pl061");
	ADD_CELLS("reg", 0, 0x9030000, 0, 0x1000);
	fdt_end_node(small_tree);
	small_tree_node("keys", "gpio-keys");
	add_key("a", 116, PHANDLE_GIC, 2);
	read_node();
	EXPECT(!arm->has_power_key);
	begin_gpio(0x1000);
	fdt_begin_node(small_tree, "power");
	ADD_CELLS("gpios", PHANDLE_GPIO, 6, 0);
	fdt_end_node(small_tree);
	read_node();
	EXPECT(!arm->has_power_key);
}

static void a_key_has_two_cells_at_least(void)
{
	begin_gpio(0x1000);
	fdt_begin_node(small_tree, "power");
	ADD_CELLS("linux,code", 116);
	ADD_CELLS("gpios", PHANDLE_GPIO, 6);
	fdt_end_node(small_tree);
	read_node();
	EXPECT(arm->has_power_key);
	EXPECT_EQ(arm->pl061_power_pin, 6);
	begin_gpio(0x1000);
	fdt_begin_node(small_tree, "power");
	ADD_CELLS("linux,code", 116);
	ADD_CELLS("gpios", PHANDLE_GPIO);
	fdt_end_node(small_tree);
	read_node();
	EXPECT(!arm->has_power_key);
	begin_gpio(0x1000);
	fdt_begin_node(small_tree, "power");
	ADD_CELLS("linux,code", 116);
	fdt_property(small_tree, "gpios", "\0\0\0\x37\0\0\0\1", 7);
	fdt_end_node(small_tree);
	read_node();
	EXPECT(!arm->has_power_key);
}

static void make_fw_cfg(uint32_t size)
{
	begin_node("fw-cfg", "qemu,fw-cfg-mmio");
	ADD_CELLS("reg", 1, 0x9020000, 0, size);
	end_node();
}

/* QEMU docs/specs/fw_cfg.rst: the DMA register ends at 24. */
static void fw_cfg_has_its_registers(void)
{
	static const uint32_t good[] = { 24, 25, 0x10000 };
	static const uint32_t bad[] = { 0, 23, 0x10001, UINT32_MAX };

	for (uint32_t i = 0; i < ARRAY_COUNT(good); i++) {
		make_fw_cfg(good[i]);
		small_tree_read();
		EXPECT(machine.fw_cfg.is_present);
		EXPECT_EQ(machine.fw_cfg.paddr, 0x109020000);
		EXPECT_EQ(machine.fw_cfg.size, good[i]);
	}
	for (volatile uint32_t i = 0; i < ARRAY_COUNT(bad); i++) {
		make_fw_cfg(bad[i]);
		EXPECT_PANIC("fdt: fw-cfg: reg of 0x10 bytes: from 24 bytes to "
		             "64 KiB",
		             small_tree_read());
	}
	begin_node("fw-cfg", "qemu,fw-cfg-mmio");
	read_node();
	EXPECT(!machine.fw_cfg.is_present);
}

static void add_memory(const char *name, uint32_t base, uint32_t type)
{
	fdt_begin_node(small_tree, name);
	add_string("device_type", "memory");
	ADD_CELLS("reg", 0, base, 0, 0x1000, 1, base, 0, 0x2000);
	ADD_CELLS("microsoft,igvm-type", type);
	fdt_end_node(small_tree);
}

/* Microsoft's IGVM specification: 0 is memory, 1 is reserved for the host. */
static void the_kernel_is_told_of_no_other_memory(void)
{
	small_tree_begin();
	add_memory("a", 0x80000000, 1);
	add_memory("b", 0x90000000, 0);
	small_tree_end();
	small_tree_read();
	EXPECT_EQ(machine.ram_count, 3);
	EXPECT_EQ(machine.ram[0].base, 0x40000000);
	EXPECT_EQ(machine.ram[1].base, 0x90000000);
	EXPECT_EQ(machine.ram[1].size, 0x1000);
	EXPECT_EQ(machine.ram[2].base, 0x190000000);
	EXPECT_EQ(machine.ram[2].size, 0x2000);
}

/* Types have 16 bits, and ranges may be empty. */
static void memory_at_its_limits(void)
{
	small_tree_begin();
	add_memory("a", 0x80000000, 0xffff);
	fdt_begin_node(small_tree, "b");
	add_string("device_type", "memory");
	ADD_CELLS("reg", 0, 0x90000000, 0, 0, 0, 0xa0000000, 0, 1);
	ADD_CELLS("numa-node-id", 63);
	fdt_end_node(small_tree);
	small_tree_end();
	/* Whatever another machine had there */
	memset(&machine, 0xff, sizeof(machine));
	small_tree_read();
	EXPECT_EQ(machine.ram_count, 2);
	EXPECT_EQ(machine.ram[0].node, 0);
	EXPECT_EQ(machine.ram[1].base, 0xa0000000);
	EXPECT_EQ(machine.ram[1].size, 1);
	EXPECT_EQ(machine.ram[1].node, 63);
	EXPECT_EQ(machine.node_count, 64);
	small_tree_begin();
	add_memory("a", 0x80000000, 0x10000);
	small_tree_end();
	EXPECT_PANIC("fdt: a: microsoft,igvm-type of 0x4 bytes: too great a "
	             "number",
	             small_tree_read());
}

/* Nodes are in any order; ranges that touch are two. */
static void ram_is_sorted(void)
{
	static const uint32_t bases[] = { 0x90000000, 0x80000000, 0x80001000,
		                          0x30000000 };

	small_tree_begin();
	for (uint32_t i = 0; i < ARRAY_COUNT(bases); i++) {
		fdt_begin_node(small_tree, "memory");
		add_string("device_type", "memory");
		ADD_CELLS("reg", 0, bases[i], 0, 0x1000);
		fdt_end_node(small_tree);
	}
	small_tree_end();
	small_tree_read();
	EXPECT_EQ(machine.ram_count, 5);
	EXPECT_EQ(machine.ram[0].base, 0x30000000);
	EXPECT_EQ(machine.ram[1].base, 0x40000000);
	EXPECT_EQ(machine.ram[2].base, 0x80000000);
	EXPECT_EQ(machine.ram[3].base, 0x80001000);
	EXPECT_EQ(machine.ram[4].base, 0x90000000);
	small_tree_begin();
	fdt_begin_node(small_tree, "memory");
	add_string("device_type", "memory");
	ADD_CELLS("reg", 0, 0x4fffffff, 0, 1);
	fdt_end_node(small_tree);
	small_tree_end();
	EXPECT_PANIC("fdt: RAM: 0x1 bytes at 0x4fffffff: there is RAM from "
	             "0x40000000 on",
	             small_tree_read());
}

/* Beside the range that is there anyway */
static void make_ranges_of_ram(uint32_t count)
{
	small_tree_begin();
	for (uint32_t i = 0; i < count; i++) {
		fdt_begin_node(small_tree, "memory");
		add_string("device_type", "memory");
		ADD_CELLS("reg", 1, i * 0x10000, 0, 0x1000);
		fdt_end_node(small_tree);
	}
	small_tree_end();
	small_tree_read();
}

static void there_are_512_ranges_of_ram_at_most(void)
{
	make_ranges_of_ram(511);
	EXPECT_EQ(machine.ram_count, 512);
	EXPECT_EQ(machine.ram[511].base, 0x100000000 + 510 * 0x10000);
	EXPECT_PANIC("fdt: RAM: more than 512 ranges", make_ranges_of_ram(512));
}

/* So it is if the host of an IGVM file has a map. */
static void ram_that_is_known_is_not_read(void)
{
	small_tree_begin();
	small_tree_end();
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	machine.ram_count = 1;
	machine.ram[0] =
		(struct machine_ram){ 0x100000000, 0x8000, MEMORY_RAM, 0, 0 };
	tree_read(&machine, small_tree, fdt_totalsize(small_tree));
	EXPECT_EQ(machine.ram_count, 1);
	EXPECT_EQ(machine.ram[0].base, 0x100000000);
}

/* Devicetree Specification 0.4, section 2.3.8: a bus without ranges is shut. */
static void what_the_cpu_cannot_reach_is_not_there(void)
{
	static const char *const names[] = {
		"arm,pl031",         "arm,pl061",
		"cfi-flash",         "arm,smmu-v3",
		"arm,gic-v2m-frame", "arm,gic-v3-its",
		"arm,pl011",         "qemu,fw-cfg-mmio",
		"virtio,mmio",       "pci-host-ecam-generic",
	};

	for (uint32_t is_open = 0; is_open < 2; is_open++) {
		small_tree_begin();
		fdt_begin_node(small_tree, "bus");
		ADD_CELLS("#address-cells", 2);
		ADD_CELLS("#size-cells", 2);
		if (is_open)
			fdt_property(small_tree, "ranges", NULL, 0);
		for (uint32_t i = 0; i < ARRAY_COUNT(names); i++) {
			small_tree_node(names[i], names[i]);
			ADD_CELLS("reg", 1, 0x9000000 + i * 0x100000, 0,
			          i == 9 ? 0x100000 : 0x1000);
			ADD_CELLS("interrupts", 0, i, 4);
			ADD_CELLS("#address-cells", 3);
			ADD_CELLS("#size-cells", 2);
			fdt_end_node(small_tree);
		}
		read_node();
		EXPECT_EQ(arm->pl031.size != 0, is_open);
		EXPECT_EQ(arm->pl061.size != 0, is_open);
		EXPECT_EQ(arm->flash[0].size != 0, is_open);
		EXPECT_EQ(arm->smmuv3.size != 0, is_open);
		EXPECT_EQ(arm->v2m.size != 0, is_open);
		EXPECT_EQ(arm->its.size != 0, is_open);
		EXPECT_EQ(machine.uart_count, is_open);
		EXPECT_EQ(machine.fw_cfg.is_present, is_open);
		EXPECT_EQ(machine.virtio_mmio_count, is_open);
		EXPECT_EQ(machine.pci_host_count, is_open);
	}
}

/* ---- the interrupt controller */

static void begin_gic(const char *compatible)
{
	small_tree_begin_without_gic();
	small_tree_node("gic", compatible);
	ADD_CELLS("phandle", PHANDLE_GIC);
}

/* arm,gic.yaml: distributor and CPU interface, and two more, or none */
static void a_gicv2_has_two_ranges_or_four(void)
{
	static const char *const names[] = { "arm,cortex-a15-gic",
		                             "arm,gic-400" };
	static const uint32_t cells[] = { 1, 0x1000, 0, 0x100,  1, 0x2000,
		                          0, 0x200,  1, 0x3000, 0, 0x300,
		                          1, 0x4000, 0, 0x400 };

	for (uint32_t count = 2; count <= 4; count++) {
		for (uint32_t i = 0; i < ARRAY_COUNT(names); i++) {
			begin_gic(names[i]);
			add_cells("reg", cells, count * 4);
			ADD_CELLS("#interrupt-cells", 3);
			ADD_CELLS("interrupts", 1, 9, 4);
			read_node();
			EXPECT_EQ(arm->gic_version, MACHINE_GIC_V2);
			expect_range(&arm->gicd, 0x100001000, 0x100);
			expect_range(&arm->gicc, 0x100002000, 0x200);
			EXPECT_EQ(arm->gich.size, count == 4 ? 0x300 : 0);
			EXPECT_EQ(arm->gicv.size, count == 4 ? 0x400 : 0);
			EXPECT_EQ(arm->maintenance_intid, INTID_OF_PPI + 9);
		}
	}
	expect_range(&arm->gich, 0x100003000, 0x300);
	expect_range(&arm->gicv, 0x100004000, 0x400);
	for (volatile uint32_t count = 0; count < 2; count++) {
		begin_gic("arm,gic-400");
		add_cells("reg", cells, count * 4);
		end_node();
		EXPECT_PANIC("bytes: a GICv2 has two ranges",
		             small_tree_read());
	}
}

/* Distributor, so many redistributors, then GICC, GICH and GICV, or none */
static void a_gicv3_has_its_redistributors(void)
{
	uint32_t cells[4 * 12];

	for (uint32_t i = 0; i < 12; i++) {
		cells[4 * i] = 1;
		cells[4 * i + 1] = 0x1000 * (i + 1);
		cells[4 * i + 2] = 0;
		cells[4 * i + 3] = 0x100 + i;
	}
	for (volatile uint32_t regions = 1; regions <= 8; regions++) {
		for (volatile uint32_t more = 0; more < 5; more++) {
			begin_gic("arm,gic-v3");
			add_cells("reg", cells, (regions + more) * 4);
			ADD_CELLS("#redistributor-regions", regions);
			ADD_CELLS("redistributor-stride", 2, 0x20000);
			ADD_CELLS("#interrupt-cells", 3);
			end_node();
			if (!more) {
				EXPECT_PANIC("bytes: no redistributors",
				             small_tree_read());
				continue;
			}
			small_tree_read();
			EXPECT_EQ(arm->gic_version, MACHINE_GIC_V3);
			expect_range(&arm->gicd, 0x100001000, 0x100);
			EXPECT_EQ(arm->gicr_count, regions);
			EXPECT_EQ(arm->gicr_stride, 0x200020000);
			expect_range(&arm->gicr[regions - 1],
			             0x100001000 + 0x1000 * regions,
			             0x100 + regions);
			EXPECT_EQ(arm->gicc.size,
			          more == 4 ? 0x101 + regions : 0);
			EXPECT_EQ(arm->gich.size,
			          more == 4 ? 0x102 + regions : 0);
			EXPECT_EQ(arm->gicv.size,
			          more == 4 ? 0x103 + regions : 0);
		}
	}
	begin_gic("arm,gic-v3");
	end_node();
	EXPECT_PANIC("fdt: gic: reg of 0 bytes: no distributor",
	             small_tree_read());
}

/* One region and the architecture's stride, if it does not say otherwise */
static void a_gicv3_may_say_little(void)
{
	begin_gic("arm,gic-v3");
	ADD_CELLS("reg", 0, 0x8000000, 0, 0x10000, 0, 0x80a0000, 0, 0x20000);
	ADD_CELLS("#interrupt-cells", 3);
	read_node();
	EXPECT_EQ(arm->gicr_count, 1);
	EXPECT_EQ(arm->gicr_stride, 0);
	EXPECT_EQ(arm->maintenance_intid, 0);
	begin_gic("arm,gic-v3");
	ADD_CELLS("reg", 0, 0x8000000, 0, 0x10000, 0, 0x80a0000, 0, 0x20000);
	ADD_CELLS("#interrupt-cells", 2);
	end_node();
	EXPECT_PANIC("fdt: gic: #interrupt-cells of 0x4 bytes: must be at "
	             "least 3",
	             small_tree_read());
	begin_gic("arm,gic-v3");
	ADD_CELLS("reg", 0, 0x8000000, 0, 0x10000, 0, 0x80a0000, 0, 0x20000);
	ADD_CELLS("#redistributor-regions", 9);
	end_node();
	EXPECT_PANIC("fdt: gic: #redistributor-regions of 0x4 bytes: from 1 to "
	             "8",
	             small_tree_read());
}

static void messages_have_their_frames(void)
{
	begin_node("v2m", "arm,gic-v2m-frame");
	ADD_CELLS("reg", 1, 0x8020000, 0, 0x1000);
	ADD_CELLS("arm,msi-base-spi", 80);
	ADD_CELLS("arm,msi-num-spis", 64);
	read_node();
	expect_range(&arm->v2m, 0x108020000, 0x1000);
	EXPECT_EQ(arm->v2m_spi_base, 80);
	EXPECT_EQ(arm->v2m_spi_count, 64);
	expect_range(&arm->its, 0x8080000, 0x20000);
	begin_node("v2m", "arm,gic-v2m-frame");
	read_node();
	EXPECT_EQ(arm->v2m.size, 0);
	EXPECT_EQ(arm->v2m_spi_base, 0);
	EXPECT_EQ(arm->v2m_spi_count, 0);
	begin_node("its2", "arm,gic-v3-its");
	read_node();
	EXPECT_EQ(arm->its.size, 0);
}

static void a_machine_without_a_controller_is_refused(void)
{
	small_tree_begin_without_gic();
	small_tree_node("gic", "arm,gic-v3");
	ADD_CELLS("reg", 0, 0x8000000, 0, 0x10000, 0, 0x80a0000, 0, 0x20000);
	ADD_CELLS("#interrupt-cells", 3);
	end_node();
	EXPECT_PANIC("fdt: interrupts: parent 0x1 is not the GIC, 0",
	             small_tree_read());
	small_tree_begin_without_gic();
	small_tree_end();
	EXPECT_PANIC("fdt: interrupt controller: neither a GICv2 nor a GICv3",
	             small_tree_read());
	begin_gic("arm,gic-v3");
	ADD_CELLS("reg", 0, 0x8000000, 0, 0x10000, 0, 0x80a0000, 0, 0x20000);
	ADD_CELLS("#interrupt-cells", 3);
	ADD_CELLS("phandle", PHANDLE_GIC + 4);
	end_node();
	EXPECT_PANIC("fdt: interrupts: parent 0x1 is not the GIC, 0x5",
	             small_tree_read());
}

/* ---- timers */

/* arm,arch_timer.yaml: by their order, or by their names */
static void timers_have_an_order_or_names(void)
{
	static const char two[] = "virt\0hyp-virt", odd[] = "phys\0foo\0virt";
	static const char turned[] = "hyp-virt\0hyp-phys\0virt\0phys\0sec-phys";

	begin_node("timer", "arm,armv8-timer");
	ADD_CELLS("interrupts", 1, 13, 4, 1, 14, 4, 1, 11, 4, 1, 10, 4, 1, 12,
	          8);
	fdt_property(small_tree, "always-on", NULL, 0);
	read_node();
	EXPECT_EQ(arm->timer_intid[0], 29);
	EXPECT_EQ(arm->timer_intid[1], 30);
	EXPECT_EQ(arm->timer_intid[2], 27);
	EXPECT_EQ(arm->timer_intid[3], 26);
	EXPECT_EQ(arm->timer_intid[4], 28);
	EXPECT(arm->timer_is_always_on && arm->timer_is_active_low);
	begin_node("timer", "arm,armv8-timer");
	ADD_CELLS("interrupts", 1, 13, 4, 1, 14, 4);
	fdt_property(small_tree, "interrupt-names", two, sizeof(two));
	read_node();
	EXPECT_EQ(arm->timer_intid[0], 0);
	EXPECT_EQ(arm->timer_intid[1], 0);
	EXPECT_EQ(arm->timer_intid[2], 29);
	EXPECT_EQ(arm->timer_intid[3], 0);
	EXPECT_EQ(arm->timer_intid[4], 30);
	EXPECT(!arm->timer_is_always_on && !arm->timer_is_active_low);
	begin_node("timer", "arm,armv8-timer");
	ADD_CELLS("interrupts", 1, 1, 4, 1, 2, 4, 1, 3, 4, 1, 4, 4, 1, 5, 4);
	fdt_property(small_tree, "interrupt-names", turned, sizeof(turned));
	read_node();
	for (uint32_t i = 0; i < 5; i++)
		EXPECT_EQ(arm->timer_intid[i], 21 - i);
	/* Of an unknown name the place counts, and where names end. */
	begin_node("timer", "arm,armv8-timer");
	ADD_CELLS("interrupts", 1, 1, 4, 1, 2, 4, 1, 3, 4, 1, 4, 4, 1, 5, 4, 1,
	          6, 4);
	fdt_property(small_tree, "interrupt-names", odd, sizeof(odd));
	read_node();
	EXPECT_EQ(arm->timer_intid[0], 0);
	EXPECT_EQ(arm->timer_intid[1], 18);
	EXPECT_EQ(arm->timer_intid[2], 19);
	EXPECT_EQ(arm->timer_intid[3], 20);
	EXPECT_EQ(arm->timer_intid[4], 21);
}

/* ---- UARTs and the console */

static void add_uart(const char *name, uint32_t base)
{
	small_tree_node(name, "ns16550a");
	ADD_CELLS("reg", 1, base, 0, 0x100);
	fdt_end_node(small_tree);
}

static void a_uart_is_read(void)
{
	const struct machine_uart *uart = machine.uarts;

	begin_node("serial", "ns16550a");
	ADD_CELLS("reg", 1, 0x9000000, 0, 0x123);
	ADD_CELLS("interrupts", 0, 1, 1);
	ADD_CELLS("current-speed", 9600);
	ADD_CELLS("clock-frequency", 1843200);
	ADD_CELLS("reg-shift", 3);
	read_node();
	EXPECT_EQ(machine.uart_count, 1);
	EXPECT_EQ(uart->kind, MACHINE_UART_16550_MMIO);
	EXPECT_EQ(uart->base, 0x109000000);
	EXPECT_EQ(uart->size, 0x123);
	EXPECT_EQ(uart->gsi, INTID_OF_SPI + 1);
	EXPECT_EQ(uart->baud, 9600);
	EXPECT_EQ(uart->clock_hz, 1843200);
	EXPECT_EQ(uart->reg_shift, 3);
	EXPECT(uart->is_edge);
	begin_node("serial", "arm,sbsa-uart");
	ADD_CELLS("reg", 1, 0x9000000, 0, 0x1000);
	read_node();
	EXPECT_EQ(uart->kind, MACHINE_UART_SBSA);
	EXPECT_EQ(uart->gsi, 0);
	EXPECT_EQ(uart->baud, 0);
	EXPECT_EQ(uart->clock_hz, 0);
	EXPECT_EQ(uart->reg_shift, 0);
	EXPECT(!uart->is_edge);
	begin_node("serial", "arm,pl011");
	ADD_CELLS("reg", 1, 0x9000000, 0, 0x1000);
	read_node();
	EXPECT_EQ(uart->kind, MACHINE_UART_PL011);
	begin_node("serial", "ns16550a");
	ADD_CELLS("reg", 1, 0x9000000, 0, 0x123);
	ADD_CELLS("reg-shift", 4);
	end_node();
	EXPECT_PANIC("fdt: serial: reg-shift of 0x4 bytes: from 0 to 3",
	             small_tree_read());
}

static void a_uart_without_registers_is_none(void)
{
	begin_node("serial", "ns16550a");
	ADD_CELLS("reg", 1, 0x9000000, 0, 0);
	read_node();
	EXPECT_EQ(machine.uart_count, 0);
	begin_node("serial", "ns16550a");
	read_node();
	EXPECT_EQ(machine.uart_count, 0);
}

/* Only the console's registers are mapped: a page, whatever the tree says. */
static void four_uarts_are_kept(void)
{
	static const char *const names[] = { "a", "b", "c", "d", "e" };

	fake_map_clear();
	small_tree_begin();
	for (uint32_t i = 0; i < 5; i++)
		add_uart(names[i], 0x9000000 + i * 0x10000);
	small_tree_end();
	small_tree_read();
	EXPECT_EQ(machine.uart_count, MACHINE_UART_MAX);
	for (uint32_t i = 0; i < MACHINE_UART_MAX; i++) {
		paddr_t base = 0x109000000 + i * 0x10000;

		EXPECT_EQ(machine.uarts[i].base, base);
		EXPECT_EQ(fake_map_has_device(base, 0x1000), i == 0);
	}
	EXPECT(!fake_map_has_device(0x109000000, 0x1001));
}

static void begin_bus(const char *name)
{
	fdt_begin_node(small_tree, name);
	ADD_CELLS("#address-cells", 2);
	ADD_CELLS("#size-cells", 2);
	fdt_property(small_tree, "ranges", NULL, 0);
}

static const char *stdout_path, *serial0;

/* Returns which of a machine's UARTs has become its console. */
static char console(void)
{
	paddr_t base;

	fake_map_clear();
	small_tree_begin();
	fdt_begin_node(small_tree, "aliases");
	if (serial0)
		add_string("serial0", serial0);
	fdt_end_node(small_tree);
	add_uart("a", 0x9000000);
	begin_bus("soc");
	add_uart("bb", 0x9010000);
	begin_bus("x");
	begin_bus("y");
	add_uart("d", 0x9020000);
	fdt_end_node(small_tree);
	fdt_end_node(small_tree);
	fdt_end_node(small_tree);
	add_uart("bb", 0x9030000);
	fdt_begin_node(small_tree, "chosen");
	if (stdout_path)
		add_string("stdout-path", stdout_path);
	fdt_end_node(small_tree);
	small_tree_end();
	small_tree_read();
	base = machine.uarts[0].base;
	EXPECT_EQ(machine.uart_count, 4);
	EXPECT(fake_map_has_device(base, 0x1000));
	EXPECT(!fake_map_has_device(base, 0x1001));
	if (base != 0x109000000) /* The first is where that one was. */
		EXPECT_EQ(machine.uarts[(base >> 16) - 0x10900].base,
		          0x109000000);
	return (char)('a' + ((base >> 16) - 0x10900));
}

static void expect_console(const char *path, const char *alias, char wanted)
{
	stdout_path = path;
	serial0 = alias;
	EXPECT_EQ(console(), wanted);
}

/* Devicetree Specification 0.4, section 3.6: a path or an alias, then options
 */
static void stdout_path_names_the_console(void)
{
	expect_console(NULL, NULL, 'a');
	expect_console("/a", NULL, 'a');
	expect_console("/bb", NULL, 'd');
	expect_console("/bb:115200n8", NULL, 'd');
	expect_console("/soc/bb", NULL, 'b');
	expect_console("/soc/x/y/d", NULL, 'c');
	expect_console("/soc/x/y/d:9600", NULL, 'c');
	expect_console("serial0", "/bb", 'd');
	expect_console("serial0:115200", "/soc/x/y/d", 'c');
	expect_console("serial0", NULL, 'a');
	expect_console(NULL, "/bb", 'a');
}

static void a_path_to_no_uart_leaves_the_first(void)
{
	static const char *const paths[] = {
		"/b",          "/bbb",    "/bb/",    "/bb/x",
		"bb",          "/soc",    "/soc/b",  "/soc/x/d",
		"/soc/x/y/d/", "/soc:bb", "/soc-bb", "//bb",
		"/",           "",        ":",       "/cb",
		"/bc",
	};

	for (uint32_t i = 0; i < ARRAY_COUNT(paths); i++)
		expect_console(paths[i], NULL, 'a');
}

/* ---- virtio-mmio */

static void make_slot(uint32_t size, bool has_interrupt)
{
	begin_node("slot", "virtio,mmio");
	ADD_CELLS("reg", 1, 0xa000000, 0, size);
	if (has_interrupt)
		ADD_CELLS("interrupts", 0, 16, 1);
	read_node();
}

/* VIRTIO 1.2 section 4.2.2: the registers end at 0x100. */
static void a_slot_has_registers_and_an_interrupt(void)
{
	static const uint32_t good[] = { 0x100, 0x200, 0x200000 };
	static const uint32_t bad[] = { 0, 0xff, 0x200001 };

	for (uint32_t i = 0; i < ARRAY_COUNT(good); i++) {
		make_slot(good[i], true);
		EXPECT_EQ(machine.virtio_mmio_count, 1);
		EXPECT_EQ(machine.virtio_mmio[0].paddr, 0x10a000000);
		EXPECT_EQ(machine.virtio_mmio[0].size, good[i]);
		EXPECT_EQ(machine.virtio_mmio[0].gsi, INTID_OF_SPI + 16);
		EXPECT_EQ(machine.virtio_mmio[0].more_count, 0);
		EXPECT(machine.virtio_mmio[0].is_edge);
	}
	for (uint32_t i = 0; i < ARRAY_COUNT(bad); i++) {
		make_slot(bad[i], true);
		EXPECT_EQ(machine.virtio_mmio_count, 0);
	}
	make_slot(0x200, false);
	EXPECT_EQ(machine.virtio_mmio_count, 0);
	begin_node("slot", "virtio,mmio");
	ADD_CELLS("interrupts", 0, 16, 1);
	read_node();
	EXPECT_EQ(machine.virtio_mmio_count, 0);
}

/* In one row, or in as many */
static void make_slots(uint32_t count, uint32_t step)
{
	small_tree_begin();
	for (uint32_t i = 0; i < count; i++) {
		small_tree_node("slot", "virtio,mmio");
		ADD_CELLS("reg", 0, 0xa000000 + i * step, 0, 0x200);
		ADD_CELLS("interrupts", 0, i, 4);
		fdt_end_node(small_tree);
	}
	small_tree_end();
}

static void there_are_64_slots_at_most(void)
{
	make_slots(64, 0x200);
	small_tree_read();
	EXPECT_EQ(machine.virtio_mmio_count, 1);
	EXPECT_EQ(machine.virtio_mmio[0].more_count, 63);
	make_slots(64, 0x400);
	small_tree_read();
	EXPECT_EQ(machine.virtio_mmio_count, 64);
	make_slots(65, 0x200);
	EXPECT_PANIC("fdt: virtio-mmio: more than 64", small_tree_read());
}

/* ---- SMMU and VMBus */

static void the_smmu_names_its_interrupts(void)
{
	static const char names[] = "gerror\0other\0eventq\0cmdq-sync\0priq";

	begin_node("iommu", "arm,smmu-v3");
	ADD_CELLS("reg", 1, 0x9050000, 0, 0x20000);
	ADD_CELLS("interrupts", 0, 1, 1, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 5, 1);
	fdt_property(small_tree, "interrupt-names", names, sizeof(names));
	read_node();
	expect_range(&arm->smmuv3, 0x109050000, 0x20000);
	EXPECT_EQ(arm->smmuv3_intid[0], INTID_OF_SPI + 3);
	EXPECT_EQ(arm->smmuv3_intid[1], INTID_OF_SPI + 5);
	EXPECT_EQ(arm->smmuv3_intid[2], INTID_OF_SPI + 4);
	EXPECT_EQ(arm->smmuv3_intid[3], INTID_OF_SPI + 1);
	EXPECT(!arm->smmuv3_is_coherent);
	begin_node("iommu", "arm,smmu-v3");
	ADD_CELLS("reg", 1, 0x9050000, 0, 0x20000);
	ADD_CELLS("interrupts", 0, 1, 1);
	fdt_property(small_tree, "dma-coherent", NULL, 0);
	read_node();
	EXPECT_EQ(arm->smmuv3_intid[0], 0);
	EXPECT(arm->smmuv3_is_coherent);
	begin_node("iommu", "arm,smmu-v3");
	fdt_property(small_tree, "dma-coherent", NULL, 0);
	read_node();
	EXPECT_EQ(arm->smmuv3.size, 0);
	EXPECT(!arm->smmuv3_is_coherent);
}

static void begin_vmbus(uint32_t address_cells, uint32_t size_cells)
{
	begin_node("vmbus", "microsoft,vmbus");
	ADD_CELLS("#address-cells", address_cells);
	ADD_CELLS("#size-cells", size_cells);
	ADD_CELLS("interrupts", 1, 2, 1);
}

/* Rows of six cells, or of four, which end where the property does */
static void vmbus_has_up_to_two_windows(void)
{
	const struct machine_vmbus *vmbus = &machine.vmbus;
	static const uint32_t cells[] = {
		1, 0x10, 2, 0x20, 0, 0x30, 1, 0x40, 4, 0x50, 0, 0x60,
		1, 0x70, 6, 0x80, 0, 0x90, 1, 0xa0, 9, 0xb0, 0, 0xc0,
	};

	for (uint32_t rows = 0; rows <= 4; rows++) {
		begin_vmbus(2, 2);
		add_cells("ranges", cells, rows * 6);
		read_node();
		EXPECT(vmbus->is_present);
		EXPECT_EQ(vmbus->intid, INTID_OF_PPI + 2);
		EXPECT_EQ(vmbus->mmio[0].base, rows >= 1 ? 0x200000020 : 0);
		EXPECT_EQ(vmbus->mmio[0].size, rows >= 1 ? 0x30 : 0);
		EXPECT_EQ(vmbus->mmio[1].base, rows >= 2 ? 0x400000050 : 0);
		EXPECT_EQ(vmbus->mmio[1].size, rows >= 2 ? 0x60 : 0);
	}
	for (uint32_t rows = 1; rows <= 2; rows++) {
		begin_vmbus(2, 2);
		add_cells("ranges", cells + 2, rows * 4);
		read_node();
		EXPECT_EQ(vmbus->mmio[0].base, 0x200000020);
		EXPECT_EQ(vmbus->mmio[0].size, 0x30);
		EXPECT_EQ(vmbus->mmio[1].base, rows == 2 ? 0x100000040 : 0);
		EXPECT_EQ(vmbus->mmio[1].size, rows == 2 ? 0x400000050 : 0);
	}
	for (uint32_t i = 0; i < 2; i++) {
		begin_vmbus(2 - i, 1 + i);
		add_cells("ranges", cells, 12);
		read_node();
		EXPECT(vmbus->is_present);
		EXPECT_EQ(vmbus->mmio[0].size, 0);
	}
}

static void a_vmbus_that_cannot_be_is_none(void)
{
	begin_node("vmbus", "microsoft,vmbus");
	ADD_CELLS("#address-cells", 2);
	ADD_CELLS("#size-cells", 2);
	read_node();
	EXPECT(!machine.vmbus.is_present);
	begin_vmbus(2, 2);
	ADD_CELLS("ranges", 0, 0, 1 << 20, 0, 0, 0x1000);
	end_node();
	EXPECT_PANIC("fdt: vmbus: ranges of 0x18 bytes: beyond the address "
	             "space",
	             small_tree_read());
}

/* Without a phandle, nothing can lead to a controller. */
static void a_controller_may_have_no_phandle(void)
{
	begin_gic("arm,gic-v3");
	ADD_CELLS("reg", 0, 0x8000000, 0, 0x10000, 0, 0x80a0000, 0, 0x20000);
	ADD_CELLS("#interrupt-cells", 3);
	fdt_end_node(small_tree);
	small_tree_node("its", "arm,gic-v3-its");
	ADD_CELLS("reg", 0, 0x8080000, 0, 0x20000);
	fdt_end_node(small_tree);
	small_tree_node("iommu", "arm,smmu-v3");
	ADD_CELLS("reg", 0, 0x9050000, 0, 0x20000);
	fdt_end_node(small_tree);
	small_tree_node("pcie", "pci-host-ecam-generic");
	ADD_CELLS("reg", 0, 0x20000000, 0, 0x1000000);
	ADD_CELLS("#address-cells", 3);
	ADD_CELLS("#size-cells", 2);
	ADD_CELLS("msi-parent", 1);
	ADD_CELLS("iommu-map", 0, 1, 0, 0x10000);
	read_node();
	EXPECT_EQ(machine.pci_hosts[0].msi_map.count, 0);
	EXPECT_EQ(machine.pci_hosts[0].iommu_map.count, 0);
	/* A host that names none has none, whatever the ITS is called. */
	begin_node("its2", "arm,gic-v3-its");
	ADD_CELLS("reg", 0, 0x8080000, 0, 0x20000);
	ADD_CELLS("phandle", 1);
	fdt_end_node(small_tree);
	small_tree_node("pcie", "pci-host-ecam-generic");
	ADD_CELLS("reg", 0, 0x20000000, 0, 0x1000000);
	ADD_CELLS("#address-cells", 3);
	ADD_CELLS("#size-cells", 2);
	read_node();
	EXPECT_EQ(machine.pci_hosts[0].msi_map.count, 0);
}

/* ---- Hyper-V, as OpenHCL's boot shim knows it */

/* Makes the tree that of Hyper-V, without a word on interrupts at the root. */
static void read_hyperv(void)
{
	small_tree_end();
	EXPECT_EQ(fdt_open_into(small_tree, small_tree, SMALL_TREE_SIZE), 0);
	fdt_setprop_string(small_tree, 0, "model", "microsoft,hyperv");
	fdt_delprop(small_tree, 0, "interrupt-parent");
	small_tree_read();
}

static void hyperv_has_what_it_does_not_say(void)
{
	small_tree_begin_without_gic();
	read_hyperv();
	EXPECT_EQ(arm->gic_version, MACHINE_GIC_V3);
	expect_range(&arm->gicd, 0xffff0000, 0x10000);
	EXPECT_EQ(arm->gicr_count, 1);
	expect_range(&arm->gicr[0], 0xeffee000, 0x20000);
	EXPECT(arm->has_psci && arm->psci_is_hvc);
	EXPECT_EQ(arm->timer_intid[0], 0);
	EXPECT_EQ(arm->timer_intid[1], 0);
	EXPECT_EQ(arm->timer_intid[2], 20);
	EXPECT_EQ(arm->timer_intid[3], 0);
	EXPECT(arm->timer_is_active_low);
}

/* Each of these for itself */
static void what_hyperv_says_holds(void)
{
	small_tree_begin();
	small_tree_node("psci", "arm,psci-0.2");
	add_string("method", "smc");
	fdt_end_node(small_tree);
	small_tree_node("timer", "arm,armv8-timer");
	ADD_CELLS("interrupts", 1, 13, 4, 1, 14, 4, 1, 11, 4);
	fdt_end_node(small_tree);
	read_hyperv();
	EXPECT_EQ(arm->gicd.base, 0x8000000);
	EXPECT_EQ(arm->gicr[0].base, 0x80a0000);
	EXPECT(arm->has_psci && !arm->psci_is_hvc);
	EXPECT_EQ(arm->timer_intid[2], 27);
	EXPECT(!arm->timer_is_active_low);
	small_tree_begin();
	small_tree_node("timer", "arm,armv8-timer");
	ADD_CELLS("interrupts", 1, 13, 4, 1, 14, 4);
	fdt_end_node(small_tree);
	read_hyperv();
	EXPECT_EQ(arm->timer_intid[0], 29);
	EXPECT_EQ(arm->timer_intid[1], 30);
	EXPECT_EQ(arm->timer_intid[2], 20);
	/* Of the virtual timer alone */
	small_tree_begin();
	small_tree_node("timer", "arm,armv8-timer");
	ADD_CELLS("interrupts", 1, 11, 4);
	add_string("interrupt-names", "virt");
	fdt_end_node(small_tree);
	read_hyperv();
	EXPECT_EQ(arm->timer_intid[2], 27);
	EXPECT(!arm->timer_is_active_low);
}

/* ---- a host's VMBus, as OpenHCL's host_fdt_parser reads it */

/* Adds a bus of that trust level, with one range or two. */
static void add_bus(uint32_t level, uint32_t base, uint32_t size,
                    uint32_t base2, uint32_t size2)
{
	small_tree_node("vmbus", "microsoft,vmbus");
	ADD_CELLS("#address-cells", 2);
	ADD_CELLS("#size-cells", 2);
	ADD_CELLS("microsoft,vtl", level);
	ADD_CELLS("ranges", 8, base, 8, base, 0, size, 8, base2, 8, base2, 0,
	          size2);
	fdt_end_node(small_tree);
}

static void read_buses(uint32_t own, uint32_t own_size, uint32_t other,
                       uint32_t other_size)
{
	small_tree_begin();
	add_bus(2, own, own_size, 0xf0000000, 0);
	add_bus(0, other, other_size, 0xf8000000, 0);
	small_tree_end();
	small_tree_read();
}

static void buses_lie_apart(void)
{
	const struct machine_host *host = &machine.host;

	read_buses(0x1000, 0x1000, 0x2000, 0x1000);
	EXPECT_EQ(host->paravisor_vmbus.range_count, 1);
	expect_range(&host->paravisor_vmbus.ranges[0], 0x800001000, 0x1000);
	expect_range(&host->guest_vmbus.ranges[0], 0x800002000, 0x1000);
	EXPECT_EQ(host->paravisor_vmbus.connection_id, 0);
	read_buses(0x2000, 0x1000, 0x1000, 0x1000);
	EXPECT_PANIC("fdt: VMBus: 0x1001 bytes at 0x800001000: are of VTL 0, "
	             "too",
	             read_buses(0x1000, 0x1001, 0x2000, 0x1000));
	EXPECT_PANIC("are of VTL 0, too",
	             read_buses(0x2000, 0x1000, 0x1000, 0x1001));
	/* An empty range lies nowhere. */
	read_buses(0x1000, 0x1000, 0xe0000000, 0x18000000);
	EXPECT_EQ(host->paravisor_vmbus.range_count, 1);
	read_buses(0xf0000000, 0x9000000, 0x1000, 0x1000);
}

/* Of each level there is one bus. */
static void a_level_has_one_bus(void)
{
	for (volatile uint32_t level = 0; level <= 2; level += 2) {
		small_tree_begin();
		add_bus(level, 0x1000, 0, 0x2000, 0);
		add_bus(level, 0x3000, 0, 0x4000, 0);
		small_tree_end();
		EXPECT_PANIC("fdt: vmbus: microsoft,vtl of 0x4 bytes: has "
		             "another node",
		             small_tree_read());
	}
	small_tree_begin();
	add_bus(1, 0x1000, 0, 0x2000, 0);
	small_tree_end();
	EXPECT_PANIC("fdt: vmbus: microsoft,vtl of 0x4 bytes: must be 0 or 2",
	             small_tree_read());
}

/* Both ranges are there, the lower one first. */
static void ranges_of_a_bus_are_in_order(void)
{
	const struct host_vmbus *vmbus = &machine.host.guest_vmbus;

	for (uint32_t i = 0; i < 2; i++) {
		small_tree_begin();
		add_bus(0, i ? 0x9000 : 0x1000, i ? 0x900 : 0x100,
		        i ? 0x1000 : 0x9000, i ? 0x100 : 0x900);
		small_tree_end();
		small_tree_read();
		EXPECT_EQ(vmbus->range_count, 2);
		expect_range(&vmbus->ranges[0], 0x800001000, 0x100);
		expect_range(&vmbus->ranges[1], 0x800009000, 0x900);
	}
}

static void expect_bad_cells(uint32_t parent, uint32_t address, uint32_t size,
                             uint32_t count)
{
	const uint32_t cells[24] = { 0 };

	small_tree_begin();
	fdt_begin_node(small_tree, "bus");
	ADD_CELLS("#address-cells", parent);
	ADD_CELLS("#size-cells", 2);
	small_tree_node("vmbus", "microsoft,vmbus");
	ADD_CELLS("#address-cells", address);
	ADD_CELLS("#size-cells", size);
	ADD_CELLS("microsoft,vtl", 0);
	add_cells("ranges", cells, count);
	fdt_end_node(small_tree);
	end_node();
	EXPECT_PANIC("bytes: must be one or two, of six cells",
	             small_tree_read());
}

static void ranges_of_a_bus_have_six_cells(void)
{
	expect_bad_cells(1, 2, 2, 6);
	expect_bad_cells(2, 1, 2, 6);
	expect_bad_cells(2, 2, 1, 6);
	expect_bad_cells(2, 2, 2, 5);
	expect_bad_cells(2, 2, 2, 18);
	small_tree_begin();
	add_bus(0, 0x1000, 0, 0x2000, 0);
	small_tree_end();
	small_tree_read();
	EXPECT_EQ(machine.host.guest_vmbus.range_count, 0);
}

/* What an earlier machine had is no RAM of this one. */
static void a_bus_lies_beside_ram(void)
{
	small_tree_begin();
	add_bus(0, 0x1000, 0x1000, 0, 0);
	small_tree_end();
	machine.ram[1] =
		(struct machine_ram){ 0x800000000, 0x10000, MEMORY_RAM, 0, 0 };
	small_tree_read();
	small_tree_begin();
	small_tree_node("vmbus", "microsoft,vmbus");
	ADD_CELLS("#address-cells", 2);
	ADD_CELLS("#size-cells", 2);
	ADD_CELLS("microsoft,vtl", 2);
	ADD_CELLS("microsoft,message-connection-id", 0x800074);
	ADD_CELLS("ranges", 0, 0x3ffff000, 0, 0x3ffff000, 0, 0x1000, 0,
	          0x50000000, 0, 0x50000000, 0, 0x1000);
	read_node();
	EXPECT_EQ(machine.host.paravisor_vmbus.connection_id, 0x800074);
	/* Neither of a bus may lie in RAM, by a byte. */
	for (volatile uint32_t i = 0; i < 4; i++) {
		small_tree_begin();
		small_tree_node("vmbus", "microsoft,vmbus");
		ADD_CELLS("#address-cells", 2);
		ADD_CELLS("#size-cells", 2);
		ADD_CELLS("microsoft,vtl", i & 1 ? 2 : 0);
		if (i & 2)
			ADD_CELLS("ranges", 0, 0x3ffff000, 0, 0x3ffff000, 0,
			          0x1001);
		else
			ADD_CELLS("ranges", 0, 0x4fffffff, 0, 0x4fffffff, 0,
			          0x1000);
		end_node();
		EXPECT_PANIC("in the RAM at 0x40000000", small_tree_read());
	}
}

/* ---- CPUs and how they are grouped */

#define PHANDLE_CPU 0x100

/* Adds CPUs from the number 0 on. */
static void begin_cpus(uint32_t count)
{
	small_tree_begin_without_cpu();
	fdt_begin_node(small_tree, "cpus");
	ADD_CELLS("#address-cells", 1);
	ADD_CELLS("#size-cells", 0);
	for (uint32_t i = 0; i < count; i++) {
		fdt_begin_node(small_tree, "cpu");
		add_string("device_type", "cpu");
		ADD_CELLS("reg", i);
		ADD_CELLS("phandle", PHANDLE_CPU + i);
		fdt_end_node(small_tree);
	}
}

static void end_cpus(void)
{
	fdt_end_node(small_tree);
	small_tree_end();
}

/* Adds groups with these names, in each other; the last is a CPU, or not. */
static void add_leaf(const char *const *names, uint32_t cpu)
{
	uint32_t depth = 0;

	for (; names[depth]; depth++)
		fdt_begin_node(small_tree, names[depth]);
	ADD_CELLS("cpu", PHANDLE_CPU + cpu);
	while (depth--)
		fdt_end_node(small_tree);
}

#define ADD_LEAF(cpu, ...)                                                     \
	add_leaf((const char *const[]){ __VA_ARGS__, NULL }, cpu)

/* Reads a machine of one CPU in these groups; returns its place. */
static uint32_t place_of(const char *const *names)
{
	begin_cpus(1);
	fdt_begin_node(small_tree, "cpu-map");
	add_leaf(names, 0);
	fdt_end_node(small_tree);
	end_cpus();
	small_tree_read();
	EXPECT(machine.has_cpu_places);
	return machine.cpus[0].place;
}

#define PLACE_OF(...) place_of((const char *const[]){ __VA_ARGS__, NULL })

/* cpu/cpu-topology.txt: socket, cluster, core and thread; some may be absent */
static void groups_are_counted_by_their_names(void)
{
	EXPECT_EQ(PLACE_OF("socket1", "cluster2", "core3", "thread1"),
	          MACHINE_PLACE(1, 2, 3));
	EXPECT_EQ(PLACE_OF("socket12", "cluster34", "core567"),
	          MACHINE_PLACE(12, 34, 567));
	EXPECT_EQ(PLACE_OF("socket9", "core8"), MACHINE_PLACE(9, 0, 8));
	EXPECT_EQ(PLACE_OF("cluster3", "core2"), MACHINE_PLACE(0, 3, 2));
	EXPECT_EQ(PLACE_OF("core4"), MACHINE_PLACE(0, 0, 4));
	EXPECT_EQ(PLACE_OF("thread4"), MACHINE_PLACE(0, 0, 0));
	EXPECT_EQ(PLACE_OF("socket", "cluster", "core"), 0);
	EXPECT_EQ(PLACE_OF("socket3"), MACHINE_PLACE(3, 0, 0));
	EXPECT_EQ(PLACE_OF("socket3", "cluster2"), MACHINE_PLACE(3, 2, 0));
	EXPECT_EQ(PLACE_OF("core0"), 0);
}

/* A number that is too great is as great as there can be. */
static void numbers_of_groups_are_bounded(void)
{
	EXPECT_EQ(PLACE_OF("socket255", "cluster254", "core65535"),
	          MACHINE_PLACE(255, 254, 65535));
	EXPECT_EQ(PLACE_OF("socket256", "cluster1", "core65536"),
	          MACHINE_PLACE(255, 1, 65535));
	EXPECT_EQ(PLACE_OF("socket1", "cluster256", "core2"),
	          MACHINE_PLACE(1, 255, 2));
	EXPECT_EQ(PLACE_OF("socket99999999999", "cluster4294967296", "core1"),
	          MACHINE_PLACE(255, 255, 1));
	EXPECT_EQ(PLACE_OF("socket1", "cluster1", "core42949672960"),
	          MACHINE_PLACE(1, 1, 65535));
	/* What is beside the digits in ASCII is none. */
	EXPECT_EQ(PLACE_OF("core1:2"), 1);
	EXPECT_EQ(PLACE_OF("core1/2"), 1);
	EXPECT_EQ(PLACE_OF("core:7"), 7);
	EXPECT_EQ(PLACE_OF("core10"), 10);
	EXPECT_EQ(PLACE_OF("core19x"), 19);
}

/* Two cores of a cluster, and one that is of the next */
static void make_three(uint32_t a, uint32_t b, uint32_t c)
{
	begin_cpus(3);
	fdt_begin_node(small_tree, "cpu-map");
	ADD_LEAF(a, "socket0", "cluster0", "core0");
	ADD_LEAF(b, "socket0", "cluster0", "core1");
	ADD_LEAF(c, "socket0", "cluster1", "core0");
	fdt_end_node(small_tree);
	end_cpus();
	small_tree_read();
}

static void places_are_in_the_order_of_the_cpus(void)
{
	make_three(0, 1, 2);
	EXPECT(machine.has_cpu_places);
	EXPECT_EQ(machine.cpus[0].place, MACHINE_PLACE(0, 0, 0));
	EXPECT_EQ(machine.cpus[1].place, MACHINE_PLACE(0, 0, 1));
	EXPECT_EQ(machine.cpus[2].place, MACHINE_PLACE(0, 1, 0));
	make_three(1, 0, 2);
	EXPECT(!machine.has_cpu_places);
	make_three(0, 2, 1);
	EXPECT(!machine.has_cpu_places);
	/* One that is named twice stands for another. */
	make_three(0, 1, 1);
	EXPECT(!machine.has_cpu_places);
	make_three(0, 0, 2);
	EXPECT(!machine.has_cpu_places);
	make_three(1, 1, 2);
	EXPECT(!machine.has_cpu_places);
	EXPECT_PANIC("fdt: cpu-map: phandle 0x103 is no CPU",
	             make_three(0, 1, 3));
}

/* The CPU that runs comes first, with its phandle. */
static void the_boot_cpu_keeps_its_phandle(void)
{
	make_three(2, 0, 1);
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	arm->boot_mpidr = 2;
	tree_read(&machine, small_tree, fdt_totalsize(small_tree));
	EXPECT_EQ(machine.cpus[0].id, 2);
	EXPECT_EQ(machine.cpus[1].id, 0);
	EXPECT_EQ(machine.cpus[2].id, 1);
	EXPECT(machine.has_cpu_places);
	EXPECT_EQ(machine.cpus[0].place, MACHINE_PLACE(0, 0, 0));
	EXPECT_EQ(machine.cpus[2].place, MACHINE_PLACE(0, 1, 0));
}

/* Such a CPU is not meant by any number. */
static void a_cpu_may_have_no_phandle(void)
{
	small_tree_begin_without_cpu();
	fdt_begin_node(small_tree, "cpus");
	ADD_CELLS("#address-cells", 1);
	ADD_CELLS("#size-cells", 0);
	fdt_begin_node(small_tree, "cpu");
	add_string("device_type", "cpu");
	ADD_CELLS("reg", 0);
	fdt_end_node(small_tree);
	fdt_begin_node(small_tree, "cpu-map");
	fdt_begin_node(small_tree, "core0");
	ADD_CELLS("cpu", 1);
	fdt_end_node(small_tree);
	fdt_end_node(small_tree);
	end_cpus();
	EXPECT_PANIC("fdt: cpu-map: phandle 0x1 is no CPU", small_tree_read());
}

/* The very last place of all is none. */
static void the_last_place_is_none(void)
{
	begin_cpus(1);
	fdt_begin_node(small_tree, "cpu-map");
	ADD_LEAF(0, "socket255", "cluster255", "core65535");
	fdt_end_node(small_tree);
	end_cpus();
	small_tree_read();
	EXPECT(!machine.has_cpu_places);
}

/* All CPUs have a place, or none. What is at no CPU has none. */
static void a_map_has_each_cpu(void)
{
	begin_cpus(2);
	fdt_begin_node(small_tree, "cpu-map");
	ADD_LEAF(0, "core0");
	fdt_begin_node(small_tree, "core1");
	fdt_end_node(small_tree);
	fdt_end_node(small_tree);
	end_cpus();
	small_tree_read();
	EXPECT(!machine.has_cpu_places);
	begin_cpus(1);
	fdt_begin_node(small_tree, "cpu-map");
	ADD_LEAF(0, "core0");
	ADD_LEAF(0, "core1");
	fdt_end_node(small_tree);
	end_cpus();
	small_tree_read();
	EXPECT(!machine.has_cpu_places);
	/* Elsewhere such a node is no map. */
	begin_cpus(1);
	fdt_begin_node(small_tree, "a");
	fdt_begin_node(small_tree, "cpu-map");
	ADD_LEAF(0, "core0");
	fdt_end_node(small_tree);
	fdt_end_node(small_tree);
	end_cpus();
	small_tree_read();
	EXPECT(!machine.has_cpu_places);
}

/* Leaves behind as many as there can be CPUs are not looked at. */
static void there_are_1024_cpus_at_most(void)
{
	char name[] = "core0000";

	begin_cpus(1024);
	fdt_begin_node(small_tree, "cpu-map");
	for (uint32_t i = 0; i <= 1024; i++) {
		snprintf(name, sizeof(name), "core%u", i % 10000);
		ADD_LEAF(i % 1024, name);
	}
	fdt_end_node(small_tree);
	end_cpus();
	small_tree_read();
	EXPECT_EQ(machine.cpu_count, 1024);
	EXPECT_EQ(machine.cpus[1023].id, 1023);
	EXPECT(machine.has_cpu_places);
	EXPECT_EQ(machine.cpus[1023].place, 1023);
	begin_cpus(1025);
	end_cpus();
	EXPECT_PANIC("fdt: CPUs: more than 1024", small_tree_read());
	begin_cpus(0);
	end_cpus();
	EXPECT_PANIC("fdt: CPUs: none", small_tree_read());
}

/* arm/cpus.yaml: one cell or two, and no more than one CPU's number */
static void the_number_of_a_cpu_has_its_cells(void)
{
	for (volatile uint32_t cells = 0; cells <= 3; cells++) {
		for (volatile uint32_t count = 0; count <= 4; count++) {
			const uint32_t reg[4] = { 1, 2, 3, 4 };

			small_tree_begin_without_cpu();
			fdt_begin_node(small_tree, "cpus");
			ADD_CELLS("#address-cells", cells);
			ADD_CELLS("#size-cells", 0);
			fdt_begin_node(small_tree, "cpu");
			add_string("device_type", "cpu");
			add_cells("reg", reg, count);
			fdt_end_node(small_tree);
			end_cpus();
			if (cells != count || cells < 1 || cells > 2) {
				EXPECT_PANIC("bytes: must be one CPU's number",
				             small_tree_read());
				continue;
			}
			small_tree_read();
			EXPECT_EQ(machine.cpus[0].id,
			          cells == 1 ? 1 : 0x100000002);
		}
	}
}

/* A CPU that the kernel must enable is one of the machine's, too. */
static void a_cpu_may_be_disabled(void)
{
	begin_cpus(1);
	fdt_begin_node(small_tree, "cpu");
	add_string("device_type", "cpu");
	ADD_CELLS("reg", 7);
	ADD_CELLS("numa-node-id", 3);
	add_string("status", "disabled");
	fdt_end_node(small_tree);
	end_cpus();
	small_tree_read();
	EXPECT_EQ(machine.cpu_count, 2);
	EXPECT_EQ(machine.cpus[1].id, 7);
	EXPECT_EQ(machine.cpus[1].node, 3);
	EXPECT_EQ(machine.node_count, 4);
}

/* ---- memory and what is chosen */

static void begin_reserved(void)
{
	begin_node("r", "x");
	fdt_end_node(small_tree);
	fdt_begin_node(small_tree, "reserved-memory");
	ADD_CELLS("#address-cells", 2);
	ADD_CELLS("#size-cells", 2);
	fdt_property(small_tree, "ranges", NULL, 0);
	fdt_begin_node(small_tree, "buffer");
}

static void read_reserved(void)
{
	fdt_end_node(small_tree);
	read_node();
}

/* bindings/reserved-memory: reusable memory is the kernel's. */
static void reserved_memory_may_be_reusable(void)
{
	for (uint32_t i = 0; i < 4; i++) {
		begin_reserved();
		ADD_CELLS("reg", 1, 0x1000, 0, 0x2000, 2, 0x3000, 0, 0x4000);
		if (i & 1)
			fdt_property(small_tree, "reusable", NULL, 0);
		if (i & 2)
			fdt_property(small_tree, "no-map", NULL, 0);
		read_reserved();
		EXPECT_EQ(machine.reserved_count, i == 1 ? 0 : 2);
		if (i == 1)
			continue;
		expect_range(&machine.reserved[0].range, 0x100001000, 0x2000);
		expect_range(&machine.reserved[1].range, 0x200003000, 0x4000);
		EXPECT_EQ(machine.reserved[0].is_no_map, i >= 2);
		EXPECT_EQ(machine.reserved[1].is_no_map, i >= 2);
	}
}

static void make_reservations(uint32_t count, uint64_t base, uint64_t size)
{
	static _Alignas(8) uint8_t tree[SMALL_TREE_SIZE + 0x1000];

	small_tree_begin();
	small_tree_end();
	EXPECT_EQ(fdt_open_into(small_tree, tree, sizeof(tree)), 0);
	for (uint32_t i = 0; i < count; i++)
		EXPECT_EQ(fdt_add_mem_rsv(tree, base + i * 0x1000, size), 0);
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	tree_read(&machine, tree, fdt_totalsize(tree));
}

static void there_are_32_reservations_at_most(void)
{
	make_reservations(32, 0x140000000, 0x800);
	EXPECT_EQ(machine.reserved_count, 32);
	expect_range(&machine.reserved[31].range, 0x14001f000, 0x800);
	EXPECT(!machine.reserved[31].is_no_map);
	EXPECT_PANIC("fdt: reserved memory: more than 32 ranges",
	             make_reservations(33, 0x140000000, 0x800));
	make_reservations(1, 0x1000, UINT64_MAX - 0x1000);
	EXPECT_EQ(machine.reserved_count, 1);
	EXPECT_PANIC("fdt: reserved memory: 0xfffffffffffff000 bytes at "
	             "0x1000: beyond the address space",
	             make_reservations(1, 0x1000, UINT64_MAX - 0xfff));
}

static void begin_chosen(void)
{
	small_tree_begin();
	fdt_begin_node(small_tree, "chosen");
}

/* booting.rst: the end is behind the initrd. */
static void an_initrd_has_a_start_and_an_end(void)
{
	const struct machine_range *initrd = &machine.given.initrd;

	begin_chosen();
	ADD_CELLS("linux,initrd-start", 1, 0x48000000);
	ADD_CELLS("linux,initrd-end", 2, 0x48001234);
	add_string("bootargs", "quiet");
	read_node();
	expect_range(initrd, 0x148000000, 0x100001234);
	EXPECT_STR(machine.given.cmdline, "quiet");
	begin_chosen();
	ADD_CELLS("linux,initrd-start", 0x48000000);
	ADD_CELLS("linux,initrd-end", 0x48000001);
	fdt_property(small_tree, "bootargs", "quiet", 5);
	read_node();
	expect_range(initrd, 0x48000000, 1);
	EXPECT(!machine.given.cmdline);
	begin_chosen();
	ADD_CELLS("linux,initrd-start", 0x48000000);
	ADD_CELLS("linux,initrd-end", 0x48000000);
	read_node();
	EXPECT_EQ(initrd->size, 0);
	begin_chosen();
	ADD_CELLS("linux,initrd-start", 0x48000000);
	read_node();
	EXPECT_EQ(initrd->size, 0);
	/* What lacks its start begins at 0, where there is no RAM for it. */
	begin_chosen();
	ADD_CELLS("linux,initrd-end", 0x5000);
	read_node();
	expect_range(initrd, 0, 0x5000);
}

/* Of two such nodes the last one counts. */
static void chosen_may_be_there_twice(void)
{
	begin_chosen();
	add_string("rng-seed", "seed");
	add_string("bootargs", "first");
	ADD_CELLS("kaslr-seed", 7);
	ADD_CELLS("linux,initrd-end", 0x5000);
	fdt_end_node(small_tree);
	fdt_begin_node(small_tree, "chosen");
	read_node();
	EXPECT(!arm->has_rng_seed);
	EXPECT_EQ(arm->kaslr_seed, 0);
	EXPECT(!machine.given.cmdline);
}

/* Of 64 bytes; one of zeros only has been taken before. */
static void a_seed_has_64_bytes_at_most(void)
{
	uint8_t seed[65] = { 0 };

	for (uint32_t size = 1; size <= sizeof(seed); size++) {
		memset(seed, 0, sizeof(seed));
		begin_chosen();
		fdt_property(small_tree, "rng-seed", seed, (int)size);
		read_node();
		EXPECT(!arm->has_rng_seed);
		seed[size - 1] = 0x80;
		begin_chosen();
		fdt_property(small_tree, "rng-seed", seed, (int)size);
		read_node();
		EXPECT_EQ(arm->has_rng_seed, size <= 64);
		EXPECT_EQ(arm->rng_seed_size, size <= 64 ? size : 64);
		EXPECT(!memcmp(arm->rng_seed, seed, arm->rng_seed_size));
	}
	begin_chosen();
	ADD_CELLS("kaslr-seed", 0x12345678, 0x9abcdef0);
	read_node();
	EXPECT_EQ(arm->kaslr_seed, 0x123456789abcdef0);
	begin_chosen();
	read_node();
	EXPECT_EQ(arm->kaslr_seed, 0);
	EXPECT(!arm->has_rng_seed);
	EXPECT_EQ(arm->rng_seed_size, 0);
}

/* bindings/numa.txt: rows of two nodes and their distance, in both directions
 */
static void distances_are_in_rows(void)
{
	begin_node("distance-map", "numa-distance-map-v1");
	ADD_CELLS("distance-matrix", 0, 1, 21, 2, 63, 99, 1, 1, 10, 1, 2);
	read_node();
	EXPECT(machine.has_distances);
	EXPECT_EQ(machine.distances[0][1], 21);
	EXPECT_EQ(machine.distances[1][0], 21);
	EXPECT_EQ(machine.distances[2][63], 99);
	EXPECT_EQ(machine.distances[63][2], 99);
	/* What no row says: 10 to itself, 20 to any other */
	for (uint32_t i = 0; i < MACHINE_NODE_MAX; i++) {
		EXPECT_EQ(machine.distances[i][i], 10);
		EXPECT_EQ(machine.distances[i][(i + 5) % MACHINE_NODE_MAX], 20);
	}
	EXPECT_EQ(machine.distances[1][2], 20);
}

static void expect_no_distance(uint32_t a, uint32_t b, uint32_t distance,
                               const char *line)
{
	begin_node("distance-map", "numa-distance-map-v1");
	ADD_CELLS("distance-matrix", a, b, distance);
	end_node();
	EXPECT_PANIC(line, small_tree_read());
}

static void a_distance_that_cannot_be_is_refused(void)
{
	static const char great[] =
		"fdt: distance-map: distance-matrix of 0xc bytes: too great a "
		"number";
	static const char other[] =
		"fdt: distance-map: distance-matrix of 0xc bytes: no such "
		"distance of a node";

	expect_no_distance(64, 0, 20, great);
	expect_no_distance(0, 64, 20, great);
	expect_no_distance(UINT32_MAX, 0, 20, great);
	expect_no_distance(0, 1, 256, great);
	expect_no_distance(63, 63, 9, other);
	expect_no_distance(63, 63, 11, other);
	expect_no_distance(63, 62, 10, other);
}

int main(void)
{
	RUN(psci_has_a_method);
	RUN(a_node_is_one_device);
	RUN(a_disabled_node_of_the_host_is_not_read);
	RUN(flash_has_up_to_two_ranges);
	RUN(only_what_is_okay_is_there);
	RUN(the_clock_has_registers_and_an_interrupt);
	RUN(the_power_key_is_one_of_the_keys);
	RUN(a_phandle_is_not_made_up);
	RUN(a_key_has_two_cells_at_least);
	RUN(fw_cfg_has_its_registers);
	RUN(the_kernel_is_told_of_no_other_memory);
	RUN(memory_at_its_limits);
	RUN(ram_is_sorted);
	RUN(there_are_512_ranges_of_ram_at_most);
	RUN(ram_that_is_known_is_not_read);
	RUN(what_the_cpu_cannot_reach_is_not_there);
	RUN(a_gicv2_has_two_ranges_or_four);
	RUN(a_gicv3_has_its_redistributors);
	RUN(a_gicv3_may_say_little);
	RUN(messages_have_their_frames);
	RUN(a_machine_without_a_controller_is_refused);
	RUN(timers_have_an_order_or_names);
	RUN(a_uart_is_read);
	RUN(a_uart_without_registers_is_none);
	RUN(four_uarts_are_kept);
	RUN(stdout_path_names_the_console);
	RUN(a_path_to_no_uart_leaves_the_first);
	RUN(a_slot_has_registers_and_an_interrupt);
	RUN(there_are_64_slots_at_most);
	RUN(the_smmu_names_its_interrupts);
	RUN(vmbus_has_up_to_two_windows);
	RUN(a_vmbus_that_cannot_be_is_none);
	RUN(a_controller_may_have_no_phandle);
	RUN(hyperv_has_what_it_does_not_say);
	RUN(what_hyperv_says_holds);
	RUN(buses_lie_apart);
	RUN(a_level_has_one_bus);
	RUN(ranges_of_a_bus_are_in_order);
	RUN(ranges_of_a_bus_have_six_cells);
	RUN(a_bus_lies_beside_ram);
	RUN(groups_are_counted_by_their_names);
	RUN(numbers_of_groups_are_bounded);
	RUN(places_are_in_the_order_of_the_cpus);
	RUN(the_boot_cpu_keeps_its_phandle);
	RUN(a_cpu_may_have_no_phandle);
	RUN(the_last_place_is_none);
	RUN(a_map_has_each_cpu);
	RUN(there_are_1024_cpus_at_most);
	RUN(the_number_of_a_cpu_has_its_cells);
	RUN(a_cpu_may_be_disabled);
	RUN(reserved_memory_may_be_reusable);
	RUN(there_are_32_reservations_at_most);
	RUN(an_initrd_has_a_start_and_an_end);
	RUN(chosen_may_be_there_twice);
	RUN(a_seed_has_64_bytes_at_most);
	RUN(distances_are_in_rows);
	RUN(a_distance_that_cannot_be_is_refused);
	return test_status();
}
