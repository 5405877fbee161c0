/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/proof.h - proves every byte of a file */
#ifndef PAYLOAD_JUDGE_PROOF_H
#define PAYLOAD_JUDGE_PROOF_H

#include "payload/judge/image.h"

/*
 * Proves all checksums and all padding, and that the blob would boot the
 * payload. Refuses the file otherwise, and a file with nothing to prove.
 */
void image_prove(const struct image *image);

#endif
