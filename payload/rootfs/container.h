/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/rootfs/container.h - finds a container image in a tree of files
 *
 * OCI Image Format Specification 1.1 (oci-layout, index.json, blobs/), and what
 * `docker save` writes (manifest.json).
 */
#ifndef PAYLOAD_ROOTFS_CONTAINER_H
#define PAYLOAD_ROOTFS_CONTAINER_H

#include <jansson.h>

#include "payload/rootfs/tree.h"

#define CONTAINER_LAYER_MAX 512

struct container {
	struct tree *files;   /* that the image is stored in */
	const char *platform; /* the architecture by its name in images */
	uint64_t json_size;   /* of what was parsed so far */
	const json_t *config; /* how its program is started; NULL: unknown */
	unsigned layer_count;
	struct bytes layers[CONTAINER_LAYER_MAX]; /* the lowest first */
};

/*
 * Opens the one image for this architecture. Returns false if the tree is no
 * image. All that is read of one is checked by its digest.
 */
bool container_open(struct container *container, struct tree *files,
                    uint32_t arch);

#endif
