/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/smp.h - what the processors tell each other
 *
 * The mailbox is at the end of the trampoline's page, where smp_ap.S reads it
 * in real mode. The list of processors that nobody tells of, their APIC IDs, is
 * in the scratch area.
 */
#ifndef ARCH_X86_64_LIB_SMP_H
#define ARCH_X86_64_LIB_SMP_H

#include "arch/x86_64/memmap.h"

#define SMP_MAILBOX_OFFSET 0xf00 /* in the page at AP_TRAMPOLINE_BASE */
#define SMP_MAILBOX_BASE   (AP_TRAMPOLINE_BASE + SMP_MAILBOX_OFFSET)
#define SMP_MTRR_MAX       4
#define SMP_MSR_MAX        (2 * SMP_MTRR_MAX + 2) /* type, APIC base */
#define SMP_LIST_MAX       1024                   /* APIC IDs at SCRATCH_BASE */

/* Offsets in the mailbox */
#define SMP_DONE_COUNT   0
#define SMP_MSR_COUNT    4
#define SMP_COME_COUNT   8
#define SMP_LISTED_COUNT 12
#define SMP_MSRS         16

#ifndef __ASSEMBLER__
#include "common/machine/machine.h"

struct smp_msr {
	uint32_t index;
	uint32_t low;
	uint32_t high;
};

struct smp_mailbox {
	uint32_t done_count;   /* processors that have run */
	uint32_t msr_count;    /* an entry is whole before it counts */
	uint32_t come_count;   /* places taken in the list; or it is closed */
	uint32_t listed_count; /* of those, how many have filled in their ID */
	struct smp_msr msrs[SMP_MSR_MAX];
};

/* Returns all 32 bits of the APIC ID of the processor that runs this. */
uint32_t smp_own_id(void);

/*
 * Starts all other processors once, to list their IDs at SCRATCH_BASE. Returns
 * how many IDs there are. A processor that comes later leaves the list alone.
 */
uint32_t smp_ask(enum machine_hypervisor hypervisor);

/*
 * Adds a register to those that the others program. One that has come late may
 * be at it already.
 */
static inline void smp_add_msr(struct smp_mailbox *mailbox, uint32_t index,
                               uint64_t value)
{
	mailbox->msrs[mailbox->msr_count] = (struct smp_msr){
		.index = index,
		.low = value,
		.high = value >> 32,
	};
	__atomic_store_n(&mailbox->msr_count, mailbox->msr_count + 1,
	                 __ATOMIC_RELEASE);
}

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

static_assert(SMP_LIST_MAX * sizeof(uint32_t) <= SCRATCH_SIZE, "memmap.h");
static_assert(sizeof(struct smp_mailbox) <= 0x100, "SMP_MAILBOX_OFFSET");
static_assert(offsetof(struct smp_mailbox, done_count) == SMP_DONE_COUNT &&
                      offsetof(struct smp_mailbox, msr_count) ==
                              SMP_MSR_COUNT &&
                      offsetof(struct smp_mailbox, come_count) ==
                              SMP_COME_COUNT &&
                      offsetof(struct smp_mailbox, listed_count) ==
                              SMP_LISTED_COUNT &&
                      offsetof(struct smp_mailbox, msrs) == SMP_MSRS,
              "smp_ap.S");
#endif

#endif
