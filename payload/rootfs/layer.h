/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/rootfs/layer.h - reads archives and directories into a tree
 *
 * An archive is a tar, by any of the compressions that libarchive has. All that
 * is read together is bounded in size and in number.
 */
#ifndef PAYLOAD_ROOTFS_LAYER_H
#define PAYLOAD_ROOTFS_LAYER_H

#include "payload/rootfs/tree.h"

/*
 * What belongs to the user who runs the tool belongs to root in the tree. Other
 * file systems that are mounted in the directory are left out.
 */
void layer_read_directory(struct tree *tree, const char *path);

void layer_read_tar(struct tree *tree, struct bytes tar);

/* The same, as the next layer of an image: ".wh.NAME" removes NAME. */
void layer_apply(struct tree *tree, struct bytes tar);

#endif
