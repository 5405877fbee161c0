/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_aml.c - each term of the encoder, byte by byte */
#include <string.h>

#include "common/describe/aml.h"
#include "tests/unit/test.h"

static _Alignas(64) uint8_t area[4096];
static struct acpi acpi;

static void begin(void)
{
	acpi_begin_area(&acpi, area, 0, sizeof(area));
}

#define EXPECT_BYTES(...)                                                      \
	do {                                                                   \
		const uint8_t wanted[] = { __VA_ARGS__ };                      \
		EXPECT_EQ(acpi_used(&acpi), sizeof(wanted));                   \
		EXPECT(memcmp(area, wanted, sizeof(wanted)) == 0);             \
	} while (0)

static void nested_scopes_have_their_lengths(void)
{
	uint8_t *bus, *device;

	begin();
	bus = aml_open_scope(&acpi, AML_NAME4('_', 'S', 'B', '_'));
	device = aml_open_device(&acpi, AML_NAME4('A', 'B', 'C', 'D'));
	aml_close(&acpi, device);
	aml_close(&acpi, bus);
	EXPECT_BYTES(0x10, 0x80, 0x01, 0x00, '_', 'S', 'B', '_', 0x5b, 0x82,
	             0x87, 0x00, 0x00, 'A', 'B', 'C', 'D');
}

static void packages_tell_their_count(void)
{
	uint8_t *package;

	begin();
	package = aml_open_package(&acpi, AML_PRT, 1);
	acpi_append(&acpi, "abc", 3);
	aml_close(&acpi, package);
	EXPECT_BYTES(0x08, '_', 'P', 'R', 'T', 0x12, 0x87, 0x00, 0x00, 0x01,
	             'a', 'b', 'c');
}

static void great_lengths_take_all_three_bytes(void)
{
	uint8_t *device;

	begin();
	device = aml_open_device(&acpi, 0);
	acpi_reserve(&acpi, 0x321 - 7);
	aml_close(&acpi, device);
	EXPECT_EQ(area[2], 0x81);
	EXPECT_EQ(area[3], 0x32);
	EXPECT_EQ(area[4], 0x00);
}

static void integers_have_room_for_any_value(void)
{
	begin();
	aml_add_integer(&acpi, AML_UID, 1);
	EXPECT_BYTES(0x08, '_', 'U', 'I', 'D', 0x0c, 0x01, 0x00, 0x00, 0x00);
	begin();
	aml_add_integer(&acpi, AML_UID, 0x12345678);
	EXPECT_BYTES(0x08, '_', 'U', 'I', 'D', 0x0c, 0x78, 0x56, 0x34, 0x12);
}

static void ids_are_encoded(void)
{
	begin();
	aml_add_integer(&acpi, AML_HID, AML_EISA_PNP(0x0501));
	EXPECT_BYTES(0x08, '_', 'H', 'I', 'D', 0x0c, 0x41, 0xd0, 0x05, 0x01);
	begin();
	aml_add_string(&acpi, AML_HID, "ACPI0013");
	EXPECT_BYTES(0x08, '_', 'H', 'I', 'D', 0x0d, 'A', 'C', 'P', 'I', '0',
	             '0', '1', '3', 0x00);
}

static void resources_end_with_their_size(void)
{
	uint8_t *resources;

	begin();
	resources = aml_open_resources(&acpi);
	aml_add_io(&acpi, 0x3f8, 8);
	aml_add_irq(&acpi, 4);
	aml_close_resources(&acpi, resources);
	EXPECT_BYTES(0x08, '_', 'C', 'R', 'S', 0x11, 0x83, 0x01, 0x00, 0x0b,
	             0x0d, 0x00, 0x47, 0x01, 0xf8, 0x03, 0xf8, 0x03, 0x01, 0x08,
	             0x22, 0x10, 0x00, 0x79, 0x00);
}

static void descriptors_are_encoded(void)
{
	begin();
	aml_add_interrupt(&acpi, 0x123, AML_INTERRUPT_EDGE);
	EXPECT_BYTES(0x89, 0x06, 0x00, 0x03, 0x01, 0x23, 0x01, 0x00, 0x00);
	begin();
	aml_add_memory32(&acpi, 0xfed00000, 0x400);
	EXPECT_BYTES(0x86, 0x09, 0x00, 0x01, 0x00, 0x00, 0xd0, 0xfe, 0x00, 0x04,
	             0x00, 0x00);
	begin();
	aml_add_buses(&acpi, 0x10, 0xff);
	EXPECT_BYTES(0x88, 0x0d, 0x00, 0x02, 0x0c, 0x00, 0x00, 0x00, 0x10, 0x00,
	             0xff, 0x00, 0x00, 0x00, 0xf0, 0x00);
	begin();
	aml_add_qword_space(&acpi, AML_SPACE_IO,
	                    AML_IO_ENTIRE_RANGE | AML_IO_TRANSLATES, 0x1000,
	                    0x100, 0x3eff0000);
	EXPECT_BYTES(0x8a, 0x2b, 0x00, 0x01, 0x0c, 0x13, 0, 0, 0, 0, 0, 0, 0, 0,
	             0x00, 0x10, 0, 0, 0, 0, 0, 0, 0xff, 0x10, 0, 0, 0, 0, 0, 0,
	             0x00, 0x00, 0xff, 0x3e, 0, 0, 0, 0, 0x00, 0x01, 0, 0, 0, 0,
	             0, 0);
}

/* Above 4 GiB the descriptor is a long one, and the device's own. */
static void registers_may_be_anywhere(void)
{
	begin();
	aml_add_registers(&acpi, 0xfffff000, 0xfff);
	EXPECT_EQ(acpi_used(&acpi), sizeof(struct aml_memory32));
	EXPECT_EQ(area[0], AML_MEMORY32_FIXED);
	begin();
	aml_add_registers(&acpi, 0xfffff000, 0x1000);
	EXPECT_EQ(acpi_used(&acpi), sizeof(struct aml_qword_space));
	EXPECT_EQ(area[0], AML_QWORD_SPACE);
	EXPECT_EQ(area[4], AML_SPACE_FIXED | AML_SPACE_CONSUMER);
	EXPECT_EQ(area[5], AML_MEMORY_WRITABLE);
	EXPECT_EQ(load_le64(area + 14), 0xfffff000);
	EXPECT_EQ(load_le64(area + 22), 0xffffffff);
}

static void integers_of_fragments_are_set(void)
{
	uint8_t *fragment;

	begin();
	fragment = acpi_append(&acpi, "abcdefghijklmn", 14);
	aml_set_dword(fragment + 1, 0x12345678);
	aml_set_qword(fragment + 5, 0x1122334455667788);
	EXPECT_BYTES('a', 0x78, 0x56, 0x34, 0x12, 0x88, 0x77, 0x66, 0x55, 0x44,
	             0x33, 0x22, 0x11, 'n');
}

int main(void)
{
	RUN(nested_scopes_have_their_lengths);
	RUN(packages_tell_their_count);
	RUN(great_lengths_take_all_three_bytes);
	RUN(integers_have_room_for_any_value);
	RUN(ids_are_encoded);
	RUN(resources_end_with_their_size);
	RUN(descriptors_are_encoded);
	RUN(registers_may_be_anywhere);
	RUN(integers_of_fragments_are_set);
	return test_status();
}
