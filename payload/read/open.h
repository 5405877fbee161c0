/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/open.h - opens a kernel in any format there is */
#ifndef PAYLOAD_READ_OPEN_H
#define PAYLOAD_READ_OPEN_H

#include "payload/read/kernel.h"

/* A bzImage is kept as it is if `keep_bzimage`, else its payload is unpacked.
 */
void kernel_open(struct kernel_file *kernel, struct bytes file,
                 bool keep_bzimage);

#endif
