/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/read/uki.h - reads a unified kernel image
 *
 * common/payload/uki_file.h finds its sections, for the blob, too.
 */
#ifndef PAYLOAD_READ_UKI_H
#define PAYLOAD_READ_UKI_H

#include "payload/read/kernel.h"

bool uki_is(const struct bytes *file);

/*
 * Returns the kernel inside. Keeps the other sections that count for
 * kernel->profile in *kernel, or refuses a profile that there is not.
 */
struct bytes uki_open_parts(struct kernel_file *kernel,
                            const struct bytes *file);

/* The functions below take what uki_is() has accepted. */

/* What counts for a profile. The size of what there is not is 0. */
struct uki_profile {
	struct bytes text;
	struct bytes cmdline; /* the profile's own, or the base's */
};

/*
 * Sets *profiles to all of them, and returns how many there are; 0 if there is
 * only the base.
 */
unsigned uki_profiles(const struct bytes *file, struct uki_profile **profiles);

/* Tells whether a section of this name is anywhere in the file. */
bool uki_has_section(const struct bytes *file, const char *name);

#endif
