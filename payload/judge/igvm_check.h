/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/igvm_check.h - proves and notes single headers of IGVM files */
#ifndef PAYLOAD_JUDGE_IGVM_CHECK_H
#define PAYLOAD_JUDGE_IGVM_CHECK_H

#include "common/spec/igvm.h"
#include "payload/lib/tool.h"

#define IGVM_PLATFORM_MAX 32 /* masks have as many bits */
#define IGVM_AREA_MAX     64
#define IGVM_CONTEXT_MAX  16

/* A page of the file, or an area that the host fills. */
struct igvm_piece {
	uint64_t paddr;
	uint64_t size;
	const uint8_t *data; /* NULL: zeros, or the host's */
	uint64_t header;     /* its number */
	uint32_t mask;
};

struct igvm_area {
	uint32_t index;
	uint32_t parameter; /* the last that is for it, or 0 */
	uint64_t size;
	uint64_t paddr; /* once it is inserted */
	bool is_inserted;
};

struct igvm {
	struct bytes file;
	uint32_t version;
	uint32_t arch; /* enum bundle_arch */
	uint64_t headers_end;
	uint64_t header_count;
	uint32_t header_type; /* of the one that is being read */

	uint32_t masks; /* of all platforms */
	unsigned platform_count;
	struct igvm_platform platforms[IGVM_PLATFORM_MAX];
	unsigned movable_count; /* of regions with room to move */
	unsigned tables_count;
	struct igvm_page_tables tables[IGVM_PLATFORM_MAX];

	struct igvm_piece *pieces; /* in the order of addresses */
	uint64_t piece_count;
	uint64_t page_count;
	uint64_t zero_count;
	unsigned area_count;
	struct igvm_area areas[IGVM_AREA_MAX];
	uint64_t context_count;
	struct igvm_context contexts[IGVM_CONTEXT_MAX]; /* the first ones */
	uint64_t other_count; /* of headers that are not looked into */
};

/* Refuses the file for what is wrong with the header that is being read. */
NORETURN PRINTF(2, 3) void igvm_bad(const struct igvm *igvm, const char *format,
                                    ...);

/* Notes in *igvm what a header says, or refuses it. */
void igvm_check_header(struct igvm *igvm, const struct bytes *content);

#define IGVM_NO_PLATFORM 0xff

/* Returns the type of a mask's platform, or IGVM_NO_PLATFORM. */
uint8_t igvm_platform_type(const struct igvm *igvm, uint32_t mask);

/* Returns the data of a context: a page, or a list for VSM. */
struct bytes igvm_context_data(const struct igvm *igvm,
                               const struct igvm_context *context);

const char *igvm_platform_name(uint8_t type);

/* Returns the name of a parameter, or NULL if the type is none. */
const char *igvm_parameter_name(uint32_t type);

#endif
