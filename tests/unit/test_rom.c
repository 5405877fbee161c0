/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_rom.c - a ROM finds neither an IGVM file nor a paravisor */
#include <string.h>

#include "common/image.h"
#include "common/machine/handoff.h"
#include "common/machine/machine.h"
#include "common/memory/memory.h"
#include "common/place/guest.h"
#include "common/spec/bundle.h"
#include "common/spec/igvm_params.h"
#include "tests/unit/test.h"

#define NEXT 0x1000

static struct machine machine;
static struct memory memory;
static struct guest guest;
static const struct handoff handoff = { .door = DOOR_LINUX };

static void no_igvm_file_is_found(void)
{
	const uint64_t magic = IGVM_PARAMS_MAGIC;
	struct machine before = machine;

	EXPECT(!igvm_is_at(paddr_of(&magic)));
	EXPECT(!igvm_probe_ram(&machine, &handoff));
	EXPECT(!igvm_probe_cpus(&machine, &handoff));
	EXPECT(!igvm_tree(&handoff).base && !igvm_tree(&handoff).size);
	EXPECT(!igvm_take_node(&machine, NULL));
	igvm_check_nodes(&machine);
	igvm_claim(&memory, &handoff);
	igvm_append_cmdline(&guest.cmdline, NULL, &machine, &handoff);
	EXPECT(memcmp(&before, &machine, MACHINE_CLEAR_SIZE) == 0);
	EXPECT_EQ(guest.cmdline.size, 0);
}

static void no_paravisor_is_started(void)
{
	EXPECT_EQ(image_bundle_flags & BUNDLE_FLAG_PARAVISOR, 0);
	EXPECT_EQ(image_bundle_flags | BUNDLE_FLAG_PARAVISOR,
	          BUNDLE_FLAGS_KNOWN);
	paravisor_split(&machine, NULL, &handoff);
	EXPECT(!machine.is_split);
	EXPECT_EQ(paravisor_describe(&machine, NULL, &guest, &memory, NEXT),
	          NEXT);
	EXPECT_EQ(paravisor_cpu_at(&machine, 5), 5);
	paravisor_write_nodes(NULL, &machine);
}

int main(void)
{
	RUN(no_igvm_file_is_found);
	RUN(no_paravisor_is_started);
	return test_status();
}
