/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/lib/json_write.h - prints JSON on standard output
 *
 * A name is NULL for what is in a list, or the whole.
 */
#ifndef PAYLOAD_LIB_JSON_WRITE_H
#define PAYLOAD_LIB_JSON_WRITE_H

#include "payload/lib/tool.h"

/*
 * The version of what show prints, as directboot(1) has it. It grows if a
 * member goes or means something else, not if one is added.
 */
#define JSON_VERSION 1

void json_open_object(const char *name);
void json_close_object(void);
void json_open_list(const char *name);
void json_close_list(void);

/* Prints a string, or null if `text` is NULL. */
void json_text(const char *name, const char *text);
void json_number(const char *name, uint64_t number);
void json_boolean(const char *name, bool value);

#endif
