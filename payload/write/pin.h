/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/pin.h - makes a file that boots one bundle and no other */
#ifndef PAYLOAD_WRITE_PIN_H
#define PAYLOAD_WRITE_PIN_H

#include "payload/write/plan.h"

/*
 * Adds the digest of --pin. The user gives a packed file, a bundle, or only a
 * digest, which does not tell the architecture.
 */
void pin_add(struct plan *plan);

#endif
