/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/read/lint.c - warns of options that the kernel's configuration lacks
 *
 * A kernel built with CONFIG_IKCONFIG carries its configuration between two
 * marks, in gzip format (Linux kernel/configs.c).
 */
#include "payload/read/lint.h"

#include "payload/read/unpack.h"

#define MARK_SIZE 8

static const struct rule {
	uint32_t arch;       /* 0 for both */
	unsigned when;       /* enum lint_use; 0 for always */
	const char *options; /* One of them must be set, to =y. */
	bool may_be_module;  /* =m is as good. */
	const char *missing;
} rules[] = {
	{ BUNDLE_ARCH_X86_64, 0, "SERIAL_8250_CONSOLE", false,
	  "no serial console" },
	{ BUNDLE_ARCH_AARCH64, 0,
	  "SERIAL_AMBA_PL011_CONSOLE|SERIAL_8250_CONSOLE", false,
	  "no serial console" },
	{ BUNDLE_ARCH_X86_64, 0, "ACPI", false,
	  "no ACPI: will find neither all CPUs nor PCI interrupts" },
	{ BUNDLE_ARCH_AARCH64, LINT_ACPI, "ACPI", false,
	  "no ACPI: needs --device-tree" },
	{ BUNDLE_ARCH_AARCH64, LINT_ACPI, "EFI", false,
	  "no EFI, by which arm64 finds ACPI: needs --device-tree" },
	{ 0, LINT_INITRD, "BLK_DEV_INITRD", false, "will ignore the initrd" },
	{ 0, 0, "VIRTIO_PCI|VIRTIO_MMIO", true, "no virtio devices" },
	{ 0, 0, "PCI", false, "no PCI" },
	{ BUNDLE_ARCH_X86_64, 0, "RELOCATABLE", false,
	  "not relocatable: runs at its one address only" },
	{ BUNDLE_ARCH_X86_64, 0, "PVH", false,
	  "no PVH entry: VMMs that boot by it cannot do without directboot" },
};

struct found {
	struct bytes packed;
	struct bytes config;
};

/* The marks may be there by chance, so unpacking may fail. */
static void try_unpack(void *context)
{
	struct found *found = context;

	found->config = unpack(&found->packed, "kernel: its configuration");
}

struct bytes lint_find_config(const struct bytes *vmlinux)
{
	const uint8_t *end = vmlinux->data + vmlinux->size;
	const uint8_t *start;
	struct found found = { 0 };
	struct bytes packed;

	if (vmlinux->size == 0)
		return (struct bytes){ 0 };
	start = memmem(vmlinux->data, vmlinux->size, "IKCFG_ST\x1f\x8b\x08",
	               MARK_SIZE + 3);
	if (start == NULL)
		return (struct bytes){ 0 };
	start += MARK_SIZE;
	packed = (struct bytes){ start, (uint64_t)(end - start) };
	end = memmem(packed.data, packed.size, "IKCFG_ED", MARK_SIZE);
	if (end != NULL)
		packed.size = (uint64_t)(end - start);
	found.packed = packed;
	return is_refused(try_unpack, &found) ? (struct bytes){ 0 }
	                                      : found.config;
}

/* Tells whether there is a line "CONFIG_name=y". */
static bool is_set(const struct bytes *config, const char *name, size_t size,
                   bool may_be_module)
{
	char line[64];
	int length =
		snprintf(line, sizeof(line), "\nCONFIG_%.*s=", (int)size, name);
	const uint8_t *found =
		memmem(config->data, config->size, line, (size_t)length);

	if (found == NULL)
		return false;
	found += length;
	if (found == config->data + config->size)
		return false;
	return *found == 'y' || (may_be_module && *found == 'm');
}

static bool is_met(const struct bytes *config, const struct rule *rule)
{
	const char *name = rule->options;

	for (;;) {
		size_t size = strcspn(name, "|");

		if (is_set(config, name, size, rule->may_be_module))
			return true;
		if (name[size] == '\0')
			return false;
		name += size + 1;
	}
}

void lint_kernel(const struct kernel_file *kernel, unsigned uses)
{
	struct bytes config = lint_find_config(&kernel->vmlinux);

	if (config.size == 0)
		return;
	for (unsigned i = 0; i < ARRAY_COUNT(rules); i++) {
		const struct rule *rule = &rules[i];

		if ((rule->arch != 0 && rule->arch != kernel->arch) ||
		    (rule->when & uses) != rule->when || is_met(&config, rule))
			continue;
		warn("kernel: %s (CONFIG_%.*s)", rule->missing,
		     (int)strcspn(rule->options, "|"), rule->options);
	}
}
