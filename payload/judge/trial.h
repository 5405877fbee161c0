/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/trial.h - finds out how much RAM a payload takes */
#ifndef PAYLOAD_JUDGE_TRIAL_H
#define PAYLOAD_JUDGE_TRIAL_H

#include "common/payload/payload.h"
#include "payload/judge/image.h"

/* The payload is in the state in which the blob looks for room. */
struct trial {
	uint32_t arch; /* enum bundle_arch */
	bool is_igvm;  /* the host tells of RAM */
	struct payload payload;
	struct bytes file; /* the kernel's file, unpacked; its size may be 0 */
	uint64_t ram_size; /* bytes of the machine, in one piece */
};

/*
 * Sets a trial up. `header`, with its table behind it, must have been checked.
 * `stored` has the stored bytes of each section. `file` is the kernel's file if
 * the bundle stores it whole; else its size is 0.
 */
void trial_open(struct trial *trial, const struct bundle_header *header,
                const struct bytes *stored, struct bytes file);

/* Does the same for the bundle of an image. */
void trial_open_image(struct trial *trial, const struct image *image);

/*
 * Finds room for the payload by the blob's own functions, in a machine with
 * more RAM than any real one. Refuses, in the blob's words, a payload that no
 * machine has room for, a kernel that is not for that architecture, and device
 * trees that the blob takes from nobody.
 */
void trial_place(struct trial *trial);

/*
 * Returns the least size of RAM, in bytes, in which the blob finds room for
 * everything. Returns 0 if there is no kernel that trial_place() accepts.
 */
uint64_t trial_ram_size(struct trial *trial);

#endif
