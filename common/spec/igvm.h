/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/igvm.h - layout of IGVM files
 *
 * Microsoft's IGVM specification, "IGVM File Format". A file is little-endian:
 * a fixed header, variable headers of platforms, initialization and directives
 * in that order, then the data that they point to. Each variable header is a
 * struct igvm_variable, its content, and zeros up to a multiple of 8.
 * igvm_params.h has the types of parameters, and what a host writes for them.
 */
#ifndef COMMON_SPEC_IGVM_H
#define COMMON_SPEC_IGVM_H

#include "common/lib/compiler.h"

#define IGVM_MAGIC            0x4d564749 /* "IGVM" */
#define IGVM_VERSION_1        1          /* for x86_64 alone */
#define IGVM_VERSION_2        2
#define IGVM_ARCH_X86_64      0
#define IGVM_ARCH_AARCH64     1
#define IGVM_HEADER_ALIGN     8
#define IGVM_VERSION_1_SIZE   24 /* of the fixed header */
#define IGVM_PLATFORM_CURRENT 1  /* version of all platforms here */

struct igvm_fixed {
	uint32_t magic;
	uint32_t version;
	uint32_t headers_offset;
	uint32_t headers_size;
	uint32_t file_size;
	/* CRC-32 (IEEE 802.3) of this struct, with this 0, and all headers. */
	uint32_t crc32;
	/* From version 2 on: */
	uint32_t arch;
	uint32_t page_size;
};

struct igvm_variable {
	uint32_t type;
	uint32_t size; /* of the content, without the zeros behind */
};

enum igvm_header_type {
	IGVM_HEADER_PLATFORM = 0x001, /* the first of platforms' headers */
	IGVM_HEADER_PLATFORM_LAST = 0x100,
	IGVM_HEADER_GUEST_POLICY = 0x101, /* the first of initialization */
	IGVM_HEADER_RELOCATABLE = 0x102,
	IGVM_HEADER_PAGE_TABLES = 0x103,
	IGVM_HEADER_INITIALIZATION_LAST = 0x200,
	IGVM_HEADER_PARAMETER_AREA = 0x301, /* the first of directives */
	IGVM_HEADER_PAGE = 0x302,
	IGVM_HEADER_PARAMETER_INSERT = 0x303,
	IGVM_HEADER_CONTEXT = 0x304,
	IGVM_HEADER_REQUIRED_MEMORY = 0x305,
	IGVM_HEADER_DIRECTIVE_LAST = 0x400,
};

enum igvm_platform_type {
	IGVM_PLATFORM_NATIVE = 0,
	IGVM_PLATFORM_VSM = 1,
	IGVM_PLATFORM_SEV_SNP = 2,
	IGVM_PLATFORM_TDX = 3,
	IGVM_PLATFORM_SEV = 4,
	IGVM_PLATFORM_SEV_ES = 5,
	IGVM_PLATFORM_CCA = 6,
	IGVM_PLATFORM_COUNT,
};

/* Each platform has one bit. Masks of later headers say for whom they are. */
struct igvm_platform {
	uint32_t mask;
	uint8_t highest_vtl; /* 0 or 2 */
	uint8_t type;        /* enum igvm_platform_type */
	uint16_t version;
	uint64_t shared_boundary; /* 0 if all memory is alike */
};

enum igvm_relocatable_flag {
	IGVM_RELOCATABLE_IS_VTL2 = 1 << 0,
	IGVM_RELOCATABLE_MOVES_PC = 1 << 1,
	IGVM_RELOCATABLE_MOVES_GDTR = 1 << 2,
	IGVM_RELOCATABLE_FLAGS_KNOWN = (1 << 3) - 1,
};

/* A host may move this memory as one piece, to [lowest, end). */
struct igvm_relocatable {
	uint32_t mask;
	uint16_t processor;
	uint8_t vtl;
	uint8_t flags; /* enum igvm_relocatable_flag */
	uint64_t alignment;
	uint64_t paddr;
	uint64_t size;
	uint64_t lowest;
	uint64_t end;
};

/* A host that moves memory corrects these page tables. */
struct igvm_page_tables {
	uint32_t mask;
	uint16_t processor;
	uint8_t vtl;
	uint8_t reserved;
	uint64_t paddr;
	uint64_t size;
	uint64_t used_size;
};

struct igvm_parameter_area {
	uint64_t size; /* a multiple of a page */
	uint32_t index;
	uint32_t file_offset; /* of what it has at first; 0: zeros */
};

/* Headers of all parameters have this content. */
struct igvm_parameter_place {
	uint32_t area;
	uint32_t offset; /* in the area */
};

struct igvm_parameter_insert {
	uint64_t paddr;
	uint32_t mask;
	uint32_t area;
};

enum igvm_page_flag {
	IGVM_PAGE_IS_LARGE = 1 << 0,
	IGVM_PAGE_UNMEASURED = 1 << 1,
	IGVM_PAGE_SHARED = 1 << 2,
	IGVM_PAGE_FLAGS_KNOWN = (1 << 3) - 1,
};

#define IGVM_PAGE_TYPE_MAX 3 /* normal, secrets, CPUID, CPUID with XSAVE */

struct igvm_page {
	uint64_t paddr;
	uint32_t mask;
	uint32_t file_offset; /* of its bytes; 0: zeros */
	uint32_t flags;       /* enum igvm_page_flag */
	uint16_t type;        /* 0: normal */
	uint16_t reserved;
};

/* In the file it is only 20 bytes long. */
struct igvm_context {
	uint64_t paddr; /* 0, but where the CPU itself reads the context */
	uint32_t mask;
	uint32_t file_offset;
	uint16_t processor;
	uint16_t reserved;
};

#define IGVM_CONTEXT_SIZE 20

enum igvm_required_flag {
	IGVM_REQUIRED_VTL2_PROTECTABLE = 1 << 0,
	IGVM_REQUIRED_FLAGS_KNOWN = (1 << 1) - 1,
};

struct igvm_required_memory {
	uint64_t paddr;
	uint32_t mask;
	uint32_t size;
	uint32_t flags; /* enum igvm_required_flag */
	uint32_t reserved;
};

/* Attributes are those of a descriptor's bytes 5 and 6, without the limit. */
struct igvm_segment {
	uint16_t selector;
	uint16_t attributes;
	uint32_t base;
	uint32_t limit;
};

/* Of a native platform; a page, whose rest is zero. */
struct igvm_native_context {
	uint64_t rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rip, rflags;
	uint64_t idtr_base;
	uint16_t idtr_limit;
	uint16_t reserved[2];
	uint16_t gdtr_limit;
	uint64_t gdtr_base;
	struct igvm_segment code;
	struct igvm_segment data; /* DS, ES, FS, GS and SS */
	uint64_t gs_base;
	uint64_t cr0, cr3, cr4, efer;
};

/*
 * Of VSM: a count, then as many of these. Registers that are not there keep
 * what they have at reset. Names are those of Microsoft's Hypervisor Top Level
 * Functional Specification, HV_REGISTER_NAME, of which IGVM knows some.
 */
struct igvm_vsm_register {
	uint8_t vtl;
	uint8_t name[4]; /* load_le32() */
	uint8_t reserved[11];
	uint8_t value[16];
};

enum igvm_register_x86 {
	IGVM_REGISTER_RSI = 0x20006,
	IGVM_REGISTER_RIP = 0x20010,
	IGVM_REGISTER_RFLAGS = 0x20011,
	IGVM_REGISTER_CR0 = 0x40000,
	IGVM_REGISTER_CR3 = 0x40002,
	IGVM_REGISTER_CR4 = 0x40003,
	IGVM_REGISTER_ES = 0x60000,
	IGVM_REGISTER_CS = 0x60001,
	IGVM_REGISTER_SS = 0x60002,
	IGVM_REGISTER_DS = 0x60003,
	IGVM_REGISTER_FS = 0x60004,
	IGVM_REGISTER_GS = 0x60005,
	IGVM_REGISTER_TR = 0x60007,
	IGVM_REGISTER_GDTR = 0x70001,
	IGVM_REGISTER_EFER = 0x80001,
};

enum igvm_register_arm {
	IGVM_REGISTER_X0 = 0x20000,
	IGVM_REGISTER_PC = 0x20022,
	IGVM_REGISTER_CPSR = 0x20023,
	IGVM_REGISTER_SCTLR_EL1 = 0x40002,
};

/* Values of segment registers and of GDTR. */
struct igvm_vsm_segment {
	uint64_t base;
	uint32_t limit;
	uint16_t selector;
	uint16_t attributes;
};

struct igvm_vsm_table {
	uint16_t reserved[3];
	uint16_t limit;
	uint64_t base;
};

static_assert(sizeof(struct igvm_fixed) == 32, "IGVM specification");
static_assert(sizeof(struct igvm_platform) == 16, "IGVM specification");
static_assert(sizeof(struct igvm_relocatable) == 48, "IGVM specification");
static_assert(sizeof(struct igvm_page_tables) == 32, "IGVM specification");
static_assert(sizeof(struct igvm_parameter_area) == 16, "IGVM specification");
static_assert(sizeof(struct igvm_parameter_place) == 8, "IGVM specification");
static_assert(sizeof(struct igvm_parameter_insert) == 16, "IGVM specification");
static_assert(sizeof(struct igvm_page) == 24, "IGVM specification");
static_assert(sizeof(struct igvm_context) == 24, "IGVM specification");
static_assert(sizeof(struct igvm_required_memory) == 24, "IGVM specification");
static_assert(sizeof(struct igvm_native_context) == 232, "IGVM specification");
static_assert(sizeof(struct igvm_vsm_register) == 32, "IGVM specification");
static_assert(sizeof(struct igvm_vsm_segment) == 16, "TLFS");
static_assert(sizeof(struct igvm_vsm_table) == 16, "TLFS");

#endif
