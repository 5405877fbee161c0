/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/judge/trial.c - puts a payload in place by the blob's own functions
 *
 * The trial is like a boot in which the payload is in ROM and all RAM is in one
 * piece. Nothing is moved: the functions of common/place/room.h and
 * arch/X/place/room.h only find room. Linux itself will need more RAM; the
 * trial does not know how much.
 */
#include "payload/judge/trial.h"

#include "arch/aarch64/memmap.h"
#include "arch/aarch64/place/room.h"
#include "arch/x86_64/place/room.h"
#include "common/payload/bundle_table.h"
#include "common/payload/unpack/zstd.h"
#include "common/place/room.h"
#include "payload/judge/trees.h"
#include "payload/read/arm64.h"
#include "payload/read/uki.h"

/* AArch64's page tables map twice as much, and RAM may start at half of it. */
#define RAM_SIZE_MAX (1ull << 41)
#define PAGE         MEMORY_PAGE_SIZE

#define X86_DEVICES  0xfec00000 /* IOAPIC_BASE of x86_64's memmap.h */

/* EFI and ACPI tables are in one piece. */
#define ARM_TABLES_SIZE (ACPI_OFFSET + ACPI_SIZE - EFI_MAP_OFFSET)

void trial_open(struct trial *trial, const struct bundle_header *header,
                const struct bytes *stored, struct bytes file)
{
	struct payload *payload = &trial->payload;

	*trial = (struct trial){ .arch = header->arch, .file = file };
	for (unsigned i = 0; i < header->section_count; i++) {
		struct source *source = bundle_add_section(payload, header, i);

		source->kind = SOURCE_MEMORY;
		source->data = stored[i].data;
	}
	payload->segments_entry = header->entry;
	payload->head = payload->kernel.data;
	if (payload->kernel.compression == BUNDLE_COMPRESSION_NONE)
		payload->head_size = payload->kernel.size;
}

void trial_open_image(struct trial *trial, const struct image *image)
{
	struct bytes stored[BUNDLE_SECTION_MAX];
	struct bytes file = { 0 };

	for (unsigned i = 0; i < image->header.section_count; i++) {
		stored[i] = image_stored(image, i);
		if (image->sections[i].type == BUNDLE_SECTION_KERNEL)
			file = image_loaded(image, i);
	}
	trial_open(trial, &image->header, stored, file);
	trial->is_igvm = image->igvm != NULL;
}

static bool has_kernel(const struct payload *payload)
{
	return payload->kernel.kind != SOURCE_NONE || payload->segment_count;
}

/* The blob would first take the kernel out of such a file. pack makes none. */
static bool is_wrapped(const struct trial *trial)
{
	return uki_is(&trial->file) || arm64_is_zboot(&trial->file);
}

static void place_image(struct kernel *kernel, const struct trial *trial,
                        const struct machine *machine, struct memory *memory)
{
	const struct payload *payload = &trial->payload;
	struct image_header header = { 0 };
	struct room_arm room;

	memcpy(&header, trial->file.data,
	       min_u64(sizeof(header), trial->file.size));
	room_open_arm(&room, payload, machine, memory);
	if (payload->kernel.compression != BUNDLE_COMPRESSION_NONE) {
		struct machine_range range = room_for_packed_image(
			&room, payload->kernel.size, memory);

		room_settle_image(kernel, &range, &header, payload->kernel.size,
		                  memory);
	} else {
		room_for_image(kernel, &room, &header, payload->kernel.size,
		               memory);
	}
	room_close_arm(kernel, &room, payload, memory);
}

/* Every PC has devices and ROM right below 4 GiB. */
static void claim_x86(struct memory *memory)
{
	room_claim_low_x86(memory);
	memory_set(memory, X86_DEVICES, FOUR_GIB - X86_DEVICES,
	           MEMORY_RESERVED);
}

/* The VMM's tree is where RAM starts; the blob's work area follows. */
static void claim_arm(struct memory *memory, const struct machine *machine)
{
	memory_use(memory, machine->ram[0].base, FDT_SIZE_MAX + WORK_SIZE);
}

/* arch/aarch64/describe/describe.c claims the same in ACPI mode. */
static void claim_arm_tables(struct memory *memory, paddr_t ram,
                             const struct kernel *kernel)
{
	paddr_t tables = memory_alloc_near(memory, ARM_TABLES_SIZE,
	                                   EFI_PAGE_ALIGN, ram + EFI_MAP_OFFSET,
	                                   0, MAPPED_END, MEMORY_ACPI);
	paddr_t fdt = memory_alloc_near(
		memory, STUB_FDT_SIZE, LINUX_FDT_SIZE_MAX,
		kernel->base + kernel->size, 0, MAPPED_END, MEMORY_RAM);

	if (tables == 0 || fdt == 0)
		refuse("tables: no free RAM");
}

static void place(void *context)
{
	static struct memory memory;
	static struct machine machine;
	const struct trial *trial = context;
	const struct payload *payload = &trial->payload;
	bool is_arm = trial->arch == BUNDLE_ARCH_AARCH64;
	struct kernel kernel = { 0 };
	struct kaslr kaslr;

	machine.ram_count = 1;
	machine.ram[0] = (struct machine_ram){
		.base = is_arm ? LOWEST_RAM_BASE : 0,
		.size = trial->ram_size,
		.type = MEMORY_RAM,
	};
	memory_init(&memory, &machine);
	if (is_arm)
		claim_arm(&memory, &machine);
	else
		claim_x86(&memory);
	/* QEMU's SMBIOS structures: some hundred bytes, more for many CPUs. */
	if (!trial->is_igvm)
		memory_take(&memory, "smbios", PAGE);
	if (payload->needs_zstd)
		memory_take(&memory, "zstd", ZSTD_WORKSPACE_SIZE);
	if (is_arm)
		place_image(&kernel, trial, &machine, &memory);
	else
		room_for_kernel_x86(&kernel, &kaslr, payload, &memory);
	if (payload->initrd.size > 0)
		room_for_initrd(&kernel, payload->initrd.size, &memory);
	room_for_cmdline(&kernel, payload->cmdline.size, &memory);
	if (is_arm)
		claim_arm_tables(&memory, machine.ram[0].base, &kernel);
}

void trial_place(struct trial *trial)
{
	trial->ram_size = RAM_SIZE_MAX;
	if (has_kernel(&trial->payload) && !is_wrapped(trial))
		place(trial);
	trees_check(&trial->payload, trial->arch, trial->is_igvm);
}

static bool fits(struct trial *trial, uint64_t ram_size)
{
	trial->ram_size = ram_size;
	return !is_refused(place, trial);
}

uint64_t trial_ram_size(struct trial *trial)
{
	uint64_t too_small = 0;
	uint64_t enough = RAM_SIZE_MAX;

	if (!has_kernel(&trial->payload) || is_wrapped(trial) ||
	    !fits(trial, enough))
		return 0;
	while (enough - too_small > PAGE) {
		uint64_t middle =
			align_down(too_small + (enough - too_small) / 2, PAGE);

		if (fits(trial, middle))
			enough = middle;
		else
			too_small = middle;
	}
	return enough;
}
