/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_fdt.c - machines from device trees, good ones and others */
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "arch/aarch64/probe/tree.h"
#include "arch/aarch64/probe/tree_state.h"
#include "common/arch.h"
#include "common/spec/igvm_params.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/test.h"
#include "tests/unit/trees.h"

static struct machine machine;

/* Each name ends within its row, is found there, and is in order. */
static void expect_names(const char names[][DT_NAME_SIZE], uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		EXPECT_EQ(names[i][DT_NAME_SIZE - 1], 0);
		EXPECT_EQ(dt_find_name(names, count, names[i]), i);
		EXPECT_EQ(dt_find_name(names, count, names[i] + 1), count);
		if (i)
			EXPECT(strcmp(names[i - 1], names[i]) < 0);
	}
	EXPECT_EQ(dt_find_name(names, count, ""), count);
	EXPECT_EQ(dt_find_name(names, count, "zzz"), count);
}

static void names_are_found(void)
{
	expect_names(dt_common_names, DT_COMMON_COUNT);
	expect_names(arch_property_names, arch_property_count);
	for (uint32_t i = 0; i < DT_PROPERTY_COUNT; i++)
		EXPECT_EQ(dt_find_property(dt_property_name(i)), i);
	EXPECT_EQ(dt_find_property("reg"), DT_REG);
	EXPECT_EQ(dt_find_property("stdout-path"), DT_STDOUT_PATH);
	EXPECT_EQ(dt_find_property("interrupt-m"), DT_PROPERTY_COUNT);
	EXPECT_EQ(dt_find_property("interrupt"), DT_PROPERTY_COUNT);
}

static void compatible_strings_are_found(void)
{
	static const char *const some[] = {
		[TREE_PMU] = "arm,armv8-pmuv3",
		[TREE_GICV3] = "arm,gic-v3",
		[TREE_ITS] = "arm,gic-v3-its",
		[TREE_PCI_ECAM] = "pci-host-ecam-generic",
		[TREE_VIRTIO_MMIO] = "virtio,mmio",
	};

	expect_names(tree_compatibles, TREE_COMPATIBLE_COUNT);
	for (uint32_t i = 0; i < ARRAY_COUNT(some); i++) {
		if (some[i])
			EXPECT_EQ(dt_find_name(tree_compatibles,
			                       TREE_COMPATIBLE_COUNT, some[i]),
			          i);
	}
	EXPECT_EQ(dt_find_name(tree_compatibles, TREE_COMPATIBLE_COUNT,
	                       "arm,gic-v3-"),
	          TREE_OTHER);
}

static void qemu_gicv2_is_read(void)
{
	const struct machine_arm *arm = &machine.arm;

	trees_fill_machine(&machine, "qemu-gicv2");
	EXPECT_EQ(machine.cpu_count, 2);
	EXPECT_EQ(machine.cpus[1].id, 1);
	EXPECT_EQ(machine.ram_count, 1);
	EXPECT_EQ(machine.ram[0].base, 0x40000000);
	EXPECT_EQ(machine.ram[0].size, 0x10000000);
	EXPECT_EQ(arm->gic_version, MACHINE_GIC_V2);
	EXPECT_EQ(arm->gicd.base, 0x8000000);
	EXPECT_EQ(arm->gicc.base, 0x8010000);
	EXPECT_EQ(arm->v2m.base, 0x8020000);
	EXPECT_EQ(arm->v2m_spi_count, 0);
	EXPECT_EQ(arm->timer_intid[0], 29);
	EXPECT_EQ(arm->timer_intid[1], 30);
	EXPECT_EQ(arm->timer_intid[2], 27);
	EXPECT_EQ(arm->timer_intid[3], 26);
	EXPECT(arm->timer_is_always_on && !arm->timer_is_active_low);
	EXPECT_EQ(arm->pmu_intid, 23);
	EXPECT(arm->has_psci && arm->psci_is_hvc);
	EXPECT(arm->has_power_key);
	EXPECT_EQ(arm->pl061_power_pin, 3);
	EXPECT_EQ(arm->pl031.base, 0x9010000);
	EXPECT_EQ(arm->flash[1].base, 0x4000000);
	EXPECT_EQ(arm->kaslr_seed, 0x123456789abcdef0);
	EXPECT_EQ(arm->rng_seed_size, 32);
	EXPECT_EQ(machine.fw_cfg.paddr, 0x9020000);
	EXPECT_EQ(machine.virtio_mmio_count, 1);
	EXPECT_EQ(machine.virtio_mmio[0].paddr, 0xa000000);
	EXPECT_EQ(machine.virtio_mmio[0].size, 0x200);
	EXPECT_EQ(machine.virtio_mmio[0].gsi, 32 + 16);
	EXPECT_EQ(machine.virtio_mmio[0].more_count, 31);
	EXPECT(machine.virtio_mmio[0].is_edge);
}

/* Counts how often these bytes are in the tree. */
static uint32_t count_in(const struct trees_blob *tree, const void *bytes,
                         uint32_t size)
{
	uint32_t count = 0;

	for (uint32_t at = 0; at + size <= tree->size; at++)
		count += !memcmp(tree->data + at, bytes, size);
	return count;
}

/* The kernel gets the RAM that the tree is in. */
static void seeds_are_taken_out_of_the_tree(void)
{
	static const uint8_t rng[] = { 0, 0, 0, 1, 0, 0, 0, 2,
		                       0, 0, 0, 3, 0, 0, 0, 4 },
			     kaslr[] = { 0x12, 0x34, 0x56, 0x78,
		                         0x9a, 0xbc, 0xde, 0xf0 };

	for (uint32_t is_ours = 0; is_ours < 2; is_ours++) {
		struct trees_blob tree = trees_load("qemu-gicv2");

		EXPECT_EQ(count_in(&tree, rng, sizeof(rng)), 1);
		EXPECT_EQ(count_in(&tree, kaslr, sizeof(kaslr)), 1);
		memset(&machine, 0, MACHINE_CLEAR_SIZE);
		machine.arm.fdt_is_ours = is_ours;
		tree_read(&machine, tree.data, tree.size);
		EXPECT(!memcmp(machine.arm.rng_seed, rng, sizeof(rng)));
		EXPECT(machine.arm.has_rng_seed);
		EXPECT_EQ(machine.arm.kaslr_seed, 0x123456789abcdef0);
		EXPECT_EQ(count_in(&tree, rng, sizeof(rng)), is_ours);
		EXPECT_EQ(count_in(&tree, kaslr, sizeof(kaslr)), is_ours);
		/* After a reset that does not renew the tree, there is none. */
		memset(&machine, 0, MACHINE_CLEAR_SIZE);
		machine.arm.fdt_is_ours = is_ours;
		tree_read(&machine, tree.data, tree.size);
		EXPECT_EQ(machine.arm.has_rng_seed, is_ours);
		EXPECT_EQ(machine.arm.kaslr_seed != 0, is_ours);
		free(tree.data);
	}
}

static void qemu_pci_is_read(void)
{
	const struct machine_pci_host *host = machine.pci_hosts;

	trees_fill_machine(&machine, "qemu-gicv2");
	EXPECT_EQ(machine.pci_host_count, 1);
	EXPECT_EQ(host->ecam_paddr, 0x4010000000);
	EXPECT_EQ(host->bus_last, 255);
	EXPECT_EQ(host->io.size, 0x10000);
	EXPECT_EQ(host->io_paddr, 0x3eff0000);
	EXPECT_EQ(host->mmio32.base, 0x10000000);
	EXPECT_EQ(host->mmio64.base, 0x8000000000);
	EXPECT_EQ(host->intx_count, 4);
	EXPECT_EQ(host->intx_gsi[0], 35);
	EXPECT_EQ(host->intx_gsi[3], 38);
	EXPECT(host->is_dma_coherent);
	EXPECT_EQ(host->msi_map.count, 0);

	trees_fill_machine(&machine, "qemu-gicv3-lowmem");
	EXPECT_EQ(host->ecam_paddr, 0x3f000000);
	EXPECT_EQ(host->bus_last, 15);
	EXPECT_EQ(host->mmio64.size, 0);
}

static void nodes_smmu_and_its_are_read(void)
{
	const struct machine_arm *arm = &machine.arm;

	trees_fill_machine(&machine, "qemu-gicv3-its-smmu-numa");
	EXPECT_EQ(machine.node_count, 2);
	EXPECT_EQ(machine.ram[0].node, 0);
	EXPECT_EQ(machine.ram[1].node, 1);
	EXPECT_EQ(machine.cpus[3].node, 1);
	EXPECT(machine.has_distances);
	EXPECT_EQ(machine.distances[0][0], 10);
	EXPECT_EQ(machine.distances[1][0], 42);
	EXPECT_EQ(arm->gic_version, MACHINE_GIC_V3);
	EXPECT_EQ(arm->its.base, 0x8080000);
	EXPECT_EQ(arm->gicr_count, 1);
	EXPECT_EQ(arm->gicr[0].base, 0x80a0000);
	EXPECT_EQ(arm->maintenance_intid, 25);
	EXPECT_EQ(arm->smmuv3.base, 0x9050000);
	EXPECT_EQ(arm->smmuv3_intid[0], 32 + 0x4a);
	EXPECT_EQ(arm->smmuv3_intid[3], 32 + 0x4d);
	EXPECT(!arm->psci_is_hvc && arm->has_psci);
	EXPECT_EQ(machine.pci_hosts[0].msi_map.count, 0x10000);
	EXPECT_EQ(machine.pci_hosts[0].iommu_map.count, 0x10000);
}

/* The console must be mapped when the tree has been read. */
static bool console_is_mapped(void)
{
	bool is_mapped = fake_map_has_device(machine.uarts[0].base,
	                                     machine.uarts[0].size);

	fake_map_clear();
	return is_mapped;
}

static void consoles_are_found(void)
{
	fake_map_clear();
	trees_fill_machine(&machine, "cloud-hypervisor");
	EXPECT_EQ(machine.uarts[0].kind, MACHINE_UART_PL011);
	EXPECT(machine.uarts[0].is_edge);
	EXPECT(console_is_mapped());
	trees_fill_machine(&machine, "firecracker");
	EXPECT_EQ(machine.uarts[0].kind, MACHINE_UART_16550_MMIO);
	EXPECT_EQ(machine.uarts[0].base, 0x40002000);
	EXPECT(console_is_mapped());
	trees_fill_machine(&machine, "crosvm");
	EXPECT_EQ(machine.uarts[0].base, 0x3f8);
	EXPECT_EQ(machine.uarts[1].base, 0x2f8);
	EXPECT(console_is_mapped());
	trees_fill_machine(&machine, "kvmtool");
	EXPECT_EQ(machine.uarts[0].base, 0x1000000);
	EXPECT_EQ(machine.uarts[0].clock_hz, 1843200);
	trees_fill_machine(&machine, "openvmm");
	EXPECT_EQ(machine.uarts[0].kind, MACHINE_UART_SBSA);
	EXPECT_EQ(machine.uarts[0].base, 0xeffec000);
	EXPECT(console_is_mapped());
}

static void routes_without_a_rule_are_listed(void)
{
	const struct machine_pci_host *host = machine.pci_hosts;

	trees_fill_machine(&machine, "cloud-hypervisor");
	EXPECT_EQ(host->intx_count, 0);
	EXPECT_EQ(host->route_count, 2);
	EXPECT_EQ(machine.pci_routes[1].slot, 2);
	EXPECT_EQ(machine.pci_routes[1].gsi, 32 + 0x24);
	EXPECT_EQ(host->bus_last, 0);
	EXPECT_EQ(host->ecam_size, 0x100000);
	EXPECT_EQ(host->msi_map.count, 0x100);
	trees_fill_machine(&machine, "crosvm");
	EXPECT(host->is_cam);
	EXPECT_EQ(host->mmio32.base, 0x2000000);
	EXPECT_EQ(host->msi_map.count, 0x10000);
	EXPECT_EQ(machine.pci_routes[1].pin, 1);
}

static void chosen_and_reservations_are_read(void)
{
	const struct machine_arm *arm = &machine.arm;

	trees_fill_machine(&machine, "cloud-hypervisor");
	EXPECT_EQ(machine.given.initrd.base, 0x143000000);
	EXPECT_EQ(machine.given.initrd.size, 0x100000);
	EXPECT_EQ(machine.ram_count, 2);
	EXPECT_EQ(machine.ram[1].base, 0x100000000);
	trees_fill_machine(&machine, "crosvm");
	EXPECT_EQ(machine.given.initrd.base, 0x82000000);
	EXPECT_EQ(machine.reserved_count, 1);
	EXPECT_EQ(machine.reserved[0].range.base, 0x9fe00000);
	EXPECT(machine.reserved[0].is_no_map);
	EXPECT(arm->timer_is_active_low);
	EXPECT_STR(machine.given.cmdline, "panic=-1 console=ttyS0");
}

/* Reusable ranges and empty ones are not reserved. */
static void reserved_is_what_is_kept_for_others(void)
{
	static const uint64_t bases[] = { 0x1041000000, 0x1042000000,
		                          0x1043000000, 0x1043100000 };

	trees_fill_machine(&machine, "soc");
	EXPECT_EQ(machine.reserved_count, ARRAY_COUNT(bases));
	for (uint32_t i = 0; i < ARRAY_COUNT(bases); i++) {
		EXPECT_EQ(machine.reserved[i].range.base, bases[i]);
		EXPECT_EQ(machine.reserved[i].range.size, 0x10000);
		EXPECT_EQ(machine.reserved[i].is_no_map, i >= 2);
	}
}

/* What a host types as neither RAM nor the paravisor's is no RAM. */
static void memory_has_a_type(void)
{
	struct trees_blob blob = trees_load("openvmm");
	uint8_t tree[0x4000];

	for (uint32_t type = 0; type < 6; type++) {
		fdt_open_into(blob.data, tree, sizeof(tree));
		fdt_setprop_u32(tree, fdt_path_offset(tree, "/memory@40000000"),
		                "microsoft,igvm-type", type);
		memset(&machine, 0, MACHINE_CLEAR_SIZE);
		if (type != IGVM_MEMORY_RAM &&
		    type != IGVM_MEMORY_VTL2_PROTECTABLE) {
			EXPECT_PANIC("fdt: memory: no RAM at all",
			             tree_read(&machine, tree, sizeof(tree)));
			continue;
		}
		tree_read(&machine, tree, sizeof(tree));
		EXPECT_EQ(machine.ram[0].type, MEMORY_RAM);
		EXPECT_EQ(machine.ram[0].igvm_type, type);
	}
	free(blob.data);
}

/* What OpenHCL's shim knows of Hyper-V without the host's word. */
static void hyperv_leaves_things_out(void)
{
	static const char *const gone[] = { "/psci", "/intc@ffff0000", "/timer",
		                            "/pcie@e0000000" };
	const struct machine_arm *arm = &machine.arm;
	struct trees_blob blob = trees_load("openvmm");
	uint8_t tree[0x4000];

	fdt_open_into(blob.data, tree, sizeof(tree));
	for (uint32_t i = 0; i < ARRAY_COUNT(gone); i++)
		fdt_del_node(tree, fdt_path_offset(tree, gone[i]));
	fdt_delprop(tree, 0, "interrupt-parent");
	fdt_delprop(tree, fdt_path_offset(tree, "/openvmm"),
	            "interrupt-parent");
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	EXPECT_PANIC("fdt: interrupt controller: neither a GICv2 nor a GICv3",
	             tree_read(&machine, tree, sizeof(tree)));
	fdt_setprop_string(tree, 0, "model", "microsoft,hyperv");
	fdt_setprop_string(tree, fdt_add_subnode(tree, 0, "thing"),
	                   "compatible", "vmm,thing");
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	tree_read(&machine, tree, sizeof(tree));
	EXPECT_EQ(arm->gic_version, MACHINE_GIC_V3);
	EXPECT_EQ(arm->gicd.base, 0xffff0000);
	EXPECT_EQ(arm->gicr[0].base, 0xeffee000);
	EXPECT_EQ(arm->gicr[0].size, 2 * 0x20000);
	EXPECT(arm->has_psci && arm->psci_is_hvc);
	EXPECT_EQ(arm->timer_intid[2], 20);
	EXPECT(arm->timer_is_active_low);
	EXPECT_EQ(machine.uarts[0].gsi, 33);
	/* Its interrupts have the cells that the kernel's tree has. */
	EXPECT_EQ(arm->passed_count, 1);
	free(blob.data);
}

/* /soc is coherent, hence its children, unless one says otherwise. */
static void coherence_is_inherited(void)
{
	trees_fill_machine(&machine, "soc");
	EXPECT(machine.pci_hosts[0].is_dma_coherent);
	EXPECT(!machine.pci_hosts[1].is_dma_coherent);
	EXPECT(machine.arm.smmuv3_is_coherent);
	trees_fill_machine(&machine, "qemu-gicv3-its-smmu-numa");
	EXPECT(machine.pci_hosts[0].is_dma_coherent);
	EXPECT(machine.arm.smmuv3_is_coherent);
}

static void addresses_on_a_bus_are_translated(void)
{
	const struct machine_pci_host *host = machine.pci_hosts;

	trees_fill_machine(&machine, "soc");
	EXPECT_EQ(machine.uarts[0].base, 0x1009000000);
	/* The root names no controller, but nodes with interrupts do. */
	EXPECT_EQ(machine.uarts[0].gsi, 33);
	EXPECT_EQ(machine.arm.timer_intid[2], 27);
	EXPECT_EQ(host->ecam_paddr, 0x1020000000);
	EXPECT_EQ(host->mmio64.base, 0x1030000000);
	EXPECT_EQ(host->route_count, 2);
	EXPECT(machine.pci_routes[1].is_edge);
	EXPECT_EQ(machine.pci_routes[1].gsi, 32 + 7);
	EXPECT(machine.arm.has_power_key);
	EXPECT_EQ(machine.arm.pl061_power_pin, 3);
}

static void hyperv_devices_are_read(void)
{
	const struct machine_arm *arm = &machine.arm;

	trees_fill_machine(&machine, "openvmm");
	EXPECT_EQ(machine.cpu_count, 2);
	EXPECT_EQ(arm->timer_intid[1], 0);
	EXPECT_EQ(arm->timer_intid[2], 20);
	EXPECT_EQ(machine.vmbus.intid, 18);
	EXPECT_EQ(machine.vmbus.mmio[0].base, 0xe8000000);
	EXPECT_EQ(machine.vmbus.mmio[1].size, 0x10000000);
	EXPECT_EQ(arm->v2m_spi_base, 928);
	EXPECT_EQ(arm->v2m_spi_count, 64);
}

static void cpus_have_places(void)
{
	trees_fill_machine(&machine, "qemu-gicv3-smt");
	EXPECT(machine.has_cpu_places);
	EXPECT_EQ(machine.cpus[1].place, machine.cpus[0].place);
	EXPECT_EQ(machine.cpus[2].place, MACHINE_PLACE(0, 0, 1));
	EXPECT_EQ(machine.cpus[7].place, MACHINE_PLACE(1, 0, 1));
	trees_fill_machine(&machine, "kvmtool");
	EXPECT(!machine.has_cpu_places);
}

static void redistributors_are_in_eight_regions_at_most(void)
{
	struct trees_blob blob = trees_load("qemu-gicv3-smt");
	static uint8_t tree[0x10000];
	static const uint32_t counts[] = { 0, MACHINE_GICR_MAX + 1,
		                           UINT32_MAX };

	for (uint32_t i = 0; i < ARRAY_COUNT(counts); i++) {
		fdt_open_into(blob.data, tree, sizeof(tree));
		fdt_setprop_u32(tree, fdt_path_offset(tree, "/intc@8000000"),
		                "#redistributor-regions", counts[i]);
		memset(&machine, 0, MACHINE_CLEAR_SIZE);
		EXPECT_PANIC("from 1 to 8",
		             tree_read(&machine, tree, sizeof(tree)));
	}
	free(blob.data);
}

/* The flags of a timer are those of its interrupts: 1 is a rising edge. */
static void a_rising_edge_is_not_low(void)
{
	struct trees_blob blob = trees_load("qemu-gicv3-smt");
	static uint8_t tree[0x10000];
	int timer;

	for (uint32_t flags = 1; flags <= 8; flags *= 2) {
		uint32_t cells[12];

		fdt_open_into(blob.data, tree, sizeof(tree));
		timer = fdt_path_offset(tree, "/timer");
		for (uint32_t i = 0; i < 4; i++) {
			cells[3 * i] = cpu_to_fdt32(1);
			cells[3 * i + 1] = cpu_to_fdt32(10 + i);
			cells[3 * i + 2] = cpu_to_fdt32(flags);
		}
		fdt_setprop(tree, timer, "interrupts", cells, sizeof(cells));
		memset(&machine, 0, MACHINE_CLEAR_SIZE);
		tree_read(&machine, tree, sizeof(tree));
		EXPECT_EQ(machine.arm.timer_is_active_low,
		          flags == 2 || flags == 8);
	}
	free(blob.data);
}

static void boot_cpu_comes_first(void)
{
	struct trees_blob blob = trees_load("qemu-gicv3-its-smmu-numa");

	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	machine.arm.boot_mpidr = 2;
	tree_read(&machine, blob.data, blob.size);
	EXPECT_EQ(machine.cpus[0].id, 2);
	EXPECT_EQ(machine.cpus[0].node, 1);
	EXPECT_EQ(machine.cpus[1].id, 0);
	EXPECT_EQ(machine.cpus[3].id, 3);
	free(blob.data);
}

/* Reads bytes in their own allocation, so that ASan sees each overrun. */
static bool is_read(const uint8_t *data, uint32_t size)
{
	uint8_t *copy = malloc(size);
	bool is_done = false;

	memcpy(copy, data, size);
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	if (setjmp(*test_catch_panic()) == 0) {
		tree_read(&machine, copy, size);
		is_done = true;
	}
	free(copy);
	return is_done;
}

static void no_truncated_tree_is_read(void)
{
	struct trees_blob blob = trees_load("cloud-hypervisor");

	for (uint32_t size = 40; size < blob.size; size += 4)
		EXPECT(!is_read(blob.data, size));
	EXPECT(is_read(blob.data, blob.size));
	free(blob.data);
}

static void store_cell(uint8_t *data, uint32_t value)
{
	value = __builtin_bswap32(value);
	memcpy(data, &value, sizeof(value));
}

/* Replaces every cell of a tree, also of its header, by bad values. */
static void no_hostile_cell_leads_astray(void)
{
	static const uint32_t values[] = {
		0,          1,          2,          3,     9,
		0x7fffffff, 0x80000000, 0xffffffff, 0xfff, 0xfffffffc,
	};

	for (unsigned t = 0; t < TREES_COUNT; t++) {
		struct trees_blob blob = trees_load(trees_name(t));

		for (uint32_t at = 0; at + 4 <= blob.size; at += 4) {
			uint32_t saved;

			memcpy(&saved, blob.data + at, sizeof(saved));
			store_cell(blob.data + at, values[(at / 4 + t) % 10]);
			is_read(blob.data, blob.size);
			memcpy(blob.data + at, &saved, sizeof(saved));
		}
		free(blob.data);
	}
}

/* The sequence is fixed, so that a failure repeats. */
static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static void no_random_damage_leads_astray(void)
{
	uint32_t state = 1;

	for (unsigned round = 0; round < 4000; round++) {
		struct trees_blob blob =
			trees_load(trees_name(round % TREES_COUNT));

		for (unsigned i = 0; i < 1 + round % 5; i++)
			blob.data[next_random(&state) % blob.size] =
				(uint8_t)next_random(&state);
		is_read(blob.data, blob.size);
		free(blob.data);
	}
}

static uint32_t slot_count(void)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < machine.virtio_mmio_count; i++)
		count += 1 + machine.virtio_mmio[i].more_count;
	return count;
}

/* Replaces one character in all nodes, one after the other. */
static uint32_t count_slots_without(const char *text, char was, char is)
{
	struct trees_blob blob = trees_load("qemu-gicv2");
	uint32_t size = strlen(text), odd = 0;

	for (uint32_t at = 0; at + size <= blob.size; at++) {
		uint8_t *place = blob.data + at + (strchr(text, was) - text);

		if (memcmp(blob.data + at, text, size) != 0)
			continue;
		*place = is;
		EXPECT(is_read(blob.data, blob.size));
		odd += slot_count() == 31;
		*place = was;
	}
	free(blob.data);
	return odd;
}

/* A node that is not a slot is left out. Its neighbours are not. */
static void odd_nodes_end_a_row(void)
{
	EXPECT_EQ(count_slots_without("virtio,mmio", ',', ';'), 32);
}

/* Returns the first cell with that value from `from` on. */
static uint8_t *find_cell(uint8_t *from, uint32_t value)
{
	uint8_t cell[4];

	store_cell(cell, value);
	while (memcmp(from, cell, sizeof(cell)) != 0)
		from += sizeof(cell);
	return from;
}

/* A slot whose registers or interrupt do not follow on starts a new row. */
static void rows_end_where_they_break(void)
{
	struct trees_blob blob = trees_load("qemu-gicv2");
	uint8_t *reg = find_cell(blob.data, 0xa000600);

	store_cell(reg, 0xa100600);
	EXPECT(is_read(blob.data, blob.size));
	EXPECT_EQ(slot_count(), 32);
	EXPECT_EQ(machine.virtio_mmio_count, 3);
	EXPECT_EQ(machine.virtio_mmio[0].more_count, 2);
	EXPECT_EQ(machine.virtio_mmio[1].paddr, 0xa100600);
	EXPECT_EQ(machine.virtio_mmio[1].gsi, 32 + 19);
	EXPECT_EQ(machine.virtio_mmio[2].paddr, 0xa000800);
	EXPECT_EQ(machine.virtio_mmio[2].more_count, 27);

	/* A row must not wrap or name interrupts that do not exist. */
	store_cell(reg, 0xa000600);
	store_cell(find_cell(blob.data, 0xa003e00) - 6 * 4, 1020);
	EXPECT(!is_read(blob.data, blob.size));
	free(blob.data);
}

static void lies_are_named(void)
{
	struct trees_blob blob = trees_load("firecracker");
	uint8_t *data = blob.data;

	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	EXPECT_PANIC("fdt: none at", tree_read(&machine, data, 8));
	store_cell(data + 4, 0x10000000);
	EXPECT_PANIC("fdt: 0x10000000 bytes",
	             tree_read(&machine, data, blob.size));
	store_cell(data + 4, blob.size);
	store_cell(data + 20, 3);
	EXPECT_PANIC("fdt: version 3: must be 17",
	             tree_read(&machine, data, blob.size));
	store_cell(data + 20, 17);
	store_cell(data + 36, 0xfffffff0);
	EXPECT_PANIC("fdt: nodes: 0xfffffff0 bytes at",
	             tree_read(&machine, data, blob.size));
	store_cell(data, 0);
	EXPECT_PANIC("fdt: none at", tree_read(&machine, data, blob.size));
	free(data);
}

/* The tree consists only of nodes in nodes. */
static void deep_nesting_is_refused(void)
{
	static uint8_t data[4096];
	uint8_t *cursor = data + 56;

	store_cell(data, 0xd00dfeed);
	store_cell(data + 4, sizeof(data));
	store_cell(data + 8, 56);
	store_cell(data + 12, 56);
	store_cell(data + 16, 40);
	store_cell(data + 20, 17);
	store_cell(data + 24, 16);
	store_cell(data + 36, 4000);
	for (; cursor < data + 2000; cursor += 8)
		store_cell(cursor, 1);
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	EXPECT_PANIC("fdt: nodes: more than 16 deep",
	             tree_read(&machine, data, sizeof(data)));
	store_cell(data + 56 + 8, 2);
	store_cell(data + 56 + 12, 9);
	EXPECT_PANIC("fdt: memory: no RAM at all",
	             tree_read(&machine, data, sizeof(data)));
}

int main(int argc, char **argv)
{
	(void)argc;
	trees_init(argv[0]);
	RUN(names_are_found);
	RUN(memory_has_a_type);
	RUN(hyperv_leaves_things_out);
	RUN(compatible_strings_are_found);
	RUN(qemu_gicv2_is_read);
	RUN(seeds_are_taken_out_of_the_tree);
	RUN(qemu_pci_is_read);
	RUN(nodes_smmu_and_its_are_read);
	RUN(consoles_are_found);
	RUN(routes_without_a_rule_are_listed);
	RUN(chosen_and_reservations_are_read);
	RUN(reserved_is_what_is_kept_for_others);
	RUN(coherence_is_inherited);
	RUN(addresses_on_a_bus_are_translated);
	RUN(hyperv_devices_are_read);
	RUN(cpus_have_places);
	RUN(redistributors_are_in_eight_regions_at_most);
	RUN(a_rising_edge_is_not_low);
	RUN(boot_cpu_comes_first);
	RUN(no_truncated_tree_is_read);
	RUN(no_hostile_cell_leads_astray);
	RUN(no_random_damage_leads_astray);
	RUN(odd_nodes_end_a_row);
	RUN(rows_end_where_they_break);
	RUN(lies_are_named);
	RUN(deep_nesting_is_refused);
	return test_status();
}
