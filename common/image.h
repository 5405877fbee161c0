/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/image.h - what a blob's image for IGVM files has, and its ROM has not
 *
 * The blob is linked twice. The ROM has common/rom/ instead of the folders
 * igvm/ and paravisor/, where each of these functions finds no IGVM file and no
 * paravisor; the linker then drops their calls. So a stage calls them without a
 * question.
 */
#ifndef COMMON_IMAGE_H
#define COMMON_IMAGE_H

#include "common/machine/range.h"

struct cmdline;
struct dt;
struct guest;
struct handoff;
struct machine;
struct memory;
struct payload;

/*
 * Tells whether the page of common/spec/igvm_params.h starts at `paddr`, where
 * the caller has mapped a page.
 */
bool igvm_is_at(paddr_t paddr);

/*
 * Proves that page, and takes from it what the host gave. Returns true if it
 * told the RAM. Does nothing behind any other door.
 */
bool igvm_probe_ram(struct machine *machine, const struct handoff *handoff);

/* Returns the host's device tree, which is mapped; of size 0: there is none. */
struct machine_range igvm_tree(const struct handoff *handoff);

/* Returns true if the host told the CPUs. RAM is known, and gets its nodes. */
bool igvm_probe_cpus(struct machine *machine, const struct handoff *handoff);

/* Claims the pages of the file until the kernel runs. */
void igvm_claim(struct memory *memory, const struct handoff *handoff);

/* Appends the host's command line to the bundle's, if the file says so. */
void igvm_append_cmdline(struct cmdline *cmdline, const struct payload *payload,
                         const struct machine *machine,
                         const struct handoff *handoff);

/*
 * Takes what only the hosts of IGVM files say in a device tree, see
 * machine/host.h. Returns false if the node is none of theirs. What reads the
 * tree calls this for each node that is enabled.
 */
bool igvm_take_node(struct machine *machine, const struct dt *dt);

/* Proves, behind the last node, that what was taken lies apart from RAM. */
void igvm_check_nodes(const struct machine *machine);

/* ---- a paravisor, of any door */

/* The flags of bundles that this image takes, of enum bundle_flag. */
extern const HIDDEN uint32_t image_bundle_flags;

/*
 * Takes from the machine the RAM that the paravisor's kernel does not get, if
 * the payload says that the kernel is one's. It does get what an IGVM file is
 * in.
 */
void paravisor_split(struct machine *machine, const struct payload *payload,
                     const struct handoff *handoff);

/*
 * x86_64: puts the device tree of the paravisor's kernel into a record for it,
 * as setup_data_add_tree() does with the bundle's, and keeps RAM for its pool
 * of CPUs. `next` is the address of the first record so far. Returns the new
 * first record's, or `next` if the kernel is no paravisor's.
 */
paddr_t paravisor_describe(const struct machine *machine,
                           const struct payload *payload, struct guest *guest,
                           struct memory *memory, paddr_t next);

/*
 * x86_64: returns the index of the CPU that is listed at `place`. Linux numbers
 * them as they are listed; those that it starts must come before a pool's.
 */
uint32_t paravisor_cpu_at(const struct machine *machine, uint32_t place);

/*
 * AArch64: writes into the root of the full tree what a paravisor's has beside
 * hardware.
 */
void paravisor_write_nodes(void *fdt, const struct machine *machine);

#endif
