/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/lib/byte_sum.h - the checksum of firmware tables
 *
 * ACPI, SMBIOS and MP tables are sound if all their bytes add up to 0, modulo
 * 256. One byte of them is chosen so that they do.
 */
#ifndef COMMON_LIB_BYTE_SUM_H
#define COMMON_LIB_BYTE_SUM_H

#include "common/lib/compiler.h"

/* The sum of `size` bytes, modulo 256. They may start at any address. */
uint8_t byte_sum(const void *from, uint64_t size);

#endif
