/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/vmm_aml.c - the devices of a VMM's DSDT or SSDT
 *
 * ACPI 6.4 chapter 20 and section 6.4. AML is a program, which is not run. In
 * the AML of VMMs, names of constants lead to all that is wanted: _HID comes
 * first in a device, and then _SEG and _CRS. They are found by their bytes.
 */
#include "arch/x86_64/probe/vmm_aml.h"

#include "arch/x86_64/probe/uart.h"
#include "common/lib/string.h"

#define NAME_HID     0x4449485f
#define NAME_SEG     0x4745535f
#define NAME_CRS     0x5352435f
#define NAME_S5      0x5f35535f

#define AML_ONE      0x01
#define AML_BYTE     0x0a
#define AML_WORD     0x0b
#define AML_BUFFER   0x11
#define AML_PACKAGE  0x12
#define PACKAGE_HEAD 3 /* opcode, length and count of a small one */

#define SLP_TYP_MAX  7

/* A name, with as much of what follows as is looked at. */
#define TERM_SIZE_MAX 10

/* The first four bytes of an ID, which is an EISA ID or a string. */
#define ID_UART       0x0105d041 /* PNP0501 */
#define ID_PCIE       0x080ad041 /* PNP0A08 */
#define ID_VIRTIO     0x4f524e4c /* LNRO0005 */
#define ID_MODULE     0x49504341 /* ACPI0004; nothing like it has memory */
#define ID_VMBUS      0x75626d76 /* VMBus or VMBUS, in small letters */
#define SMALL_LETTERS 0x20202020

/* Resource descriptors, sections 6.4.2 and 6.4.3 */
#define RESOURCE_LARGE     0x80
#define RESOURCE_IO        0x47
#define RESOURCE_END       0x79
#define RESOURCE_MEMORY32  0x86
#define RESOURCE_DWORD     0x87
#define RESOURCE_INTERRUPT 0x89
#define RESOURCE_QWORD     0x8a
#define SPACE_MEMORY       0
#define SPACE_SIZE(width)  (6 + 5 * (width)) /* it has five numbers */

/* What is known of a device so far. It is of one kind, but may be of any. */
struct device {
	uint32_t id;
	uint16_t port;
	struct machine_virtio_mmio slot;
	struct machine_pci_host host; /* has the memory of any device */
};

static uint64_t load_number(const uint8_t *bytes, uint32_t size)
{
	uint64_t number = 0;

	memcpy(&number, bytes, size);
	return number;
}

static void set_memory(struct device *device, uint64_t base, uint64_t size)
{
	*(base < FOUR_GIB ? &device->host.mmio32 : &device->host.mmio64) =
		(struct machine_range){ base, size };
}

/*
 * Reads an address space, which has five numbers of `width` bytes: memory, or
 * the buses of a host.
 */
static void read_space(struct device *device, const uint8_t *bytes,
                       uint32_t width)
{
	uint64_t base = load_number(bytes + 6 + width, width);

	if (bytes[3] == SPACE_MEMORY)
		set_memory(device, base,
		           load_number(bytes + 6 + 4 * width, width));
	else
		device->host.bus_first = base;
}

static void read_resource(struct device *device, const uint8_t *bytes,
                          uint32_t size)
{
	if (*bytes == RESOURCE_IO) {
		device->port = load_le16(bytes + 2);
	} else if (*bytes == RESOURCE_INTERRUPT && size >= 9) {
		device->slot.is_edge = bytes[3] & 2;
		device->slot.gsi = load_le32(bytes + 5);
	} else if (*bytes == RESOURCE_MEMORY32 && size >= 12) {
		set_memory(device, load_le32(bytes + 4), load_le32(bytes + 8));
	} else if (*bytes >= RESOURCE_DWORD && *bytes <= RESOURCE_QWORD &&
	           size >= SPACE_SIZE(2) && size <= SPACE_SIZE(8)) {
		read_space(device, bytes, (size - SPACE_SIZE(0)) / 5);
	}
}

/*
 * Returns where the resources end. The search goes on there, so that no byte is
 * read for more than one _CRS.
 */
static const uint8_t *read_resources(struct device *device, const uint8_t *at,
                                     const uint8_t *end)
{
	while (end - at >= 3) {
		uint32_t size = *at & RESOURCE_LARGE ? load_le16(at + 1) + 3
		                                     : (*at & 7) + 1;

		if (*at == RESOURCE_END || size > end - at)
			break;
		read_resource(device, at, size);
		at += size;
	}
	return at;
}

static_assert(offsetof(struct machine_pci_host, mmio64) ==
                      offsetof(struct machine_pci_host, mmio32) +
                              sizeof(struct machine_range),
              "they are copied together");

static void add_device(struct machine *machine, struct device *device)
{
	const struct machine_pci_host *host = &device->host;

	switch (device->id) {
	case ID_UART:
		uart_probe(machine, device->port, device->slot.gsi);
		break;
	case ID_PCIE:
		/* The host of ports CF8 and CFC is known already. */
		if (machine->pci_host_count < MACHINE_PCI_HOST_MAX &&
		    (host->segment || !machine->pci_host_count ||
		     !machine->pci_hosts[0].has_port_access))
			machine->pci_hosts[machine->pci_host_count++] = *host;
		break;
	case ID_VIRTIO:
		device->slot.paddr = host->mmio32.base;
		device->slot.size = host->mmio32.size;
		/* Firecracker's command line names the same slots. */
		if (machine->virtio_mmio_count < MACHINE_VIRTIO_MMIO_MAX &&
		    !machine->pc.named_count && device->slot.paddr)
			machine->virtio_mmio[machine->virtio_mmio_count++] =
				device->slot;
		break;
	case ID_MODULE:
		memcpy(machine->vmbus.mmio, &host->mmio32,
		       sizeof(machine->vmbus.mmio));
	}
}

/* Returns an integer below 64 Ki. */
static uint32_t load_integer(const uint8_t *value)
{
	if (*value <= AML_ONE)
		return *value;
	return *value == AML_BYTE ? value[1] : load_le16(value + 1);
}

/* Returns what is in a buffer: behind its length and its size. */
static const uint8_t *buffer_data(const uint8_t *buffer)
{
	const uint8_t *size = buffer + 2 + (buffer[1] >> 6);

	return size + (*size == AML_BYTE ? 2 : *size == AML_WORD ? 3 : 5);
}

void vmm_aml_read(struct machine *machine, const struct acpi_header *table)
{
	const uint8_t *at = (const uint8_t *)(table + 1);
	const uint8_t *end = (const uint8_t *)table + table->length;
	struct device device;

	memset(&device, 0, sizeof(device));
	for (; end - at >= TERM_SIZE_MAX; at++) {
		const uint8_t *value = at + sizeof(uint32_t);

		switch (load_le32(at)) {
		case NAME_HID:
			memset(&device, 0, sizeof(device));
			device.id = load_le32(value + 1);
			if ((device.id | SMALL_LETTERS) == ID_VMBUS)
				machine->vmbus.is_present = true;
			break;
		case NAME_SEG:
			device.host.segment = load_integer(value);
			break;
		case NAME_CRS:
			if (*value != AML_BUFFER)
				break;
			at = read_resources(&device, buffer_data(value), end);
			add_device(machine, &device);
			break;
		case NAME_S5:
			if (*value == AML_PACKAGE)
				machine->pc.pm.s5_slp_typ =
					load_integer(value + PACKAGE_HEAD) &
					SLP_TYP_MAX;
		}
	}
}
