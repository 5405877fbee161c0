# SPDX-License-Identifier: BSD-2-Clause
"""Device trees that hosts give to an IGVM file, for QEMU's machines.

OpenVMM writes them so (openvmm_core, vm_loaders/igvm.rs): memory in descending
order, and the serial port of a PC with 64-bit numbers in its reg. Hyper-V's, on
AArch64, names neither PSCI nor phandles. The words tree.* make them wrong. Of
the kind openvmm is the tree of a real OpenVMM with 2 CPUs and 512 MiB.
"""
import os
import struct
import subprocess

REAL = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "../unit/fdts/host-openvmm.dts")
# Devicetree Specification 0.4, section 5.2: the words of the header
HEADER = ("magic", "totalsize", "off_dt_struct", "off_dt_strings",
          "off_mem_rsvmap", "version", "last_comp_version", "boot_cpuid_phys",
          "size_dt_strings", "size_dt_struct")

NODES = {"x86_64": """
pio-bus {
	compatible = "x86-pio-bus"; #address-cells = <1>; #size-cells = <1>; ranges;
	serial@3f8 {
		compatible = "ns16550"; clock-frequency = <0>;
		current-speed = <115200>; reg = <0 0x3f8 0 8>; interrupts = <0 4>;
	};
};
""", "aarch64": """
intc@8000000 {
	compatible = "arm,gic-v3"; #redistributor-regions = <1>;
	redistributor-stride = <0 0x20000>;
	reg = <0 0x8000000 0 0x10000>, <0 0x80a0000 0 0xf60000>;
	#address-cells = <2>; #size-cells = <2>; #interrupt-cells = <3>;
	interrupt-controller;
};
timer {
	compatible = "arm,armv8-timer";
	interrupts = <1 13 4>, <1 14 4>, <1 11 4>, <1 10 4>;
};
pmu { compatible = "arm,armv8-pmuv3"; interrupts = <1 7 4>; };
serial@9000000 {
	compatible = "arm,sbsa-uart"; reg = <0 0x9000000 0 0x1000>;
	interrupts = <0 1 4>; current-speed = <115200>; status = "okay";
};
"""}
# Beside the devices of either machine.
BUSES = """
bus {
	compatible = "simple-bus"; #address-cells = <2>; #size-cells = <2>; ranges;
	vmbus-vtl0@ff0000000 {
		compatible = "microsoft,vmbus"; #address-cells = <2>;
		#size-cells = <2>; ranges = <%s 0 0x8000000>;
		microsoft,vtl = <0>; microsoft,message-connection-id = <1>;
	};
	vmbus-vtl2 {
		compatible = "microsoft,vmbus"; #address-cells = <2>;
		#size-cells = <2>; ranges = <0xf 0xf8000000 0xf 0xf8000000 0 0x8000000>;
		microsoft,vtl = <%s>; microsoft,message-connection-id = <4>;
	};
};
"""


def cells(number):
    return f"{number >> 32:#x} {number & 0xffffffff:#x}"


def cpu_nodes(arch, first, count, is_host):
    """Every second CPU is on node 1."""
    wide = "0 " if arch == "aarch64" else ""
    says = 'numa-node-id = <%u>; status = "okay";' if is_host else ""
    for number in range(count):
        yield (f'cpu@{number + 1:x} {{ device_type = "cpu"; reg = '
               f'<{wide}{first + number}>; {says % (number % 2) if says else ""} }};')


def memory_nodes(ranges, is_host):
    for number, (base, size, kind) in reversed(list(enumerate(ranges))):
        says = f"microsoft,igvm-type = <{kind}>; numa-node-id = <{number % 2}>;"
        yield (f'memory@{number:x} {{ device_type = "memory"; reg = '
               f'<{cells(base)} {cells(size)}>; {says if is_host else ""} }};')


def text_of(case, kind, ranges):
    arch, is_host = case["arch"], case.get(kind) == "host"
    count = case.number("tree.cpus", case.number("smp"))
    mode = case.get("tree.mode", "host")
    vmbus = cells(case.number("tree.vmbus", 0xff0000000))
    words = case.get("tree.bootargs", "").replace("+", " ")
    return "\n".join([
        "/dts-v1/; / { #address-cells = <2>; #size-cells = <2>;",
        'model = "microsoft,hyperv";' if is_host else "",
        f'cpus {{ #address-cells = <{2 if arch == "aarch64" else 1}>;',
        "#size-cells = <0>;",
        *cpu_nodes(arch, case.number("tree.first", 0), count, is_host), "};",
        *memory_nodes(ranges, is_host), NODES[arch],
        BUSES % (f"{vmbus} {vmbus}", case.get("tree.vtl", "2"))
        if is_host else
        'psci { compatible = "arm,psci-1.0"; method = "hvc"; };',
        f'chosen {{ bootargs = "{words}"; }};' if words else "",
        f'openhcl {{ memory-allocation-mode = "{mode}";'
        ' entropy { reg = <1 2 3 4 5 6 7 8>; }; };' if is_host else "",
        "};"])


def compiled(text):
    return subprocess.run(["dtc", "-q", "-f", "-I", "dts", "-O", "dtb"],
                          input=text.encode(), check=True,
                          capture_output=True).stdout


def real():
    with open(REAL, encoding="utf-8") as file:
        return file.read()


def make(case, kind, ranges):
    """The row's tree of that kind: host, or plain; perhaps cut short."""
    data = compiled(real() if case.get(kind) == "openvmm" else
                    text_of(case, kind, ranges))
    for index, name in enumerate(HEADER):
        if f"tree.{name}" in case:
            data = data[:4 * index] + struct.pack(
                ">I", case.number(f"tree.{name}")) + data[4 * index + 4:]
    return data[:case.number("tree.cut", len(data))]
