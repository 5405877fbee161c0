/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/disk/virtio_pci.c - disks on a PCI host's first bus
 *
 * VIRTIO 1.2 section 4.1; PCI Local Bus 3.0 section 6. If the VMM has given a
 * BAR no address, the blob gives it one inside the host's window. Afterwards
 * the BAR is cleared again: Linux assigns all BARs that have no address.
 *
 * A port of PCI Express on that bus has a bus of its own, with one device (PCI
 * Express Base 3.0 section 1.3). If the VMM has given it no number (OpenVMM
 * has), it gets the one behind the first, until the next port is looked at.
 */
#include "common/payload/disk/virtio_pci.h"

#include "common/arch.h"
#include "common/lib/console.h"
#include "common/payload/disk/virtio_blk.h"

#define ID_BLOCK_TRANSITIONAL 0x10011af4
#define ID_BLOCK              0x10421af4

#define PCI_COMMAND           4 /* upper half: status */
#define PCI_HEADER            0xc
#define PCI_BAR0              0x10
#define PCI_BUSES             0x18 /* of a bridge */
#define PCI_BRIDGE_WINDOW     0x20
#define PCI_CAPABILITIES      0x34

#define FUNCTION_COUNT        256 /* of a bus */

#define COMMAND_MEMORY        2
#define COMMAND_MASTER        4
#define STATUS_CAPABILITIES   (1 << 20)
#define HEADER_IS_BRIDGE      (1 << 16)
#define BAR_IS_PORTS          1
#define BAR_IS_64_BIT         4
#define BAR_FLAGS             0xf
#define BAR_COUNT             6
#define CAPABILITY_MAX        48 /* for which the space has room */
#define CAPABILITY_VENDOR     9

/* struct virtio_pci_cap */
#define CAP_BAR               4
#define CAP_OFFSET            8
#define CAP_LENGTH            12
#define CAP_NOTIFY_MULTIPLIER 16

enum cfg_type {
	CFG_COMMON = 1,
	CFG_NOTIFY = 2,
	CFG_DEVICE = 4,
	CFG_COUNT,
};

struct notify {
	uint32_t size;
	uint32_t multiplier;
};

static bool is_block(uint32_t id)
{
	return id == ID_BLOCK || id == ID_BLOCK_TRANSITIONAL;
}

static uint32_t read(const struct disk *disk, uint32_t offset)
{
	return arch_pci_read(disk->host, disk->function, offset);
}

static void write(const struct disk *disk, uint32_t offset, uint32_t value)
{
	arch_pci_write(disk->host, disk->function, offset, value);
}

/*
 * Gives a BAR the highest free part of the window. Returns its address, or 0 if
 * there is no room.
 */
static uint32_t give_address(struct disk *disk, paddr_t *window_end,
                             uint32_t bar)
{
	const struct machine_range *window = &disk->host->mmio32;
	uint64_t address;
	uint32_t size;

	write(disk, bar, UINT32_MAX);
	size = -(read(disk, bar) & ~BAR_FLAGS);
	address = align_down(*window_end - size, size);
	if (!size || address - window->base >= window->size) {
		write(disk, bar, 0);
		return 0;
	}
	*window_end = address;
	write(disk, bar, address);
	return address;
}

/*
 * Returns the address of a memory BAR, which gets one if it has none. Returns 0
 * if the BAR is out of reach.
 */
static paddr_t bar_address(struct disk *disk, paddr_t *window_end,
                           uint32_t index)
{
	uint32_t bar = PCI_BAR0 + index * 4, value;
	paddr_t address;

	if (index >= BAR_COUNT)
		return 0;
	value = read(disk, bar);
	if (value & BAR_IS_PORTS)
		return 0;
	address = value & ~BAR_FLAGS;
	if (value & BAR_IS_64_BIT)
		address |= (paddr_t)read(disk, bar + 4) << 32;
	if (address)
		return address >> arch_address_bits ? 0 : address;
	disk->bars_given |= 1 << index;
	return give_address(disk, window_end, bar);
}

/*
 * Leads to the device behind a port, if the function is one. Returns the
 * device's ID, or all ones.
 */
static uint32_t open_port(struct disk *disk)
{
	const struct machine_range *window = &disk->host->mmio32;
	uint32_t first = disk->host->bus_first, bus;

	if (!(read(disk, PCI_HEADER) & HEADER_IS_BRIDGE))
		return UINT32_MAX;
	bus = read(disk, PCI_BUSES) >> 8 & 0xff;
	disk->port_is_given = bus;
	if (!bus)
		bus = first + 1;
	if (bus <= first || bus > disk->host->bus_last)
		return UINT32_MAX;
	if (!disk->port_is_given) {
		write(disk, PCI_BUSES, bus * 0x10100 | first);
		/* In MiB: of 16 bits each the upper ones of base and end */
		write(disk, PCI_BRIDGE_WINDOW,
		      (window->base >> 16 & 0xfff0) |
		              ((window->base + window->size - 1) & 0xfff00000));
	}
	disk->port_command = read(disk, PCI_COMMAND) & 0xffff;
	write(disk, PCI_COMMAND,
	      disk->port_command | COMMAND_MEMORY | COMMAND_MASTER);
	disk->port_end = disk->function + 1;
	disk->function = (bus - first) * FUNCTION_COUNT;
	return read(disk, 0);
}

static void close_port(struct disk port)
{
	if (!port.port_end)
		return;
	port.function = port.port_end - 1;
	write(&port, PCI_COMMAND, port.port_command);
	if (port.port_is_given)
		return;
	write(&port, PCI_BRIDGE_WINDOW, 0);
	write(&port, PCI_BUSES, 0);
}

/* Leaves the function as it was. BARs that the blob set had no address. */
static void close_function(const struct disk *disk)
{
	if (disk->registers)
		virtio_close(disk);
	write(disk, PCI_COMMAND, disk->command);
	for (uint32_t i = 0; i < BAR_COUNT; i++) {
		if (disk->bars_given >> i & 1)
			write(disk, PCI_BAR0 + i * 4, 0);
	}
	close_port(*disk);
}

/* Finds the addresses of the device's registers by its capabilities. */
static void read_capabilities(struct disk *disk, struct virtio_pci_walk *walk,
                              paddr_t places[CFG_COUNT], struct notify *notify)
{
	uint32_t left = CAPABILITY_MAX, capability;

	for (uint32_t at = read(disk, PCI_CAPABILITIES) & 0xfc; at && left;
	     at = capability >> 8 & 0xfc, left--) {
		uint32_t type;
		paddr_t bar;

		capability = read(disk, at);
		type = capability >> 24;
		if ((capability & 0xff) != CAPABILITY_VENDOR ||
		    type >= CFG_COUNT || places[type])
			continue;
		bar = bar_address(disk, &walk->window_end,
		                  read(disk, at + CAP_BAR) & 0xff);
		if (!bar)
			continue;
		bar += read(disk, at + CAP_OFFSET);
		if (!virtio_map(bar, DISK_PAGE_SIZE, walk->machine))
			continue;
		places[type] = bar;
		if (type == CFG_NOTIFY)
			*notify = (struct notify){
				read(disk, at + CAP_LENGTH),
				read(disk, at + CAP_NOTIFY_MULTIPLIER),
			};
	}
}

/*
 * Finds the notify register of queue 0, which is selected. `base` is where the
 * notify registers of all queues begin.
 */
static void set_notify(struct disk *disk, const struct machine *machine,
                       paddr_t base, const struct notify *notify)
{
	uint64_t offset = (uint64_t)notify->multiplier *
	                  virtio_read(disk, VIRTIO_QUEUE_NOTIFY_OFFSET);

	if (offset + 2 > notify->size || !virtio_map(base + offset, 2, machine))
		panic("virtio: at %#lx: notifies at %#lx of %#x bytes",
		      disk->registers, offset, notify->size);
	disk->notify = base + offset;
}

/*
 * Starts the device of a function. Returns false, with the function as it was,
 * if VIRTIO 1.0's registers are not all in reach.
 */
static bool take_function(struct disk *disk, struct virtio_pci_walk *walk)
{
	paddr_t places[CFG_COUNT] = { 0 };
	struct notify notify = { 0 };

	disk->is_pci = true;
	disk->close = close_function;
	disk->command = read(disk, PCI_COMMAND) & 0xffff;
	/* The BARs answer to nothing while they are sized. */
	write(disk, PCI_COMMAND, 0);
	read_capabilities(disk, walk, places, &notify);
	write(disk, PCI_COMMAND,
	      disk->command | COMMAND_MEMORY | COMMAND_MASTER);

	if (!places[CFG_COMMON] || !places[CFG_NOTIFY] || !places[CFG_DEVICE]) {
		close_function(disk);
		return false;
	}
	disk->registers = places[CFG_COMMON];
	virtio_reset(disk); /* a reset selects queue 0 */
	set_notify(disk, walk->machine, places[CFG_NOTIFY], &notify);
	virtio_start(disk, places[CFG_DEVICE], false);
	return true;
}

/* Returns false if the host's configuration space is out of reach. */
static bool enter_host(struct virtio_pci_walk *walk,
                       const struct machine_pci_host *host)
{
	walk->window_end = host->mmio32.base + host->mmio32.size;
	return !host->ecam_paddr ||
	       virtio_map(host->ecam_paddr, host->ecam_size, walk->machine);
}

/* Opens the next block device of one host, from walk->function on. */
static bool next_on_host(struct virtio_pci_walk *walk,
                         const struct machine_pci_host *host, struct disk *disk)
{
	while (walk->function < FUNCTION_COUNT) {
		uint32_t id;

		*disk = (struct disk){
			.pages = disk->pages,
			.host = host,
			.function = walk->function++,
		};
		id = read(disk, 0);
		if (id != UINT32_MAX && !is_block(id))
			id = open_port(disk);
		if (!is_block(id)) {
			close_port(*disk);
			continue;
		}
		if (take_function(disk, walk))
			return true;
		walk->has_legacy = true;
	}
	return false;
}

bool virtio_pci_next(struct virtio_pci_walk *walk,
                     const struct machine *machine, struct disk *disk)
{
	walk->machine = machine;
	for (; walk->host < machine->pci_host_count; walk->host++) {
		const struct machine_pci_host *host =
			&machine->pci_hosts[walk->host];

		if ((walk->function || enter_host(walk, host)) &&
		    next_on_host(walk, host, disk))
			return true;
		walk->function = 0;
	}
	return false;
}
