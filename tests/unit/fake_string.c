/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_string.c - the blob's string functions under other names
 *
 * Those of the host's library have the real ones, so that what both compilers
 * and sanitizers know of them stays true. string_put_number() is as it is.
 */
#define memcpy  blob_memcpy
#define memmove blob_memmove
#define memset  blob_memset
#define memcmp  blob_memcmp
#define strlen  blob_strlen
#define strnlen blob_strnlen
#define strcmp  blob_strcmp

#include "common/lib/string.c"
