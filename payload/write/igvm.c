/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/igvm.c - packs blob and bundle into an IGVM file; see igvm.h */
#include "payload/write/igvm.h"

#include <stdlib.h>

#include "payload/judge/elf_door.h"
#include "payload/judge/igvm_make.h"
#include "payload/write/pack_options.h"

static const char *const host_names[] = { "qemu", "openvmm", "hyperv" };

static unsigned parse_host(const char *word, size_t size)
{
	for (unsigned i = 0; i < ARRAY_COUNT(host_names); i++)
		if (strlen(host_names[i]) == size &&
		    memcmp(host_names[i], word, size) == 0)
			return 1u << i;
	refuse_usage("--igvm-for: '%.*s' is not qemu, openvmm or hyperv",
	             (int)min_u64(size, 64), word);
}

/* QEMU has IGVM files for x86_64 alone, and OpenVMM only these in VTL 0. */
static unsigned parse_hosts(uint32_t arch)
{
	const char *word = request.igvm_for;
	bool is_arm = arch == BUNDLE_ARCH_AARCH64;
	unsigned hosts = 0;

	if (word == NULL)
		return is_arm ? IGVM_HOST_OPENVMM
		              : IGVM_HOST_QEMU | IGVM_HOST_OPENVMM;
	for (;;) {
		size_t size = strcspn(word, ",");

		hosts |= parse_host(word, size);
		if (word[size] == '\0')
			break;
		word += size + 1;
	}
	if (is_arm && (hosts & IGVM_HOST_QEMU) != 0)
		refuse("--igvm-for qemu: is for x86_64");
	if ((hosts & IGVM_HOST_HYPERV) != 0 && hosts != IGVM_HOST_HYPERV)
		refuse("--igvm-for hyperv: starts in VTL 2, hence needs a file "
		       "of its own");
	return hosts;
}

static uint64_t parse_base(const struct igvm_spec *spec)
{
	const char *text = request.igvm_base;
	char *end;
	unsigned long base;

	if (text == NULL)
		return spec->arch == BUNDLE_ARCH_AARCH64
		               ? IGVM_BASE_ARM
		               : elf_door_base(&spec->packed);
	base = strtoul(text, &end, 0);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || base == 0 ||
	    base % IGVM_BASE_ALIGN != 0)
		refuse_usage("--igvm-base: '%s': must be an address that is a "
		             "multiple of 2 MiB",
		             text);
	return base;
}

static uint32_t parse_flags(unsigned hosts)
{
	if (!request.igvm_appends)
		return 0;
	if ((hosts & IGVM_HOST_QEMU) != 0)
		refuse("--igvm-append-cmdline: QEMU gives no command line");
	return IGVM_PARAMS_APPENDS_CMDLINE;
}

/* A kernel that cannot be moved must have its place free. */
static void check_kernel(const struct igvm_spec *spec, const struct plan *plan)
{
	struct elf_door_kernel kernel = { 0 };
	uint64_t end = spec->base + spec->packed.size;

	for (unsigned i = 0; i < plan->header.section_count; i++)
		elf_door_add(&kernel, &plan->sections[i].header,
		             &plan->sections[i].stored);
	if (!kernel.can_move && kernel.base < end && spec->base < kernel.end)
		refuse("--igvm-base %#lx: the kernel must lie at %#lx, and "
		       "cannot be moved",
		       (unsigned long)spec->base, (unsigned long)kernel.base);
}

static struct bytes pack_file(const struct image *blob, struct plan *plan)
{
	uint64_t size = blob_packed_size(blob, plan);
	uint8_t *data = allocate(size);

	output_into(data, size);
	blob_write_packed(blob, plan);
	return (struct bytes){ data, size };
}

struct bytes igvm_pack(struct vmm_file *told, const struct image *blob,
                       struct plan *plan)
{
	struct igvm_spec spec = {
		.packed = pack_file(blob, plan),
		.arch = blob->arch,
		.hosts = parse_hosts(blob->arch),
	};
	struct bytes file;

	spec.flags = parse_flags(spec.hosts);
	spec.base = parse_base(&spec);
	if (spec.arch == BUNDLE_ARCH_X86_64)
		check_kernel(&spec, plan);
	file = igvm_make(&spec);
	told->size = file.size;
	told->igvm_hosts = spec.hosts;
	told->is_elf = false;
	told->is_bzimage = false;
	return file;
}
