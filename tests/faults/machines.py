# SPDX-License-Identifier: BSD-2-Clause
"""Random machines of QEMU: CPUs, RAM, devices, and options of the machine."""
import dataclasses

CPU_COUNTS = [1, 1, 2, 2, 3, 4, 5, 8, 12, 16]
RAM_MIB = [192, 256, 333, 512, 1000, 1024, 2048, 3072, 4096, 6144]
DEVICE_MAX = 6

PCI = ["virtio-blk-pci,drive={drive}", "virtio-net-pci", "virtio-rng-pci",
       "virtio-balloon-pci", "virtio-scsi-pci", "virtio-serial-pci",
       "nvme,serial=x,drive={drive}", "e1000", "qemu-xhci", "edu", "VGA",
       "pci-bridge,chassis_nr={number}", "ahci", "pvpanic-pci"]
SLOTS = ["virtio-blk-device,drive={drive}", "virtio-net-device",
         "virtio-rng-device", "virtio-balloon-device", "virtio-serial-device"]
POOLS = {
    "pc": PCI + ["ide-hd,drive={drive}", "piix3-usb-uhci"],
    "q35": PCI + ["pcie-root-port,chassis={number},slot={number}",
                  "ich9-usb-uhci1"],
    "microvm": SLOTS,
    "virt": SLOTS + PCI + ["pcie-root-port,chassis={number},slot={number}"],
}
OPTIONS = {
    "pc": [["", "hpet=off"], ["", "smm=off"]],
    "q35": [["", "hpet=off"], ["", "smm=off"]],
    # With pit=off an emulated Linux has no clock.
    "microvm": [["", "pcie=on"], ["", "rtc=on", "rtc=off"],
                ["", "ioapic2=off"], ["", "pic=off"], ["", "acpi=off"]],
    "virt": [["gic-version=2", "gic-version=3"], ["", "its=off"],
             ["", "highmem=off"], ["", "virtualization=on"]],
}
CPU_MODELS = {"x86_64": [None, None, "max", "qemu64,-rdrand"],
              "aarch64": ["cortex-a57", "cortex-a72", "max,pauth-impdef=on"]}
NEED_MSI = ("edu", "pcie-root-port")
GICV2_CPUS = 8
LOW_RAM_MIB = 2048  # what QEMU lets a machine have with highmem=off


@dataclasses.dataclass
class Machine:
    cpu_count: int
    ram_mib: int
    options: list


def random_machine(random, arch, kind):
    """The same for the same state of `random`."""
    words = [kind] + [random.choice(choice) for choice in OPTIONS[kind]]
    words = [word for word in words if word]
    cpu_count, ram = random.choice(CPU_COUNTS), random.choice(RAM_MIB)
    if "gic-version=2" in words:
        cpu_count = min(cpu_count, GICV2_CPUS)
    if "highmem=off" in words:
        ram = min(ram, LOW_RAM_MIB)
    options = ["-M", ",".join(words), "-smp", f"{cpu_count}", "-m", f"{ram}M"]
    model = random.choice(CPU_MODELS[arch])
    options += ["-cpu", model] if model else []
    pool = POOLS[kind]
    if "pcie=on" in words and "acpi=off" not in words:
        pool = pool + PCI
    if "its=off" in words:
        pool = [device for device in pool if not device.startswith(NEED_MSI)]
    chosen = random.choices(pool, k=random.randrange(DEVICE_MAX + 1))
    for number, device in enumerate(chosen, 1):
        if not any("balloon" in word for word in options) or \
                "balloon" not in device:
            options += device_options(device, number)
    return Machine(cpu_count, ram, options)


def device_options(device, number):
    drive = []
    if "{drive}" in device:
        drive = ["-drive", f"if=none,id=d{number},format=raw,"
                 "file.driver=null-co,file.size=1M,file.read-zeroes=on"]
    return [*drive, "-device", device.format(drive=f"d{number}",
                                             number=number)]
