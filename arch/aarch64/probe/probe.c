/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/probe/probe.c - finds the tree that describes the machine
 *
 * The tree is at the address in x0. If x0 is 0, the tree is at the start of
 * RAM, where QEMU leaves it for firmware, or else in our own bundle.
 */
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/lib/console.h"
#include "arch/aarch64/memmap.h"
#include "arch/aarch64/probe/tree.h"
#include "common/arch.h"
#include "common/image.h"
#include "common/lib/console.h"
#include "common/machine/dt.h"
#include "common/machine/handoff.h"
#include "common/machine/virtio_slots.h"

/* QEMU hw/arm/virt.c has these values, under the name VIRT_ACPI_GED. */
#define GED_PADDR        0x09080000
#define GED_INTID        (32 + 9)
#define GED_POWER_BUTTON 2

/* Maps the tree at `paddr`. Returns false if there is none. */
static bool find_tree_at(struct machine_range *tree, paddr_t paddr)
{
	uint32_t size;

	if (paddr % sizeof(uint64_t) != 0)
		panic("fdt: at %#lx: must be at a multiple of 8", paddr);
	arch_map(paddr, sizeof(uint64_t));
	size = dt_size(paddr_ptr(paddr));
	if (!size)
		return false;
	if (size > FDT_SIZE_MAX)
		panic("fdt: %#x bytes at %#lx: at most %#x", size, paddr,
		      FDT_SIZE_MAX);
	arch_map(paddr, size);
	*tree = (struct machine_range){ paddr, size };
	return true;
}

/* Returns the tree in the bundle, which is mapped, and read where it lies. */
static struct machine_range use_platform(const struct handoff *handoff,
                                         const struct machine_range *platform)
{
	if (!platform->size)
		panic("fdt: none at %#lx, at %#x or in the bundle",
		      handoff->given_paddr, LOWEST_RAM_BASE);
	if (platform->size > FDT_SIZE_MAX)
		panic("fdt: %#lx bytes in the bundle: at most %#x",
		      platform->size, FDT_SIZE_MAX);
	return *platform;
}

static struct machine_range find_tree(const struct handoff *handoff,
                                      const struct machine_range *platform)
{
	paddr_t given = handoff->given_paddr;
	struct machine_range tree;

	if (handoff->door == DOOR_IGVM) {
		tree = igvm_tree(handoff);
		return tree.size ? tree : use_platform(handoff, platform);
	}
	if (given && find_tree_at(&tree, given))
		return tree;
	if (given)
		panic("fdt: x0 is %#lx: there is none", given);
	if (find_tree_at(&tree, LOWEST_RAM_BASE))
		return tree;
	return use_platform(handoff, platform);
}

/*
 * If QEMU's virt machine has ACPI, the power button is at an event device
 * instead of a PL061, and the tree does not mention the event device. (QEMU
 * docs/specs/acpi_hw_reduced_hotplug)
 */
static void find_event_device(struct machine *machine)
{
	if (machine->arm.pl061.size ||
	    !machine->fw_cfg.files[FW_CFG_FILE_LOADER].size)
		return;
	machine->ged = (struct machine_ged){
		.paddr = GED_PADDR,
		.gsi = GED_INTID,
		.power_button_bit = GED_POWER_BUTTON,
	};
}

static const char *door_name(enum door door)
{
	switch (door) {
	case DOOR_IGVM:
		return "IGVM file";
	case DOOR_LINUX:
		return "Linux boot protocol, x0 = device tree";
	default:
		return "reset vector";
	}
}

static void add_bundle_place(struct machine_given *given,
                             struct machine_range place)
{
	if (place.size)
		given->bundles[given->bundle_count++] = place;
}

const struct machine *arch_probe(struct machine *machine,
                                 const struct handoff *handoff,
                                 const struct machine_range *platform)
{
	struct machine_arm *arm = &machine->arm;
	struct machine_given *given = &machine->given;
	bool is_kernel = handoff->door == DOOR_LINUX;

	arch_map_device(CONSOLE_GUESSED_BASE, CONSOLE_GUESSED_SIZE);
	arm->boot_mpidr = cpu_mpidr();
	igvm_probe_ram(machine, handoff);
	arm->fdt = find_tree(handoff, platform);
	arm->fdt_is_ours = arm->fdt.base == platform->base;
	tree_read(machine, paddr_ptr(arm->fdt.base), arm->fdt.size);
	igvm_probe_cpus(machine, handoff);

	machine->door_name = door_name(handoff->door);
	given->has_kernel = machine->fw_cfg.is_present && !is_kernel;
	add_bundle_place(given, given->initrd);
	add_bundle_place(given, arm->flash[1]);
	virtio_slots_drop_empty(machine);
	if (machine->fw_cfg.is_present) {
		arch_map_device(machine->fw_cfg.paddr, machine->fw_cfg.size);
		fw_cfg_open(&machine->fw_cfg);
		find_event_device(machine);
	}
	return machine;
}
