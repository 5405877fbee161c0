/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/acpi_slots.c - virtio-mmio, the generic event device
 *
 * ACPI 6.4 section 5.6.9 has the event device. virtio-mmio has the ID that
 * Linux and QEMU agreed on.
 */
#include "common/describe/acpi_devices.h"

#include "common/describe/aml.h"
#include "common/lib/console.h"

/*
 * Device (VR0A) {
 *         Name (_HID, "LNRO0005")
 *         Name (_UID, 0x00000000)
 *         Name (_CCA, One)
 *         Name (_CRS, ResourceTemplate () {
 *                 Memory32Fixed (ReadWrite, 0x00000000, 0x00000000)
 *                 Interrupt (ResourceConsumer, Level, ActiveHigh,
 *                            Exclusive) { 0x00000000 }
 *         })
 * }
 */
struct virtio_device {
	uint8_t opcode[2];
	uint8_t length[2]; /* PkgLength of two bytes: 4 bits, then 8 */
	char name[4];
	struct aml_acpi_id hid;
	struct aml_integer uid;
	struct aml_name cca;
	uint8_t cca_one;
	struct aml_name crs;
	uint8_t buffer;
	uint8_t buffer_length; /* for itself and what follows */
	uint8_t size_prefix;
	uint8_t size; /* of what follows */
	struct aml_memory32 memory;
	struct aml_interrupt interrupt;
	struct aml_end_tag end;
} PACKED;

/* Counts the bytes from a field to the end of the device. */
#define VIRTIO_SIZE_FROM(field)                                                \
	(sizeof(struct virtio_device) - offsetof(struct virtio_device, field))

static const struct virtio_device virtio_template = {
	.opcode = { AML_EXT, AML_DEVICE },
	.length = { 0x40 | (VIRTIO_SIZE_FROM(length) & 15),
		    VIRTIO_SIZE_FROM(length) >> 4 },
	.name = { 'V', 'R' },
	.hid = AML_ACPI_ID_TERM("LNRO0005"),
	.uid = AML_INTEGER_TERM(AML_UID, 0),
	.cca = { AML_NAME, AML_CCA },
	.cca_one = AML_ONE,
	.crs = { AML_NAME, AML_CRS },
	.buffer = AML_BUFFER,
	.buffer_length = VIRTIO_SIZE_FROM(buffer_length),
	.size_prefix = AML_BYTE,
	.size = VIRTIO_SIZE_FROM(memory),
	.memory = {
		.tag = AML_MEMORY32_FIXED,
		.length = AML_LARGE_LENGTH(struct aml_memory32),
		.is_writable = 1,
	},
	.interrupt = {
		.tag = AML_INTERRUPT,
		.length = AML_LARGE_LENGTH(struct aml_interrupt),
		.flags = AML_INTERRUPT_CONSUMER,
		.count = 1,
	},
	.end = AML_END_TAG_TERM,
};

/*
 * Names end with a digit 0 to 7 and a letter A to P, which makes this many
 * names.
 */
#define VIRTIO_MAX (8 * 16)

/*
 * Appends the slots of one row, the first of which has the UID `uid`. Returns
 * the UID that comes next.
 */
static uint32_t append_slots(struct acpi *acpi,
                             const struct machine_virtio_mmio *slot,
                             uint32_t uid)
{
	uint32_t count = 1 + slot->more_count;
	struct virtio_device *device;

	check(count <= VIRTIO_MAX - uid);
	device = acpi_reserve(acpi, count * sizeof(*device));
	for (uint32_t i = 0; i < count; i++, uid++, device++) {
		*device = virtio_template;
		device->name[2] = (char)('0' + (uid >> 4));
		device->name[3] = aml_letter(uid);
		device->uid.value = uid;
		device->memory.base = (uint32_t)slot->paddr + i * slot->size;
		device->memory.size = slot->size;
		device->interrupt.gsi = slot->gsi + i;
		if (slot->is_edge)
			device->interrupt.flags |= AML_INTERRUPT_EDGE;
	}
	return uid;
}

void acpi_append_virtio_mmio(struct acpi *acpi, const struct machine *machine)
{
	uint32_t uid = 0;

	for (uint32_t i = 0; i < machine->virtio_mmio_count; i++)
		uid = append_slots(acpi, &machine->virtio_mmio[i], uid);
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
	aml_set_dword(device + GED_GSI, ged->gsi);
	aml_set_qword(device + GED_REGION, ged->paddr);
	aml_set_dword(device + GED_MASK, ged->power_button_bit);
}
