/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/igvm/absent.c - what no host of IGVM files leaves in RAM
 *
 * These are the ways by which other VMMs tell the machine, and QEMU's script of
 * tables. The image for IGVM files has no bytes for them.
 */
#include "arch/x86_64/probe/mptable.h"
#include "arch/x86_64/probe/named.h"
#include "arch/x86_64/probe/vmm_acpi.h"
#include "common/describe/acpi_loader.h"
#include "common/lib/console.h"

bool mptable_probe(struct machine *machine)
{
	(void)machine;
	return false;
}

void named_probe(struct machine *machine)
{
	(void)machine;
}

paddr_t vmm_acpi_rsdp(const struct machine *machine)
{
	(void)machine;
	return 0;
}

bool vmm_acpi_probe(struct machine *machine)
{
	(void)machine;
	return false;
}

paddr_t acpi_loader_run(const struct fw_cfg *fw_cfg, struct memory *memory,
                        struct acpi_loader_area *low,
                        struct acpi_loader_area *fseg)
{
	(void)fw_cfg;
	(void)memory;
	(void)low;
	(void)fseg;
	panic("acpi: acpi=vmm: not from an IGVM file");
}
