/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/trial.h - puts a payload in place in a machine of so much RAM
 */
#ifndef PAYLOAD_JUDGE_TRIAL_H
#define PAYLOAD_JUDGE_TRIAL_H

#include "common/payload/payload.h"
#include "payload/judge/image.h"

/* A payload as the blob has it when it looks for room. */
struct trial {
	uint32_t arch; /* enum bundle_arch */
	struct payload payload;
	struct bytes file; /* the kernel's file, unpacked; size 0: none */
	uint64_t ram_size; /* of the machine, in one piece */
};

/*
 * Takes a header, with its table behind it, that have been judged, the stored
 * bytes of each section, and the kernel's file if it is one.
 */
void trial_open(struct trial *trial, const struct bundle_header *header,
                const struct bytes *stored, struct bytes file);

/* The same, of an image with a bundle. */
void trial_open_image(struct trial *trial, const struct image *image);

/*
 * Finds room for the payload by the blob's own functions, in a machine with
 * more RAM than there is. Refuses, in the blob's words, what no machine has
 * room for and what is no kernel of that architecture.
 */
void trial_place(struct trial *trial);

/*
 * The least RAM that the blob finds all its places in, in bytes from RAM's
 * first address on. 0: there is no kernel, or none that trial_place() takes.
 */
uint64_t trial_ram_size(struct trial *trial);

#endif
