/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/igvm_context.h - the registers that a host enters the blob with
 */
#ifndef PAYLOAD_JUDGE_IGVM_CONTEXT_H
#define PAYLOAD_JUDGE_IGVM_CONTEXT_H

#include "payload/judge/igvm_layout.h"

/* Return what is in the file: for NATIVE, a page; for VSM, a list. */
struct bytes igvm_native_context(const struct igvm_layout *layout);
struct bytes igvm_vsm_context(const struct igvm_layout *layout, uint32_t arch,
                              uint8_t vtl);

#endif
