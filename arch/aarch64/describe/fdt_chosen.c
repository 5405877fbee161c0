/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/fdt_chosen.c - /chosen, and the tree that has nothing
 * else
 *
 * Linux Documentation/arm/uefi.rst: what its EFI stub leaves for the kernel.
 */
#include "arch/aarch64/describe/efi_tables.h"
#include "arch/aarch64/describe/fdt_out.h"

/* Some distributions' kernels take EFI for broken without it. */
#define SECURE_BOOT_DISABLED 2

void fdt_out_chosen(struct fdt_out *out, const struct boot *boot)
{
	const struct kernel *kernel = &boot->kernel;
	const struct machine_arm *arm = &boot->machine.arm;

	fdt_out_bytes(out, FDT_BOOTARGS, kernel->cmdline,
	              kernel->cmdline_size + 1);
	if (kernel->initrd_size) {
		fdt_out_u64(out, FDT_INITRD_START, kernel->initrd_paddr);
		fdt_out_u64(out, FDT_INITRD_END,
		            kernel->initrd_paddr + kernel->initrd_size);
	}
	if (arm->kaslr_seed)
		fdt_out_u64(out, FDT_KASLR_SEED, arm->kaslr_seed);
	if (arm->has_rng_seed)
		fdt_out_bytes(out, FDT_RNG_SEED, arm->rng_seed,
		              arm->rng_seed_size);
}

uint32_t fdt_build_stub(const struct boot *boot, const struct efi_tables *efi,
                        void *buffer, uint32_t size)
{
	struct fdt_out out;

	fdt_out_open(&out, buffer, size, FDT_ADDRESS_CELLS);
	fdt_out_u32(&out, FDT_ADDRESS_CELLS, 2);
	fdt_out_u32(&out, FDT_SIZE_CELLS, 2);
	fdt_out_begin(&out, "chosen");
	fdt_out_chosen(&out, boot);
	fdt_out_u64(&out, FDT_UEFI_SYSTEM_TABLE, efi->system_table_paddr);
	fdt_out_u64(&out, FDT_UEFI_MAP_START, efi->map_paddr);
	fdt_out_u32(&out, FDT_UEFI_MAP_SIZE, efi->map_size);
	fdt_out_u32(&out, FDT_UEFI_MAP_ROW_SIZE, efi->descriptor_size);
	fdt_out_u32(&out, FDT_UEFI_MAP_VERSION, efi->descriptor_version);
	fdt_out_u32(&out, FDT_UEFI_SECURE_BOOT, SECURE_BOOT_DISABLED);
	fdt_out_end(&out);
	return fdt_out_close(&out);
}
