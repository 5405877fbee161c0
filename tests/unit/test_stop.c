/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_stop.c - console, registers and the end of a boot on x86_64
 */
#include <string.h>

#include "arch/x86_64/lib/global.h"
#include "common/arch.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define COM1 0x3f8

NORETURN void exception_report(uint64_t vector, uint64_t error, paddr_t rip,
                               paddr_t cr2);

static struct {
	uint8_t line_status; /* of COM1 */
	bool has_debugcon, has_bochs;
	uint32_t status_reads;
	uint32_t config;
} port;

static struct {
	paddr_t paddr;
	uint32_t size, value;
} last;

static uint32_t in(uint16_t number, uint32_t size)
{
	switch (number) {
	case COM1 + 5:
		port.status_reads++;
		return port.line_status;
	case 0x402:
		return port.has_debugcon ? 0xe9 : 0xff;
	case 0xe9:
		return port.has_bochs ? 0xe9 : 0xff;
	case 0xcfc:
		EXPECT_EQ(size, 4);
		return port.config;
	default:
		return UINT32_MAX;
	}
}

static uint32_t read(paddr_t paddr, uint32_t size)
{
	last.paddr = paddr;
	last.size = size;
	return 0x11223344;
}

static void write(paddr_t paddr, uint32_t size, uint32_t value)
{
	last.paddr = paddr;
	last.size = size;
	last.value = value;
}

static struct boot *start(void)
{
	struct boot *boot = global_boot();

	memset(boot, 0, sizeof(*boot));
	memset(&port, 0, sizeof(port));
	fake_cpu_clear();
	fake_cpu.in = in;
	fake_cpu.read = read;
	fake_cpu.write = write;
	port.line_status = 0x60;
	return boot;
}

/* ---- the console */

static void text_goes_to_each_console(void)
{
	start();
	port.has_debugcon = port.has_bochs = true;
	arch_console_putc('x');
	EXPECT(global_boot()->has_console);
	EXPECT(fake_cpu_has_out(COM1 + 3, 1, 3)); /* 8N1 */
	EXPECT(fake_cpu_has_out(COM1, 1, 'x'));
	EXPECT(fake_cpu_has_out(0x402, 1, 'x'));
	EXPECT(fake_cpu_has_out(0xe9, 1, 'x'));
	fake_cpu.out_count = 0;
	arch_console_putc('y');
	EXPECT_EQ(fake_cpu.out_count, 3); /* It is set up once. */
}

/* PC16550D datasheet: table II has the registers, table III the divisors. */
static void the_uart_is_set_up_as_its_datasheet_says(void)
{
	static const struct fake_out wanted[] = {
		{ COM1 + 3, 1, 0x83 }, /* 8N1, and the divisor's registers */
		{ COM1 + 0, 1, 1 },    /* 115200 baud */
		{ COM1 + 1, 1, 0 },    /* its high byte */
		{ COM1 + 3, 1, 0x03 }, /* 8N1 */
		{ COM1 + 2, 1, 1 },    /* FIFOs on */
		{ COM1 + 1, 1, 0 },    /* no interrupts */
		{ COM1 + 0, 1, 'x' },
	};

	start();
	arch_console_putc('x');
	EXPECT_EQ(fake_cpu.out_count, ARRAY_COUNT(wanted));
	for (uint32_t i = 0; i < ARRAY_COUNT(wanted); i++) {
		EXPECT_EQ(fake_cpu.outs[i].port, wanted[i].port);
		EXPECT_EQ(fake_cpu.outs[i].size, wanted[i].size);
		EXPECT_EQ(fake_cpu.outs[i].value, wanted[i].value);
	}
}

/* An E9 that is not read back means that nobody is there. */
static void each_debug_console_is_found_by_itself(void)
{
	start();
	port.has_debugcon = true;
	arch_console_putc('x');
	EXPECT(fake_cpu_has_out(0x402, 1, 'x'));
	EXPECT(!fake_cpu_has_out(0xe9, 1, 'x'));
	start();
	port.has_bochs = true;
	arch_console_putc('x');
	EXPECT(!fake_cpu_has_out(0x402, 1, 'x'));
	EXPECT(fake_cpu_has_out(0xe9, 1, 'x'));
}

static void a_missing_uart_is_not_waited_for(void)
{
	start();
	port.line_status = 0xff;
	arch_console_putc('x');
	EXPECT_EQ(port.status_reads, 1);
	EXPECT(!fake_cpu_has_out(COM1, 1, 'x'));
	EXPECT(!fake_cpu_has_out(0x402, 1, 'x'));
}

/* It is waited for once, and then asked once for each character. */
static void a_uart_that_is_never_ready_ends_the_wait(void)
{
	start();
	port.line_status = 0;
	arch_console_putc('x');
	EXPECT_EQ(port.status_reads, 100001);
	arch_console_putc('x');
	EXPECT_EQ(port.status_reads, 100002);
	EXPECT(!fake_cpu_has_out(COM1, 1, 'x'));
	/* Other bits tell of what it has received. */
	port.line_status = 0x9f;
	arch_console_putc('x');
	EXPECT(!fake_cpu_has_out(COM1, 1, 'x'));
	/* Once it takes one, it is waited for again. */
	port.line_status = 0x20;
	arch_console_putc('y');
	EXPECT(fake_cpu_has_out(COM1, 1, 'y'));
	port.line_status = 0;
	port.status_reads = 0;
	arch_console_putc('z');
	EXPECT_EQ(port.status_reads, 100001);
}

/* ---- registers */

static void registers_are_accessed_in_their_size(void)
{
	static const uint32_t sizes[] = { 1, 2, 4 };

	for (uint32_t i = 0; i < ARRAY_COUNT(sizes); i++) {
		start();
		arch_device_write(0xfeb00010 + i, sizes[i], 0x55);
		EXPECT_EQ(last.paddr, 0xfeb00010 + i);
		EXPECT_EQ(last.size, sizes[i]);
		EXPECT_EQ(last.value, 0x55);
		EXPECT_EQ(arch_device_read(0xfeb00020, sizes[i]),
		          0x11223344 & (uint32_t)(UINT64_MAX >>
		                                  (64 - 8 * sizes[i])));
		EXPECT_EQ(last.size, sizes[i]);
	}
}

static void configuration_space_has_two_ways(void)
{
	struct machine_pci_host host = { .has_port_access = true,
		                         .bus_first = 2 };

	start();
	port.config = 0x12345678;
	EXPECT_EQ(arch_pci_read(&host, 3 << 3 | 1, 0x10), 0x12345678);
	EXPECT(fake_cpu_has_out(0xcf8, 4, 0x80021910));
	arch_pci_write(&host, 3 << 3, 4, 6);
	EXPECT(fake_cpu_has_out(0xcf8, 4, 0x80021804));
	EXPECT(fake_cpu_has_out(0xcfc, 4, 6));
	/* Which way it is does not depend on the bus. */
	host.bus_first = 0;
	EXPECT_EQ(arch_pci_read(&host, 3 << 3, 4), 0x12345678);
	EXPECT(fake_cpu_has_out(0xcf8, 4, 0x80001804));
	host = (struct machine_pci_host){ .ecam_paddr = 0xe0000000,
		                          .bus_first = 2 };
	EXPECT_EQ(arch_pci_read(&host, 3 << 3 | 1, 0x10), 0x11223344);
	EXPECT_EQ(last.paddr, 0xe0019010);
	arch_pci_write(&host, 3 << 3, 4, 6);
	EXPECT_EQ(last.paddr, 0xe0018004);
	EXPECT_EQ(last.value, 6);
}

/* The device is big-endian. */
static void fw_cfg_is_started_by_its_port(void)
{
	start();
	arch_fw_cfg_start(0, 0x12345678);
	EXPECT(fake_cpu_has_out(0x518, 4, 0x78563412));
}

/* FIPS 180-4: the only block of "abc". */
static void sums_are_made_by_the_cpu_if_it_can(void)
{
	uint32_t state[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		              0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	static const uint8_t block[64] = { 'a', 'b', 'c', 0x80, [63] = 24 };

	start();
	EXPECT_EQ(arch_sha256_blocks(state, block, 1), cpu_has_sha_ni());
	EXPECT_EQ(state[0], cpu_has_sha_ni() ? 0xba7816bf : 0x6a09e667);
	EXPECT_EQ(state[7], cpu_has_sha_ni() ? 0xf20015ad : 0x5be0cd19);
	start();
	fake_cpu.lacks_sha_ni = true;
	state[0] = 1;
	EXPECT(!arch_sha256_blocks(state, block, 1));
	EXPECT_EQ(state[0], 1);
}

/* SDM 3A section 2.5: OSFXSR is bit 9 of CR4, without which SSE faults. */
static void sse_is_on_only_while_a_sum_is_made(void)
{
	static const uint8_t block[64] = { 0x80 };
	uint32_t state[8] = { 0 };

	start();
	if (!cpu_has_sha_ni())
		return;
	fake_cpu.cr4 = 1ULL << 32 | 0x20; /* FRED, PAE */
	EXPECT(arch_sha256_blocks(state, block, 1));
	EXPECT_EQ(fake_cpu.cr4_set, 1ULL << 32 | 0x220);
	EXPECT_EQ(fake_cpu.cr4, 1ULL << 32 | 0x20);
	start();
	fake_cpu.lacks_sha_ni = true;
	EXPECT(!arch_sha256_blocks(state, block, 1));
	EXPECT_EQ(fake_cpu.cr4_writes, 0);
}

/* ---- the end */

static void the_vmm_is_told_of_a_failure(void)
{
	start();
	EXPECT_PANIC("fake: halted", arch_stop());
	EXPECT(fake_cpu_has_out(0xf4, 1, 0x31));
	EXPECT(fake_cpu_has_out(0x501, 1, 0x31));
	EXPECT_EQ(fake_cpu.out_count, 2);
}

static void the_machine_is_turned_off_if_wanted(void)
{
	struct boot *boot = start();

	boot->payload.options.on_error = PAYLOAD_ON_ERROR_POWEROFF;
	boot->machine.power_off = (struct machine_register){ MACHINE_SPACE_PORT,
		                                             2, 0x604, 0x2000 };
	EXPECT_PANIC("fake: halted", arch_stop());
	EXPECT(fake_cpu_has_out(0x604, 2, 0x2000));
	boot = start();
	boot->payload.options.on_error = PAYLOAD_ON_ERROR_POWEROFF;
	boot->machine.power_off =
		(struct machine_register){ MACHINE_SPACE_MMIO, 1, 0xfea00200,
		                           0x34 };
	EXPECT_PANIC("fake: halted", arch_stop());
	EXPECT_EQ(last.paddr, 0xfea00200);
	EXPECT_EQ(last.value, 0x34);
}

static void the_machine_is_reset_if_wanted(void)
{
	struct boot *boot = start();

	boot->payload.options.on_error = PAYLOAD_ON_ERROR_RESET;
	boot->machine.reset =
		(struct machine_register){ MACHINE_SPACE_PORT, 1, 0xcf9, 0x0f };
	EXPECT_PANIC("fake: triple fault", arch_stop());
	EXPECT(fake_cpu_has_out(0xcf9, 1, 0x0f));
	/* Without a register there is still the triple fault. */
	boot = start();
	boot->payload.options.on_error = PAYLOAD_ON_ERROR_RESET;
	EXPECT_PANIC("fake: triple fault", arch_stop());
}

/* Whatever goes wrong while the machine stops, it stops. */
static void a_second_failure_only_halts(void)
{
	struct boot *boot = start();

	boot->payload.options.on_error = PAYLOAD_ON_ERROR_RESET;
	boot->is_stopping = true;
	EXPECT_PANIC("fake: halted", arch_stop());
}

/* A fault of the console must not hide what is told, nor loop. */
static void a_second_refusal_stops_as_the_options_say(void)
{
	struct boot *boot = start();

	arch_begin_refusal();
	EXPECT(boot->is_refusing);
	EXPECT_EQ(fake_cpu.out_count, 0);
	boot->payload.options.on_error = PAYLOAD_ON_ERROR_RESET;
	EXPECT_PANIC("fake: triple fault", arch_begin_refusal());
	EXPECT(boot->is_stopping);
	EXPECT_PANIC("fake: halted", arch_begin_refusal());
}

static void an_exception_tells_its_place_in_the_blob(void)
{
	start();
	EXPECT_PANIC("exception 14, error 0x2, at blob + 0x1234, fault address "
	             "0xdead",
	             exception_report(14, 2, BLOB_VADDR + 0x1234, 0xdead));
}

int main(void)
{
	if (!fake_ram_map(BOOT_BASE, LOW_RAM_END))
		return fake_ram_skip("test_stop");
	RUN(text_goes_to_each_console);
	RUN(the_uart_is_set_up_as_its_datasheet_says);
	RUN(each_debug_console_is_found_by_itself);
	RUN(a_missing_uart_is_not_waited_for);
	RUN(a_uart_that_is_never_ready_ends_the_wait);
	RUN(registers_are_accessed_in_their_size);
	RUN(configuration_space_has_two_ways);
	RUN(fw_cfg_is_started_by_its_port);
	RUN(sums_are_made_by_the_cpu_if_it_can);
	RUN(sse_is_on_only_while_a_sum_is_made);
	RUN(the_vmm_is_told_of_a_failure);
	RUN(the_machine_is_turned_off_if_wanted);
	RUN(the_machine_is_reset_if_wanted);
	RUN(a_second_failure_only_halts);
	RUN(a_second_refusal_stops_as_the_options_say);
	RUN(an_exception_tells_its_place_in_the_blob);
	return test_status();
}
