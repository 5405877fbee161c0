/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/igvm.h - packs blob and bundle into an IGVM file */
#ifndef PAYLOAD_WRITE_IGVM_H
#define PAYLOAD_WRITE_IGVM_H

#include "payload/write/blob.h"
#include "payload/write/vmm.h"

/*
 * Returns the file that the options ask for, and tells what VMMs see of it. The
 * plan must be laid out and have its size.
 */
struct bytes igvm_pack(struct vmm_file *told, const struct image *blob,
                       struct plan *plan);

#endif
