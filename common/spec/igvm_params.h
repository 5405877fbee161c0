/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/igvm_params.h - the page that leads the blob through an IGVM file
 *
 * `directboot pack --output-format igvm` writes this page, and the file's
 * context of the first processor has its address in RSI or x0. The page belongs
 * to what the file says of itself: a host that measures the file measures it.
 * The host fills the areas that it lists, each by one parameter of the file
 * (Microsoft's IGVM specification, "Parameters"), and nothing of them is
 * measured.
 *
 * The file's pages are one run, [run_offset, run_offset + run_size) from this
 * page on. It starts with the blob and its bundle, as in a packed file. Little-
 * endian; offsets and sizes are bytes.
 */
#ifndef COMMON_SPEC_IGVM_PARAMS_H
#define COMMON_SPEC_IGVM_PARAMS_H

#include <stdint.h>

#define IGVM_PARAMS_MAGIC    0x534d415241504244 /* "DBPARAMS" */
#define IGVM_PARAMS_VERSION  1
#define IGVM_PARAMS_AREA_MAX 12
#define IGVM_PAGE_SIZE       0x1000

/* What an area holds: the IGVM header type of the parameter that fills it. */
enum igvm_parameter {
	IGVM_PARAMETER_VP_COUNT = 0x307, /* uint32_t */
	IGVM_PARAMETER_SRAT = 0x308,     /* an ACPI table, as the next */
	IGVM_PARAMETER_MADT = 0x309,
	IGVM_PARAMETER_MMIO_RANGES = 0x30a,  /* two struct igvm_mmio_range */
	IGVM_PARAMETER_MEMORY_MAP = 0x30c,   /* struct igvm_memory_entry */
	IGVM_PARAMETER_COMMAND_LINE = 0x30e, /* text and a NUL */
	IGVM_PARAMETER_SLIT = 0x30f,
	IGVM_PARAMETER_PPTT = 0x310,
	IGVM_PARAMETER_DEVICE_TREE = 0x312,      /* the host's, a DTB */
	IGVM_PARAMETER_ENVIRONMENT_INFO = 0x313, /* uint32_t */
};

enum igvm_params_flag {
	/* The host's command line goes behind the bundle's own. */
	IGVM_PARAMS_APPENDS_CMDLINE = 1 << 0,
	IGVM_PARAMS_FLAGS_KNOWN = (1 << 1) - 1,
};

/* Each area is of whole pages. A host may leave one as it was: all zeros. */
struct igvm_params_area {
	uint32_t parameter; /* enum igvm_parameter; none comes twice */
	uint32_t size;
	int64_t offset; /* from the page of parameters */
};

struct igvm_params {
	uint64_t magic;
	uint32_t version;
	uint32_t flags;  /* enum igvm_params_flag */
	uint32_t crc32c; /* of this struct, with this field and sum64 0 */
	uint32_t area_count;
	int64_t run_offset; /* from this page, of all pages of the file */
	uint64_t run_size;
	uint64_t sum64;       /* the same for the blob, see bundle.h */
	uint64_t reserved[2]; /* 0 */
	struct igvm_params_area areas[IGVM_PARAMS_AREA_MAX];
};

/* Entries are sorted. One of no pages, or the end of the area, ends them. */
struct igvm_memory_entry {
	uint64_t first_page;
	uint64_t page_count;
	uint16_t type; /* enum igvm_memory_type */
	uint16_t flags;
	uint32_t reserved;
};

enum igvm_memory_type {
	IGVM_MEMORY_RAM = 0,
	IGVM_MEMORY_RESERVED = 1,
	IGVM_MEMORY_PERSISTENT = 2,
	IGVM_MEMORY_VTL2_PROTECTABLE = 3, /* the paravisor's own */
	IGVM_MEMORY_SPECIFIC_PURPOSE = 4,
	IGVM_MEMORY_HIDDEN = 5,
};

struct igvm_mmio_range {
	uint64_t first_page;
	uint64_t page_count; /* 0: there is none */
};

_Static_assert(sizeof(struct igvm_params_area) == 16, "payload/README.md");
_Static_assert(sizeof(struct igvm_params) == 256, "payload/README.md");
_Static_assert(sizeof(struct igvm_memory_entry) == 24, "IGVM specification");
_Static_assert(sizeof(struct igvm_mmio_range) == 16, "IGVM specification");

#endif
