/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/boot.h - struct boot: all that the steps of a boot share
 *
 * There are no other variables: the blob has neither .data nor .bss, so that
 * it runs from ROM at any address.
 */
#ifndef COMMON_BOOT_H
#define COMMON_BOOT_H

#include "common/payload/disk/disk.h"
#include "common/machine/fw_cfg.h"
#include "common/machine/machine.h"
#include "common/memory/memory.h"
#include "common/payload/payload.h"
#include "common/lib/string.h"

/* How the VMM started us. */
enum door {
	DOOR_RESET = 1, /* reset vector, or address 0 on AArch64 */
	DOOR_PVH,       /* handoff: struct hvm_start_info */
	DOOR_LINUX,     /* handoff: struct boot_params, or FDT on AArch64 */
};

enum on_error {
	ON_ERROR_HALT = 0,
	ON_ERROR_POWEROFF,
	ON_ERROR_RESET,
};

struct boot_options {
	bool is_verbose;
	bool wants_device_tree; /* AArch64: full FDT instead of ACPI */
	bool wants_vmm_acpi;    /* x86: the VMM's tables instead of ours */
	enum on_error on_error;
};

/* A point in time, in arch_ticks(), that is known to +-error. */
struct moment {
	uint64_t ticks;
	uint64_t error;
};

/* The ACPI PM timer's count at a time of arch_ticks(). */
struct pm_moment {
	uint64_t ticks;
	uint32_t count;
};

/* Where kernel and initrd lie, once loaded. */
struct kernel {
	paddr_t entry;
	paddr_t base;
	uint64_t size; /* all that the kernel needs before it manages memory */
	paddr_t initrd_paddr;
	uint64_t initrd_size;
	bool is_randomized;       /* KASLR: at another virtual address */
	const void *setup_header; /* x86 bzImage: its setup_header; else NULL */
	uint32_t setup_header_size;
	paddr_t initrd_max;    /* where it must end at the latest */
	char *cmdline;         /* NUL-terminated, at its final address */
	uint32_t cmdline_size; /* without the NUL */
	uint32_t cmdline_max;  /* what the kernel takes, without the NUL */
};

/* The steps of boot_main(). */
enum ledger_step {
	LEDGER_MACHINE,
	LEDGER_PAYLOAD,
	LEDGER_PLACEMENT,
	LEDGER_DESCRIPTION,
	LEDGER_COUNT,
};

/* When each step was done, in arch_ticks(); printed if verbose, and FPDT. */
struct ledger {
	uint64_t ticks[LEDGER_COUNT];
};

struct boot {
	enum door door;
	paddr_t handoff; /* what the VMM left in its one agreed register */
	const char *handoff_cmdline; /* x86: what came with it; else NULL */
	paddr_t setup_data_paddr;    /* x86: for the kernel; 0: none */
	paddr_t blob_paddr;          /* where the blob runs */
	uint64_t start_ticks;
	struct moment pit_start;   /* x86: see timer.c */
	struct pm_moment pm_start; /* x86: see times.c */
	bool has_console;          /* the UART was set up */
	bool has_faulted;          /* AArch64: an exception is being told */
	bool is_stopping;          /* x86: a panic on the way ends it */
	struct boot_options options;
	struct kernel kernel;
	paddr_t rsdp_paddr;
	paddr_t description_paddr; /* zero page, or FDT */
	struct fw_cfg fw_cfg;
	struct disk disk;
	struct payload payload; /* cleared up to its segments */
	struct machine machine; /* cleared up to its arrays */
	struct memory memory;   /* not cleared */
	struct ledger ledger;   /* not cleared */
};

/* What every door does first. The big arrays are left: counts guard them. */
static inline void boot_clear(struct boot *boot, size_t machine_size)
{
	memset(boot, 0, offsetof(struct boot, payload.segments));
	memset(&boot->machine, 0, machine_size);
}

/* The whole boot, see common/main.c. */
NORETURN void boot_main(struct boot *boot);

#endif
