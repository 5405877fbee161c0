/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/no_sums.c - checks no sums: the tool has checked them before */
#include "common/payload/source.h"

void source_check(const char *name, const struct source *source)
{
	(void)name;
	(void)source;
}
