/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_main.c - the order of the boot, and what each stage is given
 *
 * Each stage is a letter in a log. The tests hold what one stage needs of
 * another: options before anything that may be refused, a map of memory before
 * anything is claimed, the disk closed before the kernel has it.
 */
#include <string.h>

#include "common/arch.h"
#include "common/boot.h"
#include "common/image.h"
#include "common/lib/console.h"
#include "common/payload/smbios_given.h"
#include "common/place/place.h"
#include "tests/unit/test.h"

#define PLATFORM    0x7000
#define DESCRIPTION 0x123456789000 /* may be above 4 GiB */
#define ENTRY       0x200000
#define INITRD      0x800000
#define START_TICKS 100

static struct boot boot;
static char steps[32];
static char refuses_at; /* the stage that panics; 0: none */
static bool is_verbose;
static uint64_t ticks;

static void step(char letter)
{
	size_t count = strlen(steps);

	EXPECT(count < sizeof(steps) - 1);
	steps[count] = letter;
	ticks++;
	if (letter == refuses_at)
		panic("refused at %c", letter);
}

static void expect_machine(const struct machine *machine)
{
	EXPECT(machine == &boot.machine);
}

uint64_t arch_ticks(void)
{
	return START_TICKS + ticks;
}

void payload_open_own(struct payload *payload, const struct handoff *handoff)
{
	EXPECT(payload == &boot.payload && handoff == &boot.handoff);
	payload->options.is_verbose = is_verbose;
	step('o');
}

struct machine_range payload_platform(const struct payload *payload)
{
	EXPECT(payload == &boot.payload);
	step('t');
	return (struct machine_range){ PLATFORM, 0x100 };
}

const struct machine *arch_probe(struct machine *machine,
                                 const struct handoff *handoff,
                                 const struct machine_range *platform)
{
	expect_machine(machine);
	EXPECT(handoff == &boot.handoff);
	EXPECT_EQ(platform->base, PLATFORM);
	EXPECT_EQ(platform->size, 0x100);
	step('p');
	return machine;
}

void paravisor_split(struct machine *machine, const struct payload *payload,
                     const struct handoff *handoff)
{
	EXPECT(payload == &boot.payload && handoff == &boot.handoff);
	expect_machine(machine);
	step('w');
}

void memory_init(struct memory *memory, const struct machine *machine)
{
	EXPECT(memory == &boot.memory);
	expect_machine(machine);
	step('m');
}

void arch_claim(struct memory *memory, const struct machine *machine,
                const struct handoff *handoff)
{
	EXPECT(memory == &boot.memory && handoff == &boot.handoff);
	expect_machine(machine);
	step('c');
}

void arch_start(const struct machine *machine)
{
	expect_machine(machine);
	step('s');
}

void smbios_given_read(struct machine *machine, struct memory *memory)
{
	EXPECT(memory == &boot.memory);
	expect_machine(machine);
	step('g');
}

void payload_restrict(const struct payload *payload, struct machine *machine)
{
	EXPECT(payload == &boot.payload);
	expect_machine(machine);
	step('r');
}

void payload_find(struct payload *payload, const struct machine *machine,
                  struct memory *memory)
{
	EXPECT(payload == &boot.payload && memory == &boot.memory);
	expect_machine(machine);
	step('f');
}

void arch_place_kernel(struct kernel *kernel, const struct payload *payload,
                       const struct machine *machine, struct memory *memory)
{
	EXPECT(payload == &boot.payload && memory == &boot.memory);
	expect_machine(machine);
	kernel->entry = ENTRY;
	step('k');
}

struct machine_range place_initrd(const struct payload *payload,
                                  const struct machine *machine,
                                  const struct kernel *kernel,
                                  struct memory *memory)
{
	EXPECT(payload == &boot.payload && memory == &boot.memory);
	expect_machine(machine);
	EXPECT_EQ(kernel->entry, ENTRY);
	step('i');
	return (struct machine_range){ INITRD, 0x3000 };
}

void place_cmdline(struct cmdline *cmdline, const struct payload *payload,
                   const struct kernel *kernel, struct memory *memory)
{
	EXPECT(payload == &boot.payload && memory == &boot.memory);
	EXPECT_EQ(kernel->entry, ENTRY);
	cmdline->size = 5;
	step('l');
}

void payload_close(struct payload *payload)
{
	EXPECT(payload == &boot.payload);
	step('x');
}

static void expect_placed(const struct guest *guest)
{
	EXPECT_EQ(guest->kernel.entry, ENTRY);
	EXPECT_EQ(guest->initrd.base, INITRD);
	EXPECT_EQ(guest->initrd.size, 0x3000);
	EXPECT_EQ(guest->cmdline.size, 5);
}

/* Of the ledger's steps, all but this one are over. */
paddr_t arch_describe(const struct machine *machine,
                      const struct payload *payload, struct guest *guest,
                      struct memory *memory, const struct ledger *ledger)
{
	EXPECT(payload == &boot.payload && memory == &boot.memory);
	expect_machine(machine);
	expect_placed(guest);
	EXPECT(ledger->ticks[LEDGER_PLACEMENT] != 0);
	EXPECT_EQ(ledger->ticks[LEDGER_DESCRIPTION], 0);
	step('d');
	return DESCRIPTION;
}

void ledger_print(const struct ledger *ledger, const struct machine *machine,
                  const struct payload *payload, const struct guest *guest,
                  const struct memory *memory)
{
	EXPECT(ledger == &boot.ledger && payload == &boot.payload);
	EXPECT(memory == &boot.memory);
	expect_machine(machine);
	expect_placed(guest);
	EXPECT(ledger->ticks[LEDGER_DESCRIPTION] != 0);
	step('v');
}

void arch_enter(struct machine *machine, const struct guest *guest,
                paddr_t description)
{
	expect_machine(machine);
	expect_placed(guest);
	EXPECT_EQ(description, DESCRIPTION);
	step('e');
	panic("entered");
}

static void start(void)
{
	memset(&boot, 0, sizeof(boot));
	memset(steps, 0, sizeof(steps));
	boot.handoff.start_ticks = START_TICKS;
	ticks = refuses_at = 0;
	is_verbose = false;
}

static void each_stage_has_what_it_needs(void)
{
	start();
	EXPECT_PANIC("entered", boot_main(&boot));
	EXPECT_STR(steps, "otpwmcsgrfkilxde");
	EXPECT_STR(test_console(), "entered");
}

static void a_verbose_boot_tells_what_it_did_when_all_is_done(void)
{
	start();
	is_verbose = true;
	EXPECT_PANIC("entered", boot_main(&boot));
	EXPECT_STR(steps, "otpwmcsgrfkilxdve");
}

/* A time is that of the end of its step. */
static void the_ledger_has_the_time_of_each_step(void)
{
	const uint64_t *at = boot.ledger.ticks;

	start();
	EXPECT_PANIC("entered", boot_main(&boot));
	EXPECT_EQ(boot.ledger.start_ticks, START_TICKS);
	EXPECT_EQ(at[LEDGER_MACHINE], START_TICKS + strlen("otpw"));
	EXPECT_EQ(at[LEDGER_PAYLOAD], START_TICKS + strlen("otpwmcsgrf"));
	EXPECT_EQ(at[LEDGER_PLACEMENT], START_TICKS + strlen("otpwmcsgrfkilx"));
	EXPECT_EQ(at[LEDGER_DESCRIPTION],
	          START_TICKS + strlen("otpwmcsgrfkilxd"));
}

/* No stage comes after one that refuses, and the ledger stays silent. */
static void a_refusal_ends_the_boot_where_it_is(void)
{
	static const char all[] = "otpwmcsgrfkilxdve";

	for (volatile size_t i = 0; i < sizeof(all) - 1; i++) {
		const char line[] = { 'a', 't', ' ', all[i], '\0' };

		start();
		is_verbose = true;
		refuses_at = all[i];
		EXPECT_PANIC(line, boot_main(&boot));
		EXPECT_EQ(strlen(steps), i + 1);
		EXPECT(!strncmp(steps, all, i + 1));
	}
}

int main(void)
{
	RUN(each_stage_has_what_it_needs);
	RUN(a_verbose_boot_tells_what_it_did_when_all_is_done);
	RUN(the_ledger_has_the_time_of_each_step);
	RUN(a_refusal_ends_the_boot_where_it_is);
	return test_status();
}
