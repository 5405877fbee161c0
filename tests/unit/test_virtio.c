/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_virtio.c - disks by virtio: slots, PCI, and what goes wrong
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "common/arch.h"
#include "common/payload/disk/disks.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/fake_virtio.h"
#include "tests/unit/test.h"

#define SECTOR_COUNT 40000

static struct machine machine;
static struct disk disk;
static struct disks disks;
static uint8_t *image;
static uint8_t *pages; /* below 4 GiB, as the real ones */

bool arch_disk_next(struct disk *of, uint32_t *index)
{
	EXPECT(of == &disk && index == &disks.arch_index);
	return false;
}

static void start(enum fake_virtio_kind kind)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(&disk, 0, sizeof(disk));
	memset(&disks, 0, sizeof(disks));
	fake_virtio_start(kind, &machine, image, SECTOR_COUNT);
	memset(pages, 0xa5, DISK_PAGE_COUNT * DISK_PAGE_SIZE);
	disk.pages = paddr_of(pages);
}

/* Opens the next disk, and reads its first page if there is one. */
static bool next(void)
{
	if (!disks_next(&disks, &machine, &disk))
		return false;
	EXPECT_EQ(disk.pages, paddr_of(pages));
	return disk_read_head(&disk);
}

static void read_and_compare(uint64_t offset, uint64_t size)
{
	uint8_t *dest = malloc(size + 1);

	dest[size] = 0x5a;
	disk_read(&disk, offset, paddr_of(dest), size);
	EXPECT(!memcmp(dest, image + offset, size));
	EXPECT_EQ(dest[size], 0x5a);
	free(dest);
}

static void it_is_read_and_left_as_before(void)
{
	for (enum fake_virtio_kind kind = LEGACY; kind <= PCI; kind++) {
		start(kind);
		EXPECT(next());
		EXPECT_EQ(disk.sector_count, SECTOR_COUNT);
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
			disk_read(&disk, 0, paddr_of(pages), 4096);
		disk_close(&disk);
		fake_virtio_expect_as_before();
	}
}

static void one_may_end_within_a_page(void)
{
	for (enum fake_virtio_kind kind = LEGACY; kind <= PCI; kind++) {
		start(kind);
		device.sector_count = SECTOR_COUNT - 5;
		EXPECT(next());
		read_and_compare((SECTOR_COUNT - 5) * 512 - 700, 700);
		read_and_compare((SECTOR_COUNT - 16) * 512, 11 * 512);
	}
}

static void one_that_is_not_wanted_is_left_as_before(void)
{
	for (enum fake_virtio_kind kind = LEGACY; kind <= PCI; kind++) {
		start(kind);
		EXPECT(next());
		disk_close(&disk);
		fake_virtio_expect_as_before();
		EXPECT(!next());
		fake_virtio_expect_as_before();
		EXPECT(!disks.pci.has_legacy);
	}
}

static void one_smaller_than_a_page_is_not_read(void)
{
	for (enum fake_virtio_kind kind = LEGACY; kind <= PCI; kind++) {
		start(kind);
		device.sector_count = 7;
		EXPECT(!next());
		EXPECT_EQ(device.request_count, 0);
		disk_close(&disk);
		fake_virtio_expect_as_before();
	}
}

static void one_larger_than_bytes_can_count_is_taken_as_smaller(void)
{
	for (enum fake_virtio_kind kind = LEGACY; kind <= PCI; kind++) {
		start(kind);
		device.sector_count = 1UL << 55;
		EXPECT(next());
		EXPECT_EQ(disk.sector_count, (1UL << 55) - 1);
	}
}

static void do_wrong(enum fake_virtio_kind kind)
{
	start(kind);
	device.is_mute = true;
	EXPECT_PANIC("virtio: sector 0: no answer", next());
	start(kind);
	device.is_broken = true;
	EXPECT_PANIC("virtio: sector 0: status 1", next());
	start(kind);
	device.is_stuck = true;
	fake_virtio_reset();
	EXPECT_PANIC("does not reset", next());
	start(kind);
	device.queue_max = 2;
	EXPECT_PANIC("queue of 2, need 4", next());
	start(kind);
	EXPECT(next());
	EXPECT_PANIC(
		"virtio: sector 40000: status 1",
		disk_read(&disk, SECTOR_COUNT * 512, paddr_of(pages), 4096));
}

static void one_that_does_wrong_panics(void)
{
	do_wrong(LEGACY);
	do_wrong(NEWER);
	do_wrong(PCI);
	start(LEGACY);
	device.is_picky = true;
	EXPECT(next());
	start(NEWER);
	device.is_picky = true;
	EXPECT_PANIC("wants more features", next());
	start(PCI);
	device.is_picky = true;
	EXPECT_PANIC("wants more features", next());
	start(PCI);
	function.bell_size = 5;
	EXPECT_PANIC("notifies at 0x4 of 0x5 bytes", next());
	start(PCI);
	function.bell_stride = 0x40000000;
	function.bell_index = 4;
	EXPECT_PANIC("notifies at 0x100000000 of 0x6 bytes", next());
	start(NEWER);
	device.is_stuck = true;
	fake_virtio_reset();
	EXPECT_PANIC("virtio: at 0x1000010000: does not reset", next());
	start(NEWER);
	device.queue_max = 3;
	EXPECT_PANIC("virtio: at 0x1000010000: queue of 3, need 4", next());
}

static void an_address_of_the_vmm_stays(void)
{
	start(PCI);
	function.bar4 = 0xe0000000;
	function.bar4_high = 0x12;
	EXPECT(next());
	EXPECT_EQ(disk.registers, 0x12e0000000);
	disk_close(&disk);
	EXPECT_EQ(function.bar4, 0xe0000000);
	EXPECT_EQ(function.command, 1);
}

/* The port has its bus, and the host's window, as long as the disk is used. */
static void one_behind_a_port_is_read_and_left_as_before(void)
{
	start(PCI);
	fake_virtio_put_behind_port(&machine);
	EXPECT(next());
	EXPECT_EQ(function.port_buses, 0x10100);
	EXPECT_EQ(function.port_window, 0x20002000);
	EXPECT_EQ(function.port_command, 6);
	read_and_compare(0x3123, 0x4567);
	disk_close(&disk);
	fake_virtio_expect_as_before();
	EXPECT(!next());
	fake_virtio_expect_as_before();
}

/* The window of a port has whole MiB, the last one of the host's too. */
static void a_port_has_the_windows_last_byte(void)
{
	start(PCI);
	fake_virtio_put_behind_port(&machine);
	machine.pci_hosts[0].mmio32.size += 1;
	EXPECT(next());
	EXPECT_EQ(function.port_window, 0x20102000);
}

/* All that the VMM has set stays. */
static void a_port_with_a_bus_keeps_it(void)
{
	start(PCI);
	fake_virtio_put_behind_port(&machine);
	function.port_buses = 0x10100;
	function.port_window = 0x12345678;
	function.port_command = 1;
	EXPECT(next());
	EXPECT_EQ(function.port_command, 7);
	read_and_compare(0x3123, 0x4567);
	disk_close(&disk);
	EXPECT_EQ(function.port_command, 1);
	EXPECT_EQ(function.port_buses, 0x10100);
	EXPECT_EQ(function.port_window, 0x12345678);
}

static void ports_that_are_not_opened(void)
{
	/* The VMM has given it a bus that is not the host's. */
	start(PCI);
	fake_virtio_put_behind_port(&machine);
	function.port_buses = 0x20200;
	EXPECT(!next());
	EXPECT_EQ(function.port_buses, 0x20200);
	/* The host has no second bus. */
	start(PCI);
	fake_virtio_put_behind_port(&machine);
	machine.pci_hosts[0].bus_last = 0;
	EXPECT(!next());
	fake_virtio_expect_as_before();
	/* The device is none that the blob can use. */
	start(PCI);
	fake_virtio_put_behind_port(&machine);
	function.missing = 2;
	EXPECT(!next());
	EXPECT(disks.pci.has_legacy);
	fake_virtio_expect_as_before();
}

static bool finds_one_at(uint64_t address)
{
	bool is_found;

	start(PCI);
	machine.ram_count = 3;
	machine.ram[0] =
		(struct machine_ram){ 0, 0x40000000, MEMORY_RAM, 0, 0 };
	machine.ram[1] = (struct machine_ram){ 0x100000000, 0x40000000,
		                               MEMORY_RAM, 0, 0 };
	machine.ram[2] = (struct machine_ram){ 0xe0000000, 0x10000000,
		                               MEMORY_RESERVED, 0, 0 };
	function.bar4 = (uint32_t)address;
	function.bar4_high = address >> 32;
	is_found = next();
	if (is_found)
		disk_close(&disk);
	else
		EXPECT(!fake_map_has_device(address, 1));
	machine.ram_count = 0;
	return is_found;
}

/* A VMM may say that a BAR is there. The blob would write to it. */
static void registers_in_ram_are_none(void)
{
	EXPECT(finds_one_at(0x40000000));
	EXPECT(finds_one_at(0xe0000000));
	EXPECT(finds_one_at(0xffffc000));
	EXPECT(finds_one_at(0x140000000));
	EXPECT(!finds_one_at(0x3fffc000));
	EXPECT(!finds_one_at(0x70000));
	EXPECT(!finds_one_at(0x100000000));
	EXPECT(!finds_one_at(0x13fffc000));
}

static bool finds_slot(uint32_t magic, uint32_t version, uint32_t id)
{
	bool is_found;

	start(NEWER);
	device.magic = magic;
	device.version = version;
	device.id = id;
	is_found = next();
	if (is_found)
		disk_close(&disk);
	fake_virtio_expect_as_before();
	return is_found;
}

/* VIRTIO 1.2, section 4.2.2; the version 1 is the legacy interface's. */
static void slots_that_have_something_else(void)
{
	EXPECT(finds_slot(0x74726976, 2, 2));
	EXPECT(!finds_slot(0x74726975, 2, 2));
	EXPECT(!finds_slot(0, 2, 2));
	EXPECT(!finds_slot(0x74726976, 0, 2));
	EXPECT(!finds_slot(0x74726976, 3, 2));
	EXPECT(!finds_slot(0x74726976, 2, 1));
	EXPECT(!finds_slot(0x74726976, 2, 3));
}

static void slots_in_ram_are_none(void)
{
	start(NEWER);
	machine.ram_count = 1;
	machine.ram[0] = (struct machine_ram){ machine.virtio_mmio[0].paddr,
		                               0x600, MEMORY_RAM, 0, 0 };
	EXPECT(!next());
	/* RAM begins amid the registers. */
	memset(&disks, 0, sizeof(disks));
	machine.ram[0].base += 0x480;
	EXPECT(!next());
	machine.ram_count = 0;
}

/* The device says how far from its other registers it is. */
static void a_bell_in_ram_is_refused(void)
{
	start(PCI);
	function.bar4 = 0xe0000000;
	function.bell_stride = 0x10000;
	function.bell_size = 0x10002;
	machine.ram_count = 1;
	machine.ram[0] =
		(struct machine_ram){ 0xe0010000, 0x10000, MEMORY_RAM, 0, 0 };
	EXPECT_PANIC("virtio: at 0xe0000000: notifies at 0x10000 of 0x10002 "
	             "bytes",
	             next());
	machine.ram_count = 0;
}

/* The blob would write to it where a function seems to be. */
static void configuration_space_in_ram_is_none(void)
{
	start(PCI);
	machine.ram_count = 1;
	machine.ram[0] = (struct machine_ram){ 0x140080000, 0x40000000,
		                               MEMORY_RAM, 0, 0 };
	machine.pci_hosts[0].ecam_paddr = 0x140000000;
	machine.pci_hosts[0].ecam_size = 0x100000;
	EXPECT(!next());
	EXPECT(!fake_map_has_device(0x140000000, 1));
	fake_virtio_expect_as_before();
	machine.ram_count = 0;
}

static void one_by_memory_mapped_configuration_is_read(void)
{
	start(PCI);
	machine.pci_hosts[0].ecam_paddr = 0x140000000;
	machine.pci_hosts[0].ecam_size = 0x100000;
	/* RAM ends and begins where it does. */
	machine.ram_count = 2;
	machine.ram[0] = (struct machine_ram){ 0x100000000, 0x40000000,
		                               MEMORY_RAM, 0, 0 };
	machine.ram[1] = (struct machine_ram){ 0x140100000, 0x40000000,
		                               MEMORY_RAM, 0, 0 };
	EXPECT(next());
	EXPECT(fake_map_has_device(0x140000000, 0x100000));
	disk_close(&disk);
	machine.ram_count = 0;
}

static void two_of_its_bars_get_addresses_that_do_not_overlap(void)
{
	start(PCI);
	function.has_bell_bar = true;
	EXPECT(next());
	EXPECT_EQ(function.bar4, FAKE_VIRTIO_WINDOW + FAKE_VIRTIO_WINDOW_SIZE -
	                                 FAKE_VIRTIO_BAR_SIZE);
	EXPECT_EQ(function.bar2, function.bar4 - FAKE_VIRTIO_BELL_SIZE);
	read_and_compare(0, 512);
	disk_close(&disk);
	fake_virtio_expect_as_before();
}

/* Each host has a window of its own. */
static void one_on_the_second_host_is_read(void)
{
	start(PCI);
	function.host = 1;
	machine.pci_host_count = 2;
	machine.pci_hosts[1] = machine.pci_hosts[0];
	machine.pci_hosts[1].mmio32.base = 0x30000000;
	EXPECT(next());
	EXPECT(disk.host == &machine.pci_hosts[1]);
	EXPECT_EQ(function.bar4,
	          0x30000000 + FAKE_VIRTIO_WINDOW_SIZE - FAKE_VIRTIO_BAR_SIZE);
	read_and_compare(0, 512);
	disk_close(&disk);
	EXPECT(!next());
}

static void odd_pci_functions_are_none(void)
{
	start(PCI);
	machine.pci_hosts[0].mmio32.size = FAKE_VIRTIO_BAR_SIZE - 1;
	EXPECT(!next());
	fake_virtio_expect_as_before();
	/* There is room, but none that the BAR can have. */
	start(PCI);
	machine.pci_hosts[0].mmio32 =
		(struct machine_range){ FAKE_VIRTIO_WINDOW + 0x1000,
		                        FAKE_VIRTIO_BAR_SIZE + 0x1000 };
	EXPECT(!next());
	fake_virtio_expect_as_before();
	EXPECT(disks.pci.has_legacy);
	start(PCI);
	function.bar = 6;
	EXPECT(!next());
	start(PCI);
	function.bar4 = 0xe0000000;
	function.bar4_high = 1u << (arch_address_bits - 32);
	EXPECT(!next());
	EXPECT_EQ(function.bar4, 0xe0000000);
	EXPECT(disks.pci.has_legacy);
	start(PCI);
	function.bar4 = 0xe0000000;
	function.bar4_high = (1u << (arch_address_bits - 32)) - 1;
	EXPECT(next());
	start(PCI);
	function.bar = 0; /* ports */
	EXPECT(!next());
	start(PCI);
	function.is_looped = true;
	EXPECT(next());
}

static void without_one_of_its_registers_it_is_none(void)
{
	static const uint8_t types[] = { 1, 2, 4 };

	for (uint32_t i = 0; i < ARRAY_COUNT(types); i++) {
		start(PCI);
		function.missing = types[i];
		EXPECT(!next());
		EXPECT(disks.pci.has_legacy);
		fake_virtio_expect_as_before();
	}
}

int main(void)
{
	image = malloc(SECTOR_COUNT * 512);
	for (uint32_t i = 0; i < SECTOR_COUNT * 512; i++)
		image[i] = (uint8_t)(i * 7 + (i >> 9) * 3);
	pages = mmap(NULL, DISK_PAGE_COUNT * DISK_PAGE_SIZE,
	             PROT_READ | PROT_WRITE,
	             MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	RUN(it_is_read_and_left_as_before);
	RUN(one_may_end_within_a_page);
	RUN(one_that_is_not_wanted_is_left_as_before);
	RUN(one_smaller_than_a_page_is_not_read);
	RUN(one_larger_than_bytes_can_count_is_taken_as_smaller);
	RUN(one_that_does_wrong_panics);
	RUN(an_address_of_the_vmm_stays);
	RUN(one_behind_a_port_is_read_and_left_as_before);
	RUN(a_port_has_the_windows_last_byte);
	RUN(a_port_with_a_bus_keeps_it);
	RUN(ports_that_are_not_opened);
	RUN(registers_in_ram_are_none);
	RUN(slots_that_have_something_else);
	RUN(slots_in_ram_are_none);
	RUN(a_bell_in_ram_is_refused);
	RUN(configuration_space_in_ram_is_none);
	RUN(one_by_memory_mapped_configuration_is_read);
	RUN(two_of_its_bars_get_addresses_that_do_not_overlap);
	RUN(one_on_the_second_host_is_read);
	RUN(odd_pci_functions_are_none);
	RUN(without_one_of_its_registers_it_is_none);
	free(image);
	return test_status();
}
