/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/rootfs/rootfs.h - makes an initrd of a root file system */
#ifndef PAYLOAD_ROOTFS_ROOTFS_H
#define PAYLOAD_ROOTFS_ROOTFS_H

#include "payload/lib/tool.h"

/*
 * Returns a cpio archive. `path` is a directory, a tar, or "-" for a tar on
 * standard input; it is a root file system or a container image. The initrd
 * starts the program `init`, or if that is NULL the image's or /init.
 */
struct bytes rootfs_read(const char *path, const char *init, uint32_t arch);

#endif
