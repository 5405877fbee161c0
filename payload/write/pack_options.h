/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/pack_options.h - what the user asks of pack */
#ifndef PAYLOAD_WRITE_PACK_OPTIONS_H
#define PAYLOAD_WRITE_PACK_OPTIONS_H

#include "common/spec/bundle.h"
#include "payload/lib/options.h"

enum output_format {
	FORMAT_ROM,
	FORMAT_ELF,
	FORMAT_IMAGE,
	FORMAT_BUNDLE,
	FORMAT_DISK,
	FORMAT_IGVM,
};

enum pack_door {
	DOOR_ANY,
	DOOR_LOW_BIOS,
};

enum pack_rom_size {
	ROM_SIZE_FAST,
	ROM_SIZE_EXACT,
};

struct pack_request {
	const char *kernel;
	const char *from; /* a packed file, whose parts are the defaults */
	const char *profile_text;
	struct option_list initrds;
	const char *rootfs;
	const char *init;
	const char *cmdline;
	const char *cmdline_file;
	const char *dtb;
	const char *platform;
	const char *pin;
	const char *vmm;
	const char *blob;
	const char *igvm_for; /* NULL for as many hosts as one file serves */
	const char *igvm_base;
	const char *output;
	unsigned profile; /* of a unified kernel image */
	bool keeps_bzimage;
	bool wants_device_tree;
	bool is_verbose;
	bool igvm_appends; /* the host's command line, too */
	bool is_paravisor;
	bool allows_append; /* --pin takes words of one boot */
	const char *paravisor_memory_text;
	const char *sidecar_text;
	uint64_t paravisor_memory; /* bytes; 0 for all, or as the host says */
	uint32_t chunk_max;        /* CPUs in a chunk; 0 for no pool */
	unsigned acpi;             /* 0 for own tables, 1 for the VMM's */
	unsigned arch;     /* 0 for any, then the order of --arch's words */
	unsigned on_error; /* enum bundle_on_error */
	unsigned compress; /* enum compress */
	unsigned format;   /* enum output_format */
	unsigned door;     /* enum pack_door */
	unsigned rom_size; /* enum pack_rom_size */
};

extern struct pack_request request;

/* Fills `request`. Refuses options that exclude each other. */
void pack_options_parse(int argc, char **argv);

/* Takes what the user has not said from the header of a packed file. */
void pack_options_fill(const struct bundle_header *old);

/* Returns the enum bundle_arch of --arch, or 0 for any. */
uint32_t pack_wanted_arch(void);

/* Tells whether the output has a blob. If not, it is a bundle alone. */
bool pack_wants_blob(void);

#endif
