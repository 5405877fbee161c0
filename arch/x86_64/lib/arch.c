/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/arch.c - fulfils common/arch.h: console, stop, hand-off */
#include "common/arch.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/lib/x86.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/spec/bundle.h"

#define EM_X86_64 62

/* National Semiconductor PC16550D, table "Summary of Registers". */
#define COM1           0x3f8
#define UART_DIVISOR   0 /* while DLAB is set */
#define UART_IER       1
#define UART_FCR       2
#define UART_LCR       3
#define UART_LSR       5
#define UART_LCR_8N1   0x03
#define UART_LCR_DLAB  0x80
#define UART_LSR_EMPTY 0x20
#define UART_WAIT_MAX  100000

/* Debug consoles: each reads back E9 where it exists. */
#define DEBUGCON_QEMU  0x402
#define DEBUGCON_BOCHS 0xe9
#define DEBUGCON_ID    0xe9

/* QEMU isa-debug-exit, usual and default port: status 2 * value + 1. */
#define DEBUG_EXIT         0xf4
#define DEBUG_EXIT_DEFAULT 0x501
#define DEBUG_EXIT_VALUE   0x31

static_assert(BOOT_BASE + sizeof(struct boot) <= FIRST_PML4, "memmap.h");

struct boot *arch_boot(void)
{
	return paddr_ptr(BOOT_BASE);
}

uint32_t arch_elf_machine(void)
{
	return EM_X86_64;
}

uint64_t arch_ticks(void)
{
	return cpu_rdtsc();
}

const struct bundle_record *arch_bundle_record(const struct boot *boot)
{
	return paddr_ptr(boot->blob_paddr + BLOB_RECORD);
}

/* 115200 8N1, once; a VMM does not care, but a real line does. */
static void uart_start(void)
{
	cpu_outb(COM1 + UART_LCR, UART_LCR_8N1 | UART_LCR_DLAB);
	cpu_outb(COM1 + UART_DIVISOR, 1);
	cpu_outb(COM1 + UART_DIVISOR + 1, 0);
	cpu_outb(COM1 + UART_LCR, UART_LCR_8N1);
	cpu_outb(COM1 + UART_FCR, 1);
	cpu_outb(COM1 + UART_IER, 0);
}

static bool uart_wait(void)
{
	for (uint32_t i = 0; i < UART_WAIT_MAX; i++) {
		uint8_t status = cpu_inb(COM1 + UART_LSR);

		if (status == 0xff)
			return false;
		if (status & UART_LSR_EMPTY)
			return true;
	}
	return false;
}

void arch_console_putc(char c)
{
	struct boot *boot = arch_boot();

	if (!boot->has_console) {
		boot->has_console = true;
		uart_start();
	}
	if (uart_wait())
		cpu_outb(COM1, c);
	if (cpu_inb(DEBUGCON_QEMU) == DEBUGCON_ID)
		cpu_outb(DEBUGCON_QEMU, c);
	if (cpu_inb(DEBUGCON_BOCHS) == DEBUGCON_ID)
		cpu_outb(DEBUGCON_BOCHS, c);
}

static void write_register(const struct machine_register *target)
{
	if (target->space == MACHINE_SPACE_MMIO) {
		arch_map(target->address, 1);
		cpu_write8(target->address, target->value);
	} else if (target->space == MACHINE_SPACE_PORT && target->size == 2) {
		cpu_outw(target->address, target->value);
	} else if (target->space == MACHINE_SPACE_PORT) {
		cpu_outb(target->address, target->value);
	}
}

void arch_stop(void)
{
	struct boot *boot = arch_boot();

	cpu_outb(DEBUG_EXIT, DEBUG_EXIT_VALUE);
	cpu_outb(DEBUG_EXIT_DEFAULT, DEBUG_EXIT_VALUE);
	if (boot->is_stopping)
		cpu_halt();
	boot->is_stopping = true;
	if (boot->options.on_error == ON_ERROR_POWEROFF)
		write_register(&boot->machine.power_off);
	if (boot->options.on_error == ON_ERROR_RESET) {
		write_register(&boot->machine.reset);
		cpu_triple_fault(); /* what no machine is without */
	}
	cpu_halt();
}

/* A VMM that takes us for a kernel puts us, and what it gives us, in RAM; with
 * a ROM below 1 MiB reset.S has done so. */
static void use_handoff(struct boot *boot)
{
	const struct bundle_record *record = arch_bundle_record(boot);
	paddr_t base = boot->blob_paddr;

	if (base == BLOB_BASE)
		return;
	if (record->bundle_offset < 0)
		base += record->bundle_offset;
	memory_use(&boot->memory, base, boot->blob_paddr + BLOB_SIZE - base);
	for (uint32_t i = 0; i < boot->machine.place_count; i++)
		memory_use(&boot->memory, boot->machine.places[i].base,
		           boot->machine.places[i].size);
}

/* Below 1 MiB all PCs are alike, whatever the VMM says. */
static void claim_low_memory(struct memory *memory)
{
	bool is_all_free = memory_is_free(memory, 0, LOW_RAM_END);
	const struct memory_step low[] = {
		{ 0, MEMORY_RAM | MEMORY_CLAIMED },
		{ LOW_RAM_CLAIM_END, is_all_free ? MEMORY_RAM : MEMORY_NONE },
		{ LOW_RAM_END, MEMORY_NONE },
		{ RSDP_BASE, MEMORY_RESERVED },
	};

	if (!is_all_free && !memory_is_free(memory, 0, LOW_RAM_CLAIM_END))
		panic("low memory: %#x bytes at 0x0: not in free RAM",
		      LOW_RAM_CLAIM_END);
	memory_lay_low(memory, low, sizeof(low) / sizeof(low[0]),
	               HIGH_RAM_BASE);
}

void arch_claim_memory(struct boot *boot)
{
	claim_low_memory(&boot->memory);
	use_handoff(boot);
	for (uint32_t i = 0; i < boot->machine.pci_host_count; i++) {
		const struct machine_pci_host *host =
			&boot->machine.pci_hosts[i];

		if (host->ecam_paddr)
			memory_set(&boot->memory, host->ecam_paddr,
			           host->ecam_size, MEMORY_RESERVED);
	}
}

/* From reset.S: long mode, a stack, the blob's own tables, nothing else. */
NORETURN void reset_main(struct boot *boot, paddr_t blob_paddr, uint64_t ticks);

void reset_main(struct boot *boot, paddr_t blob_paddr, uint64_t ticks)
{
	boot_clear(boot, MACHINE_CLEAR_SIZE_X86);
	boot->door = DOOR_RESET;
	boot->blob_paddr = blob_paddr;
	boot->start_ticks = ticks;
	boot_main(boot);
}

/* SDM 3A section 6.15. Where it happened is told relative to the blob. */
NORETURN void exception_report(uint64_t vector, uint64_t error, paddr_t rip,
                               paddr_t cr2);

void exception_report(uint64_t vector, uint64_t error, paddr_t rip, paddr_t cr2)
{
	panic("exception %lu, error %#lx, at blob + %#lx, fault address %#lx",
	      vector, error, rip - arch_boot()->blob_paddr, cr2);
}

void arch_enter_kernel(const struct boot *boot)
{
	cpu_enter_kernel(boot->kernel.entry, boot->description_paddr);
}
