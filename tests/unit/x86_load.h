/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/x86_load.h - kernels of x86_64 to be loaded, and RAM to put them
 *
 * RAM lies where the guest has it: below 640 KiB and from 1 MiB on. The rest
 * of the address space is the host's, so that what is written astray is found
 * by ASan, by a fault, or by the pattern in all RAM that is nobody's.
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
#define SETUP_SIZE   0xa00
#define BODY_SIZE    0x3000
#define INITRD_SIZE  0x1234
#define CMDLINE_TEXT "console=ttyS0 quiet"

/* What boot_main() hands from stage to stage. */
extern struct machine machine;
extern struct memory memory;
extern struct payload payload;
extern struct guest guest;

extern uint8_t *file; /* malloc()ed, so that ASan knows where it ends */
extern uint64_t file_size;
extern uint8_t initrd[INITRD_SIZE];

/* Maps RAM. False: see fake_ram_skip(). */
bool load_begin(void);

/* Nothing is known but RAM, which is all pattern. */
void load_start(void);
void load_start_bzimage(void);

void make_bzimage(void);
struct setup_header *bzimage_header(void);

/* Two segments of 0x1000 bytes, the second with zeros behind it. */
void make_elf(void);
struct elf64_phdr *phdr_at(uint32_t index);

struct source memory_source(const void *data, uint64_t size);

/* Makes the file, an initrd and a command line the payload: as a bundle. */
void give_memory(void);

/* As QEMU gives a -kernel: its setup part apart. */
void give_fw_cfg(void);

/* As `pack` takes an ELF file apart, here that of make_elf(). */
void give_segments(void);

/* What was given before is on a disk; its command line has been read. */
void move_to_disk(void);

/* From payload_find()'s last step to payload_close(). */
void load(void);

/* Both: give_memory(), then load(). */
void load_memory(void);

/* What holds of every load, also of one that ended early. */
void expect_rest_untouched(void);

/* The initrd is there, and the command line in its usual place. */
void expect_initrd(paddr_t base);

#endif
