/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/pack_options.c - parses pack's options; see pack_options.h */
#include "payload/write/pack_options.h"

#include "payload/write/compress.h"

#define NOT_SAID       UINT32_MAX /* a choice that the user leaves open */

#define SIZE_MAX_ASKED (1ull << 52) /* bytes; no address has more bits */

#define SIDECAR_AUTO   32 /* as OpenHCL's */

struct pack_request request = {
	.compress = COMPRESS_AUTO,
	.acpi = NOT_SAID,
	.on_error = NOT_SAID,
};

static const struct option options[] = {
	{ "kernel", 'k', "FILE",
	  "ELF vmlinux, bzImage, arm64 Image, EFI zboot or\n"
	  "unified kernel image; compressed or not",
	  .string = &request.kernel, .is_once = true },
	{ "from", 0, "FILE",
	  "a packed file, of which all is taken that the other\n"
	  "options do not replace",
	  .string = &request.from, .is_once = true },
	{ "profile", 0, "NUMBER",
	  "of a unified kernel image: the profile to take\n"
	  "(default: 0)",
	  .string = &request.profile_text, .is_once = true },
	{ "initrd", 'i', "FILE",
	  "initial RAM disk; several are joined, in order",
	  .list = &request.initrds },
	{ "rootfs", 0, "DIR|TAR",
	  "make an initrd of this directory, tar or container\n"
	  "image; - is a tar from standard input",
	  .string = &request.rootfs, .is_once = true },
	{ "init", 0, "PATH",
	  "the program in --rootfs that Linux starts (default:\n"
	  "the image's, or /init)",
	  .string = &request.init, .is_once = true },
	{ "cmdline", 'c', "TEXT", "the kernel's command line",
	  .string = &request.cmdline, .is_once = true },
	{ "cmdline-file", 0, "FILE", "the same, from a file",
	  .string = &request.cmdline_file, .is_once = true },
	{ "dtb", 0, "FILE", "device tree for the kernel",
	  .string = &request.dtb, .is_once = true },
	{ "platform", 0, "FILE",
	  "aarch64: device tree that tells the blob about the\n"
	  "machine, where the VMM gives none",
	  .string = &request.platform, .is_once = true },
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
	{ "paravisor", 0, NULL,
	  "the kernel is a paravisor's: it gets a device tree\n"
	  "of its partition; needs the image for IGVM files",
	  .flag = &request.is_paravisor },
	{ "paravisor-memory", 0, "SIZE",
	  "its RAM, from the top of each node, with a suffix\n"
	  "K, M or G (default: what the host says is its, or\n"
	  "all)",
	  .string = &request.paravisor_memory_text, .is_once = true },
	{ "sidecar", 0, "auto|off|NUMBER",
	  "x86_64: chunks of at most so many CPUs: its kernel\n"
	  "starts the first of each, and the others wait for\n"
	  "commands (auto: 32; default: off)",
	  .string = &request.sidecar_text, .is_once = true },
	{ "compress", 0, "none|lz4|zstd|auto",
	  "how to store kernel and initrd: lz4 boots fastest,\n"
	  "zstd is smallest (default: auto, LZ4 where it makes\n"
	  "a difference)",
	  .choice = &request.compress },
	{ "keep-bzimage", 0, NULL,
	  "store a bzImage as it is; it unpacks itself",
	  .flag = &request.keeps_bzimage },
	{ "output-format", 0, "rom|elf|image|bundle|disk|igvm",
	  "rom (default): blob and bundle, which on x86_64 is\n"
	  "an ELF file and a bzImage and on aarch64 an Image, too;\n"
	  "elf: no bzImage, and refused if no ELF file; image:\n"
	  "refused if none; bundle: no blob;\n"
	  "disk: a disk image, for a ROM without a bundle;\n"
	  "igvm: an IGVM file; --kernel may be missing",
	  .choice = &request.format },
	{ "igvm-for", 0, "qemu|openvmm|hyperv",
	  "of igvm: who loads the file, or qemu,openvmm, which\n"
	  "is the default on x86_64; on aarch64 it is openvmm",
	  .string = &request.igvm_for, .is_once = true },
	{ "igvm-base", 0, "ADDRESS",
	  "of igvm: where the file is to lie in RAM (default:\n"
	  "x86_64: behind the kernel; aarch64: 0x40200000)",
	  .string = &request.igvm_base, .is_once = true },
	{ "igvm-append-cmdline", 0, NULL,
	  "of igvm: the host's command line goes behind ours",
	  .flag = &request.igvm_appends },
	{ "door", 0, "any|low-bios",
	  "x86_64: low-bios: exactly 128 KiB, for VMMs that\n"
	  "load firmware at E0000; --kernel may be missing\n"
	  "(default: any)",
	  .choice = &request.door },
	{ "rom-size", 0, "fast|exact",
	  "x86_64: fast: zeros fill a ROM up to a multiple of\n"
	  "2 MiB, as hypervisors map it best; exact: they fill\n"
	  "it up to 64 KiB (default: fast)",
	  .choice = &request.rom_size },
	{ "arch", 0, "any|x86_64|aarch64",
	  "refuse a kernel for another (default: any)", .choice = &request.arch,
	  .aliases = "|amd64|arm64" },
	{ "pin", 0, "FILE|DIGEST",
	  "instead of --kernel: accept only this bundle, by\n"
	  "its SHA-256, from the VMM",
	  .string = &request.pin, .is_once = true },
	{ "allow-append", 0, NULL,
	  "of --pin: the VMM may append words of one boot to\n"
	  "the command line",
	  .flag = &request.allows_append },
	{ "for", 0, "VMM", "refuse what is too large for this VMM",
	  .string = &request.vmm },
	{ "blob", 0, "FILE", "the blob, if not the one beside this tool",
	  .string = &request.blob },
	{ "output", 'o', "FILE", "where to write; - is standard output",
	  .string = &request.output, .is_once = true },
	{ 0 },
};

static const struct command_line line = {
	.usage = "pack {--kernel FILE | --from FILE} -o FILE [options]",
	.summary = "Makes one file that boots, from a kernel and what it "
		   "needs.",
	.options = options,
};

/* Tells whether there is a kernel, or a part that needs a kernel. */
static bool has_kernel_part(void)
{
	return request.kernel != NULL || request.from != NULL ||
	       request.initrds.count > 0 || request.rootfs != NULL ||
	       request.cmdline != NULL || request.cmdline_file != NULL ||
	       request.dtb != NULL;
}

uint32_t pack_wanted_arch(void)
{
	static const uint32_t archs[] = { 0, BUNDLE_ARCH_X86_64,
		                          BUNDLE_ARCH_AARCH64 };

	return archs[request.arch];
}

bool pack_wants_blob(void)
{
	return request.format != FORMAT_BUNDLE && request.format != FORMAT_DISK;
}

static void parse_profile(void)
{
	const char *text = request.profile_text;

	if (text == NULL)
		return;
	if (strlen(text) > 5 || text[strspn(text, "0123456789")] != '\0' ||
	    sscanf(text, "%u", &request.profile) != 1)
		refuse_usage("--profile: '%s' is no number below 100000", text);
	if (request.kernel == NULL)
		refuse_usage("pack: --profile: is about --kernel");
}

static void check_igvm(void)
{
	bool is_igvm = request.format == FORMAT_IGVM;

	if (!is_igvm && (request.igvm_for != NULL ||
	                 request.igvm_base != NULL || request.igvm_appends))
		refuse_usage("pack: --igvm-...: is about --output-format igvm");
	if (is_igvm && request.door != DOOR_ANY)
		refuse_usage("pack: --door: an IGVM file has its own");
}

/* Returns the number that `text` starts with, and sets `end` behind it. */
static uint64_t parse_number(const char *text, const char **end)
{
	uint64_t number = 0;

	for (*end = text; **end >= '0' && **end <= '9'; ++*end)
		number = min_u64(number * 10 + (uint64_t)(**end - '0'),
		                 SIZE_MAX_ASKED + 1);
	return number;
}

static uint64_t parse_size(const char *option, const char *text)
{
	static const char units[] = "KMG";
	const char *end;
	uint64_t size = parse_number(text, &end);
	const char *unit = *end != '\0' ? strchr(units, *end) : NULL;
	unsigned shift = unit != NULL ? 10 * (unsigned)(unit - units + 1) : 0;

	if (end == text || end[unit != NULL] != '\0' || size == 0 ||
	    size > SIZE_MAX_ASKED >> shift)
		refuse_usage("%s: '%s' is no size, like 512M", option, text);
	return size << shift;
}

static uint32_t parse_sidecar(const char *text)
{
	const char *end;
	uint64_t count;

	if (strcmp(text, "off") == 0)
		return 0;
	if (strcmp(text, "auto") == 0)
		return SIDECAR_AUTO;
	count = parse_number(text, &end);
	if (end == text || *end != '\0' || count == 0 ||
	    count > BUNDLE_CHUNK_MAX)
		refuse_usage("--sidecar: '%s' is not auto, off or a number of "
		             "1 to %u",
		             text, BUNDLE_CHUNK_MAX);
	return (uint32_t)count;
}

static void parse_paravisor(void)
{
	const char *memory = request.paravisor_memory_text;

	if (!request.is_paravisor && memory != NULL)
		refuse_usage("pack: --paravisor-memory: is about --paravisor");
	if (!request.is_paravisor && request.sidecar_text != NULL)
		refuse_usage("pack: --sidecar: is about --paravisor");
	if (request.sidecar_text != NULL)
		request.chunk_max = parse_sidecar(request.sidecar_text);
	if (request.is_paravisor && (request.dtb != NULL || request.pin))
		refuse_usage("pack: --paravisor: makes a device tree for a "
		             "kernel of its own");
	if (memory != NULL)
		request.paravisor_memory =
			parse_size("--paravisor-memory", memory);
}

static void check_request(void)
{
	static const char *const missing = "pack: %s is missing; see --help";

	if (request.pin != NULL &&
	    (has_kernel_part() || !pack_wants_blob() || request.acpi == 1))
		refuse_usage("pack: --pin: all else is in the bundle that it "
		             "names");
	if (request.allows_append && request.pin == NULL)
		refuse_usage("pack: --allow-append: is about --pin");
	if (request.kernel == NULL && request.from == NULL &&
	    request.pin == NULL &&
	    (has_kernel_part() ||
	     (request.door != DOOR_LOW_BIOS && request.format != FORMAT_IGVM)))
		refuse_usage(missing, "--kernel");
	if (request.output == NULL)
		refuse_usage(missing, "--output");
	if (request.init != NULL && request.rootfs == NULL)
		refuse_usage("pack: --init: names a program in --rootfs, which "
		             "is missing");
	if (request.init != NULL && request.init[0] != '/')
		refuse_usage("pack: --init: %s: must begin with /",
		             request.init);
	if (request.cmdline != NULL && request.cmdline_file != NULL)
		refuse_usage("pack: --cmdline and --cmdline-file: one of them");
	if (!pack_wants_blob() && request.blob != NULL)
		refuse_usage("pack: --blob: a bundle holds none");
	if (!pack_wants_blob() && request.vmm != NULL)
		refuse_usage("pack: --for: is about the blob's file; a bundle "
		             "may have any size");
	if (!pack_wants_blob() && request.door != DOOR_ANY)
		refuse_usage("pack: --door: a bundle has none");
	check_igvm();
}

void pack_options_parse(int argc, char **argv)
{
	options_parse(&line, argc, argv);
	check_request();
	parse_profile();
	parse_paravisor();
	if (request.from == NULL)
		pack_options_fill(&(struct bundle_header){ 0 });
}

void pack_options_fill(const struct bundle_header *old)
{
	request.is_verbose |= (old->flags & BUNDLE_FLAG_VERBOSE) != 0;
	request.wants_device_tree |=
		(old->flags & BUNDLE_FLAG_DEVICE_TREE) != 0;
	if (request.acpi == NOT_SAID)
		request.acpi = (old->flags & BUNDLE_FLAG_VMM_ACPI) != 0;
	if (request.on_error == NOT_SAID)
		request.on_error = old->on_error;
}
