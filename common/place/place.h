/* SPDX-License-Identifier: BSD-2-Clause */
/* common/place/place.h - initrd and command line go to their final addresses */
#ifndef COMMON_PLACE_PLACE_H
#define COMMON_PLACE_PLACE_H

#include "common/payload/payload.h"
#include "common/place/guest.h"

/*
 * initrd.c: loads the payload's microcode and initrd, one behind the other, to
 * where the kernel wants them, else to the lowest free RAM below the kernel's
 * limit. If the payload has neither, the VMM's own initrd counts, where it
 * lies. Returns a range of size 0 if there is none at all.
 */
struct machine_range place_initrd(const struct payload *payload,
                                  const struct machine *machine,
                                  const struct kernel *kernel,
                                  struct memory *memory);

/* cmdline.c: places the payload's command line, else an empty one. */
void place_cmdline(struct cmdline *cmdline, const struct payload *payload,
                   const struct kernel *kernel, struct memory *memory);

/*
 * cmdline.c: appends " name=value". The new word goes before a word "--" if
 * there is one, since the words behind that are for init. What the user said
 * comes first and wins. Nothing happens if the command line would become too
 * long.
 */
void cmdline_append(struct cmdline *cmdline, const char *name,
                    const char *value);

#endif
