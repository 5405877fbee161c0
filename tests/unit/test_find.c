/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_find.c - the places of a payload, and their order */
#include <stdlib.h>
#include <string.h>

#include "common/arch.h"
#include "common/lib/sha256.h"
#include "common/machine/handoff.h"
#include "common/payload/disk/disks.h"
#include "common/payload/payload.h"
#include "common/payload/smbios_given.h"
#include "common/spec/fw_cfg.h"
#include "common/spec/linux_x86.h"
#include "tests/unit/bundle_maker.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/test.h"

#define RAM_SIZE    0x100000
#define KERNEL_SIZE 0x400
#define DISK_MAX    4

static _Alignas(0x1000) uint8_t ram[RAM_SIZE];
static _Alignas(0x1000) uint8_t own[BUNDLE_MAKER_MAX], other[BUNDLE_MAKER_MAX];
static uint8_t kernel[KERNEL_SIZE];
static struct machine machine;
static struct memory memory;
static struct payload payload;
static struct handoff handoff;

/* These are the disks' bytes. NULL means that a disk holds no bundle. */
static const uint8_t *images[DISK_MAX];
static uint32_t disk_count, next_disk, closed_count;
static bool has_legacy;

bool arch_sha256_blocks(uint32_t state[8], const uint8_t *blocks,
                        uint64_t count)
{
	(void)state;
	(void)blocks;
	(void)count;
	return false;
}

static void read_sectors(const struct disk *disk, uint64_t sector,
                         uint32_t count, paddr_t dest)
{
	const uint8_t *image = images[disk->port];

	EXPECT(is_within(sector, count, disk->sector_count));
	memset(paddr_ptr(dest), 0, count * DISK_SECTOR_SIZE);
	if (image)
		memcpy(paddr_ptr(dest), image + sector * DISK_SECTOR_SIZE,
		       count * DISK_SECTOR_SIZE);
}

static void close_it(const struct disk *disk)
{
	EXPECT_EQ(disk->port, next_disk - 1);
	closed_count++;
}

bool disks_next(struct disks *disks, const struct machine *of,
                struct disk *disk)
{
	static const struct disks none;

	EXPECT(of == &machine && disk == &payload.disk);
	EXPECT(next_disk || !memcmp(disks, &none, sizeof(none)));
	*disk = (struct disk){ .pages = disk->pages };
	disks->pci.has_legacy = has_legacy;
	if (next_disk == disk_count)
		return false;
	disk->port = (uint16_t)next_disk++;
	disk->read = read_sectors;
	disk->close = close_it;
	disk->count_max = 256;
	disk->sector_count = BUNDLE_MAKER_MAX / DISK_SECTOR_SIZE;
	return true;
}

/* At first there is only RAM, and a file that looks like a bzImage. */
static void start(void)
{
	uint32_t magic = SETUP_HEADER_MAGIC;

	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	memset(&handoff, 0, sizeof(handoff));
	memset(kernel, 0x11, sizeof(kernel));
	memcpy(kernel + 0x202, &magic, 4);
	machine.ram_count = 1;
	machine.ram[0] = (struct machine_ram){ .base = paddr_of(ram),
		                               .size = RAM_SIZE,
		                               .type = MEMORY_RAM };
	memory_init(&memory, &machine);
	fake_fw_cfg_clear();
	fake_map_clear();
	disk_count = next_disk = closed_count = 0;
	has_legacy = false;
}

/* Makes a bundle of a kernel and a command line, whose text names it. */
static uint64_t make(uint8_t *bytes, const char *text)
{
	struct bundle_maker maker;

	bundle_begin(&maker, bytes, BUNDLE_KERNEL_BZIMAGE, BUNDLE_FLAG_VERBOSE,
	             BUNDLE_ON_ERROR_RESET);
	bundle_add(&maker, BUNDLE_SECTION_KERNEL, BUNDLE_COMPRESSION_NONE,
	           kernel, sizeof(kernel), sizeof(kernel));
	bundle_add(&maker, BUNDLE_SECTION_CMDLINE, BUNDLE_COMPRESSION_NONE,
	           text, strlen(text) + 1, strlen(text) + 1);
	return bundle_end(&maker);
}

static void give_own(uint64_t size)
{
	handoff.bundle_paddr = paddr_of(own);
	handoff.bundle_size = size;
}

static void give_fw_cfg_file(uint64_t size)
{
	machine.fw_cfg.is_present = true;
	fake_fw_cfg_add_file("opt/directboot/bundle", other, (uint32_t)size,
	                     false);
	fw_cfg_open(&machine.fw_cfg);
}

static void give_place(const void *at, uint64_t size)
{
	machine.given.bundles[machine.given.bundle_count++] =
		(struct machine_range){ paddr_of(at), size };
}

static void find(void)
{
	payload_open_own(&payload, &handoff);
	smbios_given_read(&machine, &memory);
	payload_restrict(&payload, &machine);
	payload_find(&payload, &machine, &memory);
}

static void expect(const char *origin, const char *cmdline)
{
	EXPECT_STR(payload.origin, origin);
	EXPECT(payload.cmdline.kind == SOURCE_MEMORY);
	EXPECT_STR(payload.cmdline.data, cmdline);
	EXPECT_EQ(payload.cmdline.size, strlen(cmdline) + 1);
	EXPECT(payload.head != NULL);
	EXPECT_EQ(payload.head_size, KERNEL_SIZE);
}

static void our_own_bundle_is_first(void)
{
	start();
	give_own(make(own, "own"));
	give_fw_cfg_file(make(other, "other"));
	find();
	expect("bundle", "own");
	EXPECT(payload.options.is_verbose);
	EXPECT(fake_map_has(paddr_of(own), handoff.bundle_size));
	EXPECT_EQ(fake_fw_cfg_transfers(), 1); /* of fw_cfg_open() */
}

static void one_beyond_all_addresses_panics(void)
{
	start();
	handoff.bundle_paddr = 1ULL << 47;
	handoff.bundle_size = 1;
	EXPECT_PANIC("bundle: 0x1 bytes at 0x800000000000: beyond "
	             "0x800000000000",
	             find());
	handoff.bundle_paddr = 0x1000;
	handoff.bundle_size = UINT64_MAX;
	EXPECT_PANIC("bundle: 0xffffffffffffffff bytes at 0x1000", find());
}

static void give_platform(struct bundle_maker *maker, const char *tree)
{
	bundle_begin(maker, own, BUNDLE_KERNEL_BZIMAGE, 0,
	             BUNDLE_ON_ERROR_HALT);
	bundle_add(maker, BUNDLE_SECTION_KERNEL, BUNDLE_COMPRESSION_NONE,
	           kernel, sizeof(kernel), sizeof(kernel));
	bundle_add(maker, BUNDLE_SECTION_PLATFORM, BUNDLE_COMPRESSION_NONE,
	           tree, strlen(tree), strlen(tree));
	give_own(bundle_end(maker));
	payload_open_own(&payload, &handoff);
}

/* Its checksum holds before the blob looks for a machine in it. */
static void a_tree_of_the_platform_is_proven(void)
{
	static const char tree[] = "a tree";
	struct bundle_maker maker;
	struct machine_range found;

	start();
	give_platform(&maker, tree);
	found = payload_platform(&payload);
	EXPECT_EQ(found.size, strlen(tree));
	EXPECT(!memcmp(paddr_ptr(found.base), tree, strlen(tree)));
	EXPECT(found.base >= paddr_of(own));
	EXPECT(found.base + found.size <= paddr_of(own) + handoff.bundle_size);
	*(uint8_t *)paddr_ptr(found.base) ^= 1;
	EXPECT_PANIC("platform: ", payload_platform(&payload));
}

static void without_one_there_is_no_tree(void)
{
	start();
	payload_open_own(&payload, &handoff);
	EXPECT_EQ(payload_platform(&payload).size, 0);
	give_own(make(own, "own"));
	payload_open_own(&payload, &handoff);
	EXPECT_EQ(payload_platform(&payload).size, 0);
}

static void the_vmms_file_is_next(void)
{
	start();
	give_fw_cfg_file(make(other, "other"));
	make(own, "place");
	give_place(own, sizeof(own));
	find();
	expect("bundle", "other");
	EXPECT((const uint8_t *)payload.cmdline.data >= ram);
	EXPECT(!payload.has_taken_initrd);
}

static void then_the_first_place_that_has_one(void)
{
	start();
	make(own, "place");
	give_place(own, sizeof(struct bundle_header) - 1);
	give_place(kernel, sizeof(kernel));
	give_place(own, sizeof(own));
	machine.given.initrd = machine.given.bundles[1];
	find();
	expect("bundle", "place");
	EXPECT(!payload.has_taken_initrd);
	start();
	make(own, "place");
	give_place(own, sizeof(own));
	machine.given.initrd = machine.given.bundles[0];
	find();
	EXPECT(payload.has_taken_initrd);
}

static void put_pe_section(uint8_t *header, const char *name, uint32_t size,
                           uint32_t offset)
{
	memcpy(header, name, strlen(name));
	memcpy(header + 8, &size, 4);
	memcpy(header + 16, &size, 4);
	memcpy(header + 20, &offset, 4);
}

/* Where a bundle may be, a UKI may, too. */
static void a_place_may_have_a_uki(void)
{
	static const char text[] = "uki";

	start();
	memset(own, 0, sizeof(own));
	memcpy(own, "MZ", 2);
	own[0x3c] = 0x80;
	memcpy(own + 0x80, "PE\0\0\x64\x86", 6);
	own[0x86] = 2; /* sections, behind an optional header of 16 bytes */
	own[0x94] = 16;
	put_pe_section(own + 0xa8, ".linux", KERNEL_SIZE, 0x400);
	put_pe_section(own + 0xd0, ".cmdline", sizeof(text), 0x200);
	memcpy(own + 0x400, kernel, KERNEL_SIZE);
	memcpy(own + 0x200, text, sizeof(text));
	give_place(own, sizeof(own));
	find();
	expect("uki", text);
	EXPECT(payload.head == own + 0x400);
}

static void then_the_vmms_own_kernel(void)
{
	uint32_t kernel_size = sizeof(kernel), initrd_size = 5,
		 cmdline_size = 0;

	start();
	fake_fw_cfg_add(FW_CFG_KERNEL_SIZE, &kernel_size, 4);
	fake_fw_cfg_add(FW_CFG_INITRD_SIZE, &initrd_size, 4);
	fake_fw_cfg_add(FW_CFG_CMDLINE_SIZE, &cmdline_size, 4);
	fake_fw_cfg_add(FW_CFG_SETUP_DATA, kernel, sizeof(kernel));
	machine.fw_cfg.is_present = true;
	machine.given.has_kernel = true;
	find();
	EXPECT_STR(payload.origin, "fw_cfg");
	EXPECT(payload.kernel.kind == SOURCE_FW_CFG);
	EXPECT_EQ(payload.kernel.size, sizeof(kernel));
	EXPECT_EQ(payload.initrd.size, 5);
	EXPECT(payload.cmdline.kind == SOURCE_NONE);
	EXPECT(payload.head == payload.head_bytes);
	EXPECT_EQ(payload.head_size, PAYLOAD_HEAD_MAX);
	/* No more than its NUL: that of the kernel's own file counts. */
	cmdline_size = 1;
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	find();
	EXPECT(payload.cmdline.kind == SOURCE_NONE);
	EXPECT_EQ(payload.cmdline.size, 0);
	/* The VMM takes us for the kernel, so the kernel in fw_cfg is we. */
	machine.given.has_kernel = false;
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	EXPECT_PANIC("payload: no kernel", find());
}

/* QEMU gives items of size 0 if it has no -kernel. */
static void a_kernel_of_size_0_is_none(void)
{
	uint32_t none = 0, initrd_size = 5;

	start();
	fake_fw_cfg_add(FW_CFG_KERNEL_SIZE, &none, 4);
	fake_fw_cfg_add(FW_CFG_INITRD_SIZE, &initrd_size, 4);
	machine.fw_cfg.is_present = true;
	machine.given.has_kernel = true;
	make(other, "disk");
	images[0] = other;
	disk_count = 1;
	find();
	expect("disk", "disk");
	EXPECT(payload.initrd.kind == SOURCE_NONE);
	EXPECT(payload.kernel_setup.kind == SOURCE_NONE);
}

/* Each has its key, and the setup part of a PC's kernel the most it may take.
 */
static void the_vmms_parts_are_told_apart(void)
{
	uint32_t kernel_size = sizeof(kernel), initrd_size = 5,
		 cmdline_size = 9;

	start();
	fake_fw_cfg_add(FW_CFG_KERNEL_SIZE, &kernel_size, 4);
	fake_fw_cfg_add(FW_CFG_INITRD_SIZE, &initrd_size, 4);
	fake_fw_cfg_add(FW_CFG_CMDLINE_SIZE, &cmdline_size, 4);
	fake_fw_cfg_add(FW_CFG_SETUP_DATA, kernel, sizeof(kernel));
	machine.fw_cfg.is_present = true;
	machine.given.has_kernel = true;
	find();
	EXPECT_EQ(payload.kernel.fw_cfg_key, FW_CFG_KERNEL_DATA);
	EXPECT_EQ(payload.initrd.fw_cfg_key, FW_CFG_INITRD_DATA);
	EXPECT_EQ(payload.cmdline.fw_cfg_key, FW_CFG_CMDLINE_DATA);
	EXPECT_EQ(payload.cmdline.size, 9);
	EXPECT_EQ(payload.kernel_setup.fw_cfg_key, FW_CFG_SETUP_DATA);
	EXPECT_EQ(payload.kernel_setup.size, 0x2000);
}

static void then_the_first_disk_that_has_one(void)
{
	start();
	make(other, "disk");
	images[0] = images[1] = NULL;
	images[2] = images[3] = other;
	disk_count = 4;
	find();
	expect("disk", "disk");
	EXPECT(payload.kernel.kind == SOURCE_MEMORY);
	EXPECT_EQ(next_disk, 3);
	EXPECT_EQ(closed_count, 2);
	payload_close(&payload);
	EXPECT_EQ(closed_count, 3);
}

/*
 * The disk's second answer is another. What is judged as the kernel's header
 * is what is proven and loaded later.
 */
static void a_disk_is_asked_once(void)
{
	start();
	make(other, "disk");
	images[0] = other;
	disk_count = 1;
	find();
	memset(other, 0x33, sizeof(other));
	EXPECT(payload.head == payload.kernel.data);
	source_check("kernel", &payload.kernel);
	EXPECT(!memcmp(payload.head, kernel, sizeof(kernel)));
}

static void else_there_is_nothing_to_boot(void)
{
	start();
	disk_count = 1;
	images[0] = NULL;
	EXPECT_PANIC("payload: no kernel: not in the blob, not from the VMM, "
	             "not on a disk",
	             find());
	EXPECT_EQ(closed_count, 1);
	payload_close(&payload);
	EXPECT_EQ(closed_count, 1);
	has_legacy = true;
	EXPECT_PANIC("; virtio-blk without VIRTIO 1 registers in reach",
	             find());
}

static void a_bundle_without_a_kernel_is_the_end(void)
{
	struct bundle_maker maker;

	start();
	bundle_begin(&maker, own, BUNDLE_KERNEL_NONE, 0, 0);
	give_own(bundle_end(&maker));
	make(other, "disk");
	images[0] = other;
	disk_count = 1;
	EXPECT_PANIC("payload: no kernel", find());
	EXPECT_EQ(next_disk, 0);
}

static void room_to_unpack_zstd_is_there_when_needed(void)
{
	struct bundle_maker maker;

	start();
	give_own(make(own, "own"));
	find();
	EXPECT(payload.reader.zstd == NULL);
	start();
	bundle_begin(&maker, own, BUNDLE_KERNEL_BZIMAGE, 0, 0);
	bundle_add(&maker, BUNDLE_SECTION_KERNEL, BUNDLE_COMPRESSION_NONE,
	           kernel, sizeof(kernel), sizeof(kernel));
	bundle_add(&maker, BUNDLE_SECTION_INITRD, BUNDLE_COMPRESSION_ZSTD,
	           "packed", 6, 100);
	give_own(bundle_end(&maker));
	find();
	EXPECT(payload.reader.zstd != NULL);
	EXPECT((uint8_t *)payload.reader.zstd >= ram);
}

/* What judges it must read the same bytes as what loads it. */
static void a_bundle_in_flash_is_read_once(void)
{
	start();
	make(other, "vmm");
	give_place(other, sizeof(other));
	find();
	expect("bundle", "vmm");
	EXPECT((const uint8_t *)payload.kernel.data >= ram &&
	       (const uint8_t *)payload.kernel.data < ram + RAM_SIZE);
	/* What says that it is larger than the flash has no copy. */
	start();
	make(other, "vmm");
	give_place(other, 0x2fff);
	EXPECT_PANIC("bundle: 0x3000 bytes: there are 0x2fff", find());
	start();
	make(other, "vmm");
	((struct bundle_header *)other)->total_size = 0x100003000;
	give_place(other, sizeof(other));
	EXPECT_PANIC("bundle: 0x100003000 bytes: there are 0x8000", find());
	start();
	make(other, "vmm");
	((struct bundle_header *)other)->total_size = 0;
	give_place(other, sizeof(other));
	EXPECT_PANIC("bundle: 0 bytes: there are 0x8000", find());
}

static void a_place_too_small_for_a_header_is_none(void)
{
	uint64_t size = sizeof(struct bundle_header);
	static uint8_t *place;

	start();
	make(other, "vmm");
	place = malloc(size);
	memcpy(place, other, size);
	give_place(place, size);
	EXPECT_PANIC("bundle: 0x3000 bytes: there are 0x58", find());
	place = realloc(place, size - 1);
	start();
	give_place(place, size - 1);
	EXPECT_PANIC("payload: no kernel", find());
	free(place);
}

/* ---- a pin: our own bundle says which one of the VMM's to take */

static uint8_t digest[SHA256_SIZE];

/* Makes the pin of the bundle that `other` holds now. */
static void pin_other(uint32_t flags, uint64_t pin_size)
{
	const struct bundle_header *header = (const void *)other;
	struct bundle_maker maker;

	sha256(digest, other, header->total_size);
	bundle_begin(&maker, own, BUNDLE_KERNEL_NONE, flags,
	             BUNDLE_ON_ERROR_POWEROFF);
	bundle_add(&maker, BUNDLE_SECTION_PIN, BUNDLE_COMPRESSION_NONE, digest,
	           pin_size, pin_size);
	give_own(bundle_end(&maker));
}

static void give_option(const char *name, const char *text)
{
	machine.fw_cfg.is_present = true;
	fake_fw_cfg_add_file(name, (void *)text, (uint32_t)strlen(text), false);
	fw_cfg_open(&machine.fw_cfg);
}

static const char *appended(const char *text, const char *words)
{
	start();
	give_own(make(own, text));
	give_option("opt/directboot/append", words);
	find();
	EXPECT_EQ(payload.cmdline.size,
	          strlen((const char *)payload.cmdline.data) + 1);
	return payload.cmdline.data;
}

/* QEMU's OEM strings, with words for a command line */
static uint8_t structures[] = "\x0b\x05hh\x01"
			      "io.systemd.stub.kernel-cmdline-extra=c d\0";

static void give_structures(void)
{
	machine.fw_cfg.is_present = true;
	fake_fw_cfg_add_file("etc/smbios/smbios-tables", structures,
	                     sizeof(structures), false);
	fw_cfg_open(&machine.fw_cfg);
}

/* They stand before the words of the blob's own option. */
static void words_of_smbios_are_appended_the_same_way(void)
{
	start();
	give_own(make(own, "own -- init"));
	give_structures();
	find();
	expect("bundle", "own c d -- init");
	EXPECT_EQ(payload.cmdline.size, sizeof("own c d -- init"));
	EXPECT_EQ(machine.smbios.size, sizeof(structures));
	start();
	give_own(make(own, "own -- init"));
	give_structures();
	give_option("opt/directboot/append", "a b");
	find();
	expect("bundle", "own c d a b -- init");
}

static void words_of_this_boot_come_before_those_of_init(void)
{
	EXPECT_STR(appended("own", "a b"), "own a b");
	EXPECT_STR(appended("", "a"), " a");
	EXPECT_STR(appended("own -- init", "a b"), "own a b -- init");
	EXPECT_STR(appended("-- init", "a"), "a -- init");
	EXPECT_STR(appended("x=\"a -- b\" -- -- c", "d"),
	           "x=\"a -- b\" d -- -- c");
	EXPECT_STR(appended("own --bar", "a"), "own --bar a");
	EXPECT_STR(appended("own -x", "a"), "own -x a");
	EXPECT_STR(appended("own xx", "a"), "own xx a");
	EXPECT_STR(appended("own \"-x\"", "a"), "own \"-x\" a");
}

static void no_words_of_this_boot_leave_the_line_in_its_place(void)
{
	start();
	give_own(make(own, "own"));
	give_option("opt/directboot/append", "");
	find();
	expect("bundle", "own");
	EXPECT((const uint8_t *)payload.cmdline.data > own &&
	       (const uint8_t *)payload.cmdline.data < own + sizeof(own));
}

/* The line and the words together, and not one of them, decide about room. */
static void a_line_and_words_that_fill_two_pages_have_them(void)
{
	static char line[0xff1], words[0x41];

	memset(line, 'l', sizeof(line) - 1);
	memset(words, 'w', sizeof(words) - 1);
	EXPECT_EQ(strlen(appended(line, words)), 0xff0 + 1 + 0x40);
	EXPECT(!memory_is_free(&memory, paddr_of(payload.cmdline.data), 1));
	EXPECT(!memory_is_free(&memory, paddr_of(payload.cmdline.data) + 0x1000,
	                       1));
}

static void options_of_this_boot_win(void)
{
	start();
	give_own(make(own, "own"));
	give_option("opt/directboot/verbose", "off");
	give_option("opt/directboot/acpi", "vmm");
	give_option("opt/directboot/on-error", "poweroff");
	find();
	expect("bundle", "own");
	EXPECT(!payload.options.is_verbose);
	EXPECT(payload.options.wants_vmm_acpi);
	EXPECT_EQ(payload.options.on_error, PAYLOAD_ON_ERROR_POWEROFF);
}

static const struct payload_options *options_with(const char *name,
                                                  const char *value)
{
	start();
	give_own(make(own, "own"));
	give_option(name, value);
	find();
	return &payload.options;
}

static void each_value_of_an_option_is_known(void)
{
	EXPECT(!options_with("opt/directboot/acpi", "own")->wants_vmm_acpi);
	EXPECT(options_with("opt/directboot/acpi", "vmm")->wants_vmm_acpi);
	EXPECT(!options_with("opt/directboot/device-tree", "off")
	                ->wants_device_tree);
	EXPECT(options_with("opt/directboot/device-tree", "on")
	               ->wants_device_tree);
	EXPECT(!options_with("opt/directboot/verbose", "off")->is_verbose);
	EXPECT(options_with("opt/directboot/verbose", "on")->is_verbose);
	EXPECT_EQ(options_with("opt/directboot/on-error", "halt")->on_error,
	          PAYLOAD_ON_ERROR_HALT);
	EXPECT_EQ(options_with("opt/directboot/on-error", "poweroff")->on_error,
	          PAYLOAD_ON_ERROR_POWEROFF);
	EXPECT_EQ(options_with("opt/directboot/on-error", "reset")->on_error,
	          PAYLOAD_ON_ERROR_RESET);
}

static void expect_refused(const char *name, const char *text)
{
	start();
	give_own(make(own, "own"));
	give_option(name, text);
	EXPECT_PANIC("value not known", find());
}

/* A number has eight digits at most; the rest is words. */
static void values_of_this_boot_are_known_ones(void)
{
	start();
	give_own(make(own, "own"));
	give_option("opt/directboot/profile", "10293847");
	give_option("opt/directboot/device-tree", "on");
	give_option("opt/directboot/on-error", "reset");
	find();
	EXPECT_EQ(payload.options.on_error, PAYLOAD_ON_ERROR_RESET);
	EXPECT_EQ(payload.profile, 10293847);
	EXPECT(payload.options.wants_device_tree);
	expect_refused("opt/directboot/profile", "123456789");
	expect_refused("opt/directboot/profile", "1a");
	expect_refused("opt/directboot/profile", "-1");
	expect_refused("opt/directboot/profile", "1:");
	expect_refused("opt/directboot/profile", "1/");
	expect_refused("opt/directboot/verbose", "yes");
	expect_refused("opt/directboot/verbose", "on and on");
	expect_refused("opt/directboot/acpi", "on");
	expect_refused("opt/directboot/on-error", "off");
}

static void start_pinned(uint64_t pin_size)
{
	start();
	make(other, "pinned");
	pin_other(0, pin_size);
	give_place(other, sizeof(other));
}

static void the_pinned_bundle_is_taken(void)
{
	start_pinned(SHA256_SIZE);
	find();
	expect("bundle", "pinned");
	EXPECT(payload.pin.kind == SOURCE_NONE);
	EXPECT(payload.options.is_verbose);
	EXPECT(payload.options.on_error == PAYLOAD_ON_ERROR_RESET);
}

/* The right bundle is there, but a pin says what boots, and how. */
static void a_pin_refuses_options_of_this_boot(void)
{
	static const char *const names[] = { "append",      "acpi",
		                             "device-tree", "on-error",
		                             "profile",     "verbose" };

	for (volatile uint32_t i = 0; i < ARRAY_COUNT(names); i++) {
		char name[48] = "opt/directboot/",
		     line[64] = "pin: the VMM gives ";

		strcat(name, names[i]);
		strcat(line, name);
		start_pinned(SHA256_SIZE);
		give_option(name, "on");
		EXPECT_PANIC(line, find());
	}
}

/* It may allow words for the command line, and nothing else. */
static void a_pin_may_allow_words_of_this_boot(void)
{
	start_pinned(SHA256_SIZE);
	pin_other(BUNDLE_FLAG_ALLOW_APPEND, SHA256_SIZE);
	give_option("opt/directboot/append", "a");
	find();
	EXPECT_STR((const char *)payload.cmdline.data, "pinned a");
	EXPECT(!payload.options.allows_append);

	start_pinned(SHA256_SIZE);
	pin_other(BUNDLE_FLAG_ALLOW_APPEND, SHA256_SIZE);
	give_structures();
	find();
	expect("bundle", "pinned c d");
	EXPECT_EQ(machine.smbios.size, 0);

	start_pinned(SHA256_SIZE);
	pin_other(BUNDLE_FLAG_ALLOW_APPEND, SHA256_SIZE);
	give_option("opt/directboot/acpi", "vmm");
	EXPECT_PANIC("pin: the VMM gives opt/directboot/acpi", find());
}

/* No user asks a VMM for its structures, so they are no reason to refuse. */
static void a_pin_passes_over_words_of_smbios(void)
{
	start_pinned(SHA256_SIZE);
	give_structures();
	find();
	expect("bundle", "pinned");
	EXPECT_EQ(machine.smbios.size, 0);
}

static void each_other_bundle_is_refused(void)
{
	for (volatile uint32_t i = 0; i < 300; i++) {
		start_pinned(SHA256_SIZE);
		other[i * 17] ^= (uint8_t)(1 << i % 8);
		EXPECT_PANIC("pin: ", find());
		/* Our own bundle says how a boot ends if there is no other. */
		EXPECT(payload.options.on_error == PAYLOAD_ON_ERROR_POWEROFF);
	}
	start_pinned(SHA256_SIZE);
	make(other, "another"); /* by itself as good */
	EXPECT_PANIC("is another: SHA-256 starts with 0x", find());
}

/* The bytes match the pin, but are not a bundle for this blob. */
static void a_pinned_bundle_that_is_wrong_ends_as_ours_says(void)
{
	start_pinned(SHA256_SIZE);
	((struct bundle_header *)other)->version++;
	pin_other(0, SHA256_SIZE);
	EXPECT_PANIC("bundle: version 2: this blob reads version 1", find());
	EXPECT(payload.options.on_error == PAYLOAD_ON_ERROR_POWEROFF);
}

static void a_pinned_bundle_that_is_not_there_panics(void)
{
	start_pinned(SHA256_SIZE);
	machine.given.bundle_count = 0;
	EXPECT_PANIC("pin: the VMM gives no bundle", find());
	start_pinned(SHA256_SIZE);
	machine.given.bundles[0].size = 0x2fff;
	EXPECT_PANIC("pin: bundle of 0x2fff bytes at 0x", find());
	start_pinned(SHA256_SIZE);
	memcpy(other, "MZ", 2); /* passes for a UKI */
	EXPECT_PANIC("is not whole", find());
}

static void a_pin_that_lies_panics(void)
{
	start_pinned(SHA256_SIZE - 1);
	EXPECT_PANIC("pin: 0x1f bytes: must be 0x20", find());
	start_pinned(SHA256_SIZE);
	own[BUNDLE_ALIGN] ^= 1;
	EXPECT_PANIC("pin: sum of 0x20 bytes", find());
}

/* All that a VMM can give beside a bundle, as text or as code. */
static void give_everything(void)
{
	machine.given.cmdline = "init=/bin/evil";
	machine.given.initrd = (struct machine_range){ paddr_of(ram), 0x1000 };
	machine.given.has_kernel = true;
	machine.fw_cfg.is_present = true;
	give_structures();
	machine.arm.passed_count = 1;
}

static void nothing_fills_the_gaps_of_a_pinned_bundle(void)
{
	struct bundle_maker maker;

	start();
	bundle_begin(&maker, other, BUNDLE_KERNEL_BZIMAGE, 0, 0);
	bundle_add(&maker, BUNDLE_SECTION_KERNEL, BUNDLE_COMPRESSION_NONE,
	           kernel, sizeof(kernel), sizeof(kernel));
	bundle_end(&maker);
	pin_other(0, SHA256_SIZE);
	give_place(other, sizeof(other));
	give_everything();
	find();
	EXPECT(payload.is_pinned);
	EXPECT(payload.initrd.kind == SOURCE_NONE);
	EXPECT(payload.cmdline.kind == SOURCE_NONE);
	EXPECT(machine.given.cmdline == NULL);
	EXPECT(machine.given.words == NULL);
	EXPECT_EQ(machine.given.initrd.size, 0);
	EXPECT(!machine.fw_cfg.is_present);
	EXPECT_EQ(machine.smbios.size, 0);
	EXPECT_EQ(machine.arm.passed_count, 0);
	/* A kernel is the gap. */
	start();
	bundle_begin(&maker, other, BUNDLE_KERNEL_NONE, 0, 0);
	bundle_end(&maker);
	pin_other(0, SHA256_SIZE);
	give_place(other, sizeof(other));
	give_everything();
	EXPECT_PANIC("payload: no kernel", find());
}

static void the_vmms_command_line_counts_if_there_is_no_other(void)
{
	struct bundle_maker maker;

	start();
	bundle_begin(&maker, own, BUNDLE_KERNEL_BZIMAGE, 0, 0);
	bundle_add(&maker, BUNDLE_SECTION_KERNEL, BUNDLE_COMPRESSION_NONE,
	           kernel, sizeof(kernel), sizeof(kernel));
	give_own(bundle_end(&maker));
	machine.given.cmdline = "reboot=t";
	find();
	expect("bundle", "reboot=t");
	EXPECT_EQ(payload.cmdline.size, sizeof("reboot=t"));
	start();
	give_own(make(own, "own"));
	machine.given.cmdline = "reboot=t";
	find();
	expect("bundle", "own");
}

static void without_a_pin_all_is_kept(void)
{
	start();
	give_own(make(own, "own"));
	give_everything();
	find();
	EXPECT(!payload.is_pinned);
	EXPECT_STR(machine.given.cmdline, "init=/bin/evil");
	EXPECT_STR(machine.given.words, "c d");
	EXPECT_EQ(machine.given.initrd.size, 0x1000);
	EXPECT(machine.fw_cfg.is_present);
	EXPECT_EQ(machine.smbios.size, sizeof(structures));
	EXPECT_EQ(machine.arm.passed_count, 1);
}

static void a_pinned_bundle_with_the_vmms_tables_panics(void)
{
	struct bundle_maker maker;

	start();
	bundle_begin(&maker, other, BUNDLE_KERNEL_BZIMAGE, BUNDLE_FLAG_VMM_ACPI,
	             0);
	bundle_add(&maker, BUNDLE_SECTION_KERNEL, BUNDLE_COMPRESSION_NONE,
	           kernel, sizeof(kernel), sizeof(kernel));
	bundle_end(&maker);
	pin_other(0, SHA256_SIZE);
	give_place(other, sizeof(other));
	EXPECT_PANIC("pin: bundle wants acpi=vmm", find());
}

/* The place is no RAM, so it may change after it was hashed. */
static void the_bytes_that_were_hashed_are_used(void)
{
	start_pinned(SHA256_SIZE);
	find();
	EXPECT((const uint8_t *)payload.kernel.data >= ram);
	EXPECT((const uint8_t *)payload.kernel.data < ram + RAM_SIZE);
	memset(other, 0x33, sizeof(other));
	expect("bundle", "pinned");
}

int main(void)
{
	RUN(our_own_bundle_is_first);
	RUN(one_beyond_all_addresses_panics);
	RUN(a_tree_of_the_platform_is_proven);
	RUN(without_one_there_is_no_tree);
	RUN(the_vmms_file_is_next);
	RUN(then_the_first_place_that_has_one);
	RUN(a_place_may_have_a_uki);
	RUN(then_the_vmms_own_kernel);
	RUN(a_kernel_of_size_0_is_none);
	RUN(the_vmms_parts_are_told_apart);
	RUN(then_the_first_disk_that_has_one);
	RUN(a_disk_is_asked_once);
	RUN(else_there_is_nothing_to_boot);
	RUN(a_bundle_without_a_kernel_is_the_end);
	RUN(room_to_unpack_zstd_is_there_when_needed);
	RUN(words_of_this_boot_come_before_those_of_init);
	RUN(no_words_of_this_boot_leave_the_line_in_its_place);
	RUN(a_line_and_words_that_fill_two_pages_have_them);
	RUN(words_of_smbios_are_appended_the_same_way);
	RUN(options_of_this_boot_win);
	RUN(each_value_of_an_option_is_known);
	RUN(values_of_this_boot_are_known_ones);
	RUN(a_bundle_in_flash_is_read_once);
	RUN(the_pinned_bundle_is_taken);
	RUN(a_place_too_small_for_a_header_is_none);
	RUN(a_pin_refuses_options_of_this_boot);
	RUN(a_pin_may_allow_words_of_this_boot);
	RUN(a_pin_passes_over_words_of_smbios);
	RUN(each_other_bundle_is_refused);
	RUN(a_pinned_bundle_that_is_wrong_ends_as_ours_says);
	RUN(a_pinned_bundle_that_is_not_there_panics);
	RUN(a_pin_that_lies_panics);
	RUN(nothing_fills_the_gaps_of_a_pinned_bundle);
	RUN(the_vmms_command_line_counts_if_there_is_no_other);
	RUN(without_a_pin_all_is_kept);
	RUN(a_pinned_bundle_with_the_vmms_tables_panics);
	RUN(the_bytes_that_were_hashed_are_used);
	return test_status();
}
