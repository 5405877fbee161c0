/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/disk/virtio_blk.c - a virtio block device, by a polled queue
 *
 * VIRTIO 1.2 sections 2.7 (split virtqueues), 3.1 (initialisation), 4.2.4 (the
 * legacy interface) and 5.2. The device is assumed to see memory as CPUs do,
 * since a CPU emulates it.
 */
#include "common/payload/disk/virtio_blk.h"

#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"

#define STATUS_ACKNOWLEDGE 1
#define STATUS_DRIVER      2
#define STATUS_DRIVER_OK   4
#define STATUS_FEATURES_OK 8

/* The upper half of VERSION_1 and ACCESS_PLATFORM (as if by an IOMMU). */
#define FEATURES_HIGH 3

/* Registers of a legacy slot that differ from those of a current one. */
#define LEGACY_PAGE_SIZE   0x28
#define LEGACY_QUEUE_ALIGN 0x3c
#define LEGACY_QUEUE_PAGE  0x40

#define QUEUE_SIZE         4
#define DESCRIPTOR_NEXT    1
#define DESCRIPTOR_WRITE   2 /* the device writes */
#define NO_INTERRUPT       1
#define REQUEST_READ       0

/* 4 MiB: there are few requests, and each is soon done. */
#define COUNT_MAX 8192

struct descriptor {
	uint64_t paddr;
	uint32_t size;
	uint16_t flags;
	uint16_t next;
};

/*
 * What the device reads. It has a page of its own, as the legacy interface
 * wants `used` on the next page. kvmtool takes the ring to have 256 entries,
 * whatever the driver says, so the entries behind ours are 0, too.
 */
struct queue {
	struct descriptor descriptors[QUEUE_SIZE];
	struct {
		uint16_t flags;
		uint16_t index;
		uint16_t ring[QUEUE_SIZE];
		uint16_t used_event;
	} available;
	uint16_t more[1000];
	uint8_t status; /* of the request, written by the device */
	struct {
		uint32_t type;
		uint32_t reserved;
		uint64_t sector;
	} request;
};

struct used {
	uint16_t flags;
	uint16_t index;
};

static_assert(offsetof(struct queue, available) == 64, "VIRTIO 2.7");
static_assert(offsetof(struct queue, available.used_event) == 76, "VIRTIO 2.7");

static const uint8_t offsets_mmio[VIRTIO_REGISTER_COUNT] = {
	0x70, 0x30, 0x34, 0x38, 0x44, 0,    0x14,
	0x10, 0x24, 0x20, 0x80, 0x90, 0xa0,
};
static const uint8_t offsets_pci[VIRTIO_REGISTER_COUNT] = {
	20, 22, 24, 24, 28, 30, 0, 4, 8, 12, 32, 40, 48,
};

static paddr_t register_paddr(const struct disk *disk, enum virtio_register reg)
{
	return disk->registers +
	       (disk->is_pci ? offsets_pci : offsets_mmio)[reg];
}

static uint32_t register_size(const struct disk *disk, enum virtio_register reg)
{
	if (!disk->is_pci || reg > VIRTIO_QUEUE_NOTIFY_OFFSET)
		return 4;
	return reg == VIRTIO_STATUS ? 1 : 2;
}

uint32_t virtio_read(const struct disk *disk, enum virtio_register reg)
{
	return arch_device_read(register_paddr(disk, reg),
	                        register_size(disk, reg));
}

static void write(const struct disk *disk, enum virtio_register reg,
                  uint32_t value)
{
	arch_device_write(register_paddr(disk, reg), register_size(disk, reg),
	                  value);
}

static void write_address(const struct disk *disk, enum virtio_register reg,
                          paddr_t paddr)
{
	write(disk, reg, paddr);
	arch_device_write(register_paddr(disk, reg) + 4, 4, paddr >> 32);
}

bool virtio_map(paddr_t base, uint64_t size, const struct machine *machine)
{
	const struct machine_ram *ram = machine->ram;

	for (uint32_t left = machine->ram_count; left; left--, ram++) {
		if (ram->type == MEMORY_RAM && base < ram->base + ram->size &&
		    ram->base < base + size)
			return false;
	}
	arch_map_device(base, size);
	return true;
}

void virtio_reset(const struct disk *disk)
{
	uint64_t start = arch_ticks();

	write(disk, VIRTIO_STATUS, 0);
	while (virtio_read(disk, VIRTIO_STATUS) & 0xff) {
		if (!arch_wait(start))
			panic("virtio: at %#lx: does not reset",
			      disk->registers);
	}
}

void virtio_close(const struct disk *disk)
{
	virtio_reset(disk);
	arch_drop_interrupts();
}

static void read_sectors(const struct disk *disk, uint64_t sector,
                         uint32_t count, paddr_t dest)
{
	struct queue *queue = paddr_ptr(disk_page(disk, DISK_PAGE_QUEUE));
	struct used *used = paddr_ptr(disk_page(disk, DISK_PAGE_USED));
	uint16_t index = queue->available.index + 1;
	uint64_t start = arch_ticks();

	queue->request.sector = sector;
	queue->descriptors[1].paddr = dest;
	queue->descriptors[1].size = count * DISK_SECTOR_SIZE;
	queue->status = UINT8_MAX;
	/* All entries of the ring are 0, which is the first descriptor. */
	__atomic_store_n(&queue->available.index, index, __ATOMIC_RELEASE);
	arch_device_write(disk->notify, disk->is_pci ? 2 : 4, 0);
	while (__atomic_load_n(&used->index, __ATOMIC_ACQUIRE) != index) {
		if (!arch_wait(start))
			panic("virtio: sector %lu: no answer", sector);
	}
	if (queue->status)
		panic("virtio: sector %lu: status %u", sector, queue->status);
}

static void make_queue(const struct disk *disk)
{
	struct queue *queue = paddr_ptr(disk_page(disk, DISK_PAGE_QUEUE));
	struct descriptor *descriptors = queue->descriptors;

	memset(queue, 0, 2 * DISK_PAGE_SIZE);
	queue->available.flags = NO_INTERRUPT;
	descriptors[0].paddr = paddr_of(&queue->request);
	descriptors[0].size = sizeof(queue->request);
	descriptors[0].flags = DESCRIPTOR_NEXT;
	descriptors[0].next = 1;
	descriptors[1].flags = DESCRIPTOR_NEXT | DESCRIPTOR_WRITE;
	descriptors[1].next = 2;
	descriptors[2].paddr = paddr_of(&queue->status);
	descriptors[2].size = sizeof(queue->status);
	descriptors[2].flags = DESCRIPTOR_WRITE;
}

static void set_queue(const struct disk *disk, bool is_legacy)
{
	paddr_t queue = disk_page(disk, DISK_PAGE_QUEUE);
	uint32_t size;

	make_queue(disk);
	write(disk, VIRTIO_QUEUE_SELECT, 0);
	size = virtio_read(disk, VIRTIO_QUEUE_SIZE_MAX);
	if (size < QUEUE_SIZE)
		panic("virtio: at %#lx: queue of %u, need %u", disk->registers,
		      size, QUEUE_SIZE);
	write(disk, VIRTIO_QUEUE_SIZE, QUEUE_SIZE);
	if (is_legacy) {
		arch_device_write(disk->registers + LEGACY_QUEUE_ALIGN, 4,
		                  DISK_PAGE_SIZE);
		arch_device_write(disk->registers + LEGACY_QUEUE_PAGE, 4,
		                  queue / DISK_PAGE_SIZE);
		return;
	}
	write_address(disk, VIRTIO_QUEUE_DESCRIPTORS, queue);
	write_address(disk, VIRTIO_QUEUE_DRIVER,
	              queue + offsetof(struct queue, available));
	write_address(disk, VIRTIO_QUEUE_DEVICE,
	              disk_page(disk, DISK_PAGE_USED));
	write(disk, VIRTIO_QUEUE_ENABLE, 1);
}

/*
 * Accepts the features that the device may insist on. The blob itself needs
 * none. Returns the status that was written.
 */
static uint32_t take_features(const struct disk *disk)
{
	uint32_t status =
		STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK;

	write(disk, VIRTIO_DEVICE_FEATURE_SELECT, 1);
	write(disk, VIRTIO_DRIVER_FEATURE_SELECT, 1);
	write(disk, VIRTIO_DRIVER_FEATURE,
	      virtio_read(disk, VIRTIO_DEVICE_FEATURE) & FEATURES_HIGH);
	write(disk, VIRTIO_STATUS, status);
	if (!(virtio_read(disk, VIRTIO_STATUS) & STATUS_FEATURES_OK))
		panic("virtio: at %#lx: wants more features", disk->registers);
	return status;
}

void virtio_start(struct disk *disk, paddr_t config, bool is_legacy)
{
	uint32_t status = STATUS_ACKNOWLEDGE | STATUS_DRIVER;

	virtio_reset(disk);
	write(disk, VIRTIO_STATUS, STATUS_ACKNOWLEDGE);
	write(disk, VIRTIO_STATUS, status);
	write(disk, VIRTIO_DRIVER_FEATURE_SELECT, 0);
	write(disk, VIRTIO_DRIVER_FEATURE, 0);
	if (is_legacy)
		arch_device_write(disk->registers + LEGACY_PAGE_SIZE, 4,
		                  DISK_PAGE_SIZE);
	else
		status = take_features(disk);
	set_queue(disk, is_legacy);
	write(disk, VIRTIO_STATUS, status | STATUS_DRIVER_OK);

	disk->read = read_sectors;
	disk->count_max = COUNT_MAX;
	disk->sector_count = arch_device_read(config, 4) |
	                     (uint64_t)arch_device_read(config + 4, 4) << 32;
	/* No more than can be counted in bytes. */
	disk->sector_count =
		min_u64(disk->sector_count, UINT64_MAX / DISK_SECTOR_SIZE);
}
