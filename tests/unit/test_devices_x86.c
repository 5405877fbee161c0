/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_devices_x86.c - virtio-mmio devices on the command line */
#include <stdio.h>
#include <string.h>

#include "arch/x86_64/lib/x86.h"
#include "common/arch.h"
#include "tests/unit/test.h"

static struct boot boot;

void arch_map(paddr_t base, uint64_t size)
{
	(void)base;
	(void)size;
}

void source_load(const struct boot *unused, const char *name,
                 const struct source *source, uint64_t offset, paddr_t dest,
                 uint64_t size)
{
	(void)unused;
	(void)name;
	memcpy(paddr_ptr(dest), (const char *)source->data + offset, size);
}

static uint32_t discover(const char *cmdline)
{
	memset(&boot, 0, sizeof(boot));
	boot.handoff_cmdline = cmdline;
	devices_discover(&boot);
	return boot.machine.virtio_mmio_count;
}

static void expect(uint32_t index, paddr_t paddr, uint32_t size, uint32_t gsi)
{
	const struct machine_virtio_mmio *slot =
		&boot.machine.virtio_mmio[index];

	EXPECT_EQ(slot->paddr, paddr);
	EXPECT_EQ(slot->size, size);
	EXPECT_EQ(slot->gsi, gsi);
	EXPECT(slot->is_edge);
}

static void words_are_devices(void)
{
	EXPECT_EQ(discover(NULL), 0);
	EXPECT_EQ(discover(""), 0);
	EXPECT_EQ(discover("virtio_mmio.device=4K@0xd0001000:5"), 1);
	expect(0, 0xd0001000, 4096, 5);
	EXPECT_EQ(discover("quiet  virtio_mmio.device=0x200@3489660928:16:7 "
	                   "xvirtio_mmio.device=4K@0x1000:5 "
	                   "virtio_mmio.device=1M@0XFEB00e00:12"),
	          2);
	expect(0, 0xd0000000, 512, 16);
	expect(1, 0xfeb00e00, 1 << 20, 12);
}

static void known_slots_stay(void)
{
	memset(&boot, 0, sizeof(boot));
	boot.machine.virtio_mmio_count = 8;
	boot.handoff_cmdline = "virtio_mmio.device=4K@0xd0001000:5";
	devices_discover(&boot);
	EXPECT_EQ(boot.machine.virtio_mmio_count, 8);
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
		"virtio_mmio.device=4K@0xfffff001:5",
		"virtio_mmio.device=4K@0xffffffffffffffffffff:5",
		"virtio_mmio.device=9999999999999999M@0:5",
		"virtio_mmio.device=4K@4K4K:5",
		"virtio_mmio.device=0x@0x:0x",
	};

	for (unsigned i = 0; i < ARRAY_COUNT(words); i++)
		EXPECT_EQ(discover(words[i]), 0);
}

static void too_many_panic(void)
{
	static char text[4096];

	for (int i = 0; i < MACHINE_VIRTIO_MMIO_MAX; i++)
		strcat(text, "virtio_mmio.device=4K@0xd0001000:5 ");
	EXPECT_EQ(discover(text), MACHINE_VIRTIO_MMIO_MAX);
	strcat(text, "virtio_mmio.device=4K@0xd0001000:5");
	EXPECT_PANIC("more than 64 virtio-mmio devices", discover(text));
}

int main(void)
{
	RUN(words_are_devices);
	RUN(known_slots_stay);
	RUN(other_words_are_none);
	RUN(too_many_panic);
	return test_status();
}
