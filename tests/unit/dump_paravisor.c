/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/dump_paravisor.c - writes trees of paravisors' kernels for dtc
 *
 *	dump_paravisor DIR
 *
 * DIR/paravisor/ gets a tree without a pool, one with a pool, and one as on
 * Hyper-V.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "arch/x86_64/paravisor/tree_x86.h"
#include "common/paravisor/split.h"
#include "common/spec/igvm_params.h"

#define MIB 0x100000ULL
#define GIB 0x40000000ULL

static _Alignas(8) uint8_t fdt[0x10000];
static struct machine machine;
static struct tree_pool pool;

static void dump(const char *folder, const char *name)
{
	uint32_t size = tree_x86_size(&machine);
	char path[300];
	FILE *file;

	tree_x86_build(&machine, &pool, fdt, size);
	snprintf(path, sizeof(path), "%s/paravisor/%s.dtb", folder, name);
	file = fopen(path, "wb");
	if (!file || fwrite(fdt, size, 1, file) != 1 || fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}

static void make_folders(const char *folder)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/paravisor", folder);
	mkdir(folder, 0777);
	mkdir(path, 0777);
}

int main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : ".";

	make_folders(folder);
	machine.pc.lapic_paddr = 0xfee00000;
	machine.pc.hpet_paddr = 0xfed00000;
	machine.cpu_count = 8;
	for (uint32_t i = 0; i < 8; i++)
		machine.cpus[i] = (struct machine_cpu){ i, i / 4, 0 };
	machine.ram_count = 3;
	machine.ram[0] = (struct machine_ram){ 0, 0xa0000, MEMORY_RAM, 0, 0 };
	machine.ram[1] =
		(struct machine_ram){ MIB, GIB - MIB, MEMORY_RAM, 0, 0 };
	machine.ram[2] = (struct machine_ram){ GIB, GIB, MEMORY_RAM, 1,
		                               IGVM_MEMORY_VTL2_PROTECTABLE };
	dump(folder, "all");
	split_memory(&machine, 0, &(struct machine_range){ 0xa0000, 0x60000 });
	pool = (struct tree_pool){ { GIB, MIB }, GIB + 0x8000, 4 };
	dump(folder, "pool");
	machine.host.is_hyperv = true;
	machine.host.paravisor_vmbus = (struct host_vmbus){
		.is_present = true,
		.connection_id = 7,
		.range_count = 2,
		.ranges = { { 0xf8000000, 0x1000000 },
		            { 0x1000000000, 0x8000 } },
	};
	dump(folder, "hyperv");
	return 0;
}
