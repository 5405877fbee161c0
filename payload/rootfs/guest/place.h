/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/rootfs/guest/place.h - where the guest's first program lies
 *
 * C and the linker script include this file, hence plain numbers only.
 */
#ifndef PAYLOAD_ROOTFS_GUEST_PLACE_H
#define PAYLOAD_ROOTFS_GUEST_PLACE_H

#define GUEST_BASE  0x400000 /* the file's start, which is its ELF headers */
#define GUEST_START 0x400100 /* the code, behind them */

#endif
