/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/probe/probe.c - finds the tree that describes the machine
 *
 * In x0 at the door; else where QEMU leaves it for firmware, at the start of
 * RAM; else in our own bundle.
 */
#include "common/arch.h"

#include "arch/aarch64/lib/arm.h"
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/probe/tree.h"
#include "common/payload/bundle.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/payload/disk/virtio.h"
#include "common/spec/bundle.h"

/* Maps the tree at `paddr`. False: there is none. */
static bool is_tree_at(struct boot *boot, paddr_t paddr)
{
	uint32_t size;

	if (paddr % sizeof(uint64_t) != 0)
		panic("fdt: at %#lx: must be at a multiple of 8", paddr);
	arch_map(paddr, sizeof(uint64_t));
	size = fdt_size(paddr_ptr(paddr));
	if (!size)
		return false;
	if (size > FDT_SIZE_MAX)
		panic("fdt: %#x bytes at %#lx: at most %#x", size, paddr,
		      FDT_SIZE_MAX);
	arch_map(paddr, size);
	boot->machine.arm.fdt = (struct machine_range){ paddr, size };
	return true;
}

/* The tree in the bundle; unpacked behind the work area, if need be. */
static void find_platform(struct boot *boot)
{
	const struct bundle_record *record = arch_bundle_record(boot);
	const struct source *source = &boot->payload.platform;
	paddr_t paddr;

	if (record->bundle_offset) {
		paddr = boot->blob_paddr + record->bundle_offset;
		bundle_open(boot, paddr_ptr(paddr), record->bundle_size,
		            SOURCE_MEMORY);
	}
	if (source->kind == SOURCE_NONE)
		panic("fdt: none at %#lx, at %#x or in the bundle",
		      boot->handoff, LOWEST_RAM_BASE);
	if (source->size > PLATFORM_SIZE_MAX)
		panic("fdt: %#lx bytes in the bundle: at most %#x",
		      source->size, PLATFORM_SIZE_MAX);
	paddr = paddr_of(work_of(boot)) + PLATFORM_OFFSET;
	source_load(boot, "platform", source, 0, paddr, source->size);
	boot->machine.arm.fdt = (struct machine_range){ paddr, source->size };
}

static void find_tree(struct boot *boot)
{
	if (boot->handoff && is_tree_at(boot, boot->handoff))
		return;
	if (boot->handoff)
		panic("fdt: x0 is %#lx: there is none", boot->handoff);
	if (!is_tree_at(boot, LOWEST_RAM_BASE))
		find_platform(boot);
}

/*
 * Where QEMU's virt machine has ACPI, firmware finds the power button at an
 * event device that the tree does not tell of, instead of at a PL061
 * (QEMU hw/arm/virt.c: VIRT_ACPI_GED, and docs/specs/acpi_hw_reduced_hotplug).
 */
static void find_event_device(struct boot *boot)
{
	struct machine *machine = &boot->machine;

	if (machine->arm.pl061.size ||
	    !boot->fw_cfg.files[FW_CFG_FILE_LOADER].size)
		return;
	machine->ged = (struct machine_ged){
		.paddr = 0x09080000,
		.gsi = 32 + 9,
		.power_button_bit = 2,
	};
}

static void add_place(struct machine *machine, struct machine_range place)
{
	if (place.size)
		machine->places[machine->place_count++] = place;
}

void arch_discover(struct boot *boot)
{
	struct machine *machine = &boot->machine;

	find_tree(boot);
	machine->arm.boot_mpidr = cpu_mpidr();
	tree_read(machine, paddr_ptr(machine->arm.fdt.base),
	          machine->arm.fdt.size);
	virtio_mmio_drop_empty(machine);
	add_place(machine, machine->arm.initrd);
	add_place(machine, machine->arm.flash[1]);
	if (!machine->has_fw_cfg)
		return;
	map_device(machine->fw_cfg_paddr, machine->fw_cfg_size);
	fw_cfg_open(&boot->fw_cfg, machine);
	find_event_device(boot);
}
