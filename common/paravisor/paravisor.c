/* SPDX-License-Identifier: BSD-2-Clause */
/* common/paravisor/paravisor.c - splits a partition; see image.h */
#include "common/paravisor/paravisor.h"

#include "common/arch.h"
#include "common/igvm/params.h"
#include "common/image.h"
#include "common/lib/console.h"
#include "common/paravisor/split.h"
#include "common/payload/bundle_table.h"

const uint32_t image_bundle_flags = BUNDLE_FLAGS_KNOWN;

const struct bundle_paravisor *paravisor_options(const struct payload *payload)
{
	const struct source *source = &payload->paravisor;
	const struct bundle_paravisor *options = source->data;

	if (!payload->options.is_paravisor)
		return NULL;
	source_check("paravisor", source);
	bundle_check_paravisor(options, source->size);
	if (options->chunk_max && !arch_paravisor_has_pool)
		panic("paravisor: chunks of %u CPUs: only x86_64 has a pool",
		      options->chunk_max);
	return options;
}

void paravisor_split(struct machine *machine, const struct payload *payload,
                     const struct handoff *handoff)
{
	const struct bundle_paravisor *options = paravisor_options(payload);
	struct machine_range run;

	if (!options)
		return;
	split_memory(machine, options->memory_size, &arch_paravisor_hole);
	if (handoff->door == DOOR_IGVM) {
		run = igvm_run(handoff);
		split_keep(machine, &run);
	}
	split_order_cpus(machine, options->chunk_max);
	machine->is_split = true;
	arch_paravisor_start(machine);
}

uint32_t paravisor_cpu_at(const struct machine *machine, uint32_t place)
{
	return machine->kernel_cpu_count ? machine->cpu_order[place] : place;
}
