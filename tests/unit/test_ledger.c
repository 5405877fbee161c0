/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_ledger.c - what --verbose prints, and the FPDT's times */
#include <string.h>

#include "common/describe/acpi.h"
#include "common/describe/ledger.h"
#include "common/payload/payload.h"
#include "common/place/guest.h"
#include "tests/unit/test.h"

#define MIB   0x100000ULL
#define START 0x712345678ULL

static struct machine machine;
static struct memory memory;
static struct payload payload;
static struct guest guest;
static struct ledger ledger;
static struct clock clock_is;
static uint64_t ticks;
static char cmdline[] = "quiet";

uint64_t arch_ticks(void)
{
	return ticks;
}

void arch_clock(struct clock *clock, const struct machine *of,
                uint64_t start_ticks)
{
	EXPECT(of == &machine);
	EXPECT_EQ(start_ticks, START);
	*clock = clock_is;
}

static void add_ram(uint64_t base, uint64_t size, uint32_t type)
{
	machine.ram[machine.ram_count++] = (struct machine_ram){
		.base = base,
		.size = size,
		.type = type,
	};
}

/* Stages take 1, 20, 300 and 4000 us. The 2 GHz clock started 1 ms before. */
static void start(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	machine.door_name = "reset vector";
	machine.cpu_source = "fw_cfg";
	machine.cpu_count = 7;
	machine.uart_count = 1;
	machine.node_count = 3;
	machine.pci_host_count = 4;
	machine.virtio_mmio_count = 2;
	machine.virtio_mmio[0].more_count = 3;
	machine.virtio_mmio[1].more_count = 0;
	/* What is behind the last is nothing. */
	machine.virtio_mmio[2].more_count = 1000;
	machine.ram[4] =
		(struct machine_ram){ 512 * MIB, MIB, MEMORY_RAM, 0, 0 };
	add_ram(0, MIB, MEMORY_RAM);
	add_ram(MIB, 127 * MIB, MEMORY_RAM);
	add_ram(0xfeffc000, 0x4000, MEMORY_RESERVED);
	add_ram(256 * MIB, MIB, 42);
	memory_init(&memory, &machine);
	memory_claim(&memory, "test", 2 * MIB, MIB, MEMORY_ACPI);
	payload.origin = "bundle";
	guest = (struct guest){
		.kernel = { .base = 0x1000000,
		            .size = 0x2000000,
		            .entry = 0x1000200 },
		.initrd = { 0x4000000, 0x123 },
		.cmdline = { .text = cmdline, .size = 5 },
	};
	clock_is = (struct clock){ .khz = 2000000, .start_ns = 1000000 };
	ledger.start_ticks = START;
	ticks = START + 2000;
	ledger_mark(&ledger, LEDGER_MACHINE);
	ticks += 40000;
	ledger_mark(&ledger, LEDGER_PAYLOAD);
	ticks += 600000;
	ledger_mark(&ledger, LEDGER_PLACEMENT);
	ticks += 8000000;
	ledger_mark(&ledger, LEDGER_DESCRIPTION);
}

static void print(void)
{
	ledger_print(&ledger, &machine, &payload, &guest, &memory);
}

static void expect(const char *line)
{
	EXPECT(strstr(test_console(), line) != NULL);
}

static void all_of_a_boot_is_told(void)
{
	start();
	print();
	expect("directboot: door: reset vector; payload from bundle\n"
	       "directboot: machine: 7 CPUs, 128 MiB RAM, 3 nodes, 1 UARTs, "
	       "4 PCI hosts, 5 virtio-mmio; CPUs by fw_cfg\n");
	expect("directboot: kernel: 0x2000000 bytes at 0x1000000, entry "
	       "0x1000200\n"
	       "directboot: initrd: 0x123 bytes at 0x4000000\n"
	       "directboot: cmdline: quiet\n");
}

static void each_range_is_told_in_words(void)
{
	start();
	print();
	expect("-0x000000001fffff RAM\n"
	       "directboot: memory: 0x00000000200000-0x000000002fffff "
	       "ACPI tables, used\n"
	       "directboot: memory: 0x00000000300000-0x00000007ffffff RAM\n");
	expect("0x00000010000000-0x000000100fffff E820 type 42\n");
	expect("0x000000feffc000-0x000000feffffff reserved\n");
	EXPECT(strstr(test_console(), "none") == NULL);
}

/* Types have words up to 5; RAM may be above 4 GiB. */
static void each_range_is_told_as_it_is(void)
{
	start();
	machine.ram_count = 0;
	for (uint32_t type = 0; type <= 7; type++)
		add_ram(0x123400000000 + type * MIB, MIB, type);
	memory_init(&memory, &machine);
	print();
	EXPECT(!strstr(test_console(), "0x00123400000000-"));
	machine.ram_count = 0;
	add_ram(0, 0x180000000, MEMORY_RAM);
	add_ram(0x200000000, 0x100000000, MEMORY_RAM);
	print();
	expect(" 10240 MiB RAM, ");
	expect("memory: 0x00123400100000-0x001234001fffff RAM\n");
	expect("memory: 0x00123400200000-0x001234002fffff reserved\n");
	expect("memory: 0x00123400300000-0x001234003fffff ACPI tables\n");
	expect("memory: 0x00123400400000-0x001234004fffff ACPI NVS\n");
	expect("memory: 0x00123400500000-0x001234005fffff unusable\n");
	expect("memory: 0x00123400600000-0x001234006fffff E820 type 6\n");
	expect("memory: 0x00123400700000-0x001234007fffff E820 type 7\n");
}

static void a_step_may_take_long(void)
{
	start();
	ledger.ticks[LEDGER_DESCRIPTION] =
		ledger.ticks[LEDGER_PLACEMENT] + 0x200000000 * 2000;
	print();
	expect("directboot: time: description: 8589934592 us\n");
	clock_is.khz = 0;
	print();
	expect("directboot: time: description: 17179869184000 ticks\n");
}

static void each_step_is_told_in_microseconds(void)
{
	start();
	print();
	expect("directboot: time: machine: 1 us\n"
	       "directboot: time: payload: 20 us\n"
	       "directboot: time: placement: 300 us\n"
	       "directboot: time: description: 4000 us\n");
}

static void without_a_clock_ticks_are_told(void)
{
	start();
	clock_is = (struct clock){ 0 };
	print();
	expect("directboot: time: machine: 2000 ticks\n"
	       "directboot: time: payload: 40000 ticks\n");
}

static void the_fpdt_has_nanoseconds(void)
{
	struct acpi_fpdt_times times = { 0 };

	start();
	ticks = START + 20000000;
	EXPECT(ledger_fpdt_times(&times, &ledger, &machine));
	EXPECT_EQ(times.reset_end, 1000000);
	EXPECT_EQ(times.load_start, 1000000 + 21000);
	EXPECT_EQ(times.load_end, 1000000 + 321000);
	EXPECT_EQ(times.exit, 1000000 + 10000000);
	clock_is = (struct clock){ 0 };
	EXPECT(!ledger_fpdt_times(&times, &ledger, &machine));
}

/* An hour at 5 GHz has 2^44 ticks, so products with nanoseconds are large. */
static void long_times_do_not_wrap(void)
{
	struct acpi_fpdt_times times;

	start();
	clock_is = (struct clock){ .khz = 5000000 };
	ledger.ticks[LEDGER_PAYLOAD] = START + 3600 * 5000000000ULL;
	EXPECT(ledger_fpdt_times(&times, &ledger, &machine));
	EXPECT_EQ(times.load_start, 3600 * 1000000000ULL);
	clock_is.khz = 62500; /* CNTVCT */
	ledger.ticks[LEDGER_PAYLOAD] = START + (1ULL << 40);
	EXPECT(ledger_fpdt_times(&times, &ledger, &machine));
	EXPECT_EQ(times.load_start, (1ULL << 40) * 16);
}

int main(void)
{
	RUN(all_of_a_boot_is_told);
	RUN(each_range_is_told_in_words);
	RUN(each_range_is_told_as_it_is);
	RUN(a_step_may_take_long);
	RUN(each_step_is_told_in_microseconds);
	RUN(without_a_clock_ticks_are_told);
	RUN(the_fpdt_has_nanoseconds);
	RUN(long_times_do_not_wrap);
	return test_status();
}
