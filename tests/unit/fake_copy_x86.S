/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/fake_copy_x86.S - x86_64's copies, as fake_string.c has the rest */
#define memcpy blob_memcpy_x86
#define memset blob_memset_x86

#include "arch/x86_64/lib/copy.S"
