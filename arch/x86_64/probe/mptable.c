/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/mptable.c - CPUs, I/O APICs, interrupts by the MP table
 *
 * Intel MultiProcessor Specification 1.4, chapter 4. This is for VMMs that have
 * no ACPI (kvmtool, old Firecracker). If no floating pointer with the right
 * signature and sum is found, there is no table. If one is found and its table
 * is malformed, the boot ends.
 */
#include "arch/x86_64/probe/mptable.h"

#include "common/spec/mp.h"

#include "arch/x86_64/lib/paging.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/facts.h"
#include "common/lib/byte_sum.h"
#include "common/lib/console.h"

#define IOAPIC_PINS 24 /* 82093AA */

/*
 * Looks for the floating pointer. By section 4 it is in the first KiB of the
 * EBDA, in the last KiB of base memory, or in the BIOS ROM. Below A0000, all
 * that the blob does not use is searched.
 */
static const struct mp_floating *find(paddr_t base, paddr_t end)
{
	for (; base < end; base += sizeof(struct mp_floating)) {
		const struct mp_floating *floating = paddr_ptr(base);

		if (floating->signature == MP_FLOATING_SIGNATURE &&
		    floating->paragraphs == 1 &&
		    !byte_sum(floating, sizeof(*floating)))
			return floating;
	}
	return NULL;
}

static uint32_t gsi_base(const struct machine_pc *pc, uint8_t ioapic_id)
{
	for (uint32_t i = 0; i < pc->ioapic_count; i++) {
		if (pc->ioapics[i].id == ioapic_id)
			return pc->ioapics[i].gsi_base;
	}
	return 0;
}

static void read_ioapic(struct machine_pc *pc, const struct mp_ioapic *entry)
{
	if (entry->flags & MP_USABLE)
		facts_add_ioapic(pc, entry->id, pc->ioapic_count * IOAPIC_PINS,
		                 entry->paddr);
}

/*
 * Reads an interrupt. The kernel learns PCI's interrupts from each device's
 * interrupt line; the table only tells that their pins are level. The same
 * holds for ISA interrupts that are not wired 1:1.
 */
static void read_interrupt(struct machine_pc *pc,
                           const struct mp_interrupt *entry, bool is_isa)
{
	uint32_t polarity = entry->flags & 3;
	uint32_t mode = entry->flags >> MP_MODE_SHIFT & 3;
	struct machine_override override = {
		.isa_irq = is_isa ? entry->irq : entry->pin,
		.is_level =
			mode == MP_AS_THE_BUS ? !is_isa : mode == MP_MODE_LEVEL,
		.is_active_low = polarity == MP_AS_THE_BUS
		                         ? !is_isa
		                         : polarity == MP_ACTIVE_LOW,
		.gsi = gsi_base(pc, entry->ioapic_id) + entry->pin,
	};

	if (entry->interrupt_type == MP_TYPE_INT)
		facts_set_override(pc, &override);
}

union mp_entry {
	const void *table;
	const uint8_t *type;
	const struct mp_cpu *cpu;
	const struct mp_bus *bus;
	const struct mp_ioapic *ioapic;
	const struct mp_interrupt *interrupt;
};

/*
 * The table's length and sum are right. Its entries may still be malformed.
 * Their count is not read: Linux does not read it either, and libkrun has 0
 * there.
 */
void mptable_read(struct machine *machine, const struct mp_table *table)
{
	union mp_entry entry = { .table = table + 1 };
	uint32_t left = table->length - sizeof(*table);
	uint32_t isa_bus = UINT32_MAX; /* none */

	machine->pc.ioapic_count = 0;
	for (uint32_t i = 0; left; i++) {
		uint8_t type = *entry.type;
		uint32_t size = type == MP_ENTRY_CPU ? sizeof(*entry.cpu)
		                                     : sizeof(*entry.bus);

		if (size > left || type > MP_ENTRY_LOCAL_INTERRUPT)
			panic("MP table: entry %u: type %u, %u bytes left", i,
			      type, left);
		if (type == MP_ENTRY_CPU && entry.cpu->flags & MP_USABLE)
			facts_add_cpu(machine, entry.cpu->apic_id);
		if (type == MP_ENTRY_BUS &&
		    load_le32(entry.bus->name) == MP_BUS_ISA)
			isa_bus = entry.bus->id;
		if (type == MP_ENTRY_IOAPIC)
			read_ioapic(&machine->pc, entry.ioapic);
		if (type == MP_ENTRY_INTERRUPT)
			read_interrupt(&machine->pc, entry.interrupt,
			               entry.interrupt->bus == isa_bus);
		entry.type += size;
		left -= size;
	}
}

bool mptable_probe(struct machine *machine)
{
	const struct mp_floating *floating =
		find(LOW_RAM_CLAIM_END, LOW_RAM_END);
	const struct mp_table *table;

	if (!floating)
		floating = find(SMBIOS_BASE, HIGH_RAM_BASE);
	if (!floating || !floating->table_paddr)
		return false;
	table = paging_given(floating->table_paddr, sizeof(*table));
	if (!is_within(floating->table_paddr, sizeof(*table), HIGH_RAM_BASE) ||
	    table->signature != MP_TABLE_SIGNATURE ||
	    table->length < sizeof(*table) ||
	    !is_within(floating->table_paddr, table->length, HIGH_RAM_BASE) ||
	    byte_sum(table, table->length))
		panic("MP table: none at %#x", floating->table_paddr);
	mptable_read(machine, table);
	return machine->cpu_count != 0;
}
