/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/payload.h - what the blob is to boot
 *
 * The payload has options, and a source (see source.h) for each part.
 */
#ifndef COMMON_PAYLOAD_PAYLOAD_H
#define COMMON_PAYLOAD_PAYLOAD_H

#include "common/payload/disk/disk.h"
#include "common/payload/source.h"
#include "common/spec/bundle.h"

#define PAYLOAD_SEGMENT_MAX BUNDLE_SEGMENT_MAX

/*
 * So many bytes of a kernel file are read to know its kind, unless it is in
 * memory.
 */
#define PAYLOAD_HEAD_MAX 0x1000

/* What the machine does after a refusal. */
enum payload_on_error {
	PAYLOAD_ON_ERROR_HALT = 0,
	PAYLOAD_ON_ERROR_POWEROFF,
	PAYLOAD_ON_ERROR_RESET,
};

/* The bundle's options. Without a bundle all are 0. */
struct payload_options {
	bool is_verbose;
	bool wants_device_tree; /* AArch64: full FDT instead of ACPI */
	bool wants_vmm_acpi;    /* the VMM's tables instead of ours */
	bool is_paravisor;      /* the kernel is one's */
	bool allows_append;     /* a pin does not refuse words of this boot */
	uint8_t on_error;       /* enum payload_on_error */
};

/* A piece of a kernel that the host tool has already taken apart. */
struct payload_segment {
	paddr_t paddr;        /* where it is linked */
	uint64_t memory_size; /* bytes: what is loaded, then zeros */
	struct source source;
};

struct payload {
	/* For messages: "bundle", "disk", "uki" or "fw_cfg". NULL: none yet. */
	const char *origin;
	struct payload_options options;

	/*
	 * The kernel is a file (bzImage, ELF, Image), or segments with their
	 * entry. fw_cfg gives the setup part of an x86 kernel file as an item
	 * of its own.
	 */
	struct source kernel_setup; /* fw_cfg only: the bytes before `kernel` */
	struct source kernel;
	uint32_t segment_count;
	paddr_t segments_entry;

	struct source microcode; /* a UKI's, before the initrd */
	struct source initrd;
	struct source cmdline;  /* text; a NUL, if any, ends it. Or the VMM's */
	struct source dtb;      /* for the kernel */
	struct source platform; /* DTB that describes the machine to the blob */
	struct source relocs;   /* of a kernel in segments, for KASLR */
	struct source pin;      /* SHA-256 of the VMM's bundle to boot */
	struct source paravisor; /* struct bundle_paravisor */

	struct source_reader reader; /* reads all these sources */
	struct disk disk;            /* if the payload is on a disk */
	bool needs_zstd;             /* a source is a zstd frame */
	bool has_taken_initrd;       /* the VMM's initrd is the payload */
	bool is_pinned;              /* our own bundle has a pin */
	uint32_t profile;            /* of a UKI, from 0 on */

	/* The kernel file's first bytes, or all; NULL for segments. */
	const uint8_t *head;
	uint64_t head_size;

	/*
	 * What follows is not cleared. It is valid up to segment_count and
	 * head_size.
	 */
	struct payload_segment segments[PAYLOAD_SEGMENT_MAX];
	uint8_t head_bytes[PAYLOAD_HEAD_MAX];
};

/* Bytes that must be zero before a payload is opened. */
#define PAYLOAD_CLEAR_SIZE offsetof(struct payload, segments)

struct handoff;

/* The kernel looks for the archives of an initrd at multiples of four bytes. */
static inline uint64_t payload_initrd_size(const struct payload *payload)
{
	return align_up(payload->microcode.size, 4) + payload->initrd.size;
}

/* Tells whether these bytes start as a bundle or a UKI does. */
bool payload_is_at(const void *base, uint64_t size);

/*
 * Opens the bundle that is packed with the blob, if there is one. Its options
 * hold from then on, so this comes before anything that may be refused.
 */
void payload_open_own(struct payload *payload, const struct handoff *handoff);

/*
 * Returns the device tree of that bundle which describes the machine, proven by
 * its checksum. The size is 0 if the bundle has none.
 */
struct machine_range payload_platform(const struct payload *payload);

/*
 * If the bundle of payload_open_own() has a pin, takes from the machine all
 * that the VMM gives beside it and that is more than a number: directboot(7)
 * has the list. So nothing of that fills a gap of the pinned bundle. Options of
 * this boot are refused.
 */
void payload_restrict(const struct payload *payload, struct machine *machine);

/*
 * Opens the first payload that there is, in this order: the bundle of
 * payload_open_own(), a bundle or UKI from the VMM, the VMM's own kernel, a
 * disk. Then unwraps the kernel if it is wrapped (UKI, zboot).
 */
void payload_find(struct payload *payload, const struct machine *machine,
                  struct memory *memory);

/* Leaves the disk as it was, for the kernel. All sources have been read. */
void payload_close(struct payload *payload);

#endif
