/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_dsdt_arm.c - the AML of each device, byte by byte
 *
 * Machines with one device each, on an architecture where nothing else is in
 * the DSDT. ACPI 6.4 chapter 20 has the opcodes.
 */
#include "arch/aarch64/describe/acpi_arm.h"
#include "tests/unit/table_bytes.h"
#include "tests/unit/test.h"

#define AREA_BASE 0x40803000

static _Alignas(64) uint8_t area[256 * 1024];
static struct machine machine;
static struct machine_arm *const arm = &machine.arm;
static struct acpi acpi;

static void clear(void)
{
	memset(&machine, 0, sizeof(machine));
	machine.platform = MACHINE_PLATFORM_TREE;
}

static struct machine_range range(paddr_t base, uint64_t size)
{
	return (struct machine_range){ base, size };
}

/* All that is in the DSDT is Scope (_SB) with these bytes in it. */
static void expect_dsdt(const uint8_t *wanted, uint32_t size, const char *file,
                        int line)
{
	const uint8_t head[] = { 0x10, LENGTH3(7 + size), '_', 'S', 'B', '_' };
	const uint8_t *dsdt;

	acpi_begin_area(&acpi, area, AREA_BASE, sizeof(area));
	acpi_arm_build(&acpi, &machine, NULL);
	dsdt = area + (acpi.dsdt_paddr - AREA_BASE);
	test_expect_eq(load_le32(dsdt + 4), 36 + sizeof(head) + size, file,
	               line, "length");
	expect_bytes(dsdt + 36, head, sizeof(head), file, line);
	expect_bytes(dsdt + 36 + sizeof(head), wanted, size, file, line);
}

#define EXPECT_DSDT(...)                                                       \
	do {                                                                   \
		const uint8_t wanted_[] = { __VA_ARGS__ };                     \
		expect_dsdt(wanted_, sizeof(wanted_), __FILE__, __LINE__);     \
	} while (0)

/* Section 20.2.5.2: Device, with so many bytes in it */
#define DEVICE(size, ...) 0x5b, 0x82, LENGTH3(7 + (size)), __VA_ARGS__
#define INTEGER_SIZE      10
#define TEXT_SIZE(text)   (6 + sizeof(text))
#define CRS_SIZE(size)    (12 + (size))

/* Section 19.3.4: "PNP" and four digits, in 32 bits of the other order */
#define PNP(high, low)     0x0c, 0x41, 0xd0, high, low

#define HID_PNP(high, low) 0x08, '_', 'H', 'I', 'D', PNP(high, low)
#define CID_PNP(high, low) 0x08, '_', 'C', 'I', 'D', PNP(high, low)
#define HID(...)           AML_TEXT('_', 'H', 'I', 'D', __VA_ARGS__)
#define UID(value)         AML_INTEGER('_', 'U', 'I', 'D', value)
#define CCA(value)         AML_INTEGER('_', 'C', 'C', 'A', value)

static void nothing_has_no_device(void)
{
	clear();
	/* What is half there is not there. */
	machine.ged.paddr = 0x9080000;
	machine.vmbus.intid = 18;
	machine.vmbus.mmio[0] = range(0xe8000000, 0x1000);
	machine.fw_cfg.paddr = 0x9020000;
	machine.fw_cfg.size = 24;
	arm->pl031_intid = 34;
	arm->pl061 = range(0x9030000, 0x1000);
	arm->pl061_intid = 39;
	EXPECT_DSDT();
	machine.ged.paddr = 0;
	machine.ged.power_button_bit = 1;
	EXPECT_DSDT();
}

static struct machine_uart *add_uart(enum machine_uart_kind kind)
{
	struct machine_uart *uart = &machine.uarts[machine.uart_count++];

	*uart = (struct machine_uart){
		.kind = kind,
		.base = 0x9000000,
		.size = 0x1000,
		.gsi = 33,
	};
	return uart;
}

/* DEN0093: ARMH0011 is a PL011, ARMHB000 SBSA's UART. */
static void each_uart_is_a_device(void)
{
	clear();
	add_uart(MACHINE_UART_PL011)->is_edge = true;
	add_uart(MACHINE_UART_SBSA)->gsi = 0;
	add_uart(MACHINE_UART_16550_MMIO)->base = 0x109000000;
	EXPECT_DSDT(DEVICE(15 + 10 + 12 + 23, 'C', 'O', 'M', '0'),
	            HID('A', 'R', 'M', 'H', '0', '0', '1', '1'), UID(0),
	            CRS(23), MEMORY32(0x9000000, 0x1000), INTERRUPT(3, 33),
	            END_TAG, DEVICE(15 + 10 + 12 + 14, 'C', 'O', 'M', '1'),
	            HID('A', 'R', 'M', 'H', 'B', '0', '0', '0'), UID(1),
	            CRS(14), MEMORY32(0x9000000, 0x1000), END_TAG,
	            DEVICE(10 + 10 + 12 + 57, 'C', 'O', 'M', '2'),
	            HID_PNP(5, 1), UID(2), CRS(57),
	            QWORD_SPACE(0, 0x0d, 1, 0x109000000, 0x1000, 0),
	            INTERRUPT(1, 33), END_TAG);
}

static void the_clock_is_a_primecell(void)
{
	clear();
	arm->pl031 = range(0x9010000, 0x2000);
	arm->pl031_intid = 34;
	EXPECT_DSDT(DEVICE(15 + 15 + 10 + 12 + 23, 'R', 'T', 'C', '0'),
	            HID('A', 'R', 'M', 'H', '0', '0', '3', '1'),
	            AML_TEXT('_', 'C', 'I', 'D', 'A', 'R', 'M', 'H', '0', '0',
	                     '6', '1'),
	            UID(0), CRS(23), MEMORY32(0x9010000, 0x2000),
	            INTERRUPT(1, 34), END_TAG);
}

/* Sections 6.4.3.8.1 and 5.6.5.3: the key is a pin, and an event of it. */
static void the_power_key_is_at_its_controller(void)
{
	clear();
	arm->pl061 = range(0x9030000, 0x3000);
	arm->pl061_intid = 39;
	arm->pl061_power_pin = 5;
	arm->has_power_key = true;
	EXPECT_DSDT(
		DEVICE(15 + 10 + 12 + 23 + 55, 'G', 'P', 'O', '0'),
		HID('A', 'R', 'M', 'H', '0', '0', '6', '1'), UID(0), CRS(23),
		MEMORY32(0x9030000, 0x3000), INTERRUPT(1, 39), END_TAG,
		/* Name (_AEI, ResourceTemplate () { GpioInt ... }) */
		0x08, '_', 'A', 'E', 'I', 0x11, 35, 0x0a, 32, 0x8c, U16(27), 1,
		0, U16(1), U16(0x11), 1, U16(0), U16(0), U16(23), 0, U16(25),
		U16(30), U16(0), U16(5), 'G', 'P', 'O', '0', 0, END_TAG,
		/* Method (_EVT, 1) { Notify (PWRB, 0x80) } */
		0x14, 13, '_', 'E', 'V', 'T', 1, 0x86, 'P', 'W', 'R', 'B', 0x0a,
		0x80, DEVICE(10, 'P', 'W', 'R', 'B'), HID_PNP(0x0c, 0x0c));
}

/* QEMU docs/specs/fw_cfg.rst has the ID; 0x0b: present, enabled, working. */
static void fw_cfg_is_a_device(void)
{
	clear();
	machine.fw_cfg.is_present = true;
	machine.fw_cfg.paddr = 0x9020000;
	machine.fw_cfg.size = 24;
	EXPECT_DSDT(DEVICE(15 + 10 + 10 + 12 + 14, 'F', 'W', 'C', 'F'),
	            HID('Q', 'E', 'M', 'U', '0', '0', '0', '2'),
	            AML_INTEGER('_', 'S', 'T', 'A', 0x0b), CCA(1), CRS(14),
	            MEMORY32(0x9020000, 24), END_TAG);
}

#define VMBUS_DEVICE(intid)                                                    \
	DEVICE(15 + 10 + 10 + 12 + 11, 'V', 'M', 'B', 'S'), 0x14, 14, '_',     \
		'H', 'I', 'D', 0, 0xa4, 0x0d, 'V', 'M', 'B', 'U', 'S', 0,      \
		UID(0), CCA(1), CRS(11), INTERRUPT(3, intid), END_TAG

/* Its module has the addresses that VMBus may give to devices. */
static void vmbus_is_in_a_module(void)
{
	clear();
	machine.vmbus.is_present = true;
	machine.vmbus.intid = 18;
	machine.vmbus.mmio[0] = range(0xe8000000, 0x4000000);
	machine.vmbus.mmio[1] = range(0xfe0000000, 0x10000000);
	EXPECT_DSDT(DEVICE(15 + 10 + 12 + 94 + 67, 'V', 'M', 'O', 'D'),
	            HID('A', 'C', 'P', 'I', '0', '0', '0', '4'), UID(0),
	            CRS(94), QWORD_SPACE(0, 0x0c, 1, 0xe8000000, 0x4000000, 0),
	            QWORD_SPACE(0, 0x0c, 1, 0xfe0000000, 0x10000000, 0),
	            END_TAG, VMBUS_DEVICE(18));
	machine.vmbus.mmio[1].size = 0;
	EXPECT_DSDT(DEVICE(15 + 10 + 12 + 48 + 67, 'V', 'M', 'O', 'D'),
	            HID('A', 'C', 'P', 'I', '0', '0', '0', '4'), UID(0),
	            CRS(48), QWORD_SPACE(0, 0x0c, 1, 0xe8000000, 0x4000000, 0),
	            END_TAG, VMBUS_DEVICE(18));
}

/* Section 5.6.9; the selector is read, and what is set in it decides. */
static void the_event_device_tells_of_the_power_button(void)
{
	clear();
	machine.ged = (struct machine_ged){
		.paddr = 0x109080000,
		.gsi = 0x129,
		.power_button_bit = 0x102,
	};
	EXPECT_DSDT(0x5b, 0x82, 0x43, 6, 'G', 'E', 'D', '0',
	            HID('A', 'C', 'P', 'I', '0', '0', '1', '3'), /* _CRS */
	            0x08, '_', 'C', 'R', 'S', 0x11, 14, 0x0a, 11,
	            INTERRUPT(3, 0x129), END_TAG, /* OperationRegion */
	            0x5b, 0x80, 'E', 'R', 'E', 'G', 0, 0x0e, U64(0x109080000),
	            0x0a, 4, /* Field: DWordAcc, WriteAsZeros */
	            0x5b, 0x81, 11, 'E', 'R', 'E', 'G', 0x43, 'E', 'S', 'E',
	            'L', 32, /* Method (_EVT, 1, Serialized) */
	            0x14, 26, '_', 'E', 'V', 'T', 9, /* If (ESEL & mask) */
	            0xa0, 19, 0x7b, 'E', 'S', 'E', 'L', 0x0c, U32(0x102),
	            0, /* Notify (PWRB, 0x80) */
	            0x86, 'P', 'W', 'R', 'B', 0x0a, 0x80, 0x5b, 0x82, 15, 'P',
	            'W', 'R', 'B', HID_PNP(0x0c, 0x0c));
}

#define SLOT_SIZE 71
#define SLOT(tens, letter, uid, base, size, flags, gsi)                        \
	0x5b, 0x82, 0x45, 4, 'V', 'R', tens, letter,                           \
		HID('L', 'N', 'R', 'O', '0', '0', '0', '5'), UID(uid), 0x08,   \
		'_', 'C', 'C', 'A', 1, 0x08, '_', 'C', 'R', 'S', 0x11, 26,     \
		0x0a, 23, MEMORY32(base, size), INTERRUPT(flags, gsi), END_TAG

/* LNRO0005 is virtio-mmio. Rows follow each other in UIDs and in names. */
static void each_slot_is_a_device(void)
{
	clear();
	machine.virtio_mmio_count = 2;
	machine.virtio_mmio[0] = (struct machine_virtio_mmio){
		.paddr = 0xa000000,
		.size = 0x200,
		.gsi = 48,
		.more_count = 1,
		.is_edge = true,
	};
	machine.virtio_mmio[1] = (struct machine_virtio_mmio){
		.paddr = 0xb000000,
		.size = 0x1000,
		.gsi = 99,
	};
	EXPECT_DSDT(SLOT('0', 'A', 0, 0xa000000, 0x200, 3, 48),
	            SLOT('0', 'B', 1, 0xa000200, 0x200, 3, 49),
	            SLOT('0', 'C', 2, 0xb000000, 0x1000, 1, 99));
}

/* The names of 128 slots have a digit and a letter. */
static void slots_have_names_for_128(void)
{
	const uint8_t *last;

	clear();
	machine.virtio_mmio_count = 1;
	machine.virtio_mmio[0] = (struct machine_virtio_mmio){
		.paddr = 0xa000000,
		.size = 0x200,
		.gsi = 48,
		.more_count = 127,
	};
	acpi_begin_area(&acpi, area, AREA_BASE, sizeof(area));
	acpi_arm_build(&acpi, &machine, NULL);
	last = area + (acpi.dsdt_paddr - AREA_BASE);
	last += load_le32(last + 4) - SLOT_SIZE;
	EXPECT_BYTES_AT(last,
	                SLOT('7', 'P', 127, 0xa00fe00, 0x200, 1, 48 + 127));
	machine.virtio_mmio[0].more_count = 0;
	machine.virtio_mmio[1] = machine.virtio_mmio[0];
	machine.virtio_mmio[1].more_count = 127;
	machine.virtio_mmio_count = 2;
	acpi_begin_area(&acpi, area, AREA_BASE, sizeof(area));
	EXPECT_PANIC("bug: ", acpi_arm_build(&acpi, &machine, NULL));
	machine.virtio_mmio_count = 1;
	machine.virtio_mmio[0].more_count = 128;
	acpi_begin_area(&acpi, area, AREA_BASE, sizeof(area));
	EXPECT_PANIC("bug: ", acpi_arm_build(&acpi, &machine, NULL));
}

/* Section 8.4: a CPU's name ends with the digits of its UID, A to P. */
static void each_cpu_is_a_device(void)
{
	const uint8_t *last;

	clear();
	machine.cpu_count = 2;
	EXPECT_DSDT(0x5b, 0x82, 30, 'C', 'A', 'A', 'A',
	            HID('A', 'C', 'P', 'I', '0', '0', '0', '7'), UID(0), 0x5b,
	            0x82, 30, 'C', 'A', 'A', 'B',
	            HID('A', 'C', 'P', 'I', '0', '0', '0', '7'), UID(1));
	machine.cpu_count = 0x2ac;
	acpi_begin_area(&acpi, area, AREA_BASE, sizeof(area));
	acpi_arm_build(&acpi, &machine, NULL);
	last = area + (acpi.dsdt_paddr - AREA_BASE);
	last += load_le32(last + 4) - 32;
	EXPECT_BYTES_AT(last, 0x5b, 0x82, 30, 'C', 'C', 'K', 'L',
	                HID('A', 'C', 'P', 'I', '0', '0', '0', '7'),
	                UID(0x2ab));
}

static struct machine_pci_host *set_host(void)
{
	struct machine_pci_host *host = &machine.pci_hosts[0];

	machine.pci_host_count = 1;
	*host = (struct machine_pci_host){ .is_express = true,
		                           .bus_last = 255 };
	return host;
}

/* PCI Firmware 3.2, section 4.5.1: this UUID is PCI's; 4 and 16 are errors. */
#define OSC_SIZE 100
#define OSC(mask)                                                              \
	0x14, 0x43, 6, '_', 'O', 'S', 'C', 4,      /* STAT, of Arg3 */         \
		0x8a, 0x6b, 0, 'S', 'T', 'A', 'T', /* If (Arg0 != UUID) */     \
		0xa0, 0x25, 0x92, 0x93, 0x68, 0x11, 0x13, 0x0a, 16, 0x5b,      \
		0x4d, 0xdb, 0x33, 0xf7, 0x1f, 0x1c, 0x40, 0x96, 0x57, 0x74,    \
		0x41, 0xc0, 0x3d, 0xd7, 0x66, /* STAT |= 4; return */          \
		0x7d, 'S', 'T', 'A', 'T', 0x0a, 4, 'S', 'T', 'A', 'T', 0xa4,   \
		0x6b, /* CTRL, 8 bytes on */                                   \
		0x8a, 0x6b, 0x0a, 8, 'C', 'T', 'R', 'L',         /* Local0 */  \
		0x7b, 'C', 'T', 'R', 'L', 0x0c, U32(mask), 0x60, /* If */      \
		0xa0, 0x19, 0x92, 0x93, 0x60, 'C', 'T', 'R', 'L', 0x7d, 'S',   \
		'T', 'A', 'T', 0x0a, 16, 'S', 'T', 'A', 'T', 0x70, 0x60, 'C',  \
		'T', 'R', 'L', 0xa4, 0x6b

/* Its configuration space is a device's, which Linux looks for. */
#define ECAM_SIZE (9 + 10 + 12 + 48)
#define ECAM(base, size)                                                       \
	DEVICE(10 + 12 + 48, 'E', 'C', 'A', 'M'), HID_PNP(0x0c, 2), CRS(48),   \
		QWORD_SPACE(0, 0x0c, 1, base, size, 0), END_TAG

static void a_pci_host_is_a_device(void)
{
	struct machine_pci_host *host;

	clear();
	host = set_host();
	EXPECT_DSDT(DEVICE(40 + OSC_SIZE + 12 + 18, 'P', 'C', 'I', '0'),
	            HID_PNP(0x0a, 8), CID_PNP(0x0a, 3), OSC(UINT32_MAX), UID(0),
	            CCA(0), CRS(18), WORD_BUSES(0, 255), END_TAG);
	host->segment = 2;
	host->bus_first = 0x10;
	host->bus_last = 0x1f;
	host->node = 3;
	machine.node_count = 4;
	host->is_dma_coherent = true;
	host->has_acpi_hotplug = true;
	host->ecam_paddr = 0x4010000000;
	host->ecam_size = 0x1000000;
	host->io = range(0x200001000, 0xf000);
	host->io_paddr = 0x33eff0000;
	host->mmio32 = range(0x10000000, 0x2eff0000);
	host->mmio64 = range(0x8000000000, 0x1000000000);
	EXPECT_DSDT(
		DEVICE(70 + OSC_SIZE + 12 + 156 + ECAM_SIZE, 'P', 'C', 'I',
	               '0'),
		HID_PNP(0x0a, 8), CID_PNP(0x0a, 3), OSC(0xfffffffe), UID(0),
		AML_INTEGER('_', 'S', 'E', 'G', 2),
		AML_INTEGER('_', 'B', 'B', 'N', 0x10), CCA(1),
		AML_INTEGER('_', 'P', 'X', 'M', 3), CRS(156),
		WORD_BUSES(0x10, 0x1f),
		QWORD_SPACE(1, 0x0c, 0x13, 0x200001000, 0xf000, 0x13efef000),
		QWORD_SPACE(0, 0x0c, 1, 0x10000000, 0x2eff0000, 0),
		QWORD_SPACE(0, 0x0c, 1, 0x8000000000, 0x1000000000, 0), END_TAG,
		ECAM(0x4010000000, 0x1000000));
	/* Node 0 is where all is that has no node. */
	*host = (struct machine_pci_host){ .is_express = true, .node = 1 };
	EXPECT_DSDT(DEVICE(50 + OSC_SIZE + 12 + 18, 'P', 'C', 'I', '0'),
	            HID_PNP(0x0a, 8), CID_PNP(0x0a, 3), OSC(UINT32_MAX), UID(0),
	            CCA(0), AML_INTEGER('_', 'P', 'X', 'M', 1), CRS(18),
	            WORD_BUSES(0, 0), END_TAG);
	host->node = 0;
	EXPECT_DSDT(DEVICE(40 + OSC_SIZE + 12 + 18, 'P', 'C', 'I', '0'),
	            HID_PNP(0x0a, 8), CID_PNP(0x0a, 3), OSC(UINT32_MAX), UID(0),
	            CCA(0), CRS(18), WORD_BUSES(0, 0), END_TAG);
	/* Without nodes no node is told. */
	machine.node_count = 0;
	*host = (struct machine_pci_host){ .is_express = true, .node = 3 };
	EXPECT_DSDT(DEVICE(40 + OSC_SIZE + 12 + 18, 'P', 'C', 'I', '0'),
	            HID_PNP(0x0a, 8), CID_PNP(0x0a, 3), OSC(UINT32_MAX), UID(0),
	            CCA(0), CRS(18), WORD_BUSES(0, 0), END_TAG);
	host->is_cam = true;
	EXPECT_DSDT();
}

/* A PC's host: PNP0A03, without _OSC, and without a word on coherence */
#define PC_HOST(number, size, ...)                                             \
	DEVICE(20 + 12 + (size), 'P', 'C', 'I', '0' + (number)),               \
		HID_PNP(0x0a, 3), UID(number), CRS(size), WORD_BUSES(0, 255),  \
		__VA_ARGS__, END_TAG

/* PCI 3.0, section 3.2.2.3.2: the ports CF8 to CFF are the host's own. */
static void a_pc_has_ports(void)
{
	struct machine_pci_host *host;

	clear();
	machine.platform = MACHINE_PLATFORM_I440FX;
	host = set_host();
	host->is_express = false;
	host->io = range(0, 0x10000);
	host->has_port_access = true;
	machine.pc.has_vga_window = true;
	EXPECT_DSDT(PC_HOST(0, 16 + 8 + 3 * 46 + 2, IO_PORTS(0xcf8, 8),
	                    QWORD_SPACE(1, 0x0c, 3, 0, 0xcf8, 0),
	                    QWORD_SPACE(1, 0x0c, 3, 0xd00, 0xf300, 0),
	                    QWORD_SPACE(0, 0x0c, 1, 0xa0000, 0x20000, 0)));
	/* A window that lies elsewhere, or of a host without them, is whole. */
	machine.pc.has_vga_window = false;
	host->io = range(0xcf8, 0x1000);
	EXPECT_DSDT(PC_HOST(0, 16 + 46 + 2,
	                    QWORD_SPACE(1, 0x0c, 3, 0xcf8, 0x1000, 0)));
	host->io = range(0x100, 0xbf8);
	EXPECT_DSDT(PC_HOST(0, 16 + 46 + 2,
	                    QWORD_SPACE(1, 0x0c, 3, 0x100, 0xbf8, 0)));
	host->io = range(0, 0x10000);
	host->has_port_access = false;
	EXPECT_DSDT(PC_HOST(0, 16 + 46 + 2,
	                    QWORD_SPACE(1, 0x0c, 3, 0, 0x10000, 0)));
	host->has_port_access = true;
	host->io = range(0xcf7, 9);
	EXPECT_DSDT(PC_HOST(0, 16 + 8 + 46 + 2, IO_PORTS(0xcf8, 8),
	                    QWORD_SPACE(1, 0x0c, 3, 0xcf7, 1, 0)));
}

/* The window of VGA is the first host's. */
static void each_host_has_a_name(void)
{
	clear();
	machine.platform = MACHINE_PLATFORM_PCI;
	machine.pc.has_vga_window = true;
	set_host()->is_express = false;
	machine.pci_hosts[1] = machine.pci_hosts[0];
	machine.pci_hosts[1].mmio32 = range(0x10000000, 0x2000);
	machine.pci_host_count = 2;
	EXPECT_DSDT(PC_HOST(0, 16 + 46 + 2,
	                    QWORD_SPACE(0, 0x0c, 1, 0xa0000, 0x20000, 0)),
	            PC_HOST(1, 16 + 46 + 2,
	                    QWORD_SPACE(0, 0x0c, 1, 0x10000000, 0x2000, 0)));
}

/* Section 6.2.13: all functions of a slot, a pin, no link device, the GSI */
#define PRT_ROW(slot, pin, gsi)                                                \
	0x12, 15, 4, 0x0c, U16(0xffff), U16(slot), 0x0a, pin, 0, 0x0c, U32(gsi)
#define PRT(number, rows)                                                      \
	0x10, LENGTH3(17 + 16 * (rows)), 'P', 'C', 'I', '0' + (number), 0x08,  \
		'_', 'P', 'R', 'T', 0x12, LENGTH3(4 + 16 * (rows)), rows

static void routes_are_rows(void)
{
	struct machine_pci_host *host;

	clear();
	host = set_host();
	host[1] = host[0];
	host[2] = host[0];
	machine.pci_host_count = 3;
	host[0].is_cam = host[2].is_cam = true;
	host[0].route_count = 1;
	host[1].route_first = 1;
	host[1].route_count = 2;
	machine.pci_routes[1] = (struct machine_pci_route){
		.slot = 2,
		.pin = 1,
		.gsi = 0x123,
	};
	machine.pci_routes[2] = (struct machine_pci_route){
		.slot = 31,
		.pin = 3,
		.gsi = 35,
	};
	EXPECT_DSDT(DEVICE(40 + OSC_SIZE + 12 + 18, 'P', 'C', 'I', '1'),
	            HID_PNP(0x0a, 8), CID_PNP(0x0a, 3), OSC(UINT32_MAX), UID(1),
	            CCA(0), CRS(18), WORD_BUSES(0, 255), END_TAG, PRT(1, 2),
	            PRT_ROW(2, 1, 0x123), PRT_ROW(31, 3, 35));
}

/* Returns the GSI of each row of the last _PRT, which has 128 rows. */
static uint32_t routed(uint32_t slot, uint32_t pin)
{
	const uint8_t *dsdt = area + (acpi.dsdt_paddr - AREA_BASE);
	const uint8_t *row = dsdt + load_le32(dsdt + 4) - 128 * 16;
	const uint8_t head[] = { PRT(0, 128) };

	expect_bytes(row - sizeof(head), head, sizeof(head), __FILE__,
	             __LINE__);
	row += 16 * (4 * slot + pin);
	EXPECT_BYTES_AT(row, PRT_ROW(slot, pin, load_le32(row + 12)));
	return load_le32(row + 12);
}

/* PCI-to-PCI Bridge 1.2, table 9-1; the ICH9's datasheet, "Device 31" */
static void rules_make_a_row_for_each_pin(void)
{
	struct machine_pci_host *host;

	for (uint32_t bias = 0; bias < 4; bias++) {
		clear();
		host = set_host();
		host->intx_bias = bias;
		for (uint32_t i = 0; i < 8; i++)
			host->intx_gsi[i] = 40 + i;
		host->intx_count = 4;
		acpi_begin_area(&acpi, area, AREA_BASE, sizeof(area));
		acpi_arm_build(&acpi, &machine, NULL);
		for (uint32_t i = 0; i < 128; i++)
			EXPECT_EQ(routed(i / 4, i % 4),
			          40 + (i / 4 + i % 4 + bias) % 4);
		host->intx_count = 8;
		acpi_begin_area(&acpi, area, AREA_BASE, sizeof(area));
		acpi_arm_build(&acpi, &machine, NULL);
		for (uint32_t i = 0; i < 128; i++)
			EXPECT_EQ(routed(i / 4, i % 4),
			          i / 4 < 25 ? 44 + (i / 4 + i % 4 + bias) % 4
			          : i / 4 == 30 ? 44 + i % 4
			                        : 40 + i % 4);
	}
}

int main(void)
{
	RUN(nothing_has_no_device);
	RUN(each_uart_is_a_device);
	RUN(the_clock_is_a_primecell);
	RUN(the_power_key_is_at_its_controller);
	RUN(fw_cfg_is_a_device);
	RUN(vmbus_is_in_a_module);
	RUN(the_event_device_tells_of_the_power_button);
	RUN(each_slot_is_a_device);
	RUN(slots_have_names_for_128);
	RUN(each_cpu_is_a_device);
	RUN(a_pci_host_is_a_device);
	RUN(a_pc_has_ports);
	RUN(each_host_has_a_name);
	RUN(routes_are_rows);
	RUN(rules_make_a_row_for_each_pin);
	return test_status();
}
