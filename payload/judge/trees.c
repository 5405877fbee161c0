/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/judge/trees.c - judges device trees by the blob's own functions
 *
 * These read a tree, and copy it for the kernel, without a machine at hand. The
 * one here is the least that boots, so whatever a tree must not say anywhere is
 * refused, and what one machine alone would refuse is not. A ROM's functions
 * stand for those of images for IGVM files, which know more nodes.
 */
#include "payload/judge/trees.h"

#include "arch/aarch64/describe/dt_build.h"
#include "arch/aarch64/memmap.h"
#include "arch/aarch64/probe/tree.h"
#include "common/machine/dt.h"
#include "common/spec/bundle.h"
#include "payload/lib/tool.h"

#define LEAST_RAM_SIZE 0x8000000

/* Where no device is. The blob learns from elsewhere where RAM really is. */
#define DISTANT_RAM_BASE (MAPPED_END - LEAST_RAM_SIZE)

/* The blob has each tree at a multiple of 8 bytes. */
static const void *align(const struct source *source)
{
	return memcpy(allocate(source->size), source->data, source->size);
}

static struct machine *make_machine(paddr_t ram_base)
{
	struct machine *machine = allocate(sizeof(*machine));

	machine->cpu_count = 1;
	machine->ram_count = 1;
	machine->ram[0] = (struct machine_ram){
		.base = ram_base,
		.size = LEAST_RAM_SIZE,
		.type = MEMORY_RAM,
	};
	return machine;
}

/* As describe_given() of arch/aarch64/describe/describe.c. */
static void check_given(const struct source *source)
{
	static char no_words[] = "";
	const struct machine *machine = make_machine(LOWEST_RAM_BASE);
	const struct guest guest = { .cmdline.text = no_words };
	uint32_t size = dt_given_size(machine, source->size);

	dt_build_given(machine, &guest, align(source), source->size,
	               allocate(size), size);
}

/* As setup_data_add_tree() of arch/x86_64/describe/setup_data.c. */
static void check_passed_on(const struct source *source)
{
	if (!dt_is_whole(align(source), source->size))
		refuse("dtb: %#lx bytes: are no whole device tree",
		       source->size);
}

/* As use_platform() and arch_probe() of arch/aarch64/probe/probe.c. */
static void check_platform(const struct source *source, bool knows_ram)
{
	struct machine *machine = knows_ram ? make_machine(DISTANT_RAM_BASE)
	                                    : allocate(sizeof(*machine));

	machine->cpu_count = 0;
	if (source->size > FDT_SIZE_MAX)
		refuse("fdt: %#lx bytes in the bundle: at most %#x",
		       source->size, FDT_SIZE_MAX);
	tree_read(machine, align(source), source->size);
}

void trees_check(const struct payload *payload, uint32_t arch, bool knows_ram)
{
	const struct source *dtb = &payload->dtb;
	const struct source *platform = &payload->platform;
	bool is_arm = arch == BUNDLE_ARCH_AARCH64;

	if (dtb->kind != SOURCE_NONE && payload->paravisor.kind != SOURCE_NONE)
		refuse("paravisor: a device tree of the bundle: it gets ours");
	if (dtb->kind != SOURCE_NONE && is_arm)
		check_given(dtb);
	else if (dtb->kind != SOURCE_NONE)
		check_passed_on(dtb);
	/* The blob for x86_64 reads no platform section. */
	if (platform->kind != SOURCE_NONE && is_arm)
		check_platform(platform, knows_ram);
}
