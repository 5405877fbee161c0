/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/mtrr.c - memory types: all write-back but the MMIO hole
 *
 * SDM 3A, "Memory Type Range Registers". The default type is write-back, so
 * that RAM of any size needs no register. The hole below 4 GiB, made of a few
 * powers of two down from its end, is uncached. Linux wants the same values on
 * all processors, so the others take them from the mailbox (smp.c).
 */
#include "arch/x86_64/lib/mtrr.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/lib/smp.h"
#include "common/lib/string.h"

#define CPUID_1_EDX_MTRR     (1 << 12)
#define MSR_MTRR_CAP         0xfe
#define MSR_MTRR_PHYS_BASE0  0x200
#define MSR_MTRR_DEF_TYPE    0x2ff
#define MTRR_TYPE_UNCACHED   0
#define MTRR_TYPE_WRITE_BACK 6
#define MTRR_MASK_VALID      0x800
#define MTRR_DEF_TYPE_ENABLE 0x800
#define MTRR_HOLE_MIN_SIZE   0x10000000ULL
#define MTRR_HOLE_MIN_BASE   0x80000000ULL /* no machine's hole starts lower */

static uint64_t physical_mask(uint32_t address_width)
{
	return ((1ULL << min_u64(address_width, 52)) - 1) & ~0xfffULL;
}

static paddr_t low_ram_end(const struct machine *machine)
{
	paddr_t end = 0;

	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_ram *ram = &machine->ram[i];

		if (ram->type == MEMORY_RAM && ram->base < FOUR_GIB)
			end = max_u64(end, ram->base + ram->size);
	}
	return min_u64(end, FOUR_GIB);
}

/* Without other processors there is no mailbox, whose page costs an exit. */
static void add_msr(struct smp_mailbox *mailbox, uint32_t msr, uint64_t value)
{
	cpu_wrmsr(msr, value);
	if (mailbox)
		smp_add_msr(mailbox, msr, value);
}

/* Restores the state after a reset, if another firmware ran before. */
void mtrr_reset(void)
{
	if (!(cpu_cpuid(1, 0).edx & CPUID_1_EDX_MTRR))
		return;
	cpu_wrmsr(MSR_MTRR_DEF_TYPE, 0);
	for (uint32_t i = 0; i < (cpu_rdmsr(MSR_MTRR_CAP) & 0xff); i++)
		cpu_wrmsr(MSR_MTRR_PHYS_BASE0 + 2 * i + 1, 0);
}

void mtrr_setup(const struct machine *machine)
{
	struct smp_mailbox *mailbox =
		machine->cpu_count > 1 ? paddr_ptr(SMP_MAILBOX_BASE) : NULL;
	uint64_t mask = physical_mask(machine->pc.address_width);
	paddr_t ram_end = max_u64(low_ram_end(machine), MTRR_HOLE_MIN_BASE);
	paddr_t top = FOUR_GIB;
	uint32_t count_max, i = 0;

	if (mailbox)
		mailbox->msr_count = 0;
	/* QEMU's TCG clears an AP's MTRRs at INIT, so no CPU gets any. */
	if (!machine->pc.has_mtrr ||
	    (machine->hypervisor == MACHINE_HYPERVISOR_TCG &&
	     (machine->cpu_count > 1 || !machine->fw_cfg.is_present)))
		return;
	count_max = min_u64(cpu_rdmsr(MSR_MTRR_CAP) & 0xff, SMP_MTRR_MAX);
	for (; i < count_max && top > ram_end; i++) {
		uint64_t size = top & -top;

		while (size > top - ram_end || size >= FOUR_GIB)
			size /= 2;
		if (size < MTRR_HOLE_MIN_SIZE)
			break;
		top -= size;
		add_msr(mailbox, MSR_MTRR_PHYS_BASE0 + 2 * i,
		        top | MTRR_TYPE_UNCACHED);
		add_msr(mailbox, MSR_MTRR_PHYS_BASE0 + 2 * i + 1,
		        (mask & ~(size - 1)) | MTRR_MASK_VALID);
	}
	/* A VMM that loads kernels may have set more of them, on each CPU. */
	for (; i < count_max && !machine->fw_cfg.is_present; i++)
		add_msr(mailbox, MSR_MTRR_PHYS_BASE0 + 2 * i + 1, 0);
	add_msr(mailbox, MSR_MTRR_DEF_TYPE,
	        MTRR_DEF_TYPE_ENABLE | MTRR_TYPE_WRITE_BACK);
}
