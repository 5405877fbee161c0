/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz.c - runs a target in libFuzzer, and takes choices; see fuzz.h
 *
 * At the end it prints how many inputs there were and how many were accepted,
 * which tests/fuzz/run.py reads.
 */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/test.h"

#define EXIT_SKIPPED 76 /* libFuzzer ends a find with 77 */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

const uint64_t *fuzz_bounds;
uint32_t fuzz_bound_count;
bool fuzz_forgives;

static uint64_t run_count, accepted_count;
static bool tells; /* the line of each refusal */

static void report(void)
{
	fprintf(stderr, "fuzz: %llu inputs, %llu accepted\n",
	        (unsigned long long)run_count,
	        (unsigned long long)accepted_count);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	if (!fuzz_begin((*argv)[0]))
		exit(EXIT_SKIPPED);
	atexit(report);
	tells = getenv("FUZZ_TELL");
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = { data, size };

	run_count++;
	if (setjmp(*test_catch_panic()) == 0) {
		accepted_count += fuzz_run(&input);
		test_release_panic();
	} else if (tells) {
		fprintf(stderr, "refused: %s\n", test_console());
	}
	fuzz_check();
	fuzz_forgives = false;
	return 0;
}

/* The linker calls these instead of test_expect() and test_expect_eq(). */
void __wrap_test_expect(bool holds, const char *file, int line,
                        const char *claim);
void __wrap_test_expect_eq(uint64_t got, uint64_t wanted, const char *file,
                           int line, const char *what);

void __wrap_test_expect(bool holds, const char *file, int line,
                        const char *claim)
{
	fuzz_expect(holds || fuzz_forgives, file, line, claim);
}

void __wrap_test_expect_eq(uint64_t got, uint64_t wanted, const char *file,
                           int line, const char *what)
{
	fuzz_expect(got == wanted || fuzz_forgives, file, line, what);
}

void fuzz_expect(bool holds, const char *file, int line, const char *claim)
{
	if (holds)
		return;
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, claim);
	abort();
}

/* ---- choices */

uint8_t fuzz_u8(struct fuzz_input *input)
{
	if (!input->size)
		return 0;
	input->size--;
	return *input->data++;
}

uint16_t fuzz_u16(struct fuzz_input *input)
{
	uint16_t low = fuzz_u8(input);

	return (uint16_t)(low | fuzz_u8(input) << 8);
}

uint32_t fuzz_u32(struct fuzz_input *input)
{
	uint32_t low = fuzz_u16(input);

	return low | (uint32_t)fuzz_u16(input) << 16;
}

uint64_t fuzz_u64(struct fuzz_input *input)
{
	uint64_t low = fuzz_u32(input);

	return low | (uint64_t)fuzz_u32(input) << 32;
}

uint32_t fuzz_below(struct fuzz_input *input, uint32_t bound)
{
	return (bound > 256 ? fuzz_u16(input) : fuzz_u8(input)) % bound;
}

bool fuzz_bool(struct fuzz_input *input)
{
	return fuzz_u8(input) & 1;
}

uint64_t fuzz_odd(struct fuzz_input *input)
{
	uint8_t choice = fuzz_u8(input), detail = fuzz_u8(input);

	switch (choice % 8) {
	case 0:
		return detail;
	case 1:
		return (1ULL << (detail % 64)) - (detail >> 6);
	case 2:
		return UINT64_MAX - detail;
	case 3:
		return UINT64_MAX >> (detail % 64);
	case 4:
		return fuzz_u16(input);
	case 5:
		return fuzz_u32(input);
	case 6:
		return fuzz_u64(input);
	default:
		if (!fuzz_bound_count)
			return (uint64_t)detail << 12;
		return fuzz_bounds[detail % fuzz_bound_count] +
		       (uint64_t)(int8_t)fuzz_u8(input);
	}
}

uint64_t fuzz_perhaps(struct fuzz_input *input, uint64_t usual)
{
	return fuzz_u8(input) % 32 == 31 ? fuzz_odd(input) : usual;
}

uint64_t fuzz_cut(struct fuzz_input *input, uint64_t size)
{
	uint16_t choice = fuzz_u16(input);

	if (choice % 16 != 15)
		return size;
	return choice & 16 ? choice / 32 % (size + 1)
	                   : size - choice / 32 % (size + 1);
}

/* ---- edits */

static void put(uint8_t *at, uint64_t value, uint32_t width, bool is_big)
{
	for (uint32_t i = 0; i < width; i++)
		at[is_big ? width - 1 - i : i] = (uint8_t)(value >> 8 * i);
}

static void edit_once(struct fuzz_input *input, uint8_t kind, uint8_t *data,
                      uint64_t size)
{
	uint64_t place = fuzz_u16(input), other;
	uint32_t width = 1u << (kind >> 3) % 4;

	/* Most structures have their fields in the first 64 KiB. */
	place = (kind & 0x20 ? size - 1 - place % size : place) % size;
	if (width > size - place)
		width = 1;
	switch (kind % 8) {
	case 1:
	case 2:
		data[place] = fuzz_u8(input);
		break;
	case 3:
	case 4:
		put(data + place, fuzz_odd(input), width, false);
		break;
	case 5:
		put(data + place, fuzz_odd(input), width, true);
		break;
	case 6:
		other = fuzz_u16(input) % size;
		memmove(data + place, data + other,
		        fuzz_u8(input) %
		                (size - (place > other ? place : other)));
		break;
	default:
		memset(data + place, fuzz_u8(input),
		       fuzz_u8(input) % (size - place));
	}
}

void fuzz_edit(struct fuzz_input *input, void *data, uint64_t size)
{
	while (input->size && size) {
		uint8_t kind = fuzz_u8(input);

		if (kind % 8 == 0)
			return;
		edit_once(input, kind, data, size);
	}
}
