/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/vmm_acpi.c - the machine by ACPI tables that a VMM left
 *
 * ACPI 6.4 chapter 5.2, PCI Firmware Specification 3.2 section 4.1.2. Without
 * fw_cfg (Cloud Hypervisor, Firecracker, crosvm) nothing else knows the CPUs.
 * Of the VMM's AML \_S5 and some devices are read (vmm_aml.c). A user who needs
 * more of it, like hot plug, passes the tables through (acpi=vmm).
 */
#include "arch/x86_64/probe/vmm_acpi.h"

#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/vmm_aml.h"
#include "arch/x86_64/probe/vmm_madt.h"
#include "arch/x86_64/probe/vmm_table.h"
#include "common/arch.h"
#include "common/lib/byte_sum.h"
#include "common/lib/console.h"
#include "common/spec/acpi_platform.h"

#define RSDP_SIGNATURE 0x2052545020445352 /* "RSD PTR " */
#define SIGNATURE_MADT 0x43495041         /* "APIC" */
#define SIGNATURE_MCFG 0x4746434d
#define SIGNATURE_FADT 0x50434146 /* "FACP" */
#define SIGNATURE_SSDT 0x54445353
#define SIGNATURE_SRAT 0x54415253
#define SIGNATURE_SLIT 0x54494c53
#define TABLES_MAX     0x400000 /* bytes to sum, however often one is listed */
#define BUS_SIZE       0x100000LL /* of ECAM, for a bus */

#define S5_SLP_TYP     5 /* VMMs without PM1 have this in \_S5 */
#define SLP_EN         0x20
#define SLP_TYP_SHIFT  2

#define PM1_CNT        4 /* offsets from PM1_EVT, as in acpi_fadt.c */
#define PM_TMR         8
#define PORT_END       0x10000

/*
 * Tells whether this is an RSDP. The blob's own ROM has the signature, too,
 * where it is visible below 1 MiB, so the sums count.
 */
static bool is_rsdp(const struct acpi_rsdp *rsdp)
{
	return load_le64(rsdp->signature) == RSDP_SIGNATURE &&
	       !byte_sum(rsdp, ACPI_RSDP_V1_SIZE) &&
	       (rsdp->revision < ACPI_RSDP_REVISION ||
	        !byte_sum(rsdp, sizeof(*rsdp)));
}

/* The RSDP is where the VMM says, or where section 5.2.5.1 allows it. */
paddr_t vmm_acpi_rsdp(const struct machine *machine)
{
	if (machine->given.rsdp_paddr)
		return machine->given.rsdp_paddr;
	for (paddr_t at = RSDP_BASE; at < HIGH_RAM_BASE; at += 16) {
		if (is_rsdp(paddr_ptr(at)))
			return at;
	}
	return 0;
}

static void set_ecam(struct machine_pci_host *host,
                     const struct acpi_mcfg_entry *entry)
{
	paddr_t base = entry->base_address + entry->bus_first * BUS_SIZE;
	int64_t size = (entry->bus_last - entry->bus_first + 1) * BUS_SIZE;

	if (size <= 0 || !is_within(base, size, MACHINE_PADDR_END))
		panic("acpi: VMM's MCFG: buses %u-%u at %#lx", entry->bus_first,
		      entry->bus_last, entry->base_address);
	host->is_express = true;
	host->bus_first = entry->bus_first;
	host->bus_last = entry->bus_last;
	host->ecam_paddr = base;
	host->ecam_size = size;
	if (is_within(base - host->mmio32.base, 0, host->mmio32.size))
		host->mmio32.size = base - host->mmio32.base;
}

/*
 * Gives the hosts their configuration space. The host of ports CF8 and CFC may
 * have any of the buses. A host that neither has is dropped.
 */
static void read_mcfg(struct machine *machine, const struct acpi_header *table)
{
	struct machine_pci_host *host = machine->pci_hosts;
	const struct machine_pci_host *end = host + machine->pci_host_count;
	uint32_t size = table ? table->length : 0;

	machine->pci_host_count = 0;
	for (; host != end; host++) {
		const struct acpi_mcfg_entry *entry;

		for (uint32_t at = sizeof(struct acpi_mcfg);
		     at + sizeof(*entry) <= size; at += sizeof(*entry)) {
			entry = (const void *)((const uint8_t *)table + at);
			if (host->segment == entry->segment &&
			    (host->has_port_access ||
			     host->bus_first == entry->bus_first))
				set_ecam(host, entry);
		}
		if (host->has_port_access || host->ecam_paddr)
			machine->pci_hosts[machine->pci_host_count++] = *host;
	}
}

/* Sets a register of one byte. Returns false if the VMM gave none, or none that
 * a port or device memory can be. */
static bool set_register(struct machine_register *target,
                         const struct acpi_gas *gas, uint32_t value)
{
	bool is_port = gas->address < PORT_END;

	if (!gas->address ||
	    gas->space_id != (is_port ? ACPI_SPACE_IO : ACPI_SPACE_MEMORY))
		return false;
	*target = (struct machine_register){
		.space = is_port ? MACHINE_SPACE_PORT : MACHINE_SPACE_MMIO,
		.size = 1,
		.address = gas->address,
		.value = value,
	};
	return true;
}

/*
 * Returns the port of a block of registers, or 0. The 64-bit field counts, as
 * section 5.2.9 says. OpenVMM fills no other, crosvm only the old one.
 */
static uint32_t block_port(const struct acpi_gas *gas, uint32_t port)
{
	if (!gas->address)
		return port < PORT_END ? port : 0;
	return gas->space_id == ACPI_SPACE_IO && gas->address < PORT_END
	               ? gas->address
	               : 0;
}

/*
 * Reads the chipset's ports (crosvm, OpenVMM), if they lie one behind the
 * other.
 */
static void read_pm1(struct machine *machine, const struct acpi_fadt *fadt)
{
	struct machine_pm *pm = &machine->pc.pm;
	uint32_t base = block_port(&fadt->x_pm1a_evt_blk, fadt->pm1a_evt_blk);

	if (!base || block_port(&fadt->x_pm1a_cnt_blk, fadt->pm1a_cnt_blk) !=
	                     base + PM1_CNT)
		return;
	pm->base = base;
	pm->gpe0_base = block_port(&fadt->x_gpe0_blk, fadt->gpe0_blk);
	pm->gpe0_size = fadt->gpe0_blk_len;
	pm->sci_irq = fadt->sci_int;
	pm->smi_cmd = fadt->smi_cmd;
	pm->acpi_enable = fadt->acpi_enable;
	pm->acpi_disable = fadt->acpi_disable;
	pm->has_32_bit_timer = fadt->flags & ACPI_FADT_TMR_VAL_EXT;
	pm->lacks_timer = block_port(&fadt->x_pm_tmr_blk, fadt->pm_tmr_blk) !=
	                  base + PM_TMR;
	pm->lacks_power_button = fadt->flags & ACPI_FADT_PWR_BUTTON;
	machine->power_off = (struct machine_register){
		.space = MACHINE_SPACE_PORT,
		.size = 2,
		.address = base + PM1_CNT,
		.value = (SLP_EN | pm->s5_slp_typ << SLP_TYP_SHIFT) << 8,
	};
}

/*
 * Reads how power is controlled and what an AT has, if the chipset is not
 * known.
 */
static void read_fadt(struct machine *machine, const struct acpi_header *table,
                      uint32_t *left)
{
	const struct acpi_fadt *fadt = (const void *)table;
	struct machine_pc *pc = &machine->pc;
	paddr_t dsdt = fadt->x_dsdt ? fadt->x_dsdt : fadt->dsdt;

	if (table->length < sizeof(*fadt) || pc->pm.base)
		return;
	if (dsdt || !(fadt->flags & ACPI_FADT_HW_REDUCED))
		vmm_aml_read(machine, vmm_table_open(dsdt, left));
	pc->has_i8042 = fadt->iapc_boot_arch & ACPI_IAPC_8042;
	if (fadt->flags & ACPI_FADT_HW_REDUCED)
		machine->reset.space = MACHINE_SPACE_NONE;
	else
		read_pm1(machine, fadt);
	if (fadt->flags & ACPI_FADT_RESET_REG_SUP)
		set_register(&machine->reset, &fadt->reset_reg,
		             fadt->reset_value);
	if (!(fadt->flags & ACPI_FADT_HW_REDUCED) ||
	    !set_register(&machine->power_off, &fadt->sleep_control_reg,
	                  SLP_EN | S5_SLP_TYP << SLP_TYP_SHIFT))
		return;
	pc->pm.sleep_control_paddr = fadt->sleep_control_reg.address;
	pc->pm.sleep_status_paddr = fadt->sleep_status_reg.address;
	pc->pm.s5_slp_typ = S5_SLP_TYP;
}

/*
 * Has a table passed on as it is. That can be done with tables that are data,
 * and that name CPUs by APIC IDs, not by the UIDs of the VMM's DSDT.
 */
static void pass_on(struct machine_pc *pc, const struct acpi_header *table)
{
	if (pc->table_count < MACHINE_TABLE_MAX)
		pc->tables[pc->table_count++] =
			(struct machine_table){ table, table->length,
			                        table->signature };
}

static void read_table(struct machine *machine, const struct acpi_header *table,
                       uint32_t *left)
{
	switch (table->signature) {
	case SIGNATURE_MADT:
		if (table->length >= sizeof(struct acpi_madt))
			vmm_madt_read(machine, table);
		break;
	case SIGNATURE_FADT:
		read_fadt(machine, table, left);
		break;
	case SIGNATURE_SSDT:
		vmm_aml_read(machine, table);
		break;
	case SIGNATURE_SRAT:
	case SIGNATURE_SLIT:
		pass_on(&machine->pc, table);
	}
}

bool vmm_acpi_probe(struct machine *machine)
{
	paddr_t paddr = vmm_acpi_rsdp(machine);
	const struct acpi_rsdp *rsdp;
	const struct acpi_header *xsdt, *mcfg = NULL;
	uint32_t count, left = TABLES_MAX;

	if (!paddr)
		return false;
	rsdp = vmm_table_reach(paddr, sizeof(*rsdp), left);
	if (!is_rsdp(rsdp))
		panic("acpi: VMM's RSDP: none at %#lx", paddr);
	if (rsdp->revision < ACPI_RSDP_REVISION)
		return false; /* without XSDT */
	xsdt = vmm_table_open(rsdp->xsdt_address, &left);
	count = (xsdt->length - sizeof(*xsdt)) / 8;
	for (uint32_t i = 0; i < count; i++) {
		const struct acpi_header *table = vmm_table_open(
			load_le64((const uint8_t *)(xsdt + 1) + i * 8), &left);

		read_table(machine, table, &left);
		if (table->signature == SIGNATURE_MCFG)
			mcfg = table;
	}
	read_mcfg(machine, mcfg); /* now that AML has told the hosts */
	return machine->cpu_count != 0;
}
