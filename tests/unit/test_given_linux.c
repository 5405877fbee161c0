/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_given_linux.c - what VMMs hand over by Linux's protocol */
#include <string.h>

#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/given.h"
#include "common/spec/linux_x86.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define LOW_BASE 0x1000
#define GIVEN    0x7000 /* as Firecracker has it */
#define TEXT     0x20000
#define RECORDS  0x30000
#define MIB      0x100000ULL

static struct machine machine;
static struct handoff handoff;

static struct boot_params *params(void)
{
	return paddr_ptr(GIVEN);
}

static void start(void)
{
	struct boot_params *given = params();

	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(paddr_ptr(LOW_BASE), 0, LOW_RAM_END - LOW_BASE);
	handoff = (struct handoff){ .door = DOOR_LINUX,
		                    .given_paddr = GIVEN,
		                    .blob_paddr = BLOB_BASE };
	given->hdr.header = SETUP_HEADER_MAGIC;
	given->e820_entries = 2;
	given->e820_table[0] = (struct e820_entry){ 0, 0x9fc00, MEMORY_RAM };
	given->e820_table[1] =
		(struct e820_entry){ MIB, 511 * MIB, MEMORY_RAM };
	given->hdr.ramdisk_image = 0x1000000;
	given->hdr.ramdisk_size = 0x2000;
	given->hdr.cmd_line_ptr = TEXT;
	given->acpi_rsdp_addr = 0xe0000;
	strcpy(paddr_ptr(TEXT), "reboot=t");
}

static void read(void)
{
	given_read(&machine, &handoff);
}

static struct setup_data *add_record(paddr_t at, uint32_t type, uint32_t size,
                                     paddr_t next)
{
	struct setup_data *data = paddr_ptr(at);

	*data = (struct setup_data){ .type = type, .len = size, .next = next };
	return data;
}

static void boot_params_are_read(void)
{
	const struct machine_given *given = &machine.given;

	start();
	read();
	EXPECT_EQ(machine.ram_count, 2);
	EXPECT_EQ(machine.ram[1].size, 511 * MIB);
	EXPECT_EQ(given->rsdp_paddr, 0xe0000);
	EXPECT_EQ(given->initrd.base, 0x1000000);
	EXPECT_EQ(given->initrd.size, 0x2000);
	EXPECT_EQ(given->bundle_count, 1);
	EXPECT_STR(given->cmdline, "reboot=t");
	EXPECT_EQ(paddr_of(given->cmdline), DOOR_CMDLINE_BASE);
	EXPECT_EQ(machine.pc.setup_data_paddr, 0);
}

static void addresses_have_two_halves(void)
{
	start();
	params()->ext_ramdisk_image = 3;
	params()->ext_ramdisk_size = 1;
	read();
	EXPECT_EQ(machine.given.initrd.base, 0x301000000);
	EXPECT_EQ(machine.given.initrd.size, 0x100002000);
	start();
	params()->ext_cmd_line_ptr = 1;
	EXPECT_PANIC("cmdline: 0x1 bytes at 0x100020000: must be in the first "
	             "GiB",
	             read());
}

static void without_an_initrd_there_is_none(void)
{
	start();
	params()->hdr.ramdisk_size = 0;
	params()->hdr.cmd_line_ptr = 0;
	read();
	EXPECT_EQ(machine.given.bundle_count, 0);
	EXPECT_EQ(machine.given.initrd.size, 0);
	EXPECT(machine.given.cmdline == NULL);
}

static void a_wrong_header_panics(void)
{
	start();
	params()->hdr.header ^= 1;
	EXPECT_PANIC("boot_params: at 0x7000: header 0x53726449, must be "
	             "0x53726448",
	             read());
}

static void boot_params_out_of_reach_panic(void)
{
	static const paddr_t wild[] = { 0,          BOOT_BASE - 0xfff,
		                        BOOT_BASE,  DOOR_MAP_END - 0xfff,
		                        0xfffff000, UINT64_MAX };

	for (volatile uint32_t i = 0; i < ARRAY_COUNT(wild); i++) {
		start();
		handoff.given_paddr = wild[i];
		EXPECT_PANIC("boot_params: 0x1000 bytes at ", read());
	}
}

static void a_map_is_no_longer_than_its_table(void)
{
	start();
	params()->e820_entries = 255;
	for (uint32_t i = 0; i < E820_TABLE_MAX; i++)
		params()->e820_table[i] =
			(struct e820_entry){ i * MIB, MIB, MEMORY_RAM };
	memset(params() + 1, 0x77, 0x1000); /* ranges, if they were read */
	read();
	EXPECT_EQ(machine.ram_count, E820_TABLE_MAX);
}

static void more_of_the_map_is_in_a_record(void)
{
	struct e820_entry *entries = paddr_ptr(RECORDS + 16);

	start();
	params()->hdr.setup_data = RECORDS;
	add_record(RECORDS, SETUP_E820_EXT, 2 * 20 + 19, 0);
	entries[0] = (struct e820_entry){ 8 * MIB, MIB, MEMORY_ACPI };
	entries[1] = (struct e820_entry){ 9 * MIB, MIB, MEMORY_NVS };
	read();
	EXPECT_EQ(machine.ram_count, 4);
	EXPECT_EQ(machine.ram[2].type, MEMORY_ACPI);
	EXPECT_EQ(machine.ram[3].base, 9 * MIB);
	EXPECT_EQ(machine.pc.setup_data_paddr, 0);
}

static void a_seed_is_kept_for_the_kernel(void)
{
	const struct setup_data *kept = paddr_ptr(SEED_BASE);

	start();
	params()->hdr.setup_data = RECORDS;
	memset(add_record(RECORDS, 7, 40, RECORDS + 0x100) + 1, 1, 40);
	memset(add_record(RECORDS + 0x100, SETUP_RNG_SEED, 32, 0) + 1, 0x77,
	       32);
	read();
	EXPECT_EQ(machine.pc.setup_data_paddr, SEED_BASE);
	EXPECT_EQ(kept->next, 0);
	EXPECT_EQ(kept->type, SETUP_RNG_SEED);
	EXPECT_EQ(kept->len, 32);
	EXPECT(fake_ram_is(SEED_BASE + 16, SEED_BASE + 48, 0x77));
	EXPECT(fake_ram_is(SEED_BASE + 48, ZERO_PAGE_BASE, 0));
}

/* All RAM that the VMM's data are in is the kernel's soon. */
static void a_seed_has_no_second_copy(void)
{
	uint8_t seed[32];
	uint32_t count = 0;

	start();
	for (uint32_t i = 0; i < sizeof(seed); i++)
		seed[i] = (uint8_t)(i * 37 + 11);
	params()->hdr.setup_data = RECORDS;
	memcpy(add_record(RECORDS, SETUP_RNG_SEED, sizeof(seed), 0) + 1, seed,
	       sizeof(seed));
	read();
	for (paddr_t at = LOW_BASE; at + sizeof(seed) <= LOW_RAM_END; at++)
		count += !memcmp(paddr_ptr(at), seed, sizeof(seed));
	EXPECT_EQ(count, 1);
	EXPECT(fake_ram_is(RECORDS + 16, RECORDS + 16 + sizeof(seed), 0));
	/* So is one that touches the place of the kept one. */
	start();
	params()->hdr.setup_data = SEED_BASE + SEED_SIZE;
	memset(add_record(SEED_BASE + SEED_SIZE, SETUP_RNG_SEED, 32, 0) + 1,
	       0x77, 32);
	read();
	EXPECT(fake_ram_is(SEED_BASE + 16, SEED_BASE + 48, 0x77));
	EXPECT(fake_ram_is(SEED_BASE + SEED_SIZE + 16, ZERO_PAGE_BASE, 0));
	/* Its neighbours stay. */
	start();
	params()->hdr.setup_data = RECORDS;
	memset(paddr_ptr(RECORDS), 0x55, 0x100);
	add_record(RECORDS, SETUP_RNG_SEED, 32, 0);
	read();
	EXPECT(fake_ram_is(RECORDS + 16, RECORDS + 48, 0));
	EXPECT(fake_ram_is(RECORDS + 48, RECORDS + 0x100, 0x55));
}

/* The wipe would go to code that is about to run. */
static void a_seed_is_not_in_the_blob(void)
{
	const paddr_t blob = RECORDS + 0x1000;
	const paddr_t places[] = { blob, blob - 16, blob + BLOB_SIZE - 16 };

	for (volatile uint32_t i = 0; i < ARRAY_COUNT(places); i++) {
		start();
		handoff.blob_paddr = blob;
		params()->hdr.setup_data = places[i];
		add_record(places[i], SETUP_RNG_SEED, 32, 0);
		EXPECT_PANIC("setup_data: seed at 0x", read());
	}
	start();
	handoff.blob_paddr = blob;
	params()->hdr.setup_data = blob + BLOB_SIZE; /* behind it */
	add_record(blob + BLOB_SIZE, SETUP_RNG_SEED, 32, 0);
	read();
	EXPECT_EQ(machine.pc.setup_data_paddr, SEED_BASE);
	start();
	handoff.blob_paddr = blob;
	params()->hdr.setup_data = blob - SEED_SIZE;
	add_record(blob - SEED_SIZE, SETUP_RNG_SEED, 32, 0);
	read();
	EXPECT_EQ(machine.pc.setup_data_paddr, SEED_BASE);
}

static void a_record_has_as_many_ranges_as_there_may_be(void)
{
	start();
	params()->hdr.setup_data = RECORDS;
	memset(add_record(RECORDS, SETUP_E820_EXT, 512 * 20, 0) + 1, 0,
	       513 * 20); /* empty ones */
	read();
	EXPECT_EQ(machine.ram_count, 2);
	start();
	params()->hdr.setup_data = RECORDS;
	add_record(RECORDS, SETUP_E820_EXT, 513 * 20, 0);
	EXPECT_PANIC("e820: more than 512 ranges", read());
}

/* A seed may be there after a reboot by kexec, or by chance. */
static void a_seed_may_lie_there_already(void)
{
	start();
	params()->hdr.setup_data = SEED_BASE - 8;
	memset(add_record(SEED_BASE - 8, SETUP_RNG_SEED, 64, 0) + 1, 0x77, 64);
	read();
	EXPECT(fake_ram_is(SEED_BASE + 16, SEED_BASE + 80, 0x77));
	EXPECT_EQ(((struct setup_data *)paddr_ptr(SEED_BASE))->len, 64);
}

/* The VMM's is read at its second address, and may end in the kernel's. */
static void a_seed_may_overlap_the_place_of_the_kept_one(void)
{
	const uint32_t size = 200;

	for (volatile int64_t shift = -64; shift <= 64; shift += 16) {
		uint8_t *seed, *kept = paddr_ptr(SEED_BASE + 16);

		start();
		params()->hdr.setup_data = SEED_BASE + shift;
		seed = (void *)(add_record(SEED_BASE + shift, SETUP_RNG_SEED,
		                           size, 0) +
		                1);
		for (uint32_t i = 0; i < size; i++)
			seed[i] = (uint8_t)i;
		read();
		for (uint32_t i = 0; i < size; i++)
			EXPECT_EQ(kept[i], i);
	}
}

static void a_long_seed_is_cut(void)
{
	const struct setup_data *kept = paddr_ptr(SEED_BASE);

	start();
	params()->hdr.setup_data = RECORDS;
	memset(add_record(RECORDS, SETUP_RNG_SEED, 0x1000, 0) + 1, 0x77,
	       0x1000);
	read();
	EXPECT_EQ(kept->len, SEED_SIZE - 16);
	EXPECT(fake_ram_is(SEED_BASE + 16, SEED_BASE + SEED_SIZE, 0x77));
	EXPECT(fake_ram_is(SEED_BASE + SEED_SIZE, ZERO_PAGE_BASE, 0));
}

static void records_in_a_circle_panic(void)
{
	start();
	params()->hdr.setup_data = RECORDS;
	add_record(RECORDS, 7, 0, RECORDS + 0x100);
	add_record(RECORDS + 0x100, 7, 0, RECORDS);
	EXPECT_PANIC("setup_data: more than 64 records", read());
	start();
	params()->hdr.setup_data = RECORDS;
	for (uint32_t i = 0; i < 64; i++)
		add_record(RECORDS + i * 16, 7, 0,
		           i < 63 ? RECORDS + (i + 1) * 16 : 0);
	read(); /* as many as that are */
}

static void records_out_of_reach_panic(void)
{
	start();
	params()->hdr.setup_data = 1ULL << 40;
	EXPECT_PANIC("setup_data: 0x10 bytes at 0x10000000000: must be in the "
	             "first GiB",
	             read());
	start();
	params()->hdr.setup_data = RECORDS;
	add_record(RECORDS, 7, 0, BOOT_BASE - 8);
	EXPECT_PANIC("setup_data: 0x10 bytes at 0x6fff8: must not be in "
	             "0x70000 to 0x9c000",
	             read());
	start();
	params()->hdr.setup_data = RECORDS;
	add_record(RECORDS, SETUP_E820_EXT, UINT32_MAX, 0);
	EXPECT_PANIC("setup_data: 0x10000000f bytes at 0x30000", read());
	start();
	params()->hdr.setup_data = RECORDS;
	add_record(RECORDS, SETUP_RNG_SEED, BOOT_BASE - RECORDS, 0);
	EXPECT_PANIC("setup_data: 0x40010 bytes at 0x30000", read());
}

static void a_map_without_end_panics(void)
{
	struct e820_entry *entries = paddr_ptr(RECORDS + 16);

	start();
	params()->hdr.setup_data = RECORDS;
	add_record(RECORDS, SETUP_E820_EXT, 600 * 20, 0);
	for (uint32_t i = 0; i < 600; i++)
		entries[i] = (struct e820_entry){ i * MIB, MIB, MEMORY_RAM };
	EXPECT_PANIC("e820: more than 512 ranges", read());
}

/* Records of nothing, each of the whole first GiB, would take a minute. */
static void a_map_of_empty_ranges_ends_too(void)
{
	start();
	params()->hdr.setup_data = RECORDS;
	add_record(RECORDS, SETUP_E820_EXT, 513 * 20, 0);
	EXPECT_PANIC("e820: more than 512 ranges", read());
	start();
	params()->hdr.setup_data = RECORDS;
	add_record(RECORDS, SETUP_E820_EXT, 512 * 20, 0);
	read();
	EXPECT_EQ(machine.ram_count, 2);
}

static void a_record_may_be_at_an_odd_address(void)
{
	start();
	params()->hdr.setup_data = RECORDS + 1;
	memset(add_record(RECORDS + 1, SETUP_RNG_SEED, 32, 0) + 1, 0x77, 32);
	read();
	EXPECT_EQ(machine.pc.setup_data_paddr, SEED_BASE);
}

int main(void)
{
	if (!fake_ram_map(LOW_BASE, LOW_RAM_END) ||
	    !fake_ram_alias(LOW_BASE, LOW_RAM_END, LOW_ALIAS + LOW_BASE))
		return fake_ram_skip("test_given_linux");
	RUN(boot_params_are_read);
	RUN(addresses_have_two_halves);
	RUN(without_an_initrd_there_is_none);
	RUN(a_wrong_header_panics);
	RUN(boot_params_out_of_reach_panic);
	RUN(a_map_is_no_longer_than_its_table);
	RUN(more_of_the_map_is_in_a_record);
	RUN(a_seed_is_kept_for_the_kernel);
	RUN(a_seed_has_no_second_copy);
	RUN(a_seed_is_not_in_the_blob);
	RUN(a_record_has_as_many_ranges_as_there_may_be);
	RUN(a_seed_may_lie_there_already);
	RUN(a_seed_may_overlap_the_place_of_the_kept_one);
	RUN(a_long_seed_is_cut);
	RUN(records_in_a_circle_panic);
	RUN(records_out_of_reach_panic);
	RUN(a_map_without_end_panics);
	RUN(a_map_of_empty_ranges_ends_too);
	RUN(a_record_may_be_at_an_odd_address);
	return test_status();
}
