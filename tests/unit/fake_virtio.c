/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/fake_virtio.c - a virtio block device, see fake_virtio.h */
#include "tests/unit/fake_virtio.h"

#include <string.h>

#include "common/arch.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/test.h"

#define SLOT     FAKE_VIRTIO_SLOT
#define FUNCTION FAKE_VIRTIO_FUNCTION
#define BAR_SIZE FAKE_VIRTIO_BAR_SIZE
#define BAR2     0x18
#define BAR4     0x20
#define BELL     0x2004

struct fake_virtio device;
struct fake_virtio_function function;

static const struct machine *machine_of;
static uint64_t ticks;
/* As in some VMMs, all requests end with one, and a reset takes none back. */
static bool has_interrupt;

uint64_t arch_ticks(void)
{
	return ticks;
}

bool arch_wait(uint64_t start)
{
	return ++ticks - start < 1000;
}

void arch_drop_interrupts(void)
{
	EXPECT_EQ(device.status, 0); /* no more will come */
	has_interrupt = false;
}

struct descriptor {
	uint64_t paddr;
	uint32_t size;
	uint16_t flags;
	uint16_t next;
};

void fake_virtio_reset(void)
{
	device.queue_size = device.queue_max;
	device.is_enabled = false;
	device.done = 0;
	device.status = device.is_stuck;
}

/* Serves one request: the chain has header, data and status. */
static uint8_t serve(const struct descriptor *chain)
{
	const uint32_t *header = paddr_ptr(chain[0].paddr);
	uint64_t sector;

	EXPECT(chain[0].size == 16 && chain[0].flags == 1);
	EXPECT(chain[1].flags == 3 && chain[chain[0].next].next == 2);
	EXPECT(chain[2].size == 1 && chain[2].flags == 2);
	EXPECT_EQ(header[0], 0);
	memcpy(&sector, header + 2, sizeof(sector));
	/* Blocks of a disk have at most 4096 bytes. The last may be cut. */
	EXPECT(chain[1].size);
	EXPECT(chain[1].size % 4096 == 0 ||
	       sector + chain[1].size / 512 == device.sector_count);
	device.request_count++;
	if (device.is_broken ||
	    !is_within(sector, chain[1].size / 512, device.sector_count))
		return 1;
	memcpy(paddr_ptr(chain[1].paddr), device.image + sector * 512,
	       chain[1].size);
	return 0;
}

static void notified(void)
{
	const struct descriptor *table = paddr_ptr(device.descriptors);
	const uint16_t *available = paddr_ptr(device.available);
	uint16_t *used = paddr_ptr(device.used);

	EXPECT_EQ(device.status & 4, 4);
	EXPECT(device.is_enabled);
	EXPECT_EQ(device.queue_size, 4);
	if (device.is_mute || !device.is_enabled)
		return;
	while (device.done != available[1]) {
		const struct descriptor *chain =
			&table[available[2 + device.done++ % 4]];

		*(uint8_t *)paddr_ptr(chain[2].paddr) = serve(chain);
		used[1]++;
		has_interrupt = true;
	}
}

static void set_status(uint32_t value)
{
	device.status = value;
	if (!value)
		fake_virtio_reset();
	/* VIRTIO 1.2 section 3.1.1: no step before the ones before it. */
	EXPECT(!(value & 2) || value & 1);
	EXPECT(!(value & (4 | 8)) || (value & 3) == 3);
	EXPECT(!(value & 4) || value & 8 || device.kind == LEGACY);
	if (value & 8 && device.is_picky)
		device.status &= ~8U;
	/* A newer device does not work without VERSION_1. */
	if (value & 4 && device.kind != LEGACY)
		EXPECT_EQ(device.driver_features[1], 1);
}

static void set_half(uint64_t *address, uint32_t shift, uint32_t value)
{
	*address &= ~(0xffffffffULL << shift);
	*address |= (uint64_t)value << shift;
}

/* The driver has told its page size and the queue's alignment before. */
static void legacy_queue(uint32_t page)
{
	EXPECT_EQ(device.page_size, 4096);
	EXPECT_EQ(device.queue_align, 4096);
	device.descriptors = (uint64_t)page * 4096;
	device.available = device.descriptors + 16 * 4;
	device.used = device.descriptors + 4096;
	device.is_enabled = true;
}

static void mmio_write(uint32_t offset, uint32_t value)
{
	uint64_t *addresses[] = { &device.descriptors, &device.available,
		                  &device.used };

	if (offset >= 0x80 && offset <= 0xa4 && device.kind == NEWER) {
		set_half(addresses[(offset - 0x80) / 16], offset % 16 * 8,
		         value);
		return;
	}
	switch (offset | device.kind << 16) {
	case 0x10014:
	case 0x20014:
		device.feature_select = value;
		break;
	case 0x10024:
	case 0x20024:
		device.driver_select = value;
		break;
	case 0x10020:
	case 0x20020:
		device.driver_features[device.driver_select] = value;
		break;
	case 0x10038:
	case 0x20038:
		device.queue_size = value;
		break;
	case 0x10030:
	case 0x20030:
		EXPECT_EQ(value, 0);
		break;
	case 0x10028:
		device.page_size = value;
		break;
	case 0x1003c:
		device.queue_align = value;
		break;
	case 0x10040:
		legacy_queue(value);
		break;
	case 0x20044:
		device.is_enabled = value;
		break;
	case 0x10050:
	case 0x20050:
		notified();
		break;
	case 0x10070:
	case 0x20070:
		set_status(value);
		break;
	default:
		EXPECT_EQ(offset, 0);
	}
}

static uint32_t mmio_read(uint32_t offset)
{
	switch (offset) {
	case 0:
		return device.magic;
	case 4:
		return device.version;
	case 8:
		return device.id;
	case 0x10:
		return device.feature_select ? 1 : 0xffff;
	case 0x34:
		return device.queue_max;
	case 0x70:
		return device.status;
	case 0x100:
		return (uint32_t)device.sector_count;
	case 0x104:
		return (uint32_t)(device.sector_count >> 32);
	default:
		EXPECT_EQ(offset, 0);
		return 0;
	}
}

/*
 * The common configuration is at 0, the device's at 1000, the notification at
 * 2004.
 */
static void pci_write(uint32_t offset, uint32_t size, uint32_t value)
{
	uint64_t *addresses[] = { &device.descriptors, &device.available,
		                  &device.used };

	if (offset >= 32 && offset < 56) {
		set_half(addresses[(offset - 32) / 8], offset % 8 * 8, value);
		return;
	}
	switch (offset | size << 16) {
	case 0x40000:
		device.feature_select = value;
		break;
	case 0x40008:
		device.driver_select = value;
		break;
	case 0x4000c:
		device.driver_features[device.driver_select] = value;
		break;
	case 0x10014:
		set_status(value);
		break;
	case 0x20016:
		EXPECT_EQ(value, 0);
		break;
	case 0x20018:
		device.queue_size = value;
		break;
	case 0x2001c:
		device.is_enabled = value;
		break;
	case 2 << 16 | BELL:
		notified();
		break;
	default:
		EXPECT_EQ(offset, UINT32_MAX);
	}
}

static uint32_t pci_read(uint32_t offset, uint32_t size)
{
	switch (offset | size << 16) {
	case 0x40004:
		return device.feature_select ? 1 : 0xffff;
	case 0x10014:
		return device.status;
	case 0x20018:
		return device.queue_size;
	case 0x2001e:
		return function.bell_index;
	case 0x41000:
		return (uint32_t)device.sector_count;
	case 0x41004:
		return (uint32_t)(device.sector_count >> 32);
	default:
		EXPECT_EQ(offset, UINT32_MAX);
		return 0;
	}
}

/* Where in its registers an address is. */
static uint32_t register_at(paddr_t paddr)
{
	paddr_t bar4 = (paddr_t)function.bar4_high << 32 | function.bar4;

	/* Registers answer only while the function decodes memory. */
	EXPECT_EQ(function.command & 6, 6);
	if (function.has_bell_bar && paddr == function.bar2 + 4)
		return BELL;
	return (uint32_t)(paddr - (bar4 & ~0xfULL));
}

uint32_t arch_device_read(paddr_t paddr, uint32_t size)
{
	EXPECT(fake_map_has_device(paddr, size));
	if (device.kind == PCI)
		return pci_read(register_at(paddr), size);
	EXPECT_EQ(size, 4);
	/* There are three slots. */
	EXPECT(paddr >= SLOT - 0x200 && paddr < SLOT + 0x400);
	if (paddr < SLOT || paddr >= SLOT + 0x200) /* There is no device. */
		return 0;
	return mmio_read((uint32_t)(paddr - SLOT));
}

void arch_device_write(paddr_t paddr, uint32_t size, uint32_t value)
{
	EXPECT(fake_map_has_device(paddr, size));
	if (device.kind == PCI) {
		pci_write(register_at(paddr), size, value);
		return;
	}
	EXPECT_EQ(size, 4);
	mmio_write((uint32_t)(paddr - SLOT), value);
}

static uint32_t capability(uint32_t offset)
{
	const uint32_t types[] = { 1, 2, 4, 5 };
	const uint32_t places[] = { 0, 0x2000, 0x1000, 0 };
	uint32_t index = (offset - 0x40) / 0x18;
	uint32_t next = index < 3            ? 0x40 + (index + 1) * 0x18
	                : function.is_looped ? 0x40
	                                     : 0;

	if (index >= ARRAY_COUNT(types)) /* There are no more. */
		return 0;
	switch ((offset - 0x40) % 0x18) {
	case 0:
		if (types[index] == function.missing)
			return 9 << 24 | 0x14 << 16 | next << 8 | 9;
		return types[index] << 24 | 0x14 << 16 | next << 8 | 9;
	case 4:
		return types[index] == 2 && function.has_bell_bar
		               ? 2
		               : function.bar;
	case 8:
		return types[index] == 2 && function.has_bell_bar
		               ? 0
		               : places[index];
	case 0xc:
		return index == 1 ? function.bell_size : 0x1000;
	case 0x10:
		return function.bell_stride;
	default:
		return 0;
	}
}

static uint32_t *port_register(uint32_t offset)
{
	switch (offset) {
	case 4:
		return &function.port_command;
	case 0x18:
		return &function.port_buses;
	case 0x20:
		return &function.port_window;
	default:
		return NULL;
	}
}

/* Does the function answer? Behind a port, if that leads to it. */
static bool is_there(uint32_t number)
{
	if (!function.has_port)
		return number == FUNCTION;
	return number == FAKE_VIRTIO_BEHIND && function.port_buses == 0x10100;
}

uint32_t arch_pci_read(const struct machine_pci_host *host, uint32_t number,
                       uint32_t offset)
{
	EXPECT(number < 256 || function.has_port);
	if (host != machine_of->pci_hosts + function.host)
		return UINT32_MAX;
	if (function.has_port && number == FUNCTION)
		return port_register(offset) ? *port_register(offset)
		       : offset == 0xc       ? 1 << 16
		                             : 0xc1b36;
	if (!is_there(number))
		return UINT32_MAX;
	switch (offset) {
	case 0:
		return 0x10011af4;
	case 4:
		return function.command | 1 << 20;
	case BAR2:
		if (!function.has_bell_bar)
			return 1;
		return function.bar2 == UINT32_MAX
		               ? (uint32_t)-FAKE_VIRTIO_BELL_SIZE
		               : function.bar2;
	case BAR4:
		return function.is_sized ? (uint32_t)-BAR_SIZE | 0xc
		                         : function.bar4 | 0xc;
	case BAR4 + 4:
		return function.bar4_high;
	case 0x28: /* no BAR, but it looks like one */
		return 0xe0000000;
	case 0xc:
		return 0;
	case 0x34:
		return 0x40;
	default:
		return offset < 0x40 ? 1 : capability(offset);
	}
}

void arch_pci_write(const struct machine_pci_host *host, uint32_t number,
                    uint32_t offset, uint32_t value)
{
	EXPECT(host == machine_of->pci_hosts + function.host);
	if (function.has_port && number == FUNCTION) {
		EXPECT(port_register(offset));
		*port_register(offset) = value;
		return;
	}
	EXPECT(is_there(number));
	switch (offset) {
	case 4:
		function.command = value & 0xffff;
		break;
	case BAR2:
		EXPECT(function.has_bell_bar);
		EXPECT_EQ(function.command & 2, 0);
		function.bar2 = value;
		break;
	case BAR4:
		/* The BAR must not move while memory is decoded. */
		EXPECT_EQ(function.command & 2, 0);
		function.is_sized = value == UINT32_MAX;
		if (!function.is_sized)
			function.bar4 = value & ~(BAR_SIZE - 1U);
		break;
	default:
		EXPECT_EQ(offset, 0);
	}
}

void fake_virtio_start(enum fake_virtio_kind kind, struct machine *machine,
                       const uint8_t *image, uint64_t sector_count)
{
	has_interrupt = false;
	device = (struct fake_virtio){
		.kind = kind,
		.magic = 0x74726976,
		.version = kind,
		.id = 2,
		.queue_max = 256,
		.image = image,
		.sector_count = sector_count,
	};
	function = (struct fake_virtio_function){
		.command = 1,
		.bar = 4,
		.bell_size = 6,
		.bell_index = 1,
		.bell_stride = 4,
	};
	fake_virtio_reset();
	fake_map_clear();
	machine_of = machine;
	if (kind == PCI) {
		machine->pci_host_count = 1;
		machine->pci_hosts[0] = (struct machine_pci_host){
			.mmio32 = { FAKE_VIRTIO_WINDOW,
			            FAKE_VIRTIO_WINDOW_SIZE },
		};
		return;
	}
	machine->virtio_mmio_count = 1;
	machine->virtio_mmio[0] = (struct machine_virtio_mmio){
		.paddr = SLOT - 0x200,
		.size = 0x200,
		.more_count = 2,
	};
}

void fake_virtio_put_behind_port(struct machine *machine)
{
	function.has_port = true;
	machine->pci_hosts[0].bus_last = 1;
}

void fake_virtio_expect_as_before(void)
{
	EXPECT_EQ(function.port_command, 0);
	EXPECT_EQ(function.port_buses, 0);
	EXPECT_EQ(function.port_window, 0);
	EXPECT_EQ(device.status, 0);
	EXPECT(!has_interrupt);
	EXPECT_EQ(function.command, 1);
	EXPECT_EQ(function.bar2, 0);
	EXPECT_EQ(function.bar4, 0);
	EXPECT(!function.is_sized);
}
