/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/lib/byte_sum.h - the checksum of firmware tables
 *
 * An ACPI, SMBIOS or MP table is sound if all its bytes add up to 0, modulo
 * 256. One byte of the table is chosen so that they do.
 */
#ifndef COMMON_LIB_BYTE_SUM_H
#define COMMON_LIB_BYTE_SUM_H

#include "common/lib/compiler.h"

/* Returns the sum of `size` bytes at any address, modulo 256. */
uint8_t byte_sum(const void *from, uint64_t size);

#endif
