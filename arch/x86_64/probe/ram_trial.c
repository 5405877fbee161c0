/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/ram_trial.c - RAM of which nobody tells, see ram_trial.h */
#include "arch/x86_64/probe/ram_trial.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/paging.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/ram.h"
#include "common/arch.h"

/*
 * kvmtool tells nothing and has RAM in these ranges. PROBE_HIGH_END is as far
 * as there is room for page tables to try.
 */
#define PROBE_LOW_END  0xd0000000
#define PROBE_HIGH_END (1ULL << 40)

static uint8_t read_cmos(uint8_t index)
{
	cpu_outb(0x70, index);
	return cpu_inb(0x71);
}

/*
 * Reads the indices that SeaBIOS, Bochs, crosvm and VirtualBox know: 34/35
 * count units of 64 KiB above 16 MiB, 30/31 KiB above 1 MiB, 5B-5D units of 64
 * KiB above 4 GiB. Returns false if they say nothing, or if there is no CMOS.
 */
static bool read_cmos_ram(struct machine *machine)
{
	uint64_t low = (uint64_t)(read_cmos(0x34) | read_cmos(0x35) << 8) << 16;
	uint64_t high = (uint64_t)(read_cmos(0x5b) | read_cmos(0x5c) << 8 |
	                           read_cmos(0x5d) << 16)
	                << 16;

	if (low && low != 0xffff0000) {
		low += 16 << 20;
	} else {
		low = (read_cmos(0x30) | read_cmos(0x31) << 8) << 10;
		if (!low || low == 0xffff << 10)
			return false;
		low += 1 << 20;
	}
	ram_add(machine, 0, low, MEMORY_RAM);
	if (high != 0xffffff0000)
		ram_add(machine, FOUR_GIB, high, MEMORY_RAM);
	return true;
}

/*
 * Tells whether there is RAM. A read from an address without memory may return
 * what was written last, anywhere.
 */
static bool is_ram(paddr_t paddr)
{
	volatile uint64_t *word = paddr_ptr(paddr);
	uint64_t old[2];
	bool has_kept;

	arch_map(paddr, sizeof(old));
	old[0] = word[0];
	old[1] = word[1];
	word[0] = ~old[0];
	word[1] = ~old[1] ^ 0x5a;
	has_kept = word[0] == ~old[0] && word[1] == (~old[1] ^ 0x5a);
	word[0] = old[0];
	word[1] = old[1];
	return has_kept;
}

/*
 * Finds the end of RAM by halving. RAM from `base` on is in one piece, of whole
 * MiB. The page tables that this takes are given back.
 */
static void probe_ram(struct machine *machine, paddr_t base, uint64_t end)
{
	uint64_t low = 0, high = (end - base) >> 20;
	paddr_t mark = paging_mark();

	while (low < high) {
		uint64_t middle = (low + high + 1) / 2;

		if (is_ram(base + (middle << 20) - 16))
			low = middle;
		else
			high = middle - 1;
	}
	paging_release(mark);
	ram_add(machine, base, low << 20, MEMORY_RAM);
}

void ram_try(struct machine *machine)
{
	if (read_cmos_ram(machine))
		return;
	probe_ram(machine, 0, PROBE_LOW_END);
	probe_ram(machine, FOUR_GIB,
	          min_u64(1ULL << machine->pc.address_width, PROBE_HIGH_END));
}
