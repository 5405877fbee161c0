/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_string.c - the blob's string functions under other names
 *
 * The real names stay with the host's library, because compilers and sanitizers
 * know what these functions do. string_put_number() keeps its name.
 */
#define memcpy  blob_memcpy
#define memmove blob_memmove
#define memset  blob_memset
#define memcmp  blob_memcmp
#define strlen  blob_strlen
#define strnlen blob_strnlen
#define strcmp  blob_strcmp
#define wipe    blob_wipe

#include "common/lib/string.c"
#include "common/lib/string_number.c"

#include "arch/aarch64/lib/copy.c"
