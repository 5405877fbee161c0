/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_fw_cfg.h - a fw_cfg device with DMA, as docs/specs/fw_cfg.rst
 *
 * It implements arch_fw_cfg_start(). A test gives it its items.
 */
#ifndef TESTS_UNIT_FAKE_FW_CFG_H
#define TESTS_UNIT_FAKE_FW_CFG_H

#include "common/lib/compiler.h"

/* Removes all items, and counts DMAs from 0 again. */
void fake_fw_cfg_clear(void);

/* Adds an item without a name. The bytes stay the caller's. */
void fake_fw_cfg_add(uint16_t key, const void *data, uint32_t size);

/* Adds a file to the directory. The guest may write it if `is_open`. */
void fake_fw_cfg_add_file(const char *name, void *data, uint32_t size,
                          bool is_open);

/* Makes all DMAs fail from this one on; the first has number 0. */
void fake_fw_cfg_fail_at(uint32_t transfer);

uint32_t fake_fw_cfg_transfers(void);

/* Returns where the registers of the last DMA were: 0, if they are ports. */
paddr_t fake_fw_cfg_registers(void);

#endif
