/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/rootfs/cpio.h - writes a tree as a cpio archive, for Linux */
#ifndef PAYLOAD_ROOTFS_CPIO_H
#define PAYLOAD_ROOTFS_CPIO_H

#include "payload/rootfs/tree.h"

/*
 * Equal trees give equal bytes: names are sorted, and all times are that of
 * SOURCE_DATE_EPOCH in the environment, or 0.
 */
struct bytes cpio_write(const struct tree *tree);

#endif
