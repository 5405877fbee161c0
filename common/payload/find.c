/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/find.c - finds what to boot
 *
 * directboot(7) lists the sources, of which the first that has a kernel counts.
 */
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/sha256.h"
#include "common/lib/string.h"
#include "common/machine/fw_cfg.h"
#include "common/machine/handoff.h"
#include "common/payload/bundle.h"
#include "common/payload/disk/disks.h"
#include "common/payload/payload.h"
#include "common/payload/this_boot.h"
#include "common/payload/uki.h"
#include "common/payload/uki_file.h"
#include "common/payload/unpack/zstd.h"
#include "common/payload/wrapped.h"
#include "common/spec/bundle.h"
#include "common/spec/fw_cfg.h"

/* QEMU gives fewer bytes, or none. The rest reads as zeros. */
#define SETUP_SIZE_MAX 0x2000

bool payload_is_at(const void *base, uint64_t size)
{
	return bundle_is_at(base, size) || uki_file_is_at(base, size);
}

void payload_open_own(struct payload *payload, const struct handoff *handoff)
{
	paddr_t base = handoff->bundle_paddr;
	uint64_t size = handoff->bundle_size;

	if (!base)
		return;
	if (!is_within(base, size, MACHINE_PADDR_END))
		panic_range("bundle", size, base, "beyond %#lx",
		            MACHINE_PADDR_END);
	arch_map(base, size);
	bundle_open(payload, paddr_ptr(base), size);
}

struct machine_range payload_platform(const struct payload *payload)
{
	const struct source *platform = &payload->platform;

	source_check("platform", platform); /* without one it has no bytes */
	return (struct machine_range){ paddr_of(platform->data),
		                       platform->size };
}

void payload_restrict(const struct payload *payload, struct machine *machine)
{
	struct machine_given *given = &machine->given;
	struct fw_cfg *fw_cfg = &machine->fw_cfg;

	if (payload->pin.kind == SOURCE_NONE)
		return;
	this_boot_refuse(payload, fw_cfg);
	given->cmdline = NULL;
	if (!payload->options.allows_append)
		given->words = NULL;
	given->initrd = (struct machine_range){ 0 };
	/*
	 * systemd takes credentials from the device and from the structures,
	 * and they can change what it starts.
	 */
	fw_cfg->is_present = false;
	machine->smbios.size = 0;
	/* Linux ignores case: QEMU,fw-cfg-mmio would be the device again. */
	machine->arm.passed_count = 0;
}

/* Fills a source that is still clear. A size of 0 leaves it so. */
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

/* Opens what QEMU was given as -kernel, -initrd and -append. */
static void open_fw_cfg_kernel(struct payload *payload,
                               const struct machine *machine)
{
	const struct fw_cfg *fw_cfg = &machine->fw_cfg;
	uint32_t cmdline_size;

	set_fw_cfg_source(&payload->kernel, FW_CFG_KERNEL_DATA,
	                  fw_cfg_read_u32(fw_cfg, FW_CFG_KERNEL_SIZE));
	if (payload->kernel.kind == SOURCE_NONE)
		return;
	payload->origin = "fw_cfg";
	/* Only a PC has its kernel in two parts. */
	if (machine->platform != MACHINE_PLATFORM_TREE)
		set_fw_cfg_source(&payload->kernel_setup, FW_CFG_SETUP_DATA,
		                  SETUP_SIZE_MAX);
	set_fw_cfg_source(&payload->initrd, FW_CFG_INITRD_DATA,
	                  fw_cfg_read_u32(fw_cfg, FW_CFG_INITRD_SIZE));
	cmdline_size = fw_cfg_read_u32(fw_cfg, FW_CFG_CMDLINE_SIZE);
	if (cmdline_size > 1) /* more than its NUL */
		set_fw_cfg_source(&payload->cmdline, FW_CFG_CMDLINE_DATA,
		                  cmdline_size);
}

/* Reads a bundle that is a fw_cfg file. It stays where it is put. */
static struct machine_range read_fw_cfg_bundle(const struct fw_cfg *fw_cfg,
                                               struct memory *memory)
{
	const struct fw_cfg_item *file = &fw_cfg->files[FW_CFG_FILE_BUNDLE];
	paddr_t base = memory_take(memory, "bundle", file->size);

	fw_cfg_read(fw_cfg, file->key, 0, base, file->size);
	return (struct machine_range){ base, file->size };
}

/*
 * Looks for a bundle in fw_cfg, then in the places where VMMs put one. Returns
 * a range of size 0 if there is none.
 */
static struct machine_range find_vmm_bundle(const struct machine *machine,
                                            struct memory *memory)
{
	const struct machine_given *given = &machine->given;

	if (machine->fw_cfg.files[FW_CFG_FILE_BUNDLE].size)
		return read_fw_cfg_bundle(&machine->fw_cfg, memory);
	for (uint32_t i = 0; i < given->bundle_count; i++) {
		const struct machine_range *place = &given->bundles[i];

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

/*
 * Makes sure that all of the bundle is in RAM, and that `found` is that and
 * nothing more. Flash is a device, and may answer differently when it is read
 * again. Returns false, having done nothing, if there is no whole bundle.
 */
static bool keep_in_ram(struct machine_range *found, struct memory *memory)
{
	const struct bundle_header *header = paddr_ptr(found->base);
	uint64_t size = bundle_is_at(header, found->size) ? header->total_size
	                                                  : UINT64_MAX;
	paddr_t copy;

	if (size - 1 >= found->size) /* it may say that it has none */
		return false;
	found->size = size;
	if (memory_is_ram(memory, found->base, size))
		return true;
	copy = memory_take(memory, "bundle", size);
	memcpy(paddr_ptr(copy), header, size);
	found->base = copy;
	return true;
}

/*
 * Proves that the VMM's bundle is the one whose SHA-256 the blob's own bundle
 * pins. What `found` is are the very bytes that will be read.
 */
static void check_pin(const struct source *pin,
                      const struct machine_range *found, bool is_whole)
{
	uint8_t digest[SHA256_SIZE];

	source_check("pin", pin);
	if (!found->size)
		panic("pin: the VMM gives no bundle");
	if (!is_whole)
		panic("pin: bundle of %#lx bytes at %#lx: is not whole",
		      found->size, found->base);
	sha256(digest, paddr_ptr(found->base), found->size);
	if (memcmp(digest, pin->data, SHA256_SIZE) != 0)
		panic("pin: bundle of %#lx bytes at %#lx is another: SHA-256 "
		      "starts with %#x",
		      found->size, found->base, load_le32(digest));
}

/* Opens the VMM's bundle. Returns false if the VMM gives none. */
static bool open_vmm_bundle(struct payload *payload,
                            const struct machine *machine,
                            struct memory *memory)
{
	const struct machine_range *initrd = &machine->given.initrd;
	struct machine_range found = find_vmm_bundle(machine, memory);
	const struct payload_options options = payload->options;
	bool is_whole;

	/* Without any, both are 0. */
	payload->has_taken_initrd = found.base == initrd->base;
	is_whole = keep_in_ram(&found, memory);
	if (payload->pin.kind != SOURCE_NONE) {
		check_pin(&payload->pin, &found, is_whole);
		memset(payload, 0, PAYLOAD_CLEAR_SIZE);
		payload->options = options; /* until others are known */
		payload->is_pinned = true;
	}
	if (!found.size)
		return false;
	if (uki_file_is_at(paddr_ptr(found.base), found.size))
		uki_open(payload, paddr_ptr(found.base), found.size);
	else
		bundle_open(payload, paddr_ptr(found.base), found.size);
	/* AML is code, which the kernel would run with all its rights. */
	if (payload->is_pinned && payload->options.wants_vmm_acpi)
		panic("pin: bundle wants acpi=vmm: no pin covers those tables");
	return true;
}

static NORETURN void refuse_nothing(bool has_legacy)
{
	panic("payload: no kernel: not in the blob, not from the VMM, not on a "
	      "disk%s",
	      has_legacy ? "; virtio-blk without VIRTIO 1 registers in reach"
	                 : "");
}

/* Opens the first disk that starts with a bundle. Panics if there is none. */
static void open_disk(struct payload *payload, const struct machine *machine,
                      struct memory *memory)
{
	struct disk *disk = &payload->disk;
	struct disks disks = { 0 };

	disk->pages =
		memory_take(memory, "disk", DISK_PAGE_COUNT * DISK_PAGE_SIZE);
	while (disks_next(&disks, machine, disk)) {
		if (disk_read_head(disk) &&
		    bundle_is_at(paddr_ptr(disk_page(disk, DISK_PAGE_HEAD)),
		                 DISK_PAGE_SIZE)) {
			bundle_open_disk(payload, memory);
			return;
		}
		disk_close(disk);
	}
	refuse_nothing(disks.pci.has_legacy);
}

static void use_given_cmdline(struct source *cmdline, const char *given)
{
	if (!given)
		return;
	cmdline->kind = SOURCE_MEMORY;
	cmdline->data = given;
	cmdline->size = strlen(given) + 1;
}

static bool has_kernel(const struct payload *payload)
{
	return payload->kernel.kind != SOURCE_NONE || payload->segment_count;
}

NOINLINE void payload_find(struct payload *payload,
                           const struct machine *machine, struct memory *memory)
{
	const struct fw_cfg *fw_cfg = &machine->fw_cfg;
	bool is_open = payload->origin && payload->pin.kind == SOURCE_NONE;

	/* Before anything may be refused, and over a bundle's options */
	this_boot_set_options(payload, fw_cfg);
	if (!is_open)
		is_open = open_vmm_bundle(payload, machine, memory);
	payload->reader.fw_cfg = fw_cfg;
	payload->reader.disk = &payload->disk;
	if (!is_open && machine->given.has_kernel)
		open_fw_cfg_kernel(payload, machine);
	if (!is_open && !has_kernel(payload))
		open_disk(payload, machine, memory);
	if (!has_kernel(payload))
		refuse_nothing(false);
	this_boot_set_options(payload, fw_cfg);
	if (!payload->segment_count)
		wrapped_open(payload, memory);
	if (payload->cmdline.kind == SOURCE_NONE)
		use_given_cmdline(&payload->cmdline, machine->given.cmdline);
	this_boot_append(payload, machine, memory);
	if (payload->needs_zstd)
		payload->reader.zstd = paddr_ptr(
			memory_take(memory, "zstd", ZSTD_WORKSPACE_SIZE));
}

void payload_close(struct payload *payload)
{
	if (payload->disk.close)
		disk_close(&payload->disk);
}
