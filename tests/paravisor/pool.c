/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/paravisor/pool.c - a driver of the dispatch pool, in user space
 *
 *	pool TREE          has each CPU of the pool do all commands
 *	pool TREE NUMBER   removes that CPU, by its number in the partition
 *	pool TREE halt     has each CPU halt, and wakes it by an IPI
 *
 * TREE is the device tree of a paravisor. The pool's pages are reserved, so
 * /dev/mem gives them. Linux' own pages cannot be had that way: what the CPUs
 * are to run and read is in a huge page of this process, whose physical address
 * the kernel tells. IPIs take the local APIC's registers, for which the kernel
 * must have iomem=relaxed, and must not write them at the same time: there are
 * several tries.
 */
#include <fcntl.h>
#include <libfdt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum status { REMOVED, IDLE, RUN, STOP, REMOVE };
enum command { RUN_VP = 1, PING = 0x100, CALL = 0x101 };

#define PAGE      4096
#define HUGE_PAGE (2 << 20)
#define DATA_SIZE (1 << 20)
#define TRY_MAX   20000 /* milliseconds */
#define APIC      0xfee00000
#define ICR_LOW   (0x300 / 4)
#define ICR_HIGH  (0x310 / 4)
#define VECTOR    0x40

struct control {
	uint32_t index, base_cpu, cpu_count;
	uint32_t request_vector, response_cpu, response_vector;
	uint32_t needs_attention;
	uint8_t reserved[36];
	uint8_t status[4032];
};

struct command_page {
	uint32_t command;
	uint8_t has_error;
	uint8_t context[0x510 - 5];
	uint8_t error_size;
	char error[255];
	uint64_t address, argument, result;
	uint8_t rest[PAGE - 0x628];
	uint8_t registers[PAGE];
};

_Static_assert(sizeof(struct control) == PAGE, "a page");
_Static_assert(sizeof(struct command_page) == 2 * PAGE, "two pages");

/* What a CPU of the pool runs: sums the words that RDI tells of. */
extern const uint8_t sum_begin[], sum_end[];
__asm__("sum_begin: movq 8(%rdi), %rcx; movq (%rdi), %rsi; xorl %eax, %eax\n"
        "1: addq (%rsi), %rax; addq $8, %rsi; decq %rcx; jnz 1b; ret\n"
        "sum_end: ud2");

struct work {
	uint64_t base, count;
	uint8_t code[64];
	uint8_t fault[2];
};

static struct work *work;
static uint64_t work_paddr, expected;
static char idle[128], pings[128];
static unsigned sums, refusals, faults, attentions;
static unsigned halts, wakes, answers, polls;
static volatile uint32_t *apic;

static void fail(const char *what)
{
	printf("GUEST pool %s\n", what);
	exit(1);
}

static void *map(uint64_t paddr, uint64_t size)
{
	int file = open("/dev/mem", O_RDWR | O_SYNC);
	void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
	                    file, (off_t)paddr);

	if (mapped == MAP_FAILED)
		fail("/dev/mem: not mapped");
	close(file);
	return mapped;
}

/* Documentation/admin-guide/mm/pagemap.rst */
static uint64_t paddr_of(const void *place)
{
	int file = open("/proc/self/pagemap", O_RDONLY);
	uint64_t entry = 0;

	if (pread(file, &entry, 8, (off_t)((uintptr_t)place / PAGE * 8)) != 8)
		fail("/proc/self/pagemap: not read");
	close(file);
	return (entry & ((1ULL << 55) - 1)) * PAGE;
}

static void make_work(void)
{
	uint64_t *data;

	work = mmap(NULL, HUGE_PAGE, PROT_READ | PROT_WRITE,
	            MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (work == MAP_FAILED)
		fail("no huge page");
	data = (uint64_t *)work + DATA_SIZE / 8;
	for (unsigned i = 0; i < DATA_SIZE / 8; i++) {
		data[i] = (i + 1) * 0x9e3779b97f4a7c15;
		expected += data[i];
	}
	work_paddr = paddr_of(work);
	work->base = work_paddr + DATA_SIZE;
	work->count = DATA_SIZE / 8;
	memcpy(work->code, sum_begin, (size_t)(sum_end - sum_begin));
	memcpy(work->fault, sum_end, sizeof(work->fault));
}

/* Sets a status, and waits until the CPU has answered. */
static void ask(volatile uint8_t *status, enum status wanted, enum status then)
{
	__atomic_store_n(status, wanted, __ATOMIC_SEQ_CST);
	for (unsigned i = 0; *status != then; i++) {
		if (i == TRY_MAX)
			fail("a CPU does not answer");
		usleep(1000);
	}
}

static volatile struct command_page *run(volatile struct control *control,
                                         volatile struct command_page *page,
                                         unsigned cpu, enum command command,
                                         uint64_t address)
{
	control->needs_attention = 0;
	page->command = command;
	page->address = address;
	page->argument = work_paddr;
	page->result = 0;
	ask(&control->status[cpu], RUN, IDLE);
	while (!control->needs_attention)
		usleep(1000);
	attentions++;
	return page;
}

static bool says(volatile struct command_page *page, const char *text)
{
	return page->has_error && page->error_size == strlen(text) &&
	       memcmp((const char *)page->error, text, strlen(text)) == 0;
}

static void try_cpu(volatile struct control *control,
                    volatile struct command_page *page, unsigned cpu)
{
	uint64_t code = work_paddr + offsetof(struct work, code);
	uint64_t fault = work_paddr + offsetof(struct work, fault);
	char *end = pings + strlen(pings);

	run(control, page, cpu, PING, 0);
	sprintf(end, " %lu", page->has_error ? ~0UL : page->result);
	run(control, page, cpu, CALL, fault);
	faults += says(page, "exception");
	run(control, page, cpu, RUN_VP, 0);
	refusals += says(page, "not a command of this pool");
	run(control, page, cpu, CALL, code);
	sums += !page->has_error && page->result == expected;
}

/* Sends an IPI until the CPU of that status is idle. */
static void wake(volatile uint8_t *status, uint32_t id)
{
	for (unsigned i = 0; *status != IDLE; i++) {
		if (i == TRY_MAX / 10)
			fail("a CPU does not wake up");
		apic[ICR_HIGH] = id << 24;
		apic[ICR_LOW] = VECTOR;
		usleep(10000);
	}
}

/* Has a CPU that halts do a command, but does not tell it. */
static void leave(volatile struct control *control,
                  volatile struct command_page *page, unsigned cpu)
{
	page->command = PING;
	page->result = ~0UL;
	__atomic_store_n(&control->status[cpu], RUN, __ATOMIC_SEQ_CST);
	usleep(200000);
	halts += control->status[cpu] == RUN;
}

/* The CPU's answer wakes the one before it, which has a command, too. */
static void try_answer(volatile struct control *control,
                       volatile struct command_page *pages, unsigned cpu,
                       const uint32_t *ids)
{
	leave(control, &pages[cpu - 1], cpu - 1);
	leave(control, &pages[cpu], cpu);
	control->response_cpu = ids[cpu - 1];
	control->response_vector = VECTOR;
	wake(&control->status[cpu], ids[cpu]);
	for (unsigned i = 0; control->status[cpu - 1] != IDLE; i++) {
		if (i == TRY_MAX)
			fail("an answer wakes no CPU");
		usleep(1000);
	}
	control->response_vector = 0;
	answers += pages[cpu - 1].result == ids[cpu - 1];
}

static void try_halts(volatile struct control *control,
                      volatile struct command_page *pages)
{
	uint32_t ids[64], count = control->cpu_count;

	for (unsigned i = 1; i < count; i++)
		ids[i] = (uint32_t)run(control, &pages[i], i, PING, 0)->result;
	control->request_vector = VECTOR;
	usleep(200000); /* until then they may poll */
	for (unsigned i = 1; i < count; i++) {
		leave(control, &pages[i], i);
		wake(&control->status[i], ids[i]);
		wakes += pages[i].result == ids[i];
	}
	for (unsigned i = 2; i < count; i++)
		try_answer(control, pages, i, ids);
	control->request_vector = 0;
	for (unsigned i = 1; i < count; i++) {
		control->status[i] = RUN;
		wake(&control->status[i], ids[i]);
		polls += run(control, &pages[i], i, PING, 0)->result == ids[i];
	}
}

static void try_chunk(uint64_t control_paddr, uint64_t shared, uint64_t size,
                      long removed)
{
	volatile struct control *control = map(control_paddr, PAGE);
	volatile struct command_page *pages = map(shared, size);

	if (apic)
		try_halts(control, pages);
	for (unsigned i = 0; !apic && i < control->cpu_count; i++) {
		long number = control->base_cpu + i;
		char *end = idle + strlen(idle);

		if (removed < 0 && control->status[i] == IDLE) {
			sprintf(end, " %ld", number);
			try_cpu(control, &pages[i], i);
		} else if (removed == number) {
			ask(&control->status[i], REMOVE, REMOVED);
			printf("GUEST removed %ld\n", number);
		}
	}
}

static void *read_tree(const char *path)
{
	static char tree[256 << 10];
	int file = open(path, O_RDONLY);
	ssize_t size = read(file, tree, sizeof(tree));

	if (size <= 0 || fdt_check_full(tree, (size_t)size) != 0)
		fail("no device tree");
	return tree;
}

static void tell(void)
{
	if (apic)
		printf("GUEST halts %u, %u wakes, %u answers, %u polls\n",
		       halts, wakes, answers, polls);
	else
		printf("GUEST idle%s\nGUEST pings%s\n"
		       "GUEST answers %u sums, %u refusals, %u faults, %u "
		       "attentions\n",
		       idle, pings, sums, refusals, faults, attentions);
}

int main(int argc, char **argv)
{
	void *tree = read_tree(argv[1]);
	bool is_halt = argc > 2 && strcmp(argv[2], "halt") == 0;
	long removed = argc > 2 && !is_halt ? atol(argv[2]) : -1;
	int node = -1;

	if (is_halt)
		apic = map(APIC, PAGE);
	else if (removed < 0)
		make_work();
	while ((node = fdt_node_offset_by_compatible(
			tree, node, "microsoft,openhcl-sidecar")) >= 0) {
		const fdt64_t *reg = fdt_getprop(tree, node, "reg", NULL);

		try_chunk(fdt64_ld(&reg[0]), fdt64_ld(&reg[2]),
		          fdt64_ld(&reg[3]), removed);
	}
	if (removed < 0)
		tell();
	return 0;
}
