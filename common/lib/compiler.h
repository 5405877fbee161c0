/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/lib/compiler.h - names for the compiler's attributes, small arithmetic
 */
#ifndef COMMON_LIB_COMPILER_H
#define COMMON_LIB_COMPILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NORETURN     __attribute__((noreturn))
#define MAY_ALIAS    __attribute__((may_alias))
#define PACKED       __attribute__((packed))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

/*
 * A stage of the boot keeps its own stack frame, too: what lies beyond the
 * first 128 bytes of one takes three bytes more for each access on x86_64.
 */
#define NOINLINE __attribute__((noinline))

/* Such a symbol is reached directly, not through a table of addresses. */
#define HIDDEN __attribute__((visibility("hidden")))
#define INLINE __attribute__((always_inline)) inline

#define static_assert _Static_assert

#define FOUR_GIB           0x100000000ULL

#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A guest-physical address. All RAM that we touch is identity mapped. */
typedef uint64_t paddr_t;

static inline void *paddr_ptr(paddr_t paddr)
{
	return (void *)(uintptr_t)paddr;
}

static inline paddr_t paddr_of(const void *ptr)
{
	return (uintptr_t)ptr;
}

/*
 * Rounds `value` up to a multiple of `alignment`, a power of two. The caller
 * has excluded overflow.
 */
static inline uint64_t align_up(uint64_t value, uint64_t alignment)
{
	return (value + alignment - 1) & ~(alignment - 1);
}

static inline uint64_t align_down(uint64_t value, uint64_t alignment)
{
	return value & ~(alignment - 1);
}

static inline uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t max_u64(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/*
 * Tells whether [offset, offset + size) lies inside [0, bound), without
 * overflow.
 */
static inline bool is_within(uint64_t offset, uint64_t size, uint64_t bound)
{
	return offset <= bound && size <= bound - offset;
}

/*
 * These load little-endian fields from any address. Compilers would not make
 * one instruction of a load byte by byte everywhere.
 */
static INLINE uint16_t load_le16(const void *ptr)
{
	uint16_t value;

	__builtin_memcpy(&value, ptr, sizeof(value));
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	               ? value
	               : __builtin_bswap16(value);
}

static INLINE uint32_t load_le32(const void *ptr)
{
	uint32_t value;

	__builtin_memcpy(&value, ptr, sizeof(value));
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	               ? value
	               : __builtin_bswap32(value);
}

static inline uint64_t load_le64(const void *ptr)
{
	uint64_t value;

	__builtin_memcpy(&value, ptr, sizeof(value));
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	               ? value
	               : __builtin_bswap64(value);
}

#endif
