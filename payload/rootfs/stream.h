/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/rootfs/stream.h - opens tars, compressed or not, by libarchive */
#ifndef PAYLOAD_ROOTFS_STREAM_H
#define PAYLOAD_ROOTFS_STREAM_H

#include <archive.h>

#include "payload/lib/tool.h"

/*
 * Opens a tar that may be compressed, once. What is unpacked is added to
 * *unpacked, whether a file of the tree has it or not; what is too much in all
 * is refused. The caller frees it with stream_close().
 */
struct stream *stream_open(struct bytes tar, uint64_t *unpacked);

struct archive *stream_archive(const struct stream *stream);

void stream_close(struct stream *stream);

#endif
