/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_igvm_x86.c - an x86_64 machine by what its host has put into
 * an IGVM file, and which pages of the file are kept
 *
 * The file's pages lie in memory of the host where the blob could be.
 */
#include <stdlib.h>
#include <string.h>

#include "arch/x86_64/describe/no_acpi.h"
#include "arch/x86_64/lib/smp.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/cpus.h"
#include "arch/x86_64/probe/given.h"
#include "arch/x86_64/probe/microvm.h"
#include "arch/x86_64/probe/mptable.h"
#include "arch/x86_64/probe/named.h"
#include "arch/x86_64/probe/ram_trial.h"
#include "arch/x86_64/probe/vmm_acpi.h"
#include "common/describe/acpi_devices.h"
#include "common/describe/acpi_loader.h"
#include "common/image.h"
#include "common/lib/byte_sum.h"
#include "common/lib/sum64.h"
#include "common/machine/handoff.h"
#include "common/memory/memory.h"
#include "common/payload/disk/disks.h"
#include "common/payload/unpack/zstd.h"
#include "common/spec/acpi.h"
#include "common/spec/acpi_platform.h"
#include "common/spec/igvm_params.h"
#include "common/spec/linux_x86.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"
#include "tests/unit/trees.h"

#define PAGE      IGVM_PAGE_SIZE
#define FILE_BASE 0x10000000
#define PARAMS    (FILE_BASE + BLOB_SIZE)
#define AREAS     (PARAMS + 2 * PAGE) /* behind the GDT */
#define FILE_END  (AREAS + 16 * PAGE)
#define RAM_END   0x20000000

extern const uint8_t igvm_again[];
const uint8_t igvm_again[] = { 0xf4 };

static struct machine machine;
static struct memory memory;
static struct handoff handoff;
static uint32_t own_id;

uint32_t smp_own_id(void)
{
	return own_id;
}

/* The host tells of the processors, or fw_cfg does. */
uint32_t smp_ask(enum machine_hypervisor hypervisor)
{
	(void)hypervisor;
	EXPECT(false);
	return 0;
}

static struct igvm_params *params(void)
{
	return paddr_ptr(PARAMS);
}

static void start(void)
{
	memset(paddr_ptr(FILE_BASE), 0, FILE_END - FILE_BASE);
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	fake_cpu_clear();
	own_id = 0;
	*params() = (struct igvm_params){
		.magic = IGVM_PARAMS_MAGIC,
		.version = IGVM_PARAMS_VERSION,
		.run_offset = FILE_BASE - PARAMS,
		.run_size = FILE_END - FILE_BASE,
	};
	handoff = (struct handoff){
		.door = DOOR_IGVM,
		.given_paddr = PARAMS,
		.blob_paddr = FILE_BASE,
		.blob_size = BLOB_SIZE,
	};
}

/* Adds an area of one page behind the others, and returns it. */
static void *add_area(enum igvm_parameter parameter)
{
	uint32_t place = params()->area_count++;

	params()->areas[place] = (struct igvm_params_area){
		.parameter = parameter,
		.size = PAGE,
		.offset = AREAS - PARAMS + place * PAGE,
	};
	return paddr_ptr(AREAS + place * PAGE);
}

static void add_map(void)
{
	struct igvm_memory_entry *entry = add_area(IGVM_PARAMETER_MEMORY_MAP);

	entry[0] = (struct igvm_memory_entry){ .page_count = 0xa0 };
	entry[1] = (struct igvm_memory_entry){ .first_page = 0x100,
		                               .page_count =
		                                       RAM_END / PAGE - 0x100 };
}

static void sign(void)
{
	params()->sum64 = 0;
	params()->sum64 = sum64(0, params(), sizeof(*params()));
}

/* Ends a table of `size` bytes. */
static void end_table(struct acpi_header *table, const char *name,
                      uint32_t size)
{
	memcpy(&table->signature, name, 4);
	table->length = size;
	table->checksum = 0;
	table->checksum = (uint8_t)-byte_sum(table, size);
}

/* ---- what the host tells */

static void ram_is_what_the_host_says(void)
{
	start();
	add_map();
	strcpy(add_area(IGVM_PARAMETER_COMMAND_LINE), "quiet");
	sign();
	machine.fw_cfg.is_present = true;
	EXPECT(igvm_probe_ram(&machine, &handoff));
	EXPECT_STR(machine.door_name, "IGVM file");
	EXPECT_STR(machine.given.cmdline, "quiet");
	EXPECT(machine.given.has_kernel);
	EXPECT_EQ(machine.ram_count, 2);
	EXPECT_EQ(machine.ram[1].base, HIGH_RAM_BASE);
	EXPECT_EQ(machine.ram[1].base + machine.ram[1].size, RAM_END);
	/* Without a map, others tell. */
	start();
	sign();
	EXPECT(!igvm_probe_ram(&machine, &handoff));
	EXPECT(!machine.given.has_kernel);
	/* So it is behind other doors, where nothing is read. */
	start();
	params()->magic = 0;
	*(uint32_t *)add_area(IGVM_PARAMETER_VP_COUNT) = 3;
	handoff.door = DOOR_LINUX;
	EXPECT(!igvm_probe_ram(&machine, &handoff));
	EXPECT(!igvm_probe_cpus(&machine, &handoff));
	EXPECT(machine.door_name == NULL);
}

static void the_file_lies_where_the_blob_may_be(void)
{
	start();
	params()->run_size = DOOR_MAP_END - FILE_BASE + PAGE;
	sign();
	EXPECT_PANIC("igvm: 0x30001000 bytes at 0x10000000: must be pages in "
	             "0x100000 to 0x40000000",
	             igvm_probe_ram(&machine, &handoff));
	start();
	params()->run_offset = -(int64_t)PARAMS;
	sign();
	EXPECT_PANIC("must be pages in 0x100000",
	             igvm_probe_ram(&machine, &handoff));
}

static void cpus_are_counted(void)
{
	start();
	*(uint32_t *)add_area(IGVM_PARAMETER_VP_COUNT) = 3;
	sign();
	EXPECT(igvm_probe_cpus(&machine, &handoff));
	EXPECT_EQ(machine.cpu_count, 3);
	EXPECT_EQ(machine.cpus[2].id, 2);
	EXPECT_STR(machine.cpu_source, "VP count");
	start();
	add_area(IGVM_PARAMETER_VP_COUNT);
	add_area(IGVM_PARAMETER_MADT); /* as the host has not filled it */
	sign();
	EXPECT(!igvm_probe_cpus(&machine, &handoff));
	EXPECT_EQ(machine.cpu_count, 0);
}

/* The PM timer of Hyper-V's machines, at 408 */
static uint32_t count_on(uint16_t port, uint32_t size)
{
	static uint32_t count;

	EXPECT(port == 0x408 && size == 4);
	return count++;
}

/* Behind other doors nothing is tried. */
static void the_hosts_pm_block_is_looked_for(void)
{
	start();
	*(uint32_t *)add_area(IGVM_PARAMETER_VP_COUNT) = 1;
	sign();
	machine.platform = MACHINE_PLATFORM_BARE;
	fake_cpu.in = count_on;
	EXPECT(igvm_probe_cpus(&machine, &handoff));
	EXPECT_EQ(machine.pc.pm.base, 0x400);
	start();
	handoff.door = DOOR_RESET;
	machine.platform = MACHINE_PLATFORM_BARE;
	fake_cpu.in = count_on;
	EXPECT(!igvm_probe_cpus(&machine, &handoff));
	EXPECT_EQ(machine.pc.pm.base, 0);
}

static void add_madt(void)
{
	struct {
		struct acpi_madt madt;
		struct acpi_madt_lapic cpus[4];
	} PACKED *table = add_area(IGVM_PARAMETER_MADT);

	for (uint8_t i = 0; i < 4; i++)
		table->cpus[i] = (struct acpi_madt_lapic){
			.type = ACPI_MADT_LAPIC,
			.length = sizeof(table->cpus[i]),
			.apic_id = i,
			.flags = ACPI_MADT_CPU_ENABLED,
		};
	end_table((struct acpi_header *)table, "APIC", sizeof(*table));
}

/* CPU 3 is in node 1, as is RAM from 128 MiB on. */
static void add_srat(void)
{
	struct {
		struct acpi_srat srat;
		struct acpi_srat_lapic cpu;
		struct acpi_srat_memory memory;
	} PACKED *table = add_area(IGVM_PARAMETER_SRAT);

	table->cpu = (struct acpi_srat_lapic){
		.type = ACPI_SRAT_LAPIC,
		.length = sizeof(table->cpu),
		.proximity_domain_low = 1,
		.apic_id = 3,
		.flags = ACPI_SRAT_ENABLED,
	};
	table->memory = (struct acpi_srat_memory){
		.type = ACPI_SRAT_MEMORY,
		.length = sizeof(table->memory),
		.proximity_domain = 1,
		.base = 0x8000000,
		.size = RAM_END - 0x8000000,
		.flags = ACPI_SRAT_ENABLED,
	};
	end_table((struct acpi_header *)table, "SRAT", sizeof(*table));
}

static void tables_tell_more(void)
{
	start();
	add_map();
	*(uint32_t *)add_area(IGVM_PARAMETER_VP_COUNT) = 2;
	add_madt();
	add_srat();
	sign();
	own_id = 2;
	EXPECT(igvm_probe_ram(&machine, &handoff));
	EXPECT(igvm_probe_cpus(&machine, &handoff));
	EXPECT_STR(machine.cpu_source, "MADT");
	EXPECT_EQ(machine.cpu_count, 4);
	EXPECT_EQ(machine.cpus[0].id, 2);
	EXPECT_EQ(machine.cpus[3].id, 3);
	EXPECT_EQ(machine.cpus[3].node, 1);
	EXPECT_EQ(machine.node_count, 2);
	EXPECT_EQ(machine.ram_count, 3);
	EXPECT_EQ(machine.ram[2].base, 0x8000000);
	EXPECT_EQ(machine.ram[2].node, 1);
}

static void a_table_has_its_own_fields(void)
{
	start();
	end_table(add_area(IGVM_PARAMETER_MADT), "APIC",
	          sizeof(struct acpi_madt) - 1);
	sign();
	EXPECT_PANIC("acpi: host's table at 0x10012000: 0x2b bytes, at least "
	             "0x2c",
	             igvm_probe_cpus(&machine, &handoff));
	start();
	end_table(add_area(IGVM_PARAMETER_MADT), "APIC", PAGE);
	((struct acpi_header *)paddr_ptr(AREAS))->length = PAGE + 1;
	sign();
	EXPECT_PANIC("acpi: VMM's table: 0x1001 bytes",
	             igvm_probe_cpus(&machine, &handoff));
}

/* OpenVMM's, as it really is: two CPUs, 512 MiB, 64 random bytes. */
static void *add_tree(void)
{
	struct trees_blob blob = trees_load("host-openvmm");
	void *area = add_area(IGVM_PARAMETER_DEVICE_TREE);

	EXPECT(blob.size <= PAGE);
	memcpy(area, blob.data, blob.size);
	free(blob.data);
	return area;
}

static void a_tree_tells_without_tables(void)
{
	start();
	add_tree();
	sign();
	own_id = 1;
	EXPECT(igvm_probe_ram(&machine, &handoff));
	EXPECT_EQ(machine.ram_count, 1);
	EXPECT(igvm_probe_cpus(&machine, &handoff));
	EXPECT_STR(machine.cpu_source, "device tree");
	EXPECT_EQ(machine.cpu_count, 2);
	EXPECT_EQ(machine.cpus[0].id, 1);
	/* One that the host has not filled is none. */
	start();
	add_area(IGVM_PARAMETER_DEVICE_TREE);
	sign();
	EXPECT(!igvm_probe_ram(&machine, &handoff));
}

static void a_tree_has_the_boot_cpu(void)
{
	start();
	add_tree();
	sign();
	own_id = 7;
	EXPECT(igvm_probe_ram(&machine, &handoff));
	EXPECT_PANIC("fdt: CPUs: none of 2 is 0x7, which runs",
	             igvm_probe_cpus(&machine, &handoff));
}

static void beside_tables_a_tree_tells_of_the_rest(void)
{
	start();
	add_map();
	add_tree();
	add_madt();
	sign();
	EXPECT(igvm_probe_ram(&machine, &handoff));
	EXPECT_EQ(machine.ram_count, 2);
	EXPECT_EQ(machine.cpu_count, 0); /* of the tree's nothing is left */
	EXPECT_EQ(machine.node_count, 0);
	EXPECT(machine.host.is_hyperv);
	EXPECT(igvm_probe_cpus(&machine, &handoff));
	EXPECT_STR(machine.cpu_source, "MADT");
	EXPECT_EQ(machine.cpu_count, 4);
}

static bool has_bytes(const void *from, uint32_t size, const uint8_t *wanted,
                      uint32_t wanted_size)
{
	return memmem(from, size, wanted, wanted_size) != NULL;
}

static void its_random_bytes_are_the_kernels(void)
{
	const struct setup_data *seed = paddr_ptr(SEED_BASE);
	uint8_t bytes[64];
	void *tree;

	start();
	tree = add_tree();
	sign();
	EXPECT(igvm_probe_ram(&machine, &handoff));
	EXPECT_EQ(machine.pc.setup_data_paddr, SEED_BASE);
	EXPECT_EQ(seed->type, SETUP_RNG_SEED);
	EXPECT_EQ(seed->len, sizeof(bytes));
	EXPECT_EQ(seed->next, 0);
	memcpy(bytes, seed + 1, sizeof(bytes));
	EXPECT_EQ(bytes[63], 0xe7);
	EXPECT(!has_bytes(tree, PAGE, bytes, 8));
}

/* ---- what is kept */

static enum memory_type type_at(paddr_t paddr)
{
	const struct memory_step *step = memory.steps;

	while (step != memory.end && step[1].base <= paddr)
		step++;
	return (enum memory_type)memory_range(step).type;
}

static void claim(void)
{
	machine.ram_count = 1;
	machine.ram[0] = (struct machine_ram){ .base = HIGH_RAM_BASE,
		                               .size = RAM_END - HIGH_RAM_BASE,
		                               .type = MEMORY_RAM };
	memory_init(&memory, &machine);
	igvm_claim(&memory, &handoff);
}

static void what_a_restart_needs_is_kept(void)
{
	const uint8_t *entry = paddr_ptr(FILE_BASE + BLOB_ENTRY32);
	uint32_t distance;

	start();
	add_map();
	add_area(IGVM_PARAMETER_VP_COUNT);
	claim();
	/* The page of the entry, the parameters, the GDT and the tables */
	EXPECT_EQ(type_at(FILE_BASE), MEMORY_RAM);
	EXPECT_EQ(type_at(FILE_BASE + BLOB_ENTRY32 - 1), MEMORY_RAM);
	EXPECT_EQ(type_at(FILE_BASE + BLOB_ENTRY32), MEMORY_RESERVED);
	EXPECT_EQ(type_at(FILE_BASE + BLOB_ENTRY32 + PAGE), MEMORY_RAM);
	EXPECT_EQ(type_at(PARAMS - 1), MEMORY_RAM);
	EXPECT_EQ(type_at(PARAMS), MEMORY_RESERVED);
	EXPECT_EQ(type_at(AREAS - 1), MEMORY_RESERVED);
	EXPECT_EQ(type_at(AREAS), MEMORY_RAM);
	EXPECT_EQ(type_at(AREAS + 2 * PAGE - 1), MEMORY_RAM);
	EXPECT_EQ(type_at(AREAS + 2 * PAGE), MEMORY_RESERVED);
	EXPECT_EQ(type_at(FILE_END - 1), MEMORY_RESERVED);
	EXPECT_EQ(type_at(FILE_END), MEMORY_RAM);
	/* None of it is free while it is read. */
	EXPECT(!memory_is_free(&memory, FILE_BASE, 1));
	EXPECT(!memory_is_free(&memory, AREAS, 1));
	EXPECT(!memory_is_free(&memory, FILE_END - 1, 1));
	EXPECT(memory_is_free(&memory, FILE_END, PAGE));
	EXPECT(memory_is_free(&memory, FILE_BASE - PAGE, PAGE));
	memcpy(&distance, entry + 1, sizeof(distance));
	EXPECT_EQ(entry[0], 0xe9);
	EXPECT_EQ(distance, (uint32_t)(paddr_of(igvm_again) - BLOB_VADDR -
	                               BLOB_ENTRY32 - 5));
}

static void what_is_behind_the_last_area_is_kept(void)
{
	start();
	add_map();
	claim();
	EXPECT_EQ(type_at(AREAS), MEMORY_RAM);
	EXPECT_EQ(type_at(AREAS + PAGE - 1), MEMORY_RAM);
	EXPECT_EQ(type_at(AREAS + PAGE), MEMORY_RESERVED);
	/* Areas may come in any order, and one may be large. */
	start();
	add_area(IGVM_PARAMETER_MADT);
	add_map();
	params()->areas[0].offset += 3 * PAGE;
	params()->areas[0].size = 5 * PAGE;
	claim();
	EXPECT_EQ(type_at(AREAS), MEMORY_RESERVED);
	EXPECT_EQ(type_at(AREAS + PAGE), MEMORY_RAM);
	EXPECT_EQ(type_at(AREAS + 8 * PAGE - 1), MEMORY_RAM);
	EXPECT_EQ(type_at(AREAS + 8 * PAGE), MEMORY_RESERVED);
}

static void without_areas_all_behind_the_blob_is_kept(void)
{
	start();
	claim();
	EXPECT_EQ(type_at(PARAMS), MEMORY_RESERVED);
	EXPECT_EQ(type_at(AREAS), MEMORY_RESERVED);
	EXPECT_EQ(type_at(FILE_END - 1), MEMORY_RESERVED);
	/* Nothing is claimed behind other doors. */
	start();
	handoff.door = DOOR_PVH;
	claim();
	EXPECT(memory_is_free(&memory, HIGH_RAM_BASE, RAM_END - HIGH_RAM_BASE));
}

/* ---- what this image lacks */

static void no_other_vmm_is_known(void)
{
	struct machine before;

	start();
	machine.given.cmdline = "virtio_mmio.device=4K@0xd0000000:5";
	before = machine;
	named_probe(&machine);
	EXPECT(!mptable_probe(&machine) && !vmm_acpi_probe(&machine));
	EXPECT_EQ(vmm_acpi_rsdp(&machine), 0);
	EXPECT(memcmp(&machine, &before, MACHINE_CLEAR_SIZE) == 0);
	EXPECT_PANIC("acpi: acpi=vmm: not from an IGVM file",
	             acpi_loader_run(&machine.fw_cfg, &memory, NULL, NULL));
	given_read(&machine, &handoff);
	EXPECT(memcmp(&machine, &before, MACHINE_CLEAR_SIZE) == 0);
	handoff.given_paddr = 0x6000;
	handoff.door = DOOR_LINUX;
	EXPECT_PANIC("igvm: no parameters at 0x6000",
	             given_read(&machine, &handoff));
	handoff.door = DOOR_PVH;
	EXPECT_PANIC("igvm: no parameters at 0x6000",
	             given_read(&machine, &handoff));
	EXPECT_PANIC("igvm: nobody tells of RAM", ram_try(&machine));
	EXPECT_PANIC("igvm: not on microvm", microvm_probe(&machine));
}

/* A host of IGVM files has no such devices, and its kernels have ACPI. */
static void nothing_is_written_of_what_there_is_not(void)
{
	struct acpi acpi = { 0 }, before = acpi;

	start();
	no_acpi_write(NULL, 0, &machine);
	acpi_append_virtio_mmio(&acpi, &machine);
	acpi_append_ged(&acpi, &machine.ged);
	EXPECT(memcmp(&acpi, &before, sizeof(acpi)) == 0);
}

static void neither_zstd_nor_a_disk_is_known(void)
{
	struct disks disks = { 0 };
	struct disk disk = { 0 };

	start();
	machine.virtio_mmio_count = 1;
	EXPECT_PANIC("zstd: not in the image for IGVM files, which has LZ4",
	             zstd_decode_frame(NULL, NULL, 0, NULL, 0));
	EXPECT(!disks_next(&disks, &machine, &disk));
	EXPECT(!disk_read_head(&disk));
	disk_close(&disk);
	EXPECT_PANIC("bug", disk_read(&disk, 0, 0, 1));
}

int main(int argc, char **argv)
{
	(void)argc;
	trees_init(argv[0]);
	if (!fake_ram_map(FILE_BASE, FILE_END) ||
	    !fake_ram_map(SEED_BASE, ZERO_PAGE_BASE))
		return fake_ram_skip("test_igvm_x86");
	RUN(ram_is_what_the_host_says);
	RUN(the_file_lies_where_the_blob_may_be);
	RUN(cpus_are_counted);
	RUN(the_hosts_pm_block_is_looked_for);
	RUN(tables_tell_more);
	RUN(a_table_has_its_own_fields);
	RUN(a_tree_tells_without_tables);
	RUN(a_tree_has_the_boot_cpu);
	RUN(beside_tables_a_tree_tells_of_the_rest);
	RUN(its_random_bytes_are_the_kernels);
	RUN(what_a_restart_needs_is_kept);
	RUN(what_is_behind_the_last_area_is_kept);
	RUN(without_areas_all_behind_the_blob_is_kept);
	RUN(no_other_vmm_is_known);
	RUN(nothing_is_written_of_what_there_is_not);
	RUN(neither_zstd_nor_a_disk_is_known);
	return test_status();
}
