/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/door/kernel.c - the door of a VMM whose kernel is the blob
 *
 * The VMM enters by PVH or by Linux's protocol, see kernel.S. The value that it
 * left in its register is handed on as it is; probe/given.c reads what lies
 * there. A loader of IGVM files enters by the 64-bit one, with a page of its
 * own in that register.
 */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/door/door.h"
#include "arch/x86_64/lib/mtrr.h"
#include "arch/x86_64/lib/regs.h"
#include "common/image.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/spec/igvm_params.h"

#define MICROVM_RESET 0xfea00202 /* QEMU docs/system/i386/microvm.rst */

static_assert(DOOR_IS_RESET == DOOR_RESET, "memmap.h");
static_assert(DOOR_IS_PVH == DOOR_PVH, "memmap.h");
static_assert(DOOR_IS_LINUX == DOOR_LINUX, "memmap.h");

/*
 * Clears the ROM below 1 MiB, from which reset.S has copied the blob, so that
 * it is not taken for tables of the VMM. The blob's first page stays, since the
 * VMM may have put tables there.
 */
static void clear_low_bios(void)
{
	memset(paddr_ptr(LOW_BIOS_BASE), 0, LOW_BIOS_SIZE - BLOB_SIZE);
	memset(paddr_ptr(LOW_BIOS_BASE + LOW_BIOS_SIZE - BLOB_SIZE +
	                 BLOB_ENTRY32),
	       0, BLOB_SIZE - BLOB_ENTRY32);
}

/*
 * Restarts the machine as reset.S does, and for the same reason: a kernel that
 * jumps to the reset vector as its last resort may come back through the VMM's
 * firmware.
 */
static void restart_if_not_reset(void)
{
	if (!cpu_rdmsr(MSR_LSTAR))
		return;
	cpu_outb(0xcf9, 6);
	cpu_outb(0x64, 0xfe);
	cpu_write8(MICROVM_RESET, 0x42);
	cpu_triple_fault();
}

static bool is_igvm(paddr_t paddr)
{
	return paddr >= HIGH_RAM_BASE &&
	       is_within(paddr, IGVM_PAGE_SIZE, DOOR_MAP_END) &&
	       igvm_is_at(paddr);
}

/*
 * kernel.S calls this in long mode, with a stack and the blob's own page
 * tables.
 */
NORETURN void door_main(struct boot *boot, enum door door, paddr_t blob_paddr,
                        paddr_t given_paddr);

void door_main(struct boot *boot, enum door door, paddr_t blob_paddr,
               paddr_t given_paddr)
{
	restart_if_not_reset();
	door_begin(boot, door, blob_paddr, cpu_rdtsc(), DOOR_MAP_END);
	boot->handoff.given_paddr = given_paddr;
	if (door == DOOR_LINUX && is_igvm(given_paddr))
		boot->handoff.door = DOOR_IGVM;
	/* More page tables could lie on the VMM's data. */
	if (!is_within(boot->handoff.bundle_paddr, boot->handoff.bundle_size,
	               DOOR_MAP_END))
		panic_range("bundle", boot->handoff.bundle_size,
		            boot->handoff.bundle_paddr,
		            "must be in the first GiB");
	mtrr_reset();
	if (door == DOOR_RESET)
		clear_low_bios();
	boot_main(boot);
}
