/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/proof.h - proves every byte of a file */
#ifndef PAYLOAD_JUDGE_PROOF_H
#define PAYLOAD_JUDGE_PROOF_H

#include "payload/judge/image.h"

/*
 * Proves all checksums, all padding, and that the blob would boot the payload.
 * Refuses the rest, and what has nothing in it that could be proven.
 */
void image_prove(const struct image *image);

#endif
