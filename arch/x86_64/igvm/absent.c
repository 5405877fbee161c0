/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/igvm/absent.c - what the image for IGVM files has no bytes for
 *
 * These are the ways by which other VMMs tell the machine: no host of IGVM
 * files leaves them in RAM. And zstd, which makes a file small where its size
 * is limited. The image starts from an IGVM file, or as a ROM if it has a
 * paravisor.
 */
#include "arch/x86_64/describe/no_acpi.h"
#include "arch/x86_64/probe/given.h"
#include "arch/x86_64/probe/microvm.h"
#include "arch/x86_64/probe/mptable.h"
#include "arch/x86_64/probe/named.h"
#include "arch/x86_64/probe/ram_trial.h"
#include "arch/x86_64/probe/vmm_acpi.h"
#include "common/describe/acpi_devices.h"
#include "common/lib/console.h"
#include "common/payload/unpack/zstd.h"

void no_acpi_write(void *to, paddr_t base, const struct machine *machine)
{
	(void)to;
	(void)base;
	(void)machine;
}

void given_read(struct machine *machine, const struct handoff *handoff)
{
	(void)machine;
	if (handoff->door == DOOR_PVH || handoff->door == DOOR_LINUX)
		panic("igvm: no parameters at %#lx", handoff->given_paddr);
}

void ram_try(struct machine *machine)
{
	(void)machine;
	panic("igvm: nobody tells of RAM");
}

void microvm_probe(struct machine *machine)
{
	(void)machine;
	panic("igvm: not on microvm");
}

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

void acpi_append_virtio_mmio(struct acpi *acpi, const struct machine *machine)
{
	(void)acpi;
	(void)machine;
}

void acpi_append_ged(struct acpi *acpi, const struct machine_ged *ged)
{
	(void)acpi;
	(void)ged;
}

bool zstd_decode_frame(struct zstd *workspace, void *dest, uint64_t dest_size,
                       const void *src, uint64_t src_size)
{
	(void)workspace;
	(void)dest;
	(void)dest_size;
	(void)src;
	(void)src_size;
	panic("zstd: not in the image for IGVM files, which has LZ4");
}
