/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/x86.h - what the files of this folder offer each other */
#ifndef ARCH_X86_64_LIB_X86_H
#define ARCH_X86_64_LIB_X86_H

#include "common/describe/acpi.h"
#include "common/boot.h"

/* pci.c: configuration mechanism 1, bus 0; `address` as PCI_ADDRESS gives. */
#define PCI_ADDRESS(slot, function, offset)                                    \
	(0x80000000 | (slot) << 11 | (function) << 8 | (offset))

uint32_t pci_read32(uint32_t address);
void pci_write32(uint32_t address, uint32_t value);
void pci_write8(uint32_t address, uint8_t value);

/* chipset.c: what the host bridge implies, and what firmware must switch on */
void chipset_setup(struct boot *boot);

/* microvm.c: QEMU's machine without a chipset */
void microvm_discover(struct boot *boot);

/* ram.c: RAM, NUMA nodes */
void ram_add(struct machine *machine, uint64_t base, uint64_t size,
             uint32_t type);
void ram_discover(struct boot *boot);
void numa_discover(struct boot *boot);

/* cpus.c: processors and how many */
void cpus_discover(struct boot *boot);

/* vmm_facts.c: one by one, as tables of the VMM list them */
uint8_t byte_sum(const void *from, uint32_t size);
void cpus_add(struct machine *machine, uint32_t apic_id);
void add_ioapic(struct machine_pc *pc, uint32_t id, uint32_t gsi_base,
                uint32_t paddr);
void set_override(struct machine_pc *pc, const struct machine_override *from);

/* vmm_acpi.c: the VMM's ACPI tables; false: they tell of no CPUs */
paddr_t vmm_rsdp_find(const struct machine *machine); /* 0: there are none */
bool vmm_acpi_discover(struct machine *machine);

/* mptable.c: the same by the MP table */
struct mp_table;
void mptable_read(struct machine *machine, const struct mp_table *table);
bool mptable_discover(struct machine *machine);

/* mtrr.c: memory types, the same on all processors */
void mtrr_reset(void);
void mtrr_setup(const struct machine *machine);

/* smp.c: runs the other processors once, to count or to program them */
uint32_t smp_own_id(void);
void smp_count(struct machine *machine);
void smp_start(const struct machine *machine);
void smp_finish(const struct machine *machine);

/* times.c: the ledger in nanoseconds, where some clock allows it */
void times_start(struct boot *boot);
bool times_convert(const struct boot *boot, struct acpi_fpdt_times *times);

/* cmdline.c: the text, and what we add to it */
void cmdline_choose(struct boot *boot);
void cmdline_load(struct boot *boot);
void cmdline_add(struct kernel *kernel, const char *name, uint32_t value);
/* The next `virtio_mmio.device=` with its value, and its size; NULL: none. */
#define CMDLINE_DEVICE_SIZE 19 /* up to the value */
const char *cmdline_next_device(const char *text, uint32_t *size);

/* devices.c: what the VMM's command line names */
void devices_discover(struct boot *boot);

/* timer.c */
void timer_sleep(uint32_t lapic_ticks);
void tsc_start(struct boot *boot);
void tsc_finish(struct boot *boot);

#endif
