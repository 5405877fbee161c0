/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/aml.h - AML, the byte code of the DSDT, appended term by term
 *
 * ACPI 6.4 chapter 20; resource descriptors: section 6.4. Code that is the same
 * on every machine is a constant fragment, compiled by hand, with its ASL above
 * it. The encoder adds the rest. A device of which there are many is a struct
 * of the terms below, in the order of its bytes. The encoder's lengths always
 * have three bytes, and its integers have room for any value. So its output is
 * longer than a compiler's, and just as valid.
 */
#ifndef COMMON_DESCRIBE_AML_H
#define COMMON_DESCRIBE_AML_H

#include "common/describe/acpi.h"

/* Opcodes, section 20.3 */
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

/* Resource descriptors, sections 6.4.2 and 6.4.3 */
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

#define AML_SPACE_FIXED     0x0c /* general: minimum and maximum are fixed */
#define AML_SPACE_CONSUMER  0x01 /* general: for the device itself */
#define AML_MEMORY_WRITABLE 0x01 /* read-write, not cacheable */
#define AML_IO_ENTIRE_RANGE 0x03
#define AML_IO_TRANSLATES   0x10 /* TypeTranslation: memory becomes ports */

/* Interrupt descriptor, section 6.4.3.6 */
enum aml_interrupt_flags {
	AML_INTERRUPT_CONSUMER = 1 << 0,
	AML_INTERRUPT_EDGE = 1 << 1,
	AML_INTERRUPT_ACTIVE_LOW = 1 << 2,
	AML_INTERRUPT_SHARED = 1 << 3,
};

/* A name segment, section 20.2.2, as the number that its four bytes form. */
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
#define AML_CRS AML_NAME4('_', 'C', 'R', 'S')
#define AML_PRT AML_NAME4('_', 'P', 'R', 'T')

/* An EISA ID like PNP0A08: three compressed letters and a product number. */
#define AML_EISA_PNP(product)                                                  \
	(0xd041u | ((product) >> 8 & 0xff) << 16 |                             \
	 (uint32_t)((product)&0xff) << 24)

/* Terms, section 20.2.5. A term's name comes behind its opcode. */
struct aml_name {
	uint8_t opcode; /* AML_NAME; the named object follows */
	uint32_t segment;
} PACKED;

struct aml_integer {
	struct aml_name name;
	uint8_t prefix; /* AML_DWORD */
	uint32_t value;
} PACKED;

/* Name (_HID, "id"), with an ID of eight characters and its NUL. */
struct aml_acpi_id {
	struct aml_name name;
	uint8_t prefix; /* AML_STRING */
	char id[8 + 1];
} PACKED;

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

struct aml_end_tag {
	uint8_t tag;
	uint8_t checksum; /* 0: not used */
} PACKED;

static_assert(sizeof(struct aml_io) == 8, "ACPI 6.4.2.5");
static_assert(sizeof(struct aml_irq) == 3, "ACPI 6.4.2.1");
static_assert(sizeof(struct aml_memory32) == 12, "ACPI 6.4.3.4");
static_assert(sizeof(struct aml_interrupt) == 9, "ACPI 6.4.3.6");
static_assert(sizeof(struct aml_word_space) == 16, "ACPI 6.4.3.5.3");
static_assert(sizeof(struct aml_qword_space) == 46, "ACPI 6.4.3.5.1");
static_assert(sizeof(struct aml_end_tag) == 2, "ACPI 6.4.2.9");

/* The length field of a large descriptor counts all bytes behind itself. */
#define AML_LARGE_LENGTH(descriptor) (sizeof(descriptor) - 3)

/* The same terms as initialisers. */
#define AML_INTEGER_TERM(name, value)                                          \
	{                                                                      \
		{ AML_NAME, name }, AML_DWORD, value                           \
	}
#define AML_ACPI_ID_TERM(id)                                                   \
	{                                                                      \
		{ AML_NAME, AML_HID }, AML_STRING, id                          \
	}
#define AML_END_TAG_TERM                                                       \
	{                                                                      \
		AML_END_TAG, 0                                                 \
	}

/*
 * Opens Scope (name), Device (name), Name (name, Package (count)), or the
 * buffer of Name (_CRS, ResourceTemplate ()). What is appended before the close
 * lies inside. All of them nest. Returns what the function that closes it
 * needs.
 */
uint8_t *aml_open_scope(struct acpi *acpi, uint32_t name);
uint8_t *aml_open_device(struct acpi *acpi, uint32_t name);
uint8_t *aml_open_package(struct acpi *acpi, uint32_t name, uint32_t count);
uint8_t *aml_open_resources(struct acpi *acpi);
void aml_close(struct acpi *acpi, uint8_t *opened);
void aml_close_resources(struct acpi *acpi, uint8_t *opened);

/* Appends Name (name, value). An EISA ID (AML_EISA_PNP) is an integer, too. */
void aml_add_integer(struct acpi *acpi, uint32_t name, uint32_t value);

/* Appends Name (name, "string"). */
void aml_add_string(struct acpi *acpi, uint32_t name, const char *string);

/* These append descriptors, while resources are open. */
void aml_add_io(struct acpi *acpi, uint64_t base, uint64_t size);
void aml_add_irq(struct acpi *acpi, uint32_t irq);
void aml_add_interrupt(struct acpi *acpi, uint32_t gsi, uint8_t flags);
void aml_add_memory32(struct acpi *acpi, uint64_t base, uint64_t size);

/* Appends a device's own registers, in a short descriptor if they fit. */
void aml_add_registers(struct acpi *acpi, uint64_t base, uint64_t size);

void aml_add_buses(struct acpi *acpi, uint32_t first, uint32_t last);
struct aml_qword_space *aml_add_qword_space(struct acpi *acpi,
                                            enum aml_space type,
                                            uint8_t type_flags, uint64_t base,
                                            uint64_t size,
                                            uint64_t translation);

/* Appends memory that a device hands on, unless its size is 0. */
void aml_add_window(struct acpi *acpi, const struct machine_range *window);

/* Returns the lowest hexadecimal digit as a letter, A to P, for names. */
static inline char aml_letter(uint32_t number)
{
	return (char)('A' + (number & 15));
}

/* Sets an integer inside a fragment, at any address. */
void aml_set_dword(uint8_t *at, uint32_t value);
void aml_set_qword(uint8_t *at, uint64_t value);

#endif
