/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/aml.c - AML encoder, see aml.h
 *
 * ACPI 6.4 chapter 20 and section 6.4.
 */
#include "common/describe/aml.h"

#include "common/lib/string.h"

/* A PkgLength of three bytes, section 20.2.4: 4 bits, then 8, then 8. */
#define LENGTH_SIZE 3
#define LENGTH_LEAD 0x80

struct scope_head {
	uint8_t opcode;
	uint8_t length[LENGTH_SIZE];
	uint32_t name;
} PACKED;

struct device_head {
	uint8_t opcode[2];
	uint8_t length[LENGTH_SIZE];
	uint32_t name;
} PACKED;

struct string_head {
	struct aml_name name;
	uint8_t prefix; /* the characters and a NUL follow */
} PACKED;

struct package_head {
	struct aml_name name;
	uint8_t opcode;
	uint8_t length[LENGTH_SIZE];
	uint8_t count;
} PACKED;

struct resources_head {
	struct aml_name name;
	uint8_t opcode;
	uint8_t length[LENGTH_SIZE];
	uint8_t size_prefix;
	uint16_t size;
} PACKED;

uint8_t *aml_open_scope(struct acpi *acpi, uint32_t name)
{
	struct scope_head *head = acpi_reserve(acpi, sizeof(*head));

	head->opcode = AML_SCOPE;
	head->name = name;
	return head->length;
}

uint8_t *aml_open_device(struct acpi *acpi, uint32_t name)
{
	struct device_head *head = acpi_reserve(acpi, sizeof(*head));

	head->opcode[0] = AML_EXT;
	head->opcode[1] = AML_DEVICE;
	head->name = name;
	return head->length;
}

uint8_t *aml_open_package(struct acpi *acpi, uint32_t name, uint32_t count)
{
	struct package_head *head = acpi_reserve(acpi, sizeof(*head));

	head->name.opcode = AML_NAME;
	head->name.segment = name;
	head->opcode = AML_PACKAGE;
	head->count = (uint8_t)count;
	return head->length;
}

uint8_t *aml_open_resources(struct acpi *acpi)
{
	struct resources_head *head = acpi_reserve(acpi, sizeof(*head));

	head->name.opcode = AML_NAME;
	head->name.segment = AML_CRS;
	head->opcode = AML_BUFFER;
	head->size_prefix = AML_WORD;
	return head->length;
}

/* The length counts itself and everything behind it. */
void aml_close(struct acpi *acpi, uint8_t *opened)
{
	uint32_t length = (uint32_t)(acpi->cursor - opened);

	opened[0] = LENGTH_LEAD | (length & 0xf);
	opened[1] = (uint8_t)(length >> 4);
	opened[2] = (uint8_t)(length >> 12);
}

/* The buffer's size, which follows the length, counts the descriptors alone. */
void aml_close_resources(struct acpi *acpi, uint8_t *opened)
{
	struct aml_end_tag *end = acpi_reserve(acpi, sizeof(*end));
	struct resources_head *head =
		(void *)(opened - offsetof(struct resources_head, length));

	*end = (struct aml_end_tag)AML_END_TAG_TERM;
	head->size = (uint16_t)(acpi->cursor - (uint8_t *)(head + 1));
	aml_close(acpi, opened);
}

void aml_add_integer(struct acpi *acpi, uint32_t name, uint32_t value)
{
	struct aml_integer *integer = acpi_reserve(acpi, sizeof(*integer));

	*integer = (struct aml_integer)AML_INTEGER_TERM(name, value);
}

void aml_add_string(struct acpi *acpi, uint32_t name, const char *string)
{
	const struct string_head head = { { AML_NAME, name }, AML_STRING };

	acpi_append(acpi, &head, sizeof(head));
	acpi_append(acpi, string, strlen(string) + 1);
}

void aml_add_io(struct acpi *acpi, uint64_t base, uint64_t size)
{
	struct aml_io *io = acpi_reserve(acpi, sizeof(*io));

	*io = (struct aml_io){
		.tag = AML_IO,
		.decode_16 = 1,
		.minimum = (uint16_t)base,
		.maximum = (uint16_t)base,
		.alignment = 1,
		.length = (uint8_t)size,
	};
}

void aml_add_irq(struct acpi *acpi, uint32_t irq)
{
	struct aml_irq *descriptor = acpi_reserve(acpi, sizeof(*descriptor));

	*descriptor = (struct aml_irq){
		.tag = AML_IRQ_NO_FLAGS,
		.mask = (uint16_t)(1u << irq),
	};
}

void aml_add_interrupt(struct acpi *acpi, uint32_t gsi, uint8_t flags)
{
	struct aml_interrupt *interrupt =
		acpi_reserve(acpi, sizeof(*interrupt));

	*interrupt = (struct aml_interrupt){
		.tag = AML_INTERRUPT,
		.length = AML_LARGE_LENGTH(*interrupt),
		.flags = AML_INTERRUPT_CONSUMER | flags,
		.count = 1,
		.gsi = gsi,
	};
}

void aml_add_memory32(struct acpi *acpi, uint64_t base, uint64_t size)
{
	struct aml_memory32 *memory = acpi_reserve(acpi, sizeof(*memory));

	*memory = (struct aml_memory32){
		.tag = AML_MEMORY32_FIXED,
		.length = AML_LARGE_LENGTH(*memory),
		.is_writable = 1,
		.base = (uint32_t)base,
		.size = (uint32_t)size,
	};
}

void aml_add_registers(struct acpi *acpi, uint64_t base, uint64_t size)
{
	struct aml_qword_space *space;

	if ((base + size) >> 32 == 0) {
		aml_add_memory32(acpi, base, size);
		return;
	}
	space = aml_add_qword_space(acpi, AML_SPACE_MEMORY, AML_MEMORY_WRITABLE,
	                            base, size, 0);
	space->general_flags |= AML_SPACE_CONSUMER;
}

void aml_add_buses(struct acpi *acpi, uint32_t first, uint32_t last)
{
	struct aml_word_space *space = acpi_reserve(acpi, sizeof(*space));

	*space = (struct aml_word_space){
		.tag = AML_WORD_SPACE,
		.length = AML_LARGE_LENGTH(*space),
		.type = AML_SPACE_BUS,
		.general_flags = AML_SPACE_FIXED,
		.minimum = (uint16_t)first,
		.maximum = (uint16_t)last,
		.size = (uint16_t)(last - first + 1),
	};
}

struct aml_qword_space *aml_add_qword_space(struct acpi *acpi,
                                            enum aml_space type,
                                            uint8_t type_flags, uint64_t base,
                                            uint64_t size, uint64_t translation)
{
	struct aml_qword_space *space = acpi_reserve(acpi, sizeof(*space));

	space->tag = AML_QWORD_SPACE;
	space->length = AML_LARGE_LENGTH(*space);
	space->type = (uint8_t)type;
	space->general_flags = AML_SPACE_FIXED;
	space->type_flags = type_flags;
	space->granularity = 0;
	space->minimum = base;
	space->maximum = base + size - 1;
	space->translation = translation;
	space->size = size;
	return space;
}

void aml_add_window(struct acpi *acpi, const struct machine_range *window)
{
	if (window->size)
		aml_add_qword_space(acpi, AML_SPACE_MEMORY, AML_MEMORY_WRITABLE,
		                    window->base, window->size, 0);
}

void aml_set_dword(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

void aml_set_qword(uint8_t *at, uint64_t value)
{
	memcpy(at, &value, sizeof(value));
}
