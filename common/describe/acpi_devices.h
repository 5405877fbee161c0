/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/acpi_devices.h - DSDT devices of either architecture
 *
 * The ASL of each device is beside its code.
 */
#ifndef COMMON_DESCRIBE_ACPI_DEVICES_H
#define COMMON_DESCRIBE_ACPI_DEVICES_H

#include "common/describe/acpi.h"

/* Each function appends to a Scope (_SB), which the caller has opened. */

/*
 * acpi_devices.c: appends `count` CPUs. A CPU's UID is its index in
 * machine->cpus.
 */
void acpi_append_cpus(struct acpi *acpi, uint32_t count);

/* acpi_slots.c: appends all slots of virtio-mmio. */
void acpi_append_virtio_mmio(struct acpi *acpi, const struct machine *machine);

/*
 * acpi_slots.c: appends the event device and its power button, if there is
 * one.
 */
void acpi_append_ged(struct acpi *acpi, const struct machine_ged *ged);

/*
 * acpi_pci.c: the first appends all host bridges, the second, anywhere behind
 * them, where their devices' interrupts go.
 */
void acpi_append_pci_hosts(struct acpi *acpi, const struct machine *machine);
void acpi_append_pci_routing(struct acpi *acpi, const struct machine *machine);

#endif
