/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/judge/igvm_layout.h - what an IGVM file of ours puts where in RAM
 *
 * payload/README.md has the order. All addresses and sizes are in bytes.
 */
#ifndef PAYLOAD_JUDGE_IGVM_LAYOUT_H
#define PAYLOAD_JUDGE_IGVM_LAYOUT_H

#include "common/spec/igvm_params.h"
#include "payload/lib/tool.h"

/* Whom a file is for. Not all can be in one file. */
enum igvm_host {
	IGVM_HOST_QEMU = 1 << 0,
	IGVM_HOST_OPENVMM = 1 << 1,
	IGVM_HOST_HYPERV = 1 << 2,
};

#define IGVM_BASE_ALIGN  0x200000
#define IGVM_BASE_ARM    0x40200000 /* in the RAM of QEMU's virt machine */
#define IGVM_TABLE_COUNT 6          /* of page tables on x86_64 */

struct igvm_spec {
	struct bytes packed; /* blob and bundle, as a file of their own */
	uint32_t arch;       /* enum bundle_arch */
	unsigned hosts;      /* enum igvm_host */
	uint32_t flags;      /* enum igvm_params_flag */
	uint64_t base;       /* of the packed file in RAM */
};

struct igvm_layout {
	uint64_t entry;  /* of the blob */
	uint64_t params; /* the page that leads the blob */
	uint64_t gdt;    /* on x86_64 one page, else none */
	uint64_t tables; /* page tables, up to the end; none on AArch64 */
	uint64_t end;    /* of all */
	uint64_t lowest; /* bounds of where it may lie */
	uint64_t highest;
	struct igvm_params page;
};

/* Lays all out. Refuses what does not fit where the blob can be. */
void igvm_lay_out(struct igvm_layout *layout, const struct igvm_spec *spec);

/* Sets both sums of the page of parameters. */
void igvm_sum_params(struct igvm_params *page);

/* Fills the page of GDT, and the page tables, which map 4 GiB as they are. */
void igvm_fill_gdt(uint64_t page[512]);
void igvm_fill_tables(uint64_t pages[IGVM_TABLE_COUNT][512], uint64_t paddr);

#endif
