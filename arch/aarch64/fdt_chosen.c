/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/fdt_chosen.c - /chosen, and the tree that has nothing else
 *
 * Linux Documentation/arm/uefi.rst: what its EFI stub leaves for the kernel.
 */
#include "arch/aarch64/efi_tables.h"
#include "arch/aarch64/fdt_out.h"

/* Some distributions' kernels take EFI for broken without it. */
#define SECURE_BOOT_DISABLED 2

void fdt_out_chosen(struct fdt_out *out, const struct boot *boot)
{
	const struct kernel *kernel = &boot->kernel;
	const struct machine_arm *arm = &boot->machine.arm;

	fdt_out_bytes(out, "bootargs", kernel->cmdline,
	              kernel->cmdline_size + 1);
	if (kernel->initrd_size) {
		fdt_out_u64(out, "linux,initrd-start", kernel->initrd_paddr);
		fdt_out_u64(out, "linux,initrd-end",
		            kernel->initrd_paddr + kernel->initrd_size);
	}
	if (arm->kaslr_seed)
		fdt_out_u64(out, "kaslr-seed", arm->kaslr_seed);
	if (arm->has_rng_seed)
		fdt_out_bytes(out, "rng-seed", arm->rng_seed,
		              arm->rng_seed_size);
}

uint32_t fdt_build_stub(const struct boot *boot, const struct efi_tables *efi,
                        void *buffer, uint32_t size)
{
	struct fdt_out out;

	fdt_out_open(&out, buffer, size);
	fdt_out_u32(&out, "#address-cells", 2);
	fdt_out_u32(&out, "#size-cells", 2);
	fdt_out_begin(&out, "chosen");
	fdt_out_chosen(&out, boot);
	fdt_out_u64(&out, "linux,uefi-system-table", efi->system_table_paddr);
	fdt_out_u64(&out, "linux,uefi-mmap-start", efi->map_paddr);
	fdt_out_u32(&out, "linux,uefi-mmap-size", efi->map_size);
	fdt_out_u32(&out, "linux,uefi-mmap-desc-size", efi->descriptor_size);
	fdt_out_u32(&out, "linux,uefi-mmap-desc-ver", efi->descriptor_version);
	fdt_out_u32(&out, "linux,uefi-secure-boot", SECURE_BOOT_DISABLED);
	fdt_out_end(&out);
	return fdt_out_close(&out);
}
