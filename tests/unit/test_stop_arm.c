/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_stop_arm.c - how a boot on AArch64 ends: console, exceptions
 * and the stop, on a UART that may be absent, never ready, or nowhere
 */
#include <string.h>

#include "common/boot.h"
#include "common/lib/console.h"
#include "common/spec/uart.h"
#include "tests/unit/fake_arm.h"
#include "tests/unit/test.h"

/* What refuses and faults here are the blob's own functions. */
NORETURN PRINTF(1, 2) void blob_panic(const char *format, ...);
#define panic blob_panic
#include "arch/aarch64/lib/exception.c"
#undef panic

#define UART            0x109000000
#define GUESSED_UART    0x9000000 /* QEMU's */
#define PL011_DR        0x00
#define PL011_FR        0x18
#define PL011_CR        0x30
#define POLLS_MAX       100001 /* for a character; later ones have one */
#define PSCI_SYSTEM_OFF 0x84000008

static struct boot boot;
static char printed[512];
static size_t printed_size;
static size_t faults_at; /* the character whose write faults; 0: none */
static bool is_always_full;
static paddr_t uart_base;
static uint32_t set_ups, polls;

static void take(char c)
{
	EXPECT(printed_size < sizeof(printed) - 1);
	printed[printed_size++] = c;
	printed[printed_size] = '\0';
	if (faults_at && printed_size >= faults_at)
		exception_report(0, 0x96000050, 0x1234, UART);
}

static uint32_t read_register(paddr_t paddr, uint32_t size)
{
	polls++;
	if (size == 4) {
		EXPECT(boot.machine.uarts[0].kind != MACHINE_UART_16550_MMIO);
		EXPECT_EQ(paddr, uart_base + PL011_FR);
		return is_always_full ? 1 << 5 : ~(1 << 5);
	}
	EXPECT_EQ(size, 1);
	EXPECT_EQ(paddr,
	          UART + (UART_16550_LSR << boot.machine.uarts[0].reg_shift));
	return is_always_full ? (uint8_t)~UART_16550_LSR_EMPTY
	                      : UART_16550_LSR_EMPTY;
}

static void write_register(paddr_t paddr, uint32_t size, uint64_t value)
{
	bool is_16550 = boot.machine.uarts[0].kind == MACHINE_UART_16550_MMIO;

	EXPECT_EQ(size, is_16550 ? 1 : 4);
	if (paddr == uart_base + PL011_CR) {
		EXPECT_EQ(value, 1 << 0 | 1 << 8 | 1 << 9); /* on, both ways */
		set_ups++;
	} else {
		EXPECT_EQ(paddr, uart_base + PL011_DR);
		EXPECT_EQ(value, (uint8_t)value);
		take((char)value);
	}
}

static void start(enum machine_uart_kind kind)
{
	boot_clear(&boot);
	fake_arm_clear();
	fake_arm.thread_pointer = &boot;
	fake_arm.read = read_register;
	fake_arm.write = write_register;
	boot.machine.platform = MACHINE_PLATFORM_TREE;
	boot.machine.uart_count = kind != MACHINE_UART_NONE;
	boot.machine.uarts[0] = (struct machine_uart){
		.kind = kind,
		.base = UART,
		.size = 0x1000,
		.reg_shift = 2,
	};
	printed_size = faults_at = set_ups = polls = 0;
	printed[0] = '\0';
	is_always_full = false;
	uart_base = UART;
}

static void refuse(void)
{
	blob_panic("test: %u", 7);
}

static void a_refusal_is_told_and_halts(void)
{
	start(MACHINE_UART_PL011);
	EXPECT_PANIC("fake: halted", refuse());
	EXPECT_STR(printed, "directboot: test: 7\r\n");
	EXPECT_EQ(set_ups, 1);
	start(MACHINE_UART_16550_MMIO);
	EXPECT_PANIC("fake: halted", refuse());
	EXPECT_STR(printed, "directboot: test: 7\r\n");
	EXPECT_EQ(set_ups, 0);
	EXPECT_EQ(fake_arm.psci, 0);
}

/* Before there is a tree, QEMU's UART is guessed. */
static void before_a_tree_one_is_guessed(void)
{
	start(MACHINE_UART_NONE);
	boot.machine.platform = MACHINE_PLATFORM_NONE;
	uart_base = GUESSED_UART;
	EXPECT_PANIC("fake: halted", refuse());
	EXPECT_STR(printed, "directboot: test: 7\r\n");
	start(MACHINE_UART_NONE);
	EXPECT_PANIC("fake: halted", refuse());
	EXPECT_STR(printed, "");
}

static void the_machine_ends_as_the_options_say(void)
{
	start(MACHINE_UART_PL011);
	boot.payload.options.on_error = PAYLOAD_ON_ERROR_POWEROFF;
	EXPECT_PANIC("fake: halted", refuse());
	EXPECT_EQ(fake_arm.psci, 0); /* the machine has no PSCI */
	EXPECT(boot.is_stopping && boot.is_refusing);
	start(MACHINE_UART_PL011);
	boot.payload.options.on_error = PAYLOAD_ON_ERROR_POWEROFF;
	boot.machine.arm.has_psci = boot.machine.arm.psci_is_hvc = true;
	EXPECT_PANIC("fake: halted", refuse());
	EXPECT_EQ(fake_arm.psci, PSCI_SYSTEM_OFF);
	EXPECT(fake_arm.psci_is_hvc);
	start(MACHINE_UART_PL011);
	boot.payload.options.on_error = PAYLOAD_ON_ERROR_RESET;
	boot.machine.arm.has_psci = true;
	EXPECT_PANIC("fake: halted", refuse());
	EXPECT_EQ(fake_arm.psci, PSCI_SYSTEM_OFF + 1);
	EXPECT(!fake_arm.psci_is_hvc);
	start(MACHINE_UART_PL011);
	boot.payload.options.on_error = PAYLOAD_ON_ERROR_RESET;
	boot.machine.arm.has_psci = boot.machine.arm.psci_is_hvc = true;
	EXPECT_PANIC("fake: halted", refuse());
	EXPECT_EQ(fake_arm.psci, PSCI_SYSTEM_OFF + 1);
	EXPECT(fake_arm.psci_is_hvc);
	start(MACHINE_UART_PL011);
	boot.payload.options.on_error = PAYLOAD_ON_ERROR_POWEROFF;
	boot.machine.arm.has_psci = true;
	EXPECT_PANIC("fake: halted", refuse());
	EXPECT_EQ(fake_arm.psci, PSCI_SYSTEM_OFF);
	EXPECT(!fake_arm.psci_is_hvc);
	/* It takes both: the wish, and PSCI. */
	start(MACHINE_UART_PL011);
	boot.machine.arm.has_psci = true;
	EXPECT_PANIC("fake: halted", refuse());
	EXPECT_EQ(fake_arm.psci, 0);
	start(MACHINE_UART_PL011);
	boot.payload.options.on_error = PAYLOAD_ON_ERROR_RESET;
	EXPECT_PANIC("fake: halted", refuse());
	EXPECT_EQ(fake_arm.psci, 0);
}

static void an_exception_is_told(void)
{
	start(MACHINE_UART_PL011);
	boot.handoff.blob_paddr = 0x1000;
	EXPECT_PANIC("fake: halted",
	             exception_report(3, 0x96000050, 0x1234, 0x5678));
	EXPECT_STR(printed, "directboot: exception 3, ESR 0x96000050, at blob "
	                    "+ 0x234, FAR 0x5678\r\n");
}

/* A register that is not there faults, but not as an interrupt or SError. */
static void a_fault_at_fw_cfg_is_told_as_no_dma(void)
{
	start(MACHINE_UART_PL011);
	boot.machine.fw_cfg =
		(struct fw_cfg){ true, 0x9020000, 0x18, { { 0 } } };
	EXPECT_PANIC("fake: halted",
	             exception_report(0, 0x96000050, 0x1234, 0x9020010));
	EXPECT_STR(printed, "directboot: fw_cfg: at 0x9020000: no DMA\r\n");
	for (volatile uint32_t i = 0; i < 4; i++) {
		start(MACHINE_UART_PL011);
		boot.machine.fw_cfg =
			(struct fw_cfg){ i != 3, 0x9020000, 0x18, { { 0 } } };
		EXPECT_PANIC("fake: halted",
		             exception_report(!i, 0x96000050, 0x1234,
		                              i == 1   ? 0x901ffff
		                              : i == 2 ? 0x9020018
		                                       : 0x9020010));
		EXPECT(!strncmp(printed, "directboot: exception ", 22));
	}
}

/* Neither a line of the exception nor a loop follows. */
static void a_fault_does_not_hide_what_is_told(void)
{
	static const char line[] = "directboot: test: 7\r\n";

	for (volatile size_t at = 1; at < sizeof(line); at++) {
		start(MACHINE_UART_PL011);
		faults_at = at;
		boot.machine.arm.has_psci = true;
		boot.payload.options.on_error = PAYLOAD_ON_ERROR_POWEROFF;
		EXPECT_PANIC("fake: halted", refuse());
		EXPECT_EQ(printed_size, at);
		EXPECT(!strncmp(printed, line, at));
		EXPECT_EQ(fake_arm.psci, PSCI_SYSTEM_OFF);
	}
}

/* A fault while the machine stops does not begin again. */
static void a_second_stop_only_halts(void)
{
	start(MACHINE_UART_PL011);
	boot.payload.options.on_error = PAYLOAD_ON_ERROR_RESET;
	boot.machine.arm.has_psci = boot.is_stopping = true;
	EXPECT_PANIC("fake: halted", arch_stop());
	EXPECT_EQ(fake_arm.psci, 0);
}

static void a_uart_that_is_never_ready_is_not_waited_for_long(void)
{
	start(MACHINE_UART_PL011);
	is_always_full = true;
	EXPECT_PANIC("fake: halted", refuse());
	EXPECT_STR(printed, "");
	EXPECT_EQ(polls, POLLS_MAX + strlen("directboot: test: 7\r\n") - 1);
}

static void a_uart_that_is_ready_again_is_waited_for_again(void)
{
	start(MACHINE_UART_16550_MMIO);
	is_always_full = true;
	arch_console_putc('a');
	EXPECT_EQ(polls, POLLS_MAX);
	arch_console_putc('b');
	EXPECT_EQ(polls, POLLS_MAX + 1);
	is_always_full = false;
	arch_console_putc('c');
	EXPECT_EQ(polls, POLLS_MAX + 2);
	EXPECT_STR(printed, "c");
	is_always_full = true;
	polls = 0;
	arch_console_putc('d');
	EXPECT_EQ(polls, POLLS_MAX);
	EXPECT_STR(printed, "c");
}

/* Registers of a 16550 are 1, 2, 4 or 8 bytes apart. */
static void each_stride_of_a_16550_is_known(void)
{
	for (uint32_t shift = 0; shift < 4; shift++) {
		start(MACHINE_UART_16550_MMIO);
		boot.machine.uarts[0].reg_shift = shift;
		arch_console_putc('x');
		EXPECT_STR(printed, "x");
		EXPECT_EQ(set_ups, 0);
	}
}

/* All eight bits of a character are written, and no sign. */
static void each_byte_is_written_as_it_is(void)
{
	static const enum machine_uart_kind kinds[] = {
		MACHINE_UART_PL011,
		MACHINE_UART_SBSA,
		MACHINE_UART_16550_MMIO,
	};

	for (uint32_t i = 0; i < ARRAY_COUNT(kinds); i++) {
		start(kinds[i]);
		arch_console_putc((char)0xfe);
		arch_console_putc('x');
		EXPECT_STR(printed, "\xfex");
		EXPECT_EQ(polls, 2);
		/* A PL011 is set up once; SBSA's has no such register. */
		EXPECT_EQ(set_ups, kinds[i] == MACHINE_UART_PL011);
		EXPECT(boot.has_console);
	}
}

/* There are no ports on this architecture. */
static void a_port_is_no_console(void)
{
	start(MACHINE_UART_16550_PORT);
	arch_console_putc('x');
	EXPECT_STR(printed, "");
	EXPECT_EQ(polls, 0);
	EXPECT(!boot.has_console);
}

int main(void)
{
	RUN(a_refusal_is_told_and_halts);
	RUN(before_a_tree_one_is_guessed);
	RUN(the_machine_ends_as_the_options_say);
	RUN(an_exception_is_told);
	RUN(a_fault_at_fw_cfg_is_told_as_no_dma);
	RUN(a_fault_does_not_hide_what_is_told);
	RUN(a_second_stop_only_halts);
	RUN(a_uart_that_is_never_ready_is_not_waited_for_long);
	RUN(a_uart_that_is_ready_again_is_waited_for_again);
	RUN(each_stride_of_a_16550_is_known);
	RUN(each_byte_is_written_as_it_is);
	RUN(a_port_is_no_console);
	return test_status();
}
