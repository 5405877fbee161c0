/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_virtio.c - disks by virtio, beside a device made of variables
 *
 * It does what VIRTIO 1.2 says of a block device, in a legacy slot, a newer
 * one and behind PCI, and checks what the driver does to it. It can also be
 * told to do wrong.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "common/arch.h"
#include "common/boot.h"
#include "common/payload/bundle.h"
#include "common/payload/disk/virtio.h"
#include "common/spec/bundle.h"
#include "tests/unit/test.h"

#define SLOT         0x10000 /* registers, in a slot */
#define WINDOW       0x20000000
#define WINDOW_SIZE  0x100000
#define BAR_SIZE     0x4000
#define SECTOR_COUNT 40000
#define FUNCTION     (3 << 3)
#define BAR4         0x20

enum kind {
	LEGACY = 1,
	NEWER = 2,
	PCI,
};

static struct {
	enum kind kind;
	bool is_mute, is_stuck, is_broken, is_picky;
	uint32_t queue_max;
	uint64_t sector_count;
	uint32_t status;
	uint32_t feature_select, driver_select;
	uint32_t driver_features[2];
	uint32_t queue_size;
	uint64_t descriptors, available, used;
	bool is_enabled;
	uint16_t done;
	uint32_t request_count;
} device;

static struct {
	uint32_t command;
	uint32_t bar4;
	uint32_t bar4_high;
	bool is_sized;
	uint8_t bar; /* that the capabilities name */
	uint32_t bell_size;
	bool is_looped;
} function;

static uint64_t used_slots; /* a bit each; only to tell empty ones */
static struct boot boot;
static uint8_t *image;
static uint8_t *pages;
static uint64_t ticks;

/* ---- the architecture */

paddr_t payload_take_ram(struct boot *of, const char *name, uint64_t size)
{
	EXPECT(of == &boot && name);
	/* Below 4 GiB, as the real one. */
	if (!pages)
		pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
		             MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	memset(pages, 0xa5, size);
	return paddr_of(pages);
}

bool bundle_is_at(const void *base, uint64_t size)
{
	return size >= 8 && load_le64(base) == BUNDLE_MAGIC;
}

bool arch_find_disk(struct boot *of)
{
	(void)of;
	return false;
}

void arch_map(paddr_t base, uint64_t size)
{
	(void)base;
	(void)size;
}

const uint32_t arch_address_bits = 42;

void arch_map_device(paddr_t base, uint64_t size)
{
	(void)base;
	(void)size;
}

uint64_t arch_ticks(void)
{
	return ticks;
}

bool arch_wait(uint64_t start)
{
	return ++ticks - start < 1000;
}

/* ---- the device */

struct descriptor {
	uint64_t paddr;
	uint32_t size;
	uint16_t flags;
	uint16_t next;
};

static void reset_device(void)
{
	device.queue_size = device.queue_max;
	device.is_enabled = false;
	device.done = 0;
	device.status = device.is_stuck;
}

/* One request: header, data, status, in the chain that starts the table. */
static uint8_t serve(const struct descriptor *chain)
{
	const uint32_t *header = paddr_ptr(chain[0].paddr);
	uint64_t sector;

	EXPECT(chain[0].size == 16 && chain[0].flags == 1);
	EXPECT(chain[1].flags == 3 && chain[chain[0].next].next == 2);
	EXPECT(chain[2].size == 1 && chain[2].flags == 2);
	EXPECT_EQ(header[0], 0);
	memcpy(&sector, header + 2, sizeof(sector));
	/* Blocks may have 4096 bytes, unless the disk ends within one. */
	EXPECT(chain[1].size);
	EXPECT(chain[1].size % 4096 == 0 ||
	       sector + chain[1].size / 512 == device.sector_count);
	device.request_count++;
	if (device.is_broken ||
	    !is_within(sector, chain[1].size / 512, device.sector_count))
		return 1;
	memcpy(paddr_ptr(chain[1].paddr), image + sector * 512, chain[1].size);
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
	if (device.is_mute)
		return;
	while (device.done != available[1]) {
		const struct descriptor *chain =
			&table[available[2 + device.done++ % 4]];

		*(uint8_t *)paddr_ptr(chain[2].paddr) = serve(chain);
		used[1]++;
	}
}

static void set_status(uint32_t value)
{
	device.status = value;
	if (!value)
		reset_device();
	if (value & 8 && device.is_picky)
		device.status &= ~8U;
	/* Without VERSION_1 a newer one does not work. */
	if (value & 4 && device.kind != LEGACY)
		EXPECT_EQ(device.driver_features[1], 1);
}

static void set_half(uint64_t *address, uint32_t shift, uint32_t value)
{
	*address &= ~(0xffffffffULL << shift);
	*address |= (uint64_t)value << shift;
}

static void legacy_queue(uint32_t page)
{
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
	case 0x1003c:
		EXPECT_EQ(value, 4096);
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
		return 0x74726976;
	case 4:
		return device.kind;
	case 8:
		return 2;
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

/* The common configuration at 0, the device's at 1000, its bell at 2004. */
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
	case 0x22004:
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
		return 1;
	case 0x41000:
		return (uint32_t)device.sector_count;
	case 0x41004:
		return (uint32_t)(device.sector_count >> 32);
	default:
		EXPECT_EQ(offset, UINT32_MAX);
		return 0;
	}
}

static paddr_t bar_address(void)
{
	/* Registers are there while they are decoded. */
	EXPECT_EQ(function.command & 6, 6);
	return ((paddr_t)function.bar4_high << 32 | function.bar4) & ~0xfULL;
}

uint32_t arch_device_read(paddr_t paddr, uint32_t size)
{
	if (used_slots) {
		EXPECT_EQ(paddr % 0x200, 8);
		return used_slots >> (paddr - SLOT) / 0x200 & 1;
	}
	if (device.kind == PCI)
		return pci_read((uint32_t)(paddr - bar_address()), size);
	EXPECT_EQ(size, 4);
	if (paddr < SLOT || paddr >= SLOT + 0x200) /* nothing in there */
		return 0;
	return mmio_read((uint32_t)(paddr - SLOT));
}

void arch_device_write(paddr_t paddr, uint32_t size, uint32_t value)
{
	if (device.kind == PCI) {
		pci_write((uint32_t)(paddr - bar_address()), size, value);
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

	switch ((offset - 0x40) % 0x18) {
	case 0:
		return types[index] << 24 | 0x14 << 16 | next << 8 | 9;
	case 4:
		return function.bar;
	case 8:
		return places[index];
	case 0xc:
		return index == 1 ? function.bell_size : 0x1000;
	case 0x10:
		return 4;
	default:
		return 0;
	}
}

uint32_t arch_pci_read(const struct machine_pci_host *host, uint32_t number,
                       uint32_t offset)
{
	EXPECT(host == boot.machine.pci_hosts);
	if (number != FUNCTION)
		return UINT32_MAX;
	switch (offset) {
	case 0:
		return 0x10011af4;
	case 4:
		return function.command | 1 << 20;
	case BAR4:
		return function.is_sized ? (uint32_t)-BAR_SIZE | 0xc
		                         : function.bar4 | 0xc;
	case BAR4 + 4:
		return function.bar4_high;
	case 0x34:
		return 0x40;
	default:
		return offset < 0x40 ? 1 : capability(offset);
	}
}

void arch_pci_write(const struct machine_pci_host *host, uint32_t number,
                    uint32_t offset, uint32_t value)
{
	EXPECT(host == boot.machine.pci_hosts && number == FUNCTION);
	switch (offset) {
	case 4:
		function.command = value & 0xffff;
		break;
	case BAR4:
		/* So that it is nowhere by mistake. */
		EXPECT_EQ(function.command & 2, 0);
		function.is_sized = value == UINT32_MAX;
		if (!function.is_sized)
			function.bar4 = value & ~(BAR_SIZE - 1U);
		break;
	default:
		EXPECT_EQ(offset, 0);
	}
}

/* ---- tests */

static void start(enum kind kind)
{
	struct machine *machine = &boot.machine;

	memset(&device, 0, sizeof(device));
	memset(&function, 0, sizeof(function));
	memset(&boot, 0, offsetof(struct boot, machine) + MACHINE_CLEAR_SIZE);
	device.kind = kind;
	device.queue_max = 256;
	device.sector_count = SECTOR_COUNT;
	function.bar = 4;
	function.bell_size = 6;
	function.command = 1;
	reset_device();
	if (kind == PCI) {
		machine->pci_host_count = 1;
		machine->pci_hosts[0] = (struct machine_pci_host){
			.mmio32 = { WINDOW, WINDOW_SIZE },
		};
	} else {
		machine->virtio_mmio_count = 1;
		machine->virtio_mmio[0] = (struct machine_virtio_mmio){
			.paddr = SLOT - 0x200,
			.size = 0x200,
			.more_count = 2,
		};
	}
	free(image);
	image = malloc(SECTOR_COUNT * 512);
	for (uint32_t i = 0; i < SECTOR_COUNT * 512; i++)
		image[i] = (uint8_t)(i * 7 + (i >> 9) * 3);
	memcpy(image, &(uint64_t){ BUNDLE_MAGIC }, 8);
}

static void expect_as_before(void)
{
	EXPECT_EQ(device.status, 0);
	EXPECT_EQ(function.command, 1);
	EXPECT_EQ(function.bar4, 0);
	EXPECT(!function.is_sized);
}

static void read_and_compare(uint64_t offset, uint64_t size)
{
	uint8_t *dest = malloc(size + 1);

	dest[size] = 0x5a;
	disk_read(&boot.disk, offset, paddr_of(dest), size);
	EXPECT(!memcmp(dest, image + offset, size));
	EXPECT_EQ(dest[size], 0x5a);
	free(dest);
}

static void it_is_read_and_left_as_before(void)
{
	for (enum kind kind = LEGACY; kind <= PCI; kind++) {
		start(kind);
		EXPECT(disk_find(&boot));
		EXPECT_EQ(boot.disk.sector_count, SECTOR_COUNT);
		EXPECT(!memcmp(pages, image, DISK_PAGE_SIZE));
		read_and_compare(0x1000, 0x1000);
		read_and_compare(0x3000, 1);
		read_and_compare(0x3123, 0x4567);
		read_and_compare(0x5000, 0x2fff);
		read_and_compare(0x1fff, 2);
		device.request_count = 0;
		read_and_compare(0x1000, 9 << 20);
		EXPECT_EQ(device.request_count, 3);
		for (uint32_t i = 0; i < 70000; i++)
			disk_read(&boot.disk, 0, paddr_of(pages), 4096);
		disk_close(&boot);
		expect_as_before();
	}
}

static void one_may_end_within_a_page(void)
{
	for (enum kind kind = LEGACY; kind <= PCI; kind++) {
		start(kind);
		device.sector_count = SECTOR_COUNT - 5;
		EXPECT(disk_find(&boot));
		read_and_compare((SECTOR_COUNT - 5) * 512 - 700, 700);
		read_and_compare((SECTOR_COUNT - 16) * 512, 11 * 512);
	}
}

static void one_without_a_bundle_is_left_as_before(void)
{
	for (enum kind kind = LEGACY; kind <= PCI; kind++) {
		start(kind);
		image[3] ^= 1;
		EXPECT(!disk_find(&boot));
		expect_as_before();
		start(kind);
		device.sector_count = 7;
		EXPECT(!disk_find(&boot));
		EXPECT_EQ(device.request_count, 0);
		expect_as_before();
	}
}

static void do_wrong(enum kind kind)
{
	start(kind);
	device.is_mute = true;
	EXPECT_PANIC("virtio: sector 0: no answer", disk_find(&boot));
	start(kind);
	device.is_broken = true;
	EXPECT_PANIC("virtio: sector 0: status 1", disk_find(&boot));
	start(kind);
	device.is_stuck = true;
	reset_device();
	EXPECT_PANIC("does not reset", disk_find(&boot));
	start(kind);
	device.queue_max = 2;
	EXPECT_PANIC("queue of 2, need 4", disk_find(&boot));
	start(kind);
	EXPECT(disk_find(&boot));
	EXPECT_PANIC("virtio: sector 40000: status 1",
	             disk_read(&boot.disk, SECTOR_COUNT * 512, paddr_of(pages),
	                       4096));
}

static void one_that_does_wrong_panics(void)
{
	do_wrong(LEGACY);
	do_wrong(NEWER);
	do_wrong(PCI);
	start(LEGACY);
	device.is_picky = true;
	EXPECT(disk_find(&boot));
	start(NEWER);
	device.is_picky = true;
	EXPECT_PANIC("wants more features", disk_find(&boot));
	start(PCI);
	device.is_picky = true;
	EXPECT_PANIC("wants more features", disk_find(&boot));
	start(PCI);
	function.bell_size = 5;
	EXPECT_PANIC("notifies at 0x4 of 0x5 bytes", disk_find(&boot));
}

static void an_address_of_the_vmm_stays(void)
{
	start(PCI);
	function.bar4 = 0xe0000000;
	function.bar4_high = 0x12;
	EXPECT(disk_find(&boot));
	EXPECT_EQ(boot.disk.registers, 0x12e0000000);
	disk_close(&boot);
	EXPECT_EQ(function.bar4, 0xe0000000);
	EXPECT_EQ(function.command, 1);
}

static void odd_pci_functions_are_none(void)
{
	start(PCI);
	boot.machine.pci_hosts[0].mmio32.size = BAR_SIZE - 1;
	EXPECT(!disk_find(&boot));
	expect_as_before();
	/* Room, but none that the BAR could be given. */
	start(PCI);
	boot.machine.pci_hosts[0].mmio32 =
		(struct machine_range){ WINDOW + 0x1000, BAR_SIZE + 0x1000 };
	EXPECT(!disk_find(&boot));
	expect_as_before();
	EXPECT(boot.disk.has_legacy);
	start(PCI);
	function.bar = 6;
	EXPECT(!disk_find(&boot));
	start(PCI);
	function.bar4 = 0xe0000000;
	function.bar4_high = 1u << (arch_address_bits - 32);
	EXPECT(!disk_find(&boot));
	EXPECT_EQ(function.bar4, 0xe0000000);
	EXPECT(boot.disk.has_legacy);
	start(PCI);
	function.bar4 = 0xe0000000;
	function.bar4_high = (1u << (arch_address_bits - 32)) - 1;
	EXPECT(disk_find(&boot));
	start(PCI);
	function.bar = 0; /* ports */
	EXPECT(!disk_find(&boot));
	start(PCI);
	function.is_looped = true;
	EXPECT(disk_find(&boot));
}

/* Are they told in so many rows, and these say what slot `index` is? */
static void expect_rows(uint64_t used, uint32_t count)
{
	struct machine *machine = &boot.machine;
	uint64_t seen = 0;

	used_slots = used | 1ULL << 63;
	machine->virtio_mmio_count = 2;
	machine->virtio_mmio[0] = (struct machine_virtio_mmio){
		.paddr = SLOT,
		.size = 0x200,
		.gsi = 5,
		.more_count = 23,
		.is_edge = true,
	};
	machine->virtio_mmio[1] = (struct machine_virtio_mmio){
		.paddr = SLOT + 24 * 0x200,
		.size = 0x200,
		.gsi = 77,
	};
	virtio_mmio_drop_empty(machine);
	EXPECT_EQ(machine->virtio_mmio_count, count);
	for (uint32_t i = 0; i < machine->virtio_mmio_count; i++) {
		const struct machine_virtio_mmio *row =
			&machine->virtio_mmio[i];
		uint64_t index = (row->paddr - SLOT) / 0x200;

		EXPECT_EQ(row->size, 0x200);
		EXPECT_EQ(row->gsi, index < 24 ? 5 + index : 77);
		EXPECT_EQ(row->is_edge, index < 24);
		for (uint32_t j = 0; j <= row->more_count; j++)
			seen |= 1ULL << (index + j);
	}
	EXPECT_EQ(seen, used);
	used_slots = 0;
	machine->virtio_mmio_count = 0;
}

static void empty_slots_are_left_out(void)
{
	expect_rows(0, 0);
	expect_rows(1, 1);
	expect_rows(1 << 23, 1);
	expect_rows(0xc00000, 1);
	expect_rows(0x1ffffff, 2);
	expect_rows(0xffffff, 1);
	expect_rows(1 << 24, 1);
	expect_rows(0x0f0f05, 4);
	expect_rows(0x1555555, 13);
}

int main(void)
{
	RUN(it_is_read_and_left_as_before);
	RUN(one_may_end_within_a_page);
	RUN(one_without_a_bundle_is_left_as_before);
	RUN(one_that_does_wrong_panics);
	RUN(an_address_of_the_vmm_stays);
	RUN(odd_pci_functions_are_none);
	RUN(empty_slots_are_left_out);
	free(image);
	return test_status();
}
