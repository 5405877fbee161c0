/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/lib/place.c - finds files that were built with the tool */
#include <unistd.h>

#include "payload/lib/tool.h"

#define PATH_SIZE_MAX 4096
#define NAME_SIZE_MAX 128

const char *place_find(const char *name, const char *remedy)
{
	static const char *const places[] = { "", "../share/directboot/",
		                              "../lib/directboot/" };
	char *path = allocate(PATH_SIZE_MAX);
	ssize_t size =
		readlink("/proc/self/exe", path, PATH_SIZE_MAX - NAME_SIZE_MAX);
	char *end;

	if (size <= 0)
		refuse("%s: cannot tell where this tool lies", name);
	path[size] = '\0';
	end = strrchr(path, '/') + 1;
	for (unsigned i = 0; i < ARRAY_COUNT(places); i++) {
		snprintf(end, NAME_SIZE_MAX, "%s%s", places[i], name);
		if (access(path, R_OK) == 0)
			return path;
	}
	*end = '\0';
	refuse("no %s in %s%s", name, path, remedy);
}
