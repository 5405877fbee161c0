/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/show/show.h - the commands that look into files */
#ifndef PAYLOAD_SHOW_SHOW_H
#define PAYLOAD_SHOW_SHOW_H

#include "payload/lib/tool.h"

/* argv[0] is the command's name. They return the exit status. */
int show_main(int argc, char **argv);
int extract_main(int argc, char **argv);
int verify_main(int argc, char **argv);

/* Prints what a file is; the second, of one that pack would take. */
void show_image(const char *path, const struct bytes *file);
void show_kernel(const char *path, const struct bytes *file);

#endif
