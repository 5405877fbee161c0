/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/vmm_acpi.c - the machine by ACPI tables that a VMM left
 *
 * ACPI 6.4 chapter 5.2, PCI Firmware Specification 3.2 section 4.1.2. Without
 * fw_cfg (Cloud Hypervisor, Firecracker, crosvm) nothing else knows the CPUs.
 * Of the VMM's AML only \_S5 is read. A user who needs more of it, like hot
 * plug, passes the tables through (acpi=vmm).
 */
#include "arch/x86_64/probe/vmm_acpi.h"

#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/facts.h"
#include "common/arch.h"
#include "common/lib/byte_sum.h"
#include "common/lib/console.h"
#include "common/spec/acpi_platform.h"

#define RSDP_SIGNATURE 0x2052545020445352 /* "RSD PTR " */
#define SIGNATURE_MADT 0x43495041         /* "APIC" */
#define SIGNATURE_MCFG 0x4746434d
#define SIGNATURE_FADT 0x50434146 /* "FACP" */
#define TABLES_MAX     0x400000 /* bytes to sum, however often one is listed */
#define BUS_SIZE       0x100000 /* of ECAM, for a bus */

#define S5_SLP_TYP     5 /* VMMs without PM1 have this in \_S5 */
#define SLP_EN         0x20
#define SLP_TYP_SHIFT  2
#define SLP_TYP_MAX    7

#define PM1_CNT        4 /* offsets from PM1_EVT, as in acpi_fadt.c */
#define PM_TMR         8
#define PORT_END       0x10000

/*
 * ACPI 6.4 section 20.2: Name (_S5, Package () { Byte }), without the Name
 * opcode.
 */
#define NAME_S5     0x5f35535f
#define S5_PACKAGE  4 /* the opcode; its length and count follow */
#define S5_VALUE    7 /* ZeroOp, OneOp, or BytePrefix and a byte */
#define S5_SIZE     9
#define AML_PACKAGE 0x12
#define AML_BYTE    0x0a

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

static const void *reach(paddr_t paddr, uint32_t size, uint32_t max)
{
	if (!paddr || size > max || !is_within(paddr, size, FOUR_GIB))
		panic("acpi: VMM's table: %#x bytes at %#lx", size, paddr);
	arch_map(paddr, size);
	return paddr_ptr(paddr);
}

/* `left` is how many bytes may still be summed. */
static const struct acpi_header *reach_table(paddr_t paddr, uint32_t *left)
{
	const struct acpi_header *table = reach(paddr, sizeof(*table), *left);

	reach(paddr, table->length, *left);
	*left -= table->length;
	if (table->length < sizeof(*table) || byte_sum(table, table->length))
		panic("acpi: VMM's table at %#lx: wrong sum", paddr);
	return table;
}

union madt_entry {
	const uint8_t *bytes; /* type, length */
	const struct acpi_madt_lapic *lapic;
	const struct acpi_madt_x2apic *x2apic;
	const struct acpi_madt_ioapic *ioapic;
	const struct acpi_madt_override *override;
};

/* Returns the least size of an entry of this type. */
static uint32_t madt_entry_size(uint8_t type)
{
	switch (type) {
	case ACPI_MADT_LAPIC:
		return sizeof(struct acpi_madt_lapic);
	case ACPI_MADT_IOAPIC:
		return sizeof(struct acpi_madt_ioapic);
	case ACPI_MADT_OVERRIDE:
		return sizeof(struct acpi_madt_override);
	case ACPI_MADT_X2APIC:
		return sizeof(struct acpi_madt_x2apic);
	default:
		return 2;
	}
}

static void read_madt_entry(struct machine *machine, union madt_entry entry)
{
	const struct acpi_madt_override *override = entry.override;

	switch (*entry.bytes) {
	case ACPI_MADT_LAPIC:
		if (entry.lapic->flags & ACPI_MADT_CPU_ENABLED)
			facts_add_cpu(machine, entry.lapic->apic_id);
		break;
	case ACPI_MADT_X2APIC:
		if (entry.x2apic->flags & ACPI_MADT_CPU_ENABLED)
			facts_add_cpu(machine, entry.x2apic->x2apic_id);
		break;
	case ACPI_MADT_IOAPIC:
		facts_add_ioapic(&machine->pc, entry.ioapic->ioapic_id,
		                 entry.ioapic->gsi_base,
		                 entry.ioapic->ioapic_address);
		break;
	case ACPI_MADT_OVERRIDE:
		facts_set_override(
			&machine->pc,
			&(struct machine_override){
				.isa_irq = override->source,
				.is_level =
					(override->flags & ACPI_INTI_LEVEL) ==
					ACPI_INTI_LEVEL,
				.is_active_low = (override->flags &
		                                  ACPI_INTI_ACTIVE_LOW) ==
		                                 ACPI_INTI_ACTIVE_LOW,
				.gsi = override->gsi,
			});
	}
}

static void read_madt(struct machine *machine, const struct acpi_header *table)
{
	union madt_entry entry = { (const uint8_t *)table +
		                   sizeof(struct acpi_madt) };
	uint64_t left = table->length - sizeof(struct acpi_madt);

	machine->pc.ioapic_count = 0;
	machine->pc.override_count = 0;
	while (left >= 2) {
		uint32_t size = entry.bytes[1];

		if (size > left || size < madt_entry_size(*entry.bytes))
			panic("acpi: VMM's MADT: type %u has %u bytes of %u",
			      *entry.bytes, size, (uint32_t)left);
		read_madt_entry(machine, entry);
		entry.bytes += size;
		left -= size;
	}
}

/*
 * Reads the first entry, which is for the host of ports CF8 and CFC, if they
 * answer. Only the VMM's AML has the windows of other hosts.
 */
static void read_mcfg(struct machine *machine, const struct acpi_header *table)
{
	const struct acpi_mcfg_entry *entry =
		(const void *)((const uint8_t *)table +
	                       sizeof(struct acpi_mcfg));
	struct machine_pci_host *host = &machine->pci_hosts[0];

	if (table->length < sizeof(struct acpi_mcfg) + sizeof(*entry) ||
	    !machine->pci_host_count || entry->segment)
		return;
	if (entry->bus_last < entry->bus_first ||
	    !is_within(entry->base_address, (entry->bus_last + 1) * BUS_SIZE,
	               FOUR_GIB))
		panic("acpi: VMM's MCFG: buses %u-%u at %#lx", entry->bus_first,
		      entry->bus_last, entry->base_address);
	host->is_express = true;
	host->bus_first = entry->bus_first;
	host->bus_last = entry->bus_last;
	host->ecam_paddr = entry->base_address + entry->bus_first * BUS_SIZE;
	host->ecam_size = (entry->bus_last - entry->bus_first + 1) * BUS_SIZE;
	if (is_within(host->ecam_paddr - host->mmio32.base, 0,
	              host->mmio32.size))
		host->mmio32.size = host->ecam_paddr - host->mmio32.base;
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
 * Reads SLP_TYP of \_S5, the only part of the VMM's AML that the blob needs. It
 * is found by its bytes.
 */
static uint8_t read_s5(const struct acpi_fadt *fadt)
{
	uint32_t left = TABLES_MAX;
	const struct acpi_header *dsdt =
		reach_table(fadt->x_dsdt ? fadt->x_dsdt : fadt->dsdt, &left);
	const uint8_t *byte = (const uint8_t *)(dsdt + 1);
	const uint8_t *end = (const uint8_t *)dsdt + dsdt->length - S5_SIZE;

	for (; byte <= end; byte++) {
		const uint8_t *value = byte + S5_VALUE;

		if (load_le32(byte) == NAME_S5 &&
		    byte[S5_PACKAGE] == AML_PACKAGE)
			return value[*value == AML_BYTE] & SLP_TYP_MAX;
	}
	return 0;
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
	*pm = (struct machine_pm){
		.base = base,
		.gpe0_base = block_port(&fadt->x_gpe0_blk, fadt->gpe0_blk),
		.gpe0_size = fadt->gpe0_blk_len,
		.sci_irq = fadt->sci_int,
		.smi_cmd = fadt->smi_cmd,
		.acpi_enable = fadt->acpi_enable,
		.acpi_disable = fadt->acpi_disable,
		.s5_slp_typ = read_s5(fadt),
		.has_32_bit_timer = fadt->flags & ACPI_FADT_TMR_VAL_EXT,
		.lacks_timer = block_port(&fadt->x_pm_tmr_blk,
		                          fadt->pm_tmr_blk) != base + PM_TMR,
		.lacks_power_button = fadt->flags & ACPI_FADT_PWR_BUTTON,
	};
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
static void read_fadt(struct machine *machine, const struct acpi_header *table)
{
	const struct acpi_fadt *fadt = (const void *)table;
	struct machine_pc *pc = &machine->pc;

	if (table->length < sizeof(*fadt) || pc->pm.base)
		return;
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

bool vmm_acpi_probe(struct machine *machine)
{
	paddr_t paddr = vmm_acpi_rsdp(machine);
	const struct acpi_rsdp *rsdp;
	const struct acpi_header *xsdt;
	uint32_t count, left = TABLES_MAX;

	if (!paddr)
		return false;
	rsdp = reach(paddr, sizeof(*rsdp), left);
	if (!is_rsdp(rsdp))
		panic("acpi: VMM's RSDP: none at %#lx", paddr);
	if (rsdp->revision < ACPI_RSDP_REVISION)
		return false; /* without XSDT */
	xsdt = reach_table(rsdp->xsdt_address, &left);
	count = (xsdt->length - sizeof(*xsdt)) / 8;
	for (uint32_t i = 0; i < count; i++) {
		const struct acpi_header *table = reach_table(
			load_le64((const uint8_t *)(xsdt + 1) + i * 8), &left);

		if (table->signature == SIGNATURE_MADT &&
		    table->length >= sizeof(struct acpi_madt))
			read_madt(machine, table);
		if (table->signature == SIGNATURE_MCFG)
			read_mcfg(machine, table);
		if (table->signature == SIGNATURE_FADT)
			read_fadt(machine, table);
	}
	return machine->cpu_count != 0;
}
