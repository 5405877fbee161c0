/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/rom/paravisor.c - a ROM starts no paravisor
 *
 * It refuses the bundle of one by its flag.
 */
#include "common/image.h"
#include "common/spec/bundle.h"

const uint32_t image_bundle_flags =
	BUNDLE_FLAGS_KNOWN & ~(uint32_t)BUNDLE_FLAG_PARAVISOR;

void paravisor_split(struct machine *machine, const struct payload *payload,
                     const struct handoff *handoff)
{
	(void)machine;
	(void)payload;
	(void)handoff;
}

paddr_t paravisor_describe(const struct machine *machine,
                           const struct payload *payload, struct guest *guest,
                           struct memory *memory, paddr_t next)
{
	(void)machine;
	(void)payload;
	(void)guest;
	(void)memory;
	return next;
}

uint32_t paravisor_cpu_at(const struct machine *machine, uint32_t place)
{
	(void)machine;
	return place;
}

void paravisor_write_nodes(void *fdt, const struct machine *machine)
{
	(void)fdt;
	(void)machine;
}
