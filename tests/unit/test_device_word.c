/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_device_word.c - devices that a command line names */
#include <string.h>

#include "arch/x86_64/lib/device_word.h"
#include "tests/unit/test.h"

#define WORD "virtio_mmio.device="

static struct machine_virtio_mmio slot;

static const char *next(const char *text)
{
	memset(&slot, 0xa5, sizeof(slot));
	return device_word_next(text, &slot);
}

static void expect_slot(const char *text, paddr_t paddr, uint32_t size,
                        uint32_t gsi)
{
	EXPECT(next(text) != NULL);
	EXPECT_EQ(slot.paddr, paddr);
	EXPECT_EQ(slot.size, size);
	EXPECT_EQ(slot.gsi, gsi);
	EXPECT_EQ(slot.more_count, 0);
	EXPECT(slot.is_edge);
}

static void words_are_found_one_by_one(void)
{
	const char *text = "quiet " WORD "4K@0xd0000000:5 x=y " WORD
			   "0x200@0xd0001000:6:3 last";

	expect_slot(text, 0xd0000000, 4096, 5);
	text = next(text);
	EXPECT_STR(text, " x=y " WORD "0x200@0xd0001000:6:3 last");
	expect_slot(text, 0xd0001000, 512, 6);
	text = next(text);
	EXPECT_STR(text, " last");
	EXPECT(next(text) == NULL);
	EXPECT(next("") == NULL);
}

static void numbers_are_as_the_kernel_reads_them(void)
{
	expect_slot(WORD "512@3489660928:16", 0xd0000000, 512, 16);
	expect_slot(WORD "0X1000@0XFEB00E00:12", 0xfeb00e00, 4096, 12);
	expect_slot(WORD "1k@0:0", 0, 1024, 0);
	expect_slot(WORD "1m@1M:7", 0x100000, 0x100000, 7);
	expect_slot(WORD "0x100@0xffffff00:1023", 0xffffff00, 0x100, 1023);
}

static void white_space_is_as_linux_has_it(void)
{
	expect_slot("\t" WORD "4K@0x1000:5\t", 0x1000, 4096, 5);
	expect_slot("a\n" WORD "4K@0x1000:5\nb", 0x1000, 4096, 5);
	expect_slot("a\v\f\r" WORD "4K@0x1000:5", 0x1000, 4096, 5);
	expect_slot("a\xa0" WORD "4K@0x1000:5\xa0", 0x1000, 4096, 5);
	EXPECT(next("a\b" WORD "4K@0x1000:5") == NULL);
}

static void other_words_are_passed_by(void)
{
	expect_slot("x" WORD "4K@0x2000:5 " WORD "4K@0x1000:5", 0x1000, 4096,
	            5);
	expect_slot(WORD " " WORD "4K@ " WORD "4K@0x1000:5", 0x1000, 4096, 5);
	expect_slot(WORD "4K@0x2000:1024 " WORD "4K@0x1000:5", 0x1000, 4096, 5);
	EXPECT(next("virtio_mmio.devices=4K@0x1000:5") == NULL);
	EXPECT(next("Virtio_mmio.device=4K@0x1000:5") == NULL);
}

static void what_is_beyond_4_gib_is_none(void)
{
	EXPECT(next(WORD "0x100@0xffffff01:5") == NULL);
	EXPECT(next(WORD "4K@0x100000000:5") == NULL);
	EXPECT(next(WORD "0xff@0x1000:5") == NULL);
	EXPECT(next(WORD "0x100000001@0:5") == NULL);
	EXPECT(next(WORD "4K@0xffffffffffffffff:5") == NULL);
	EXPECT(next(WORD "17592186044416M@0x1000:5") == NULL);
}

/* Endless numbers must not wrap. */
static void digits_without_end_are_none(void)
{
	char text[400] = WORD;
	size_t start = strlen(text);

	memset(text + start, '9', 300);
	strcpy(text + start + 300, "@0x1000:5");
	EXPECT(next(text) == NULL);
	strcpy(text + start, "4K@0x");
	memset(text + start + 5, '0', 300);
	strcpy(text + start + 305, "1000:5");
	expect_slot(text, 0x1000, 4096, 5);
}

int main(void)
{
	RUN(words_are_found_one_by_one);
	RUN(numbers_are_as_the_kernel_reads_them);
	RUN(white_space_is_as_linux_has_it);
	RUN(other_words_are_passed_by);
	RUN(what_is_beyond_4_gib_is_none);
	RUN(digits_without_end_are_none);
	return test_status();
}
