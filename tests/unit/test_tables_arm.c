/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_tables_arm.c - ACPI tables of an Arm machine, byte by byte
 *
 * The machine is no VMM's: each of its numbers is another, so that none can
 * stand where another one belongs.
 */
#include "arch/aarch64/describe/acpi_arm.h"
#include "tests/unit/table_bytes.h"
#include "tests/unit/test.h"

#define AREA_BASE 0x40803000

static _Alignas(64) uint8_t area[64 * 1024];
static struct machine machine;
static struct machine_arm *const arm = &machine.arm;
static struct acpi acpi;

static void clear(void)
{
	memset(&machine, 0, sizeof(machine));
	machine.platform = MACHINE_PLATFORM_TREE;
}

static void build_with(const struct acpi_fpdt_times *times)
{
	acpi_begin_area(&acpi, area, AREA_BASE, sizeof(area));
	acpi_arm_build(&acpi, &machine, times);
}

static void build(void)
{
	build_with(NULL);
}

static const uint8_t *at(paddr_t paddr)
{
	return area + (paddr - AREA_BASE);
}

static const uint8_t *find(const char *signature)
{
	for (uint32_t i = 0; i < acpi.table_count; i++) {
		if (memcmp(at(acpi.tables[i]), signature, 4) == 0)
			return at(acpi.tables[i]);
	}
	return NULL;
}

static struct machine_range range(paddr_t base, uint64_t size)
{
	return (struct machine_range){ base, size };
}

/* A machine without anything has these tables; they are in the XSDT. */
static void an_empty_machine_has_five_tables(void)
{
	clear();
	build();
	EXPECT_EQ(acpi.table_count, 4);
	EXPECT(find("FACP") && find("APIC") && find("GTDT") && find("PPTT"));
	EXPECT_TABLE(at(acpi.xsdt_paddr), 1, U64(acpi.tables[0]),
	             U64(acpi.tables[1]), U64(acpi.tables[2]),
	             U64(acpi.tables[3]));
	EXPECT_TABLE(find("APIC"), 5, U32(0), U32(0), /* GICD */
	             0x0c, 24, U16(0), U32(0), U64(0), U32(0), 0, 0, 0, 0);
	/* Scope (_SB) of nothing */
	EXPECT_TABLE(at(acpi.dsdt_paddr), 2, 0x10, LENGTH3(7), '_', 'S', 'B',
	             '_');
}

/* ACPI 6.4, table 5.9: minor version, X_DSDT and ARM_BOOT_ARCH */
static void the_fadt_is_of_6_4(void)
{
	static const uint8_t zeros[276];
	const uint8_t *fadt;

	for (uint32_t i = 0; i < 3; i++) {
		clear();
		arm->has_psci = i >= 1;
		arm->psci_is_hvc = i == 2;
		build();
		fadt = find("FACP");
		EXPECT_EQ(load_le32(fadt + 4), 276);
		EXPECT_EQ(fadt[8], 6);
		EXPECT(!memcmp(fadt + 36, zeros, 112 - 36));
		EXPECT_EQ(load_le32(fadt + 112), 1 << 20);
		EXPECT(!memcmp(fadt + 116, zeros, 129 - 116));
		EXPECT_EQ(load_le16(fadt + 129), i == 2 ? 3 : i);
		EXPECT_EQ(fadt[131], 4);
		EXPECT_EQ(load_le64(fadt + 132), 0);
		EXPECT_EQ(load_le64(fadt + 140), acpi.dsdt_paddr);
		EXPECT(!memcmp(fadt + 148, zeros, 276 - 148));
		EXPECT(!memcmp(at(acpi.dsdt_paddr), "DSDT", 4));
	}
}

/* ACPI 6.4, sections 5.2.12.14 to 5.2.12.18 */
static void a_gicv2_is_told(void)
{
	clear();
	machine.cpu_count = 2;
	machine.cpus[0].id = 0x80000102;
	machine.cpus[1].id = 0x700000304;
	arm->gic_version = MACHINE_GIC_V2;
	arm->gicd = range(0x108000000, 0x10000);
	arm->gicc = range(0x208010000, 0x10000);
	arm->gich = range(0x308030000, 0x10000);
	arm->gicv = range(0x408040000, 0x10000);
	arm->pmu_intid = 23;
	arm->maintenance_intid = 25;
	arm->v2m = range(0x508020000, 0x1000);
	arm->v2m_spi_base = 0x150;
	arm->v2m_spi_count = 0x140;
	build();
	EXPECT_TABLE(
		find("APIC"), 5, U32(0), U32(0), 0x0c, 24, U16(0), U32(0),
		U64(0x108000000), U32(0), 2, 0, 0, 0, /* GICC */
		0x0b, 80, U16(0), U32(0), U32(0), U32(1), U32(0), U32(23),
		U64(0), U64(0x208010000), U64(0x408040000), U64(0x308030000),
		U32(25), U64(0), U64(0x80000102), 0, 0, U16(0), /* GICC */
		0x0b, 80, U16(0), U32(1), U32(1), U32(1), U32(0), U32(23),
		U64(0), U64(0x208010000), U64(0x408040000), U64(0x308030000),
		U32(25), U64(0), U64(0x700000304), 0, 0, U16(0), /* MSI frame */
		0x0d, 24, U16(0), U32(0), U64(0x508020000), U32(1), U16(0x140),
		U16(0x150));
}

static void a_gicv3_is_told(void)
{
	clear();
	arm->gic_version = MACHINE_GIC_V3;
	arm->gicd = range(0x8000000, 0x10000);
	arm->gicr_count = 2;
	arm->gicr[0] = range(0x1080a0000, 0xf60000);
	arm->gicr[1] = range(0x200000000, 0x40000);
	arm->its = range(0x308080000, 0x20000);
	build();
	EXPECT_TABLE(find("APIC"), 5, U32(0), U32(0), 0x0c, 24, U16(0), U32(0),
	             U64(0x8000000), U32(0), 3, 0, 0, 0, /* GICR */
	             0x0e, 16, U16(0), U64(0x1080a0000), U32(0xf60000), 0x0e,
	             16, U16(0), U64(0x200000000), U32(0x40000), /* ITS */
	             0x0f, 20, U16(0), U32(0), U64(0x308080000), U32(0));
}

/* A frame that says itself which SPIs it has */
static void a_frame_may_know_its_spis(void)
{
	clear();
	arm->v2m = range(0x8020000, 0x1000);
	build();
	EXPECT_BYTES_AT(find("APIC") + 36 + 8 + 24, 0x0d, 24, U16(0), U32(0),
	                U64(0x8020000), U32(0), U16(0), U16(0));
}

static void set_timers(uint32_t first)
{
	for (uint32_t i = 0; i < 5; i++)
		arm->timer_intid[i] = first ? first + i : 0;
}

/* ACPI 6.4, section 5.2.24: bit 1 is active low, bit 2 always on. */
static void each_timer_has_its_interrupt(void)
{
	for (uint32_t flags = 0; flags < 4; flags++) {
		uint32_t told = flags << 1;

		clear();
		set_timers(17);
		arm->timer_is_active_low = flags & 1;
		arm->timer_is_always_on = flags & 2;
		build();
		EXPECT_TABLE(find("GTDT"), 3, U64(UINT64_MAX), U32(0), U32(17),
		             U32(told), U32(18), U32(told), U32(19), U32(told),
		             U32(20), U32(told), U64(UINT64_MAX), U32(0),
		             U32(0), U32(21), U32(told));
	}
}

/* Arm DEN0094: 30 and 26 are kept for these timers. */
static void a_timer_that_is_absent_has_its_usual_interrupt(void)
{
	clear();
	arm->timer_is_active_low = true;
	build();
	EXPECT_TABLE(find("GTDT"), 3, U64(UINT64_MAX), U32(0), U32(0), U32(0),
	             U32(30), U32(2), U32(0), U32(0), U32(26), U32(2),
	             U64(UINT64_MAX), U32(0), U32(0), U32(0), U32(0));
}

static void add_cpu(uint32_t node, uint32_t place)
{
	struct machine_cpu *cpu = &machine.cpus[machine.cpu_count];

	cpu->id = machine.cpu_count++;
	cpu->node = node;
	cpu->place = place;
}

/* Type 0, of 20 bytes */
#define PPTT_NODE(flags, parent, uid)                                          \
	0, 20, U16(0), U32(flags), U32(parent), U32(uid), U32(0)
#define PPTT_AT(index) (36 + 20 * (index))

/*
 * ACPI 6.4, section 5.2.29.1: 1 is a package, 2 says that the UID is valid, 4
 * is a thread, 8 a leaf, 16 says that all below are alike.
 */
static void without_places_all_cpus_are_of_one_package(void)
{
	clear();
	add_cpu(0, MACHINE_PLACE(3, 2, 1));
	add_cpu(0, MACHINE_PLACE(2, 2, 1));
	build();
	EXPECT_TABLE(find("PPTT"), 3, PPTT_NODE(1 | 16, 0, 0),
	             PPTT_NODE(2 | 8, PPTT_AT(0), 0),
	             PPTT_NODE(2 | 8, PPTT_AT(0), 1));
}

static void a_cpu_is_below_its_core_cluster_and_package(void)
{
	clear();
	machine.has_cpu_places = true;
	add_cpu(0, MACHINE_PLACE(0, 0, 0)); /* a core of one thread */
	add_cpu(0, MACHINE_PLACE(0, 0, 1)); /* a core of two */
	add_cpu(0, MACHINE_PLACE(0, 0, 1));
	add_cpu(0, MACHINE_PLACE(0, 1, 1)); /* another cluster */
	add_cpu(0, MACHINE_PLACE(1, 1, 1)); /* another package */
	add_cpu(0, MACHINE_PLACE(1, 1, 2));
	add_cpu(0, MACHINE_PLACE(1, 1, 2));
	machine.cpu_count--; /* What is behind the last is nothing. */
	build();
	EXPECT_TABLE(
		find("PPTT"), 3, PPTT_NODE(1, 0, 0),
		PPTT_NODE(0, PPTT_AT(0), 0), PPTT_NODE(2 | 8, PPTT_AT(1), 0),
		PPTT_NODE(0, PPTT_AT(1), 0),
		PPTT_NODE(2 | 8 | 4, PPTT_AT(3), 1),
		PPTT_NODE(2 | 8 | 4, PPTT_AT(3), 2),
		PPTT_NODE(0, PPTT_AT(0), 0), PPTT_NODE(2 | 8, PPTT_AT(6), 3),
		PPTT_NODE(1, 0, 0), PPTT_NODE(0, PPTT_AT(8), 0),
		PPTT_NODE(2 | 8, PPTT_AT(9), 4),
		PPTT_NODE(2 | 8, PPTT_AT(9), 5));
}

/* ACPI 6.4, sections 5.2.16.2 and 5.2.16.4; other memory is not the kernel's */
static void cpus_and_ram_have_their_nodes(void)
{
	clear();
	machine.node_count = 3;
	add_cpu(2, 0);
	add_cpu(1, 0);
	machine.ram[3].type = MEMORY_RAM; /* behind the last one */
	machine.ram_count = 3;
	machine.ram[0] = (struct machine_ram){ 0x140000000, 0x210000000,
		                               MEMORY_RAM, 1, 0 };
	machine.ram[1] = (struct machine_ram){ 0x400000000, 0x10000,
		                               MEMORY_RESERVED, 1, 0 };
	machine.ram[2] = (struct machine_ram){ 0x500000000, 0x20000, MEMORY_RAM,
		                               0x102, 0 };
	build();
	EXPECT_TABLE(find("SRAT"), 3, U32(1), U64(0), /* GICC */
	             3, 18, U32(2), U32(0), U32(1), U32(0), 3, 18, U32(1),
	             U32(1), U32(1), U32(0), /* memory */
	             1, 40, U32(1), U16(0), U64(0x140000000), U64(0x210000000),
	             U32(0), U32(1), U64(0), 1, 40, U32(0x102), U16(0),
	             U64(0x500000000), U64(0x20000), U32(0), U32(1), U64(0));
	/* ACPI 6.4, section 5.2.17: 10 to itself, 20 to any other */
	EXPECT_TABLE(find("SLIT"), 1, U64(3), 10, 20, 20, 20, 10, 20, 20, 20,
	             10);
}

static void distances_are_rows_of_nodes(void)
{
	clear();
	machine.node_count = 2;
	machine.has_distances = true;
	machine.distances[0][0] = 10;
	machine.distances[0][1] = 21;
	machine.distances[0][2] = 99;
	machine.distances[1][0] = 31;
	machine.distances[1][1] = 11;
	build();
	EXPECT_TABLE(find("SLIT"), 1, U64(2), 10, 21, 31, 11);
	machine.node_count = 1;
	build();
	EXPECT(find("SRAT") && !find("SLIT"));
	machine.node_count = 0;
	build();
	EXPECT(!find("SRAT") && !find("SLIT"));
}

static struct machine_pci_host *add_host(void)
{
	struct machine_pci_host *host =
		&machine.pci_hosts[machine.pci_host_count++];

	host->is_express = true;
	host->bus_last = 0xff;
	return host;
}

#define IORT_MAPPING(input, count, output, reference)                          \
	U32(input), U32((count)-1), U32(output), U32(reference), U32(0)
#define ITS_GROUP                                                              \
	0, U16(24), 0, U32(0), U32(0), U32(0), /* one ITS, number 0 */         \
		U32(1), U32(0)

/* Arm DEN0049D: the root complex is type 2; 36 bytes and its mapping. */
#define ROOT_COMPLEX(size, mappings, coherent, flags, segment)                 \
	2, U16(size), 1, U32(0), U32(mappings), U32((mappings)*36),            \
		U32(coherent), 0, U16(0), flags, U32(0), U32(segment), 64, 0,  \
		0, 0
#define SMMU(size, mappings, flags)                                            \
	4, U16(size), 1, U32(0), U32(mappings), U32((mappings)*68),            \
		U64(0x109050000), U32(flags), U32(0), U64(0), U32(0), U32(74), \
		U32(75), U32(77), U32(76), U32(0), U32(0)

static void add_smmu(void)
{
	arm->smmuv3 = range(0x109050000, 0x20000);
	for (uint32_t i = 0; i < 4; i++)
		arm->smmuv3_intid[i] = 74 + i;
}

static void add_mapped_host(uint32_t segment)
{
	struct machine_pci_host *host = add_host();

	host->segment = segment;
	host->msi_map = (struct machine_id_map){ 0x100, 0x30200, 0x8000 };
	host->iommu_map = (struct machine_id_map){ 0x200, 0x40300, 0x9000 };
}

static void messages_go_to_the_its(void)
{
	clear();
	arm->its = range(0x8080000, 0x20000);
	add_mapped_host(0);
	add_host()->segment = 0x10002;
	machine.pci_hosts[1].is_dma_coherent = true;
	build();
	EXPECT_TABLE(find("IORT"), 0, U32(3), U32(48), U32(0), ITS_GROUP,
	             ROOT_COMPLEX(56, 1, 0, 0, 0),
	             IORT_MAPPING(0x100, 0x8000, 0x30200, 48),
	             ROOT_COMPLEX(36, 0, 1, 3, 0x10002));
}

static void dma_goes_through_the_smmu(void)
{
	clear();
	arm->its = range(0x8080000, 0x20000);
	add_smmu();
	arm->smmuv3_is_coherent = true;
	add_mapped_host(7);
	/* What has no way to the SMMU goes past it. */
	add_mapped_host(8);
	machine.pci_hosts[1].iommu_map.count = 0;
	build();
	EXPECT_TABLE(find("IORT"), 0, U32(4), U32(48), U32(0), ITS_GROUP,
	             SMMU(88, 1, 1), IORT_MAPPING(0, 0x10000, 0, 48),
	             ROOT_COMPLEX(56, 1, 0, 0, 7),
	             IORT_MAPPING(0x200, 0x9000, 0x40300, 48 + 24),
	             ROOT_COMPLEX(56, 1, 0, 0, 8),
	             IORT_MAPPING(0x100, 0x8000, 0x30200, 48));
}

static void an_smmu_may_have_no_its(void)
{
	clear();
	add_smmu();
	add_mapped_host(0);
	build();
	EXPECT_TABLE(find("IORT"), 0, U32(2), U32(48), U32(0), SMMU(68, 0, 0),
	             ROOT_COMPLEX(56, 1, 0, 0, 0),
	             IORT_MAPPING(0x200, 0x9000, 0x40300, 48));
	machine.pci_host_count = 0;
	build();
	EXPECT(!find("IORT"));
	clear();
	add_mapped_host(0);
	build();
	EXPECT(!find("IORT"));
}

/* PCI Firmware 3.2, table 4-3: the address is that of bus 0. */
static void configuration_space_is_told(void)
{
	struct machine_pci_host *host;

	clear();
	add_host(); /* without ECAM */
	host = add_host();
	host->ecam_paddr = 0x20000000;
	host->is_cam = true;
	host = add_host();
	host->ecam_paddr = 0x4010000000;
	host->bus_first = 0x20;
	host->bus_last = 0x7f;
	host->segment = 0x102;
	host = add_host();
	host->ecam_paddr = 0x5000000000;
	build();
	EXPECT_TABLE(find("MCFG"), 1, U64(0), U64(0x400e000000), U16(0x102),
	             0x20, 0x7f, U32(0), U64(0x5000000000), U16(0), 0, 0xff,
	             U32(0));
	machine.pci_host_count = 2;
	build();
	EXPECT(!find("MCFG"));
}

static struct machine_uart *add_uart(enum machine_uart_kind kind)
{
	struct machine_uart *uart = &machine.uarts[machine.uart_count++];

	*uart = (struct machine_uart){
		.kind = kind,
		.base = 0x109000000,
		.size = 0x1000,
		.gsi = 0x321,
	};
	return uart;
}

/* SPCR revision 2: type, GAS, interrupt type, IRQ, GSI, speed, stop bits */
#define SPCR(type, width, access, interrupt, irq, gsi, speed)                  \
	type, 0, 0, 0, 0, width, 0, access, U64(0x109000000), interrupt, irq,  \
		U32(gsi), speed, 0, 1, 0, 2, 0, U16(0xffff), U16(0xffff), 0,   \
		0, 0, U32(0), 0, U32(0)

/* DBG2: one device of one register, at 44, whose name is at 82 */
#define DBG2(type, width, access)                                              \
	U32(44), U32(1), 0, U16(48), 1, U16(10), U16(38), U16(0), U16(0),      \
		U16(0x8000), U16(type), U16(0), U16(22), U16(34), 0, width, 0, \
		access, U64(0x109000000), U32(0x1000), '\\', '_', 'S', 'B',    \
		'.', 'C', 'O', 'M', '0', 0

static void each_uart_has_its_type(void)
{
	clear();
	add_uart(MACHINE_UART_PL011)->baud = 115200;
	build();
	EXPECT_TABLE(find("SPCR"), 2, SPCR(3, 32, 3, 8, 0, 0x321, 7));
	EXPECT_TABLE(find("DBG2"), 0, DBG2(3, 32, 3));
	clear();
	add_uart(MACHINE_UART_SBSA)->gsi = 0;
	build();
	EXPECT_TABLE(find("SPCR"), 2, SPCR(14, 32, 3, 0, 0, 0, 0));
	EXPECT_TABLE(find("DBG2"), 0, DBG2(14, 32, 3));
	clear();
	build();
	EXPECT(!find("SPCR") && !find("DBG2"));
}

/* A register is 8 bits, at each address, each other, or each fourth. */
static void registers_of_a_16550_have_a_width(void)
{
	for (uint32_t shift = 0; shift < 4; shift++) {
		uint8_t width = (uint8_t)(8 << shift);
		uint8_t access = shift == 2 ? 3 : 1;

		clear();
		add_uart(MACHINE_UART_16550_MMIO)->reg_shift = shift;
		machine.uarts[0].gsi = 15;
		build();
		EXPECT_TABLE(find("SPCR"), 2,
		             SPCR(0, width, access, 8, 15, 15, 0));
		EXPECT_TABLE(find("DBG2"), 0, DBG2(0, width, access));
	}
	machine.uarts[0].gsi = 16;
	build();
	EXPECT_EQ(find("SPCR")[53], 0);
}

/* ACPI 6.4, section 5.2.23: a pointer to the record of times, in ns */
static void times_are_told_to_who_asks(void)
{
	static const struct acpi_fpdt_times times = {
		.reset_end = 0x100000001,
		.load_start = 0x200000002,
		.load_end = 0x300000003,
		.exit = 0x400000004,
	};
	paddr_t record;

	clear();
	build();
	EXPECT(!find("FPDT"));
	build_with(&times);
	for (uint32_t i = 0; i < acpi.table_count; i++)
		EXPECT_EQ(acpi.tables[i] % ACPI_ALIGNMENT, 0);
	record = load_le64(find("FPDT") + 44);
	EXPECT_TABLE(find("FPDT"), 1, U16(0), 16, 1, U32(0), U64(record));
	EXPECT_BYTES_AT(at(record), 'F', 'B', 'P', 'T', U32(56), U16(2), 48, 2,
	                U32(0), U64(0x100000001), U64(0x200000002),
	                U64(0x300000003), U64(0x300000003), U64(0x400000004));
}

int main(void)
{
	RUN(an_empty_machine_has_five_tables);
	RUN(the_fadt_is_of_6_4);
	RUN(a_gicv2_is_told);
	RUN(a_gicv3_is_told);
	RUN(a_frame_may_know_its_spis);
	RUN(each_timer_has_its_interrupt);
	RUN(a_timer_that_is_absent_has_its_usual_interrupt);
	RUN(without_places_all_cpus_are_of_one_package);
	RUN(a_cpu_is_below_its_core_cluster_and_package);
	RUN(cpus_and_ram_have_their_nodes);
	RUN(distances_are_rows_of_nodes);
	RUN(messages_go_to_the_its);
	RUN(dma_goes_through_the_smmu);
	RUN(an_smmu_may_have_no_its);
	RUN(configuration_space_is_told);
	RUN(each_uart_has_its_type);
	RUN(registers_of_a_16550_have_a_width);
	RUN(times_are_told_to_who_asks);
	return test_status();
}
