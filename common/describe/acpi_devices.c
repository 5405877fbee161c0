/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/acpi_devices.c - CPUs, virtio-mmio and the generic event
 * device
 *
 * ACPI 6.4 sections 8.4 (processors) and 5.6.9 (event device); virtio-mmio by
 * the ID that Linux and QEMU agreed on.
 */
#include "common/describe/acpi_devices.h"

#include "common/describe/aml.h"
#include "common/lib/console.h"

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
	struct cpu_device *cpu =
		acpi_reserve(acpi, count * (uint32_t)sizeof(*cpu));
	uint64_t word0 = CPU_WORD0;
	uint64_t word3 = CPU_WORD3;
	uint32_t sum = count * CPU_SUM;

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
 *         Name (_UID, 0x00000000)
 *         Name (_CCA, One)
 *         Name (_CRS, ResourceTemplate () {
 *                 Memory32Fixed (ReadWrite, 0x00000000, 0x00000000)
 *                 Interrupt (ResourceConsumer, Level, ActiveHigh,
 *                            Exclusive) { 0x00000000 }
 *         })
 * }
 *
 * as nine words, the last of which begins with the last byte of the eighth. The
 * name's last two letters are the UID's digits, 0 to 7 and A to P.
 */
#define VIRTIO_WORD0  0x413052560445825b
#define VIRTIO_WORD1  0x4e4c0d4449485f08
#define VIRTIO_WORD2  0x0800353030304f52
#define VIRTIO_WORD3  0x0000000c4449555f
#define VIRTIO_WORD4  0x08014143435f0800
#define VIRTIO_WORD5  0x170a1a115352435f
#define VIRTIO_WORD6  0x0000000001000986
#define VIRTIO_WORD7  0x0000068900000000
#define VIRTIO_WORD8  0x0079000000000101
#define VIRTIO_SUM    0x41 /* of the bytes above, modulo 256 */
#define VIRTIO_DIGIT1 48   /* where the digits are in word 0 */
#define VIRTIO_DIGIT0 56
#define VIRTIO_UID    40 /* in word 3 */
#define VIRTIO_BASE   32 /* in word 6 */
#define VIRTIO_GSI    16 /* in word 8, behind the flags */

struct virtio_device {
	struct acpi_qword words[7];
	uint8_t size_and_interrupt[15]; /* words 7 and 8 */
} PACKED;

/* Two digits tell so many apart, and sums of so many words do not overflow. */
#define VIRTIO_MAX (8 * 16)

/*
 * What differs between the devices, in one word, of which only the sum of the
 * bytes matters: base, GSI, UID, and both digits together.
 */
#define PLACE_GSI    32
#define PLACE_UID    48
#define PLACE_DIGITS 56

/*
 * One slot and those behind it; `uid` is of the first. Returns the sum of their
 * bytes.
 */
static uint32_t fill_devices(struct virtio_device *device,
                             const struct machine_virtio_mmio *slot,
                             uint64_t uid)
{
	uint64_t base = (uint32_t)slot->paddr, size = slot->size;
	uint64_t flags = slot->is_edge ? AML_INTERRUPT_EDGE : 0;
	uint64_t word0 = VIRTIO_WORD0 + (uid >> 4 << VIRTIO_DIGIT1) +
	                 ((uid & 15) << VIRTIO_DIGIT0);
	uint64_t word3 = VIRTIO_WORD3 | uid << VIRTIO_UID;
	uint64_t word6 = VIRTIO_WORD6 | base << VIRTIO_BASE;
	uint64_t word8 =
		VIRTIO_WORD8 | flags | (uint64_t)slot->gsi << VIRTIO_GSI;
	uint64_t place = base | (uint64_t)slot->gsi << PLACE_GSI |
	                 uid << PLACE_UID |
	                 ((uid >> 4) + (uid & 15)) << PLACE_DIGITS;
	uint64_t end = uid + 1 + slot->more_count;
	struct acpi_sum same = { 0 }, sum = { 0 };

	acpi_sum_add(&same, size | flags << PLACE_GSI);
	same.all = (end - uid) * (VIRTIO_SUM + acpi_sum_fold(same));
	do {
		device->words[0].value = word0;
		device->words[1].value = VIRTIO_WORD1;
		device->words[2].value = VIRTIO_WORD2;
		device->words[3].value = word3;
		device->words[4].value = VIRTIO_WORD4;
		device->words[5].value = VIRTIO_WORD5;
		device->words[6].value = word6;
		acpi_store64(device->size_and_interrupt, VIRTIO_WORD7 | size);
		acpi_store64(device->size_and_interrupt + 7, word8);
		acpi_sum_add(&sum, place);
		device++;
		word0 += 1ull << VIRTIO_DIGIT0;
		word3 += 1ull << VIRTIO_UID;
		word6 += size << VIRTIO_BASE;
		word8 += 1ull << VIRTIO_GSI;
		place += size + (1ull << PLACE_GSI) + (1ull << PLACE_UID) +
		         (1ull << PLACE_DIGITS);
		if ((++uid & 15) == 0) {
			word0 += (1ull << VIRTIO_DIGIT1) -
			         (16ull << VIRTIO_DIGIT0);
			place -= 15ull << PLACE_DIGITS;
		}
	} while (uid != end);
	return (uint32_t)same.all + acpi_sum_fold(sum);
}

void acpi_append_virtio_mmio(struct acpi *acpi, const struct machine *machine)
{
	const struct machine_virtio_mmio *slot = machine->virtio_mmio;
	const struct machine_virtio_mmio *end =
		slot + machine->virtio_mmio_count;
	uint32_t count = 0, sum = 0, uid = 0;
	struct virtio_device *device;

	for (; slot != end; slot++)
		count += 1 + slot->more_count;
	if (count == 0)
		return;
	check(count <= VIRTIO_MAX);
	device = acpi_reserve(acpi, count * (uint32_t)sizeof(*device));
	acpi_sum_before(acpi, (uint8_t *)device);
	for (slot = machine->virtio_mmio; slot != end; slot++) {
		sum += fill_devices(device + uid, slot, uid);
		uid += 1 + slot->more_count;
	}
	acpi_declare_sum(acpi, sum);
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
