/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz.h - what a libFuzzer target implements, and may call
 *
 * An input is a list of choices, not a file. The target reads choices and makes
 * of them something valid (a bundle, a table, a device); what choices are left
 * are edits of it. Behind the end of an input all choices are 0, which stands
 * for the usual value and for no edit. So most inputs are almost valid, small,
 * and reach deep; and an input of one byte is a seed.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fuzz_input {
	const uint8_t *data;
	size_t size;
};

/* ---- what a target implements */

/* Runs once, before all inputs. Returns false if this host cannot do it. */
bool fuzz_begin(const char *program);

/*
 * Runs one input. Returns whether the code under test accepted what was made of
 * it. A panic() ends it, and counts as a refusal; with FUZZ_TELL in the
 * environment its line is printed.
 */
bool fuzz_run(struct fuzz_input *input);

/* Checks what must hold after each input, even one that was refused. */
void fuzz_check(void);

/* ---- what a target may call */

/* Ends the program as a find, with this line, if the claim does not hold. */
#define FUZZ_EXPECT(claim) fuzz_expect((claim) != 0, __FILE__, __LINE__, #claim)

/* Set while the fakes of tests/unit may find fault with the code under test. */
extern bool fuzz_forgives;

void fuzz_expect(bool holds, const char *file, int line, const char *claim);

/* Take the next choice. */
uint8_t fuzz_u8(struct fuzz_input *input);
uint16_t fuzz_u16(struct fuzz_input *input);
uint32_t fuzz_u32(struct fuzz_input *input);
uint64_t fuzz_u64(struct fuzz_input *input);
uint32_t fuzz_below(struct fuzz_input *input, uint32_t bound);
bool fuzz_bool(struct fuzz_input *input);

/*
 * Takes a number that often lies at some bound: small, a power of two, the end
 * of an integer, or one of fuzz_bounds, give or take a little.
 */
uint64_t fuzz_odd(struct fuzz_input *input);

/* Takes `usual`, or, for one choice in 32, fuzz_odd(). */
uint64_t fuzz_perhaps(struct fuzz_input *input, uint64_t usual);

/* The target's own bounds, such as the ends of RAM. */
extern const uint64_t *fuzz_bounds;
extern uint32_t fuzz_bound_count;

/*
 * Takes edits until none are left, and changes `size` bytes of data by them:
 * numbers of each size and byte order, copies, and holes.
 */
void fuzz_edit(struct fuzz_input *input, void *data, uint64_t size);

/* Takes a new size, which is mostly the old one, and never more. */
uint64_t fuzz_cut(struct fuzz_input *input, uint64_t size);

#endif
