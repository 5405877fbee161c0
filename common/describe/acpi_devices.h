/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/acpi_devices.h - devices of the DSDT that every architecture
 * may have
 *
 * The ASL of each is beside its code.
 */
#ifndef COMMON_DESCRIBE_ACPI_DEVICES_H
#define COMMON_DESCRIBE_ACPI_DEVICES_H

#include "common/describe/acpi.h"

/* All of them go into a Scope (_SB) that the caller has opened. */

/*
 * common/describe/acpi_devices.c: the CPUs; their UID is the index in
 * machine->cpus.
 */
void acpi_append_cpus(struct acpi *acpi, uint32_t count);

void acpi_append_virtio_mmio(struct acpi *acpi, const struct machine *machine);

/* The event device and the buttons it tells of; nothing if there is none. */
void acpi_append_ged(struct acpi *acpi, const struct machine_ged *ged);

/*
 * common/describe/acpi_pci.c: host bridges; then, anywhere behind them, what
 * their devices' interrupts are.
 */
void acpi_append_pci_hosts(struct acpi *acpi, const struct machine *machine);
void acpi_append_pci_routing(struct acpi *acpi, const struct machine *machine);

#endif
