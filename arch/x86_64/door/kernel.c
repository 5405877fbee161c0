/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/door/kernel.c - what a VMM tells the kernel that it takes us for
 *
 * By PVH or Linux's protocol, see door.S. All of it lies in RAM that we are
 * about to use, so it is copied here, first of all; none of it is believed.
 */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/lib/regs.h"
#include "arch/x86_64/lib/x86.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/spec/linux_x86.h"
#include "common/spec/pvh.h"
#include "common/lib/string.h"

#define MICROVM_RESET 0xfea00202 /* QEMU docs/system/i386/microvm.rst */

/* What every CPU can map identically with four levels of tables. */
#define PLACE_END (1UL << 46)

static_assert(DOOR_IS_RESET == DOOR_RESET, "memmap.h");
static_assert(DOOR_IS_PVH == DOOR_PVH, "memmap.h");
static_assert(DOOR_IS_LINUX == DOOR_LINUX, "memmap.h");

/* SDM 3A figure 6-8. */
struct idt_gate {
	uint16_t offset_low;
	uint16_t selector;
	uint16_t attributes;
	uint16_t offset_middle;
	uint32_t offset_high;
	uint32_t reserved;
};

extern HIDDEN struct idt_gate blob_idt[TIMER_VECTOR + 1];

/* Linked for the ROM; as we are in RAM, it can be put right. */
static void move_idt(paddr_t blob_paddr)
{
	for (uint32_t i = 0; i <= TIMER_VECTOR; i++) {
		uint32_t stub = blob_paddr + BLOB_EXCEPTIONS + i * 16;

		blob_idt[i].offset_low = stub;
		blob_idt[i].offset_middle = stub >> 16;
	}
	cpu_load_idt(blob_idt, sizeof(blob_idt));
}

/*
 * What is mapped so far; more would need tables where the VMM's data lie. What
 * lies where we have begun to work is lost already.
 */
static const void *reach(const char *name, paddr_t base, uint64_t size)
{
	if (!base || !is_within(base, size, DOOR_MAP_END))
		panic("%s: %#lx bytes at %#lx: must be in the first GiB", name,
		      size, base);
	if (base < STACK_TOP && base + size > BOOT_BASE)
		panic("%s: %#lx bytes at %#lx: must not be in %#x to %#x", name,
		      size, base, BOOT_BASE, STACK_TOP);
	return paddr_ptr(base);
}

static void copy_cmdline(struct boot *boot, paddr_t paddr)
{
	const char *source;
	char *copy = paddr_ptr(DOOR_CMDLINE_BASE);
	uint32_t max;

	if (!paddr)
		return;
	source = reach("cmdline", paddr, 1);
	max = min_u64((paddr < BOOT_BASE ? BOOT_BASE : DOOR_MAP_END) - paddr,
	              DOOR_CMDLINE_SIZE);
	for (uint32_t i = 0; i < max; i++) {
		copy[i] = source[i];
		if (copy[i])
			continue;
		if (i)
			boot->handoff_cmdline = copy;
		return;
	}
	panic("cmdline: at %#lx: does not end within %#x bytes", paddr, max);
}

static void add_place(struct machine *machine, paddr_t base, uint64_t size)
{
	if (!is_within(base, size, PLACE_END))
		panic("module: %#lx bytes at %#lx: beyond %#lx", size, base,
		      PLACE_END);
	if (size && machine->place_count < MACHINE_PLACE_MAX)
		machine->places[machine->place_count++] =
			(struct machine_range){ base, size };
}

static void read_pvh(struct boot *boot)
{
	const struct pvh_start_info *info =
		reach("start info", boot->handoff, sizeof(*info));
	const struct pvh_memmap_entry *entry;
	const struct pvh_module *module;

	if (info->magic != PVH_MAGIC)
		panic("start info: at %#lx: magic %#x, must be %#x",
		      boot->handoff, info->magic, PVH_MAGIC);
	if (info->version && info->memmap_count) {
		entry = reach("memory map", info->memmap_paddr,
		              info->memmap_count * sizeof(*entry));
		for (uint32_t i = 0; i < info->memmap_count; i++)
			ram_add(&boot->machine, entry[i].base, entry[i].size,
			        entry[i].type);
	}
	if (info->module_count) {
		module = reach("modules", info->modules_paddr,
		               info->module_count * sizeof(*module));
		for (uint32_t i = 0;
		     i < info->module_count && i < MACHINE_PLACE_MAX; i++)
			add_place(&boot->machine, module[i].paddr,
			          module[i].size);
	}
	boot->machine.vmm_rsdp_paddr = info->rsdp_paddr;
	copy_cmdline(boot, info->cmdline_paddr);
}

static uint64_t join(uint32_t high, uint32_t low)
{
	return (uint64_t)high << 32 | low;
}

static void add_e820(struct machine *machine, const struct e820_entry *entry,
                     uint32_t count)
{
	for (; count; count--, entry++)
		ram_add(machine, entry->base, entry->size, entry->type);
}

/* For the kernel, which wipes it: out of the way of all else. */
static void keep_seed(struct boot *boot, const struct setup_data *data)
{
	struct setup_data *copy = paddr_ptr(SEED_BASE);
	uint32_t size = min_u64(data->len, SEED_SIZE - sizeof(*copy));

	memmove(copy + 1, data + 1, size); /* it might lie there already */
	*copy = (struct setup_data){ .type = SETUP_RNG_SEED, .len = size };
	boot->setup_data_paddr = SEED_BASE;
}

#define SETUP_DATA_MAX 64

/* boot.rst, "setup_data": a list, of which the kernel needs two types still. */
static void read_setup_data(struct boot *boot, paddr_t paddr)
{
	const struct setup_data *data, *seed = NULL;

	for (uint32_t i = 0; paddr; i++, paddr = data->next) {
		if (i == SETUP_DATA_MAX)
			panic("setup_data: more than %u records",
			      SETUP_DATA_MAX);
		data = reach("setup_data", paddr, sizeof(*data));
		reach("setup_data", paddr, sizeof(*data) + (uint64_t)data->len);
		if (data->type == SETUP_E820_EXT)
			add_e820(&boot->machine, (const void *)(data + 1),
			         data->len / sizeof(struct e820_entry));
		if (data->type == SETUP_RNG_SEED)
			seed = data;
	}
	if (seed) /* last, as that may be where other records were */
		keep_seed(boot, seed);
}

static void read_boot_params(struct boot *boot)
{
	const struct boot_params *params =
		reach("boot_params", boot->handoff, sizeof(*params));
	const struct setup_header *header = &params->hdr;

	if (header->header != SETUP_HEADER_MAGIC)
		panic("boot_params: at %#lx: header %#x, must be %#x",
		      boot->handoff, header->header, SETUP_HEADER_MAGIC);
	add_e820(&boot->machine, params->e820_table,
	         min_u64(params->e820_entries, E820_TABLE_MAX));
	add_place(&boot->machine,
	          join(params->ext_ramdisk_image, header->ramdisk_image),
	          join(params->ext_ramdisk_size, header->ramdisk_size));
	boot->machine.vmm_rsdp_paddr = params->acpi_rsdp_addr;
	copy_cmdline(boot,
	             join(params->ext_cmd_line_ptr, header->cmd_line_ptr));
	/* Last, as it writes where the VMM's data might be. */
	read_setup_data(boot, header->setup_data);
}

/*
 * The ROM below 1 MiB, from which reset.S has copied us, is in no way to be
 * taken for tables of the VMM's; its first page may have some. Whoever restarts
 * the machine by a jump to F000:FFF0 gets: mov $0xfe, %al; out %al, $0x64; hlt.
 */
static void clear_low_bios(void)
{
	memset(paddr_ptr(LOW_BIOS_BASE), 0, LOW_BIOS_SIZE - BLOB_SIZE);
	memset(paddr_ptr(LOW_BIOS_BASE + LOW_BIOS_SIZE - BLOB_SIZE +
	                 BLOB_ENTRY32),
	       0, BLOB_SIZE - BLOB_ENTRY32);
	*(volatile uint64_t *)paddr_ptr(0xffff0) = 0xf464e6feb0;
}

/*
 * As reset.S does, and for the same reason: a kernel that jumps to the reset
 * vector as its last resort may come back to us through the VMM's firmware.
 */
static void restart_if_not_reset(void)
{
	if (!cpu_rdmsr(MSR_LSTAR))
		return;
	cpu_outb(0xcf9, 6);
	cpu_outb(0x64, 0xfe);
	cpu_write8(MICROVM_RESET, 0x42);
	cpu_triple_fault();
}

/* From door.S: long mode, a stack, the blob's own tables, nothing else. */
NORETURN void door_main(struct boot *boot, enum door door, paddr_t blob_paddr,
                        paddr_t handoff);

void door_main(struct boot *boot, enum door door, paddr_t blob_paddr,
               paddr_t handoff)
{
	restart_if_not_reset();
	boot_clear(boot, MACHINE_CLEAR_SIZE_X86);
	boot->start_ticks = cpu_rdtsc();
	boot->door = door;
	boot->blob_paddr = blob_paddr;
	boot->handoff = handoff;
	move_idt(blob_paddr);
	mtrr_reset();
	if (door == DOOR_PVH)
		read_pvh(boot);
	else if (door == DOOR_LINUX)
		read_boot_params(boot);
	else
		clear_low_bios();
	boot_main(boot);
}
