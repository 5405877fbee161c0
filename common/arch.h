/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/arch.h - what common/ asks of an architecture
 *
 * Each function is implemented in arch/X/ by the file that the list names,
 * which has the same name on every architecture. The tests on the host
 * implement them in tests/unit/fake_arch.c. The linker picks one
 * implementation. common/ includes nothing else of an architecture.
 *
 *	lib/console.c	arch_console_putc
 *	lib/stop.c	arch_begin_refusal, arch_stop
 *	lib/exception.c	what the CPU calls by itself
 *	lib/paging.c	arch_map, arch_map_device, arch_address_bits
 *	lib/device.c	arch_device_read, arch_device_write, arch_pci_read,
 *			arch_pci_write
 *	lib/fw_cfg.c	arch_fw_cfg_start
 *	lib/clock.c	arch_ticks, arch_wait, arch_clock
 *	lib/sha256.c	arch_sha256_blocks
 *	probe/probe.c	arch_probe
 *	payload/disk.c	arch_disk_next, arch_drop_interrupts
 *	payload/kernel.c  arch_is_kernel, arch_unwrap_kernel,
 *			arch_elf_machine, arch_pe_machine
 *	place/claim.c	arch_claim
 *	place/kernel.c	arch_place_kernel
 *	describe/describe.c  arch_describe
 *	enter/enter.c	arch_start, arch_enter
 *	paravisor/start.c  arch_paravisor_start, in images for IGVM files
 */
#ifndef COMMON_ARCH_H
#define COMMON_ARCH_H

#include "common/lib/clock.h"
#include "common/lib/compiler.h"
#include "common/machine/dt_names.h"

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

/* ---- lib/console.c, lib/stop.c: these know struct boot */

/*
 * Prints one character on every console that the machine has. Each wait for a
 * console is bounded.
 */
void arch_console_putc(char c);

/*
 * Notes that a refusal is about to be told. If one is being told already, this
 * calls arch_stop(): only the first one is told, and a fault meanwhile must not
 * hide it.
 */
void arch_begin_refusal(void);

/* Ends a failed boot, visibly for the VMM, as the payload's options say. */
NORETURN void arch_stop(void);

/* ---- lib/paging.c */

/* Identity maps [base, base + size) as cached memory. */
void arch_map(paddr_t base, uint64_t size);

/* Identity maps a device's registers, uncached. */
void arch_map_device(paddr_t base, uint64_t size);

/* arch_map() and arch_map_device() reach addresses of up to this many bits. */
extern const HIDDEN uint32_t arch_address_bits;

/* ---- lib/device.c */

/*
 * Reads or writes a device's register of `size` 1, 2 or 4 bytes. When a
 * register is written, the device sees all that was written to memory before.
 */
uint32_t arch_device_read(paddr_t paddr, uint32_t size);
void arch_device_write(paddr_t paddr, uint32_t size, uint32_t value);

/*
 * Reads or writes 4 bytes of the configuration space of a function, which is
 * given as (slot << 3 | function) on the host's first bus. If the host has an
 * ECAM, the caller has mapped it.
 */
uint32_t arch_pci_read(const struct machine_pci_host *host, uint32_t function,
                       uint32_t offset);
void arch_pci_write(const struct machine_pci_host *host, uint32_t function,
                    uint32_t offset, uint32_t value);

/* ---- lib/fw_cfg.c */

/*
 * Tells fw_cfg that a struct fw_cfg_dma is ready at `descriptor`, and returns
 * when the device has handled it. `registers` is the address of the device's
 * registers; 0 stands for I/O ports.
 */
void arch_fw_cfg_start(paddr_t registers, paddr_t descriptor);

/* ---- lib/clock.c */

/* Returns a counter that runs freely (TSC, CNTVCT). */
uint64_t arch_ticks(void);

/*
 * Lets a device work a little. `start` is a value of arch_ticks(). Returns
 * false if more than about ten seconds have passed since then.
 */
bool arch_wait(uint64_t start);

/* Tells how ticks become time, and when `start_ticks` was. */
void arch_clock(struct clock *clock, const struct machine *machine,
                uint64_t start_ticks);

/* ---- lib/sha256.c */

/*
 * Adds `count` > 0 blocks of 64 bytes to a state of SHA-256. Returns false,
 * having done nothing, if the CPU has no instructions for it.
 */
bool arch_sha256_blocks(uint32_t state[8], const uint8_t *blocks,
                        uint64_t count);

/* ---- probe/probe.c */

/*
 * Fills the machine from what the VMM gave at the door and from probes, and
 * returns it. `platform` is the bundle's device tree, for VMMs that give none;
 * its size is 0 if the bundle has none.
 */
const struct machine *arch_probe(struct machine *machine,
                                 const struct handoff *handoff,
                                 const struct machine_range *platform);

/* ---- probe/tree_names.c */

/*
 * The names of the properties from DT_COMMON_COUNT on, as far as this
 * architecture asks for them: none, or all.
 */
extern const HIDDEN char arch_property_names[][DT_NAME_SIZE];
extern const HIDDEN uint32_t arch_property_count;

/* ---- payload/ */

/*
 * Opens the next disk that only this architecture has, from number `index` on,
 * and sets `index` to the number after it. Returns false if there are no more.
 */
bool arch_disk_next(struct disk *disk, uint32_t *index);

/* A disk is at rest again: no interrupt of it may reach the kernel. */
void arch_drop_interrupts(void);

/*
 * Tells whether `head` is the start of a kernel file that arch_place_kernel()
 * can place.
 */
bool arch_is_kernel(const void *head, uint64_t size);

/*
 * Opens the payload's kernel file, which is in memory, if it is wrapped in a
 * way that only this architecture has. Returns false, having done nothing,
 * otherwise.
 */
bool arch_unwrap_kernel(struct payload *payload);

/*
 * The first is the architecture's number in ELF headers and in bundles, the
 * second its number in PE files.
 */
extern const HIDDEN uint32_t arch_elf_machine;
extern const HIDDEN uint32_t arch_pe_machine;

/* ---- place/ */

/* Claims what the blob itself uses, in the new memory map. */
void arch_claim(struct memory *memory, const struct machine *machine,
                const struct handoff *handoff);

/* Moves the kernel to its final address and fills `kernel`. */
void arch_place_kernel(struct kernel *kernel, const struct payload *payload,
                       const struct machine *machine, struct memory *memory);

/* ---- describe/describe.c */

/*
 * Writes all that the kernel reads: tables, and the zero page or the device
 * tree. Returns the address that the kernel is given.
 */
paddr_t arch_describe(const struct machine *machine,
                      const struct payload *payload, struct guest *guest,
                      struct memory *memory, const struct ledger *ledger);

/* ---- enter/enter.c */

/* Starts the set-up of the other CPUs, which runs until arch_enter(). */
void arch_start(const struct machine *machine);

/*
 * Enters the kernel, with the machine in the state that its boot protocol
 * demands. The kernel has got copies of the machine's seeds, which are wiped
 * here.
 */
NORETURN void arch_enter(struct machine *machine, const struct guest *guest,
                         paddr_t description);

/* ---- paravisor/start.c */

/* Begins what a paravisor's kernel needs and takes until it starts. */
void arch_paravisor_start(struct machine *machine);

#endif
