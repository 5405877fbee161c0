/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/judge.h - reads what the blob writes, as a kernel would
 *
 * Nothing here shares code or layouts with the blob: offsets are those of the
 * specifications. What is wrong ends the program by FUZZ_EXPECT.
 */
#ifndef TESTS_FUZZ_JUDGE_H
#define TESTS_FUZZ_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

/* An area of memory that the kernel sees at `base`. */
struct judge_area {
	const uint8_t *bytes;
	uint64_t base;
	uint64_t size;
};

/* judge_acpi.c: all tables that an RSDP leads to, which must be in the area. */
void judge_acpi(const struct judge_area *area, const uint8_t *rsdp);

/* judge_aml.c: the AML behind a DSDT's header. */
void judge_aml(const uint8_t *aml, uint32_t size);

/*
 * judge_tree.c: a device tree in at most `size` bytes. What is not all ours
 * must only have the form of one.
 */
void judge_tree(const void *fdt, uint32_t size, bool is_ours);

/* judge_smbios.c: an entry point, and the structures in the area. */
void judge_smbios(const struct judge_area *area, const uint8_t *anchor);

#endif
