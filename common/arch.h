/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/arch.h - what common/ asks of an architecture
 *
 * Implemented in arch/X/ and, for tests on the host, in tests/unit/fake_arch.c;
 * the build picks one. common/ includes nothing else of an architecture.
 */
#ifndef COMMON_ARCH_H
#define COMMON_ARCH_H

#include "common/lib/compiler.h"

struct boot;
struct bundle_record;
struct fw_cfg_dma;
struct machine;
struct machine_pci_host;

/* The one state of this boot. Valid from the entry code on. */
struct boot *arch_boot(void);

/* The architecture's number in ELF headers and bundles: e_machine. */
uint32_t arch_elf_machine(void);

/* Puts one character out, on all consoles there are; waits are bounded. */
void arch_console_putc(char c);

/* Ends a failed boot, visibly to the VMM, as boot->options.on_error says. */
NORETURN void arch_stop(void);

/* A free-running counter (TSC, CNTVCT) for the ledger, and its frequency. */
uint64_t arch_ticks(void);

/* Makes [base, base + size) addressable, identity mapped, cached. */
void arch_map(paddr_t base, uint64_t size);

/* Tells fw_cfg that a DMA descriptor is ready; returns when it was handled. */
void arch_fw_cfg_start(struct machine *machine, struct fw_cfg_dma *dma);

/* Fills the machine from what the VMM gave at the door and from probes. */
void arch_discover(struct boot *boot);

/*
 * Adds `count` > 0 blocks of 64 bytes to a state of SHA-256. False, and nothing
 * done: the CPU has no instructions for it.
 */
bool arch_sha256_blocks(uint32_t state[8], const uint8_t *blocks,
                        uint64_t count);

/* Claims what the blob itself uses, in the memory map just made. */
void arch_claim_memory(struct boot *boot);

/* No address that these two reach has more. */
extern const HIDDEN uint32_t arch_address_bits;

/* The same for a device's registers, uncached. */
void arch_map_device(paddr_t base, uint64_t size);

/*
 * Registers of 1, 2 or 4 bytes. What was written to memory before a register
 * is written can be seen by the device.
 */
uint32_t arch_device_read(paddr_t paddr, uint32_t size);
void arch_device_write(paddr_t paddr, uint32_t size, uint32_t value);

/*
 * Configuration space of a function (slot << 3 | function) on the host's first
 * bus; host's ECAM, if any, is mapped.
 */
uint32_t arch_pci_read(const struct machine_pci_host *host, uint32_t function,
                       uint32_t offset);
void arch_pci_write(const struct machine_pci_host *host, uint32_t function,
                    uint32_t offset, uint32_t value);

/*
 * Lets a device work a little. False: more than ten seconds or so have passed
 * since `start`, by arch_ticks().
 */
bool arch_wait(uint64_t start);

/*
 * Looks at the disks that only this architecture has for one that
 * disk_has_bundle(), and leaves it in boot->disk.
 */
bool arch_find_disk(struct boot *boot);

/* The record in the blob that says where its bundle is. */
const struct bundle_record *arch_bundle_record(const struct boot *boot);

/* Loads kernel and initrd to their final addresses. */
void arch_load_kernel(struct boot *boot);

/* Writes all that the kernel reads: tables, zero page or FDT. */
void arch_describe(struct boot *boot);

/* Hands the machine over, in the state the kernel's boot protocol demands. */
NORETURN void arch_enter_kernel(const struct boot *boot);

#endif
