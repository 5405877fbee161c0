/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/fw_cfg.h - layout of QEMU's firmware configuration device
 *
 * QEMU docs/specs/fw_cfg.rst. Integers in the DMA descriptor and in the file
 * directory are big-endian; numeric items are little-endian.
 */
#ifndef COMMON_SPEC_FW_CFG_H
#define COMMON_SPEC_FW_CFG_H

#include "common/lib/compiler.h"

enum fw_cfg_key {
	FW_CFG_SIGNATURE = 0x00,
	FW_CFG_UUID = 0x02,
	FW_CFG_CPU_COUNT = 0x05,
	FW_CFG_KERNEL_ADDR = 0x07,
	FW_CFG_KERNEL_SIZE = 0x08,
	FW_CFG_INITRD_SIZE = 0x0b,
	FW_CFG_NUMA = 0x0d,
	FW_CFG_MAX_CPUS = 0x0f,
	FW_CFG_KERNEL_ENTRY = 0x10,
	FW_CFG_KERNEL_DATA = 0x11,
	FW_CFG_INITRD_DATA = 0x12,
	FW_CFG_CMDLINE_SIZE = 0x14,
	FW_CFG_CMDLINE_DATA = 0x15,
	FW_CFG_SETUP_SIZE = 0x17,
	FW_CFG_SETUP_DATA = 0x18,
	FW_CFG_FILE_DIR = 0x19,
};

#define FW_CFG_DMA_ERROR  0x01
#define FW_CFG_DMA_READ   0x02
#define FW_CFG_DMA_SKIP   0x04
#define FW_CFG_DMA_SELECT 0x08
#define FW_CFG_DMA_WRITE  0x10

struct fw_cfg_dma {
	uint32_t control; /* key << 16 with SELECT; 0 again when done */
	uint32_t length;
	uint64_t paddr;
};

static_assert(sizeof(struct fw_cfg_dma) == 16, "fw_cfg.rst: FWCfgDmaAccess");

struct fw_cfg_file {
	uint32_t size;
	uint16_t select;
	uint16_t reserved;
	char name[56];
};

static_assert(sizeof(struct fw_cfg_file) == 64, "fw_cfg.rst: FWCfgFile");

/* The file etc/e820 has packed little-endian entries. */
struct fw_cfg_e820 {
	uint64_t base;
	uint64_t size;
	uint32_t type;
} PACKED;

static_assert(sizeof(struct fw_cfg_e820) == 20,
              "QEMU hw/i386/e820_memory_layout.h");

#endif
