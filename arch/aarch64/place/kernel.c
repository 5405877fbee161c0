/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/place/kernel.c - Image, initrd and command line to their places
 *
 * Linux Documentation/arm64/booting.rst, "Call the kernel image".
 */
#include "arch/aarch64/describe/acpi_arm.h"
#include "arch/aarch64/lib/arm.h"
#include "common/arch.h"
#include "common/payload/bundle.h"
#include "common/lib/console.h"
#include "common/payload/uki.h"
#include "common/spec/linux_arm64.h"
#include "common/lib/string.h"
#include "common/payload/unpack/zstd.h"
#include "common/spec/bundle.h"

#define ADDRESS_MAX MAPPED_END

/*
 * An Image that is compressed tells its whole size only when it has been
 * unpacked; as much more room is held free until then, if there is that much.
 */
#define SLACK_MAX 0x4000000
#define SLACK_MIN 0x400000

static paddr_t ram_base(const struct boot *boot)
{
	return boot->machine.ram[0].base;
}

static void check_image(const struct image_header *header, uint64_t size)
{
	if (size < sizeof(*header) || header->magic != IMAGE_MAGIC)
		panic("kernel: %#lx bytes: no arm64 Image (magic %#x)", size,
		      size < sizeof(*header) ? 0 : header->magic);
	if (header->flags & IMAGE_FLAG_BIG_ENDIAN)
		panic("kernel: Image is big-endian (flags %#lx)",
		      header->flags);
	if (header->text_offset >= IMAGE_BASE_ALIGN)
		panic("kernel: Image has text offset %#lx: less than %#x",
		      header->text_offset, IMAGE_BASE_ALIGN);
	if (header->image_size > ADDRESS_MAX)
		panic("kernel: Image needs %#lx bytes: at most %#lx",
		      header->image_size, ADDRESS_MAX);
}

/* Old kernels that do not know their size are at a known offset. */
static uint64_t text_offset(const struct image_header *header)
{
	return header->image_size ? header->text_offset
	                          : IMAGE_TEXT_OFFSET_DEFAULT;
}

/* Behind the initrd if there is room, else where there is. */
static paddr_t find_room(struct boot *boot, uint64_t size, bool is_anywhere)
{
	const struct kernel *kernel = &boot->kernel;
	paddr_t min = max_u64(kernel->initrd_paddr + kernel->initrd_size,
	                      ram_base(boot) + INITRD_OFFSET);
	paddr_t base = 0;

	if (is_anywhere)
		base = memory_alloc(&boot->memory, size, KERNEL_ALIGN, min,
		                    ADDRESS_MAX, MEMORY_RAM);
	if (!base)
		base = memory_alloc(&boot->memory, size, KERNEL_ALIGN,
		                    ram_base(boot), ADDRESS_MAX, MEMORY_RAM);
	return base;
}

static void set_kernel(struct boot *boot, paddr_t base,
                       const struct image_header *header, uint64_t size)
{
	struct kernel *kernel = &boot->kernel;

	kernel->base = base;
	kernel->size = text_offset(header) + max_u64(header->image_size, size);
	kernel->entry = base + text_offset(header);
	kernel->cmdline_max = LINUX_CMDLINE_MAX;
}

/* What the kernel's file starts with; all 0 if it is not so long. */
static void read_header(struct boot *boot, struct image_header *header)
{
	const struct source *source = &boot->payload.kernel;

	memset(header, 0, sizeof(*header));
	if (source->compression || source->size < sizeof(*header))
		return;
	if (source->kind == SOURCE_MEMORY)
		memcpy(header, source->data, sizeof(*header));
	else
		source_load(boot, "kernel", source, 0, paddr_of(header),
		            sizeof(*header));
}

static bool is_zboot(const struct source *source)
{
	const struct zboot_header *header = source->data;

	return source->size >= sizeof(*header) && header->magic == ZBOOT_MAGIC;
}

/* The Image in it, if we can unpack it. */
static void open_zboot(struct boot *boot)
{
	struct source *source = &boot->payload.kernel;
	const struct zboot_header *header = source->data;
	uint32_t offset = header->payload_offset;
	uint32_t size = header->payload_size;

	if (!is_within(offset, size, source->size) || size < sizeof(size))
		panic("kernel: zboot of %#x bytes at %#x: there are %#lx", size,
		      offset, source->size);
	source_check("kernel", source);
	if (memcmp(header->compression, "zstd", 4) != 0)
		panic("kernel: zboot is not under zstd: repack it");
	source->data = (const uint8_t *)source->data + offset;
	source->stored_size = size - sizeof(size);
	source->size =
		load_le32((const uint8_t *)source->data + source->stored_size);
	source->compression = BUNDLE_COMPRESSION_ZSTD;
	source->has_checksum = false;
	boot->payload.zstd =
		paddr_ptr(payload_take_ram(boot, "zstd", ZSTD_WORKSPACE_SIZE));
}

/* PE files that are no Image: a unified kernel image, a zboot, one in one. */
static void open_wrapped(struct boot *boot, struct image_header *header)
{
	struct source *source = &boot->payload.kernel;

	for (uint32_t i = 0; i < 2; i++) {
		read_header(boot, header);
		if ((header->code0 & 0xffff) != PE_DOS_MAGIC ||
		    header->magic == IMAGE_MAGIC)
			return;
		if (source->kind == SOURCE_FW_CFG)
			payload_fetch_kernel(boot);
		if (source->kind == SOURCE_DISK)
			source_fetch(boot, "kernel", source);
		if (is_zboot(source))
			open_zboot(boot);
		else
			payload_open_uki(boot);
	}
}

static void load_plain(struct boot *boot, const struct image_header *header)
{
	const struct source *source = &boot->payload.kernel;
	paddr_t base;

	check_image(header, source->size);

	set_kernel(boot, 0, header, source->size);
	base = find_room(boot, boot->kernel.size,
	                 header->flags & IMAGE_FLAG_ANYWHERE);
	if (!base)
		panic("kernel: needs %#lx bytes: no free RAM of that size",
		      boot->kernel.size);
	arch_map(base, boot->kernel.size);
	source_load(boot, "kernel", source, 0, base + boot->kernel.entry,
	            source->size);
	set_kernel(boot, base, header, source->size);
}

static void load_compressed(struct boot *boot)
{
	const struct source *source = &boot->payload.kernel;
	const struct image_header *header;
	uint64_t slack = SLACK_MAX * 2;
	uint64_t size;
	paddr_t base = 0;

	do {
		slack /= 2;
		size = align_up(source->size + slack, KERNEL_ALIGN);
		base = find_room(boot, size, true);
	} while (!base && slack > SLACK_MIN);
	if (!base)
		panic("kernel: needs %#lx bytes: no free RAM of that size",
		      source->size);
	source_load(boot, "kernel", source, 0, base, source->size);

	header = paddr_ptr(base);
	check_image(header, source->size);
	set_kernel(boot, base, header, source->size);
	if (boot->kernel.size > size)
		panic("kernel: needs %#lx bytes: there are %#lx at %#lx",
		      boot->kernel.size, size, base);
	if (boot->kernel.entry != base)
		memmove(paddr_ptr(boot->kernel.entry), header, source->size);
	size = align_up(boot->kernel.size, KERNEL_ALIGN);
	memory_set(&boot->memory, base,
	           align_up(source->size + slack, KERNEL_ALIGN), MEMORY_RAM);
	memory_claim(&boot->memory, "kernel", base, size, MEMORY_RAM);
}

/* As low as possible, so that the kernel can be next to it. */
static void load_initrd(struct boot *boot)
{
	const struct source *source = &boot->payload.initrd;
	const struct machine_range *given = &boot->machine.arm.initrd;
	struct kernel *kernel = &boot->kernel;
	paddr_t base;

	if (!source->size) {
		/* The VMM's own, unless that is where we come from. */
		arch_map(given->base, given->size);
		if (!payload_is_at(paddr_ptr(given->base), given->size)) {
			kernel->initrd_paddr = given->base;
			kernel->initrd_size = given->size;
		}
		return;
	}
	base = memory_alloc(&boot->memory, source->size, 4096,
	                    ram_base(boot) + INITRD_OFFSET, ADDRESS_MAX,
	                    MEMORY_RAM);
	if (!base)
		base = memory_alloc(&boot->memory, source->size, 4096,
		                    ram_base(boot), ADDRESS_MAX, MEMORY_RAM);
	if (!base)
		panic("initrd: %#lx bytes: no free RAM of that size",
		      source->size);
	arch_map(base, source->size);
	source_load(boot, "initrd", source, 0, base, source->size);
	kernel->initrd_paddr = base;
	kernel->initrd_size = source->size;
}

static void check_window(const struct kernel *kernel)
{
	paddr_t base = align_down(min_u64(kernel->base, kernel->initrd_paddr),
	                          LINUX_INITRD_WINDOW_ALIGN);
	paddr_t end = max_u64(kernel->base + kernel->size,
	                      kernel->initrd_paddr + kernel->initrd_size);

	if (kernel->initrd_size && end - base > LINUX_INITRD_WINDOW_SIZE)
		panic("initrd: at %#lx, kernel at %#lx: must be within 32 GiB",
		      kernel->initrd_paddr, kernel->base);
}

static void load_cmdline(struct boot *boot)
{
	const struct source *source = &boot->payload.cmdline;
	const struct machine_range *given = &boot->machine.arm.bootargs;
	struct kernel *kernel = &boot->kernel;
	paddr_t base;

	if (source->kind == SOURCE_NONE && given->size) {
		kernel->cmdline = paddr_ptr(given->base);
	} else {
		base = memory_alloc(&boot->memory, source->size + 1, 4096,
		                    ram_base(boot), ADDRESS_MAX, MEMORY_RAM);
		if (!base)
			panic("cmdline: %#lx bytes: no free RAM", source->size);
		arch_map(base, source->size + 1);
		kernel->cmdline = paddr_ptr(base);
		if (source->size)
			source_load(boot, "cmdline", source, 0, base,
			            source->size);
		kernel->cmdline[source->size] = 0;
	}
	kernel->cmdline_size = strlen(kernel->cmdline);
	if (kernel->cmdline_size > kernel->cmdline_max)
		panic("cmdline: %u bytes: the kernel takes %u",
		      kernel->cmdline_size, kernel->cmdline_max);
}

/* Not inlined: the benchmark tells its work from the rest by its name. */
NOINLINE void arch_load_kernel(struct boot *boot)
{
	struct image_header header;

	open_wrapped(boot, &header);
	load_initrd(boot);
	if (boot->payload.segment_count)
		panic("kernel: in segments: must be an arm64 Image");
	if (boot->payload.dtb.kind != SOURCE_NONE || /* or what is it for? */
	    !acpi_arm_can_tell(&boot->machine))
		boot->options.wants_device_tree = true;
	if (boot->options.wants_vmm_acpi)
		panic("acpi: of the VMM: on AArch64 tables are the blob's own");
	if (boot->payload.kernel.compression == BUNDLE_COMPRESSION_NONE)
		load_plain(boot, &header);
	else
		load_compressed(boot);
	check_window(&boot->kernel);
	load_cmdline(boot);
}
