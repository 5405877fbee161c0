/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/dt_build.h - the device trees that a kernel is given
 *
 * Devicetree Specification 0.4. Each function writes at most `size` bytes to
 * `fdt`, and panics if the tree is larger.
 */
#ifndef ARCH_AARCH64_DESCRIBE_DT_BUILD_H
#define ARCH_AARCH64_DESCRIBE_DT_BUILD_H

#include "common/machine/machine.h"
#include "common/place/guest.h"

struct efi_tables;

/*
 * dt_chosen.c: writes the tree of ACPI mode. It has only /chosen, which leads
 * to the EFI tables.
 */
void dt_build_stub(const struct machine *machine, const struct guest *guest,
                   const struct efi_tables *efi, void *fdt, uint32_t size);

/*
 * dt_size.c: these return sizes in bytes that are ample for a full tree, and
 * for the bundle's of `given_size` bytes, which grows by less than a full tree
 * takes. Panics if that is more than Linux takes.
 */
uint32_t dt_full_size(const struct machine *machine);
uint32_t dt_given_size(const struct machine *machine, uint64_t given_size);

/* dt_full.c: writes a tree that describes the whole machine. */
void dt_build_full(const struct machine *machine, const struct guest *guest,
                   void *fdt, uint32_t size);

/*
 * dt_given.c: copies the bundle's tree, `given_size` bytes at `given`, and adds
 * what only this boot knows: RAM, command line, initrd and seeds.
 */
void dt_build_given(const struct machine *machine, const struct guest *guest,
                    const void *given, uint64_t given_size, void *fdt,
                    uint32_t size);

#endif
