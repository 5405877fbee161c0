/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_describe_arm.c - random machines of AArch64, and all that a
 * kernel reads of them
 *
 * A recorded machine gets other CPUs, nodes, RAM, UARTs, interrupt controllers,
 * PCI hosts and slots, all of them such as a device tree can tell.
 */
#include <string.h>

#include "tests/fuzz/describe_arm.h"
#include "tests/fuzz/random_machine.h"
#include "tests/unit/trees.h"

static struct machine recorded[TREES_COUNT], machine;

bool fuzz_begin(const char *program)
{
	trees_init_fuzz(program);
	for (uint32_t i = 0; i < TREES_COUNT; i++)
		trees_fill_machine(&recorded[i], trees_name(i));
	return true;
}

static void change_uarts(struct fuzz_input *input)
{
	static const enum machine_uart_kind kinds[] = {
		MACHINE_UART_PL011, MACHINE_UART_SBSA, MACHINE_UART_16550_MMIO
	};

	machine.uart_count = fuzz_below(input, MACHINE_UART_MAX + 1);
	for (uint32_t i = 0; i < machine.uart_count; i++)
		machine.uarts[i] = (struct machine_uart){
			.kind = kinds[fuzz_below(input, ARRAY_COUNT(kinds))],
			.base = (fuzz_bool(input) ? 0x9000000 : 64ULL << 30) +
			        i * 0x10000,
			.size = 0x1000,
			.gsi = 33 + i,
			.baud = 9600 << i,
			.reg_shift = fuzz_u8(input) % 3,
			.is_edge = i & 1,
		};
}

static void change_arm(struct fuzz_input *input, struct machine_arm *arm)
{
	const struct machine_range none = { 0 };

	arm->gic_version = fuzz_bool(input) ? MACHINE_GIC_V2 : MACHINE_GIC_V3;
	arm->gicr_count = fuzz_below(input, MACHINE_GICR_MAX + 1);
	for (uint32_t i = 0; i < arm->gicr_count; i++)
		arm->gicr[i] =
			(struct machine_range){ 0x80a0000 + i * 0x4000000ULL,
			                        0x20000 };
	arm->gicr_stride = fuzz_bool(input) ? 0x20000 : 0;
	arm->its = fuzz_bool(input)
	                   ? (struct machine_range){ 0x8080000, 0x20000 }
	                   : none;
	arm->v2m = fuzz_bool(input)
	                   ? (struct machine_range){ 0x8020000, 0x1000 }
	                   : none;
	arm->v2m_spi_base = 80;
	arm->v2m_spi_count = fuzz_bool(input) ? 64 : 0;
	arm->smmuv3 = fuzz_bool(input)
	                      ? (struct machine_range){ 0x9050000, 0x20000 }
	                      : none;
	arm->smmuv3_is_coherent = fuzz_bool(input);
	arm->has_psci = fuzz_bool(input);
	arm->psci_is_hvc = fuzz_bool(input);
	arm->pl031 = fuzz_bool(input)
	                     ? (struct machine_range){ 0x9010000, 0x1000 }
	                     : none;
	arm->has_rng_seed = fuzz_bool(input);
	arm->rng_seed_size = fuzz_u8(input) % (sizeof(arm->rng_seed) + 1);
	for (uint32_t i = 0; i < ARRAY_COUNT(arm->timer_intid); i++)
		arm->timer_intid[i] = fuzz_bool(input) ? 16 + i : 0;
}

bool fuzz_run(struct fuzz_input *input)
{
	machine = recorded[fuzz_below(input, TREES_COUNT)];
	if (fuzz_bool(input)) {
		random_cpus(input, &machine, 1ULL << 39);
		random_ram(input, &machine);
	}
	if (fuzz_bool(input))
		random_pci(input, &machine);
	if (fuzz_bool(input))
		random_slots(input, &machine);
	if (fuzz_bool(input)) {
		change_uarts(input);
		change_arm(input, &machine.arm);
	}
	machine.fw_cfg.is_present = fuzz_bool(input);
	machine.fw_cfg.paddr = 0x9020000;
	machine.fw_cfg.size = 0x18;
	describe_arm(&machine);
	return true;
}

void fuzz_check(void)
{
}
