/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/dt_devices.c - writes the nodes of UARTs, RTC, power
 * key, virtio-mmio and other devices
 */
#include "arch/aarch64/describe/dt_parts.h"

#include "common/lib/console.h"
#include "common/machine/dt_names.h"

#define CLOCK_HZ_DEFAULT 24000000 /* VMMs state this for a virtual clock. */
#define KEY_POWER        116      /* Linux input-event-codes.h */

/* Opens the node of a PrimeCell, whose bus clock is the one fixed clock. */
static void begin_primecell(void *fdt, const char *name, const char *compatible,
                            uint32_t compatible_size,
                            const struct machine_range *range, uint32_t intid)
{
	dt_write_begin_at(fdt, name, range->base);
	dt_write_bytes(fdt, "compatible", compatible, compatible_size);
	dt_write_reg(fdt, range, 1);
	dt_write_interrupt(fdt, intid, false);
	dt_write_u32(fdt, "clocks", DT_PHANDLE_CLOCK);
	dt_write_string(fdt, "clock-names", "apb_pclk");
}

static void add_clock(void *fdt)
{
	dt_write_begin(fdt, "apb-pclk");
	dt_write_string(fdt, "compatible", "fixed-clock");
	dt_write_u32(fdt, "#clock-cells", 0);
	dt_write_u32(fdt, "clock-frequency", CLOCK_HZ_DEFAULT);
	dt_write_string(fdt, "clock-output-names", "clk24mhz");
	dt_write_u32(fdt, "phandle", DT_PHANDLE_CLOCK);
	dt_write_end(fdt);
}

static void add_pl011(void *fdt)
{
	static const char compatible[] = "arm,pl011\0arm,primecell";
	static const char names[] = "uartclk\0apb_pclk";
	fdt32_t *clock;

	dt_write_bytes(fdt, "compatible", compatible, sizeof(compatible));
	clock = dt_write_cells(fdt, "clocks", 2);
	clock = dt_put_u32(clock, DT_PHANDLE_CLOCK);
	dt_put_u32(clock, DT_PHANDLE_CLOCK);
	dt_write_bytes(fdt, "clock-names", names, sizeof(names));
}

static void add_16550(void *fdt, const struct machine_uart *uart)
{
	dt_write_string(fdt, "compatible", "ns16550a");
	dt_write_u32(fdt, "clock-frequency",
	             uart->clock_hz ? uart->clock_hz : 1843200);
	if (uart->reg_shift)
		dt_write_u32(fdt, "reg-shift", uart->reg_shift);
}

static void add_uart(void *fdt, const struct machine_uart *uart)
{
	const struct machine_range range = { uart->base, uart->size };

	dt_write_begin_at(fdt, "serial", uart->base);
	dt_write_reg(fdt, &range, 1);
	dt_write_interrupt(fdt, uart->gsi, uart->is_edge);
	switch (uart->kind) {
	case MACHINE_UART_PL011:
		add_pl011(fdt);
		break;
	case MACHINE_UART_SBSA:
		dt_write_string(fdt, "compatible", "arm,sbsa-uart");
		break;
	case MACHINE_UART_16550_MMIO:
	case MACHINE_UART_16550_PORT:
	case MACHINE_UART_NONE:
		add_16550(fdt, uart);
		break;
	}
	if (uart->baud || uart->kind == MACHINE_UART_SBSA)
		dt_write_u32(fdt, "current-speed",
		             uart->baud ? uart->baud : 115200);
	dt_write_end(fdt);
}

static void add_rtc(void *fdt, const struct machine_arm *arm)
{
	static const char compatible[] = "arm,pl031\0arm,primecell";

	if (!arm->pl031.size)
		return;
	begin_primecell(fdt, "rtc", compatible, sizeof(compatible), &arm->pl031,
	                arm->pl031_intid);
	dt_write_end(fdt);
}

static void add_power_key(void *fdt, const struct machine_arm *arm)
{
	static const char compatible[] = "arm,pl061\0arm,primecell";
	fdt32_t *gpio;

	if (!arm->has_power_key)
		return;
	begin_primecell(fdt, "gpio", compatible, sizeof(compatible),
	                &arm->pl061, arm->pl061_intid);
	dt_write_empty(fdt, "gpio-controller");
	dt_write_u32(fdt, "#gpio-cells", 2);
	dt_write_u32(fdt, "phandle", DT_PHANDLE_GPIO);
	dt_write_end(fdt);

	dt_write_begin(fdt, "gpio-keys");
	dt_write_string(fdt, "compatible", "gpio-keys");
	dt_write_begin(fdt, "key-power");
	dt_write_string(fdt, "label", "GPIO Key Poweroff");
	dt_write_u32(fdt, "linux,code", KEY_POWER);
	gpio = dt_write_cells(fdt, "gpios", 3);
	gpio = dt_put_u32(gpio, DT_PHANDLE_GPIO);
	gpio = dt_put_u32(gpio, arm->pl061_power_pin);
	dt_put_u32(gpio, 0);
	dt_write_end(fdt);
	dt_write_end(fdt);
}

static void add_fw_cfg(void *fdt, const struct machine *machine)
{
	const struct machine_range range = {
		machine->fw_cfg.paddr,
		machine->fw_cfg.size,
	};

	if (!machine->fw_cfg.is_present)
		return;
	dt_write_begin_at(fdt, "fw-cfg", range.base);
	dt_write_string(fdt, "compatible", "qemu,fw-cfg-mmio");
	dt_write_reg(fdt, &range, 1);
	dt_write_empty(fdt, "dma-coherent");
	dt_write_end(fdt);
}

static void add_flash(void *fdt, const struct machine_arm *arm)
{
	uint32_t count = 0;

	while (count < ARRAY_COUNT(arm->flash) && arm->flash[count].size)
		count++;
	if (!count)
		return;
	dt_write_begin_at(fdt, "flash", arm->flash[0].base);
	dt_write_string(fdt, "compatible", "cfi-flash");
	dt_write_reg(fdt, arm->flash, count);
	dt_write_u32(fdt, "bank-width", 4);
	dt_write_end(fdt);
}

static void add_slot(void *fdt, const struct machine_range *range,
                     uint32_t intid, bool is_edge)
{
	dt_write_begin_at(fdt, "virtio_mmio", range->base);
	dt_write_string(fdt, "compatible", "virtio,mmio");
	dt_write_reg(fdt, range, 1);
	dt_write_interrupt(fdt, intid, is_edge);
	dt_write_empty(fdt, "dma-coherent");
	dt_write_end(fdt);
}

static void add_virtio_mmio(void *fdt, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->virtio_mmio_count; i++) {
		const struct machine_virtio_mmio *slot =
			&machine->virtio_mmio[i];
		struct machine_range range = { slot->paddr, slot->size };

		for (uint32_t j = 0; j <= slot->more_count; j++) {
			add_slot(fdt, &range, slot->gsi + j, slot->is_edge);
			range.base += range.size;
		}
	}
}

static void add_vmbus(void *fdt, const struct machine_vmbus *vmbus)
{
	uint32_t count = 0;
	fdt32_t *cell = NULL;

	if (!vmbus->is_present)
		return;
	while (count < ARRAY_COUNT(vmbus->mmio) && vmbus->mmio[count].size)
		count++;
	if (count)
		dt_write_begin_at(fdt, "vmbus", vmbus->mmio[0].base);
	else
		dt_write_begin(fdt, "vmbus");
	dt_write_string(fdt, "compatible", "microsoft,vmbus");
	dt_write_u32(fdt, "#address-cells", 2);
	dt_write_u32(fdt, "#size-cells", 2);
	if (count)
		cell = dt_write_cells(fdt, "ranges", count * 6);
	for (uint32_t i = 0; i < count; i++) {
		cell = dt_put_u64(cell, vmbus->mmio[i].base);
		cell = dt_put_u64(cell, vmbus->mmio[i].base);
		cell = dt_put_u64(cell, vmbus->mmio[i].size);
	}
	dt_write_empty(fdt, "dma-coherent");
	dt_write_interrupt(fdt, vmbus->intid, true);
	dt_write_end(fdt);
}

static void add_smmu(void *fdt, const struct machine_arm *arm)
{
	static const char names[] = "eventq\0priq\0cmdq-sync\0gerror";
	fdt32_t *cell;

	if (!arm->smmuv3.size)
		return;
	dt_write_begin_at(fdt, "iommu", arm->smmuv3.base);
	dt_write_string(fdt, "compatible", "arm,smmu-v3");
	dt_write_reg(fdt, &arm->smmuv3, 1);
	if (arm->smmuv3_intid[0] && arm->smmuv3_intid[1] &&
	    arm->smmuv3_intid[2] && arm->smmuv3_intid[3]) {
		cell = dt_write_cells(fdt, "interrupts",
		                      4 * DT_INTERRUPT_CELL_COUNT);
		for (uint32_t i = 0; i < 4; i++)
			cell = dt_put_interrupt(cell, arm->smmuv3_intid[i],
			                        DT_INTERRUPT_EDGE_HIGH);
		dt_write_bytes(fdt, "interrupt-names", names, sizeof(names));
	}
	if (arm->smmuv3_is_coherent)
		dt_write_empty(fdt, "dma-coherent");
	dt_write_u32(fdt, "#iommu-cells", 1);
	dt_write_u32(fdt, "phandle", DT_PHANDLE_SMMU);
	dt_write_end(fdt);
}

/* These nodes are the VMM's, see common/machine/passed.h. */
static void add_passed(void *fdt, const struct machine_arm *arm)
{
	static const char names[PASSED_PROPERTY_COUNT][DT_NAME_SIZE] = {
		"compatible", "dma-coherent", "interrupt-names",
		"interrupts", "reg",
	};

	for (uint32_t i = 0; i < arm->passed_count; i++) {
		const struct passed_value *values = arm->passed[i].values;

		dt_write_begin(fdt, arm->passed[i].name);
		for (uint32_t j = 0; j < PASSED_PROPERTY_COUNT; j++) {
			if (values[j].data)
				dt_write_bytes(fdt, names[j], values[j].data,
				               values[j].size);
		}
		dt_write_end(fdt);
	}
}

void dt_write_devices(void *fdt, const struct machine *machine)
{
	const struct machine_arm *arm = &machine->arm;

	add_clock(fdt);
	for (uint32_t i = 0; i < machine->uart_count; i++)
		add_uart(fdt, &machine->uarts[i]);
	add_rtc(fdt, arm);
	add_power_key(fdt, arm);
	add_fw_cfg(fdt, machine);
	add_flash(fdt, arm);
	add_virtio_mmio(fdt, machine);
	add_vmbus(fdt, &machine->vmbus);
	add_smmu(fdt, arm);
	add_passed(fdt, arm);
}
