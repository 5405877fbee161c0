/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/igvm_read.h - reads any IGVM file */
#ifndef PAYLOAD_JUDGE_IGVM_READ_H
#define PAYLOAD_JUDGE_IGVM_READ_H

#include "payload/judge/igvm_check.h"

/* Tells whether a file says that it is one. */
bool igvm_is(const struct bytes *file);

/* Reads all headers. Refuses a file that breaks the specification. */
void igvm_open(struct igvm *igvm, const struct bytes *file);

/* Returns the page at an address, or NULL. */
const struct igvm_piece *igvm_page_at(const struct igvm *igvm, uint64_t paddr);

#endif
