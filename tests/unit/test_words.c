/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_words.c - words that we add to the command line */
#include <string.h>

#include "arch/x86_64/describe/words.h"
#include "arch/x86_64/lib/tsc.h"
#include "tests/unit/test.h"

static struct machine machine;
static struct cmdline cmdline;
static char text[4096];
static uint32_t measured_khz;

uint32_t tsc_khz(const struct machine *of)
{
	EXPECT(of == &machine);
	return measured_khz;
}

static void start(const char *line)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	measured_khz = 0;
	strcpy(text, line);
	cmdline = (struct cmdline){
		.text = text,
		.size = (uint32_t)strlen(line),
		.max = sizeof(text) - 1,
	};
}

static void add_named(paddr_t paddr, uint32_t size, uint32_t gsi)
{
	machine.pc.named[machine.pc.named_count++] =
		(struct machine_virtio_mmio){ .paddr = paddr,
		                              .size = size,
		                              .gsi = gsi };
}

static void expect(const char *line)
{
	words_add(&cmdline, &machine);
	EXPECT_STR(cmdline.text, line);
	EXPECT_EQ(cmdline.size, strlen(line));
}

static void without_any_the_line_stays(void)
{
	start("quiet");
	expect("quiet");
}

static void what_was_measured_is_told(void)
{
	start("quiet");
	measured_khz = 2994375;
	expect("quiet tsc_early_khz=2994375");
	start("");
	measured_khz = UINT32_MAX;
	expect(" tsc_early_khz=4294967295");
}

/* The words are made from numbers, not copied from the VMM's text. */
static void named_devices_are_told(void)
{
	start("quiet");
	add_named(0xd0000000, 4096, 5);
	add_named(0xd0001000, 512, 1023);
	measured_khz = 1000;
	expect("quiet virtio_mmio.device=4096@0xd0000000:5 "
	       "virtio_mmio.device=512@0xd0001000:1023 tsc_early_khz=1000");
}

static void a_device_is_named_once(void)
{
	start("a virtio_mmio.device=4K@0xd0000000:5\tb");
	add_named(0xd0000000, 4096, 5);
	add_named(0xd0001000, 4096, 6);
	expect("a virtio_mmio.device=4K@0xd0000000:5\tb "
	       "virtio_mmio.device=4096@0xd0001000:6");
	/* The address decides; the rest is as the user's word says. */
	start("virtio_mmio.device=512@3489660928:7");
	add_named(0xd0000000, 4096, 5);
	expect("virtio_mmio.device=512@3489660928:7");
	/* The VMM may name a device twice. */
	start("");
	add_named(0xd0000000, 4096, 5);
	add_named(0xd0000000, 4096, 5);
	expect(" virtio_mmio.device=4096@0xd0000000:5");
}

static void all_are_for_the_kernel(void)
{
	start("quiet -- single");
	add_named(0xd0000000, 4096, 5);
	measured_khz = 1000;
	expect("quiet virtio_mmio.device=4096@0xd0000000:5 "
	       "tsc_early_khz=1000 -- single");
}

static void the_longest_has_room(void)
{
	start("");
	add_named(UINT64_MAX, UINT32_MAX, UINT32_MAX);
	expect(" virtio_mmio.device=4294967295@0xffffffffffffffff:4294967295");
}

static void what_does_not_fit_is_left_out(void)
{
	start("quiet");
	add_named(0xd0000000, 4096, 5);
	measured_khz = 1000;
	cmdline.max = 5 + 19;
	expect("quiet tsc_early_khz=1000");
	start("quiet");
	measured_khz = 1000;
	cmdline.max = 5 + 18;
	expect("quiet");
}

int main(void)
{
	RUN(without_any_the_line_stays);
	RUN(what_was_measured_is_told);
	RUN(named_devices_are_told);
	RUN(a_device_is_named_once);
	RUN(all_are_for_the_kernel);
	RUN(the_longest_has_room);
	RUN(what_does_not_fit_is_left_out);
	return test_status();
}
