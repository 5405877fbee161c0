/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/smp.h - what the processors tell each other
 *
 * The mailbox is at the end of the trampoline's page, where smp_ap.S reads it
 * in real mode. The list of processors that nobody tells of is in the scratch
 * area.
 */
#ifndef ARCH_X86_64_LIB_SMP_H
#define ARCH_X86_64_LIB_SMP_H

#include "arch/x86_64/memmap.h"

#define SMP_MAILBOX_OFFSET 0xf00 /* in the page at AP_TRAMPOLINE_BASE */
#define SMP_MAILBOX_BASE   (AP_TRAMPOLINE_BASE + SMP_MAILBOX_OFFSET)
#define SMP_MTRR_MAX       4
#define SMP_MSR_MAX        (2 * SMP_MTRR_MAX + 2) /* type, APIC base */
#define SMP_LIST_MAX       1024

#ifndef __ASSEMBLER__
#include "common/machine/machine.h"

struct smp_msr {
	uint32_t index;
	uint32_t low;
	uint32_t high;
};

struct smp_mailbox {
	uint32_t done_count; /* processors that have run */
	uint32_t msr_count;
	struct smp_msr msrs[SMP_MSR_MAX];
};

struct smp_list {
	uint32_t come_count; /* processors that have taken a place */
	uint32_t done_count; /* processors that have filled it in */
	uint32_t ids[SMP_LIST_MAX];
};

/* Returns all 32 bits of the APIC ID of the processor that runs this. */
uint32_t smp_own_id(void);

/*
 * Starts all other processors once, to add their IDs to the struct smp_list at
 * SCRATCH_BASE. Returns how many IDs there are.
 */
uint32_t smp_ask(enum machine_hypervisor hypervisor);

/* Starts all others, to program the mailbox's registers, and returns. */
void smp_start(const struct machine *machine);

/*
 * Makes all other processors run the code from `begin` on, a copy of which is
 * at AP_TRAMPOLINE_BASE. smp_await() waits until each has added 1 to the
 * mailbox's done_count, and panics if one does not come.
 */
void smp_run(const struct machine *machine, const uint8_t *begin,
             const uint8_t *end);
void smp_await(const struct machine *machine);

/* Waits until all other processors have done what smp_start() asked for. */
void smp_finish(const struct machine *machine);

static_assert(sizeof(struct smp_list) <= SCRATCH_SIZE, "memmap.h");
static_assert(offsetof(struct smp_list, ids) == 8, "smp_ap.S");
static_assert(sizeof(struct smp_mailbox) <= 0x100, "SMP_MAILBOX_OFFSET");
static_assert(offsetof(struct smp_mailbox, msrs) == 8, "smp_ap.S");
#endif

#endif
