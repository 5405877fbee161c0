/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/vmm.c - how large a file each VMM takes; see vmm.h */
#include "payload/write/vmm.h"

#include "common/spec/bundle.h"
#include "payload/judge/igvm_layout.h"

#define KIB (1ull << 10)
#define MIB (1ull << 20)

/*
 * The sizes come from the VMMs' sources, and were tried where the VMMs run. A
 * PC's ROM takes space from PCI devices below 4 GiB, so its limit is 512 MiB.
 */
static const struct vmm vmms[] = {
	{ "qemu-pc", BUNDLE_ARCH_X86_64, 512 * MIB, VMM_ROM, "-M pc -bios", 0 },
	{ "qemu-q35", BUNDLE_ARCH_X86_64, 512 * MIB, VMM_ROM, "-M q35 -bios",
	  0 },
	{ "qemu-microvm", BUNDLE_ARCH_X86_64, 18 * MIB - 64 * KIB, VMM_ROM,
	  "-M microvm -bios", 0 },
	{ "qemu-pflash", BUNDLE_ARCH_X86_64, 8 * MIB, VMM_ROM,
	  "-drive if=pflash", 0 },
	{ "qemu-kernel", BUNDLE_ARCH_X86_64, 960 * MIB, VMM_ELF, "-kernel", 0 },
	{ "cloud-hypervisor-kernel", BUNDLE_ARCH_X86_64, 960 * MIB, VMM_ELF,
	  "--kernel", 0 },
	{ "firecracker", BUNDLE_ARCH_X86_64, 960 * MIB, VMM_ELF,
	  "kernel_image_path", 0 },
	{ "xen-pvh", BUNDLE_ARCH_X86_64, 960 * MIB, VMM_ELF, "kernel", 0 },
	{ "crosvm-kernel", BUNDLE_ARCH_X86_64, 960 * MIB, VMM_ELF, "run", 0 },
	{ "openvmm", BUNDLE_ARCH_X86_64, 960 * MIB, VMM_ELF, "--kernel", 0 },
	{ "crosvm", BUNDLE_ARCH_X86_64, 512 * MIB, VMM_ROM, "--bios", 0 },
	{ "libkrun-kernel", BUNDLE_ARCH_X86_64, 960 * MIB, VMM_ELF,
	  "krun_set_kernel", 0 },
	{ "libkrun", BUNDLE_ARCH_X86_64, 512 * MIB, VMM_ROM,
	  "krun_set_firmware", 0 },
	{ "bhyve", BUNDLE_ARCH_X86_64, 16 * MIB, VMM_ROM, "-l bootrom", 0 },
	{ "qemu-igvm", BUNDLE_ARCH_X86_64, 1024 * MIB, VMM_IGVM_QEMU,
	  "-object igvm-cfg", 0 },
	{ "openvmm-igvm", BUNDLE_ARCH_X86_64, 1024 * MIB, VMM_IGVM_OPENVMM,
	  "--igvm", 0 },
	{ "kvmtool-kernel", BUNDLE_ARCH_X86_64, 960 * MIB, VMM_BZIMAGE,
	  "--kernel", 0 },
	{ "kvmtool", BUNDLE_ARCH_X86_64, BUNDLE_LOW_BIOS_SIZE, VMM_ROM,
	  "--firmware", BUNDLE_LOW_BIOS_SIZE },
	{ "bochs", BUNDLE_ARCH_X86_64, 4 * MIB, VMM_ROM, "romimage (3.1)", 0 },
	{ "bochs-2.7", BUNDLE_ARCH_X86_64, 2 * MIB, VMM_ROM, "romimage", 0 },
	{ "virtualbox", BUNDLE_ARCH_X86_64, 2 * MIB, VMM_ROM, "BiosRom", 0 },
	{ "qemu-virt", BUNDLE_ARCH_AARCH64, 64 * MIB, VMM_ROM, "-M virt -bios",
	  0 },
	{ "qemu-virt-kernel", BUNDLE_ARCH_AARCH64, 1024 * MIB, VMM_ROM,
	  "-M virt -kernel", 0 },
	{ "qemu-virt-pflash", BUNDLE_ARCH_AARCH64, 64 * MIB, VMM_ROM,
	  "-M virt -drive if=pflash", 0 },
	{ "cloud-hypervisor", BUNDLE_ARCH_AARCH64, 3 * MIB, VMM_ROM,
	  "--firmware", 0 },
};

/* scripts/vmm.sh tells more cases apart, and puts a suffix to more names. */
static const struct alias {
	const char *name;
	const char *meant;
} aliases[] = {
	{ "qemu-pc-kernel", "qemu-kernel" },
	{ "qemu-q35-kernel", "qemu-kernel" },
	{ "qemu-microvm-kernel", "qemu-kernel" },
	{ "qemu-pc-pflash", "qemu-pflash" },
	{ "qemu-q35-pflash", "qemu-pflash" },
	{ "kvmtool-firmware", "kvmtool" },
	{ "cloud-hypervisor-firmware", "cloud-hypervisor" },
	{ "crosvm-firmware", "crosvm" },
	{ "libkrun-firmware", "libkrun" },
	{ "firecracker-kernel", "firecracker" },
	{ "openvmm-kernel", "openvmm" },
};

static bool is_of_kind(const struct vmm *vmm, const struct vmm_file *file)
{
	switch (vmm->kind) {
	case VMM_ELF:
		return file->is_elf;
	case VMM_BZIMAGE:
		return file->is_bzimage;
	case VMM_IGVM_QEMU:
		return (file->igvm_hosts & IGVM_HOST_QEMU) != 0;
	case VMM_IGVM_OPENVMM:
		return (file->igvm_hosts & IGVM_HOST_OPENVMM) != 0;
	default:
		return file->igvm_hosts == 0;
	}
}

static bool is_fitting(const struct vmm *vmm, const struct vmm_file *file)
{
	return vmm->arch == file->arch && file->size >= vmm->size_min &&
	       file->size <= vmm->size_max && is_of_kind(vmm, file);
}

static const struct vmm *find(const char *name)
{
	const char *meant = name;
	char list[512] = "";

	for (unsigned i = 0; i < ARRAY_COUNT(aliases); i++)
		if (strcmp(aliases[i].name, name) == 0)
			meant = aliases[i].meant;
	for (unsigned i = 0; i < ARRAY_COUNT(vmms); i++) {
		size_t used = strlen(list);

		if (strcmp(vmms[i].name, meant) == 0)
			return &vmms[i];
		snprintf(list + used, sizeof(list) - used, " %s", vmms[i].name);
	}
	refuse_usage("--for: '%s' is none of:%s", name, list);
}

/* Tells whether names start with the same word, as qemu-pc and qemu-virt do. */
static bool is_family(const struct vmm *vmm, const char *name)
{
	size_t size = strcspn(name, "-");

	return strncmp(vmm->name, name, size) == 0 &&
	       (vmm->name[size] == '-' || vmm->name[size] == '\0');
}

static NORETURN void refuse_arch(const char *name, const struct vmm_file *file)
{
	char list[256] = "";

	for (unsigned i = 0; i < ARRAY_COUNT(vmms); i++) {
		size_t used = strlen(list);

		if (vmms[i].arch == file->arch && is_family(&vmms[i], name))
			snprintf(list + used, sizeof(list) - used, "%s %s",
			         used > 0 ? "," : "", vmms[i].name);
	}
	refuse("--for %s: boots kernels of the other architecture; for %s "
	       "there is%s",
	       name, arch_name(file->arch), list[0] != '\0' ? list : " none");
}

static NORETURN void refuse_size(const struct vmm *vmm,
                                 const struct vmm_file *file)
{
	char have[16];
	char most[16];

	text_size(have, file->size);
	if (file->size < vmm->size_min)
		refuse("--for %s: file of %s: takes %s; --door low-bios makes "
		       "that",
		       vmm->name, have, text_size(most, vmm->size_min));
	text_size(most, vmm->size_max);
	if (vmm->size_max == BUNDLE_LOW_BIOS_SIZE)
		refuse("--for %s: file of %s: takes at most %s: the kernel on "
		       "a disk (--output-format disk), and a ROM of --door "
		       "low-bios",
		       vmm->name, have, most);
	refuse("--for %s: file of %s: takes at most %s: needs a smaller kernel "
	       "or initrd%s",
	       vmm->name, have, most,
	       file->is_zstd ? ""
	                     : "; --compress zstd makes the least of them");
}

void vmm_check(const char *name, const struct vmm_file *file)
{
	static const char *const kinds[] = {
		[VMM_ROM] = "a ROM",
		[VMM_ELF] = "an ELF file",
		[VMM_BZIMAGE] = "a bzImage",
		[VMM_IGVM_QEMU] = "an IGVM file of --igvm-for qemu",
		[VMM_IGVM_OPENVMM] = "an IGVM file of --igvm-for openvmm",
	};
	const struct vmm *vmm = find(name);

	if (vmm->arch != file->arch)
		refuse_arch(name, file);
	if (is_fitting(vmm, file))
		return;
	if (!is_of_kind(vmm, file) && file->size <= vmm->size_max)
		refuse("--for %s: takes %s: this file cannot be one", name,
		       kinds[vmm->kind]);
	refuse_size(vmm, file);
}

bool vmm_takes_larger(const char *name, const struct vmm_file *file,
                      const struct vmm_file *larger)
{
	if (name != NULL)
		return find(name)->kind == VMM_ROM &&
		       is_fitting(find(name), larger);
	for (unsigned i = 0; i < ARRAY_COUNT(vmms); i++)
		if (is_fitting(&vmms[i], file) && !is_fitting(&vmms[i], larger))
			return false;
	return true;
}

const char *vmm_next_fitting(const struct vmm_file *file, unsigned *index)
{
	while (*index < ARRAY_COUNT(vmms)) {
		const struct vmm *vmm = &vmms[(*index)++];

		if (is_fitting(vmm, file))
			return vmm->name;
	}
	return NULL;
}

void vmm_print_fitting(FILE *out, const struct vmm_file *file)
{
	const char *separator = "";
	const char *name;
	unsigned index = 0;

	while ((name = vmm_next_fitting(file, &index)) != NULL) {
		fprintf(out, "%s%s", separator, name);
		separator = ", ";
	}
	if (*separator == '\0')
		fprintf(out, "no VMM known");
}
