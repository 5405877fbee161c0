/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/paravisor/pool_area.h - the memory of the dispatch pool
 *
 * What a driver sees of it has the layout of OpenHCL's sidecar (microsoft/
 * openvmm, openhcl/sidecar_defs): a control page for each chunk of CPUs, and
 * for each CPU a command page and a page for registers. The pool's CPUs know
 * no hypervisor, so they refuse OpenHCL's own commands, which are numbers
 * below 100H; those here are above.
 *
 * Behind the shared pages are those that only the pool uses: its head, its page
 * tables, and a stack for each CPU.
 */
#ifndef ARCH_X86_64_PARAVISOR_POOL_AREA_H
#define ARCH_X86_64_PARAVISOR_POOL_AREA_H

#include "arch/x86_64/memmap.h"

#define POOL_CPU_MAX      255
#define POOL_CODE_MAX     0x200
#define POOL_VECTOR_COUNT 256
#define POOL_VECTOR_FIRST 32 /* those below are exceptions */
#define POOL_STACK_SIZE   0x4000

/* Offsets in a control page. */
#define POOL_CONTROL_REQUEST_VECTOR  0x0c
#define POOL_CONTROL_RESPONSE_CPU    0x10
#define POOL_CONTROL_RESPONSE_VECTOR 0x14
#define POOL_CONTROL_ATTENTION       0x18

/* What a control page says of a CPU. */
#define POOL_STATUS_REMOVED 0
#define POOL_STATUS_IDLE    1
#define POOL_STATUS_RUN     2
#define POOL_STATUS_STOP    3
#define POOL_STATUS_REMOVE  4

/* Offsets in a command page, and the commands. */
#define POOL_COMMAND           0x000
#define POOL_COMMAND_HAS_ERROR 0x004
#define POOL_COMMAND_ERROR     0x510 /* a byte, and so many of text */
#define POOL_COMMAND_ADDRESS   0x610
#define POOL_COMMAND_ARGUMENT  0x618
#define POOL_COMMAND_RESULT    0x620
#define POOL_PING              0x100 /* the result is the APIC ID */
#define POOL_CALL              0x101 /* the result is the function's */

/* Offsets in struct pool_head, and in its struct pool_cpu, for pool_ap.S. */
#define POOL_HEAD_COUNT  0x018
#define POOL_HEAD_CODE   0x1020
#define POOL_HEAD_CPUS   0x1220
#define POOL_CPU_STATUS  0x00
#define POOL_CPU_COMMAND 0x08
#define POOL_CPU_CONTROL 0x10
#define POOL_CPU_STACK   0x18
#define POOL_CPU_ID      0x1c
#define POOL_CPU_SIZE    0x20

/* Where struct pool_words is in the trampoline's page, and offsets in it. */
#define POOL_WORDS_OFFSET      0xd00
#define POOL_WORDS_EFER        0x00
#define POOL_WORDS_FIRST_TABLE 0x04
#define POOL_WORDS_FILL        0x08
#define POOL_WORDS_STACK       0x10
#define POOL_WORDS_COME_COUNT  0x14
#define POOL_WORDS_IS_FULL     0x18
#define POOL_WORDS_TABLE       0x1c
#define POOL_WORDS_HEAD        0x20
#define POOL_WORDS_GDT         0x2e
#define POOL_WORDS_IDT         0x3e

#ifndef __ASSEMBLER__
#include "common/machine/machine.h"
#include "common/paravisor/tree.h"

struct pool_control {
	uint32_t index;
	uint32_t base_cpu;
	uint32_t cpu_count;
	uint32_t request_vector; /* 0: the CPUs poll */
	uint32_t response_cpu;
	uint32_t response_vector; /* 0: none */
	uint32_t needs_attention;
	uint8_t reserved[36];
	uint8_t status[4032];
};

struct pool_cpu {
	paddr_t status;  /* its byte in the control page */
	paddr_t command; /* its command page */
	paddr_t control; /* its control page */
	uint32_t stack;  /* the top of it */
	uint32_t id;
};

/* SDM 3A, figure "64-Bit IDT Gate Descriptors" */
struct pool_gate {
	uint16_t offset_low;
	uint16_t selector;
	uint16_t type;
	uint16_t offset_high;
	uint64_t offset_top;
};

struct pool_head {
	uint64_t gdt[3];
	uint64_t cpu_count;
	struct pool_gate idt[POOL_VECTOR_COUNT];
	uint8_t code[POOL_CODE_MAX];
	struct pool_cpu cpus[POOL_CPU_MAX];
};

/* What LGDT and LIDT read starts at the limit. */
struct pool_descriptors {
	uint16_t reserved[3];
	uint16_t limit;
	uint64_t base;
};

/*
 * The first processor only tells where the memory is. The first of the others
 * to come fills it by pool_area_fill(), and tells the rest what is where.
 */
struct pool_words {
	uint32_t efer;
	uint32_t first_table; /* the blob's CR3, with which all begin */
	void (*fill)(struct pool_words *words);
	uint32_t stack; /* for fill(); later it is a CPU's */
	uint32_t come_count;
	uint32_t is_full;
	uint32_t table; /* the pool's CR3 */
	uint32_t head;
	uint32_t reserved;
	struct pool_descriptors gdt;
	struct pool_descriptors idt;
	const struct machine *machine;
	paddr_t area;
	uint32_t chunk_max;
	uint32_t page_bits;
};

/*
 * pool_area.c: the memory of the pool, whose CPUs are those of
 * machine.cpu_order that are not the kernel's. Its page tables have pages of
 * 1 << `page_bits` bytes, either 2 MiB or 1 GiB.
 */
uint64_t pool_area_size(const struct machine *machine, uint32_t page_bits);

/*
 * Fills that memory, which lies below 4 GiB, and those of the words that lead
 * to it. Runs on a processor of which nothing else knows, so it must not panic.
 */
void pool_area_fill(struct pool_words *words);

/* pool_ap.S: what the CPUs run in the trampoline's page, then in the head. */
extern HIDDEN const uint8_t pool_ap_begin[], pool_ap_end[];
extern HIDDEN const uint8_t pool_code_begin[];
extern HIDDEN const uint8_t pool_exception[], pool_interrupt[];

static_assert(sizeof(struct pool_control) == TREE_PAGE_SIZE, "sidecar_defs");
static_assert(offsetof(struct pool_control, status) == 64, "sidecar_defs");
static_assert(offsetof(struct pool_control, request_vector) ==
                              POOL_CONTROL_REQUEST_VECTOR &&
                      offsetof(struct pool_control, response_cpu) ==
                              POOL_CONTROL_RESPONSE_CPU &&
                      offsetof(struct pool_control, response_vector) ==
                              POOL_CONTROL_RESPONSE_VECTOR &&
                      offsetof(struct pool_control, needs_attention) ==
                              POOL_CONTROL_ATTENTION,
              "pool_ap.S");
static_assert(offsetof(struct pool_head, cpu_count) == POOL_HEAD_COUNT &&
                      offsetof(struct pool_head, code) == POOL_HEAD_CODE &&
                      offsetof(struct pool_head, cpus) == POOL_HEAD_CPUS,
              "pool_ap.S");
static_assert(sizeof(struct pool_cpu) == POOL_CPU_SIZE &&
                      offsetof(struct pool_cpu, stack) == POOL_CPU_STACK,
              "pool_ap.S");
static_assert(
	offsetof(struct pool_words, first_table) == POOL_WORDS_FIRST_TABLE &&
		offsetof(struct pool_words, fill) == POOL_WORDS_FILL &&
		offsetof(struct pool_words, stack) == POOL_WORDS_STACK &&
		offsetof(struct pool_words, come_count) ==
			POOL_WORDS_COME_COUNT &&
		offsetof(struct pool_words, is_full) == POOL_WORDS_IS_FULL &&
		offsetof(struct pool_words, table) == POOL_WORDS_TABLE &&
		offsetof(struct pool_words, head) == POOL_WORDS_HEAD &&
		offsetof(struct pool_words, gdt.limit) == POOL_WORDS_GDT &&
		offsetof(struct pool_words, idt.limit) == POOL_WORDS_IDT,
	"pool_ap.S");
static_assert(sizeof(struct pool_gate) == 16, "SDM 3A");
#endif

#endif
