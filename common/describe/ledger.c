/* SPDX-License-Identifier: BSD-2-Clause */
/* common/describe/ledger.c - what this boot found and did, for `--verbose` */
#include "common/describe/ledger.h"

#include "common/lib/console.h"

static const char step_names[LEDGER_COUNT][16] = {
	[LEDGER_MACHINE] = "machine",
	[LEDGER_PAYLOAD] = "payload",
	[LEDGER_PLACEMENT] = "placement",
	[LEDGER_DESCRIPTION] = "description",
};

static void print_machine(const struct machine *machine)
{
	uint64_t ram_size = 0;
	uint32_t slot_count = machine->virtio_mmio_count;

	for (uint32_t i = 0; i < machine->ram_count; i++) {
		if (machine->ram[i].type == MEMORY_RAM)
			ram_size += machine->ram[i].size;
	}
	for (uint32_t i = 0; i < machine->virtio_mmio_count; i++)
		slot_count += machine->virtio_mmio[i].more_count;
	console_printf("directboot: machine: %u CPUs, %lu MiB RAM, %u nodes, "
	               "%u UARTs, %u PCI hosts, %u virtio-mmio; CPUs by %s\n",
	               machine->cpu_count, ram_size >> 20, machine->node_count,
	               machine->uart_count, machine->pci_host_count, slot_count,
	               machine->cpu_source);
}

static void print_kernel(const struct kernel *kernel)
{
	console_printf("directboot: kernel: %#lx bytes at %#lx, entry %#lx\n",
	               kernel->size, kernel->base, kernel->entry);
	console_printf("directboot: initrd: %#lx bytes at %#lx\n",
	               kernel->initrd_size, kernel->initrd_paddr);
	console_printf("directboot: cmdline: %s\n", kernel->cmdline);
}

void ledger_print(const struct boot *boot)
{
	uint64_t last = boot->start_ticks;

	if (!boot->options.is_verbose)
		return;
	console_printf("directboot: door %u, blob at %#lx, payload from %s\n",
	               boot->door, boot->blob_paddr, boot->payload.origin);
	print_machine(&boot->machine);
	for (const struct memory_step *step = boot->memory.steps;
	     step != boot->memory.end; step++) {
		const struct memory_range range = memory_range(step);

		if (range.type == MEMORY_NONE)
			continue;
		console_printf(
			"directboot: memory: %#016lx-%#016lx type %u%s\n",
			range.base, range.base + range.size - 1, range.type,
			range.is_claimed ? " used" : "");
	}
	print_kernel(&boot->kernel);
	for (uint32_t i = 0; i < LEDGER_COUNT; i++) {
		console_printf("directboot: %s: %lu ticks\n", step_names[i],
		               boot->ledger.ticks[i] - last);
		last = boot->ledger.ticks[i];
	}
}
