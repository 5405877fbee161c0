/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/x86_load.h - loads kernels of x86_64 into RAM, in tests
 *
 * RAM is where the guest has it: below 640 KiB and from 1 MiB on. The rest of
 * the address space is the host's. ASan, a fault, or the pattern in all free
 * RAM shows a wrong write.
 */
#ifndef TESTS_UNIT_X86_LOAD_H
#define TESTS_UNIT_X86_LOAD_H

#include "arch/x86_64/memmap.h"
#include "common/payload/payload.h"
#include "common/place/place.h"
#include "common/spec/elf.h"
#include "common/spec/linux_x86.h"

#define LOW_BASE     0x1000
#define RAM_SIZE     0x500000
#define RAM_END      (HIGH_RAM_BASE + RAM_SIZE)
#define KERNEL_BASE  0x200000
#define HIGH_BASE    0x200000200000 /* in 32 bits it is KERNEL_BASE */
#define HIGH_SIZE    0x400000       /* for a test that maps it */
#define SETUP_SIZE   0xa00
#define BODY_SIZE    0x3000
#define INITRD_SIZE  0x1234
#define CMDLINE_TEXT "console=ttyS0 quiet"

/* boot_main() hands these from stage to stage. */
extern struct machine machine;
extern struct memory memory;
extern struct payload payload;
extern struct guest guest;

extern uint8_t *file; /* malloc()ed, so that ASan knows where it ends */
extern uint64_t file_size;
extern uint8_t initrd[INITRD_SIZE];

/* Maps RAM. Returns false if the host does not allow it. */
bool load_begin(void);

/* Resets all: only RAM is known, and the pattern fills it. */
void load_start(void);
void load_start_bzimage(void);

void make_bzimage(void);
struct setup_header *bzimage_header(void);

/* Makes two segments of 0x1000 bytes. Zeros follow the second one. */
void make_elf(void);
struct elf64_phdr *phdr_at(uint32_t index);

struct source memory_source(const void *data, uint64_t size);

/* Makes file, initrd and command line the payload, as a bundle would. */
void give_memory(void);

/* Gives the file as QEMU gives a -kernel, with a separate setup part. */
void give_fw_cfg(void);

/* Gives the file of make_elf() in segments, as `pack` would. */
void give_segments(void);

/* Moves the payload to a disk. Its command line has been read. */
void move_to_disk(void);

/* Runs a boot from payload_find()'s last step to payload_close(). */
void load(void);

/* Calls give_memory(), then load(). */
void load_memory(void);

/* Checks what must hold after every load, even one that ended early. */
void expect_rest_untouched(void);

/* Expects the initrd at `base`, and the command line at its usual place. */
void expect_initrd(paddr_t base);

#endif
