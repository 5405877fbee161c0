/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/tree_names.c - no properties of machines, see dt_names.h
 *
 * Ports and ACPI tell of devices. A tree tells what dt_common_names has.
 */
#include "common/arch.h"

const char arch_property_names[][DT_NAME_SIZE] = { "" };
const uint32_t arch_property_count = 0;
