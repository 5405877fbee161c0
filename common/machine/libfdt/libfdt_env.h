/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/libfdt/libfdt_env.h - what <libfdt.h> asks of its environment
 *
 * Debian's own libfdt_env.h wants a C library. The compiler finds this one
 * first, for the blobs alone. The names are libfdt's.
 */
#ifndef COMMON_MACHINE_LIBFDT_LIBFDT_ENV_H
#define COMMON_MACHINE_LIBFDT_LIBFDT_ENV_H

#include "common/lib/compiler.h"
#include "common/lib/string.h"

/* Big-endian numbers, as they lie in a tree. */
typedef uint16_t fdt16_t;
typedef uint32_t fdt32_t;
typedef uint64_t fdt64_t;

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "bytes are swapped");

static inline uint16_t fdt16_to_cpu(fdt16_t value)
{
	return __builtin_bswap16(value);
}

static inline fdt16_t cpu_to_fdt16(uint16_t value)
{
	return __builtin_bswap16(value);
}

static inline uint32_t fdt32_to_cpu(fdt32_t value)
{
	return __builtin_bswap32(value);
}

static inline fdt32_t cpu_to_fdt32(uint32_t value)
{
	return __builtin_bswap32(value);
}

static inline uint64_t fdt64_to_cpu(fdt64_t value)
{
	return __builtin_bswap64(value);
}

static inline fdt64_t cpu_to_fdt64(uint64_t value)
{
	return __builtin_bswap64(value);
}

#endif
