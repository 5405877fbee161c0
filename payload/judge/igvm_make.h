/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/igvm_make.h - makes an IGVM file of a packed file */
#ifndef PAYLOAD_JUDGE_IGVM_MAKE_H
#define PAYLOAD_JUDGE_IGVM_MAKE_H

#include "payload/judge/igvm_layout.h"

/* Returns the whole file. The same `spec` always makes the same bytes. */
struct bytes igvm_make(const struct igvm_spec *spec);

#endif
