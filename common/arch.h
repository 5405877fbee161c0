/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/arch.h - what common/ asks of an architecture
 *
 * Each function is implemented in arch/X/ by the file named above it, which is
 * the same on every architecture, and for tests on the host in
 * tests/unit/fake_arch.c; the linker picks one. common/ includes nothing else
 * of an architecture.
 *
 *	lib/console.c	arch_console_putc
 *	lib/stop.c	arch_stop
 *	lib/exception.c	what the CPU calls by itself
 *	lib/paging.c	arch_map, arch_map_device, arch_address_bits
 *	lib/device.c	arch_device_read, arch_device_write, arch_pci_read,
 *			arch_pci_write
 *	lib/fw_cfg.c	arch_fw_cfg_start
 *	lib/clock.c	arch_ticks, arch_wait, arch_clock
 *	lib/sha256.c	arch_sha256_blocks
 *	probe/probe.c	arch_probe
 *	payload/disk.c	arch_disk_next
 *	payload/kernel.c  arch_is_kernel, arch_unwrap_kernel,
 *			arch_elf_machine, arch_pe_machine
 *	place/claim.c	arch_claim
 *	place/kernel.c	arch_place_kernel
 *	describe/describe.c  arch_describe
 *	enter/enter.c	arch_start, arch_enter
 */
#ifndef COMMON_ARCH_H
#define COMMON_ARCH_H

#include "common/lib/clock.h"
#include "common/lib/compiler.h"

struct disk;
struct guest;
struct handoff;
struct kernel;
struct ledger;
struct machine;
struct machine_pci_host;
struct memory;
struct payload;
struct machine_range;

/* ---- lib/console.c, lib/stop.c: the only ones that know struct boot */

/* Puts one character out, on all consoles there are; waits are bounded. */
void arch_console_putc(char c);

/* Ends a failed boot, visibly to the VMM, as the payload's options say. */
NORETURN void arch_stop(void);

/* ---- lib/paging.c */

/* Makes [base, base + size) addressable, identity mapped, cached. */
void arch_map(paddr_t base, uint64_t size);

/* The same for a device's registers, uncached. */
void arch_map_device(paddr_t base, uint64_t size);

/* No address that these two reach has more bits. */
extern const HIDDEN uint32_t arch_address_bits;

/* ---- lib/device.c */

/*
 * Registers of 1, 2 or 4 bytes. What was written to memory before a register
 * is written can be seen by the device.
 */
uint32_t arch_device_read(paddr_t paddr, uint32_t size);
void arch_device_write(paddr_t paddr, uint32_t size, uint32_t value);

/*
 * Configuration space of a function (slot << 3 | function) on the host's first
 * bus. The host's ECAM, if it has one, is mapped.
 */
uint32_t arch_pci_read(const struct machine_pci_host *host, uint32_t function,
                       uint32_t offset);
void arch_pci_write(const struct machine_pci_host *host, uint32_t function,
                    uint32_t offset, uint32_t value);

/* ---- lib/fw_cfg.c */

/*
 * Tells fw_cfg, whose registers are there (0: I/O ports), that a struct
 * fw_cfg_dma is ready; returns when that was handled.
 */
void arch_fw_cfg_start(paddr_t registers, paddr_t descriptor);

/* ---- lib/clock.c */

/* A free-running counter (TSC, CNTVCT). */
uint64_t arch_ticks(void);

/*
 * Lets a device work a little. False: more than ten seconds or so have passed
 * since `start`, by arch_ticks().
 */
bool arch_wait(uint64_t start);

/* How ticks become time, and when `start_ticks` was. */
void arch_clock(struct clock *clock, const struct machine *machine,
                uint64_t start_ticks);

/* ---- lib/sha256.c */

/*
 * Adds `count` > 0 blocks of 64 bytes to a state of SHA-256. False, and nothing
 * done: the CPU has no instructions for it.
 */
bool arch_sha256_blocks(uint32_t state[8], const uint8_t *blocks,
                        uint64_t count);

/* ---- probe/probe.c */

/*
 * Fills the machine from what the VMM gave at the door and from probes.
 * `platform` is a device tree in the bundle, for VMMs that give none; size 0:
 * it has none. Returns `machine`.
 */
const struct machine *arch_probe(struct machine *machine,
                                 const struct handoff *handoff,
                                 const struct machine_range *platform);

/* ---- payload/ */

/*
 * The next disk that only this architecture has, number `index` and on. False:
 * there are no more. `index` is advanced behind the one found.
 */
bool arch_disk_next(struct disk *disk, uint32_t *index);

/* Is this the start of a kernel file that arch_place_kernel() can place? */
bool arch_is_kernel(const void *head, uint64_t size);

/*
 * Opens the payload's kernel file, which is in memory, if it is wrapped as only
 * this architecture's are. False, and nothing done: it is not.
 */
bool arch_unwrap_kernel(struct payload *payload);

/* The architecture's number in ELF headers and bundles, and in PE files. */
extern const HIDDEN uint32_t arch_elf_machine;
extern const HIDDEN uint32_t arch_pe_machine;

/* ---- place/ */

/* Claims what the blob itself uses, in the memory map just made. */
void arch_claim(struct memory *memory, const struct machine *machine,
                const struct handoff *handoff);

/* Moves the kernel to its final address. */
void arch_place_kernel(struct kernel *kernel, const struct payload *payload,
                       const struct machine *machine, struct memory *memory);

/* ---- describe/describe.c */

/*
 * Writes all that the kernel reads: tables, zero page or FDT. Returns the
 * address that the kernel is handed.
 */
paddr_t arch_describe(const struct machine *machine,
                      const struct payload *payload, struct guest *guest,
                      struct memory *memory, const struct ledger *ledger);

/* ---- enter/enter.c */

/* Begins what takes time until arch_enter(): the other CPUs' set-up. */
void arch_start(const struct machine *machine);

/* Hands the machine over, in the state the kernel's boot protocol demands. */
NORETURN void arch_enter(const struct machine *machine,
                         const struct guest *guest, paddr_t description);

#endif
