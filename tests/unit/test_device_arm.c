/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_device_arm.c - registers, fw_cfg, sums and disks on AArch64
 */
#include <string.h>

#include "common/arch.h"
#include "common/machine/machine.h"
#include "common/payload/disk/disk.h"
#include "tests/unit/fake_arm.h"
#include "tests/unit/test.h"

#define REGISTERS 0x09020000

HIDDEN void sha256_ce_blocks(uint32_t state[8], const uint8_t *blocks,
                             uint64_t count);

/* The last access, and how many syncs came before it. */
static struct {
	paddr_t paddr;
	uint32_t size;
	uint64_t value;
	uint32_t syncs;
} last;

static struct {
	uint32_t *state;
	const uint8_t *blocks;
	uint64_t count;
} hashed;

void sha256_ce_blocks(uint32_t state[8], const uint8_t *blocks, uint64_t count)
{
	hashed.state = state;
	hashed.blocks = blocks;
	hashed.count = count;
}

static uint32_t read(paddr_t paddr, uint32_t size)
{
	last.paddr = paddr;
	last.size = size;
	return 0x11223344;
}

static void write(paddr_t paddr, uint32_t size, uint64_t value)
{
	last.paddr = paddr;
	last.size = size;
	last.value = value;
	last.syncs = fake_arm.syncs;
}

static void start(void)
{
	fake_arm_clear();
	memset(&last, 0, sizeof(last));
	memset(&hashed, 0, sizeof(hashed));
	fake_arm.read = read;
	fake_arm.write = write;
}

static void registers_are_accessed_in_their_size(void)
{
	static const struct {
		uint32_t size, value;
	} sizes[] = { { 1, 0x44 }, { 2, 0x3344 }, { 4, 0x11223344 } };

	for (uint32_t i = 0; i < ARRAY_COUNT(sizes); i++) {
		start();
		EXPECT_EQ(arch_device_read(REGISTERS + i, sizes[i].size),
		          sizes[i].value);
		EXPECT_EQ(last.paddr, REGISTERS + i);
		EXPECT_EQ(last.size, sizes[i].size);
		arch_device_write(REGISTERS + 8 + i, sizes[i].size, 0x11223344);
		EXPECT_EQ(last.paddr, REGISTERS + 8 + i);
		EXPECT_EQ(last.size, sizes[i].size);
		EXPECT_EQ(last.value, sizes[i].value);
	}
}

/* A device reads by DMA what a write to its register tells it of. */
static void memory_is_written_before_a_register(void)
{
	start();
	arch_device_write(REGISTERS, 4, 1);
	EXPECT_EQ(last.syncs, 1);
}

/* PCI Express Base, section 7.2.2; host-generic-pci.yaml has the CAM. */
static void configuration_space_has_two_layouts(void)
{
	struct machine_pci_host host = { .ecam_paddr = 0x4010000000 };

	start();
	EXPECT_EQ(arch_pci_read(&host, 3 << 3 | 1, 0x10), 0x11223344);
	EXPECT_EQ(last.paddr, 0x4010019010);
	EXPECT_EQ(last.size, 4);
	arch_pci_write(&host, 3 << 3, 4, 6);
	EXPECT_EQ(last.paddr, 0x4010018004);
	EXPECT_EQ(last.size, 4);
	EXPECT_EQ(last.value, 6);
	host.is_cam = true;
	arch_pci_read(&host, 3 << 3 | 1, 0x10);
	EXPECT_EQ(last.paddr, 0x4010001910);
	arch_pci_write(&host, 31 << 3 | 7, 0xfc, 6);
	EXPECT_EQ(last.paddr, 0x401000fffc);
}

/* The register is big-endian, and one write of 64 bits starts the DMA. */
static void fw_cfg_is_started_when_its_descriptor_is_in_memory(void)
{
	start();
	arch_fw_cfg_start(REGISTERS, 0x123456789a);
	EXPECT_EQ(last.paddr, REGISTERS + 16);
	EXPECT_EQ(last.size, 8);
	EXPECT_EQ(last.value, 0x9a78563412000000);
	EXPECT_EQ(last.syncs, 1);
	EXPECT_EQ(fake_arm.syncs, 2); /* What it wrote is read after this. */
}

static void sums_are_made_by_the_cpu_if_it_can(void)
{
	static const uint8_t blocks[128];
	uint32_t state[8] = { 0x6a09e667 };

	start();
	EXPECT(!arch_sha256_blocks(state, blocks, 2));
	EXPECT(!hashed.state);
	EXPECT_EQ(state[0], 0x6a09e667);
	fake_arm.has_sha256 = true;
	EXPECT(arch_sha256_blocks(state, blocks, 2));
	EXPECT(hashed.state == state && hashed.blocks == blocks);
	EXPECT_EQ(hashed.count, 2);
}

static void all_disks_are_those_of_virtio(void)
{
	struct disk disk = { 0 };
	uint32_t index = 0;

	EXPECT(!arch_disk_next(&disk, &index));
	EXPECT_EQ(index, 0);
	arch_drop_interrupts(); /* and have no more to do */
}

int main(void)
{
	RUN(registers_are_accessed_in_their_size);
	RUN(memory_is_written_before_a_register);
	RUN(configuration_space_has_two_layouts);
	RUN(fw_cfg_is_started_when_its_descriptor_is_in_memory);
	RUN(sums_are_made_by_the_cpu_if_it_can);
	RUN(all_disks_are_those_of_virtio);
	return test_status();
}
