/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/paravisor/describe.c - what a paravisor's kernel reads
 *
 * Linux Documentation/arch/x86/boot.rst, "setup_data": its device tree is in a
 * record of its own.
 */
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/paravisor/pool.h"
#include "arch/x86_64/paravisor/tree_x86.h"
#include "common/arch.h"
#include "common/image.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/paravisor/paravisor.h"
#include "common/place/place.h"
#include "common/spec/linux_x86.h"

/* The blob works below it, and start-up IPIs start CPUs only there. */
const struct machine_range arch_paravisor_hole = {
	LOW_RAM_END, HIGH_RAM_BASE - LOW_RAM_END
};
const bool arch_paravisor_has_pool = true;

/*
 * Linux can start all CPUs that it is told of, but starts only as many as this
 * word says. It takes the last of such words.
 */
static void add_word(struct cmdline *cmdline, uint32_t count)
{
	uint32_t size = cmdline->size;
	char value[sizeof("4294967295")];

	string_put_number(value, count, 10);
	cmdline_append(cmdline, "maxcpus", value);
	if (cmdline->size == size)
		panic("cmdline: maxcpus=%u: room for %u bytes", count,
		      cmdline->max - size);
}

paddr_t paravisor_describe(const struct machine *machine,
                           const struct payload *payload, struct guest *guest,
                           struct memory *memory, paddr_t next)
{
	const struct bundle_paravisor *options = paravisor_options(payload);
	struct tree_pool pool;
	uint32_t size = tree_x86_size(machine);
	uint32_t all = align_up(sizeof(struct setup_data) + size,
	                        TREE_PAGE_SIZE); /* the pool's pages follow */
	struct setup_data *record;
	paddr_t base;

	if (!options)
		return next;
	if (!machine->is_split)
		panic("paravisor: a bundle of the VMM: must be the blob's own");
	if (payload->dtb.kind != SOURCE_NONE)
		panic("paravisor: a device tree of the bundle: it gets ours");
	base = memory_alloc(memory, all, TREE_PAGE_SIZE, HIGH_RAM_BASE,
	                    FOUR_GIB, MEMORY_RAM);
	if (!base)
		panic("paravisor: %#x bytes: no free RAM of that size", size);
	arch_map(base, all);
	pool = pool_start(machine, options->chunk_max, memory);
	if (pool.all.size)
		add_word(&guest->cmdline, machine->kernel_cpu_count);
	record = paddr_ptr(base);
	tree_x86_build(machine, &pool, record + 1, size);
	pool_await(machine, &pool);
	*record = (struct setup_data){
		.next = next,
		.type = SETUP_DTB,
		.len = size,
	};
	return base;
}
