/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/show/show_igvm.h - prints what an IGVM file holds */
#ifndef PAYLOAD_SHOW_SHOW_IGVM_H
#define PAYLOAD_SHOW_SHOW_IGVM_H

#include "payload/judge/igvm_read.h"

/* Prints lines, or an object of JSON that is called igvm. */
void show_igvm_text(const struct igvm *igvm);
void show_igvm_json(const struct igvm *igvm);

/* Prints a file without a blob of ours. */
void show_igvm(const char *path, const struct igvm *igvm, bool wants_json);

#endif
