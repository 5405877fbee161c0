/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/describe/dt_build.h - the device trees that a kernel is given */
#ifndef ARCH_AARCH64_DESCRIBE_DT_BUILD_H
#define ARCH_AARCH64_DESCRIBE_DT_BUILD_H

#include "common/machine/machine.h"
#include "common/place/guest.h"

struct efi_tables;

/* Each writes at most `size` bytes to `fdt`. */

/* dt_chosen.c: of ACPI mode, with /chosen alone, which leads to EFI's tables */
void dt_build_stub(const struct machine *machine, const struct guest *guest,
                   const struct efi_tables *efi, void *fdt, uint32_t size);

/* dt_full.c: describes the machine */
void dt_build_full(const struct machine *machine, const struct guest *guest,
                   void *fdt, uint32_t size);

/*
 * dt_given.c: the `given_size` bytes that a bundle has at `given`, with what
 * only this boot can tell
 */
void dt_build_given(const struct machine *machine, const struct guest *guest,
                    const void *given, uint64_t given_size, void *fdt,
                    uint32_t size);

#endif
