/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_virtio.c - block devices by virtio that lie
 *
 * The device of tests/unit answers as VIRTIO 1.2 demands. Lies then change some
 * of its answers, and what it writes to the pages that it shares with the
 * driver. Whatever it does, the driver must end, by a disk or by a line, and
 * write nowhere but to its pages and to what is read. The linker puts the
 * __wrap functions between driver and device.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "common/arch.h"
#include "common/payload/disk/disks.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/fake_virtio.h"

#define SECTOR_COUNT 1000
#define DEST_SIZE    0x6000
#define LIE_MAX      8

struct lie {
	uint8_t at; /* of the device's answers, by number */
	uint32_t value;
	bool is_change; /* these bits change, others stay */
};

uint32_t __real_arch_device_read(paddr_t paddr, uint32_t size);
uint32_t __wrap_arch_device_read(paddr_t paddr, uint32_t size);
void __real_arch_device_write(paddr_t paddr, uint32_t size, uint32_t value);
void __wrap_arch_device_write(paddr_t paddr, uint32_t size, uint32_t value);
uint32_t __real_arch_pci_read(const struct machine_pci_host *host,
                              uint32_t function, uint32_t offset);
uint32_t __wrap_arch_pci_read(const struct machine_pci_host *host,
                              uint32_t function, uint32_t offset);

static struct machine machine;
static struct disk disk;
static struct disks disks;
static uint8_t image[SECTOR_COUNT * DISK_SECTOR_SIZE];
static uint8_t *pages; /* below 4 GiB, as the real ones */
static struct lie lies[LIE_MAX];
static uint32_t lie_count, answer_count;
static struct fuzz_input *edits; /* of the pages, after a request */

bool arch_disk_next(struct disk *of, uint32_t *index)
{
	(void)of;
	(void)index;
	return false;
}

bool fuzz_begin(const char *program)
{
	(void)program;
	for (uint32_t i = 0; i < sizeof(image); i++)
		image[i] = (uint8_t)(i * 7 + (i >> 9) * 3);
	pages = mmap(NULL, DISK_PAGE_COUNT * DISK_PAGE_SIZE,
	             PROT_READ | PROT_WRITE,
	             MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	return pages != MAP_FAILED;
}

static uint32_t answer(uint32_t truth)
{
	uint32_t number = answer_count++;

	for (uint32_t i = 0; i < lie_count; i++) {
		if (lies[i].at == number)
			return lies[i].is_change ? truth ^ lies[i].value
			                         : lies[i].value;
	}
	return truth;
}

uint32_t __wrap_arch_device_read(paddr_t paddr, uint32_t size)
{
	return answer(__real_arch_device_read(paddr, size));
}

uint32_t __wrap_arch_pci_read(const struct machine_pci_host *host,
                              uint32_t number, uint32_t offset)
{
	uint32_t truth = __real_arch_pci_read(host, number, offset);

	/* Only the disk has much to say. */
	return number == FAKE_VIRTIO_FUNCTION ? answer(truth) : truth;
}

/*
 * A request may be answered by nonsense in the pages that the device writes. It
 * spares the descriptors, which it would have to follow itself.
 */
void __wrap_arch_device_write(paddr_t paddr, uint32_t size, uint32_t value)
{
	uint32_t requests = device.request_count;

	__real_arch_device_write(paddr, size, value);
	if (device.request_count == requests)
		return;
	if (fuzz_u8(edits) % 4 == 3)
		fuzz_edit(edits, pages + DISK_PAGE_USED * DISK_PAGE_SIZE, 8);
	else
		fuzz_edit(edits, pages, DISK_PAGE_QUEUE * DISK_PAGE_SIZE);
}

static void make_device(struct fuzz_input *input)
{
	uint8_t kind = fuzz_u8(input), flags = fuzz_u8(input);

	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(&disks, 0, sizeof(disks));
	memset(pages, 0xa5, DISK_PAGE_COUNT * DISK_PAGE_SIZE);
	disk = (struct disk){ .pages = (uintptr_t)pages };
	lie_count = answer_count = 0;
	fake_virtio_start(LEGACY + kind % 3, &machine, image, SECTOR_COUNT);
	device.is_mute = flags == 0xff;
	device.is_broken = flags == 0xfe;
	device.is_picky = flags == 0xfd;
	device.is_stuck = flags == 0xfc;
	function.is_looped = flags & 1;
	function.bar4 = flags & 2 ? 0xe0000000 : 0;
	function.bar4_high = flags & 4 ? fuzz_u16(input) : 0;
	device.sector_count -= kind / 3 % 16;
	lie_count = fuzz_u8(input) % (LIE_MAX + 1);
	for (uint32_t i = 0; i < lie_count; i++) {
		lies[i].at = fuzz_u8(input);
		lies[i].is_change = fuzz_bool(input);
		lies[i].value = (uint32_t)fuzz_odd(input);
	}
	edits = input;
	/* The device counts as wrong what a lie makes the driver do. */
	fuzz_forgives = lie_count || input->size;
}

static void read_some(struct fuzz_input *input)
{
	uint64_t end =
		min_u64(disk.sector_count * DISK_SECTOR_SIZE, sizeof(image));
	uint64_t offset = fuzz_u32(input) % end;
	uint64_t size = min_u64(1 + fuzz_u16(input) % DEST_SIZE, end - offset);
	uint8_t *dest = malloc(size);

	disk_read(&disk, offset, (uintptr_t)dest, size);
	if (!fuzz_forgives)
		FUZZ_EXPECT(!memcmp(dest, image + offset, size));
	free(dest);
}

bool fuzz_run(struct fuzz_input *input)
{
	bool is_found = false;

	make_device(input);
	while (disks_next(&disks, &machine, &disk)) {
		is_found = disk_read_head(&disk);
		if (is_found)
			read_some(input);
		disk_close(&disk);
		if (!fuzz_forgives && !function.bar4)
			fake_virtio_expect_as_before();
	}
	FUZZ_EXPECT(is_found || fuzz_forgives || function.bar4_high ||
	            device.sector_count < 8);
	return is_found;
}

void fuzz_check(void)
{
}
