/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/rootfs/json_read.h - reads what container images say of themselves */
#ifndef PAYLOAD_ROOTFS_JSON_READ_H
#define PAYLOAD_ROOTFS_JSON_READ_H

#include <jansson.h>

#include "payload/lib/tool.h"

/* Refuses what is no JSON. `name` is the file's. */
json_t *json_parse(const char *name, struct bytes text);

/* Returns the member's string, or NULL. */
const char *json_member(const json_t *object, const char *member);

/* Returns the list that is this member; an empty one may be missing. */
const json_t *json_list(const json_t *object, const char *member);

/* Returns the string at this place of a list, or refuses. */
const char *json_item(const json_t *list, size_t index);

#endif
