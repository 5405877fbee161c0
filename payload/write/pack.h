/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/pack.h - the command that makes files */
#ifndef PAYLOAD_WRITE_PACK_H
#define PAYLOAD_WRITE_PACK_H

/* argv[0] is the command's name. Returns the exit status. */
int pack_main(int argc, char **argv);

#endif
