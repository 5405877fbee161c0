/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/pack.c - directboot pack: kernel, initrd and options into one file */
#include "payload/blob.h"
#include "payload/elf_door.h"
#include "payload/kernel.h"
#include "payload/lint.h"
#include "payload/pack_options.h"
#include "payload/plan.h"
#include "payload/vmm.h"

#define INITRD_ALIGN 4 /* where the kernel looks for the next archive */

/* Of a ROM that ends at 4 GiB: FEC00000 to FEEFFFFF, from the blob backward. */
#define WINDOWS_SIZE     0x300000
#define WINDOWS_END_BACK (0x1100000 - BUNDLE_BLOB_X86_SIZE)

static const uint32_t archs[] = { 0, BUNDLE_ARCH_X86_64, BUNDLE_ARCH_AARCH64 };

static void check_kernel(const struct kernel_file *kernel)
{
	if (request.arch != 0 && archs[request.arch] != kernel->arch)
		refuse("kernel: for %s: --arch says %s",
		       arch_name(kernel->arch), arch_name(archs[request.arch]));
	if (kernel->arch == BUNDLE_ARCH_X86_64 && request.wants_device_tree)
		refuse("--device-tree: x86_64 kernels boot by ACPI; only "
		       "aarch64 has this choice");
	if (kernel->arch == BUNDLE_ARCH_X86_64 && request.dtb != NULL)
		refuse("--dtb: x86_64 kernels boot by ACPI; only aarch64 takes "
		       "a device tree");
	if (kernel->arch == BUNDLE_ARCH_AARCH64 && request.acpi != 0)
		refuse("--acpi vmm: only x86_64 has this choice");
	if (kernel->arch == BUNDLE_ARCH_AARCH64 && request.keeps_bzimage)
		refuse("--keep-bzimage: the kernel is for aarch64");
}

static struct plan_section *add_segment(struct plan *plan,
                                        const struct kernel_segment *segment)
{
	struct plan_section *section =
		plan_add(plan, BUNDLE_SECTION_KERNEL_SEGMENT, segment->bytes,
	                 (enum compress)request.compress);

	section->header.paddr = segment->paddr;
	section->header.memory_size = segment->memory_size;
	return section;
}

/*
 * Compressed, the zeros between them take nothing; and less is to be done. If
 * that turns out not to be worthwhile, false.
 */
static bool add_segments_as_one(struct plan *plan,
                                const struct kernel_file *kernel)
{
	struct kernel_segment one = kernel->segments[0];
	const struct kernel_segment *last =
		&kernel->segments[kernel->segment_count - 1];

	one.memory_size = last->paddr + last->memory_size - one.paddr;
	one.bytes.size = last->paddr + last->bytes.size - one.paddr;
	if (add_segment(plan, &one)->header.compression !=
	    BUNDLE_COMPRESSION_NONE)
		return true;
	plan->header.section_count--;
	return false;
}

static void add_kernel(struct plan *plan, const struct kernel_file *kernel)
{
	enum compress compress = (enum compress)request.compress;

	plan->header.arch = kernel->arch;
	plan->header.kernel_kind = kernel->kind;
	plan->header.entry = kernel->entry;
	/* The blob reads its header in place; and it is compressed already. */
	if (kernel->kind == BUNDLE_KERNEL_BZIMAGE)
		compress = COMPRESS_NONE;
	if (kernel->kind != BUNDLE_KERNEL_SEGMENTS) {
		plan_add(plan, BUNDLE_SECTION_KERNEL, kernel->image, compress);
		return;
	}
	if (compress == COMPRESS_NONE || !add_segments_as_one(plan, kernel))
		for (unsigned i = 0; i < kernel->segment_count; i++)
			add_segment(plan, &kernel->segments[i]);
	if (kernel->relocs.size > 0)
		plan_add(plan, BUNDLE_SECTION_RELOCS, kernel->relocs,
		         COMPRESS_NONE);
}

/* The kernel takes archives one after another, each at a multiple of 4. */
static struct bytes join(const struct bytes *parts, unsigned count)
{
	uint64_t size = 0;
	uint8_t *joined;

	if (count == 1)
		return parts[0];
	for (unsigned i = 0; i < count; i++)
		size = align_up(size, INITRD_ALIGN) + parts[i].size;
	joined = allocate(size);
	size = 0;
	for (unsigned i = 0; i < count; i++) {
		size = align_up(size, INITRD_ALIGN);
		memcpy(joined + size, parts[i].data, parts[i].size);
		size += parts[i].size;
	}
	return (struct bytes){ joined, size };
}

static void add_initrds(struct plan *plan, const struct kernel_file *kernel)
{
	struct bytes parts[OPTION_LIST_MAX + 2];
	unsigned count = 0;

	if (kernel->microcode.size > 0)
		parts[count++] = kernel->microcode;
	if (kernel->initrd.size > 0)
		parts[count++] = kernel->initrd;
	for (unsigned i = 0; i < request.initrds.count; i++) {
		const char *path = request.initrds.items[i];

		parts[count] = file_read(path);
		if (parts[count].size == 0)
			refuse("%s: initrd: is empty", path);
		count++;
	}
	if (count > 0)
		plan_add(plan, BUNDLE_SECTION_INITRD, join(parts, count),
		         (enum compress)request.compress);
}

static void add_cmdline(struct plan *plan, const struct kernel_file *kernel)
{
	struct bytes text = kernel->cmdline;
	uint8_t *copy;

	if (request.cmdline != NULL)
		text = (struct bytes){ (const uint8_t *)request.cmdline,
			               strlen(request.cmdline) };
	if (request.cmdline_file != NULL)
		text = file_read(request.cmdline_file);
	while (text.size > 0 && strchr(" \t\r\n", text.data[text.size - 1]))
		text.size--;
	if (text.size == 0)
		return;
	if (memchr(text.data, '\0', text.size) != NULL ||
	    memchr(text.data, '\n', text.size) != NULL)
		refuse("command line: must be one line of text");
	if (text.size > kernel->cmdline_max)
		refuse("command line: %lu characters: the kernel takes %u",
		       (unsigned long)text.size, kernel->cmdline_max);
	copy = allocate(text.size + 1);
	memcpy(copy, text.data, text.size);
	plan_add(plan, BUNDLE_SECTION_CMDLINE,
	         (struct bytes){ copy, text.size + 1 }, COMPRESS_NONE);
}

static void add_dtb(struct plan *plan, enum bundle_section_type type,
                    const char *option, const char *path, struct bytes dtb)
{
	if (path != NULL)
		dtb = file_read(path);
	else if (dtb.size == 0)
		return;
	if (dtb.size < 40 || memcmp(dtb.data, "\xd0\x0d\xfe\xed", 4) != 0)
		refuse("%s: no device tree blob: must start with d0 0d fe ed",
		       path != NULL ? path : option);
	plan_add(plan, type, dtb, COMPRESS_NONE);
}

static void set_flags(struct bundle_header *header)
{
	header->on_error = request.on_error;
	if (request.is_verbose)
		header->flags |= BUNDLE_FLAG_VERBOSE;
	if (request.wants_device_tree)
		header->flags |= BUNDLE_FLAG_DEVICE_TREE;
	if (request.acpi != 0)
		header->flags |= BUNDLE_FLAG_VMM_ACPI;
}

static void lint(const struct kernel_file *kernel)
{
	unsigned uses = 0;

	if (!request.wants_device_tree)
		uses |= LINT_ACPI;
	if (request.initrds.count > 0 || kernel->initrd.size > 0)
		uses |= LINT_INITRD;
	lint_kernel(kernel, uses);
}

static void check_format(const struct image *blob, uint64_t size)
{
	if (request.format == FORMAT_IMAGE && blob->arch != BUNDLE_ARCH_AARCH64)
		refuse("--output-format image: is for aarch64; x86_64 has elf");
	if (request.format == FORMAT_ELF && !elf_door_fits(&blob->blob, size))
		refuse("--output-format elf: this blob has no such entry, or "
		       "%#lx bytes are too many for it",
		       (unsigned long)size);
}

static void check_door(const struct plan *plan, uint32_t arch, uint64_t size)
{
	char text[16];

	if (request.door != DOOR_LOW_BIOS)
		return;
	if (arch != BUNDLE_ARCH_X86_64)
		refuse("--door low-bios: is for x86_64");
	if (size != BUNDLE_LOW_BIOS_SIZE)
		refuse("--door low-bios: bundle of %s: has no room in 128 KiB; "
		       "--output-format disk makes a disk of it",
		       text_size(text, plan->header.total_size));
}

/* Whole pages, hence whole sectors: the same bytes serve as a disk. */
static void write_bundle(struct plan *plan)
{
	plan_lay_out(plan, (struct plan_hole){ 0 });
	output_open(request.output);
	plan_write(plan);
	output_close();
}

static void write_plan(struct plan *plan, uint32_t arch)
{
	struct plan_hole hole = { 0 };
	struct image blob;
	struct vmm_file file = { .arch = arch };
	char text[16];

	if (!pack_wants_blob()) {
		write_bundle(plan);
		return;
	}
	blob_open(&blob, request.blob, arch);
	if (arch == BUNDLE_ARCH_X86_64)
		hole = (struct plan_hole){ WINDOWS_END_BACK, WINDOWS_SIZE };
	if (request.door == DOOR_LOW_BIOS)
		plan->file_size = BUNDLE_LOW_BIOS_SIZE;
	plan->is_no_bzimage = request.format == FORMAT_ELF;
	plan_lay_out(plan, hole);
	file.size = blob_packed_size(&blob, plan);
	file.is_elf = blob_packs_elf(&blob, plan);
	file.is_bzimage = blob_packs_bzimage(&blob, plan);
	check_door(plan, arch, file.size);
	check_format(&blob, file.size);
	if (request.vmm != NULL)
		vmm_check(request.vmm, &file);
	output_open(request.output);
	blob_write_packed(&blob, plan);
	output_close();
	if (strcmp(request.output, "-") == 0)
		return;
	printf("%s: %s, for ", request.output, text_size(text, file.size));
	vmm_print_fitting(stdout, &file);
	putchar('\n');
}

static bool parse_digest(uint8_t digest[SHA256_SIZE], const char *text)
{
	if (strlen(text) != 2 * SHA256_SIZE ||
	    strspn(text, "0123456789abcdefABCDEF") != 2 * SHA256_SIZE)
		return false;
	for (int i = 0; i < SHA256_SIZE; i++)
		sscanf(text + 2 * i, "%2hhx", &digest[i]);
	return true;
}

/* The bundle of a packed file, or a bundle by itself; or just a digest. */
static void add_pin(struct plan *plan)
{
	uint8_t *digest = allocate(SHA256_SIZE);
	struct image image = { .arch = archs[request.arch] };

	if (!parse_digest(digest, request.pin)) {
		image_open(&image, request.pin, file_read(request.pin));
		if (image.bundle.size == 0)
			refuse("%s: holds no bundle", request.pin);
		sha256(digest, image.bundle.data, image.bundle.size);
	}
	if (image.arch == 0)
		refuse_usage("pack: --pin with a digest: needs --arch");
	if (request.arch != 0 && archs[request.arch] != image.arch)
		refuse("%s: for %s: --arch says %s", request.pin,
		       arch_name(image.arch), arch_name(archs[request.arch]));
	plan->header.arch = image.arch;
	plan_add(plan, BUNDLE_SECTION_PIN,
	         (struct bytes){ digest, SHA256_SIZE }, COMPRESS_NONE);
}

static void add_all(struct plan *plan)
{
	struct kernel_file kernel = { 0 };

	kernel_open(&kernel, file_read(request.kernel), request.keeps_bzimage);
	check_kernel(&kernel);
	lint(&kernel);

	add_kernel(plan, &kernel);
	add_initrds(plan, &kernel);
	add_cmdline(plan, &kernel);
	/* A unified image for x86_64 may have one; nobody there reads it. */
	if (kernel.arch == BUNDLE_ARCH_AARCH64)
		add_dtb(plan, BUNDLE_SECTION_DTB, "dtb", request.dtb,
		        kernel.dtb);
}

int pack_main(int argc, char **argv)
{
	static struct plan plan;

	pack_options_parse(argc, argv);
	set_flags(&plan.header);
	if (request.pin != NULL)
		add_pin(&plan);
	else if (request.kernel != NULL)
		add_all(&plan);
	else
		plan.header.arch = BUNDLE_ARCH_X86_64;
	if (plan.header.arch == BUNDLE_ARCH_X86_64 && request.platform != NULL)
		refuse("--platform: the blob for x86_64 finds out itself; only "
		       "aarch64 takes a device tree");
	add_dtb(&plan, BUNDLE_SECTION_PLATFORM, "platform", request.platform,
	        (struct bytes){ 0 });
	write_plan(&plan, plan.header.arch);
	return EXIT_STATUS_OK;
}
