/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/fuzz/describe_arm.h - describes a machine of AArch64 in all ways */
#ifndef TESTS_FUZZ_DESCRIBE_ARM_H
#define TESTS_FUZZ_DESCRIBE_ARM_H

#include "common/machine/machine.h"
#include "tests/fuzz/fuzz.h"

/*
 * Writes ACPI tables if they can tell the machine, the stub tree and the full
 * tree, and has them judged. A tree that is too large, say, panics.
 */
void describe_arm(const struct machine *machine);

/* Writes the tree that a bundle gives, of `size` bytes, and has it judged. */
void describe_arm_given(const struct machine *machine, const void *given,
                        uint32_t size);

#endif
