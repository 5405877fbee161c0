/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/smbios.c - SMBIOS 3 structures and their entry point
 *
 * DMTF DSP0134 3.4. The structures have only what kernels look at. Linux trusts
 * ACPI and an ECAM above 4 GiB only if there is a recent BIOS date, and drivers
 * take a system without a vendor for broken hardware. Beside an HPET Linux
 * takes the RTC's alarms from ACPI's PM1 event if the date is of 2015 or later,
 * on AMD of 2021. VMMs raise that event only for a machine that sleeps.
 */
#include "common/describe/smbios.h"

#include "common/lib/byte_sum.h"
#include "common/lib/string.h"

/* Each string ends with a NUL, and one more NUL ends a structure's strings. */
#define BIOS_STRINGS                                                           \
	"directboot\0"                                                         \
	"1\0"                                                                  \
	"01/01/2014\0"
#define SYSTEM_STRINGS  "directboot\0Virtual Machine\0"
#define CHASSIS_STRINGS "directboot\0"
#define NO_STRINGS      "\0"

enum handle {
	HANDLE_BIOS,
	HANDLE_SYSTEM,
	HANDLE_CHASSIS,
	HANDLE_END,
};

struct smbios_tables {
	struct smbios_bios bios;
	char bios_strings[sizeof(BIOS_STRINGS)];
	struct smbios_system system;
	char system_strings[sizeof(SYSTEM_STRINGS)];
	struct smbios_chassis chassis;
	char chassis_strings[sizeof(CHASSIS_STRINGS)];
	struct smbios_header end;
	char no_strings[sizeof(NO_STRINGS)];
} PACKED;

static_assert(sizeof(struct smbios_tables) == SMBIOS_TABLES_SIZE, "smbios.h");

static const struct smbios_tables template = {
	.bios = {
		.header = { SMBIOS_BIOS, sizeof(struct smbios_bios),
			    HANDLE_BIOS },
		.vendor = 1,
		.version = 2,
		.release_date = 3,
		.extension1 = SMBIOS_BIOS_EXT1_ACPI,
		.extension2 = SMBIOS_BIOS_EXT2_VM,
		.major_release = SMBIOS_RELEASE_UNKNOWN,
		.minor_release = SMBIOS_RELEASE_UNKNOWN,
		.ec_major_release = SMBIOS_RELEASE_UNKNOWN,
		.ec_minor_release = SMBIOS_RELEASE_UNKNOWN,
	},
	.bios_strings = BIOS_STRINGS,
	.system = {
		.header = { SMBIOS_SYSTEM, sizeof(struct smbios_system),
			    HANDLE_SYSTEM },
		.manufacturer = 1,
		.product_name = 2,
		.wake_up_type = SMBIOS_WAKE_UP_POWER_SWITCH,
	},
	.system_strings = SYSTEM_STRINGS,
	.chassis = {
		.header = { SMBIOS_CHASSIS, sizeof(struct smbios_chassis),
			    HANDLE_CHASSIS },
		.manufacturer = 1,
		.type = SMBIOS_CHASSIS_OTHER,
		.boot_up_state = SMBIOS_STATE_SAFE,
		.power_supply_state = SMBIOS_STATE_SAFE,
		.thermal_state = SMBIOS_STATE_SAFE,
		.security_status = SMBIOS_SECURITY_NONE,
	},
	.chassis_strings = CHASSIS_STRINGS,
	.end = { SMBIOS_END, sizeof(struct smbios_header), HANDLE_END },
	.no_strings = NO_STRINGS,
};

/* The structure that comes first, with its strings */
#define BIOS_SIZE offsetof(struct smbios_tables, system)

/* Writes so many bytes of the blob's own structures. */
static void write_own(void *to, uint32_t size, const struct machine *machine)
{
	struct smbios_bios *bios = memcpy(to, &template, size);

	if (machine->pci_host_count != 0)
		bios->characteristics = SMBIOS_BIOS_HAS_PCI;
}

void smbios_build(void *tables, const struct machine *machine)
{
	write_own(tables, sizeof(template), machine);
}

uint64_t smbios_size(const struct machine *machine)
{
	uint64_t size = machine->smbios.size;

	return size ? BIOS_SIZE + size : SMBIOS_TABLES_SIZE;
}

struct machine_range smbios_write(const struct machine *machine, paddr_t room)
{
	const struct machine_range *given = &machine->smbios;
	struct machine_range written = { room, smbios_size(machine) };
	uint8_t *to = paddr_ptr(room);

	if (!given->size) {
		smbios_build(to, machine);
		return written;
	}
	memcpy(to + BIOS_SIZE, paddr_ptr(given->base), given->size);
	/* QEMU's own Type 0, if the user asks for one, is the first. */
	if (to[BIOS_SIZE] == SMBIOS_BIOS)
		return (struct machine_range){ room + BIOS_SIZE, given->size };
	write_own(to, BIOS_SIZE, machine);
	return written;
}

/*
 * A kernel reads the structures as the version says. QEMU's entry point has it,
 * but its size says as much, and need not be read: the 32-bit one goes with
 * structures of 2.8, the 64-bit one with those of 3.0.
 */
static void set_version(struct smbios3_anchor *anchor,
                        const struct machine *machine)
{
	const struct fw_cfg_item *files = machine->fw_cfg.files;

	if (!machine->smbios.size)
		return;
	anchor->minor = 0;
	if (files[FW_CFG_FILE_SMBIOS_ANCHOR].size != SMBIOS2_ANCHOR_SIZE)
		return;
	anchor->major = 2;
	anchor->minor = 8;
}

void smbios_write_anchor(void *to, const struct machine *machine,
                         struct machine_range tables)
{
	struct smbios3_anchor anchor = {
		.anchor = { '_', 'S', 'M', '3', '_' },
		.length = sizeof(anchor),
		.major = SMBIOS_MAJOR,
		.minor = SMBIOS_MINOR,
		.revision = 1,
		.table_max_size = (uint32_t)tables.size,
		.table_paddr = tables.base,
	};

	set_version(&anchor, machine);
	anchor.checksum = (uint8_t)-byte_sum(&anchor, sizeof(anchor));
	memcpy(to, &anchor, sizeof(anchor));
}
