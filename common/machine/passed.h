/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/passed.h - what the blob passes on without knowing it
 *
 * A child of the root of the VMM's device tree, such as Xen's /hypervisor, goes
 * into the full tree for the kernel, although the blob does not know its
 * compatible string, if it stands alone. That is: it has no children, its
 * registers are addresses of two cells and sizes of two, its interrupts are the
 * GIC's, its strings have an end, and it has no property that the blob does not
 * know, since such a property could lead to another node by a phandle. Its own
 * phandle is left out: no node that is passed on can use it.
 */
#ifndef COMMON_MACHINE_PASSED_H
#define COMMON_MACHINE_PASSED_H

#include "common/lib/compiler.h"

#define PASSED_MAX       8   /* nodes; more are left out */
#define PASSED_VALUE_MAX 256 /* bytes of a property */

/* The properties that are passed on. */
enum passed_property {
	PASSED_COMPATIBLE,
	PASSED_DMA_COHERENT,
	PASSED_INTERRUPT_NAMES,
	PASSED_INTERRUPTS,
	PASSED_REG,
	PASSED_PROPERTY_COUNT,
};

/* All of it lies in the VMM's tree, which stays where it is. */
struct passed_node {
	const char *name;
	struct passed_value {
		const void *data; /* NULL: there is no such property */
		uint32_t size;
	} values[PASSED_PROPERTY_COUNT];
};

#endif
