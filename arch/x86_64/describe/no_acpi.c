/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/describe/no_acpi.c - CPUs and PCI interrupts, see no_acpi.h
 *
 * Linux without ACPI (acpi=off, or built so) knows no CPU but the first and no
 * interrupt of PCI, unless it finds the MP table (Intel MultiProcessor
 * Specification 1.4) or, with the 8259 alone, the PCI interrupt routing table.
 * Both tell of every slot of the first bus, since devices are not asked here.
 *
 * Each boot pays for the tables, and few kernels read them. So entries are
 * composed as words of 64 bits, not member by member.
 */
#include "arch/x86_64/describe/no_acpi.h"

#include "arch/x86_64/memmap.h"
#include "common/lib/byte_sum.h"
#include "common/spec/mp.h"
#include "common/spec/pir.h"

#define SLOTS        32
#define PINS         PIR_PINS
#define ISA_IRQS     16
#define CASCADE_IRQ  2 /* of the 8259s; the 8254 has that pin instead */
#define CPUS_MAX     4 /* a boot pays 40 instructions for each */
#define APIC_ID_MAX  254
#define APIC_VERSION 0x14  /* MP table 4-4: the processor has it */
#define FEATURES     0x201 /* CPUID.1: EDX, FPU and APIC, as table 4-6 */

#define PCI_BUS      0 /* its number in PCI, too */
#define ISA_BUS      1
#define ALL_APICS    0xff

/*
 * Registers 60 to 63 of PIIX3 and ICH9 route PIRQ A to D, and ICH9's 68 to 6B
 * route E to H. Linux programs them by these numbers, as its driver for the
 * 82371FB does.
 */
#define LINK_A            0x60
#define LINK_E            0x68
#define LINK_IRQS         (1 << 10 | 1 << 11)
#define PIIX3_FUNCTION    (1 << 3)
#define ICH9_FUNCTION     (31 << 3)
#define ROUTER_VENDOR     0x8086
#define ROUTER_COMPATIBLE 0x122e

/* From slot 25 on, pin A goes to PIRQ A; but that of slot 30 to PIRQ E. */
#define ICH9_FIXED_SLOT  25
#define ICH9_BRIDGE_SLOT 30

/* Members of struct mp_interrupt: where they lie in the entry's word */
#define MP_KIND_SHIFT 8
#define MP_BUS_SHIFT  32
#define MP_IRQ_SHIFT  40
#define MP_CHIP_SHIFT 48
#define MP_PIN_SHIFT  56

static_assert(offsetof(struct mp_interrupt, interrupt_type) == 1 &&
                      offsetof(struct mp_interrupt, bus) == 4 &&
                      offsetof(struct mp_interrupt, irq) == 5 &&
                      offsetof(struct mp_interrupt, ioapic_id) == 6 &&
                      offsetof(struct mp_interrupt, pin) == 7,
              "MP 4.3.4");

/*
 * What both tables say of a slot 0 whose pin A goes to a certain PIRQ, and the
 * other pins to the next ones, modulo four. Other slots differ by a number.
 */
struct route {
	union {
		struct pir_slot slot;
		uint64_t words[2];
	} pir;
	uint64_t interrupts[PINS];
};

/*
 * By where pin A goes: to PIRQ A to D, and in the upper half E to H. If there
 * is an upper half, the lower is used, and filled, for PIRQ A alone.
 */
struct routes {
	struct route from[2 * PINS];
};

/* An entry as one word, at any address, since the CPUs' have 20 bytes */
struct entry {
	uint64_t word;
} PACKED MAY_ALIAS;

/* struct mp_cpu in words, likewise */
struct cpu_entry {
	uint64_t start;
	uint32_t features;
	uint64_t reserved;
} PACKED MAY_ALIAS;

static_assert(sizeof(struct cpu_entry) == sizeof(struct mp_cpu), "MP 4.3.1");

struct tables {
	struct {
		struct pir header;
		struct entry slots[SLOTS][2];
	} pir;
	struct mp_floating floating;
	struct mp_table mp;
	uint8_t entries[];
} PACKED;

/* The slots' PINS, ISA's but the cascade's, and two of the local APICs */
#define INTERRUPTS_MAX (SLOTS * PINS + ISA_IRQS + 1)

/* Two buses and the I/O APIC have entries of that size, too. */
static_assert(sizeof(struct tables) + CPUS_MAX * sizeof(struct cpu_entry) +
                              (2 + 1 + INTERRUPTS_MAX) * sizeof(struct entry) <=
                      NO_ACPI_SIZE,
              "memmap.h");

static void fill_route(struct route *route, const uint32_t *gsi, uint32_t link,
                       uint32_t first)
{
	route->pir.slot = (struct pir_slot){ .bus = PCI_BUS };
	for (uint32_t pin = 0; pin < PINS; pin++) {
		uint32_t pirq = (first + pin) % PINS;

		route->pir.slot.pins[pin].link = link + pirq;
		route->pir.slot.pins[pin].irqs = LINK_IRQS;
		route->interrupts[pin] = MP_ENTRY_INTERRUPT |
		                         (uint64_t)PCI_BUS << MP_BUS_SHIFT |
		                         (uint64_t)pin << MP_IRQ_SHIFT |
		                         (uint64_t)gsi[pirq] << MP_PIN_SHIFT;
	}
}

static void fill_routes(struct routes *routes,
                        const struct machine_pci_host *host)
{
	const uint32_t *high = host->intx_gsi + PINS;

	fill_route(&routes->from[0], host->intx_gsi, LINK_A, 0);
	for (uint32_t i = 0; i < PINS; i++) {
		if (host->intx_count > PINS)
			fill_route(&routes->from[PINS + i], high, LINK_E, i);
		else if (i)
			fill_route(&routes->from[i], host->intx_gsi, LINK_A, i);
	}
}

/* Returns the PIRQ of a slot's pin A, by the rule of machine_pci_host. */
static inline uint32_t first_pirq(const struct machine_pci_host *host,
                                  uint32_t slot)
{
	uint32_t turn = (slot + host->intx_bias) % PINS;

	if (host->intx_count <= PINS)
		return turn;
	if (slot < ICH9_FIXED_SLOT)
		return PINS + turn;
	return slot == ICH9_BRIDGE_SLOT ? PINS : 0;
}

/* Writes what both tables say of each slot. Returns where entries end. */
static struct entry *write_slots(struct entry *slot, struct entry *entry,
                                 const struct machine_pci_host *host)
{
	struct routes routes;

	fill_routes(&routes, host);
	for (uint32_t i = 0; i < SLOTS; i++, slot += 2, entry += PINS) {
		const struct route *route = &routes.from[first_pirq(host, i)];
		uint64_t irq = (uint64_t)(i * PINS) << MP_IRQ_SHIFT;

		slot[0].word = route->pir.words[0] + (i << 3 << 8);
		slot[1].word = route->pir.words[1];
		entry[0].word = route->interrupts[0] + irq;
		entry[1].word = route->interrupts[1] + irq;
		entry[2].word = route->interrupts[2] + irq;
		entry[3].word = route->interrupts[3] + irq;
	}
	return entry;
}

/* ISA's interrupts, but for those that PCI has, and those of the local APICs */
static struct entry *write_isa(struct entry *entry,
                               const struct machine_pci_host *host)
{
	const uint64_t isa = (uint64_t)ISA_BUS << MP_BUS_SHIFT;
	uint32_t taken = 1 << CASCADE_IRQ;

	for (uint32_t i = 0; i < host->intx_count; i++)
		taken |= 1u << host->intx_gsi[i];
	/* The 8254's, which is number 0. */
	entry++->word = MP_ENTRY_INTERRUPT | isa |
	                (uint64_t)CASCADE_IRQ << MP_PIN_SHIFT;
	for (uint64_t i = 1; i < ISA_IRQS; i++) {
		if (!(taken >> i & 1))
			entry++->word = MP_ENTRY_INTERRUPT | isa |
			                i << MP_IRQ_SHIFT | i << MP_PIN_SHIFT;
	}
	/* The 8259 is at LINT0 of the boot processor, NMI at LINT1 of all. */
	entry++->word = MP_ENTRY_LOCAL_INTERRUPT |
	                MP_TYPE_EXTINT << MP_KIND_SHIFT | isa;
	entry++->word =
		MP_ENTRY_LOCAL_INTERRUPT | MP_TYPE_NMI << MP_KIND_SHIFT | isa |
		(uint64_t)ALL_APICS << MP_CHIP_SHIFT | 1ull << MP_PIN_SHIFT;
	return entry;
}

/*
 * Returns where the entries of CPUs end. An ID of a byte cannot name the
 * others, and 255 would be all of them.
 */
static void *write_cpus(struct cpu_entry *cpu, const struct machine *machine)
{
	uint64_t flags = MP_USABLE | MP_BOOT;

	for (uint32_t i = 0; i < machine->cpu_count && i < CPUS_MAX; i++) {
		if (machine->cpus[i].id > APIC_ID_MAX)
			break;
		cpu->start = MP_ENTRY_CPU | machine->cpus[i].id << 8 |
		             APIC_VERSION << 16 | flags << 24;
		cpu->features = FEATURES;
		cpu->reserved = 0;
		flags = MP_USABLE;
		cpu++;
	}
	return cpu;
}

/* The chips and buses, and behind them the interrupts that join both */
static const struct mp_fixed {
	struct mp_bus buses[2];
	struct mp_ioapic ioapic;
} fixed = {
	.buses = { { MP_ENTRY_BUS, PCI_BUS, "PCI   " },
	           { MP_ENTRY_BUS, ISA_BUS, "ISA   " } },
	.ioapic = { MP_ENTRY_IOAPIC, 0, MP_IOAPIC_VERSION, MP_USABLE, 0 },
};

static const struct mp_table empty_table = {
	.signature = MP_TABLE_SIGNATURE,
	.revision = MP_REVISION,
	.oem_id = "DBOOT   ",
	.product_id = "directboot  ",
};

static void write_mp(struct tables *tables, const struct machine *machine)
{
	struct mp_table *table = &tables->mp;
	uint8_t *start = write_cpus((void *)tables->entries, machine);
	struct mp_fixed *head = (struct mp_fixed *)start;
	struct entry *entry = (struct entry *)(head + 1);
	uint8_t *end;

	*head = fixed;
	head->ioapic.paddr = (uint32_t)machine->pc.ioapics[0].paddr;
	entry = write_slots(tables->pir.slots[0], entry,
	                    &machine->pci_hosts[0]);
	end = (uint8_t *)write_isa(entry, &machine->pci_hosts[0]);

	*table = empty_table;
	table->lapic_paddr = (uint32_t)machine->pc.lapic_paddr;
	table->length = (uint16_t)(end - (uint8_t *)table);
	table->entry_count = (uint16_t)((start - tables->entries) /
	                                        sizeof(struct cpu_entry) +
	                                (end - start) / sizeof(*entry));
	table->checksum = -byte_sum(table, table->length);
}

void no_acpi_write(void *to, paddr_t base, const struct machine *machine)
{
	struct tables *tables = to;
	struct mp_floating *floating = &tables->floating;
	struct pir *pir = &tables->pir.header;

	*floating = (struct mp_floating){
		.signature = MP_FLOATING_SIGNATURE,
		.table_paddr = (uint32_t)base + offsetof(struct tables, mp),
		.paragraphs = 1,
		.revision = MP_REVISION,
	};
	floating->checksum = -byte_sum(floating, sizeof(*floating));
	write_mp(tables, machine);
	*pir = (struct pir){
		.signature = PIR_SIGNATURE,
		.version = PIR_VERSION,
		.size = sizeof(tables->pir),
		.router_function = machine->pci_hosts[0].is_express
		                           ? ICH9_FUNCTION
		                           : PIIX3_FUNCTION,
		.compatible_vendor = ROUTER_VENDOR,
		.compatible_device = ROUTER_COMPATIBLE,
	};
	pir->checksum = -byte_sum(pir, sizeof(tables->pir));
}
