/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/bundle_table.h - judges a bundle by its header and its table
 *
 * This is the only judge of bundles. The blob asks it before it boots a bundle,
 * the host tool before it calls one good. It reads the header and the section
 * table behind it, and nothing else of the bundle. Each function panics on what
 * it refuses. common/spec/bundle.h has the format.
 */
#ifndef COMMON_PAYLOAD_BUNDLE_TABLE_H
#define COMMON_PAYLOAD_BUNDLE_TABLE_H

#include "common/payload/payload.h"
#include "common/spec/bundle.h"

/* Returns the section table, which is behind the header. */
static inline const struct bundle_section *bundle_sections(
	const struct bundle_header *header)
{
	return (const struct bundle_section *)(header + 1);
}

/* Returns where the table ends, in bytes from the header's start. */
static inline uint64_t bundle_table_end(const struct bundle_header *header)
{
	return sizeof(*header) +
	       (uint64_t)header->section_count * sizeof(struct bundle_section);
}

/* Returns a type's name for messages, like "kernel segment", or "unknown". */
const char *bundle_type_name(uint32_t type);

/*
 * Proves that a header and its table are whole, lie within `available` bytes
 * and are for the architecture `arch`, an enum bundle_arch.
 */
void bundle_check_header(const struct bundle_header *header, uint64_t available,
                         uint32_t arch);

/*
 * Proves that the sections lie within the bundle and apart from each other,
 * that there is at most one of a type, and that they hold a kernel of the kind
 * and with the entry that the header says. The header is proven already.
 */
void bundle_check_table(const struct bundle_header *header);

/* Proves what a PARAVISOR section of `size` bytes says. */
void bundle_check_paravisor(const struct bundle_paravisor *paravisor,
                            uint64_t size);

/*
 * Adds the section `index` to the payload's sources. Returns the source, in
 * which the caller sets where the bytes are. The table is proven already.
 */
struct source *bundle_add_section(struct payload *payload,
                                  const struct bundle_header *header,
                                  uint32_t index);

#endif
