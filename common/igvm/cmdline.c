/* SPDX-License-Identifier: BSD-2-Clause */
/* common/igvm/cmdline.c - appends the host's command line, see image.h */
#include "common/igvm/params.h"
#include "common/image.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/machine/machine.h"
#include "common/payload/payload.h"
#include "common/place/guest.h"

void igvm_append_cmdline(struct cmdline *cmdline, const struct payload *payload,
                         const struct machine *machine,
                         const struct handoff *handoff)
{
	const char *host = machine->given.cmdline;
	uint64_t size;

	/* Where the bundle has none, the host's is in place already. */
	if (handoff->door != DOOR_IGVM || !host ||
	    payload->cmdline.data == host ||
	    !(igvm_params_of(handoff)->flags & IGVM_PARAMS_APPENDS_CMDLINE))
		return;
	size = strlen(host);
	if (1 + size > cmdline->max - cmdline->size)
		panic("cmdline: %lu bytes of the host: room for %u", size,
		      cmdline->max - cmdline->size);
	cmdline->text[cmdline->size] = ' ';
	memcpy(&cmdline->text[cmdline->size + 1], host, size + 1);
	cmdline->size += 1 + size;
}
