/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/pir.h - layout of the PCI interrupt routing table
 *
 * Microsoft PCI IRQ Routing Table Specification 1.0. It lies at a multiple of
 * 16 in F0000 to FFFFF, and its bytes add up to 0.
 */
#ifndef COMMON_SPEC_PIR_H
#define COMMON_SPEC_PIR_H

#include "common/lib/compiler.h"

#define PIR_SIGNATURE 0x52495024 /* "$PIR" */
#define PIR_VERSION   0x0100
#define PIR_PINS      4

struct pir_pin {
	uint8_t link;  /* pins of one value are wired together; 0: none */
	uint16_t irqs; /* a bit for each that the link can be routed to */
} PACKED;

struct pir_slot {
	uint8_t bus;
	uint8_t function; /* slot << 3 */
	struct pir_pin pins[PIR_PINS];
	uint8_t slot_number; /* 0: soldered */
	uint8_t reserved;
} PACKED;

struct pir {
	uint32_t signature;
	uint16_t version;
	uint16_t size; /* with the slots, which follow */
	uint8_t router_bus;
	uint8_t router_function;
	uint16_t exclusive_irqs;
	uint16_t compatible_vendor; /* of the router */
	uint16_t compatible_device;
	uint32_t miniport_data;
	uint8_t reserved[11];
	uint8_t checksum;
} PACKED;

static_assert(sizeof(struct pir_slot) == 16, "PIR table 2");
static_assert(sizeof(struct pir) == 32, "PIR table 1");

#endif
