/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/vmm.c - how large a file the VMMs take; see vmm.h */
#include "payload/vmm.h"

#include "payload/bundle_format.h"

#define KIB (1ull << 10)
#define MIB (1ull << 20)

/*
 * From the VMMs' sources, and tried where they run. A ROM of a PC eats into
 * the space for PCI devices below 4 GiB, which is why 512 MiB end it there.
 */
static const struct vmm vmms[] = {
	{ "qemu-pc", BUNDLE_ARCH_X86_64, 512 * MIB, false, "-M pc -bios", 0 },
	{ "qemu-q35", BUNDLE_ARCH_X86_64, 512 * MIB, false, "-M q35 -bios", 0 },
	{ "qemu-microvm", BUNDLE_ARCH_X86_64, 18 * MIB - 64 * KIB, false,
	  "-M microvm -bios", 0 },
	{ "qemu-pflash", BUNDLE_ARCH_X86_64, 8 * MIB, false, "-drive if=pflash",
	  0 },
	{ "qemu-kernel", BUNDLE_ARCH_X86_64, 960 * MIB, true, "-kernel", 0 },
	{ "cloud-hypervisor-kernel", BUNDLE_ARCH_X86_64, 960 * MIB, true,
	  "--kernel", 0 },
	{ "firecracker", BUNDLE_ARCH_X86_64, 960 * MIB, true,
	  "kernel_image_path", 0 },
	{ "xen-pvh", BUNDLE_ARCH_X86_64, 960 * MIB, true, "kernel", 0 },
	{ "crosvm", BUNDLE_ARCH_X86_64, 512 * MIB, false, "--bios", 0 },
	{ "libkrun", BUNDLE_ARCH_X86_64, 512 * MIB, false, "krun_set_firmware",
	  0 },
	{ "bhyve", BUNDLE_ARCH_X86_64, 16 * MIB, false, "-l bootrom", 0 },
	{ "kvmtool", BUNDLE_ARCH_X86_64, BUNDLE_LOW_BIOS_SIZE, false,
	  "--firmware", BUNDLE_LOW_BIOS_SIZE },
	{ "bochs", BUNDLE_ARCH_X86_64, 4 * MIB, false, "romimage (3.1)", 0 },
	{ "bochs-2.7", BUNDLE_ARCH_X86_64, 2 * MIB, false, "romimage", 0 },
	{ "virtualbox", BUNDLE_ARCH_X86_64, 2 * MIB, false, "BiosRom", 0 },
	{ "qemu-virt", BUNDLE_ARCH_AARCH64, 64 * MIB, false, "-M virt -bios",
	  0 },
	{ "qemu-virt-kernel", BUNDLE_ARCH_AARCH64, 1024 * MIB, false,
	  "-M virt -kernel", 0 },
	{ "cloud-hypervisor", BUNDLE_ARCH_AARCH64, 3 * MIB, false, "--firmware",
	  0 },
};

static bool is_fitting(const struct vmm *vmm, uint32_t arch, uint64_t size,
                       bool is_elf)
{
	return vmm->arch == arch && size >= vmm->size_min &&
	       size <= vmm->size_max && (is_elf || !vmm->needs_elf);
}

static const struct vmm *find(const char *name)
{
	char list[512] = "";

	for (unsigned i = 0; i < ARRAY_COUNT(vmms); i++) {
		size_t used = strlen(list);

		if (strcmp(vmms[i].name, name) == 0)
			return &vmms[i];
		snprintf(list + used, sizeof(list) - used, " %s", vmms[i].name);
	}
	refuse_usage("--for: '%s' is none of:%s", name, list);
}

void vmm_check(const char *name, uint32_t arch, uint64_t size, bool is_elf)
{
	const struct vmm *vmm = find(name);
	char have[16];
	char most[16];

	if (vmm->arch != arch)
		refuse("--for %s: boots kernels of the other architecture",
		       name);
	if (is_fitting(vmm, arch, size, is_elf))
		return;
	if (vmm->needs_elf && !is_elf && size <= vmm->size_max)
		refuse("--for %s: takes an ELF file: this blob has no entry "
		       "for it",
		       name);
	if (size < vmm->size_min)
		refuse("--for %s: file of %s: takes %s; --door low-bios makes "
		       "that",
		       name, text_size(have, size),
		       text_size(most, vmm->size_min));
	refuse("--for %s: file of %s: takes at most %s; a smaller kernel or "
	       "initrd, or --compress zstd, would fit",
	       name, text_size(have, size), text_size(most, vmm->size_max));
}

void vmm_print_fitting(FILE *file, uint32_t arch, uint64_t size, bool is_elf)
{
	const char *separator = "";

	for (unsigned i = 0; i < ARRAY_COUNT(vmms); i++) {
		if (!is_fitting(&vmms[i], arch, size, is_elf))
			continue;
		fprintf(file, "%s%s", separator, vmms[i].name);
		separator = ", ";
	}
	if (*separator == '\0')
		fprintf(file, "no VMM known");
}
