/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_kaslr.c - where KASLR puts a kernel, and its relocations */
#include <string.h>

#include "arch/x86_64/place/kaslr.h"
#include "common/spec/bundle.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/test.h"

#define LINKED    0x1000000
#define ALIGNMENT 0x200000
#define MIB       0x100000ULL
#define SIZE      0x1000

static struct machine machine;
static struct memory memory;
static struct payload payload;
static uint8_t kernel[SIZE];
static bool has_good_sum;

static struct {
	struct bundle_relocs header;
	uint8_t places[64];
} relocs;

void source_check(const char *name, const struct source *source)
{
	EXPECT_STR(name, "relocs");
	EXPECT(source == &payload.relocs);
	has_good_sum = true;
}

static void set_cmdline(const char *text)
{
	payload.cmdline = (struct source){
		.kind = SOURCE_MEMORY,
		.data = text,
		.size = strlen(text) + 1,
	};
}

static void add_range(paddr_t base, uint64_t size, bool is_claimed)
{
	memory_set(&memory, base, size, MEMORY_RAM);
	if (is_claimed)
		memory_claim(&memory, "test", base, size, MEMORY_RAM);
}

/* A kernel of 32 MiB in two segments, an initrd of 3 MiB. */
static void make(void)
{
	memset(&payload, 0, sizeof(payload));
	memory_init(&memory, &machine);
	memset(&relocs, 0, sizeof(relocs));
	relocs.header.alignment = ALIGNMENT;
	relocs.header.room_size = 0x40000000 - LINKED;
	payload.relocs = (struct source){
		.kind = SOURCE_MEMORY,
		.data = &relocs,
		.size = sizeof(relocs),
	};
	payload.segment_count = 2;
	payload.segments[2] = (struct payload_segment){ .memory_size = 1 };
	payload.segments[0].paddr = LINKED + 16 * MIB;
	payload.segments[0].memory_size = 16 * MIB;
	payload.segments[1].paddr = LINKED;
	payload.segments[1].memory_size = 16 * MIB;
	payload.initrd.size = 3 * MIB;
	set_cmdline("console=ttyS0");
	has_good_sum = false;
}

static struct kaslr choose(void)
{
	struct kaslr kaslr;

	kaslr_choose(&kaslr, &payload, &memory);
	return kaslr;
}

static void expect_in_range(const struct kaslr *kaslr, paddr_t base,
                            paddr_t end)
{
	paddr_t paddr = LINKED + kaslr->paddr_shift;

	EXPECT_EQ(paddr % ALIGNMENT, 0);
	EXPECT(paddr >= base);
	EXPECT(paddr + 32 * MIB + 6 * MIB <= end);
	EXPECT_EQ(kaslr->vaddr_shift % ALIGNMENT, 0);
	EXPECT(kaslr->vaddr_shift <= 0x40000000 - LINKED - 32 * MIB);
	EXPECT_EQ(kaslr->size, 32 * MIB);
}

static void every_choice_is_free_ram(void)
{
	bool is_low = false, is_high = false;

	fake_cpu_clear();
	fake_cpu.tsc_step = 1234567;
	for (int i = 0; i < 2000; i++) {
		struct kaslr kaslr;

		make();
		add_range(0, 0x90000, false);
		add_range(MIB, 20 * MIB, false);
		add_range(21 * MIB, 300 * MIB, true);
		add_range(0x20000123, 100 * MIB, false);
		add_range(0x100000000, 200 * MIB, false);
		kaslr = choose();
		EXPECT(has_good_sum);
		if (kaslr.paddr_shift > 0xf0000000) {
			is_high = true;
			expect_in_range(&kaslr, 0x100000000,
			                0x100000000 + 200 * MIB);
		} else {
			is_low = true;
			expect_in_range(&kaslr, 0x20000123,
			                0x20000123 + 100 * MIB);
		}
	}
	EXPECT(is_low);
	EXPECT(is_high);
}

/* From here on each choice is another one. */
static void let_time_pass(void)
{
	fake_cpu_clear();
	fake_cpu.tsc_step = 1234567;
}

/* A kernel that is linked above 4 GiB has its room there. */
static void addresses_have_64_bits(void)
{
	const paddr_t up = 1ULL << 40;

	let_time_pass();
	make();
	payload.segments[0].paddr += up;
	payload.segments[1].paddr += up;
	add_range(MIB, 1000 * MIB, false);
	add_range(up + MIB, 1000 * MIB, false);
	for (int i = 0; i < 20; i++) {
		struct kaslr kaslr = choose();

		EXPECT(kaslr.base >= up + LINKED);
		EXPECT(kaslr.base + 38 * MIB <= up + 1001 * MIB);
		EXPECT_EQ(kaslr.base % ALIGNMENT, 0);
		EXPECT_EQ(kaslr.paddr_shift, kaslr.base - up - LINKED);
		EXPECT_EQ(kaslr.size, 32 * MIB);
	}
	make();
	payload.segments[0].memory_size = 1ULL << 32;
	add_range(MIB, 100 * MIB, false);
	add_range(up, 1ULL << 33, false);
	EXPECT(choose().base >= up);
	EXPECT_EQ(choose().size, 16 * MIB + (1ULL << 32));
}

/* If the time is the same, the processor's random numbers differ. */
static void random_numbers_of_the_processor_count(void)
{
	bool is_other = false;
	struct kaslr first;

	fake_cpu_clear();
	fake_cpu.has_random = true;
	make();
	add_range(MIB, 1000 * MIB, false);
	first = choose();
	EXPECT_EQ(choose().paddr_shift, first.paddr_shift);
	fake_cpu.random = 0x123456789abcdef;
	EXPECT_EQ(choose().paddr_shift, first.paddr_shift); /* no RDRAND */
	fake_cpu_set_cpuid(1, 0, (struct cpuid){ .ecx = 1U << 30 });
	for (uint64_t i = 0; i < 100; i++) {
		fake_cpu.random = i;
		is_other =
			is_other || choose().paddr_shift != first.paddr_shift;
	}
	EXPECT(is_other);
	/* We do not wait for a processor that never has a number. */
	fake_cpu.has_random = false;
	EXPECT_EQ(choose().paddr_shift % ALIGNMENT, 0);
}

static void the_only_place_is_taken(void)
{
	let_time_pass();
	make();
	add_range(MIB, 15 * MIB + 38 * MIB, false);
	EXPECT_EQ(choose().paddr_shift, 0);
	make();
	add_range(LINKED + 1, 41 * MIB, false);
	EXPECT_EQ(choose().paddr_shift, ALIGNMENT);
}

/* One place more than where it is linked gives it two. */
static void the_virtual_address_has_all_its_room(void)
{
	bool is_moved = false, is_linked = false;

	let_time_pass();
	make();
	add_range(MIB, 1000 * MIB, false);
	relocs.header.room_size = 32 * MIB + ALIGNMENT;
	for (int i = 0; i < 100; i++) {
		uint64_t shift = choose().vaddr_shift;

		is_moved = is_moved || shift == ALIGNMENT;
		is_linked = is_linked || shift == 0;
		EXPECT(shift == 0 || shift == ALIGNMENT);
	}
	EXPECT(is_moved && is_linked);
	relocs.header.alignment = 1ULL << 33;
	relocs.header.room_size = 32 * MIB + (1ULL << 33);
	is_moved = false;
	for (int i = 0; i < 100; i++)
		is_moved = is_moved || choose().vaddr_shift == 1ULL << 33;
	EXPECT(is_moved);
	relocs.header.alignment = ALIGNMENT;
	relocs.header.room_size = 32 * MIB + ALIGNMENT;
	relocs.header.room_size--;
	for (int i = 0; i < 100; i++)
		EXPECT_EQ(choose().vaddr_shift, 0);
	relocs.header.room_size = MIB; /* less than it takes */
	for (int i = 0; i < 100; i++)
		EXPECT_EQ(choose().vaddr_shift, 0);
}

/* 2^33 places, of which each is taken by another number. */
static void places_may_be_many(void)
{
	bool is_far = false;

	let_time_pass();
	make();
	relocs.header.alignment = 2;
	add_range(MIB, 1ULL << 34, false);
	for (int i = 0; i < 100; i++)
		is_far = is_far || choose().paddr_shift > 1ULL << 33;
	EXPECT(is_far);
}

static void without_room_it_stays(void)
{
	let_time_pass();
	make();
	add_range(MIB, 40 * MIB, false);
	EXPECT_EQ(choose().paddr_shift, 0);
	make();
	relocs.header.alignment = 1ULL << 33;
	add_range(MIB, 1000 * MIB, false);
	EXPECT_EQ(choose().paddr_shift, 0);
	make();
	payload.initrd.size = 1ULL << 32;
	add_range(MIB, 1000 * MIB, false);
	for (int i = 0; i < 20; i++)
		EXPECT_EQ(choose().paddr_shift, 0);
	make();
	relocs.header.room_size = 32 * MIB;
	EXPECT_EQ(choose().vaddr_shift, 0);
}

static void the_user_can_forbid_it(void)
{
	let_time_pass();
	make();
	add_range(MIB, 1000 * MIB, false);
	set_cmdline("quiet nokaslr");
	EXPECT(choose().relocs == NULL);
	set_cmdline("nokaslr");
	EXPECT(choose().relocs == NULL);
	set_cmdline("nokaslrs xnokaslr nok  nokas");
	EXPECT(choose().relocs == &relocs.header);
	EXPECT_EQ(choose().relocs_size, sizeof(relocs));
	set_cmdline("quiet mem=512M");
	for (int i = 0; i < 20; i++)
		EXPECT_EQ(choose().paddr_shift, 0);
	set_cmdline("memmap=1M!64M");
	EXPECT_EQ(choose().paddr_shift, 0);
	/* Linux takes a tab, and a newline, for a space. */
	set_cmdline("quiet\tmem=512M");
	for (int i = 0; i < 20; i++)
		EXPECT_EQ(choose().paddr_shift, 0);
	set_cmdline("quiet\nnokaslr\tro");
	EXPECT(choose().relocs == NULL);
}

static void it_makes_way_even_so(void)
{
	let_time_pass();
	make();
	add_range(MIB, 19 * MIB, true);
	add_range(20 * MIB, 12 * MIB, false);
	add_range(32 * MIB + 1, 1000 * MIB, false);
	for (int i = 0; i < 20; i++) {
		set_cmdline("nokaslr");
		EXPECT_EQ(choose().paddr_shift, 34 * MIB - LINKED);
		EXPECT(choose().relocs == NULL);
		EXPECT_EQ(choose().vaddr_shift, 0);
		set_cmdline("mem=2G");
		EXPECT_EQ(choose().paddr_shift, 34 * MIB - LINKED);
		EXPECT_EQ(choose().base, 34 * MIB);
	}
}

static void without_relocations_it_stays(void)
{
	make();
	add_range(MIB, 1000 * MIB, false);
	payload.relocs.kind = SOURCE_NONE;
	EXPECT(choose().relocs == NULL);
	EXPECT_EQ(choose().paddr_shift, 0);
}

static void wrong_headers_panic(void)
{
	make();
	payload.relocs.size = 31;
	EXPECT_PANIC("relocs: 0x1f bytes", choose());
	make();
	relocs.header.alignment = 0x300000;
	EXPECT_PANIC("relocs: alignment 0x300000: no power of two", choose());
	make();
	relocs.header.alignment = 0;
	EXPECT_PANIC("no power of two", choose());
	for (volatile uint32_t i = 0; i < 64; i++) {
		make();
		relocs.header.alignment = 1ULL << i;
		choose();
		if (i == 0)
			continue;
		relocs.header.alignment++;
		EXPECT_PANIC("no power of two", choose());
	}
}

static struct kaslr small_kaslr(void)
{
	return (struct kaslr){
		.vaddr_shift = 0x12400000,
		.relocs = &relocs.header,
		.relocs_size = payload.relocs.size,
		.size = SIZE,
	};
}

static void relocate(void)
{
	struct kaslr kaslr = small_kaslr();

	kaslr_relocate(&kaslr, paddr_of(kernel));
}

static void each_list_moves_its_words(void)
{
	static const uint8_t places[] = {
		16, BUNDLE_RELOC_FAR, 0xe8, 0x0f, 0, 0, 33, 254
	};
	uint64_t word64 = 0xffffffff81000123;
	uint32_t word32 = 0x81000456;

	make();
	memset(kernel, 0, sizeof(kernel));
	memcpy(relocs.places, places, sizeof(places));
	relocs.header.count64 = 2;
	relocs.header.count32_inverse = 1;
	relocs.header.count32 = 1;
	memcpy(kernel + 16, &word64, 8);
	memcpy(kernel + SIZE - 8, &word64, 8);
	memcpy(kernel + 33, &word32, 4);
	memcpy(kernel + 254, &word32, 4);
	relocate();
	EXPECT_EQ(load_le64(kernel + 16), 0xffffffff93400123);
	EXPECT_EQ(load_le64(kernel + SIZE - 8), 0xffffffff93400123);
	EXPECT_EQ(load_le32(kernel + 33), 0x6ec00456);
	EXPECT_EQ(load_le32(kernel + 254), 0x93400456);
	EXPECT_EQ(load_le32(kernel + 37), 0);
}

static void a_word_of_64_bits_has_a_carry(void)
{
	static const uint8_t places[] = { BUNDLE_RELOC_FAR, 16, 0, 0, 0 };
	uint64_t word64 = 0x12fffffff;

	make();
	memcpy(relocs.places, places, sizeof(places));
	relocs.header.count64 = 1;
	/* The list may end with the place. */
	payload.relocs.size = sizeof(relocs.header) + sizeof(places);
	memcpy(kernel + 16, &word64, 8);
	relocate();
	EXPECT_EQ(load_le64(kernel + 16), 0x1423fffff);
	word64 = 0xfffffff0;
	memcpy(kernel + 16, &word64, 8);
	relocate();
	EXPECT_EQ(load_le64(kernel + 16), 0x1123ffff0);
}

static void places_outside_panic(void)
{
	make();
	relocs.header.count32 = 1;
	relocs.places[0] = BUNDLE_RELOC_FAR;
	relocs.places[2] = 0x10;
	EXPECT_PANIC("place 0x1000: kernel ends at 0xffc", relocate());
	relocs.header.count32 = 1000;
	relocs.places[2] = 0;
	EXPECT_PANIC("relocs: end early", relocate());
	payload.relocs.size = sizeof(relocs.header) + 3;
	EXPECT_PANIC("relocs: end early", relocate());
	/* What follows the list is none of it. */
	relocs.header.count32 = 2;
	relocs.places[0] = 0;
	payload.relocs.size = sizeof(relocs.header) + 1;
	EXPECT_PANIC("relocs: end early", relocate());
}

/* The way to a place may be more than 4 GiB, as may the kernel's end. */
static void places_have_64_bits(void)
{
	static const uint8_t places[] = { 16,   BUNDLE_RELOC_FAR,
		                          0xf8, 0xff,
		                          0xff, 0xff };
	struct kaslr kaslr = small_kaslr();
	uint64_t word64 = 0x123;

	make();
	memcpy(relocs.places, places, sizeof(places));
	relocs.header.count64 = 2;
	EXPECT_PANIC("place 0x100000008: kernel ends at 0xff8", relocate());
	make();
	relocs.header.count64 = 1;
	relocs.places[0] = 16;
	memcpy(kernel + 16, &word64, 8);
	kaslr.size = (1ULL << 32) + 16;
	kaslr.vaddr_shift = 1ULL << 32;
	kaslr_relocate(&kaslr, paddr_of(kernel));
	EXPECT_EQ(load_le64(kernel + 16), 0x100000123);
}

/* A list may name the same place twice, and each word up to the last. */
static void the_last_words_are_moved(void)
{
	static const uint8_t places[] = {
		BUNDLE_RELOC_FAR, 0xfc, 0x0f, 0, 0, 0
	};
	uint32_t word32 = 0x81000000;

	make();
	memcpy(relocs.places, places, sizeof(places));
	relocs.header.count32 = 2;
	memcpy(kernel + SIZE - 4, &word32, 4);
	relocate();
	EXPECT_EQ(load_le32(kernel + SIZE - 4), 0xa5800000);
	relocs.places[1] = 0xfd;
	EXPECT_PANIC("place 0xffd: kernel ends at 0xffc", relocate());
	relocs.header.count32 = 0;
	relocs.header.count32_inverse = 1;
	EXPECT_PANIC("place 0xffd: kernel ends at 0xffc", relocate());
	relocs.header.count32_inverse = 0;
	relocs.header.count64 = 1;
	EXPECT_PANIC("place 0xffd: kernel ends at 0xff8", relocate());
	relocs.places[1] = 0xf9;
	EXPECT_PANIC("place 0xff9: kernel ends at 0xff8", relocate());
}

int main(void)
{
	RUN(every_choice_is_free_ram);
	RUN(addresses_have_64_bits);
	RUN(random_numbers_of_the_processor_count);
	RUN(the_only_place_is_taken);
	RUN(the_virtual_address_has_all_its_room);
	RUN(places_may_be_many);
	RUN(without_room_it_stays);
	RUN(the_user_can_forbid_it);
	RUN(it_makes_way_even_so);
	RUN(without_relocations_it_stays);
	RUN(wrong_headers_panic);
	RUN(each_list_moves_its_words);
	RUN(a_word_of_64_bits_has_a_carry);
	RUN(places_outside_panic);
	RUN(places_have_64_bits);
	RUN(the_last_words_are_moved);
	return test_status();
}
