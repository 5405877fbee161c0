/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_console.c - the blob's console functions under other names
 *
 * Code under test calls the test harness's console functions, of fake_arch.c.
 */
#define console_printf blob_printf
#define panic          blob_panic
#define panic_begin    blob_panic_begin
#define panic_end      blob_panic_end
#define panic_range    blob_panic_range

#include "common/lib/console.c"
