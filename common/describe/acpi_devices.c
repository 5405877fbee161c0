/* SPDX-License-Identifier: BSD-2-Clause */
/* common/describe/acpi_devices.c - CPUs, as ACPI 6.4 section 8.4 has them */
#include "common/describe/acpi_devices.h"

#include "common/describe/aml.h"

/*
 * Device (CAAA) { Name (_HID, "ACPI0007") Name (_UID, 0x00000000) }
 */
struct cpu_device {
	uint8_t opcode[2];
	uint8_t length; /* PkgLength of one byte, for itself and what follows */
	char name[4];
	struct aml_acpi_id hid;
	struct aml_integer uid;
} PACKED;

static const struct cpu_device cpu_template = {
	.opcode = { AML_EXT, AML_DEVICE },
	.length =
		sizeof(struct cpu_device) - offsetof(struct cpu_device, length),
	.name = { 'C' },
	.hid = AML_ACPI_ID_TERM("ACPI0007"),
	.uid = AML_INTEGER_TERM(AML_UID, 0),
};

/* The last three letters of a name are the UID's hexadecimal digits. */
void acpi_append_cpus(struct acpi *acpi, uint32_t count)
{
	struct cpu_device *cpu = acpi_reserve(acpi, count * sizeof(*cpu));

	for (uint32_t uid = 0; uid < count; uid++, cpu++) {
		*cpu = cpu_template;
		cpu->name[1] = aml_letter(uid >> 8);
		cpu->name[2] = aml_letter(uid >> 4);
		cpu->name[3] = aml_letter(uid);
		cpu->uid.value = uid;
	}
}
