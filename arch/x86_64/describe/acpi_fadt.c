/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/describe/acpi_fadt.c - FADT and FACS: how power is controlled
 *
 * ACPI 6.4 sections 5.2.9 and 5.2.10. There are two kinds of machine: one has a
 * chipset's PM1 block on I/O ports, whose parts always have the same offsets;
 * the other has hardware-reduced ACPI with nothing but a sleep register.
 */
#include "arch/x86_64/describe/acpi_fadt.h"

#include "common/lib/string.h"

/* Offsets from PM1_EVT in PIIX4 and ICH, and sizes in bytes. */
#define PM1_EVT_SIZE  4
#define PM1_CNT       4
#define PM1_CNT_SIZE  2
#define PM_TMR        8
#define PM_TMR_SIZE   4
#define C2_NOT_USABLE 101 /* more than 100 us, section 5.2.9 */
#define C3_NOT_USABLE 1001

#define PORT_MAX      0xffff /* no device memory is that low */

static void set_block(struct acpi_gas *gas, uint32_t port, uint32_t size,
                      enum acpi_access access)
{
	gas->space_id = ACPI_SPACE_IO;
	gas->bit_width = (uint8_t)(size * 8);
	gas->access_size = (uint8_t)access;
	gas->address = port;
}

static void set_byte_register(struct acpi_gas *gas, uint64_t address)
{
	gas->space_id = address > PORT_MAX ? ACPI_SPACE_MEMORY : ACPI_SPACE_IO;
	gas->bit_width = 8;
	gas->access_size = ACPI_ACCESS_BYTE;
	gas->address = address;
}

static void set_pm1(struct acpi_fadt *fadt, const struct machine_pm *pm)
{
	uint32_t base = pm->base;

	fadt->sci_int = pm->sci_irq;
	fadt->smi_cmd = pm->smi_cmd;
	fadt->acpi_enable = pm->acpi_enable;
	fadt->acpi_disable = pm->acpi_disable;
	fadt->p_lvl2_lat = C2_NOT_USABLE;
	fadt->p_lvl3_lat = C3_NOT_USABLE;

	fadt->pm1a_evt_blk = base;
	fadt->pm1_evt_len = PM1_EVT_SIZE;
	set_block(&fadt->x_pm1a_evt_blk, base, PM1_EVT_SIZE, ACPI_ACCESS_WORD);
	fadt->pm1a_cnt_blk = base + PM1_CNT;
	fadt->pm1_cnt_len = PM1_CNT_SIZE;
	set_block(&fadt->x_pm1a_cnt_blk, base + PM1_CNT, PM1_CNT_SIZE,
	          ACPI_ACCESS_WORD);
	if (!pm->lacks_timer) {
		fadt->pm_tmr_blk = base + PM_TMR;
		fadt->pm_tmr_len = PM_TMR_SIZE;
		set_block(&fadt->x_pm_tmr_blk, base + PM_TMR, PM_TMR_SIZE,
		          ACPI_ACCESS_DWORD);
	}
	if (pm->gpe0_base != 0) {
		fadt->gpe0_blk = pm->gpe0_base;
		fadt->gpe0_blk_len = pm->gpe0_size;
		set_block(&fadt->x_gpe0_blk, pm->gpe0_base, pm->gpe0_size,
		          ACPI_ACCESS_BYTE);
	}
}

/*
 * The power button is in PM1; or it is a device, if there is a GED; or it is
 * absent. Without ACPI hardware, PROC_C1 has no meaning, and is clear.
 */
static uint32_t fadt_flags(const struct machine *machine)
{
	const struct machine_pm *pm = &machine->pc.pm;
	uint32_t flags = ACPI_FADT_WBINVD | ACPI_FADT_SLP_BUTTON;

	if (pm->base == 0)
		flags |= ACPI_FADT_HW_REDUCED | ACPI_FADT_PWR_BUTTON;
	else
		flags |= ACPI_FADT_PROC_C1 | ACPI_FADT_RTC_S4 |
		         ACPI_FADT_USE_PLATFORM_CLOCK;
	if (pm->lacks_power_button)
		flags |= ACPI_FADT_PWR_BUTTON;
	if (pm->has_32_bit_timer)
		flags |= ACPI_FADT_TMR_VAL_EXT;
	if (machine->reset.space != MACHINE_SPACE_NONE)
		flags |= ACPI_FADT_RESET_REG_SUP;
	return flags;
}

static uint16_t iapc_boot_arch(const struct machine_pc *pc)
{
	uint32_t arch = 0;

	if (pc->has_i8042)
		arch |= ACPI_IAPC_8042 | ACPI_IAPC_LEGACY_DEVICES;
	if (!pc->has_vga_window)
		arch |= ACPI_IAPC_VGA_NOT_PRESENT;
	if (!pc->has_cmos_rtc)
		arch |= ACPI_IAPC_CMOS_RTC_NOT_PRESENT;
	return (uint16_t)arch;
}

/* The FACS must be aligned, so it is the first in the area. */
void acpi_x86_add_facs(struct acpi *acpi, const struct machine *machine)
{
	struct acpi_facs *facs;

	if (machine->pc.pm.base == 0)
		return;
	facs = acpi_reserve(acpi, sizeof(*facs));
	memset(facs, 0, sizeof(*facs));
	facs->signature = load_le32("FACS");
	facs->length = sizeof(*facs);
	facs->version = ACPI_FACS_VERSION;
	acpi->facs_paddr = acpi_paddr(acpi, facs);
}

void acpi_x86_add_fadt(struct acpi *acpi, const struct machine *machine)
{
	const struct machine_pc *pc = &machine->pc;
	struct acpi_fadt *fadt =
		acpi_begin(acpi, "FACP", ACPI_FADT_REVISION, sizeof(*fadt));

	fadt->minor_version = ACPI_FADT_MINOR_REVISION;
	fadt->firmware_ctrl = (uint32_t)acpi->facs_paddr;
	fadt->dsdt = (uint32_t)acpi->dsdt_paddr;
	fadt->x_dsdt = acpi->dsdt_paddr;
	fadt->flags = fadt_flags(machine);
	fadt->iapc_boot_arch = iapc_boot_arch(pc);
	fadt->century = pc->cmos_century;
	if (machine->reset.space != MACHINE_SPACE_NONE) {
		set_byte_register(&fadt->reset_reg, machine->reset.address);
		fadt->reset_value = (uint8_t)machine->reset.value;
	}
	if (pc->pm.base != 0) {
		set_pm1(fadt, &pc->pm);
	} else if (pc->pm.sleep_control_paddr != 0) {
		set_byte_register(&fadt->sleep_control_reg,
		                  pc->pm.sleep_control_paddr);
		set_byte_register(&fadt->sleep_status_reg,
		                  pc->pm.sleep_status_paddr);
	}
	acpi_end_listed(acpi);
}
