/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/dt_chosen.c - /chosen, and a tree that has nothing else
 *
 * Linux Documentation/arm/uefi.rst lists the properties that Linux's EFI stub
 * leaves for the kernel.
 */
#include "arch/aarch64/describe/dt_build.h"
#include "arch/aarch64/describe/dt_parts.h"
#include "arch/aarch64/describe/efi_tables.h"

/* Without this value, some distributions' kernels treat EFI as broken. */
#define SECURE_BOOT_DISABLED 2

void dt_write_chosen(void *fdt, const struct machine *machine,
                     const struct guest *guest)
{
	const struct machine_range *initrd = &guest->initrd;
	const struct machine_arm *arm = &machine->arm;

	dt_write_bytes(fdt, "bootargs", guest->cmdline.text,
	               guest->cmdline.size + 1);
	if (initrd->size) {
		dt_write_u64(fdt, "linux,initrd-start", initrd->base);
		dt_write_u64(fdt, "linux,initrd-end",
		             initrd->base + initrd->size);
	}
	if (arm->kaslr_seed)
		dt_write_u64(fdt, "kaslr-seed", arm->kaslr_seed);
	if (arm->has_rng_seed)
		dt_write_bytes(fdt, "rng-seed", arm->rng_seed,
		               arm->rng_seed_size);
}

void dt_build_stub(const struct machine *machine, const struct guest *guest,
                   const struct efi_tables *efi, void *fdt, uint32_t size)
{
	dt_write_start(fdt, size);
	dt_write_nodes(fdt);
	dt_write_begin(fdt, "");
	dt_write_u32(fdt, "#address-cells", 2);
	dt_write_u32(fdt, "#size-cells", 2);
	dt_write_begin(fdt, "chosen");
	dt_write_chosen(fdt, machine, guest);
	dt_write_u64(fdt, "linux,uefi-system-table", efi->system_table_paddr);
	dt_write_u64(fdt, "linux,uefi-mmap-start", efi->map_paddr);
	dt_write_u32(fdt, "linux,uefi-mmap-size", efi->map_size);
	dt_write_u32(fdt, "linux,uefi-mmap-desc-size", efi->descriptor_size);
	dt_write_u32(fdt, "linux,uefi-mmap-desc-ver", efi->descriptor_version);
	dt_write_u32(fdt, "linux,uefi-secure-boot", SECURE_BOOT_DISABLED);
	dt_write_end(fdt);
	dt_write_end(fdt);
	dt_write_finish(fdt);
}
