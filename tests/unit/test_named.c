/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_named.c - virtio-mmio devices on the command line */
#include <stdio.h>
#include <string.h>

#include "arch/x86_64/probe/named.h"
#include "tests/unit/test.h"

static struct machine machine;

static uint32_t probe(const char *cmdline)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	machine.given.cmdline = cmdline;
	named_probe(&machine);
	EXPECT_EQ(machine.pc.named_count, machine.virtio_mmio_count);
	return machine.virtio_mmio_count;
}

static void expect_slot(const struct machine_virtio_mmio *slot, paddr_t paddr,
                        uint32_t size, uint32_t gsi)
{
	EXPECT_EQ(slot->paddr, paddr);
	EXPECT_EQ(slot->size, size);
	EXPECT_EQ(slot->gsi, gsi);
	EXPECT_EQ(slot->more_count, 0);
	EXPECT(slot->is_edge);
}

/* The device must be a slot of the machine and a word for the kernel. */
static void expect(uint32_t index, paddr_t paddr, uint32_t size, uint32_t gsi)
{
	expect_slot(&machine.virtio_mmio[index], paddr, size, gsi);
	expect_slot(&machine.pc.named[index], paddr, size, gsi);
}

static void words_are_devices(void)
{
	EXPECT_EQ(probe(NULL), 0);
	EXPECT_EQ(probe(""), 0);
	EXPECT_EQ(probe("virtio_mmio.device=4K@0xd0001000:5"), 1);
	expect(0, 0xd0001000, 4096, 5);
	EXPECT_EQ(probe("quiet  virtio_mmio.device=0x200@3489660928:16:7 "
	                "xvirtio_mmio.device=4K@0x1000:5 "
	                "virtio_mmio.device=1M@0XFEB00e00:12"),
	          2);
	expect(0, 0xd0000000, 512, 16);
	expect(1, 0xfeb00e00, 1 << 20, 12);
}

/* The kernel still needs words for them. */
static void known_slots_stay(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	machine.virtio_mmio_count = 8;
	machine.given.cmdline = "virtio_mmio.device=4K@0xd0001000:5";
	named_probe(&machine);
	EXPECT_EQ(machine.virtio_mmio_count, 8);
	EXPECT_EQ(machine.pc.named_count, 1);
	expect_slot(&machine.pc.named[0], 0xd0001000, 4096, 5);
}

static void other_words_are_none(void)
{
	static const char *const words[] = {
		"virtio_mmio.device",
		"virtio_mmio.device=",
		"virtio_mmio.device=4K",
		"virtio_mmio.device=4K@",
		"virtio_mmio.device=4K@0xd0000000",
		"virtio_mmio.device=4K@0xd0000000:1024",
		"virtio_mmio.device=4@0xd0000000:5",
		"virtio_mmio.device=4L@0xd0000000:5",
		"virtio_mmio.device=4J@0xd0000000:5",
		"virtio_mmio.device=4n@0xd0000000:5",
		"virtio_mmio.device=4K@0xfffff001:5",
		"virtio_mmio.device=4K@0xffffffffffffffffffff:5",
		"virtio_mmio.device=9999999999999999M@0:5",
		"virtio_mmio.device=4K@4K4K:5",
		"virtio_mmio.device=0x@0x:0x",
	};

	for (unsigned i = 0; i < ARRAY_COUNT(words); i++)
		EXPECT_EQ(probe(words[i]), 0);
}

static void too_many_panic(void)
{
	static char text[4096];

	for (int i = 0; i < MACHINE_NAMED_MAX; i++)
		strcat(text, "virtio_mmio.device=4K@0xd0001000:5 ");
	EXPECT_EQ(probe(text), MACHINE_NAMED_MAX);
	strcat(text, "virtio_mmio.device=4K@0xd0001000:5");
	EXPECT_PANIC("more than 32 virtio-mmio devices", probe(text));
}

int main(void)
{
	RUN(words_are_devices);
	RUN(known_slots_stay);
	RUN(other_words_are_none);
	RUN(too_many_panic);
	return test_status();
}
