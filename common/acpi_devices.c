/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/acpi_devices.c - CPUs, virtio-mmio and the generic event device
 *
 * ACPI 6.4 sections 8.4 (processors) and 5.6.9 (event device); virtio-mmio by
 * the ID that Linux and QEMU agreed on.
 */
#include "common/acpi_devices.h"

#include "common/aml.h"

/*
 * Device (CAAA) { Name (_HID, "ACPI0007") Name (_UID, 0x00000000) }
 *
 * as four words, since there may be a thousand. The name's last three letters
 * are the UID's hexadecimal digits, written A to P.
 */
#define CPU_WORD0  0x08414141431e825b
#define CPU_WORD1  0x5043410d4449485f
#define CPU_WORD2  0x5f08003730303049
#define CPU_WORD3  0x000000000c444955
#define CPU_SUM    0x83 /* of the bytes above, modulo 256 */
#define CPU_DIGIT0 48   /* where the digits are in word 0 */
#define CPU_DIGIT1 40
#define CPU_DIGIT2 32
#define CPU_UID    32 /* where the UID is in word 3 */

struct cpu_device {
	struct acpi_qword words[4];
};

void acpi_append_cpus(struct acpi *acpi, uint32_t count)
{
	uint8_t *system_bus = aml_open_system_bus(acpi);
	struct cpu_device *cpu =
		acpi_reserve(acpi, count * (uint32_t)sizeof(*cpu));
	uint64_t word0 = CPU_WORD0;
	uint64_t word3 = CPU_WORD3;
	uint32_t sum = count * CPU_SUM;

	aml_close(acpi, system_bus);
	acpi_sum_before(acpi, (uint8_t *)cpu);
	for (uint32_t uid = 0; uid < count;) {
		uint32_t end = (uint32_t)min_u64(uid + 16, count);
		/* Of this CPU's UID and digits; the next one's has 2 more. */
		uint32_t bytes =
			uid + (uid >> 8) + (uid >> 8) + (uid >> 4 & 15);

		do {
			cpu->words[0].value = word0;
			cpu->words[1].value = CPU_WORD1;
			cpu->words[2].value = CPU_WORD2;
			cpu->words[3].value = word3;
			cpu++;
			word0 += 1ull << CPU_DIGIT0;
			word3 += 1ull << CPU_UID;
			sum += bytes;
			bytes += 2;
		} while (++uid != end);
		word0 += (1ull << CPU_DIGIT1) - (16ull << CPU_DIGIT0);
		if ((uid & 0xff) == 0)
			word0 += (1ull << CPU_DIGIT2) - (16ull << CPU_DIGIT1);
	}
	acpi_declare_sum(acpi, sum);
}

/*
 * Device (VR00) {
 *         Name (_HID, "LNRO0005")
 *         Name (_UID, 0x00)
 *         Name (_CCA, One)
 *         Name (_CRS, ResourceTemplate () {
 *                 Memory32Fixed (ReadWrite, 0x00000000, 0x00000000)
 *                 Interrupt (ResourceConsumer, Level, ActiveHigh,
 *                            Exclusive) { 0x00000000 }
 *         })
 * }
 */
static const uint8_t virtio_mmio_device[] = {
	0x5b, 0x82, 0x42, 0x04, 'V',  'R',  '0',  '0',             /* Device */
	0x08, '_',  'H',  'I',  'D',  0x0d, 'L',  'N',  'R',  'O', /* _HID */
	'0',  '0',  '0',  '5',  0x00, 0x08, '_',  'U',  'I',  'D', /* _UID */
	0x0a, 0x00, 0x08, '_',  'C',  'C',  'A',  0x01, 0x08, '_', /* _CCA */
	'C',  'R',  'S',  0x11, 0x1a, 0x0a, 0x17,                  /* _CRS */
	0x86, 0x09, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, /* Memory32Fixed */
	0x00, 0x00, 0x00, 0x00, 0x89, 0x06, 0x00, 0x01, /* Interrupt */
	0x01, 0x00, 0x00, 0x00, 0x00, 0x79, 0x00,
};

enum virtio_mmio_offset {
	VIRTIO_MMIO_NAME = 6, /* two digits */
	VIRTIO_MMIO_UID = 29,
	VIRTIO_MMIO_BASE = 49,
	VIRTIO_MMIO_SIZE = 53,
	VIRTIO_MMIO_FLAGS = 60,
	VIRTIO_MMIO_GSI = 62,
};

static uint8_t hex_digit(uint32_t value)
{
	return (uint8_t)(value < 10 ? '0' + value : 'A' - 10 + value);
}

void acpi_append_virtio_mmio(struct acpi *acpi, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->virtio_mmio_count; i++) {
		const struct machine_virtio_mmio *slot =
			&machine->virtio_mmio[i];
		uint8_t *device = acpi_append(acpi, virtio_mmio_device,
		                              sizeof(virtio_mmio_device));

		device[VIRTIO_MMIO_NAME] = hex_digit(i >> 4);
		device[VIRTIO_MMIO_NAME + 1] = hex_digit(i & 0xf);
		device[VIRTIO_MMIO_UID] = (uint8_t)i;
		acpi_store32(device + VIRTIO_MMIO_BASE, (uint32_t)slot->paddr);
		acpi_store32(device + VIRTIO_MMIO_SIZE, slot->size);
		if (slot->is_edge)
			device[VIRTIO_MMIO_FLAGS] |= AML_INTERRUPT_EDGE;
		acpi_store32(device + VIRTIO_MMIO_GSI, slot->gsi);
	}
}

/*
 * Device (GED0) {
 *         Name (_HID, "ACPI0013")
 *         Name (_CRS, ResourceTemplate () {
 *                 Interrupt (ResourceConsumer, Edge, ActiveHigh,
 *                            Exclusive) { 0x00000000 }
 *         })
 *         OperationRegion (EREG, SystemMemory, 0x0000000000000000, 0x04)
 *         Field (EREG, DWordAcc, NoLock, WriteAsZeros) { ESEL, 32 }
 *         Method (_EVT, 1, Serialized) {
 *                 If (ESEL & 0x00000000) { Notify (PWRB, 0x80) }
 *         }
 * }
 * Device (PWRB) { Name (_HID, EisaId ("PNP0C0C")) }
 *
 * Reading the selector clears it, so it is read only once.
 */
static const uint8_t ged_devices[] = {
	0x5b, 0x82, 0x43, 0x06, 'G',  'E',  'D',  '0',             /* Device */
	0x08, '_',  'H',  'I',  'D',  0x0d, 'A',  'C',  'P',  'I', /* _HID */
	'0',  '0',  '1',  '3',  0x00, 0x08, '_',  'C',  'R',  'S', /* _CRS */
	0x11, 0x0e, 0x0a, 0x0b, 0x89, 0x06, 0x00, 0x03, /* Interrupt */
	0x01, 0x00, 0x00, 0x00, 0x00, 0x79, 0x00,       /* */
	0x5b, 0x80, 'E',  'R',  'E',  'G',  0x00, 0x0e, /* OperationRegion */
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, /* */
	0x0a, 0x04, 0x5b, 0x81, 0x0b, 'E',  'R',  'E',  'G',  0x43, /* Field */
	'E',  'S',  'E',  'L',  0x20,                               /* */
	0x14, 0x1a, '_',  'E',  'V',  'T',  0x09,                   /* Method */
	0xa0, 0x13, 0x7b, 'E',  'S',  'E',  'L',  0x0c, /* If, And */
	0x00, 0x00, 0x00, 0x00, 0x00, 0x86, 'P',  'W',  /* Notify */
	'R',  'B',  0x0a, 0x80,                         /* */
	0x5b, 0x82, 0x0f, 'P',  'W',  'R',  'B',  0x08, /* Device */
	'_',  'H',  'I',  'D',  0x0c, 0x41, 0xd0, 0x0c, 0x0c,
};

enum ged_offset {
	GED_GSI = 37,
	GED_REGION = 51,
	GED_MASK = 89,
};

void acpi_append_ged(struct acpi *acpi, const struct machine_ged *ged)
{
	uint8_t *device;

	if (ged->paddr == 0 || ged->power_button_bit == 0)
		return;
	device = acpi_append(acpi, ged_devices, sizeof(ged_devices));
	acpi_store32(device + GED_GSI, ged->gsi);
	acpi_store64(device + GED_REGION, ged->paddr);
	acpi_store32(device + GED_MASK, ged->power_button_bit);
}
