/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/run/run.h - the command run */
#ifndef PAYLOAD_RUN_RUN_H
#define PAYLOAD_RUN_RUN_H

/* argv[0] is the command's name, and the result the exit status. */
int run_main(int argc, char **argv);

#endif
