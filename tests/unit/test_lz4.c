/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_lz4.c - the blob's LZ4 decoder, and sum64 */
#include <stdlib.h>
#include <string.h>

#include "common/lz4.h"
#include "common/sum64.h"
#include "payload/bundle_format.h"
#include "tests/unit/test.h"
