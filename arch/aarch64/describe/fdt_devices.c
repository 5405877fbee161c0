/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/describe/fdt_devices.c - UARTs, RTC, power key, virtio-mmio and
 * others */
#include "arch/aarch64/describe/fdt_full.h"

#include "common/lib/console.h"

#define CLOCK_HZ_DEFAULT 24000000 /* what VMMs say of a clock that is none */
#define KEY_POWER        116      /* Linux input-event-codes.h */

/* A PrimeCell by any name: its clock is always on. */
static void begin_primecell(struct fdt_out *out, const char *name,
                            const char *compatible, uint32_t compatible_size,
                            const struct machine_range *range, uint32_t intid)
{
	fdt_out_begin_at(out, name, range->base);
	fdt_out_bytes(out, FDT_COMPATIBLE, compatible, compatible_size);
	fdt_full_reg(out, range, 1);
	fdt_full_interrupt(out, intid, false);
	fdt_out_u32(out, FDT_CLOCKS, FDT_PHANDLE_CLOCK);
	fdt_out_string(out, FDT_CLOCK_NAMES, "apb_pclk");
}

static void add_clock(struct fdt_out *out)
{
	fdt_out_begin(out, "apb-pclk");
	fdt_out_string(out, FDT_COMPATIBLE, "fixed-clock");
	fdt_out_u32(out, FDT_CLOCK_CELLS, 0);
	fdt_out_u32(out, FDT_CLOCK_FREQUENCY, CLOCK_HZ_DEFAULT);
	fdt_out_string(out, FDT_CLOCK_OUTPUT_NAMES, "clk24mhz");
	fdt_out_u32(out, FDT_PHANDLE, FDT_PHANDLE_CLOCK);
	fdt_out_end(out);
}

static void add_pl011(struct fdt_out *out)
{
	static const char compatible[] = "arm,pl011\0arm,primecell";
	static const char names[] = "uartclk\0apb_pclk";
	struct fdt_cell *clock;

	fdt_out_bytes(out, FDT_COMPATIBLE, compatible, sizeof(compatible));
	clock = fdt_out_cells(out, FDT_CLOCKS, 2);
	clock = fdt_put_u32(clock, FDT_PHANDLE_CLOCK);
	fdt_put_u32(clock, FDT_PHANDLE_CLOCK);
	fdt_out_bytes(out, FDT_CLOCK_NAMES, names, sizeof(names));
}

static void add_uart(struct fdt_out *out, const struct machine_uart *uart)
{
	const struct machine_range range = { uart->base, uart->size };

	fdt_out_begin_at(out, "serial", uart->base);
	fdt_full_reg(out, &range, 1);
	fdt_full_interrupt(out, uart->gsi, uart->is_edge);
	if (uart->kind == MACHINE_UART_PL011) {
		add_pl011(out);
	} else if (uart->kind == MACHINE_UART_SBSA) {
		fdt_out_string(out, FDT_COMPATIBLE, "arm,sbsa-uart");
	} else {
		fdt_out_string(out, FDT_COMPATIBLE, "ns16550a");
		fdt_out_u32(out, FDT_CLOCK_FREQUENCY,
		            uart->clock_hz ? uart->clock_hz : 1843200);
		if (uart->reg_shift)
			fdt_out_u32(out, FDT_REG_SHIFT, uart->reg_shift);
	}
	if (uart->baud || uart->kind == MACHINE_UART_SBSA)
		fdt_out_u32(out, FDT_CURRENT_SPEED,
		            uart->baud ? uart->baud : 115200);
	fdt_out_end(out);
}

static void add_rtc(struct fdt_out *out, const struct machine_arm *arm)
{
	static const char compatible[] = "arm,pl031\0arm,primecell";

	if (!arm->pl031.size)
		return;
	begin_primecell(out, "rtc", compatible, sizeof(compatible), &arm->pl031,
	                arm->pl031_intid);
	fdt_out_end(out);
}

static void add_power_key(struct fdt_out *out, const struct machine_arm *arm)
{
	static const char compatible[] = "arm,pl061\0arm,primecell";
	struct fdt_cell *gpio;

	if (!arm->has_power_key)
		return;
	begin_primecell(out, "gpio", compatible, sizeof(compatible),
	                &arm->pl061, arm->pl061_intid);
	fdt_out_empty(out, FDT_GPIO_CONTROLLER);
	fdt_out_u32(out, FDT_GPIO_CELLS, 2);
	fdt_out_u32(out, FDT_PHANDLE, FDT_PHANDLE_GPIO);
	fdt_out_end(out);

	fdt_out_begin(out, "gpio-keys");
	fdt_out_string(out, FDT_COMPATIBLE, "gpio-keys");
	fdt_out_begin(out, "key-power");
	fdt_out_string(out, FDT_LABEL, "GPIO Key Poweroff");
	fdt_out_u32(out, FDT_LINUX_CODE, KEY_POWER);
	gpio = fdt_out_cells(out, FDT_GPIOS, 3);
	gpio = fdt_put_u32(gpio, FDT_PHANDLE_GPIO);
	gpio = fdt_put_u32(gpio, arm->pl061_power_pin);
	fdt_put_u32(gpio, 0);
	fdt_out_end(out);
	fdt_out_end(out);
}

static void add_fw_cfg(struct fdt_out *out, const struct machine *machine)
{
	const struct machine_range range = {
		machine->fw_cfg_paddr,
		machine->fw_cfg_size,
	};

	if (!machine->has_fw_cfg)
		return;
	fdt_out_begin_at(out, "fw-cfg", range.base);
	fdt_out_string(out, FDT_COMPATIBLE, "qemu,fw-cfg-mmio");
	fdt_full_reg(out, &range, 1);
	fdt_out_empty(out, FDT_DMA_COHERENT);
	fdt_out_end(out);
}

static void add_flash(struct fdt_out *out, const struct machine_arm *arm)
{
	uint32_t count = 0;

	while (count < ARRAY_COUNT(arm->flash) && arm->flash[count].size)
		count++;
	if (!count)
		return;
	fdt_out_begin_at(out, "flash", arm->flash[0].base);
	fdt_out_string(out, FDT_COMPATIBLE, "cfi-flash");
	fdt_full_reg(out, arm->flash, count);
	fdt_out_u32(out, FDT_BANK_WIDTH, 4);
	fdt_out_end(out);
}

static void add_slot(struct fdt_out *out, const struct machine_range *range,
                     uint32_t intid, bool is_edge)
{
	fdt_out_begin_at(out, "virtio_mmio", range->base);
	fdt_out_string(out, FDT_COMPATIBLE, "virtio,mmio");
	fdt_full_reg(out, range, 1);
	fdt_full_interrupt(out, intid, is_edge);
	fdt_out_empty(out, FDT_DMA_COHERENT);
	fdt_out_end(out);
}

static void add_virtio_mmio(struct fdt_out *out, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->virtio_mmio_count; i++) {
		const struct machine_virtio_mmio *slot =
			&machine->virtio_mmio[i];
		struct machine_range range = { slot->paddr, slot->size };

		for (uint32_t j = 0; j <= slot->more_count; j++) {
			add_slot(out, &range, slot->gsi + j, slot->is_edge);
			range.base += range.size;
		}
	}
}

static void add_vmbus(struct fdt_out *out, const struct machine_arm *arm)
{
	uint32_t count = 0;
	struct fdt_cell *cell = NULL;

	if (!arm->vmbus_intid)
		return;
	while (count < ARRAY_COUNT(arm->vmbus_mmio) &&
	       arm->vmbus_mmio[count].size)
		count++;
	if (count)
		fdt_out_begin_at(out, "vmbus", arm->vmbus_mmio[0].base);
	else
		fdt_out_begin(out, "vmbus");
	fdt_out_string(out, FDT_COMPATIBLE, "microsoft,vmbus");
	fdt_out_u32(out, FDT_ADDRESS_CELLS, 2);
	fdt_out_u32(out, FDT_SIZE_CELLS, 2);
	if (count)
		cell = fdt_out_cells(out, FDT_RANGES, count * 6);
	for (uint32_t i = 0; i < count; i++) {
		cell = fdt_put_u64(cell, arm->vmbus_mmio[i].base);
		cell = fdt_put_u64(cell, arm->vmbus_mmio[i].base);
		cell = fdt_put_u64(cell, arm->vmbus_mmio[i].size);
	}
	fdt_out_empty(out, FDT_DMA_COHERENT);
	fdt_full_interrupt(out, arm->vmbus_intid, true);
	fdt_out_end(out);
}

static void add_smmu(struct fdt_out *out, const struct machine_arm *arm)
{
	static const char names[] = "eventq\0priq\0cmdq-sync\0gerror";
	struct fdt_cell *cell;

	if (!arm->smmuv3.size)
		return;
	fdt_out_begin_at(out, "iommu", arm->smmuv3.base);
	fdt_out_string(out, FDT_COMPATIBLE, "arm,smmu-v3");
	fdt_full_reg(out, &arm->smmuv3, 1);
	if (arm->smmuv3_intid[0] && arm->smmuv3_intid[1] &&
	    arm->smmuv3_intid[2] && arm->smmuv3_intid[3]) {
		cell = fdt_out_cells(out, FDT_INTERRUPTS,
		                     4 * FDT_INTERRUPT_CELL_COUNT);
		for (uint32_t i = 0; i < 4; i++)
			cell = fdt_full_put_interrupt(cell,
			                              arm->smmuv3_intid[i],
			                              FDT_INTERRUPT_EDGE_HIGH);
		fdt_out_bytes(out, FDT_INTERRUPT_NAMES, names, sizeof(names));
	}
	if (arm->smmuv3_is_coherent)
		fdt_out_empty(out, FDT_DMA_COHERENT);
	fdt_out_u32(out, FDT_IOMMU_CELLS, 1);
	fdt_out_u32(out, FDT_PHANDLE, FDT_PHANDLE_SMMU);
	fdt_out_end(out);
}

void fdt_full_devices(struct fdt_out *out, const struct machine *machine)
{
	const struct machine_arm *arm = &machine->arm;

	add_clock(out);
	for (uint32_t i = 0; i < machine->uart_count; i++)
		add_uart(out, &machine->uarts[i]);
	add_rtc(out, arm);
	add_power_key(out, arm);
	add_fw_cfg(out, machine);
	add_flash(out, arm);
	add_virtio_mmio(out, machine);
	add_vmbus(out, arm);
	add_smmu(out, arm);
}
