/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/rootfs/start.h - makes Linux start the right program of a tree */
#ifndef PAYLOAD_ROOTFS_START_H
#define PAYLOAD_ROOTFS_START_H

#include "payload/rootfs/container.h"

/*
 * Adds to the tree what Linux needs to start `init`, or, if that is NULL, the
 * program of the container image, or /init. The container may be NULL. Refuses
 * a program that is not there, or is for another architecture.
 */
void start_add(struct tree *tree, const struct container *container,
               const char *init, uint32_t arch);

#endif
