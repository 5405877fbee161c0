/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/enter/enter.c - hands the machine over to the kernel
 *
 * Linux Documentation/arm64/booting.rst: the kernel starts with the MMU off, so
 * all that it is given must be in memory and not only in a cache.
 */
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/lib/cache.h"
#include "common/arch.h"
#include "common/machine/dt.h"
#include "common/lib/string.h"
#include "common/place/guest.h"

/* enter.S: turns MMU and data cache off and jumps to `entry`. */
NORETURN void enter_kernel(paddr_t entry, paddr_t fdt);

/* Data that came by DMA or from the VMM may not have been mapped yet. */
static void clean(paddr_t base, uint64_t size)
{
	arch_map(base, size);
	cache_clean_range(base, size);
}

/* There is nothing to do: the kernel starts the other CPUs by PSCI. */
void arch_start(const struct machine *machine)
{
	(void)machine;
}

void arch_enter(struct machine *machine, const struct guest *guest,
                paddr_t description)
{
	const struct kernel *kernel = &guest->kernel;
	struct machine_arm *arm = &machine->arm;

	wipe(arm->rng_seed, sizeof(arm->rng_seed));
	wipe(&arm->kaslr_seed, sizeof(arm->kaslr_seed));
	cpu_sync();
	clean(kernel->base, kernel->size);
	clean(guest->initrd.base, guest->initrd.size);
	clean(description, dt_size(paddr_ptr(description)));
	cpu_sync();
	enter_kernel(kernel->entry, description);
}
