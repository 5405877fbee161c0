/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/paravisor/paravisor.h - what a bundle says of a paravisor
 */
#ifndef COMMON_PARAVISOR_PARAVISOR_H
#define COMMON_PARAVISOR_PARAVISOR_H

#include "common/payload/payload.h"

/* Where the machine never has RAM. All RAM below is the paravisor's. */
extern const HIDDEN struct machine_range arch_paravisor_hole;

/* Tells whether there can be a pool of CPUs. */
extern const HIDDEN bool arch_paravisor_has_pool;

/* Returns what the bundle says, or NULL if its kernel is no paravisor's. */
const struct bundle_paravisor *paravisor_options(const struct payload *payload);

#endif
