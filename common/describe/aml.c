/* SPDX-License-Identifier: BSD-2-Clause */
/* common/describe/aml.c - AML encoder; ACPI 6.4 chapter 20 and section 6.4 */
#include "common/describe/aml.h"

/* Of a PkgLength of 3 bytes, section 20.2.4: 4 bits, then 2 times 8 */
#define LENGTH_LEAD          0x80

#define RESOURCE_HEADER_SIZE 3 /* tag and length of a large descriptor */

struct aml_device_head {
	uint8_t ext;
	uint8_t opcode;
	uint8_t pkg_length[AML_LENGTH_SIZE];
	uint32_t name;
} PACKED;

struct aml_scope_head {
	uint8_t opcode;
	uint8_t pkg_length[AML_LENGTH_SIZE];
	uint32_t name;
} PACKED;

struct aml_name_head {
	uint8_t opcode;
	uint32_t name;
} PACKED;

struct aml_resources_head {
	struct aml_name_head name;
	uint8_t opcode;
	uint8_t pkg_length[AML_LENGTH_SIZE];
	uint8_t size_prefix;
	uint16_t size;
} PACKED;

struct aml_end_tag {
	uint8_t tag;
	uint8_t checksum; /* 0: not used */
} PACKED;

uint8_t *aml_open_system_bus(struct acpi *acpi)
{
	struct aml_scope_head *head = acpi_take(acpi, sizeof(*head));

	head->opcode = AML_SCOPE;
	head->name = AML_NAME4('_', 'S', 'B', '_');
	for (uint32_t i = 0; i < AML_LENGTH_SIZE; i++)
		head->pkg_length[i] = 0; /* until it is closed */
	return head->pkg_length;
}

void aml_close_system_bus(struct acpi *acpi, uint8_t *opened)
{
	aml_close(acpi, opened);
	acpi->sum += opened[0] + opened[1] + opened[2];
}

uint8_t *aml_open_device(struct acpi *acpi, uint32_t name)
{
	struct aml_device_head *head = acpi_take(acpi, sizeof(*head));

	head->ext = AML_EXT;
	head->opcode = AML_DEVICE;
	head->name = name;
	return head->pkg_length;
}

void aml_close(struct acpi *acpi, uint8_t *opened)
{
	uint32_t length = (uint32_t)(acpi->cursor - opened);

	opened[0] = LENGTH_LEAD | (length & 0xf);
	opened[1] = (uint8_t)(length >> 4);
	opened[2] = (uint8_t)(length >> 12);
}

static void *aml_add_name(struct acpi *acpi, uint32_t name, uint32_t size)
{
	struct aml_name_head *head = acpi_take(acpi, sizeof(*head) + size);

	head->opcode = AML_NAME;
	head->name = name;
	return head + 1;
}

uint8_t *aml_open_resources(struct acpi *acpi)
{
	struct aml_resources_head *head = acpi_take(acpi, sizeof(*head));

	head->name.opcode = AML_NAME;
	head->name.name = AML_NAME4('_', 'C', 'R', 'S');
	head->opcode = AML_BUFFER;
	head->size_prefix = AML_WORD;
	return head->pkg_length;
}

void aml_close_resources(struct acpi *acpi, uint8_t *opened)
{
	struct aml_end_tag *end = acpi_take(acpi, sizeof(*end));
	struct aml_resources_head *head =
		(struct aml_resources_head *)(opened -
	                                      offsetof(
						      struct aml_resources_head,
						      pkg_length));

	end->tag = AML_END_TAG;
	end->checksum = 0;
	head->size = (uint16_t)(acpi->cursor - (uint8_t *)(head + 1));
	aml_close(acpi, opened);
}

void aml_add_integer(struct acpi *acpi, uint32_t name, uint32_t value)
{
	uint8_t *data = aml_add_name(acpi, name, 1 + 4);

	data[0] = AML_DWORD;
	acpi_store32(data + 1, value);
}

void aml_add_acpi_id(struct acpi *acpi, const char *id)
{
	uint8_t *data =
		aml_add_name(acpi, AML_NAME4('_', 'H', 'I', 'D'), 1 + 8 + 1);

	data[0] = AML_STRING;
	acpi_store64(data + 1, ((const struct acpi_qword *)id)->value);
	data[9] = 0;
}

void aml_add_io(struct acpi *acpi, uint64_t base, uint64_t size)
{
	struct aml_io *io = acpi_take(acpi, sizeof(*io));

	io->tag = AML_IO;
	io->decode_16 = 1;
	io->minimum = (uint16_t)base;
	io->maximum = (uint16_t)base;
	io->alignment = 1;
	io->length = (uint8_t)size;
}

void aml_add_irq(struct acpi *acpi, uint32_t irq)
{
	struct aml_irq *descriptor = acpi_take(acpi, sizeof(*descriptor));

	descriptor->tag = AML_IRQ_NO_FLAGS;
	descriptor->mask = (uint16_t)(1u << irq);
}

void aml_add_interrupt(struct acpi *acpi, uint32_t gsi, uint8_t flags)
{
	struct aml_interrupt *interrupt = acpi_take(acpi, sizeof(*interrupt));

	interrupt->tag = AML_INTERRUPT;
	interrupt->length = sizeof(*interrupt) - RESOURCE_HEADER_SIZE;
	interrupt->flags = AML_INTERRUPT_CONSUMER | flags;
	interrupt->count = 1;
	interrupt->gsi = gsi;
}

void aml_add_memory32(struct acpi *acpi, uint64_t base, uint64_t size)
{
	struct aml_memory32 *memory = acpi_take(acpi, sizeof(*memory));

	memory->tag = AML_MEMORY32_FIXED;
	memory->length = sizeof(*memory) - RESOURCE_HEADER_SIZE;
	memory->is_writable = 1;
	memory->base = (uint32_t)base;
	memory->size = (uint32_t)size;
}

void aml_add_buses(struct acpi *acpi, uint32_t first, uint32_t last)
{
	struct aml_word_space *space = acpi_take(acpi, sizeof(*space));

	space->tag = AML_WORD_SPACE;
	space->length = sizeof(*space) - RESOURCE_HEADER_SIZE;
	space->type = AML_SPACE_BUS;
	space->general_flags = AML_SPACE_FIXED;
	space->type_flags = 0;
	space->granularity = 0;
	space->minimum = (uint16_t)first;
	space->maximum = (uint16_t)last;
	space->translation = 0;
	space->size = (uint16_t)(last - first + 1);
}

void aml_add_registers(struct acpi *acpi, uint64_t base, uint64_t size)
{
	struct aml_qword_space *space = (struct aml_qword_space *)acpi->cursor;

	if ((base + size) >> 32 == 0) {
		aml_add_memory32(acpi, base, size);
		return;
	}
	aml_add_qword_space(acpi, AML_SPACE_MEMORY, AML_MEMORY_WRITABLE, base,
	                    size, 0);
	space->general_flags |= AML_SPACE_CONSUMER;
}

void aml_add_qword_space(struct acpi *acpi, enum aml_space type,
                         uint8_t type_flags, uint64_t base, uint64_t size,
                         uint64_t translation)
{
	struct aml_qword_space *space = acpi_take(acpi, sizeof(*space));

	space->tag = AML_QWORD_SPACE;
	space->length = sizeof(*space) - RESOURCE_HEADER_SIZE;
	space->type = (uint8_t)type;
	space->general_flags = AML_SPACE_FIXED;
	space->type_flags = type_flags;
	space->granularity = 0;
	space->minimum = base;
	space->maximum = base + size - 1;
	space->translation = translation;
	space->size = size;
}
