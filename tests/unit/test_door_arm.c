/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_door_arm.c - what the doors of AArch64 do in C */
#include <stdlib.h>
#include <string.h>

#include "arch/aarch64/lib/paging.h"
#include "arch/aarch64/memmap.h"
#include "common/boot.h"
#include "common/lib/console.h"
#include "common/spec/bundle.h"
#include "common/spec/igvm_params.h"
#include "tests/unit/fake_arm.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define BLOB_SIZE 0x11000
#define FDT       0x48000000
#define PATTERN   0xa5

struct work;

NORETURN void reset_main(struct work *work, paddr_t blob_paddr, paddr_t fdt,
                         uint64_t ticks);

static uint8_t blob[0x100];
static uint8_t *work;
static struct boot *boot;

void boot_main(struct boot *started)
{
	boot = started;
	panic("booted");
}

static void start(int64_t bundle_offset, uint64_t bundle_size)
{
	struct bundle_record record = {
		.magic = BUNDLE_RECORD_MAGIC,
		.bundle_offset = bundle_offset,
		.bundle_size = bundle_size,
		.blob_size = BLOB_SIZE,
	};

	memcpy(blob + BUNDLE_RECORD_ARM_OFFSET, &record, sizeof(record));
	memset(work, PATTERN, WORK_SIZE);
	fake_arm_clear();
	boot = NULL;
}

static void enter(paddr_t fdt)
{
	reset_main((struct work *)work, paddr_of(blob), fdt, 77);
}

/* The translation tables, which are in use, and the stack stay as they are. */
static void the_work_area_has_tables_boot_and_stack(void)
{
	paddr_t end;

	start(0, 0);
	EXPECT_PANIC("booted", enter(0));
	EXPECT_EQ(paddr_of(boot), paddr_of(work) + sizeof(struct paging));
	EXPECT(fake_arm.thread_pointer == boot);
	for (size_t i = 0; i < sizeof(struct paging); i++)
		EXPECT_EQ(work[i], PATTERN);
	end = paddr_of(boot + 1) - paddr_of(work);
	EXPECT(end <= GUARD_OFFSET);
	for (size_t i = end; i < WORK_SIZE; i++)
		EXPECT_EQ(work[i], PATTERN);
}

static void what_must_be_clear_is(void)
{
	start(0, 0);
	EXPECT_PANIC("booted", enter(FDT));
	EXPECT(!boot->is_refusing && !boot->is_stopping && !boot->has_console);
	EXPECT_EQ(boot->uart_waits, 0);
	EXPECT_EQ(boot->machine.ram_count, 0);
	EXPECT_EQ(boot->payload.segment_count, 0);
	EXPECT(!boot->payload.origin && !boot->payload.options.is_verbose);
	EXPECT_EQ(boot->guest.initrd.size, 0);
}

/* Documentation/arch/arm64/booting.rst: x0 is the address of the tree. */
static void a_tree_tells_a_kernel_from_a_reset(void)
{
	start(0x12000, 0x3000);
	EXPECT_PANIC("booted", enter(0));
	EXPECT_EQ(boot->handoff.door, DOOR_RESET);
	EXPECT_EQ(boot->handoff.given_paddr, 0);
	EXPECT_EQ(boot->handoff.start_ticks, 77);
	start(0x12000, 0x3000);
	EXPECT_PANIC("booted", enter(FDT));
	EXPECT_EQ(boot->handoff.door, DOOR_LINUX);
	EXPECT_EQ(boot->handoff.given_paddr, FDT);
}

/* What lies beyond the first tables, or at no multiple of 8, is not read. */
static void a_page_of_parameters_tells_an_igvm_file(void)
{
	static const uint64_t value = IGVM_PARAMS_MAGIC;
	uint64_t *magic = paddr_ptr(FDT);

	*magic = value;
	start(0x12000, 0x3000);
	EXPECT_PANIC("booted", enter(FDT));
	EXPECT_EQ(boot->handoff.door, DOOR_IGVM);
	EXPECT_EQ(boot->handoff.given_paddr, FDT);
	EXPECT_PANIC("booted", enter(FDT + 4));
	EXPECT_EQ(boot->handoff.door, DOOR_LINUX);
	memcpy((uint8_t *)magic + 4, &value, sizeof(value));
	EXPECT_PANIC("booted", enter(FDT + 4));
	EXPECT_EQ(boot->handoff.door, DOOR_LINUX);
	EXPECT_PANIC("booted", enter(MAPPED_END));
	EXPECT_EQ(boot->handoff.door, DOOR_LINUX);
	memset(magic, 0, 2 * sizeof(*magic));
}

static void the_record_tells_blob_and_bundle(void)
{
	start(0x12000, 0x3000);
	EXPECT_PANIC("booted", enter(FDT));
	EXPECT_EQ(boot->handoff.blob_paddr, paddr_of(blob));
	EXPECT_EQ(boot->handoff.blob_size, BLOB_SIZE);
	EXPECT_EQ(boot->handoff.bundle_paddr, paddr_of(blob) + 0x12000);
	EXPECT_EQ(boot->handoff.bundle_size, 0x3000);
	start(0, 0x3000);
	EXPECT_PANIC("booted", enter(FDT));
	EXPECT_EQ(boot->handoff.blob_size, BLOB_SIZE);
	EXPECT_EQ(boot->handoff.bundle_paddr, 0);
	EXPECT_EQ(boot->handoff.bundle_size, 0);
}

int main(void)
{
	work = aligned_alloc(WORK_ALIGN, WORK_SIZE);
	if (!work)
		return 1;
	if (!fake_ram_map(FDT, FDT + IGVM_PAGE_SIZE))
		return fake_ram_skip("test_door_arm");
	RUN(the_work_area_has_tables_boot_and_stack);
	RUN(what_must_be_clear_is);
	RUN(a_tree_tells_a_kernel_from_a_reset);
	RUN(a_page_of_parameters_tells_an_igvm_file);
	RUN(the_record_tells_blob_and_bundle);
	free(work);
	return test_status();
}
