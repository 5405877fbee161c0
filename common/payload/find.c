/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/find.c - finds what we are to boot, and moves its bytes in
 * place */
#include "common/payload/payload.h"

#include "common/arch.h"
#include "common/boot.h"
#include "common/payload/bundle.h"
#include "common/lib/console.h"
#include "common/payload/unpack/lz4.h"
#include "common/payload/uki.h"
#include "common/lib/sha256.h"
#include "common/spec/fw_cfg.h"
#include "common/lib/string.h"
#include "common/lib/sum64.h"
#include "common/payload/unpack/zstd.h"
#include "common/spec/bundle.h"

/* What every CPU can map identically with four levels of tables. */
#define PADDR_END (1UL << 47)

paddr_t payload_take_ram(struct boot *boot, const char *name, uint64_t size)
{
	paddr_t base =
		memory_alloc_top(&boot->memory, size, BUNDLE_ALIGN, MEMORY_RAM);

	if (!base)
		base = memory_alloc(&boot->memory, size, BUNDLE_ALIGN,
		                    1UL << 32, PADDR_END, MEMORY_RAM);
	if (!base)
		panic("%s: %#lx bytes: no RAM for them", name, size);
	arch_map(base, size);
	return base;
}

static void check_sum(const char *name, const struct source *source,
                      uint64_t sum)
{
	if (source->has_checksum && sum != source->sum64)
		panic("%s: sum of %#lx bytes is %#lx, must be %#lx", name,
		      source->stored_size, sum, source->sum64);
}

static void load_disk(const struct boot *boot, const char *name,
                      const struct source *source, uint64_t offset,
                      paddr_t dest, uint64_t size)
{
	disk_read(&boot->disk, source->disk_offset + offset, dest, size);
	if (size == source->size && source->has_checksum)
		check_sum(name, source, sum64(0, paddr_ptr(dest), size));
}

static void load_memory(const struct boot *boot, const char *name,
                        const struct source *source, uint64_t offset,
                        void *dest, uint64_t size)
{
	const uint8_t *src = source->data;
	bool is_whole = offset == 0 && size == source->size;
	uint64_t sum = 0;

	if (source->compression == BUNDLE_COMPRESSION_LZ4) {
		check(is_whole);
		if (!lz4_decode_section(dest, size, src, source->stored_size,
		                        &sum))
			panic("%s: LZ4 data of %#lx bytes is malformed", name,
			      source->stored_size);
		check_sum(name, source, sum);
	} else if (source->compression == BUNDLE_COMPRESSION_ZSTD) {
		check(is_whole);
		source_check(name, source);
		if (!zstd_decode_frame(boot->payload.zstd, dest, size, src,
		                       source->stored_size))
			panic("%s: zstd data of %#lx bytes is malformed", name,
			      source->stored_size);
	} else if (is_whole && source->has_checksum) {
		check_sum(name, source, sum64_copy(dest, src, size));
	} else {
		memcpy(dest, src + offset, size);
	}
}

static NOINLINE void load_stored(const struct boot *boot, const char *name,
                                 const struct source *source, uint64_t offset,
                                 paddr_t dest, uint64_t size)
{
	if (!is_within(offset, size, source->size))
		panic("%s: %#lx bytes at %#lx: there are only %#lx", name, size,
		      offset, source->size);
	arch_map(dest, size);
	if (source->kind == SOURCE_DISK)
		load_disk(boot, name, source, offset, dest, size);
	else
		load_memory(boot, name, source, offset, paddr_ptr(dest), size);
}

/* By a jump for the usual one, which then need not save any register. */
void source_load(const struct boot *boot, const char *name,
                 const struct source *source, uint64_t offset, paddr_t dest,
                 uint64_t size)
{
	if (source->kind == SOURCE_FW_CFG &&
	    is_within(offset, size, source->size))
		fw_cfg_read(&boot->fw_cfg, source->fw_cfg_key, offset, dest,
		            size);
	else
		load_stored(boot, name, source, offset, dest, size);
}

void source_fetch(struct boot *boot, const char *name, struct source *source)
{
	paddr_t base = payload_take_ram(boot, name, source->stored_size);

	disk_read(&boot->disk, source->disk_offset, base, source->stored_size);
	source->kind = SOURCE_MEMORY;
	source->data = paddr_ptr(base);
}

void source_check(const char *name, const struct source *source)
{
	if (source->has_checksum)
		check_sum(name, source,
		          sum64(0, source->data, source->stored_size));
}

/* All this into a source that is still clear. */
static void set_fw_cfg_source(struct source *source, enum fw_cfg_key key,
                              uint32_t size)
{
	if (!size)
		return;
	source->kind = SOURCE_FW_CFG;
	source->fw_cfg_key = key;
	source->stored_size = size;
	source->size = size;
}

/* QEMU gives less, or nothing: the rest reads as zeros. */
#define SETUP_SIZE_MAX 0x2000

/* What QEMU was given as -kernel, -initrd and -append. */
static void find_fw_cfg_kernel(struct payload *payload,
                               const struct fw_cfg *fw_cfg)
{
	set_fw_cfg_source(&payload->kernel, FW_CFG_KERNEL_DATA,
	                  fw_cfg_read_u32(fw_cfg, FW_CFG_KERNEL_SIZE));
	if (payload->kernel.kind == SOURCE_NONE)
		return;
	payload->origin = "fw_cfg";
	set_fw_cfg_source(&payload->kernel_setup, FW_CFG_SETUP_DATA,
	                  SETUP_SIZE_MAX);
	set_fw_cfg_source(&payload->initrd, FW_CFG_INITRD_DATA,
	                  fw_cfg_read_u32(fw_cfg, FW_CFG_INITRD_SIZE));
	set_fw_cfg_source(&payload->cmdline, FW_CFG_CMDLINE_DATA,
	                  fw_cfg_read_u32(fw_cfg, FW_CFG_CMDLINE_SIZE));
}

void payload_fetch_kernel(struct boot *boot)
{
	struct payload *payload = &boot->payload;
	struct source *kernel = &payload->kernel;
	uint64_t setup_size = fw_cfg_read_u32(&boot->fw_cfg, FW_CFG_SETUP_SIZE);
	uint64_t size = setup_size + kernel->size;
	paddr_t base = payload_take_ram(boot, "kernel", size);

	fw_cfg_read(&boot->fw_cfg, FW_CFG_SETUP_DATA, 0, base, setup_size);
	fw_cfg_read(&boot->fw_cfg, kernel->fw_cfg_key, 0, base + setup_size,
	            kernel->size);
	payload->kernel_setup.kind = SOURCE_NONE;
	*kernel = (struct source){
		.kind = SOURCE_MEMORY,
		.stored_size = size,
		.size = size,
		.data = paddr_ptr(base),
	};
}

void payload_open_uki(struct boot *boot)
{
	struct source *kernel = &boot->payload.kernel;
	struct source *cmdline = &boot->payload.cmdline;

	kernel->kind = SOURCE_NONE;
	if (cmdline->size <= 1) /* no more than its NUL */
		cmdline->kind = SOURCE_NONE;
	pe_open(boot, kernel->data, kernel->size);
}

bool payload_is_at(const void *base, uint64_t size)
{
	return bundle_is_at(base, size) || pe_is_at(base, size);
}

/* A bundle that the VMM gives as a file; it stays where it is put. */
static struct machine_range read_fw_cfg_bundle(struct boot *boot)
{
	const struct fw_cfg_item *file =
		&boot->fw_cfg.files[FW_CFG_FILE_BUNDLE];
	paddr_t base = payload_take_ram(boot, "bundle", file->size);

	fw_cfg_read(&boot->fw_cfg, file->key, 0, base, file->size);
	return (struct machine_range){ base, file->size };
}

/* In fw_cfg, or one of the places where VMMs put them; size 0: nowhere. */
static struct machine_range find_vmm_bundle(struct boot *boot)
{
	if (boot->fw_cfg.files[FW_CFG_FILE_BUNDLE].size)
		return read_fw_cfg_bundle(boot);
	for (uint32_t i = 0; i < boot->machine.place_count; i++) {
		const struct machine_range *place = &boot->machine.places[i];

		if (place->size < sizeof(struct bundle_header))
			continue;
		arch_map(place->base, sizeof(struct bundle_header));
		if (!payload_is_at(paddr_ptr(place->base), place->size))
			continue;
		arch_map(place->base, place->size);
		return *place;
	}
	return (struct machine_range){ 0 };
}

/* Our own bundle says no more than which one of the VMM's to take. */
static void open_pinned_bundle(struct boot *boot)
{
	const struct source pin = boot->payload.pin;
	struct machine_range found = find_vmm_bundle(boot);
	const struct bundle_header *header = paddr_ptr(found.base);
	uint8_t digest[SHA256_SIZE];

	source_check("pin", &pin);
	if (pin.size != SHA256_SIZE)
		panic("pin: %#lx bytes: must be %#x", pin.size, SHA256_SIZE);
	if (!found.size)
		panic("pin: the VMM gives no bundle");
	if (!bundle_is_at(header, found.size) ||
	    header->total_size > found.size)
		panic("pin: bundle of %#lx bytes at %#lx: is not whole",
		      found.size, found.base);
	sha256(digest, header, header->total_size);
	if (memcmp(digest, pin.data, SHA256_SIZE) != 0)
		panic("pin: bundle of %#lx bytes at %#lx is another: SHA-256 "
		      "starts with %#x",
		      header->total_size, found.base, load_le32(digest));
	memset(&boot->payload, 0, sizeof(boot->payload));
	bundle_open(boot, header, found.size, SOURCE_MEMORY);
}

static void open_own_bundle(struct boot *boot,
                            const struct bundle_record *record)
{
	paddr_t base = boot->blob_paddr + record->bundle_offset;
	uint64_t size = record->bundle_size;

	if (!is_within(base, size, PADDR_END))
		panic("bundle: %#lx bytes at %#lx: beyond %#lx", size, base,
		      PADDR_END);
	arch_map(base, size);
	bundle_open(boot, paddr_ptr(base), size, SOURCE_MEMORY);
}

/* In this order: the bundle in the blob, the VMM's, its own items, a disk. */
static void open_first(struct boot *boot)
{
	const struct bundle_record *record = arch_bundle_record(boot);
	struct machine_range found;

	if (boot->payload.origin) /* for the platform description in it */
		return;
	if (record->bundle_offset) {
		open_own_bundle(boot, record);
		return;
	}
	found = find_vmm_bundle(boot);
	if (pe_is_at(paddr_ptr(found.base), found.size)) {
		pe_open(boot, paddr_ptr(found.base), found.size);
		return;
	}
	if (found.size) {
		bundle_open(boot, paddr_ptr(found.base), found.size,
		            SOURCE_MEMORY);
		return;
	}
	/* Through any other door, that kernel is this blob. */
	if (boot->fw_cfg.machine && boot->door == DOOR_RESET)
		find_fw_cfg_kernel(&boot->payload, &boot->fw_cfg);
	if (boot->payload.kernel.kind == SOURCE_NONE && disk_find(boot))
		bundle_open(boot,
		            paddr_ptr(disk_page(&boot->disk, DISK_PAGE_HEAD)),
		            boot->disk.sector_count * DISK_SECTOR_SIZE,
		            SOURCE_DISK);
}

void payload_find(struct boot *boot)
{
	open_first(boot);
	if (boot->payload.pin.kind != SOURCE_NONE)
		open_pinned_bundle(boot);
	if (boot->payload.kernel.kind == SOURCE_NONE &&
	    !boot->payload.segment_count)
		panic("payload: no kernel: not in the blob, not from the VMM, "
		      "not on a disk%s",
		      boot->disk.has_legacy ? "; virtio-blk without VIRTIO 1 "
		                              "registers in reach"
		                            : "");
	if (boot->payload.has_zstd)
		boot->payload.zstd = paddr_ptr(
			payload_take_ram(boot, "zstd", ZSTD_WORKSPACE_SIZE));
}
