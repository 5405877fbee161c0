/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/linux_x86.h - what an x86 Linux kernel and its loader exchange
 *
 * Linux Documentation/arch/x86/boot.rst and zero-page.rst. Field names are
 * theirs. The structs are little-endian, without padding.
 */
#ifndef COMMON_SPEC_LINUX_X86_H
#define COMMON_SPEC_LINUX_X86_H

#include "common/lib/compiler.h"

#define SETUP_HEADER_OFFSET        0x1f1
#define SETUP_HEADER_MAGIC         0x53726448 /* "HdrS" */
#define SETUP_BOOT_FLAG            0xaa55
#define SETUP_SECTOR_SIZE          512

#define LOADFLAG_LOADED_HIGH       0x01
#define LOADFLAG_KASLR             0x02
#define XLF_KERNEL_64              0x01
#define XLF_CAN_BE_LOADED_ABOVE_4G 0x02
#define BZIMAGE_ENTRY64            0x200
#define TYPE_OF_LOADER_UNDEFINED   0xff

struct setup_header {
	uint8_t setup_sects;
	uint16_t root_flags;
	uint32_t syssize;
	uint16_t ram_size;
	uint16_t vid_mode;
	uint16_t root_dev;
	uint16_t boot_flag;
	uint16_t jump;
	uint32_t header;
	uint16_t version;
	uint32_t realmode_swtch;
	uint16_t start_sys_seg;
	uint16_t kernel_version;
	uint8_t type_of_loader;
	uint8_t loadflags;
	uint16_t setup_move_size;
	uint32_t code32_start;
	uint32_t ramdisk_image;
	uint32_t ramdisk_size;
	uint32_t bootsect_kludge;
	uint16_t heap_end_ptr;
	uint8_t ext_loader_ver;
	uint8_t ext_loader_type;
	uint32_t cmd_line_ptr;
	uint32_t initrd_addr_max;
	uint32_t kernel_alignment;
	uint8_t relocatable_kernel;
	uint8_t min_alignment;
	uint16_t xloadflags;
	uint32_t cmdline_size;
	uint32_t hardware_subarch;
	uint64_t hardware_subarch_data;
	uint32_t payload_offset;
	uint32_t payload_length;
	uint64_t setup_data;
	uint64_t pref_address;
	uint32_t init_size;
	uint32_t handover_offset;
	uint32_t kernel_info_offset;
} PACKED;

static_assert(sizeof(struct setup_header) == 0x26c - 0x1f1, "boot.rst");
static_assert(offsetof(struct setup_header, init_size) == 0x260 - 0x1f1,
              "boot.rst");

/*
 * The header of a kernel of protocol 2.12 or newer has at least this many
 * bytes.
 */
#define SETUP_HEADER_MIN_SIZE offsetof(struct setup_header, handover_offset)

#define E820_TABLE_MAX        128

struct e820_entry {
	uint64_t base;
	uint64_t size;
	uint32_t type;
} PACKED;

static_assert(sizeof(struct e820_entry) == 20, "zero-page.rst");

struct boot_params {
	uint8_t screen_info[0x40];
	uint8_t apm_bios_info[0x14];
	uint8_t reserved1[4];
	uint64_t tboot_addr;
	uint8_t ist_info[0x10];
	uint64_t acpi_rsdp_addr;
	uint8_t reserved2[8];
	uint8_t hd_info[0x20];
	uint8_t sys_desc_table[0x10];
	uint8_t olpc_ofw_header[0x10];
	uint32_t ext_ramdisk_image;
	uint32_t ext_ramdisk_size;
	uint32_t ext_cmd_line_ptr;
	uint8_t reserved3[0x70];
	uint32_t cc_blob_address;
	uint8_t edid_info[0x80];
	uint8_t efi_info[0x20];
	uint32_t alt_mem_k;
	uint32_t scratch;
	uint8_t e820_entries;
	uint8_t eddbuf_entries;
	uint8_t edd_mbr_sig_buf_entries;
	uint8_t kbd_status;
	uint8_t secure_boot;
	uint8_t reserved4[2];
	uint8_t sentinel;
	uint8_t reserved5[1];
	struct setup_header hdr;
	uint8_t reserved6[0x290 - 0x26c];
	uint8_t edd_mbr_sig_buffer[0x40];
	struct e820_entry e820_table[E820_TABLE_MAX];
	uint8_t reserved7[0x1000 - 0xcd0];
} PACKED;

static_assert(sizeof(struct boot_params) == 4096, "zero-page.rst");
static_assert(offsetof(struct boot_params, acpi_rsdp_addr) == 0x70,
              "zero-page.rst");
static_assert(offsetof(struct boot_params, ext_ramdisk_image) == 0xc0,
              "zero-page.rst");
static_assert(offsetof(struct boot_params, cc_blob_address) == 0x13c,
              "zero-page.rst");
static_assert(offsetof(struct boot_params, e820_entries) == 0x1e8,
              "zero-page.rst");
static_assert(offsetof(struct boot_params, sentinel) == 0x1ef, "zero-page.rst");
static_assert(offsetof(struct boot_params, hdr) == SETUP_HEADER_OFFSET,
              "boot.rst");
static_assert(offsetof(struct boot_params, e820_table) == 0x2d0,
              "zero-page.rst");

#define SETUP_E820_EXT 1
#define SETUP_DTB      2
#define SETUP_RNG_SEED 9

/* A VMM may put one at any address. */
struct setup_data {
	uint64_t next;
	uint32_t type;
	uint32_t len;
} PACKED;

static_assert(sizeof(struct setup_data) == 16, "boot.rst");

/* Tells whether a kernel file that starts with `head` has a setup header. */
static inline bool linux_x86_is_bzimage(const void *head, uint64_t size)
{
	return size >= SETUP_HEADER_OFFSET + sizeof(struct setup_header) &&
	       load_le32((const uint8_t *)head + SETUP_HEADER_OFFSET +
	                 offsetof(struct setup_header, header)) ==
	               SETUP_HEADER_MAGIC;
}

/* Returns the size of a bzImage's setup part; 0 sectors mean four. */
static inline uint64_t linux_x86_setup_size(const struct setup_header *header)
{
	return ((header->setup_sects ? header->setup_sects : 4) + 1) *
	       SETUP_SECTOR_SIZE;
}

#endif
