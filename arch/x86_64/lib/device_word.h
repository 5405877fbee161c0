/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/device_word.h - devices that a command line names
 *
 * Linux Documentation/admin-guide/kernel-parameters.txt, virtio_mmio.device=
 * <size>@<baseaddr>:<irq>[:<id>]. Firecracker and QEMU's microvm tell of their
 * devices in this way. Not all kernels read these words, but all of them find
 * devices by ACPI tables.
 */
#ifndef ARCH_X86_64_LIB_DEVICE_WORD_H
#define ARCH_X86_64_LIB_DEVICE_WORD_H

#include "common/machine/machine.h"

#define DEVICE_WORD_NAME "virtio_mmio.device"

/*
 * Fills in the slot that the next such word of `text` names. Returns what
 * follows the word, or NULL if there is no further word.
 */
const char *device_word_next(const char *text,
                             struct machine_virtio_mmio *slot);

#endif
