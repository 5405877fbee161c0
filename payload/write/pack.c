/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/pack.c - directboot pack: makes one file that boots */
#include "payload/write/pack.h"

#include "payload/judge/elf_door.h"
#include "payload/read/lint.h"
#include "payload/read/open.h"
#include "payload/write/blob.h"
#include "payload/write/from.h"
#include "payload/write/igvm.h"
#include "payload/write/pack_options.h"
#include "payload/write/parts.h"
#include "payload/write/pin.h"
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

static struct image old; /* the file of --from; all zero without */

static void check_kernel(const struct kernel_file *kernel)
{
	uint32_t wanted = pack_wanted_arch();

	if (wanted != 0 && wanted != kernel->arch)
		refuse("kernel: for %s: --arch says %s",
		       arch_name(kernel->arch), arch_name(wanted));
	if (kernel->arch == BUNDLE_ARCH_X86_64 && request.wants_device_tree)
		refuse("--device-tree: x86_64 kernels boot by ACPI; only "
		       "aarch64 has this choice");
	if (request.acpi != 0 && request.wants_device_tree)
		refuse("--acpi vmm: a device tree is instead of ACPI tables");
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

/* Adds what the options say of a paravisor, else what the old file said. */
static void add_paravisor(struct plan *plan)
{
	static struct bundle_paravisor paravisor;
	struct bytes bytes = { (const void *)&paravisor, sizeof(paravisor) };

	if (request.chunk_max > 0 && plan->header.arch != BUNDLE_ARCH_X86_64)
		refuse("--sidecar: is for x86_64");
	paravisor.memory_size = request.paravisor_memory;
	paravisor.chunk_max = request.chunk_max;
	if (!request.is_paravisor)
		bytes = from_part(&old, BUNDLE_SECTION_PARAVISOR);
	if (bytes.size == 0)
		return;
	for (unsigned i = 0; i < plan->header.section_count; i++)
		if (plan->sections[i].header.type == BUNDLE_SECTION_DTB)
			refuse("dtb: a paravisor's kernel gets a tree of the "
			       "blob's own");
	plan->header.flags |= BUNDLE_FLAG_PARAVISOR;
	plan_add(plan, BUNDLE_SECTION_PARAVISOR, bytes, COMPRESS_NONE);
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
	if (request.allows_append)
		header->flags |= BUNDLE_FLAG_ALLOW_APPEND;
}

static void lint(const struct kernel_file *kernel)
{
	unsigned uses = 0;

	if (!request.wants_device_tree)
		uses |= LINT_ACPI;
	if (request.initrds.count > 0 || request.rootfs != NULL ||
	    kernel->initrd.size > 0)
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

/* Opens the image that can start the bundle. */
static void open_blob(struct image *blob, const struct plan *plan)
{
	enum blob_kind kind =
		request.format == FORMAT_IGVM ||
				(plan->header.flags & BUNDLE_FLAG_PARAVISOR)
			? BLOB_IGVM
			: BLOB_ROM;

	if (kind == BLOB_IGVM && plan->header.arch == BUNDLE_ARCH_X86_64 &&
	    request.compress == COMPRESS_ZSTD)
		refuse("--compress zstd: the x86_64 image for IGVM files has "
		       "none; it has lz4");
	blob_open(blob, request.blob, plan->header.arch, kind);
}

static void write_plan(struct plan *plan, struct bytes kernel)
{
	uint32_t arch = plan->header.arch;
	struct plan_hole hole = { 0 };
	bool is_igvm = request.format == FORMAT_IGVM;
	struct bytes igvm = { 0 };
	struct vmm_file file;
	struct image blob;
	char text[16];

	if (!pack_wants_blob()) {
		write_bundle(plan, kernel);
		return;
	}
	open_blob(&blob, plan);
	if (arch == BUNDLE_ARCH_X86_64)
		hole = windows;
	if (request.door == DOOR_LOW_BIOS)
		plan->file_size = BUNDLE_LOW_BIOS_SIZE;
	plan->is_no_bzimage = request.format == FORMAT_ELF;
	plan->is_igvm = is_igvm;
	plan_lay_out(plan, hole);
	plan_judge(plan, kernel);
	file = size_file(&blob, plan);
	check_door(plan, arch, file.size);
	check_format(&blob, file.size);
	if (is_igvm)
		igvm = igvm_pack(&file, &blob, plan);
	if (request.vmm != NULL)
		vmm_check(request.vmm, &file);
	output_open(request.output);
	if (is_igvm)
		output_write(igvm.data, igvm.size);
	else
		blob_write_packed(&blob, plan);
	output_close();
	if (output_is_stdout())
		return;
	text_print(stdout, request.output);
	printf(": %s, for ", text_size(text, file.size));
	vmm_print_fitting(stdout, &file);
	putchar('\n');
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
	refuse("packed already: --from takes such a file, and --kernel the "
	       "kernel that replaces the one in it");
}

static void read_kernel(struct kernel_file *kernel)
{
	struct bytes file = file_read(request.kernel);

	refuse_about(request.kernel);
	check_not_packed(&file);
	/* A paravisor's must go where its RAM is, and a bzImage can. */
	kernel_open(kernel, file,
	            request.keeps_bzimage || request.is_paravisor);
}

/* Takes from the old file what neither options nor a new UKI bring. */
static void fill_parts(struct kernel_file *kernel)
{
	if (kernel->arch != old.arch)
		refuse("a kernel for %s: the file of --from is for %s",
		       arch_name(kernel->arch), arch_name(old.arch));
	if (request.initrds.count == 0 && request.rootfs == NULL &&
	    kernel->initrd.size == 0)
		kernel->initrd = from_part(&old, BUNDLE_SECTION_INITRD);
	if (kernel->cmdline.size == 0)
		kernel->cmdline = from_part(&old, BUNDLE_SECTION_CMDLINE);
	if (kernel->dtb.size == 0)
		kernel->dtb = from_part(&old, BUNDLE_SECTION_DTB);
}

/* Adds all parts. Returns the kernel's file, if the bundle stores it whole. */
static struct bytes add_all(struct plan *plan)
{
	struct kernel_file kernel = { .profile = request.profile };

	if (request.from != NULL) {
		from_open(&old, request.from);
		pack_options_fill(&old.header);
	}
	if (request.kernel != NULL)
		read_kernel(&kernel);
	else
		from_open_kernel(&kernel, &old);
	if (request.from != NULL)
		fill_parts(&kernel);
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
	if (request.pin != NULL)
		pin_add(&plan);
	else if (request.kernel != NULL || request.from != NULL)
		kernel = add_all(&plan);
	else
		plan.header.arch = pack_wanted_arch() != 0 ? pack_wanted_arch()
		                                           : BUNDLE_ARCH_X86_64;
	set_flags(&plan.header);
	if (plan.header.arch == BUNDLE_ARCH_X86_64 && request.platform != NULL)
		refuse("--platform: the blob for x86_64 finds out itself; only "
		       "aarch64 takes a device tree");
	add_dtb(&plan, BUNDLE_SECTION_PLATFORM, "platform", request.platform,
	        from_part(&old, BUNDLE_SECTION_PLATFORM));
	add_paravisor(&plan);
	write_plan(&plan, kernel);
	return EXIT_STATUS_OK;
}
