/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/pack.c - directboot pack: makes one file that boots */
#include "payload/write/pack.h"

#include <unistd.h>

#include "payload/judge/elf_door.h"
#include "payload/judge/proof.h"
#include "payload/read/lint.h"
#include "payload/read/open.h"
#include "payload/write/blob.h"
#include "payload/write/pack_options.h"
#include "payload/write/parts.h"
#include "payload/write/plan.h"
#include "payload/write/vmm.h"

/*
 * A ROM ends at 4 GiB, and a large one would cover FEC00000 to FEEFFFFF, where
 * interrupt controllers have their registers. The hole reaches up to FEFFFFFF,
 * as no large page can have that last part of it. A ROM that starts in this
 * part has no hole. The blob itself is not counted.
 */
static const struct plan_hole windows = {
	.end_back = 0x1000000 - BUNDLE_BLOB_X86_SIZE,
	.size = 0x400000,
	.total_max = 0x1100000 - BUNDLE_BLOB_X86_SIZE,
};

/*
 * A ROM ends at 4 GiB. Only if it starts at a multiple of 2 MiB, too, can a
 * hypervisor map it in pages of that size (SDM 3C, "EPT Translation Mechanism";
 * APM 2, "Nested Paging"), and a guest that reads it exits once for each.
 */
#define ROM_ALIGN_FAST  0x200000
#define ROM_ALIGN_EXACT 0x10000

static const uint32_t archs[] = { 0, BUNDLE_ARCH_X86_64, BUNDLE_ARCH_AARCH64 };

static void check_kernel(const struct kernel_file *kernel)
{
	if (request.arch != 0 && archs[request.arch] != kernel->arch)
		refuse("kernel: for %s: --arch says %s",
		       arch_name(kernel->arch), arch_name(archs[request.arch]));
	if (kernel->arch == BUNDLE_ARCH_X86_64 && request.wants_device_tree)
		refuse("--device-tree: x86_64 kernels boot by ACPI; only "
		       "aarch64 has this choice");
	if (kernel->arch == BUNDLE_ARCH_AARCH64 && request.acpi != 0)
		refuse("--acpi vmm: only x86_64 has this choice");
	if (kernel->arch == BUNDLE_ARCH_AARCH64 && request.keeps_bzimage)
		refuse("--keep-bzimage: the kernel is for aarch64");
	if (request.profile_text != NULL && !kernel->is_uki)
		refuse("--profile: only a unified kernel image has profiles");
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
 * If segments are compressed, the zeros between them take next to no room, and
 * one section is simpler. Returns false if compression gains nothing.
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
	/* The blob reads a bzImage's header where it is stored. */
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

/* A bundle has whole pages, hence whole sectors, so it is also a disk image. */
static void write_bundle(struct plan *plan, struct bytes file)
{
	plan_lay_out(plan, (struct plan_hole){ 0 });
	plan_judge(plan, file);
	output_open(request.output);
	plan_write(plan);
	output_close();
}

static struct vmm_file tell_file(const struct image *blob,
                                 const struct plan *plan)
{
	return (struct vmm_file){
		.arch = plan->header.arch,
		.size = blob_packed_size(blob, plan),
		.is_elf = blob_packs_elf(blob, plan),
		.is_bzimage = blob_packs_bzimage(blob, plan),
		.is_zstd = request.compress == COMPRESS_ZSTD,
	};
}

/*
 * Sets the size of the file, and tells all of it. A ROM is filled up if that
 * excludes no VMM. A file that only loaders of kernels take gains nothing.
 */
static struct vmm_file size_file(const struct image *blob, struct plan *plan)
{
	struct vmm_file exact, fast;

	plan->file_align = ROM_ALIGN_EXACT;
	exact = tell_file(blob, plan);
	if (request.rom_size == ROM_SIZE_EXACT ||
	    request.format != FORMAT_ROM || request.door != DOOR_ANY)
		return exact;
	plan->file_align = ROM_ALIGN_FAST;
	fast = tell_file(blob, plan);
	if (vmm_takes_larger(request.vmm, &exact, &fast))
		return fast;
	plan->file_align = ROM_ALIGN_EXACT;
	return exact;
}

static void write_plan(struct plan *plan, struct bytes kernel)
{
	uint32_t arch = plan->header.arch;
	struct plan_hole hole = { 0 };
	struct vmm_file file;
	struct image blob;
	char text[16];

	if (!pack_wants_blob()) {
		write_bundle(plan, kernel);
		return;
	}
	blob_open(&blob, request.blob, arch);
	if (arch == BUNDLE_ARCH_X86_64)
		hole = windows;
	if (request.door == DOOR_LOW_BIOS)
		plan->file_size = BUNDLE_LOW_BIOS_SIZE;
	plan->is_no_bzimage = request.format == FORMAT_ELF;
	plan_lay_out(plan, hole);
	plan_judge(plan, kernel);
	file = size_file(&blob, plan);
	check_door(plan, arch, file.size);
	check_format(&blob, file.size);
	if (request.vmm != NULL)
		vmm_check(request.vmm, &file);
	output_open(request.output);
	blob_write_packed(&blob, plan);
	output_close();
	if (output_is_stdout())
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

/*
 * Tells what the kernel will lack, since nothing from outside fills a gap of a
 * pinned bundle.
 */
static void warn_of_gaps(const struct image *image)
{
	bool has_initrd = false, has_cmdline = false;

	for (unsigned i = 0; i < image->header.section_count; i++) {
		uint32_t type = image->sections[i].type;

		has_initrd |= type == BUNDLE_SECTION_INITRD;
		has_cmdline |= type == BUNDLE_SECTION_CMDLINE;
	}
	if (!has_initrd)
		warn("--pin: the bundle has no initrd: the kernel gets none, "
		     "whatever the VMM gives");
	if (!has_cmdline)
		warn("--pin: the bundle has no command line: the kernel gets "
		     "an empty one, whatever the VMM gives");
}

/* Opens the bundle to pin. Refuses one that the blob would not boot. */
static void open_pinned(struct image *image)
{
	const char *path = request.pin;
	struct bytes file;

	if (access(path, F_OK) != 0)
		refuse("%s: No such file, and no SHA-256: that has 64 "
		       "hexadecimal digits, this %zu characters",
		       path, strlen(path));
	file = file_read(path);
	refuse_about(path);
	image_open(image, file);
	if (image->bundle.size == 0)
		refuse("holds no bundle");
	image_prove(image);
	if (image->header.flags & BUNDLE_FLAG_VMM_ACPI)
		refuse("its kernel is to get the VMM's ACPI tables, which no "
		       "pin covers: pack it with --acpi own");
	refuse_about(NULL);
	warn_of_gaps(image);
}

/*
 * The user gives a packed file, a bundle, or only a digest. A digest does not
 * tell the architecture.
 */
static void add_pin(struct plan *plan)
{
	uint8_t *digest = allocate(SHA256_SIZE);
	struct image image = { .arch = archs[request.arch] };

	if (!parse_digest(digest, request.pin)) {
		open_pinned(&image);
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

/* A file that pack has made is not a kernel, but may look like one. */
static void check_not_packed(const struct bytes *file)
{
	struct image image;

	if (!image_is(file))
		return;
	image_open(&image, *file);
	if (image.bundle.size == 0)
		refuse("a directboot blob: --blob takes it, --kernel a kernel");
	refuse("packed already: give --kernel the kernel that it was made of; "
	       "`directboot extract` takes its initrd and command line out");
}

/* Adds all parts. Returns the kernel's file, if the bundle stores it whole. */
static struct bytes add_all(struct plan *plan)
{
	struct kernel_file kernel = { .profile = request.profile };
	struct bytes file = file_read(request.kernel);

	refuse_about(request.kernel);
	check_not_packed(&file);
	kernel_open(&kernel, file, request.keeps_bzimage);
	check_kernel(&kernel);
	lint(&kernel);
	refuse_about(NULL);

	add_kernel(plan, &kernel);
	parts_add_initrds(plan, &kernel);
	parts_add_cmdline(plan, &kernel);
	add_dtb(plan, BUNDLE_SECTION_DTB, "dtb", request.dtb, kernel.dtb);
	return kernel.kind == BUNDLE_KERNEL_SEGMENTS ? (struct bytes){ 0 }
	                                             : kernel.image;
}

int pack_main(int argc, char **argv)
{
	static struct plan plan;
	struct bytes kernel = { 0 };

	pack_options_parse(argc, argv);
	set_flags(&plan.header);
	if (request.pin != NULL)
		add_pin(&plan);
	else if (request.kernel != NULL)
		kernel = add_all(&plan);
	else
		plan.header.arch = BUNDLE_ARCH_X86_64;
	if (plan.header.arch == BUNDLE_ARCH_X86_64 && request.platform != NULL)
		refuse("--platform: the blob for x86_64 finds out itself; only "
		       "aarch64 takes a device tree");
	add_dtb(&plan, BUNDLE_SECTION_PLATFORM, "platform", request.platform,
	        (struct bytes){ 0 });
	write_plan(&plan, kernel);
	return EXIT_STATUS_OK;
}
