/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/rootfs/guest/config.h - what the guest's first program has to start
 *
 * The host tool puts it behind the program's code. The strings follow it, each
 * with its NUL: the program's path, its directory, its words, its environment.
 */
#ifndef PAYLOAD_ROOTFS_GUEST_CONFIG_H
#define PAYLOAD_ROOTFS_GUEST_CONFIG_H

#include <stdint.h>

#define GUEST_WORDS_MAX 1024 /* of each of both lists */

struct guest_config {
	uint32_t word_count;
	uint32_t variable_count;
	uint32_t is_first; /* 1: it takes the place of the first program */
	char strings[];
};

#endif
