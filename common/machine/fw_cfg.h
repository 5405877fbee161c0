/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/fw_cfg.h - QEMU's firmware configuration device, by DMA
 *
 * common/spec/fw_cfg.h has the layouts.
 */
#ifndef COMMON_MACHINE_FW_CFG_H
#define COMMON_MACHINE_FW_CFG_H

#include "common/lib/compiler.h"

/* The files that the blob asks for. fw_cfg_open() finds them in one pass. */
enum fw_cfg_wanted {
	FW_CFG_FILE_E820,
	FW_CFG_FILE_LOADER,
	FW_CFG_FILE_SMBIOS_TABLES,
	FW_CFG_FILE_SMBIOS_ANCHOR,
	FW_CFG_FILE_BUNDLE, /* from here on opt/directboot/... */
	FW_CFG_FILE_APPEND, /* from here on options of this boot; the one
	                       that a pin may allow is the first */
	FW_CFG_FILE_ACPI,
	FW_CFG_FILE_DEVICE_TREE,
	FW_CFG_FILE_ON_ERROR,
	FW_CFG_FILE_PROFILE,
	FW_CFG_FILE_VERBOSE,
	FW_CFG_FILE_WANTED_COUNT,
};

struct fw_cfg_item {
	uint32_t size; /* 0: there is no such file */
	uint16_t key;
};

struct fw_cfg {
	bool is_present;
	paddr_t paddr; /* of its registers; 0: I/O ports 510 to 51B */
	uint32_t size; /* of the registers, in bytes */
	struct fw_cfg_item files[FW_CFG_FILE_WANTED_COUNT];
};

/* Returns the file's name in the directory. */
const char *fw_cfg_name(enum fw_cfg_wanted file);

/* Reads the file directory of a fw_cfg that is present. */
void fw_cfg_open(struct fw_cfg *fw_cfg);

/*
 * Reads `size` bytes of item `key`, from byte `offset` on, straight to `dest`,
 * which is RAM of any alignment. Bytes behind the item's end read as zeros.
 * Panics if the device reports an error.
 */
void fw_cfg_read(const struct fw_cfg *fw_cfg, uint16_t key, uint64_t offset,
                 paddr_t dest, uint64_t size);

/*
 * Finds any other file by its name, of which eight bytes can be read. The size
 * is 0 if there is none.
 */
struct fw_cfg_item fw_cfg_find(const struct fw_cfg *fw_cfg, const char *name);

/* Writes `size` bytes to an item from `offset` on, if the VMM allows it. */
void fw_cfg_write(const struct fw_cfg *fw_cfg, uint16_t key, uint32_t offset,
                  const void *src, uint32_t size);

/* Reads a 32-bit little-endian item. */
uint32_t fw_cfg_read_u32(const struct fw_cfg *fw_cfg, uint16_t key);

#endif
