/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/describe/dt_size.c - how much room trees need, see dt_build.h */
#include "arch/aarch64/describe/dt_build.h"
#include "arch/aarch64/memmap.h"
#include "common/lib/console.h"
#include "common/spec/linux_arm64.h"

uint32_t dt_full_size(const struct machine *machine)
{
	uint32_t size = FULL_FDT_SIZE + machine->cpu_count * FULL_FDT_CPU_SIZE +
	                MACHINE_VIRTIO_MMIO_MAX * FULL_FDT_SLOT_SIZE +
	                machine->ram_count * FULL_FDT_RAM_SIZE +
	                machine->node_count * machine->node_count *
	                        FULL_FDT_DISTANCE_SIZE;

	return (uint32_t)min_u64(align_up(size, 8), LINUX_FDT_SIZE_MAX);
}

uint32_t dt_given_size(const struct machine *machine, uint64_t given_size)
{
	uint32_t ours = dt_full_size(machine);

	if (given_size > LINUX_FDT_SIZE_MAX - ours)
		panic("dtb: %#lx bytes: with ours more than %#x", given_size,
		      LINUX_FDT_SIZE_MAX);
	return (uint32_t)given_size + ours;
}
