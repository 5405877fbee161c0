/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/fdt_devices.c - UARTs, RTC, power key, virtio-mmio and others */
#include "arch/aarch64/fdt_full.h"

#include "common/console.h"

#define CLOCK_HZ_DEFAULT 24000000 /* what VMMs say of a clock that is none */
#define KEY_POWER        116      /* Linux input-event-codes.h */

/* A PrimeCell by any name: its clock is always on. */
static void begin_primecell(struct fdt_out *out, const char *name,
                            const char *compatible, uint32_t compatible_size,
                            const struct machine_range *range, uint32_t intid)
{
	fdt_out_begin_at(out, name, range->base);
	fdt_out_bytes(out, "compatible", compatible, compatible_size);
	fdt_full_reg(out, range, 1);
	fdt_full_interrupt(out, intid, false);
	fdt_out_u32(out, "clocks", FDT_PHANDLE_CLOCK);
	fdt_out_string(out, "clock-names", "apb_pclk");
}

static void add_clock(struct fdt_out *out)
{
	fdt_out_begin(out, "apb-pclk");
	fdt_out_string(out, "compatible", "fixed-clock");
	fdt_out_u32(out, "#clock-cells", 0);
	fdt_out_u32(out, "clock-frequency", CLOCK_HZ_DEFAULT);
	fdt_out_string(out, "clock-output-names", "clk24mhz");
	fdt_out_u32(out, "phandle", FDT_PHANDLE_CLOCK);
	fdt_out_end(out);
}

static void add_pl011(struct fdt_out *out)
{
	static const char compatible[] = "arm,pl011\0arm,primecell";
	static const char names[] = "uartclk\0apb_pclk";
	struct fdt_out_cells clocks;

	fdt_out_bytes(out, "compatible", compatible, sizeof(compatible));
	clocks = fdt_out_cells(out, "clocks", 2);
	fdt_out_add_u32(&clocks, FDT_PHANDLE_CLOCK);
	fdt_out_add_u32(&clocks, FDT_PHANDLE_CLOCK);
	fdt_out_bytes(out, "clock-names", names, sizeof(names));
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
		fdt_out_string(out, "compatible", "arm,sbsa-uart");
	} else {
		fdt_out_string(out, "compatible", "ns16550a");
		fdt_out_u32(out, "clock-frequency",
		            uart->clock_hz ? uart->clock_hz : 1843200);
		if (uart->reg_shift)
			fdt_out_u32(out, "reg-shift", uart->reg_shift);
	}
	if (uart->baud || uart->kind == MACHINE_UART_SBSA)
		fdt_out_u32(out, "current-speed",
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
	struct fdt_out_cells gpios;

	if (!arm->has_power_key)
		return;
	begin_primecell(out, "gpio", compatible, sizeof(compatible),
	                &arm->pl061, arm->pl061_intid);
	fdt_out_empty(out, "gpio-controller");
	fdt_out_u32(out, "#gpio-cells", 2);
	fdt_out_u32(out, "phandle", FDT_PHANDLE_GPIO);
	fdt_out_end(out);

	fdt_out_begin(out, "gpio-keys");
	fdt_out_string(out, "compatible", "gpio-keys");
	fdt_out_begin(out, "key-power");
	fdt_out_string(out, "label", "GPIO Key Poweroff");
	fdt_out_u32(out, "linux,code", KEY_POWER);
	gpios = fdt_out_cells(out, "gpios", 3);
	fdt_out_add_u32(&gpios, FDT_PHANDLE_GPIO);
	fdt_out_add_u32(&gpios, arm->pl061_power_pin);
	fdt_out_add_u32(&gpios, 0);
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
	fdt_out_string(out, "compatible", "qemu,fw-cfg-mmio");
	fdt_full_reg(out, &range, 1);
	fdt_out_empty(out, "dma-coherent");
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
	fdt_out_string(out, "compatible", "cfi-flash");
	fdt_full_reg(out, arm->flash, count);
	fdt_out_u32(out, "bank-width", 4);
	fdt_out_end(out);
}

static void add_virtio_mmio(struct fdt_out *out, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->virtio_mmio_count; i++) {
		const struct machine_virtio_mmio *slot =
			&machine->virtio_mmio[i];
		const struct machine_range range = { slot->paddr, slot->size };

		fdt_out_begin_at(out, "virtio_mmio", range.base);
		fdt_out_string(out, "compatible", "virtio,mmio");
		fdt_full_reg(out, &range, 1);
		fdt_full_interrupt(out, slot->gsi, slot->is_edge);
		fdt_out_empty(out, "dma-coherent");
		fdt_out_end(out);
	}
}

static void add_vmbus(struct fdt_out *out, const struct machine_arm *arm)
{
	uint32_t count = 0;
	struct fdt_out_cells cells;

	if (!arm->vmbus_intid)
		return;
	while (count < ARRAY_COUNT(arm->vmbus_mmio) &&
	       arm->vmbus_mmio[count].size)
		count++;
	if (count)
		fdt_out_begin_at(out, "vmbus", arm->vmbus_mmio[0].base);
	else
		fdt_out_begin(out, "vmbus");
	fdt_out_string(out, "compatible", "microsoft,vmbus");
	fdt_out_u32(out, "#address-cells", 2);
	fdt_out_u32(out, "#size-cells", 2);
	if (count)
		cells = fdt_out_cells(out, "ranges", count * 6);
	for (uint32_t i = 0; i < count; i++) {
		fdt_out_add_u64(&cells, arm->vmbus_mmio[i].base);
		fdt_out_add_u64(&cells, arm->vmbus_mmio[i].base);
		fdt_out_add_u64(&cells, arm->vmbus_mmio[i].size);
	}
	fdt_out_empty(out, "dma-coherent");
	fdt_full_interrupt(out, arm->vmbus_intid, true);
	fdt_out_end(out);
}

static void add_smmu(struct fdt_out *out, const struct machine_arm *arm)
{
	static const char names[] = "eventq\0priq\0cmdq-sync\0gerror";
	struct fdt_out_cells cells;

	if (!arm->smmuv3.size)
		return;
	fdt_out_begin_at(out, "iommu", arm->smmuv3.base);
	fdt_out_string(out, "compatible", "arm,smmu-v3");
	fdt_full_reg(out, &arm->smmuv3, 1);
	if (arm->smmuv3_intid[0] && arm->smmuv3_intid[1] &&
	    arm->smmuv3_intid[2] && arm->smmuv3_intid[3]) {
		cells = fdt_out_cells(out, "interrupts",
		                      4 * FDT_INTERRUPT_CELL_COUNT);
		for (uint32_t i = 0; i < 4; i++)
			fdt_full_add_interrupt(&cells, arm->smmuv3_intid[i],
			                       true, false);
		fdt_out_bytes(out, "interrupt-names", names, sizeof(names));
	}
	if (arm->smmuv3_is_coherent)
		fdt_out_empty(out, "dma-coherent");
	fdt_out_u32(out, "#iommu-cells", 1);
	fdt_out_u32(out, "phandle", FDT_PHANDLE_SMMU);
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
