/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_fw_cfg.h - a fw_cfg device with DMA, as docs/specs/fw_cfg.rst
 *
 * It answers arch_fw_cfg_start(). A test tells it what items it has.
 */
#ifndef TESTS_UNIT_FAKE_FW_CFG_H
#define TESTS_UNIT_FAKE_FW_CFG_H

#include "common/lib/compiler.h"

/* No item at all, and no DMA done yet. */
void fake_fw_cfg_clear(void);

/* An item that has no name. The bytes stay the caller's. */
void fake_fw_cfg_add(uint16_t key, const void *data, uint32_t size);

/* A file, which the directory lists; the guest may write it if it `is_open`. */
void fake_fw_cfg_add_file(const char *name, void *data, uint32_t size,
                          bool is_open);

/* From the DMA of this number (0: the first) on, all fail. */
void fake_fw_cfg_fail_at(uint32_t transfer);

uint32_t fake_fw_cfg_transfers(void);

#endif
