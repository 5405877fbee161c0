/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/fake_cpu.c - a processor made of variables, see fake_cpu.h */
#include <cpuid.h>

#include "tests/unit/fake_cpu.h"

#include <string.h>

#include "common/lib/console.h"

#define LEAF_MAX 32
#define MSR_MAX  64

struct leaf {
	uint32_t leaf;
	uint32_t subleaf;
	struct cpuid id;
};

struct msr {
	uint32_t index;
	uint64_t value;
};

struct fake_cpu fake_cpu;

static struct leaf leaves[LEAF_MAX];
static struct msr msrs[MSR_MAX];
static uint32_t leaf_count, msr_count, msr_writes;

void fake_cpu_clear(void)
{
	memset(&fake_cpu, 0, sizeof(fake_cpu));
	leaf_count = msr_count = msr_writes = 0;
}

/* ---- CPUID and MSRs */

static struct leaf *find_leaf(uint32_t leaf, uint32_t subleaf)
{
	for (uint32_t i = 0; i < leaf_count; i++) {
		if (leaves[i].leaf == leaf && leaves[i].subleaf == subleaf)
			return &leaves[i];
	}
	return NULL;
}

void fake_cpu_set_cpuid(uint32_t leaf, uint32_t subleaf, struct cpuid id)
{
	struct leaf *known = find_leaf(leaf, subleaf);

	if (!known) {
		check(leaf_count < LEAF_MAX);
		known = &leaves[leaf_count++];
	}
	*known = (struct leaf){ leaf, subleaf, id };
}

/* Returns the highest leaf of a kind, from 0 or from 80000000 up. */
static uint32_t leaf_max(uint32_t first)
{
	uint32_t max = first;

	for (uint32_t i = 0; i < leaf_count; i++) {
		uint32_t leaf = leaves[i].leaf;

		if (leaf - first < 0x10000 && leaf > max)
			max = leaf;
	}
	return max;
}

struct cpuid cpu_cpuid(uint32_t leaf, uint32_t subleaf)
{
	/* SDM 2A, CPUID: beyond the highest basic leaf, that one answers. */
	bool is_beyond = leaf < 0x40000000 && leaf > leaf_max(0);
	const struct leaf *known =
		find_leaf(is_beyond ? leaf_max(0) : leaf, subleaf);
	struct cpuid id = known ? known->id : (struct cpuid){ 0 };

	fake_cpu.cpuid_count++;
	if (leaf == 0 || leaf == 0x80000000)
		id.eax = leaf_max(leaf);
	return id;
}

/* This asks the real processor, because tests run its instructions. */
bool cpu_has_sha_ni(void)
{
	unsigned a, b, c, d;

	return !fake_cpu.lacks_sha_ni &&
	       __get_cpuid_count(7, 0, &a, &b, &c, &d) && b >> 29 & 1;
}

uint32_t cpu_address_width(void)
{
	return cpu_cpuid(0x80000008, 0).eax & 0xff;
}

static struct msr *find_msr(uint32_t index)
{
	for (uint32_t i = 0; i < msr_count; i++) {
		if (msrs[i].index == index)
			return &msrs[i];
	}
	check(msr_count < MSR_MAX);
	msrs[msr_count] = (struct msr){ index, 0 };
	return &msrs[msr_count++];
}

void fake_cpu_set_msr(uint32_t msr, uint64_t value)
{
	find_msr(msr)->value = value;
}

uint64_t fake_cpu_msr(uint32_t msr)
{
	return find_msr(msr)->value;
}

uint32_t fake_cpu_msr_writes(void)
{
	return msr_writes;
}

void cpu_wrmsr(uint32_t msr, uint64_t value)
{
	find_msr(msr)->value = value;
	msr_writes++;
}

uint64_t cpu_rdmsr(uint32_t msr)
{
	return find_msr(msr)->value;
}

/* ---- ports and registers */

static uint32_t in(uint16_t port, uint32_t size)
{
	return fake_cpu.in ? fake_cpu.in(port, size) : UINT32_MAX;
}

static void out(uint16_t port, uint32_t size, uint32_t value)
{
	if (fake_cpu.out_count < FAKE_OUT_MAX)
		fake_cpu.outs[fake_cpu.out_count++] =
			(struct fake_out){ port, size, value };
	if (fake_cpu.out)
		fake_cpu.out(port, size, value);
}

bool fake_cpu_has_out(uint16_t port, uint32_t size, uint32_t value)
{
	for (uint32_t i = 0; i < fake_cpu.out_count; i++) {
		const struct fake_out *one = &fake_cpu.outs[i];

		if (one->port == port && one->size == size &&
		    one->value == value)
			return true;
	}
	return false;
}

void cpu_outb(uint16_t port, uint8_t value)
{
	out(port, 1, value);
}

void cpu_outw(uint16_t port, uint16_t value)
{
	out(port, 2, value);
}

void cpu_outl(uint16_t port, uint32_t value)
{
	out(port, 4, value);
}

uint8_t cpu_inb(uint16_t port)
{
	return (uint8_t)in(port, 1);
}

uint32_t cpu_inl(uint16_t port)
{
	return in(port, 4);
}

void cpu_insw(uint16_t port, paddr_t dest, uint64_t count)
{
	for (; count; count--, dest += 2) {
		uint16_t word = (uint16_t)in(port, 2);

		memcpy(paddr_ptr(dest), &word, sizeof(word));
	}
}

static uint32_t read(paddr_t paddr, uint32_t size)
{
	return fake_cpu.read ? fake_cpu.read(paddr, size) : UINT32_MAX;
}

static void write(paddr_t paddr, uint32_t size, uint32_t value)
{
	if (fake_cpu.write)
		fake_cpu.write(paddr, size, value);
}

uint32_t cpu_read32(paddr_t paddr)
{
	return read(paddr, 4);
}

uint16_t cpu_read16(paddr_t paddr)
{
	return (uint16_t)read(paddr, 2);
}

uint8_t cpu_read8(paddr_t paddr)
{
	return (uint8_t)read(paddr, 1);
}

void cpu_write32(paddr_t paddr, uint32_t value)
{
	write(paddr, 4, value);
}

/* As a device does that has registers of 32 bits. */
void cpu_write64(paddr_t paddr, uint64_t value)
{
	write(paddr, 4, (uint32_t)value);
	write(paddr + 4, 4, value >> 32);
}

void cpu_write16(paddr_t paddr, uint16_t value)
{
	write(paddr, 2, value);
}

void cpu_write8(paddr_t paddr, uint8_t value)
{
	write(paddr, 1, value);
}

/* ---- time, tables, the end */

uint64_t cpu_rdtsc(void)
{
	return fake_cpu.tsc += fake_cpu.tsc_step;
}

void cpu_wait_interrupt(void)
{
	fake_cpu.sleep_count++;
	fake_cpu.tsc += fake_cpu.sleep_ticks;
}

void cpu_pause(void)
{
	fake_cpu.pause_count++;
}

bool cpu_rdrand(uint64_t *value)
{
	bool has_one = fake_cpu.has_random &&
	               fake_cpu.random_count >= fake_cpu.random_failures;

	fake_cpu.random_count++;
	*value = has_one ? fake_cpu.random : 0; /* SDM 2B, RDRAND */
	return has_one;
}

uint64_t cpu_read_cr4(void)
{
	return fake_cpu.cr4;
}

void cpu_write_cr4(uint64_t value)
{
	fake_cpu.cr4 = value;
	fake_cpu.cr4_writes++;
	fake_cpu.cr4_set |= value;
}

void cpu_write_cr3(paddr_t table)
{
	fake_cpu.cr3 = table;
	fake_cpu.cr3_writes++;
}

paddr_t cpu_read_cr3(void)
{
	return fake_cpu.cr3;
}

void cpu_load_idt(const void *idt, uint16_t size)
{
	fake_cpu.idt = idt;
	fake_cpu.idt_size = size;
}

void cpu_load_gdt(const void *gdt, uint16_t size, uint16_t tss)
{
	fake_cpu.gdt = gdt;
	fake_cpu.gdt_size = size;
	fake_cpu.tss = tss;
}

void cpu_halt(void)
{
	panic("fake: halted");
}

void cpu_triple_fault(void)
{
	panic("fake: triple fault");
}
