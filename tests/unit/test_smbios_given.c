/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_smbios_given.c - words in SMBIOS strings, hostile ones too */
#include <stdlib.h>
#include <string.h>

#include "common/payload/smbios_given.h"
#include "common/spec/smbios.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/test.h"

#define RAM_SIZE 0x1000
#define NAME     "io.systemd.stub.kernel-cmdline-extra="

static _Alignas(0x1000) uint8_t ram[RAM_SIZE];
static struct machine machine;
static struct memory memory;

/* RAM is dirty, so that no string ends by chance. */
static void start(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(ram, 'x', sizeof(ram));
	machine.ram_count = 1;
	machine.ram[0] = (struct machine_ram){ .base = paddr_of(ram),
		                               .size = RAM_SIZE,
		                               .type = MEMORY_RAM };
	memory_init(&memory, &machine);
	fake_map_clear();
	fake_fw_cfg_clear();
}

/* The text has the structures' bytes, without the last NUL of C. */
static const char *words_of(const void *structures, uint32_t size)
{
	start();
	fake_fw_cfg_add_file("etc/smbios/smbios-tables", (void *)structures,
	                     size, false);
	fw_cfg_open(&machine.fw_cfg);
	smbios_given_read(&machine, &memory);
	EXPECT_EQ(machine.smbios.size, size);
	EXPECT(!memcmp(paddr_ptr(machine.smbios.base), structures, size));
	return machine.given.words;
}

#define WORDS_OF(text) words_of(text, sizeof(text) - 1)

#define SYSTEM         "\x01\x06hh\x01\x02"
#define NONE           "\x20\x04hh\0\0"
#define OEM            "\x0b\x05hh\x01"
#define END            "\x7f\x04hh\0\0"

static void words_are_those_of_an_oem_string(void)
{
	EXPECT_STR(WORDS_OF(OEM NAME "a b\0\0" END), "a b");
	EXPECT_STR(WORDS_OF(NONE SYSTEM "x\0y\0\0" OEM "x\0" NAME "a\0z\0\0"),
	           "a");
	EXPECT_STR(WORDS_OF(OEM "x\0\0" OEM NAME "a\0\0" END), "a");
	/* systemd-stub takes the first, too. */
	EXPECT_STR(WORDS_OF(OEM NAME "a\0" NAME "b\0\0" END), "a");
}

static void other_strings_are_no_words(void)
{
	EXPECT(!WORDS_OF(SYSTEM NAME "a\0\0" OEM "x\0\0" END));
	EXPECT(!WORDS_OF(OEM NAME "\0\0" END));
	EXPECT(!WORDS_OF(OEM "x" NAME "a\0\0" END));
	EXPECT(!WORDS_OF(OEM "\0\0" END));
	EXPECT(!WORDS_OF(OEM "io.systemd.stub\0\0" END));
	/* A structure's own bytes are no strings. */
	EXPECT(!WORDS_OF("\x0b\x2bhh\x01" NAME "a\0\0" END));
}

static void without_a_file_nothing_is_read(void)
{
	start();
	smbios_given_read(&machine, &memory);
	EXPECT_EQ(fake_fw_cfg_transfers(), 0);
	EXPECT_EQ(machine.smbios.size, 0);
	EXPECT(!machine.given.words);
}

/* A string without an end has it where the file ends. */
static void what_is_cut_off_has_an_end(void)
{
	EXPECT_STR(WORDS_OF(OEM NAME "a"), "a");
	EXPECT(!WORDS_OF(OEM NAME));
	EXPECT(!WORDS_OF(OEM "x"));
	EXPECT(!WORDS_OF(OEM));
	EXPECT(!WORDS_OF(NONE "\x0b"));
	EXPECT(!WORDS_OF(NONE "\x0b\x05"));
}

static void no_structure_ends_the_search(void)
{
	EXPECT(!WORDS_OF("\x01\x03h" OEM NAME "a\0\0"));
	EXPECT(!WORDS_OF("\x01\0hh\0\0" OEM NAME "a\0\0"));
	EXPECT(!WORDS_OF("\x01\xffhh\0\0" OEM NAME "a\0\0"));
	/* One that ends with the file is the last that is one. */
	EXPECT(!WORDS_OF("\x0b\x08hhxxxx"));
	EXPECT(!WORDS_OF("\x0b\x09hhxxxx"));
}

static void more_than_the_limit_is_refused(void)
{
	start();
	machine.fw_cfg.files[FW_CFG_FILE_SMBIOS_TABLES].size = 0x100001;
	EXPECT_PANIC("smbios: 0x100001 bytes at 0: beyond 0x100000",
	             smbios_given_read(&machine, &memory));
	machine.fw_cfg.files[FW_CFG_FILE_SMBIOS_TABLES].size = 0x100000;
	EXPECT_PANIC("smbios: 0x100002 bytes: no RAM for them",
	             smbios_given_read(&machine, &memory));
}

/*
 * The structures fill the RAM but for two bytes, beyond which the sanitizer
 * sees a read. Words lie within them.
 */
static void any_bytes_are_read_within_their_bounds(void)
{
	static const char some[] = SYSTEM "x\0\0" OEM NAME "a\0\0" END;
	static uint8_t bytes[RAM_SIZE - 2];
	const uint8_t *words;

	srand(1);
	for (uint32_t round = 0; round < 2000; round++) {
		for (uint32_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (uint8_t)some[i % (sizeof(some) - 1)];
		for (uint32_t i = 0; i < 20; i++)
			bytes[(uint32_t)rand() % sizeof(bytes)] =
				(uint8_t)(rand() % 8);
		words = (const uint8_t *)words_of(bytes, sizeof(bytes));
		EXPECT(!words || words < ram + RAM_SIZE - 2);
	}
}

int main(void)
{
	RUN(words_are_those_of_an_oem_string);
	RUN(other_strings_are_no_words);
	RUN(without_a_file_nothing_is_read);
	RUN(what_is_cut_off_has_an_end);
	RUN(no_structure_ends_the_search);
	RUN(more_than_the_limit_is_refused);
	RUN(any_bytes_are_read_within_their_bounds);
	return test_status();
}
