/* SPDX-License-Identifier: BSD-2-Clause */
/* common/igvm/params.c - proves the page of parameters, see params.h */
#include "common/igvm/params.h"

#include "common/image.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/lib/sum64.h"

bool igvm_is_at(paddr_t paddr)
{
	const uint64_t *magic = paddr_ptr(paddr);

	return *magic == IGVM_PARAMS_MAGIC;
}

/*
 * The CRC-32C is for others: without a table it would take the blob more
 * instructions than all the rest of this door.
 */
static void check_sum(const struct igvm_params *params)
{
	struct igvm_params copy = *params;
	uint64_t sum;

	copy.crc32c = 0;
	copy.sum64 = 0;
	sum = sum64(0, &copy, sizeof(copy));
	if (sum != params->sum64)
		panic("igvm: sum of the parameters is %#lx, must be %#lx", sum,
		      params->sum64);
}

static void check_head(const struct igvm_params *params)
{
	if (paddr_of(params) % IGVM_PAGE_SIZE != 0)
		panic("igvm: parameters at %#lx: must start a page",
		      paddr_of(params));
	if (params->version != IGVM_PARAMS_VERSION)
		panic("igvm: parameters of version %u: must be %u",
		      params->version, IGVM_PARAMS_VERSION);
	check_sum(params);
	if (params->flags & ~IGVM_PARAMS_FLAGS_KNOWN)
		panic("igvm: flags %#x: known are %#x", params->flags,
		      IGVM_PARAMS_FLAGS_KNOWN);
	for (uint32_t i = 0; i < ARRAY_COUNT(params->reserved); i++) {
		if (params->reserved[i])
			panic("igvm: reserved word %u is %#lx: must be 0", i,
			      params->reserved[i]);
	}
	if (params->area_count > IGVM_PARAMS_AREA_MAX)
		panic("igvm: %u areas, at most %u", params->area_count,
		      IGVM_PARAMS_AREA_MAX);
}

static bool holds(const struct machine_range *run, paddr_t base, uint64_t size)
{
	return is_within(base - run->base, size, run->size);
}

static void check_run(const struct handoff *handoff, paddr_t lowest,
                      paddr_t end)
{
	const struct machine_range run = igvm_run(handoff);

	if (run.base < lowest || !is_within(run.base, run.size, end) ||
	    (run.base | run.size) % IGVM_PAGE_SIZE != 0)
		panic("igvm: %#lx bytes at %#lx: must be pages in %#lx to %#lx",
		      run.size, run.base, lowest, end);
	if (!holds(&run, handoff->given_paddr, IGVM_PAGE_SIZE) ||
	    !holds(&run, handoff->blob_paddr, handoff->blob_size) ||
	    (handoff->bundle_size &&
	     !holds(&run, handoff->bundle_paddr, handoff->bundle_size)))
		panic("igvm: %#lx bytes at %#lx: must hold blob, bundle and "
		      "parameters",
		      run.size, run.base);
}

static void check_area(const struct igvm_params *params, uint32_t index)
{
	const struct igvm_params_area *area = &params->areas[index];
	/* from the start of the run */
	uint64_t offset = (uint64_t)area->offset - params->run_offset;

	if ((area->offset | area->size) % IGVM_PAGE_SIZE != 0 || !area->size ||
	    !is_within(offset, area->size, params->run_size))
		panic("igvm: area %#x: %#x bytes at %#lx from the parameters: "
		      "must be pages of the file",
		      area->parameter, area->size, area->offset);
	for (uint32_t i = 0; i < index; i++) {
		if (params->areas[i].parameter == area->parameter)
			panic("igvm: area %#x: there is one already",
			      area->parameter);
	}
}

void igvm_params_check(const struct handoff *handoff, paddr_t lowest,
                       paddr_t end)
{
	const struct igvm_params *params = igvm_params_of(handoff);

	check_head(params);
	check_run(handoff, lowest, end);
	for (uint32_t i = 0; i < params->area_count; i++)
		check_area(params, i);
}

struct machine_range igvm_run(const struct handoff *handoff)
{
	const struct igvm_params *params = igvm_params_of(handoff);

	return (struct machine_range){
		handoff->given_paddr + params->run_offset, params->run_size
	};
}

struct machine_range igvm_area(const struct handoff *handoff,
                               enum igvm_parameter parameter)
{
	const struct igvm_params *params = igvm_params_of(handoff);

	for (uint32_t i = 0; i < params->area_count; i++) {
		const struct igvm_params_area *area = &params->areas[i];

		if (area->parameter == parameter)
			return (struct machine_range){
				handoff->given_paddr + area->offset, area->size
			};
	}
	return (struct machine_range){ 0 };
}
