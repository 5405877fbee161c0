/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_describe_arm.c - all that a kernel of AArch64 reads, in place
 *
 * The machines are those of VMMs' trees, but with RAM where the test has it. A
 * pattern fills RAM: only what was claimed may change.
 */
#include <stdlib.h>
#include <string.h>

#include <efi.h>
#include <libfdt.h>

#include "arch/aarch64/describe/dt_build.h"
#include "arch/aarch64/memmap.h"
#include "common/arch.h"
#include "common/describe/ledger.h"
#include "common/lib/sum64.h"
#include "common/spec/acpi.h"
#include "common/spec/linux_arm64.h"
#include "common/spec/smbios.h"
#include "common/spec/table_loader.h"
#include "tests/unit/fake_arm.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"
#include "tests/unit/trees.h"

#define MIB      0x100000ULL
#define RAM      0x40000000ULL
#define RAM_SIZE (48 * MIB)
#define KERNEL   (RAM + 18 * MIB)
#define INITRD   (RAM + 16 * MIB)
#define PATTERN  0xa5

static struct machine machine;
static struct memory memory;
static struct payload payload;
static struct guest guest;
static struct ledger ledger;
static char cmdline[] = "root=/dev/vda";
static paddr_t fdt;

static void start(const char *tree_name)
{
	trees_fill_machine(&machine, tree_name);
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	memset(&ledger, 0, sizeof(ledger));
	memset(paddr_ptr(RAM), PATTERN, RAM_SIZE);
	fake_arm_clear();
	fake_arm.counter_hz = 62500000;
	fake_map_clear();
	machine.ram_count = 1;
	machine.ram[0] =
		(struct machine_ram){ RAM, RAM_SIZE, MEMORY_RAM, 0, 0 };
	memory_init(&memory, &machine);
	memory_claim(&memory, "kernel", KERNEL, 2 * MIB, MEMORY_RAM);
	memory_claim(&memory, "initrd", INITRD, 0x1234, MEMORY_RAM);
	guest = (struct guest){
		.kernel = { .entry = KERNEL, .base = KERNEL, .size = 2 * MIB },
		.initrd = { INITRD, 0x1234 },
		.cmdline = { .text = cmdline, .size = sizeof(cmdline) - 1 },
	};
}

static void describe(void)
{
	fdt = arch_describe(&machine, &payload, &guest, &memory, &ledger);
}

static struct memory_range range_at(paddr_t paddr)
{
	const struct memory_step *step = memory.steps;

	while (paddr - step->base >= step[1].base - step->base)
		step++;
	return memory_range(step);
}

static void expect_rest_untouched(void)
{
	for (const struct memory_step *step = memory.steps; step != memory.end;
	     step++) {
		const struct memory_range range = memory_range(step);

		/* What ACPI tables do not need is given back, and zero. */
		if (range.type == MEMORY_RAM && !range.is_claimed &&
		    range_at(range.base - 1).type != MEMORY_ACPI)
			EXPECT(fake_ram_is(range.base, range.base + range.size,
			                   PATTERN));
	}
	EXPECT(fake_ram_is(KERNEL, KERNEL + 2 * MIB, PATTERN));
	EXPECT(fake_ram_is(INITRD, INITRD + 0x1234, PATTERN));
}

/* booting.rst, "Setup the device tree" */
static void expect_tree(void)
{
	uint32_t size = fdt_totalsize(paddr_ptr(fdt));

	EXPECT_EQ(fdt % LINUX_FDT_ALIGN, 0);
	EXPECT(size <= LINUX_FDT_SIZE_MAX);
	EXPECT_EQ(fdt_check_full(paddr_ptr(fdt), size), 0);
	EXPECT(range_at(fdt).is_claimed);
	EXPECT(range_at(fdt + size - 1).is_claimed);
	EXPECT(fake_map_has(fdt, size));
	EXPECT(fdt >= KERNEL + 2 * MIB);
}

static uint64_t chosen(const char *name)
{
	int size = 0;
	int node = fdt_path_offset(paddr_ptr(fdt), "/chosen");
	const void *value = fdt_getprop(paddr_ptr(fdt), node, name, &size);

	EXPECT(value != NULL && (size == 4 || size == 8));
	if (!value)
		return 0;
	return size == 4 ? fdt32_ld(value) : fdt64_ld(value);
}

/* The descriptors are the memory map, range by range. */
static void expect_efi_map(void)
{
	const EFI_MEMORY_DESCRIPTOR *map =
		paddr_ptr(chosen("linux,uefi-mmap-start"));
	uint64_t count = chosen("linux,uefi-mmap-size") / sizeof(*map);
	paddr_t end = RAM;

	EXPECT_EQ(chosen("linux,uefi-mmap-desc-size"), sizeof(*map));
	for (uint64_t i = 0; i < count; i++) {
		bool is_acpi = map[i].Type == EfiACPIReclaimMemory;

		EXPECT_EQ(map[i].PhysicalStart, end);
		EXPECT_EQ(range_at(end).type,
		          is_acpi ? MEMORY_ACPI : MEMORY_RAM);
		end += map[i].NumberOfPages * 4096;
	}
	EXPECT_EQ(end, RAM + RAM_SIZE);
	EXPECT_EQ(range_at(paddr_of(map)).type, MEMORY_ACPI);
}

static bool sums_to_zero(const uint8_t *bytes, uint32_t size)
{
	uint8_t sum = 0;

	for (uint32_t i = 0; i < size; i++)
		sum += bytes[i];
	return sum == 0;
}

static void expect_acpi(void)
{
	const EFI_SYSTEM_TABLE *system =
		paddr_ptr(chosen("linux,uefi-system-table"));
	const EFI_CONFIGURATION_TABLE *table = system->ConfigurationTable;
	const struct acpi_rsdp *rsdp = table[0].VendorTable;
	const struct acpi_header *xsdt = paddr_ptr(rsdp->xsdt_address);

	EXPECT_EQ(range_at(paddr_of(system)).type, MEMORY_ACPI);
	EXPECT_EQ(range_at(paddr_of(rsdp)).type, MEMORY_ACPI);
	EXPECT(sums_to_zero((const void *)rsdp, sizeof(*rsdp)));
	EXPECT(sums_to_zero((const void *)xsdt, xsdt->length));
	for (uint32_t at = sizeof(*xsdt); at < xsdt->length; at += 8) {
		const struct acpi_header *one =
			paddr_ptr(load_le64((const uint8_t *)xsdt + at));
		paddr_t last = paddr_of(one) + one->length - 1;

		EXPECT_EQ(range_at(paddr_of(one)).type, MEMORY_ACPI);
		EXPECT_EQ(range_at(last).type, MEMORY_ACPI);
		EXPECT(sums_to_zero((const void *)one, one->length));
	}
	EXPECT_EQ(chosen("linux,initrd-start"), INITRD);
	EXPECT_EQ(chosen("linux,initrd-end"), INITRD + 0x1234);
}

/* DSP0134, section 5.2.2: the entry point, which the last table is */
static const struct smbios3_anchor *anchor(void)
{
	const EFI_SYSTEM_TABLE *system =
		paddr_ptr(chosen("linux,uefi-system-table"));

	return system->ConfigurationTable[system->NumberOfTableEntries - 1]
	        .VendorTable;
}

static void expect_smbios(void)
{
	paddr_t tables = anchor()->table_paddr;

	EXPECT(!memcmp(anchor()->anchor, "_SM3_", 5));
	EXPECT(sums_to_zero((const void *)anchor(), sizeof(*anchor())));
	EXPECT_EQ(range_at(paddr_of(anchor())).type, MEMORY_ACPI);
	EXPECT_EQ(range_at(tables).type, MEMORY_ACPI);
	EXPECT_EQ(range_at(tables + anchor()->table_max_size - 1).type,
	          MEMORY_ACPI);
	EXPECT_EQ(*(uint8_t *)paddr_ptr(tables), SMBIOS_BIOS);
}

/*
 * From the EFI map to the last table, all is one area, which a kernel sees
 * without caches at first. What is behind is the kernel's.
 */
static void expect_small_area(void)
{
	const struct memory_range area =
		range_at(chosen("linux,uefi-mmap-start"));
	paddr_t end = anchor()->table_paddr + anchor()->table_max_size;

	EXPECT_EQ(area.base, chosen("linux,uefi-mmap-start"));
	EXPECT_EQ(area.size, align_up(end - area.base, EFI_PAGE_ALIGN));
	EXPECT_EQ(fake_arm.cleaned_lines, area.size / FAKE_ARM_LINE);
	EXPECT_EQ(fake_arm.cleaned[0], area.base);
	EXPECT_EQ(range_at(area.base + area.size).type, MEMORY_RAM);
	EXPECT(!range_at(area.base + area.size).is_claimed);
}

static bool is_stub(void)
{
	return fdt_path_offset(paddr_ptr(fdt), "/cpus") < 0;
}

static void each_machine_is_described(void)
{
	for (uint32_t i = 0; i < TREES_COUNT; i++) {
		start(trees_name(i));
		describe();
		expect_tree();
		expect_rest_untouched();
		/* ACPI has no name for CAM, nor for edges of PCI. */
		EXPECT_EQ(is_stub(), strcmp(trees_name(i), "crosvm") != 0 &&
		                             strcmp(trees_name(i), "soc") != 0);
		if (!is_stub())
			continue;
		expect_efi_map();
		expect_acpi();
		expect_smbios();
		expect_small_area();
	}
}

static void each_machine_has_a_tree(void)
{
	for (uint32_t i = 0; i < TREES_COUNT; i++) {
		start(trees_name(i));
		payload.options.wants_device_tree = true;
		describe();
		expect_tree();
		expect_rest_untouched();
		EXPECT(!is_stub());
		EXPECT_EQ(chosen("linux,initrd-start"), INITRD);
	}
}

/* UEFI 2.10 section 4.2: the checksum is that of ANSI X3.66. */
static void the_cpu_makes_the_same_checksums(void)
{
	static uint8_t tables[EFI_TABLES_SIZE];
	const void *at = paddr_ptr(RAM + EFI_TABLES_OFFSET);

	start("qemu-gicv2");
	describe();
	EXPECT_EQ(fake_arm.crc32_words, 0);
	memcpy(tables, at, sizeof(tables));
	start("qemu-gicv2");
	fake_arm.has_crc32 = true;
	describe();
	EXPECT(fake_arm.crc32_words != 0);
	EXPECT(!memcmp(tables, at, sizeof(tables)));
	EXPECT(!fake_ram_is(paddr_of(at), paddr_of(at) + sizeof(tables),
	                    PATTERN));
}

static void give_tree(const struct trees_blob *blob)
{
	payload.dtb = (struct source){
		.kind = SOURCE_MEMORY,
		.data = blob->data,
		.stored_size = blob->size,
		.size = blob->size,
		.has_checksum = true,
		.sum64 = sum64(0, blob->data, blob->size),
	};
}

static void the_largest_tree_leaves_room_for_ours(void)
{
	uint64_t largest;

	start("qemu-gicv2");
	largest = LINUX_FDT_SIZE_MAX - dt_full_size(&machine);
	EXPECT_EQ(dt_given_size(&machine, largest), LINUX_FDT_SIZE_MAX);
	EXPECT_PANIC("bytes: with ours more than 0x200000",
	             dt_given_size(&machine, largest + 1));
}

/* As much as README.md says that a tree grows by */
static void each_part_of_a_tree_has_its_room(void)
{
	uint32_t size;

	start("qemu-gicv2");
	machine.cpu_count = machine.ram_count = 1;
	machine.node_count = 0;
	size = dt_full_size(&machine);
	EXPECT_EQ(size, FULL_FDT_SIZE + FULL_FDT_CPU_SIZE + FULL_FDT_RAM_SIZE +
	                        MACHINE_VIRTIO_MMIO_MAX * FULL_FDT_SLOT_SIZE);
	machine.cpu_count = 5;
	EXPECT_EQ(dt_full_size(&machine), size + 4 * FULL_FDT_CPU_SIZE);
	machine.ram_count = 8;
	EXPECT_EQ(dt_full_size(&machine),
	          size + 4 * FULL_FDT_CPU_SIZE + 7 * FULL_FDT_RAM_SIZE);
	machine.cpu_count = machine.ram_count = 1;
	machine.node_count = 4;
	EXPECT_EQ(dt_full_size(&machine), size + 16 * FULL_FDT_DISTANCE_SIZE);
	/* Of 9 times 12 bytes, it is a multiple of 8. */
	machine.node_count = 3;
	EXPECT_EQ(dt_full_size(&machine), size + 112);
}

static void the_bundles_tree_is_passed_on(void)
{
	struct trees_blob blob = trees_load("soc");

	start("qemu-gicv2");
	give_tree(&blob);
	describe();
	expect_tree();
	EXPECT(fdt_path_offset(paddr_ptr(fdt), "/soc") > 0);
	EXPECT_EQ(chosen("linux,initrd-start"), INITRD);
	start("qemu-gicv2");
	give_tree(&blob);
	blob.data[blob.size - 1] ^= 1;
	EXPECT_PANIC("dtb: sum of ", describe());
	start("qemu-gicv2");
	give_tree(&blob);
	payload.dtb.size = LINUX_FDT_SIZE_MAX;
	EXPECT_PANIC("dtb: 0x200000 bytes: with ours more than 0x200000",
	             describe());
	payload.dtb.size = UINT64_MAX;
	EXPECT_PANIC("dtb: 0xffffffffffffffff bytes: with ours", describe());
	payload.dtb.size = -(uint64_t)FULL_FDT_SIZE;
	EXPECT_PANIC("bytes: with ours more than 0x200000", describe());
	payload.dtb.size = 1UL << 32;
	EXPECT_PANIC("dtb: 0x100000000 bytes: with ours", describe());
	free(blob.data);
}

/* As much of everything as struct machine has room for. */
static void make_large(void)
{
	start("qemu-gicv3-its-smmu-numa");
	for (uint32_t i = 0; i < MACHINE_CPU_MAX; i++)
		machine.cpus[i] = (struct machine_cpu){
			.id = i,
			.node = i % MACHINE_NODE_MAX,
			.place = MACHINE_PLACE(i / 64, i / 8 % 8, i % 8),
		};
	machine.cpu_count = MACHINE_CPU_MAX;
	machine.has_cpu_places = true;
	machine.node_count = MACHINE_NODE_MAX;
	machine.has_distances = true;
	memset(machine.distances, 20, sizeof(machine.distances));
	machine.virtio_mmio_count = MACHINE_VIRTIO_MMIO_MAX;
	for (uint32_t i = 0; i < MACHINE_VIRTIO_MMIO_MAX; i++)
		machine.virtio_mmio[i] = (struct machine_virtio_mmio){
			.paddr = 0xa000000 + i * 0x10000,
			.size = 0x200,
			.gsi = 48 + 2 * i,
		};
	machine.pci_route_count = MACHINE_PCI_ROUTE_MAX;
	for (uint32_t i = 0; i < MACHINE_PCI_ROUTE_MAX; i++)
		machine.pci_routes[i] = (struct machine_pci_route){
			.slot = i / 4 % 32,
			.pin = i % 4,
			.gsi = 40 + i,
		};
	for (uint32_t i = 1; i < MACHINE_PCI_HOST_MAX; i++)
		machine.pci_hosts[i] = machine.pci_hosts[0];
	machine.pci_host_count = MACHINE_PCI_HOST_MAX;
	for (uint32_t i = 0; i < MACHINE_PCI_HOST_MAX; i++) {
		struct machine_pci_host *host = &machine.pci_hosts[i];

		host->segment = i;
		host->intx_count = 0;
		host->route_first = i * 31;
		host->route_count = 31;
	}
}

static void the_largest_machine_has_room(void)
{
	make_large();
	describe();
	expect_tree();
	expect_efi_map();
	expect_acpi();
	make_large();
	payload.options.wants_device_tree = true;
	describe();
	expect_tree();
	EXPECT(!is_stub());
}

static void without_room_it_panics(void)
{
	start("qemu-gicv2");
	memory_set(&memory, RAM, RAM_SIZE, MEMORY_RESERVED);
	EXPECT_PANIC("acpi: 0x", describe());
	start("qemu-gicv2");
	payload.options.wants_device_tree = true;
	memory_set(&memory, RAM, RAM_SIZE, MEMORY_RESERVED);
	EXPECT_PANIC("fdt: 0x", describe());
}

static uint8_t vmms_rsdp[ACPI_RSDP_V1_SIZE + 16], vmms_tables[256];

/* A script of QEMU's, in short: two files, of which one points to the other. */
static const struct table_loader_entry script[] = {
	{ .command = TABLE_LOADER_ALLOCATE,
	  .allocate = { "etc/acpi/rsdp", 16, TABLE_LOADER_ZONE_FSEG } },
	{ .command = TABLE_LOADER_ALLOCATE,
	  .allocate = { "etc/acpi/tables", 64, TABLE_LOADER_ZONE_HIGH } },
	{ .command = TABLE_LOADER_ADD_POINTER,
	  .add_pointer = { "etc/acpi/rsdp", "etc/acpi/tables", 24, 8 } },
	{ .command = TABLE_LOADER_ADD_CHECKSUM,
	  .add_checksum = { "etc/acpi/rsdp", 8, 0, sizeof(vmms_rsdp) } },
};

/* They have one XSDT, which lists nothing. */
static void give_tables(const char *tree_name)
{
	static uint8_t smbios[128] = { 1 };
	struct acpi_header xsdt = { .length = sizeof(xsdt) };

	start(tree_name);
	payload.options.wants_vmm_acpi = true;
	memset(vmms_rsdp, 0, sizeof(vmms_rsdp));
	memcpy(vmms_rsdp, "RSD PTR ", 8);
	xsdt.checksum = -(uint8_t)xsdt.length;
	memcpy(vmms_tables, &xsdt, sizeof(xsdt));
	fake_fw_cfg_clear();
	fake_fw_cfg_add_file("etc/table-loader", (void *)script, sizeof(script),
	                     false);
	fake_fw_cfg_add_file("etc/acpi/rsdp", vmms_rsdp, sizeof(vmms_rsdp),
	                     false);
	fake_fw_cfg_add_file("etc/acpi/tables", vmms_tables,
	                     sizeof(vmms_tables), false);
	machine.fw_cfg.is_present = true;
	fw_cfg_open(&machine.fw_cfg);
	machine.smbios =
		(struct machine_range){ paddr_of(smbios), sizeof(smbios) };
}

/* They are, too, where ACPI of ours cannot describe the machine. */
static void the_vmms_tables_are_loaded(void)
{
	const struct acpi_rsdp *rsdp = paddr_ptr(RAM + ACPI_OFFSET);

	for (uint32_t i = 0; i < TREES_COUNT; i++) {
		give_tables(trees_name(i));
		describe();
		expect_tree();
		expect_rest_untouched();
		EXPECT(is_stub());
		expect_efi_map();
		expect_acpi();
		EXPECT_EQ(rsdp->xsdt_address % 64, 0);
		EXPECT(!memcmp(paddr_ptr(rsdp->xsdt_address), vmms_tables,
		               sizeof(vmms_tables)));
	}
	give_tables("qemu-gicv2");
	payload.options.wants_device_tree = true;
	describe();
	EXPECT(!is_stub());
}

static void vmms_tables_are_refused(void)
{
	start("qemu-gicv2");
	payload.options.wants_vmm_acpi = true;
	EXPECT_PANIC("acpi: acpi=vmm: the VMM has no tables", describe());
	give_tables("qemu-gicv2");
	machine.smbios.size = ACPI_SIZE - 64;
	EXPECT_PANIC("smbios: 0x", describe());
	machine.smbios.size = UINT32_MAX;
	EXPECT_PANIC("smbios: 0x", describe());
}

/* It may be low, or high, or anywhere. */
static void it_goes_where_there_is_room(void)
{
	start("qemu-gicv2");
	memory_claim(&memory, "test", RAM, 16 * MIB, MEMORY_RAM);
	memory_claim(&memory, "test", KERNEL + 2 * MIB, RAM_SIZE - 24 * MIB,
	             MEMORY_RAM);
	describe();
	expect_tree();
	expect_efi_map();
	expect_acpi();
}

/* Behind the area there may be what another stage has claimed. */
static void what_is_behind_the_area_stays_claimed(void)
{
	const paddr_t behind = RAM + ACPI_OFFSET + ACPI_SIZE;

	start("qemu-gicv2");
	memory_claim(&memory, "test", behind, MIB, MEMORY_RAM);
	describe();
	EXPECT(range_at(behind).is_claimed);
	EXPECT_EQ(range_at(behind).size, MIB);
	EXPECT(!range_at(behind - 1).is_claimed);
}

/* A tree is at a multiple of 2 MiB: behind the kernel, or before it. */
static void a_tree_is_behind_the_kernel_if_it_can(void)
{
	start("qemu-gicv2");
	guest.kernel.base = RAM + 29 * MIB;
	memory_claim(&memory, "test", RAM + 29 * MIB, 2 * MIB, MEMORY_RAM);
	describe();
	EXPECT_EQ(fdt, RAM + 32 * MIB);
	start("qemu-gicv2");
	memory_claim(&memory, "test", KERNEL + 2 * MIB, RAM_SIZE - 20 * MIB,
	             MEMORY_RAM);
	describe();
	EXPECT_EQ(fdt, RAM);
	EXPECT(fake_map_has(fdt, STUB_FDT_SIZE));
}

/* The room that the blob's own tables would have is all that there is. */
static void the_vmms_structures_may_fill_the_area(void)
{
	uint64_t used, largest;
	uint8_t *bytes = calloc(1, ACPI_SIZE);

	give_tables("qemu-gicv2");
	describe();
	used = anchor()->table_paddr - (RAM + ACPI_OFFSET);
	largest = ACPI_SIZE - used -
	          (anchor()->table_max_size - machine.smbios.size);
	bytes[0] = 1;
	bytes[largest - 1] = 0x77;
	give_tables("qemu-gicv2");
	machine.smbios = (struct machine_range){ paddr_of(bytes), largest };
	describe();
	EXPECT_EQ(anchor()->table_paddr + anchor()->table_max_size,
	          RAM + ACPI_OFFSET + ACPI_SIZE);
	EXPECT_EQ(*(uint8_t *)paddr_ptr(RAM + ACPI_OFFSET + ACPI_SIZE - 1),
	          0x77);
	expect_smbios();
	give_tables("qemu-gicv2");
	machine.smbios = (struct machine_range){ paddr_of(bytes), largest + 1 };
	EXPECT_PANIC("smbios: 0x", describe());
	free(bytes);
}

/* README.md of common/paravisor has the one bundle that a paravisor is in. */
static void a_paravisor_gets_our_tree(void)
{
	struct trees_blob blob = trees_load("soc");

	start("openvmm");
	payload.options.is_paravisor = machine.is_split = true;
	describe();
	expect_tree();
	EXPECT(!is_stub());
	start("openvmm");
	payload.options.is_paravisor = true;
	EXPECT_PANIC("paravisor: a bundle of the VMM: must be the blob's own",
	             describe());
	start("openvmm");
	machine.is_split = true;
	EXPECT_PANIC("paravisor: a bundle of the VMM: must be the blob's own",
	             describe());
	start("openvmm");
	payload.options.is_paravisor = machine.is_split = true;
	give_tree(&blob);
	EXPECT_PANIC("paravisor: a device tree of the bundle: it gets ours",
	             describe());
	free(blob.data);
}

int main(int argc, char **argv)
{
	(void)argc;
	trees_init(argv[0]);
	if (!fake_ram_map(RAM, RAM + RAM_SIZE))
		return fake_ram_skip("test_describe_arm");
	RUN(each_machine_is_described);
	RUN(each_machine_has_a_tree);
	RUN(the_cpu_makes_the_same_checksums);
	RUN(the_largest_tree_leaves_room_for_ours);
	RUN(each_part_of_a_tree_has_its_room);
	RUN(the_bundles_tree_is_passed_on);
	RUN(the_largest_machine_has_room);
	RUN(without_room_it_panics);
	RUN(the_vmms_tables_are_loaded);
	RUN(vmms_tables_are_refused);
	RUN(the_vmms_structures_may_fill_the_area);
	RUN(it_goes_where_there_is_room);
	RUN(what_is_behind_the_area_stays_claimed);
	RUN(a_tree_is_behind_the_kernel_if_it_can);
	RUN(a_paravisor_gets_our_tree);
	return test_status();
}
