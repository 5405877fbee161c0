/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/run/watch.h - judges a boot by the lines of its console */
#ifndef PAYLOAD_RUN_WATCH_H
#define PAYLOAD_RUN_WATCH_H

#include "payload/lib/tool.h"

#define WATCH_LINE_MAX 4096 /* what comes behind in a line is not looked at */

struct watch {
	const char *expected; /* text that means success, or NULL */
	char line[WATCH_LINE_MAX + 1];
	size_t size;
	bool has_expected;
	bool has_panic;     /* the kernel's */
	bool has_panic_end; /* nothing more will come of it */
	bool is_blob_last;  /* the last line so far is a refusal of the blob */
};

/* Takes what the console has printed next. */
void watch_feed(struct watch *watch, const char *text, size_t size);

/* Takes the last line, which may have no end. */
void watch_end(struct watch *watch);

#endif
