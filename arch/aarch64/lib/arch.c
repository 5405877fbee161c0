/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/lib/arch.c - fulfils common/arch.h: doors, stop, hand-off */
#include "common/arch.h"

#include "arch/aarch64/lib/arm.h"
#include "arch/aarch64/cpu.h"
#include "common/lib/console.h"
#include "common/spec/fw_cfg.h"
#include "common/lib/string.h"
#include "common/spec/bundle.h"

/* Arm DEN0022, chapter 5 */
#define PSCI_SYSTEM_OFF   0x84000008
#define PSCI_SYSTEM_RESET 0x84000009

/* QEMU docs/specs/fw_cfg.rst: the DMA address register, big-endian */
#define FW_CFG_MMIO_DMA 16

static_assert(sizeof(struct work) <= PLATFORM_OFFSET, "memmap.h");
static_assert(PLATFORM_OFFSET + PLATFORM_SIZE_MAX + STACK_SIZE_MIN <= WORK_SIZE,
              "memmap.h");
static_assert(offsetof(struct mmu, early_stack) == 0x800, "entry.S");
static_assert(offsetof(struct mmu, root) == 0xf80, "entry.S");
static_assert(offsetof(struct mmu, table_count) == 0xfc0, "entry.S");
static_assert(offsetof(struct mmu, tables) == 0x1000, "entry.S");

struct boot *arch_boot(void)
{
	return cpu_thread_pointer();
}

uint32_t arch_elf_machine(void)
{
	return BUNDLE_ARCH_AARCH64;
}

uint64_t arch_ticks(void)
{
	return cpu_counter();
}

const struct bundle_record *arch_bundle_record(const struct boot *boot)
{
	return paddr_ptr(boot->blob_paddr + BUNDLE_RECORD_ARM_OFFSET);
}

void arch_map(paddr_t base, uint64_t size)
{
	mmu_map(&work_of(cpu_thread_pointer())->mmu, base, size, MMU_NORMAL);
}

void map_device(paddr_t base, uint64_t size)
{
	mmu_map(&work_of(cpu_thread_pointer())->mmu, base, size, MMU_DEVICE);
}

/* The descriptor is in cacheable memory: whoever emulates DMA is a CPU too. */
void arch_fw_cfg_start(struct machine *machine, struct fw_cfg_dma *dma)
{
	cpu_sync();
	cpu_write64(machine->fw_cfg_paddr + FW_CFG_MMIO_DMA,
	            __builtin_bswap64(paddr_of(dma)));
	cpu_sync();
}

void arch_map_device(paddr_t base, uint64_t size)
{
	map_device(base, size);
}

uint32_t arch_device_read(paddr_t paddr, uint32_t size)
{
	return size == 1   ? cpu_read8(paddr)
	       : size == 2 ? cpu_read16(paddr)
	                   : cpu_read32(paddr);
}

void arch_device_write(paddr_t paddr, uint32_t size, uint32_t value)
{
	cpu_sync();
	if (size == 1)
		cpu_write8(paddr, value);
	else if (size == 2)
		cpu_write16(paddr, value);
	else
		cpu_write32(paddr, value);
}

static paddr_t config_paddr(const struct machine_pci_host *host,
                            uint32_t function, uint32_t offset)
{
	return host->ecam_paddr + (function << (host->is_cam ? 8 : 12)) +
	       offset;
}

uint32_t arch_pci_read(const struct machine_pci_host *host, uint32_t function,
                       uint32_t offset)
{
	return cpu_read32(config_paddr(host, function, offset));
}

void arch_pci_write(const struct machine_pci_host *host, uint32_t function,
                    uint32_t offset, uint32_t value)
{
	cpu_write32(config_paddr(host, function, offset), value);
}

bool arch_wait(uint64_t start)
{
	cpu_yield();
	return cpu_counter() - start < 10 * cpu_counter_hz();
}

/* There are none but virtio. */
bool arch_find_disk(struct boot *boot)
{
	(void)boot;
	return false;
}

void arch_stop(void)
{
	const struct boot *boot = arch_boot();
	const struct machine_arm *arm = &boot->machine.arm;

	if (arm->has_psci && boot->options.on_error == ON_ERROR_POWEROFF)
		cpu_psci(PSCI_SYSTEM_OFF, arm->psci_is_hvc);
	else if (arm->has_psci && boot->options.on_error == ON_ERROR_RESET)
		cpu_psci(PSCI_SYSTEM_RESET, arm->psci_is_hvc);
	cpu_halt();
}

/* As far as it is RAM: else the kernel would take it for some that is kept. */
static void reserve(struct boot *boot, const struct machine_range *range)
{
	for (uint32_t i = 0; i < boot->machine.ram_count; i++) {
		const struct machine_ram *ram = &boot->machine.ram[i];
		paddr_t base = max_u64(range->base, ram->base);
		paddr_t end = min_u64(range->base + range->size,
		                      ram->base + ram->size);

		if (base < end)
			memory_set(&boot->memory, base, end - base,
			           MEMORY_RESERVED);
	}
}

void arch_claim_memory(struct boot *boot)
{
	const struct machine_arm *arm = &boot->machine.arm;
	const struct bundle_record *record = arch_bundle_record(boot);
	struct memory *memory = &boot->memory;

	for (uint32_t i = 0; i < boot->machine.reserved_count; i++)
		reserve(boot, &boot->machine.reserved[i].range);
	memory_use(memory, paddr_of(work_of(boot)), WORK_SIZE);
	memory_use(memory, boot->blob_paddr,
	           max_u64(record->blob_size,
	                   record->bundle_offset + record->bundle_size));
	memory_use(memory, arm->fdt.base, arm->fdt.size);
	memory_use(memory, arm->initrd.base, arm->initrd.size);
}

/* From entry.S: MMU and caches on, a stack, nothing else. */
NORETURN void reset_main(struct work *work, paddr_t blob_paddr, paddr_t fdt,
                         uint64_t ticks);

void reset_main(struct work *work, paddr_t blob_paddr, paddr_t fdt,
                uint64_t ticks)
{
	struct boot *boot = &work->boot;

	boot_clear(boot, MACHINE_CLEAR_SIZE);
	cpu_set_thread_pointer(boot);
	boot->door = fdt ? DOOR_LINUX : DOOR_RESET;
	boot->handoff = fdt;
	boot->blob_paddr = blob_paddr;
	boot->start_ticks = ticks;
	boot_main(boot);
}

/* DDI 0487 section D1.3. Where it happened is told relative to the blob. */
NORETURN void exception_report(uint64_t vector, uint64_t esr, paddr_t elr,
                               paddr_t far);

void exception_report(uint64_t vector, uint64_t esr, paddr_t elr, paddr_t far)
{
	struct boot *boot = arch_boot();

	/* Also when the very console is what faults, or before there is one. */
	if (!boot || boot->has_faulted)
		cpu_halt();
	boot->has_faulted = true;
	panic("exception %lu, ESR %#lx, at blob + %#lx, FAR %#lx", vector, esr,
	      elr - boot->blob_paddr, far);
}

void arch_enter_kernel(const struct boot *boot)
{
	cpu_enter_kernel(boot->kernel.entry, boot->description_paddr);
}
