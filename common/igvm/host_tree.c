/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/igvm/host_tree.c - reads a host's device tree, see host_tree.h
 *
 * What is absent has its usual value: a node without a status may be used, a
 * CPU or RAM without numa-node-id belongs to NUMA node 0.
 */
#include "common/igvm/host_tree.h"

#include "common/image.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/machine/dt_facts.h"

#define DEPTH_TOP  2
#define CELL_SIZE  4

#define PORT_END   0x10000
#define UART_PORTS 8
#define UART_CLOCK 1843200 /* Hz, of a PC's serial ports */
#define UART_BAUD  115200

struct host_tree {
	struct machine *machine;
	uint32_t boot_id;
	bool has_boot_cpu;
	uint64_t id_max;         /* the greatest of the CPUs so far */
	uint32_t port_bus_depth; /* of the bus that the walk is in; 0: none */
	struct dt dt;
};

/* Hosts list CPUs in ascending order, and then nothing is looked through. */
static void check_new(const struct host_tree *tree, uint64_t id)
{
	const struct machine *machine = tree->machine;

	if (!machine->cpu_count || id > tree->id_max)
		return;
	for (uint32_t i = 0; i < machine->cpu_count; i++) {
		if (machine->cpus[i].id == id)
			dt_refuse(&tree->dt, DT_REG, "is another CPU's");
	}
}

/* Keeps the order of the tree, but puts the boot CPU first. */
static void add_cpu(struct host_tree *tree)
{
	struct machine *machine = tree->machine;
	struct machine_cpu cpu = dt_read_cpu(&tree->dt, machine);
	struct machine_cpu *cpus = machine->cpus;
	uint32_t place = machine->cpu_count;

	if (place == MACHINE_CPU_MAX)
		panic("fdt: CPUs: more than %u", MACHINE_CPU_MAX);
	check_new(tree, cpu.id);
	tree->id_max = max_u64(tree->id_max, cpu.id);
	if (cpu.id == tree->boot_id) {
		tree->has_boot_cpu = true;
		for (; place; place--)
			cpus[place] = cpus[place - 1];
	}
	cpus[place] = cpu;
	machine->cpu_count++;
}

/*
 * A port's reg has two numbers of 64 bits, whatever its bus says of cells, or
 * two cells. Without a clock or a speed, it has a PC's.
 */
static void add_uart(struct host_tree *tree)
{
	struct machine *machine = tree->machine;
	const struct dt *dt = &tree->dt;
	const struct dt_value reg = dt_get(dt, DT_REG);
	const struct dt_value interrupts = dt_get(dt, DT_INTERRUPTS);
	uint32_t cells = reg.size / CELL_SIZE / 2;
	struct machine_uart uart = {
		.kind = MACHINE_UART_16550_PORT,
		.size = UART_PORTS,
		.clock_hz = dt_get_u32(dt, DT_CLOCK_FREQUENCY, 0),
		.baud = dt_get_u32(dt, DT_CURRENT_SPEED, UART_BAUD),
		.is_edge = true,
	};

	if (machine->uart_count == MACHINE_UART_MAX)
		return;
	if ((cells != 1 && cells != 2) || reg.size != 2 * cells * CELL_SIZE)
		dt_refuse(dt, DT_REG, "must be a port and a number of them");
	uart.base = dt_cells(&reg, 0, cells);
	if (uart.base > PORT_END - UART_PORTS)
		dt_refuse(dt, DT_REG, "beyond the ports");
	if (!uart.clock_hz)
		uart.clock_hz = UART_CLOCK;
	cells = interrupts.size / CELL_SIZE;
	if (cells)
		uart.gsi = dt_cell(&interrupts, cells - 1);
	machine->uarts[machine->uart_count++] = uart;
}

/* Only children of a bus of I/O ports have ports in their reg. */
static void read_device(struct host_tree *tree)
{
	const struct dt_value compatible = dt_get(&tree->dt, DT_COMPATIBLE);

	if (dt_has_string(&compatible, "x86-pio-bus"))
		tree->port_bus_depth = tree->dt.depth;
	else if (tree->port_bus_depth && dt_has_string(&compatible, "ns16550"))
		add_uart(tree);
}

static void read_node(struct host_tree *tree)
{
	struct machine *machine = tree->machine;
	const struct dt *dt = &tree->dt;
	const struct dt_value type = dt_get(dt, DT_DEVICE_TYPE);
	const struct dt_value bootargs = dt_get(dt, DT_BOOTARGS);

	if (dt->depth <= tree->port_bus_depth)
		tree->port_bus_depth = 0;
	if (!dt_is_enabled(dt) || igvm_take_node(machine, dt))
		return;
	if (dt_has_string(&type, "cpu"))
		add_cpu(tree);
	else if (dt_has_string(&type, "memory"))
		dt_add_memory(dt, machine);
	else if (dt->depth == DEPTH_TOP && !strcmp(dt_name(dt), "chosen"))
		machine->given.cmdline = dt_first_string(&bootargs);
	else
		read_device(tree);
}

void host_tree_read(struct machine *machine, const void *base,
                    uint64_t available, uint32_t boot_id)
{
	struct host_tree tree;

	memset(&tree, 0, offsetof(struct host_tree, dt));
	tree.machine = machine;
	tree.boot_id = boot_id;
	dt_open(&tree.dt, base, available);
	while (dt_next(&tree.dt))
		read_node(&tree);

	if (!machine->ram_count)
		panic("fdt: memory: no RAM at all");
	if (!tree.has_boot_cpu)
		panic("fdt: CPUs: none of %u is %#x, which runs",
		      machine->cpu_count, boot_id);
	dt_check_memory(machine);
	igvm_check_nodes(machine);
	machine->cpu_source = "device tree";
}
