/* SPDX-License-Identifier: BSD-2-Clause */
/* common/describe/ledger.c - what this boot found and did, see ledger.h */
#include "common/describe/ledger.h"

#include "common/describe/acpi.h"
#include "common/lib/console.h"
#include "common/payload/payload.h"
#include "common/place/guest.h"

#define NS_PER_MS 1000000ULL

static const char step_names[LEDGER_COUNT][sizeof("description")] = {
	[LEDGER_MACHINE] = "machine",
	[LEDGER_PAYLOAD] = "payload",
	[LEDGER_PLACEMENT] = "placement",
	[LEDGER_DESCRIPTION] = "description",
};

static const char type_names[][sizeof("ACPI tables")] = {
	[MEMORY_NONE] = "none",         [MEMORY_RAM] = "RAM",
	[MEMORY_RESERVED] = "reserved", [MEMORY_ACPI] = "ACPI tables",
	[MEMORY_NVS] = "ACPI NVS",      [MEMORY_UNUSABLE] = "unusable",
};

/* Turns any number of ticks into nanoseconds. khz is not 0. */
static uint64_t nanoseconds(const struct clock *clock, uint64_t ticks)
{
	return ticks / clock->khz * NS_PER_MS +
	       ticks % clock->khz * NS_PER_MS / clock->khz;
}

bool ledger_fpdt_times(struct acpi_fpdt_times *times,
                       const struct ledger *ledger,
                       const struct machine *machine)
{
	struct clock clock;
	const uint64_t *ticks = ledger->ticks;
	uint64_t start = ledger->start_ticks;

	arch_clock(&clock, machine, start);
	if (!clock.khz)
		return false;
	times->reset_end = clock.start_ns;
	times->load_start = clock.start_ns +
	                    nanoseconds(&clock, ticks[LEDGER_PAYLOAD] - start);
	times->load_end = clock.start_ns +
	                  nanoseconds(&clock, ticks[LEDGER_PLACEMENT] - start);
	times->exit =
		clock.start_ns + nanoseconds(&clock, arch_ticks() - start);
	return true;
}

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

static void print_memory(const struct memory *memory)
{
	const struct memory_step *step;

	for (step = memory->steps; step != memory->end; step++) {
		const struct memory_range range = memory_range(step);
		paddr_t last = range.base + range.size - 1;
		const char *used = range.is_claimed ? ", used" : "";

		if (range.type == MEMORY_NONE)
			continue;
		console_printf("directboot: memory: %#016lx-%#016lx ",
		               range.base, last);
		if (range.type < ARRAY_COUNT(type_names))
			console_printf("%s%s\n", type_names[range.type], used);
		else
			console_printf("E820 type %u%s\n", range.type, used);
	}
}

static void print_guest(const struct guest *guest)
{
	const struct kernel *kernel = &guest->kernel;

	console_printf("directboot: kernel: %#lx bytes at %#lx, entry %#lx\n",
	               kernel->size, kernel->base, kernel->entry);
	console_printf("directboot: initrd: %#lx bytes at %#lx\n",
	               guest->initrd.size, guest->initrd.base);
	console_printf("directboot: cmdline: %s\n", guest->cmdline.text);
}

/* Prints the steps' times, in microseconds if a tick's length is known. */
static void print_times(const struct ledger *ledger,
                        const struct machine *machine)
{
	struct clock clock;
	uint64_t last = ledger->start_ticks;

	arch_clock(&clock, machine, last);
	for (uint32_t i = 0; i < LEDGER_COUNT; i++) {
		uint64_t time = ledger->ticks[i] - last;
		const char *unit = "ticks";

		if (clock.khz) {
			time = nanoseconds(&clock, time) / 1000;
			unit = "us";
		}
		console_printf("directboot: time: %s: %lu %s\n", step_names[i],
		               time, unit);
		last = ledger->ticks[i];
	}
}

void ledger_print(const struct ledger *ledger, const struct machine *machine,
                  const struct payload *payload, const struct guest *guest,
                  const struct memory *memory)
{
	console_printf("directboot: door: %s; payload from %s\n",
	               machine->door_name, payload->origin);
	print_machine(machine);
	print_memory(memory);
	print_guest(guest);
	print_times(ledger, machine);
}
