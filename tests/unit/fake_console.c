/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_console.c - the blob's console functions under other names
 *
 * Code under test calls the test harness's console functions, of fake_arch.c.
 */
#define console_printf blob_printf
#define panic          blob_panic

#include "common/lib/console.c"
