/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/igvm/params.h - the page that leads to what the host of an IGVM gave
 *
 * common/spec/igvm_params.h has its layout.
 */
#ifndef COMMON_IGVM_PARAMS_H
#define COMMON_IGVM_PARAMS_H

#include "common/machine/handoff.h"
#include "common/machine/range.h"
#include "common/spec/igvm_params.h"

/*
 * Proves the page that a door of kind DOOR_IGVM was given: that its pages and
 * areas lie in [lowest, end), that they hold the blob with its bundle, and that
 * no area is there twice. Each fault is a panic. The caller has mapped all of
 * [lowest, end).
 */
void igvm_params_check(const struct handoff *handoff, paddr_t lowest,
                       paddr_t end);

/* Returns that page, which is proven already. */
static inline const struct igvm_params *igvm_params_of(
	const struct handoff *handoff)
{
	return paddr_ptr(handoff->given_paddr);
}

/* Returns the range of all pages of the file. */
struct machine_range igvm_run(const struct handoff *handoff);

/* Returns an area's range, of size 0 if the file has none of the kind. */
struct machine_range igvm_area(const struct handoff *handoff,
                               enum igvm_parameter parameter);

#endif
