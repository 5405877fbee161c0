/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/run/watch.c - judges a boot by its console, see watch.h */
#include "payload/run/watch.h"

static bool has(const struct watch *watch, const char *text)
{
	return memmem(watch->line, watch->size, text, strlen(text)) != NULL;
}

static bool starts_with(const struct watch *watch, const char *text)
{
	size_t size = strlen(text);

	return watch->size >= size && memcmp(watch->line, text, size) == 0;
}

/* With these lines, which no refusal begins like, a ledger ends. */
static const char ledger_end[] = "directboot: time: ";

static void judge_line(struct watch *watch)
{
	if (watch->size == 0)
		return;
	watch->is_blob_last = starts_with(watch, "directboot: ") &&
	                      !starts_with(watch, ledger_end);
	if (watch->expected != NULL)
		watch->has_expected |= has(watch, watch->expected);
	watch->has_panic |= has(watch, "Kernel panic - not syncing");
	watch->has_panic_end |= has(watch, "---[ end Kernel panic");
	watch->size = 0;
}

void watch_feed(struct watch *watch, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\n' || text[i] == '\r')
			judge_line(watch);
		else if (watch->size < WATCH_LINE_MAX)
			watch->line[watch->size++] = text[i];
	}
}

void watch_end(struct watch *watch)
{
	judge_line(watch);
}
