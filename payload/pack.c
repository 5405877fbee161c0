/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/pack.c - directboot pack: kernel, initrd and options into one file */
#include "payload/blob.h"
#include "payload/elf_door.h"
#include "payload/kernel.h"
#include "payload/lint.h"
#include "payload/options.h"
#include "payload/plan.h"
#include "payload/vmm.h"

#define INITRD_ALIGN 4 /* where the kernel looks for the next archive */

/* Of a ROM that ends at 4 GiB: FEC00000 to FEEFFFFF, from the blob backward. */
#define WINDOWS_SIZE     0x300000
#define WINDOWS_END_BACK (0x1100000 - BUNDLE_BLOB_X86_SIZE)

enum output_format {
	FORMAT_ROM,
	FORMAT_ELF,
	FORMAT_IMAGE,
	FORMAT_BUNDLE,
	FORMAT_DISK,
};

static struct request {
	const char *kernel;
	struct option_list initrds;
	const char *cmdline;
	const char *cmdline_file;
	const char *dtb;
	const char *platform;
	const char *pin;
	const char *vmm;
	const char *blob;
	const char *output;
	bool keeps_bzimage;
	bool wants_device_tree;
	bool is_verbose;
	unsigned acpi;     /* 1: the VMM's */
	unsigned arch;     /* 0: the kernel's */
	unsigned on_error; /* enum bundle_on_error */
	unsigned compress; /* enum compress */
	unsigned format;   /* enum output_format */
} request = { .compress = COMPRESS_AUTO };

static const struct option options[] = {
	{ "kernel", 'k', "FILE",
	  "ELF vmlinux, bzImage, arm64 Image, EFI zboot or\n"
	  "unified kernel image; compressed or not",
	  .string = &request.kernel },
	{ "initrd", 'i', "FILE",
	  "initial RAM disk; several are joined, in order",
	  .list = &request.initrds },
	{ "cmdline", 'c', "TEXT", "the kernel's command line",
	  .string = &request.cmdline },
	{ "cmdline-file", 0, "FILE", "the same, from a file",
	  .string = &request.cmdline_file },
	{ "dtb", 0, "FILE", "device tree for the kernel",
	  .string = &request.dtb },
	{ "platform", 0, "FILE",
	  "device tree that tells the blob about the\n"
	  "machine, where the VMM gives none",
	  .string = &request.platform },
	{ "device-tree", 0, NULL,
	  "aarch64: describe the machine by a device tree\n"
	  "instead of ACPI",
	  .flag = &request.wants_device_tree },
	{ "acpi", 0, "own|vmm",
	  "whose ACPI tables the kernel gets (default: own)",
	  .choice = &request.acpi },
	{ "on-error", 0, "halt|poweroff|reset",
	  "what the blob does when it cannot go on\n"
	  "(default: halt)",
	  .choice = &request.on_error },
	{ "verbose", 'v', NULL, "the blob tells what it does",
	  .flag = &request.is_verbose },
	{ "compress", 0, "none|lz4|zstd|auto",
	  "how to store kernel and initrd: lz4 boots fastest,\n"
	  "zstd is smallest (default: auto, LZ4 where it makes\n"
	  "a difference)",
	  .choice = &request.compress },
	{ "keep-bzimage", 0, NULL,
	  "store a bzImage as it is; it unpacks itself",
	  .flag = &request.keeps_bzimage },
	{ "output-format", 0, "rom|elf|image|bundle|disk",
	  "rom (default): blob and bundle, which on x86_64 is\n"
	  "an ELF file and on aarch64 an Image, too; elf, image:\n"
	  "the same, but refuse what is not; bundle: no blob",
	  .choice = &request.format },
	{ "arch", 0, "any|x86_64|aarch64",
	  "refuse a kernel for another (default: any)",
	  .choice = &request.arch },
	{ "pin", 0, "FILE|DIGEST",
	  "instead of --kernel: accept only this bundle, by\n"
	  "its SHA-256, from the VMM",
	  .string = &request.pin },
	{ "for", 0, "VMM", "refuse what is too large for this VMM",
	  .string = &request.vmm },
	{ "blob", 0, "FILE", "the blob, if not the one beside this tool",
	  .string = &request.blob },
	{ "output", 'o', "FILE", "where to write; - is standard output",
	  .string = &request.output },
	{ 0 },
};

static const struct command_line line = {
	.usage = "pack --kernel FILE -o FILE [options]",
	.summary = "Makes one file that boots, from a kernel and what it "
		   "needs.",
	.options = options,
};

static void check_request(void)
{
	static const char *const missing = "pack: %s is missing; see --help";

	if (request.kernel == NULL && request.pin == NULL)
		refuse_usage(missing, "--kernel");
	if (request.pin != NULL &&
	    (request.kernel != NULL || request.initrds.count > 0 ||
	     request.cmdline != NULL || request.cmdline_file != NULL ||
	     request.dtb != NULL || request.format == FORMAT_BUNDLE))
		refuse_usage("pack: --pin: all else is in the bundle that it "
		             "names");
	if (request.output == NULL)
		refuse_usage(missing, "--output");
	if (request.cmdline != NULL && request.cmdline_file != NULL)
		refuse_usage("pack: --cmdline and --cmdline-file: one of them");
	if (request.format == FORMAT_BUNDLE && request.blob != NULL)
		refuse_usage("pack: --blob: a bundle holds none");
}

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
		/* The blob reads a bzImage's header in place. */
		if (kernel->kind == BUNDLE_KERNEL_BZIMAGE)
			compress = COMPRESS_NONE;
		plan_add(plan, BUNDLE_SECTION_KERNEL, kernel->image, compress);
		return;
	}
	for (unsigned i = 0; i < kernel->segment_count; i++) {
		const struct kernel_segment *segment = &kernel->segments[i];
		struct plan_section *section =
			plan_add(plan, BUNDLE_SECTION_KERNEL_SEGMENT,
		                 segment->bytes, compress);

		section->header.paddr = segment->paddr;
		section->header.memory_size = segment->memory_size;
	}
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
	if (request.format == FORMAT_DISK)
		refuse("--output-format disk: no blob starts from a disk yet");
	if (request.format == FORMAT_IMAGE && blob->arch != BUNDLE_ARCH_AARCH64)
		refuse("--output-format image: is for aarch64; x86_64 has elf");
	if (request.format == FORMAT_ELF && !elf_door_fits(&blob->blob, size))
		refuse("--output-format elf: this blob has no such entry, or "
		       "%#lx bytes are too many for it",
		       (unsigned long)size);
}

static void write_plan(struct plan *plan, uint32_t arch)
{
	struct plan_hole hole = { 0 };
	struct image blob;
	uint64_t size;
	char text[16];

	if (request.format == FORMAT_BUNDLE) {
		plan_lay_out(plan, hole);
		output_open(request.output);
		plan_write(plan);
		output_close();
		return;
	}
	blob_open(&blob, request.blob, arch);
	if (arch == BUNDLE_ARCH_X86_64)
		hole = (struct plan_hole){ WINDOWS_END_BACK, WINDOWS_SIZE };
	plan_lay_out(plan, hole);
	size = blob_packed_size(&blob, plan);
	check_format(&blob, size);
	if (request.vmm != NULL)
		vmm_check(request.vmm, arch, size,
		          elf_door_fits(&blob.blob, size));
	output_open(request.output);
	blob_write_packed(&blob, plan);
	output_close();
	if (strcmp(request.output, "-") == 0)
		return;
	printf("%s: %s, for ", request.output, text_size(text, size));
	vmm_print_fitting(stdout, arch, size, elf_door_fits(&blob.blob, size));
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
	add_dtb(plan, BUNDLE_SECTION_DTB, "dtb", request.dtb, kernel.dtb);
}

int pack_main(int argc, char **argv)
{
	static struct plan plan;

	options_parse(&line, argc, argv);
	check_request();
	set_flags(&plan.header);
	if (request.pin != NULL)
		add_pin(&plan);
	else
		add_all(&plan);
	add_dtb(&plan, BUNDLE_SECTION_PLATFORM, "platform", request.platform,
	        (struct bytes){ 0 });
	write_plan(&plan, plan.header.arch);
	return EXIT_STATUS_OK;
}
