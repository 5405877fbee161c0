/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/machine.h - struct machine: the hardware that this guest has
 *
 * All hardware facts meet here. Probes (arch/X/probe/) fill the struct and
 * write no table. Describers (ACPI, FDT, SMBIOS, zero page) read it and touch
 * no hardware, so tests on the host feed them recorded machines.
 *
 * A fact that is absent is 0 (a count, an address, a flag). An array is valid
 * up to its count. The rest is not cleared, so the big arrays come last.
 */
#ifndef COMMON_MACHINE_MACHINE_H
#define COMMON_MACHINE_MACHINE_H

#include "common/lib/compiler.h"
#include "common/machine/fw_cfg.h"
#include "common/machine/host.h"
#include "common/machine/passed.h"
#include "common/machine/range.h"

/*
 * What four levels of page tables can map identically ends here. arch_map() may
 * know a lower end. No processor has addresses beyond the second of these.
 */
#define MACHINE_PADDR_END       (1UL << 47)
#define MACHINE_ADDRESS_END     (1UL << 52)

#define MACHINE_CPU_MAX         1024
#define MACHINE_NODE_MAX        64
#define MACHINE_RAM_MAX         512
#define MACHINE_IOAPIC_MAX      4
#define MACHINE_OVERRIDE_MAX    16
#define MACHINE_UART_MAX        4
#define MACHINE_PCI_HOST_MAX    8
#define MACHINE_PCI_INTX_MAX    8
#define MACHINE_PCI_ROUTE_MAX   255
#define MACHINE_VIRTIO_MMIO_MAX 64
#define MACHINE_GICR_MAX        8
#define MACHINE_RESERVED_MAX    32
#define MACHINE_BUNDLE_MAX      4
#define MACHINE_NAMED_MAX       32
#define MACHINE_TABLE_MAX       8

struct machine_cpu {
	uint64_t id;   /* APIC ID, or MPIDR affinity fields */
	uint32_t node; /* proximity domain */
	/*
	 * This is MACHINE_PLACE(package, cluster, core). CPUs of the same place
	 * are threads of one core. Valid if machine.has_cpu_places.
	 */
	uint32_t place;
};

#define MACHINE_PLACE(package, cluster, core)                                  \
	((uint32_t)(package) << 24 | (uint32_t)(cluster) << 16 | (core))
#define MACHINE_PLACE_CLUSTER 16 /* shift that leaves package and cluster */
#define MACHINE_PLACE_PACKAGE 24

/* How an I/O port or register is reached, as in ACPI 6.4 section 5.2.3.2. */
enum machine_space {
	MACHINE_SPACE_NONE = 0,
	MACHINE_SPACE_PORT,
	MACHINE_SPACE_MMIO,
};

/* Writing `value` of `size` bytes to `address` does what it is for. */
struct machine_register {
	enum machine_space space;
	uint32_t size;
	uint64_t address;
	uint32_t value;
};

struct machine_ioapic {
	uint32_t id;
	uint32_t gsi_base;
	paddr_t paddr;
};

/* An ISA interrupt that is not wired 1:1, see ACPI 6.4 section 5.2.12.5. */
struct machine_override {
	uint8_t isa_irq;
	bool is_level;
	bool is_active_low;
	uint32_t gsi;
};

/*
 * Maps a PCI host's requester IDs [input, input + count) to the numbers from
 * `output` on, which the ITS or the SMMU sees; as msi-map and iommu-map of a
 * device tree do.
 */
struct machine_id_map {
	uint32_t input;
	uint32_t output;
	uint32_t count; /* 0: there is no map */
};

enum machine_uart_kind {
	MACHINE_UART_NONE = 0,
	MACHINE_UART_16550_PORT,
	MACHINE_UART_16550_MMIO,
	MACHINE_UART_PL011,
	MACHINE_UART_SBSA,
};

struct machine_uart {
	enum machine_uart_kind kind;
	uint32_t gsi;       /* GSI, or GIC INTID */
	uint32_t baud;      /* 0: the divisor stays as it is */
	uint32_t clock_hz;  /* 0: unknown */
	uint32_t reg_shift; /* 16550: register stride is 1 << reg_shift */
	uint64_t base;      /* port or paddr */
	uint64_t size;
	bool is_edge; /* the interrupt is edge triggered */
};

/*
 * A PCI host bridge. INTx: pin p (0 = INTA) of device slot s goes to
 * intx_gsi[(s + p + intx_bias) % 4]. If intx_count is 8 (Q35, ICH9), slots
 * below 25 use the upper four entries in this way; pin p goes to intx_gsi[4 +
 * p] for slot 30, and to intx_gsi[p] for the other slots.
 */
struct machine_pci_host {
	uint32_t segment;
	uint32_t bus_first;
	uint32_t bus_last;
	bool has_port_access; /* configuration mechanism 1, ports CF8/CFC */
	bool is_express;
	bool is_dma_coherent;
	bool has_acpi_hotplug; /* by a VMM's device, not by the ports */
	paddr_t ecam_paddr;    /* of bus_first; 0: no ECAM */
	uint64_t ecam_size;
	struct machine_range io;     /* port window, in bus addresses */
	paddr_t io_paddr;            /* MMIO window onto it; 0 on x86 */
	struct machine_range mmio32; /* below 4 GiB */
	struct machine_range mmio64; /* above 4 GiB; size 0: none */
	uint32_t intx_count;         /* 0: MSI only, else 4 or 8 */
	uint32_t intx_bias;
	uint32_t intx_gsi[MACHINE_PCI_INTX_MAX];
	bool intx_is_active_low;
	uint32_t node;
	uint32_t route_count; /* in machine.pci_routes, if intx_count is 0 */
	uint32_t route_first;
	uint32_t route_slot_mask;        /* slot bits that routes have */
	bool is_cam;                     /* 256 bytes a function, not 4096 */
	struct machine_id_map msi_map;   /* to the ITS; AArch64 only */
	struct machine_id_map iommu_map; /* to the SMMUv3, likewise */
};

/* The GSI that pin `pin` (0 = INTA) of the slot goes to. */
struct machine_pci_route {
	uint8_t host;
	uint8_t slot;
	uint8_t pin;
	bool is_edge;
	bool is_active_low;
	uint32_t gsi;
};

/* A row of one or more slots that lie one behind the other. */
struct machine_virtio_mmio {
	paddr_t paddr;
	uint32_t size;
	uint32_t gsi;
	uint32_t more_count; /* each one `size` bytes and one GSI higher */
	bool is_edge;
};

/* The ports of the chipset's PM1 block, ACPI 6.4 section 4.8.3. */
struct machine_pm {
	uint16_t base; /* PM1_EVT; 0: hardware-reduced, no PM1 */
	uint16_t gpe0_base;
	uint8_t gpe0_size; /* bytes, status and enable together */
	uint8_t sci_irq;
	uint16_t smi_cmd;    /* port; 0: always in ACPI mode */
	uint8_t acpi_enable; /* value for smi_cmd */
	uint8_t acpi_disable;
	uint8_t s5_slp_typ;
	bool has_32_bit_timer; /* else the PM timer has 24 bits */
	bool lacks_timer;
	bool lacks_power_button;     /* else PM1 has one */
	paddr_t sleep_control_paddr; /* hardware-reduced, ACPI 4.8.3.7 */
	paddr_t sleep_status_paddr;  /* below 64 KiB, both are ports */
};

/* Generic event device, ACPI 6.4 section 5.6.9. */
struct machine_ged {
	paddr_t paddr; /* 32-bit event selector register; 0: none */
	uint32_t gsi;
	uint32_t power_button_bit; /* mask in the selector; 0: no button */
};

/* Hyper-V's bus of paravirtual devices. */
struct machine_vmbus {
	bool is_present;
	uint32_t intid; /* AArch64 only */
	struct machine_range
		mmio[2]; /* that its devices may use; size 0: none */
};

enum machine_hypervisor {
	MACHINE_HYPERVISOR_NONE = 0,
	MACHINE_HYPERVISOR_KVM,
	MACHINE_HYPERVISOR_TCG,
	MACHINE_HYPERVISOR_HYPERV,
	MACHINE_HYPERVISOR_XEN,
	MACHINE_HYPERVISOR_OTHER,
};

/* The kind of machine, as far as it decides what else there can be. */
enum machine_platform {
	MACHINE_PLATFORM_NONE = 0,
	MACHINE_PLATFORM_I440FX, /* x86: the blob programs this chipset */
	MACHINE_PLATFORM_Q35,    /* x86: the blob programs this one, too */
	MACHINE_PLATFORM_PCI, /* x86: an unknown host bridge, described only */
	MACHINE_PLATFORM_MICROVM, /* x86: QEMU's machine without a chipset */
	MACHINE_PLATFORM_ISA,     /* x86: QEMU's AT, with 8259s alone */
	MACHINE_PLATFORM_BARE, /* x86: no PCI, and not QEMU's (Firecracker) */
	MACHINE_PLATFORM_TREE, /* AArch64: a device tree says all */
};

/* The ACPI PM timer's count at a time of arch_ticks(). */
struct machine_pm_moment {
	uint64_t ticks;
	uint32_t count;
};

/* A point in time, in arch_ticks(), that is known to +-error. */
struct machine_moment {
	uint64_t ticks;
	uint64_t error;
};

/*
 * An ACPI table of the VMM that is passed on. Its bytes may be others when they
 * are read again, so what decides how they are taken was kept.
 */
struct machine_table {
	const void *data;
	uint32_t size;
	uint32_t signature;
};

/* Facts that only x86 has. */
struct machine_pc {
	paddr_t lapic_paddr;
	bool has_x2apic;       /* CPUID.1:ECX[21] */
	bool has_late_cpus;    /* others may come than those that are known */
	bool has_mtrr;         /* CPUID.1:EDX[12] */
	uint8_t address_width; /* bits of a physical address */
	bool has_pic;          /* two 8259A */
	bool has_pit;          /* 8254 */
	bool has_i8042;
	bool has_cmos_rtc;
	uint8_t cmos_century; /* index of the century byte; 0: none */
	bool has_vga_window;  /* A0000-BFFFF is not RAM */
	uint32_t ioapic_count;
	struct machine_ioapic ioapics[MACHINE_IOAPIC_MAX];
	uint32_t override_count;
	struct machine_override overrides[MACHINE_OVERRIDE_MAX];
	paddr_t hpet_paddr;
	uint32_t hpet_id;  /* low half of its capabilities register */
	paddr_t vtd_paddr; /* Intel IOMMU register block; 0: none */
	uint8_t vtd_host_address_width;
	bool vtd_remaps_interrupts; /* extended capabilities, bit 3 */
	struct machine_pm pm;
	uint32_t tsc_khz;                  /* by CPUID; 0: unknown */
	struct machine_moment pit_start;   /* start of the 8254, by tsc.c */
	struct machine_pm_moment pm_start; /* the first count that was read */
	paddr_t setup_data_paddr; /* the VMM's records for the kernel; 0: none
	                           */
	uint32_t table_count;
	struct machine_table tables[MACHINE_TABLE_MAX];
	uint32_t uart_ask_count; /* ports that were asked for one */
	uint32_t named_count;    /* devices that the VMM's command line names */
	struct machine_virtio_mmio named[MACHINE_NAMED_MAX];
};

enum machine_gic_version {
	MACHINE_GIC_NONE = 0,
	MACHINE_GIC_V2 = 2,
	MACHINE_GIC_V3 = 3,
};

/* Facts that only AArch64 has. Interrupts are GIC INTIDs. */
struct machine_arm {
	enum machine_gic_version gic_version;
	struct machine_range gicd;
	struct machine_range gicc; /* GICv2 CPU interface */
	struct machine_range gich; /* GICv2 hypervisor interface; 0: none */
	struct machine_range gicv; /* GICv2 virtual CPU interface */
	uint32_t gicr_count;
	struct machine_range gicr[MACHINE_GICR_MAX];
	uint64_t gicr_stride; /* 0: as the architecture says */
	struct machine_range its;
	struct machine_range v2m;
	uint32_t v2m_spi_base;
	uint32_t v2m_spi_count;
	uint32_t maintenance_intid;
	uint32_t pmu_intid;
	uint32_t timer_intid[5]; /* secure, EL1, virtual, EL2, EL2 virtual */
	bool timer_is_active_low;
	bool timer_is_always_on;
	bool has_psci;
	bool psci_is_hvc; /* else SMC */
	struct machine_range pl031;
	uint32_t pl031_intid;
	struct machine_range pl061;
	uint32_t pl061_intid;
	uint32_t pl061_power_pin;
	bool has_power_key;
	struct machine_range smmuv3;
	uint32_t smmuv3_intid[4]; /* eventq, priq, cmdq-sync, gerror */
	bool smmuv3_is_coherent;
	struct machine_range flash[2];
	bool has_rng_seed;
	uint8_t rng_seed[64];
	uint32_t rng_seed_size;
	uint64_t kaslr_seed;
	uint64_t boot_mpidr; /* of the boot CPU */

	struct machine_range fdt; /* the VMM's tree */
	bool fdt_is_ours;         /* it is the bundle's, perhaps in ROM */
	uint32_t passed_count;
	struct passed_node passed[PASSED_MAX];
};

/* What the VMM gave beside the machine: things to boot, or to pass on. */
struct machine_given {
	const char *cmdline; /* for the kernel, NUL-terminated; NULL: none */
	const char *words;   /* to append to any command line; NULL: none */
	struct machine_range initrd; /* in RAM; size 0: none */
	bool has_kernel; /* fw_cfg's kernel is not this blob itself */
	uint32_t bundle_count;
	struct machine_range bundles[MACHINE_BUNDLE_MAX]; /* to look at */
	paddr_t rsdp_paddr; /* the VMM's own ACPI tables; 0: none known */
};

struct machine {
	enum machine_platform platform;
	enum machine_hypervisor hypervisor;
	const char *door_name; /* how the VMM started the blob, in words */
	uint32_t reserved_count;
	uint32_t uart_count;
	uint32_t pci_host_count;
	uint32_t virtio_mmio_count;
	uint32_t pci_route_count;
	uint32_t node_count; /* proximity domains; 0: not NUMA */
	uint32_t ram_count;
	uint32_t cpu_count;
	uint32_t kernel_cpu_count; /* of cpu_order; 0: that has no order */
	const char *cpu_source;    /* who told the CPUs */
	bool has_distances;
	bool is_split;       /* RAM of type MEMORY_NONE is a guest's */
	bool has_cpu_places; /* and cpus[] is in their order */

	struct fw_cfg fw_cfg;
	struct machine_given given;
	struct machine_host host;
	struct machine_range smbios; /* the VMM's structures; size 0: none */

	struct machine_ged ged;
	struct machine_vmbus vmbus;
	struct machine_register reset;     /* restarts the machine */
	struct machine_register power_off; /* turns it off */

	struct machine_pc pc;
	struct machine_arm arm;

	/*
	 * What follows is not cleared. It is valid up to the counts above. What
	 * every machine has comes first, see struct boot.
	 */

	struct machine_uart uarts[MACHINE_UART_MAX]; /* [0] is the console */
	struct machine_pci_host pci_hosts[MACHINE_PCI_HOST_MAX];
	struct machine_ram ram[MACHINE_RAM_MAX];  /* sorted, disjoint */
	struct machine_cpu cpus[MACHINE_CPU_MAX]; /* [0] is the boot CPU */
	struct machine_reserved reserved[MACHINE_RESERVED_MAX];
	struct machine_virtio_mmio virtio_mmio[MACHINE_VIRTIO_MMIO_MAX];
	struct machine_pci_route pci_routes[MACHINE_PCI_ROUTE_MAX];
	uint8_t distances[MACHINE_NODE_MAX][MACHINE_NODE_MAX];
	uint8_t cpu_order[256]; /* in which a kernel beside a pool has them */
};

/* Bytes that must be zero before probing. The arrays behind need not be. */
#define MACHINE_CLEAR_SIZE offsetof(struct machine, uarts)

/*
 * Tells whether E0000 to FFFFF is RAM for the blob's tables, and not the ROM's
 * alias. Only an x86 machine can have this.
 */
static inline bool machine_has_low_shadow(const struct machine *machine)
{
	return machine->platform == MACHINE_PLATFORM_I440FX ||
	       machine->platform == MACHINE_PLATFORM_Q35;
}

#endif
