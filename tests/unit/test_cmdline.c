/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_cmdline.c - the command line: where it goes, what is added
 *
 * The kernel leaves words after "--" to init, so words for the kernel must come
 * before it. White space and quotes are as in Linux lib/cmdline.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/lib/sum64.h"
#include "common/place/place.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/test.h"

#define AREA_SIZE 0x1000
#define RAM_SIZE  0x8000
#define PATTERN   0xa5

/* The area has its own allocation, so that ASan knows where it ends. */
static char *area;
static _Alignas(0x1000) char ram[RAM_SIZE];
static char text[0x4000];

static struct machine machine;
static struct memory memory;
static struct payload payload;
static struct kernel kernel;
static struct cmdline cmdline;

static void start(uint32_t max)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	memset(&cmdline, 0, sizeof(cmdline));
	free(area);
	area = malloc(AREA_SIZE);
	memset(area, PATTERN, AREA_SIZE);
	memset(ram, PATTERN, RAM_SIZE);
	machine.ram_count = 1;
	machine.ram[0] = (struct machine_ram){
		.base = paddr_of(ram),
		.size = RAM_SIZE,
		.type = MEMORY_RAM,
	};
	memory_init(&memory, &machine);
	kernel = (struct kernel){
		.cmdline_area = { paddr_of(area), AREA_SIZE },
		.cmdline = { .base = paddr_of(ram),
		             .lowest = paddr_of(ram),
		             .end = paddr_of(ram) + RAM_SIZE,
		             .alignment = 16 },
		.cmdline_max = max,
	};
	fake_map_clear();
}

static void place(void)
{
	place_cmdline(&cmdline, &payload, &kernel, &memory);
}

static void give(const char *bytes, uint64_t size)
{
	payload.cmdline = (struct source){
		.kind = SOURCE_MEMORY,
		.data = bytes,
		.stored_size = size,
		.size = size,
		.has_checksum = true,
		.sum64 = sum64(0, bytes, size),
	};
}

/* Gives a line of `size` characters. */
static void give_long(uint64_t size)
{
	memset(text, 'x', sizeof(text));
	text[size] = '\0';
	give(text, size + 1);
}

static void place_long(uint64_t size, uint32_t max)
{
	start(max);
	give_long(size);
	place();
	EXPECT(fake_map_has(paddr_of(cmdline.text), size + 1));
	EXPECT(!fake_map_has(paddr_of(cmdline.text), RAM_SIZE + 1));
	EXPECT_EQ(cmdline.size, size);
	EXPECT_STR(cmdline.text, text);
}

static void it_goes_where_it_fits(void)
{
	place_long(0, 2047);
	EXPECT(cmdline.text == area);
	place_long(2047, 2047);
	EXPECT(cmdline.text == area);
	EXPECT_EQ((uint8_t)area[2049], PATTERN);
	EXPECT_EQ((uint8_t)ram[0], PATTERN);
	/* The line has a NUL, and place_cmdline() adds another one. */
	place_long(AREA_SIZE - 2, 0xffffffff);
	EXPECT(cmdline.text == area);
	EXPECT(!fake_map_has(paddr_of(ram), 1));
	place_long(AREA_SIZE - 1, AREA_SIZE);
	EXPECT(cmdline.text == ram);
	EXPECT_EQ((uint8_t)area[0], PATTERN);
	place_long(0x2fff, 0xffffffff);
	EXPECT(cmdline.text == ram);
	EXPECT(fake_map_has(paddr_of(ram), 0x3000));
	EXPECT(!memory_is_free(&memory, paddr_of(ram), 1));
}

static void one_without_end_gets_one(void)
{
	start(2047);
	give("quiet splash", 5);
	place();
	EXPECT_STR(cmdline.text, "quiet");
	start(2047);
	place();
	EXPECT_STR(cmdline.text, "");
	EXPECT_EQ(cmdline.size, 0);
}

static void one_ends_at_its_first_nul(void)
{
	start(2047);
	give("quiet\0splash", 13);
	place();
	EXPECT_STR(cmdline.text, "quiet");
	EXPECT_EQ(cmdline.size, 5);
}

static void one_too_long_panics(void)
{
	EXPECT_PANIC("cmdline: 101 bytes: the kernel takes 100",
	             place_long(101, 100));
	EXPECT_PANIC("cmdline: 5000 bytes: the kernel takes 2047",
	             place_long(5000, 2047));
	start(5);
	give("quiets", 6); /* without a NUL it passes for one less */
	EXPECT_PANIC("cmdline: 6 bytes: the kernel takes 5", place());
	start(5000);
	give_long(4999);
	memory_claim(&memory, "test", paddr_of(ram), RAM_SIZE, MEMORY_RAM);
	EXPECT_PANIC("bytes: no free RAM", place());
}

static void a_corrupt_one_panics(void)
{
	start(2047);
	give("quiet", 6);
	payload.cmdline.sum64 ^= 1;
	EXPECT_PANIC("cmdline: sum of 0x6 bytes", place());
}

/* The user's words stay. Words of ours that do not fit are left out. */
static void words_are_added_behind(void)
{
	place_long(3, 2047);
	cmdline_append(&cmdline, "tsc_early_khz", "2994375");
	EXPECT_STR(cmdline.text, "xxx tsc_early_khz=2994375");
	cmdline_append(&cmdline, "a", "0");
	EXPECT_STR(cmdline.text, "xxx tsc_early_khz=2994375 a=0");
	EXPECT_EQ(cmdline.size, strlen(cmdline.text));
	place_long(3, 7);
	cmdline_append(&cmdline, "a", "4294967295");
	EXPECT_STR(cmdline.text, "xxx");
	cmdline_append(&cmdline, "a", "7");
	EXPECT_STR(cmdline.text, "xxx a=7");
	cmdline_append(&cmdline, "", "");
	EXPECT_STR(cmdline.text, "xxx a=7");
}

/* A VMM has at most 32 devices, and we add the frequency. */
static void there_is_room_for_all_words_of_ours(void)
{
	place_long(AREA_SIZE - 1, 0xffffffff);
	for (uint32_t i = 0; i < MACHINE_NAMED_MAX; i++)
		cmdline_append(&cmdline, "virtio_mmio.device",
		               "4294967295@0xffffffff:1023");
	cmdline_append(&cmdline, "tsc_early_khz", "4294967295");
	EXPECT_STR(cmdline.text + cmdline.size - 25,
	           " tsc_early_khz=4294967295");
}

/* No byte beyond the line may change, wherever the line is. */
static void a_full_line_stays_as_it_is(void)
{
	place_long(AREA_SIZE - 2, 0xffffffff);
	cmdline_append(&cmdline, "", "");
	EXPECT_EQ(cmdline.size, AREA_SIZE - 2);
	EXPECT_STR(cmdline.text, text);
	place_long(AREA_SIZE - 6, 0xffffffff);
	cmdline_append(&cmdline, "ab", "cd"); /* one too many */
	EXPECT_EQ(cmdline.size, AREA_SIZE - 6);
	cmdline_append(&cmdline, "ab", "c");
	EXPECT_EQ(cmdline.size, AREA_SIZE - 1);
	EXPECT_STR(area + AREA_SIZE - 6, " ab=c");
}

static void expect_added(const char *before, const char *after)
{
	start(2047);
	give(before, strlen(before) + 1);
	place();
	cmdline_append(&cmdline, "a", "1");
	EXPECT_STR(cmdline.text, after);
	EXPECT_EQ(cmdline.size, strlen(after));
}

static void words_are_added_before_a_double_dash(void)
{
	expect_added("quiet -- single", "quiet a=1 -- single");
	expect_added("quiet --", "quiet a=1 --");
	expect_added("--", "a=1 --");
	expect_added("-- quiet", "a=1 -- quiet");
	expect_added("  -- quiet", "  a=1 -- quiet");
	expect_added("x -- y -- z", "x a=1 -- y -- z");
	expect_added("x \"--\" y", "x a=1 \"--\" y");
}

static void other_dashes_end_no_words(void)
{
	expect_added("quiet --bar", "quiet --bar a=1");
	expect_added("quiet ---", "quiet --- a=1");
	expect_added("quiet - -", "quiet - - a=1");
	expect_added("a-- b", "a-- b a=1");
	expect_added("x=-- b", "x=-- b a=1");
	expect_added("x=\"a -- b\" y", "x=\"a -- b\" y a=1");
	expect_added("\"a -- b\" -- c", "\"a -- b\" a=1 -- c");
	expect_added("x=\"-- open", "x=\"-- open a=1");
}

static void white_space_is_as_linux_has_it(void)
{
	expect_added("quiet\t--\tsingle", "quiet\ta=1 --\tsingle");
	expect_added("quiet\n--\nsingle", "quiet\na=1 --\nsingle");
	expect_added("quiet\v--\fsingle\r", "quiet\va=1 --\fsingle\r");
	expect_added("quiet\xa0--\xa0single", "quiet\xa0"
	                                      "a=1 --\xa0single");
	expect_added("quiet\b--", "quiet\b-- a=1");
	expect_added("", " a=1");
	expect_added("quiet ", "quiet  a=1");
}

static void a_second_word_comes_behind_the_first(void)
{
	start(2047);
	give("quiet -- single", 16);
	place();
	cmdline_append(&cmdline, "a", "1");
	cmdline_append(&cmdline, "b", "2");
	EXPECT_STR(cmdline.text, "quiet a=1 b=2 -- single");
}

int main(void)
{
	RUN(it_goes_where_it_fits);
	RUN(one_without_end_gets_one);
	RUN(one_ends_at_its_first_nul);
	RUN(one_too_long_panics);
	RUN(a_corrupt_one_panics);
	RUN(words_are_added_behind);
	RUN(there_is_room_for_all_words_of_ours);
	RUN(a_full_line_stays_as_it_is);
	RUN(words_are_added_before_a_double_dash);
	RUN(other_dashes_end_no_words);
	RUN(white_space_is_as_linux_has_it);
	RUN(a_second_word_comes_behind_the_first);
	free(area);
	return test_status();
}
