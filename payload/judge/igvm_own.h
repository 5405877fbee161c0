/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/igvm_own.h - finds blob and bundle in an IGVM file of ours */
#ifndef PAYLOAD_JUDGE_IGVM_OWN_H
#define PAYLOAD_JUDGE_IGVM_OWN_H

#include "common/spec/igvm_params.h"
#include "payload/judge/igvm_read.h"

struct igvm_own {
	struct igvm igvm;
	struct igvm_params params; /* proven */
	struct bytes packed;       /* blob and bundle, as in a file of them */
	uint64_t base;             /* where it lies in RAM */
	unsigned hosts;            /* enum igvm_host */
};

/*
 * Looks for the page of parameters, and puts the pages before it together.
 * Returns false if the file is none of ours, and refuses a damaged one.
 */
bool igvm_own_open(struct igvm_own *own, const struct bytes *file);

/* Proves every byte: the file is as pack makes it of what is in it. */
void igvm_own_prove(const struct igvm_own *own);

#endif
