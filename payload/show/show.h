/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/show/show.h - the commands show, extract and verify */
#ifndef PAYLOAD_SHOW_SHOW_H
#define PAYLOAD_SHOW_SHOW_H

#include "payload/lib/tool.h"

/* In each, argv[0] is the command's name, and the result the exit status. */
int show_main(int argc, char **argv);
int extract_main(int argc, char **argv);
int verify_main(int argc, char **argv);

#endif
