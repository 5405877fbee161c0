/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_vmm_acpi.c - the VMM's own ACPI tables
 *
 * RSDP, XSDT, MADT, MCFG, FADT and DSDT lie in one area below 4 GiB, and are
 * summed anew after the edits. Any other address is refused by arch_map() here,
 * where the real one would map it.
 */
#include <string.h>

#include "arch/x86_64/probe/vmm_acpi.h"
#include "common/arch.h"
#include "common/lib/byte_sum.h"
#include "common/lib/console.h"
#include "common/spec/acpi_platform.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/fake_ram.h"

#define AREA_BASE  0x20000000
#define AREA_SIZE  0x10000
#define AREA_END   (AREA_BASE + AREA_SIZE)
#define XSDT_PADDR (AREA_BASE + 0x100)
#define MADT_PADDR (AREA_BASE + 0x1000)
#define MCFG_PADDR (AREA_BASE + 0x3000)
#define FADT_PADDR (AREA_BASE + 0x4000)
#define DSDT_PADDR (AREA_BASE + 0x5000)

static const uint64_t bounds[] = { AREA_BASE,  XSDT_PADDR, MADT_PADDR,
	                           MCFG_PADDR, FADT_PADDR, DSDT_PADDR,
	                           AREA_END,   FOUR_GIB,   0xc000,
	                           0xc004,     0x10000,    FOUR_GIB - 0x1000 };

static struct machine machine;

void arch_map(paddr_t base, uint64_t size)
{
	if (base < AREA_BASE || !is_within(base - AREA_BASE, size, AREA_SIZE))
		panic("fake: nothing at %#lx", base);
}

bool fuzz_begin(const char *program)
{
	fuzz_bounds = bounds;
	fuzz_bound_count = ARRAY_COUNT(bounds);
	return fake_ram_map(AREA_BASE, AREA_END) || !fake_ram_skip(program);
}

static void *begin_table(paddr_t paddr, const char *signature, uint32_t length)
{
	struct acpi_header *header = paddr_ptr(paddr);

	memcpy(&header->signature, signature, 4);
	header->length = length;
	return header;
}

/* A length that is wild stays, and so does the sum. */
static void seal(paddr_t paddr)
{
	struct acpi_header *table = paddr_ptr(paddr);

	if (table->length > AREA_END - paddr)
		return;
	table->checksum = 0;
	table->checksum = (uint8_t)-byte_sum(table, table->length);
}

static void make_root(struct fuzz_input *input)
{
	static const uint64_t tables[] = { FADT_PADDR, MADT_PADDR, MCFG_PADDR };
	struct acpi_rsdp *rsdp = paddr_ptr(AREA_BASE);
	uint32_t count = 3 + fuzz_below(input, 8);
	uint8_t *xsdt = begin_table(XSDT_PADDR, "XSDT", 36 + count * 8);

	memcpy(rsdp->signature, "RSD PTR ", 8);
	rsdp->revision = 2;
	rsdp->xsdt_address = fuzz_perhaps(input, XSDT_PADDR);
	rsdp->checksum = (uint8_t)-byte_sum(rsdp, ACPI_RSDP_V1_SIZE);
	rsdp->extended_checksum = (uint8_t)-byte_sum(rsdp, sizeof(*rsdp));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t paddr = fuzz_perhaps(input, tables[i % 3]);

		memcpy(xsdt + 36 + i * 8, &paddr, sizeof(paddr));
	}
}

static void make_madt(struct fuzz_input *input)
{
	struct acpi_header *madt = begin_table(MADT_PADDR, "APIC", 0);
	uint8_t *next = (uint8_t *)madt + sizeof(struct acpi_madt);
	uint32_t count = 1 + fuzz_below(input, 60);

	for (uint32_t i = 0; i < count; i++, next += next[1]) {
		uint8_t kind = fuzz_u8(input);

		switch (kind % 4) {
		case 0:
			*(struct acpi_madt_x2apic *)next =
				(struct acpi_madt_x2apic){
					.type = ACPI_MADT_X2APIC,
					.length = 16,
					.x2apic_id = i,
					.flags = !(kind & 0x80),
				};
			break;
		case 1:
			*(struct acpi_madt_lapic *)next =
				(struct acpi_madt_lapic){ ACPI_MADT_LAPIC, 8, 0,
				                          kind, 1 };
			break;
		case 2:
			*(struct acpi_madt_ioapic *)next =
				(struct acpi_madt_ioapic){
					.type = ACPI_MADT_IOAPIC,
					.length = 12,
					.ioapic_address = 0xfec00000,
				};
			break;
		default:
			*(struct acpi_madt_override *)next =
				(struct acpi_madt_override){
					.type = ACPI_MADT_OVERRIDE,
					.length = 10,
					.source = kind / 4 % 16,
					.gsi = kind / 16,
					.flags = kind / 8,
				};
		}
	}
	madt->length = (uint32_t)(next - (uint8_t *)madt);
}

static void make_fadt(struct fuzz_input *input)
{
	static const uint8_t aml[] = { 0x08, '_',  'S',  '5',  '_',  0x12, 0x08,
		                       0x04, 0x0a, 0x05, 0x0a, 0x05, 0,    0 };
	struct acpi_fadt *fadt = begin_table(FADT_PADDR, "FACP", sizeof(*fadt));
	uint8_t *dsdt =
		begin_table(DSDT_PADDR, "DSDT",
	                    (uint32_t)(36 + fuzz_cut(input, sizeof(aml))));

	memcpy(dsdt + 36, aml, sizeof(aml));
	fadt->flags = ACPI_FADT_RESET_REG_SUP |
	              (fuzz_bool(input) ? ACPI_FADT_HW_REDUCED : 0);
	fadt->reset_reg = (struct acpi_gas){ .space_id = ACPI_SPACE_IO,
		                             .address = 0x600 };
	fadt->sleep_control_reg = fadt->reset_reg;
	fadt->pm1a_evt_blk = (uint32_t)fuzz_perhaps(input, 0xc000);
	fadt->pm1a_cnt_blk = (uint32_t)fuzz_perhaps(input, 0xc004);
	fadt->x_dsdt = fuzz_perhaps(input, DSDT_PADDR);
}

static void make_mcfg(struct fuzz_input *input)
{
	uint8_t *mcfg = begin_table(MCFG_PADDR, "MCFG", 44 + 16);
	struct acpi_mcfg_entry *bus = (void *)(mcfg + 44);

	bus->base_address = fuzz_perhaps(input, 0xe8000000);
	bus->bus_last = (uint8_t)fuzz_perhaps(input, 255);
	bus->bus_first = (uint8_t)fuzz_perhaps(input, 0);
}

bool fuzz_run(struct fuzz_input *input)
{
	memset(paddr_ptr(AREA_BASE), 0, AREA_SIZE);
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	machine.given.rsdp_paddr = AREA_BASE;
	machine.pci_host_count = 1;
	machine.pci_hosts[0] = (struct machine_pci_host){
		.bus_last = 255, .mmio32 = { 0x20000000, 0xdec00000 }
	};
	machine.pc.has_i8042 = true;
	make_root(input);
	make_madt(input);
	make_fadt(input);
	make_mcfg(input);
	fuzz_edit(input, paddr_ptr(AREA_BASE + 0x40), AREA_SIZE - 0x40);
	seal(XSDT_PADDR);
	seal(MADT_PADDR);
	seal(MCFG_PADDR);
	seal(FADT_PADDR);
	seal(DSDT_PADDR);
	return vmm_acpi_probe(&machine);
}

void fuzz_check(void)
{
	FUZZ_EXPECT(machine.cpu_count <= MACHINE_CPU_MAX);
	FUZZ_EXPECT(machine.pc.ioapic_count <= MACHINE_IOAPIC_MAX);
	FUZZ_EXPECT(machine.pc.override_count <= MACHINE_OVERRIDE_MAX);
	for (uint32_t i = 1; i < machine.cpu_count; i++)
		FUZZ_EXPECT(machine.cpus[i - 1].id < machine.cpus[i].id);
	FUZZ_EXPECT(machine.pci_hosts[0].mmio32.size <= 0xdec00000);
}
