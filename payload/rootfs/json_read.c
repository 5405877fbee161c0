/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/rootfs/json_read.c - reads JSON by jansson; see json_read.h */
#include "payload/rootfs/json_read.h"

json_t *json_parse(const char *name, struct bytes text)
{
	json_error_t error;
	json_t *json = json_loadb((const char *)text.data, text.size,
	                          JSON_REJECT_DUPLICATES, &error);

	if (json == NULL)
		refuse("%s: no JSON: fault in line %d", name, error.line);
	return json;
}

const char *json_member(const json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

const json_t *json_list(const json_t *object, const char *member)
{
	const json_t *list = json_object_get(object, member);

	if (list != NULL && !json_is_null(list) && !json_is_array(list))
		refuse("%s: must be a list", member);
	return list;
}

const char *json_item(const json_t *list, size_t index)
{
	const char *text = json_string_value(json_array_get(list, index));

	if (text == NULL)
		refuse("a list of names has one that is no text");
	return text;
}
