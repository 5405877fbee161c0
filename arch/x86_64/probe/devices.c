/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/devices.c - virtio-mmio devices that the VMM's command line
 * names
 *
 * Linux Documentation/admin-guide/kernel-parameters.txt, virtio_mmio.device=
 * <size>@<baseaddr>:<irq>[:<id>]. Not all kernels read that; by our tables all
 * find them.
 */
#include "arch/x86_64/lib/x86.h"
#include "common/lib/console.h"

#define SLOT_SIZE_MIN 0x100
#define GSI_END       0x400

/* The value of a digit; 16: it is none. */
static uint32_t digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* As the kernel's memparse(), with 48 bits at most. */
static uint64_t parse_number(const char **text)
{
	const char *c = *text;
	uint32_t base = 10, shift = 0;
	uint64_t value = 0;

	if (c[0] == '0' && (c[1] | 0x20) == 'x') {
		base = 16;
		c += 2;
	}
	for (; digit_of(*c) < base && value < 1ULL << 44; c++)
		value = value * base + digit_of(*c);
	if ((*c | 0x20) == 'k')
		shift = 10;
	else if ((*c | 0x20) == 'm')
		shift = 20;
	*text = shift ? c + 1 : c;
	return value << shift;
}

/* Words that mean no device below 4 GiB are left to the kernel. */
static void add_device(struct machine *machine, const char *text)
{
	struct machine_virtio_mmio *slot =
		&machine->virtio_mmio[machine->virtio_mmio_count];
	uint64_t size, base, gsi;

	size = parse_number(&text);
	if (*text++ != '@')
		return;
	base = parse_number(&text);
	if (*text++ != ':')
		return;
	gsi = parse_number(&text);
	if (size < SLOT_SIZE_MIN || !is_within(base, size, 1ULL << 32) ||
	    gsi >= GSI_END)
		return;
	if (machine->virtio_mmio_count == MACHINE_VIRTIO_MMIO_MAX)
		panic("cmdline: more than %u virtio-mmio devices",
		      MACHINE_VIRTIO_MMIO_MAX);
	*slot = (struct machine_virtio_mmio){
		.paddr = base,
		.size = size,
		.gsi = gsi,
		.is_edge = true,
	};
	machine->virtio_mmio_count++;
}

void devices_discover(struct boot *boot)
{
	const char *word = boot->handoff_cmdline;
	uint32_t size;

	/* Where microvm.c knows the slots, devices are in some of them. */
	if (!word || boot->machine.virtio_mmio_count)
		return;
	for (; (word = cmdline_next_device(word, &size)) != NULL; word += size)
		add_device(&boot->machine, word + CMDLINE_DEVICE_SIZE);
}
