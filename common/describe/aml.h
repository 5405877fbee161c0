/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/aml.h - AML, the byte code of the DSDT, appended term by term
 *
 * ACPI 6.4 chapter 20; resource descriptors: section 6.4. What is the same on
 * every machine is a constant fragment, compiled by hand, its ASL above it;
 * this encoder adds what is not. Lengths are always three bytes and integers
 * in fragments have room for any value: longer than a compiler's output, and
 * just as valid.
 */
#ifndef COMMON_DESCRIBE_AML_H
#define COMMON_DESCRIBE_AML_H

#include "common/describe/acpi.h"

/* Opcodes, section 20.3; two-byte ones as they lie in memory */
enum aml_opcode {
	AML_ZERO = 0x00,
	AML_ONE = 0x01,
	AML_NAME = 0x08,
	AML_BYTE = 0x0a,
	AML_WORD = 0x0b,
	AML_DWORD = 0x0c,
	AML_STRING = 0x0d,
	AML_QWORD = 0x0e,
	AML_SCOPE = 0x10,
	AML_BUFFER = 0x11,
	AML_PACKAGE = 0x12,
	AML_METHOD = 0x14,
	AML_EXT = 0x5b,
	AML_DEVICE = 0x82, /* after AML_EXT */
};

/* Resource descriptors, section 6.4.2 and 6.4.3 */
enum aml_resource {
	AML_IRQ_NO_FLAGS = 0x22,
	AML_IO = 0x47,
	AML_END_TAG = 0x79,
	AML_MEMORY32_FIXED = 0x86,
	AML_WORD_SPACE = 0x88,
	AML_INTERRUPT = 0x89,
	AML_QWORD_SPACE = 0x8a,
};

/* Types and flags of address space descriptors, section 6.4.3.5 */
enum aml_space {
	AML_SPACE_MEMORY = 0,
	AML_SPACE_IO = 1,
	AML_SPACE_BUS = 2,
};

#define AML_SPACE_FIXED     0x0c /* general: minimum and maximum */
#define AML_SPACE_CONSUMER  0x01 /* general: for the device itself */
#define AML_MEMORY_WRITABLE 0x01 /* read-write, not cacheable */
#define AML_IO_ENTIRE_RANGE 0x03
#define AML_IO_TRANSLATES   0x10 /* TypeTranslation: from memory */

/* Interrupt descriptor, section 6.4.3.6 */
enum aml_interrupt_flags {
	AML_INTERRUPT_CONSUMER = 1 << 0,
	AML_INTERRUPT_EDGE = 1 << 1,
	AML_INTERRUPT_ACTIVE_LOW = 1 << 2,
	AML_INTERRUPT_SHARED = 1 << 3,
};

/* PkgLength in the form of 3 bytes, section 20.2.4 */
#define AML_LENGTH_SIZE 3

/* A name segment as the four bytes it is. */
#define AML_NAME4(a, b, c, d)                                                  \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 |            \
	 (uint32_t)(d) << 24)

#define AML_HID AML_NAME4('_', 'H', 'I', 'D')
#define AML_CID AML_NAME4('_', 'C', 'I', 'D')
#define AML_UID AML_NAME4('_', 'U', 'I', 'D')
#define AML_SEG AML_NAME4('_', 'S', 'E', 'G')
#define AML_BBN AML_NAME4('_', 'B', 'B', 'N')
#define AML_PXM AML_NAME4('_', 'P', 'X', 'M')
#define AML_CCA AML_NAME4('_', 'C', 'C', 'A')

/* An EISA ID like PNP0A08: three letters, compressed, and a product. */
#define AML_EISA_PNP(product)                                                  \
	(0xd041u | ((product) >> 8 & 0xff) << 16 |                             \
	 (uint32_t)((product)&0xff) << 24)

struct aml_io {
	uint8_t tag;
	uint8_t decode_16;
	uint16_t minimum;
	uint16_t maximum;
	uint8_t alignment;
	uint8_t length;
} PACKED;

struct aml_irq {
	uint8_t tag;
	uint16_t mask;
} PACKED;

struct aml_memory32 {
	uint8_t tag;
	uint16_t length;
	uint8_t is_writable;
	uint32_t base;
	uint32_t size;
} PACKED;

struct aml_interrupt {
	uint8_t tag;
	uint16_t length;
	uint8_t flags;
	uint8_t count;
	uint32_t gsi;
} PACKED;

struct aml_word_space {
	uint8_t tag;
	uint16_t length;
	uint8_t type;
	uint8_t general_flags;
	uint8_t type_flags;
	uint16_t granularity;
	uint16_t minimum;
	uint16_t maximum;
	uint16_t translation;
	uint16_t size;
} PACKED;

struct aml_qword_space {
	uint8_t tag;
	uint16_t length;
	uint8_t type;
	uint8_t general_flags;
	uint8_t type_flags;
	uint64_t granularity;
	uint64_t minimum;
	uint64_t maximum;
	uint64_t translation;
	uint64_t size;
} PACKED;

static_assert(sizeof(struct aml_io) == 8, "ACPI 6.4.2.5");
static_assert(sizeof(struct aml_irq) == 3, "ACPI 6.4.2.1");
static_assert(sizeof(struct aml_memory32) == 12, "ACPI 6.4.3.4");
static_assert(sizeof(struct aml_interrupt) == 9, "ACPI 6.4.3.6");
static_assert(sizeof(struct aml_word_space) == 16, "ACPI 6.4.3.5.3");
static_assert(sizeof(struct aml_qword_space) == 46, "ACPI 6.4.3.5.1");

/*
 * Opens and closes Scope (_SB), the first thing and the last of a table: at
 * least one acpi_sum_before() must have summed its head meanwhile.
 */
uint8_t *aml_open_system_bus(struct acpi *acpi);
void aml_close_system_bus(struct acpi *acpi, uint8_t *opened);

/*
 * Opens Device (name), or the buffer of Name (_CRS, ResourceTemplate () {}),
 * and closes it again; all nest.
 */
uint8_t *aml_open_device(struct acpi *acpi, uint32_t name);
uint8_t *aml_open_resources(struct acpi *acpi);
void aml_close(struct acpi *acpi, uint8_t *opened);
void aml_close_resources(struct acpi *acpi, uint8_t *opened);

/* Name (name, value); an EISA ID (AML_EISA_PNP) is an integer, too. */
void aml_add_integer(struct acpi *acpi, uint32_t name, uint32_t value);

/* Name (_HID, "id"): an ACPI ID of eight characters. */
void aml_add_acpi_id(struct acpi *acpi, const char *id);

/* Descriptors, to be used between open and close of resources. */
void aml_add_io(struct acpi *acpi, uint64_t base, uint64_t size);
void aml_add_irq(struct acpi *acpi, uint32_t irq);
void aml_add_interrupt(struct acpi *acpi, uint32_t gsi, uint8_t flags);
void aml_add_memory32(struct acpi *acpi, uint64_t base, uint64_t size);

/* A device's own registers: in a short descriptor, if that can say where. */
void aml_add_registers(struct acpi *acpi, uint64_t base, uint64_t size);

void aml_add_buses(struct acpi *acpi, uint32_t first, uint32_t last);
void aml_add_qword_space(struct acpi *acpi, enum aml_space type,
                         uint8_t type_flags, uint64_t base, uint64_t size,
                         uint64_t translation);

#endif
