/* SPDX-License-Identifier: BSD-2-Clause */
/* common/place/cmdline.c - the kernel's command line, see place.h */
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/payload/words.h"
#include "common/place/place.h"
#include "common/place/room.h"

void cmdline_append(struct cmdline *cmdline, const char *name,
                    const char *value)
{
	uint32_t name_size = strlen(name), value_size = strlen(value);
	uint32_t size = name_size + 1 + value_size; /* "name=value" */
	char *place;

	if (size >= cmdline->max - cmdline->size)
		return;
	place = words_make_room(cmdline->text, size);
	memcpy(place, name, name_size);
	place[name_size] = '=';
	memcpy(place + name_size + 1, value, value_size);
	cmdline->size += size + 1;
}

void place_cmdline(struct cmdline *cmdline, const struct payload *payload,
                   const struct kernel *kernel, struct memory *memory)
{
	const struct source *source = &payload->cmdline;
	struct machine_range room =
		room_for_cmdline(kernel, source->size, memory);

	arch_map(room.base, room.size);
	cmdline->text = paddr_ptr(room.base);
	cmdline->max = (uint32_t)min_u64(kernel->cmdline_max, room.size - 1);
	if (source->size)
		source_load(&payload->reader, "cmdline", source, 0, room.base,
		            source->size);
	cmdline->text[source->size] = 0;
	cmdline->size = strlen(cmdline->text);
	if (cmdline->size > kernel->cmdline_max)
		panic("cmdline: %u bytes: the kernel takes %u", cmdline->size,
		      kernel->cmdline_max);
}
