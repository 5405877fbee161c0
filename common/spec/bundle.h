/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/bundle.h - the bundle: all that a guest boots, in one file
 *
 * The host tool writes it, and the blob reads it. payload/README.md describes
 * it byte by byte. A bundle is little-endian: a header, the section table right
 * behind it, then the sections' stored bytes in ascending order, each section
 * on a page of its own.
 */
#ifndef COMMON_SPEC_BUNDLE_H
#define COMMON_SPEC_BUNDLE_H

#include <stdint.h>

#define BUNDLE_MAGIC       0x0a1a454c444e5542 /* "BUNDLE", 1a, 0a */
#define BUNDLE_VERSION     1
#define BUNDLE_ALIGN       4096
#define BUNDLE_SECTION_MAX 24
#define BUNDLE_SEGMENT_MAX 16        /* kernel segments among them */
#define BUNDLE_BLOCK_MAX   (4 << 20) /* bytes of an LZ4 block, when loaded */
#define BUNDLE_CHUNK_MAX   1024      /* CPUs of a paravisor's chunk */

/* Kernel segments lie at 1 MiB or above, since a PC is not all RAM below. */
#define BUNDLE_SEGMENT_LOWEST 0x100000

/* The values are those of e_machine in ELF. */
enum bundle_arch {
	BUNDLE_ARCH_X86_64 = 62,
	BUNDLE_ARCH_AARCH64 = 183,
};

enum bundle_flag {
	BUNDLE_FLAG_VERBOSE = 1 << 0,
	BUNDLE_FLAG_DEVICE_TREE = 1 << 1,  /* AArch64: FDT instead of ACPI */
	BUNDLE_FLAG_VMM_ACPI = 1 << 2,     /* the VMM's tables, not ours */
	BUNDLE_FLAG_PARAVISOR = 1 << 3,    /* has that section */
	BUNDLE_FLAG_ALLOW_APPEND = 1 << 4, /* of a pin: words of one boot */
	BUNDLE_FLAGS_KNOWN = (1 << 5) - 1,
};

/* The values are those of enum payload_on_error in common/payload/payload.h. */
enum bundle_on_error {
	BUNDLE_ON_ERROR_HALT = 0,
	BUNDLE_ON_ERROR_POWEROFF = 1,
	BUNDLE_ON_ERROR_RESET = 2,
	BUNDLE_ON_ERROR_COUNT,
};

enum bundle_kernel_kind {
	BUNDLE_KERNEL_NONE = 0,
	BUNDLE_KERNEL_SEGMENTS = 1, /* KERNEL_SEGMENT sections and `entry` */
	BUNDLE_KERNEL_BZIMAGE = 2,  /* one KERNEL section, as the file was */
	BUNDLE_KERNEL_IMAGE = 3,    /* one KERNEL section, an arm64 Image */
	BUNDLE_KERNEL_KIND_COUNT,
};

enum bundle_section_type {
	BUNDLE_SECTION_KERNEL = 1,
	BUNDLE_SECTION_KERNEL_SEGMENT = 2,
	BUNDLE_SECTION_INITRD = 3,
	BUNDLE_SECTION_CMDLINE = 4,  /* text, with its NUL */
	BUNDLE_SECTION_DTB = 5,      /* for the kernel */
	BUNDLE_SECTION_PLATFORM = 6, /* DTB that describes the machine */
	BUNDLE_SECTION_RELOCS = 7,   /* of a kernel in segments, for KASLR */
	BUNDLE_SECTION_PIN = 8,      /* SHA-256 of the bundle to boot instead */
	BUNDLE_SECTION_PARAVISOR = 9, /* struct bundle_paravisor */
	BUNDLE_SECTION_TYPE_COUNT,
};

enum bundle_compression {
	BUNDLE_COMPRESSION_NONE = 0,
	BUNDLE_COMPRESSION_LZ4 = 1,  /* blocks: struct bundle_block */
	BUNDLE_COMPRESSION_ZSTD = 2, /* one frame */
	BUNDLE_COMPRESSION_COUNT,
};

enum bundle_section_flag {
	BUNDLE_SECTION_HAS_SHA256 = 1 << 0,
	BUNDLE_SECTION_FLAGS_KNOWN = (1 << 1) - 1,
};

/*
 * Two checksums of the same bytes: CRC-32C for the world, and sum64 for the
 * blob, since every CPU computes it at memory speed (common/lib/sum64.h).
 */
struct bundle_checksum {
	uint32_t crc32c;
	uint32_t reserved; /* 0 */
	uint64_t sum64;
};

struct bundle_header {
	uint64_t magic;
	uint32_t version;
	uint32_t header_size; /* bytes of this struct; the table follows */
	uint64_t total_size;  /* bytes of the bundle, a multiple of a page */
	uint32_t arch;        /* enum bundle_arch */
	uint32_t flags;       /* enum bundle_flag */
	uint32_t on_error;    /* enum bundle_on_error */
	uint32_t kernel_kind; /* enum bundle_kernel_kind */
	uint64_t entry;       /* of a kernel in segments, physical */
	uint32_t section_count;
	uint32_t section_size; /* of a struct bundle_section */
	uint64_t reserved[2];  /* 0 */
	/* Each of the two covers all bytes before itself, and the table. */
	struct bundle_checksum checksum;
};

struct bundle_section {
	uint32_t type;        /* enum bundle_section_type */
	uint32_t compression; /* enum bundle_compression */
	uint64_t offset;      /* from the header, a multiple of a page */
	uint64_t stored_size;
	uint64_t size;        /* once loaded */
	uint64_t memory_size; /* KERNEL_SEGMENT: size with zeros behind */
	uint64_t paddr;       /* KERNEL_SEGMENT: where it is linked */
	uint32_t flags;       /* enum bundle_section_flag */
	uint32_t reserved;    /* 0 */
	struct bundle_checksum checksum; /* of the stored bytes */
	uint8_t sha256[32];              /* of the stored bytes, if flagged */
};

/*
 * An LZ4 section is a sequence of these, each followed by its stored bytes and
 * zeros up to a multiple of 8. A block stands alone: no match reaches back
 * before it. If LZ4 cannot make the bytes fewer, they are stored as they are;
 * then the two sizes are equal. If nothing is stored, zeros are loaded.
 */
struct bundle_block {
	uint32_t stored_size;
	uint32_t size; /* once loaded; if stored, at most BUNDLE_BLOCK_MAX */
};

/*
 * A RELOCS section starts with this struct. Three lists follow, of places in
 * the kernel that depend on its virtual address: 64-bit words that grow with
 * it, 32-bit words that shrink with it, and 32-bit words that grow with it.
 * Each place is a byte, its distance from the place before; the first counts
 * from the kernel's start. The byte 255 says that the distance is in the next
 * four bytes.
 */
struct bundle_relocs {
	uint64_t alignment; /* of the kernel's addresses, both kinds */
	uint64_t room_size; /* bytes from its linked virtual address on */
	uint32_t count64;
	uint32_t count32_inverse;
	uint32_t count32;
	uint32_t reserved; /* 0 */
};

#define BUNDLE_RELOC_FAR 255

/* The PARAVISOR section: what of its partition the kernel gets. */
struct bundle_paravisor {
	uint64_t memory_size; /* bytes of RAM; 0: as the host says, or all */
	uint32_t chunk_max;   /* CPUs of a chunk of the pool; 0: no pool */
	uint32_t reserved;    /* 0 */
};

#define BUNDLE_RECORD_MAGIC 0x44524f4345524244 /* "DBRECORD" */

/*
 * This record is in the blob, at a place that the host tool knows: on x86_64
 * BUNDLE_RECORD_X86_BACK bytes before the blob's end, on AArch64
 * BUNDLE_RECORD_ARM_OFFSET bytes behind its start.
 */
struct bundle_record {
	uint64_t magic;
	int64_t bundle_offset; /* from the blob's start; 0: no bundle */
	uint64_t bundle_size;
	uint32_t blob_crc32c; /* of the blob, with this record all zero */
	uint32_t blob_size;
};

#define BUNDLE_RECORD_X86_BACK   0x40
#define BUNDLE_RECORD_ARM_OFFSET 0x40
#define BUNDLE_BLOB_X86_SIZE     0x10000
#define BUNDLE_LOW_BIOS_SIZE     0x20000 /* a file for E0000 to FFFFF */

_Static_assert(sizeof(struct bundle_checksum) == 16, "payload/README.md");
_Static_assert(sizeof(struct bundle_header) == 88, "payload/README.md");
_Static_assert(sizeof(struct bundle_section) == 104, "payload/README.md");
_Static_assert(sizeof(struct bundle_block) == 8, "payload/README.md");
_Static_assert(sizeof(struct bundle_relocs) == 32, "payload/README.md");
_Static_assert(sizeof(struct bundle_paravisor) == 16, "payload/README.md");
_Static_assert(sizeof(struct bundle_record) == 32, "payload/README.md");

#endif
