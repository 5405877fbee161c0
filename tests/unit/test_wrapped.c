/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_wrapped.c - kernels inside UKIs */
#include <stdlib.h>
#include <string.h>

#include "common/arch.h"
#include "common/lib/sum64.h"
#include "common/machine/fw_cfg.h"
#include "common/payload/wrapped.h"
#include "common/spec/fw_cfg.h"
#include "common/spec/linux_x86.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/test.h"

#define RAM_SIZE    0x100000
#define KERNEL_SIZE 0x800
#define PE_OFFSET   0x80
#define WRAP_SIZE   0x400 /* bytes that a UKI adds to the file inside */

static _Alignas(0x1000) uint8_t ram[RAM_SIZE];
static uint8_t *file; /* malloc()ed, so that ASan knows where it ends */
static uint64_t file_size;
static struct fw_cfg fw_cfg;
static struct machine machine;
static struct memory memory;
static struct payload payload;

/* A kernel file on a disk is in memory before it is opened. */
void disk_read(const struct disk *disk, uint64_t offset, paddr_t dest,
               uint64_t size)
{
	(void)disk;
	(void)offset;
	(void)dest;
	EXPECT_EQ(size, 0);
}

static void start(void)
{
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	payload.reader = (struct source_reader){ .fw_cfg = &fw_cfg,
		                                 .disk = &payload.disk };
	machine.ram_count = 1;
	machine.ram[0] = (struct machine_ram){ .base = paddr_of(ram),
		                               .size = RAM_SIZE,
		                               .type = MEMORY_RAM };
	memory_init(&memory, &machine);
	fake_fw_cfg_clear();
}

static void resize(uint64_t size)
{
	file = realloc(file, size);
	file_size = size;
}

static void put32(uint64_t offset, uint32_t value)
{
	memcpy(file + offset, &value, sizeof(value));
}

static void make_kernel(void)
{
	start();
	resize(KERNEL_SIZE);
	for (uint32_t i = 0; i < KERNEL_SIZE; i++)
		file[i] = (uint8_t)(i * 11 + 1);
	memcpy(file, "MZ", 2);
	put32(0x202, SETUP_HEADER_MAGIC);
}

/* Wraps the file into a UKI of one section. */
static void wrap_in_uki(void)
{
	uint64_t size = file_size;
	uint64_t section = PE_OFFSET + 24;

	resize(size + WRAP_SIZE);
	memmove(file + WRAP_SIZE, file, size);
	memset(file, 0, WRAP_SIZE);
	memcpy(file, "MZ", 2);
	put32(0x3c, PE_OFFSET);
	memcpy(file + PE_OFFSET, "PE\0\0\x64\x86\1", 7);
	memcpy(file + section, ".linux", 6);
	put32(section + 8, (uint32_t)size);
	put32(section + 16, (uint32_t)size);
	put32(section + 20, WRAP_SIZE);
}

static void give_memory(void)
{
	payload.kernel = (struct source){
		.kind = SOURCE_MEMORY,
		.data = file,
		.stored_size = file_size,
		.size = file_size,
		.has_checksum = true,
		.sum64 = sum64(0, file, file_size),
	};
}

/* As on AArch64: one item has all of the file. */
static void give_fw_cfg(void)
{
	fake_fw_cfg_add(FW_CFG_KERNEL_DATA, file, (uint32_t)file_size);
	payload.kernel = (struct source){ .kind = SOURCE_FW_CFG,
		                          .fw_cfg_key = FW_CFG_KERNEL_DATA,
		                          .size = file_size,
		                          .stored_size = file_size };
}

static void open_it(void)
{
	wrapped_open(&payload, &memory);
}

static void open_memory(void)
{
	give_memory();
	open_it();
}

static void a_bare_kernel_stays_as_it_is(void)
{
	make_kernel();
	open_memory();
	EXPECT(payload.kernel.data == file && payload.head == file);
	EXPECT_EQ(payload.head_size, KERNEL_SIZE);
	make_kernel();
	give_fw_cfg();
	open_it();
	EXPECT(payload.kernel.kind == SOURCE_FW_CFG);
	EXPECT(payload.head == payload.head_bytes);
	EXPECT_EQ(payload.head_size, KERNEL_SIZE);
	EXPECT(!memcmp(payload.head, file, KERNEL_SIZE));
}

static void of_a_large_kernel_its_head_is_read(void)
{
	make_kernel();
	resize(3 * PAYLOAD_HEAD_MAX);
	memset(file + KERNEL_SIZE, 0x55, file_size - KERNEL_SIZE);
	give_fw_cfg();
	open_it();
	EXPECT_EQ(payload.head_size, PAYLOAD_HEAD_MAX);
	EXPECT(!memcmp(payload.head, file, PAYLOAD_HEAD_MAX));
}

/* The architecture refuses such a file later. */
static void what_is_no_kernel_at_all_is_left(void)
{
	make_kernel();
	memset(file, 0, file_size);
	open_memory();
	EXPECT(payload.head == file);
	EXPECT(payload.origin == NULL);
	resize(1);
	open_memory();
	EXPECT_EQ(payload.head_size, 1);
}

static void expect_opened(uint32_t depth)
{
	EXPECT(payload.kernel.kind == SOURCE_MEMORY);
	EXPECT_EQ(payload.kernel.size, KERNEL_SIZE);
	EXPECT(payload.head == payload.kernel.data);
	EXPECT(!memcmp(payload.head, file + depth * WRAP_SIZE, KERNEL_SIZE));
	EXPECT_STR(payload.origin, "uki");
}

static void a_uki_is_opened_wherever_it_is(void)
{
	make_kernel();
	wrap_in_uki();
	open_memory();
	expect_opened(1);
	make_kernel();
	wrap_in_uki();
	give_fw_cfg();
	open_it();
	expect_opened(1);
	EXPECT((const uint8_t *)payload.kernel.data >= ram);
}

/* QEMU's virt gives its -kernel in one piece. */
static void a_uki_by_fw_cfg_alone_is_opened(void)
{
	make_kernel();
	wrap_in_uki();
	fake_fw_cfg_add(FW_CFG_KERNEL_DATA, file, (uint32_t)file_size);
	payload.kernel = (struct source){ .kind = SOURCE_FW_CFG,
		                          .fw_cfg_key = FW_CFG_KERNEL_DATA,
		                          .size = file_size,
		                          .stored_size = file_size };
	open_it();
	expect_opened(1);
}

/* QEMU cuts it where a setup part would end. */
static void a_uki_by_fw_cfg_is_put_together(void)
{
	uint32_t setup_size = 0x300;

	make_kernel();
	wrap_in_uki();
	fake_fw_cfg_add(FW_CFG_SETUP_SIZE, &setup_size, 4);
	fake_fw_cfg_add(FW_CFG_SETUP_DATA, file, setup_size);
	fake_fw_cfg_add(FW_CFG_KERNEL_DATA, file + setup_size,
	                (uint32_t)(file_size - setup_size));
	payload.kernel_setup = (struct source){ .kind = SOURCE_FW_CFG,
		                                .fw_cfg_key = FW_CFG_SETUP_DATA,
		                                .size = 0x2000,
		                                .stored_size = 0x2000 };
	payload.kernel =
		(struct source){ .kind = SOURCE_FW_CFG,
		                 .fw_cfg_key = FW_CFG_KERNEL_DATA,
		                 .size = file_size - setup_size,
		                 .stored_size = file_size - setup_size };
	open_it();
	expect_opened(1);
	EXPECT(payload.kernel_setup.kind == SOURCE_NONE);
}

static void what_the_vmm_gave_stays(void)
{
	make_kernel();
	wrap_in_uki();
	memcpy(file + PE_OFFSET + 24, ".cmdline", 8);
	file[PE_OFFSET + 6] = 2;
	memcpy(file + PE_OFFSET + 24 + 40, ".linux", 6);
	memcpy(file + PE_OFFSET + 24 + 48, file + PE_OFFSET + 32, 32);
	payload.cmdline = (struct source){ .kind = SOURCE_FW_CFG, .size = 2 };
	open_memory();
	EXPECT(payload.cmdline.kind == SOURCE_FW_CFG);
	start();
	payload.cmdline = (struct source){ .kind = SOURCE_NONE };
	open_memory();
	EXPECT(payload.cmdline.kind == SOURCE_MEMORY);
	EXPECT_EQ(payload.cmdline.size, KERNEL_SIZE);
}

/* What is inside has no sum of its own. */
static void a_uki_of_a_bundle_is_proven_first(void)
{
	make_kernel();
	wrap_in_uki();
	give_memory();
	file[WRAP_SIZE + 5] ^= 1;
	EXPECT_PANIC("kernel: sum of 0xc00 bytes", open_it());
	EXPECT(payload.origin == NULL);
}

/* Unwrapping must end, however often the file is wrapped. */
static void wraps_without_end_are_left(void)
{
	make_kernel();
	wrap_in_uki();
	wrap_in_uki();
	open_memory();
	expect_opened(2);
	for (uint32_t depth = 3; depth < 10; depth++) {
		make_kernel();
		for (uint32_t i = 0; i < depth; i++)
			wrap_in_uki();
		open_memory();
		EXPECT(!arch_is_kernel(payload.head, payload.head_size));
	}
}

static void a_uki_without_ram_to_fetch_it_panics(void)
{
	make_kernel();
	wrap_in_uki();
	give_fw_cfg();
	memory_claim(&memory, "test", paddr_of(ram), RAM_SIZE, MEMORY_RAM);
	EXPECT_PANIC("kernel: 0xc00 bytes: no RAM for them", open_it());
	make_kernel();
	wrap_in_uki();
	give_fw_cfg();
	payload.kernel.size = 1UL << 32;
	EXPECT_PANIC("kernel: 0x100000000 bytes: no RAM for them", open_it());
}

int main(void)
{
	RUN(a_bare_kernel_stays_as_it_is);
	RUN(of_a_large_kernel_its_head_is_read);
	RUN(what_is_no_kernel_at_all_is_left);
	RUN(a_uki_is_opened_wherever_it_is);
	RUN(a_uki_by_fw_cfg_alone_is_opened);
	RUN(a_uki_by_fw_cfg_is_put_together);
	RUN(what_the_vmm_gave_stays);
	RUN(a_uki_of_a_bundle_is_proven_first);
	RUN(wraps_without_end_are_left);
	RUN(a_uki_without_ram_to_fetch_it_panics);
	free(file);
	return test_status();
}
