/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/paravisor/pool.c - a driver of the dispatch pool, in user space
 *
 *	pool TREE          has each CPU of the pool do all commands
 *	pool TREE NUMBER   removes that CPU, by its number in the partition
 *
 * TREE is the device tree of a paravisor. The pool's pages are reserved, so
 * /dev/mem gives them. Linux' own pages cannot be had that way: what the CPUs
 * are to run and read is in a huge page of this process, whose physical address
 * the kernel tells.
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

static void try_chunk(uint64_t control_paddr, uint64_t shared, uint64_t size,
                      long removed)
{
	volatile struct control *control = map(control_paddr, PAGE);
	volatile struct command_page *pages = map(shared, size);

	for (unsigned i = 0; i < control->cpu_count; i++) {
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

int main(int argc, char **argv)
{
	void *tree = read_tree(argv[1]);
	int node = -1;

	if (argc == 2)
		make_work();
	while ((node = fdt_node_offset_by_compatible(
			tree, node, "microsoft,openhcl-sidecar")) >= 0) {
		const fdt64_t *reg = fdt_getprop(tree, node, "reg", NULL);

		try_chunk(fdt64_ld(&reg[0]), fdt64_ld(&reg[2]),
		          fdt64_ld(&reg[3]), argc > 2 ? atol(argv[2]) : -1);
	}
	if (argc == 2)
		printf("GUEST idle%s\nGUEST pings%s\n"
		       "GUEST answers %u sums, %u refusals, %u faults, %u "
		       "attentions\n",
		       idle, pings, sums, refusals, faults, attentions);
	return 0;
}
