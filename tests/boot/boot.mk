# SPDX-License-Identifier: BSD-2-Clause
# tests/boot/boot.mk: boots by hand, and tests; tests/README.md has the suites
#
#   make run [ARCH=aarch64]   a busybox shell on this terminal, from one ROM
#   make SUITE-tests          a suite of tests/run.py, with what it needs built
#
#   make soak COUNT=200 SEED=1   so many cold boots of each machine, each with
#                             other CPUs, RAM and devices, and as many resets
#
# BOOT_TAG selects tagged cases (ci, full); BOOT_JOBS is how many run at a time.
# Suites that boot Debian's kernels get them by scripts/fetch-kernels.sh.

BOOT_TAG  ?= ci
BOOT_JOBS ?= $(shell nproc)

suite = $(Q)O=$(abspath $(O)) tests/run.py -j $(BOOT_JOBS)

# Only the blob of ARCH is built: others may need packages that are absent.
run:
	$(Q)O=$(abspath $(O)) scripts/setup.sh run $(ARCH)
	$(Q)+$(MAKE) --no-print-directory all ARCHS=$(ARCH)
	$(Q)O=$(abspath $(O)) scripts/run.sh $(ARCH)

# ---- our own kernels, which check the state in which they are entered

$(O)/guest/handoff.elf: tests/guest/handoff.S
	$(call say,GUEST)
	@mkdir -p $(@D)
	$(Q)$(cross_x86_64)gcc -m64 -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-Ttext=0x1000000 $< -o $@

$(O)/guest/image.bin: tests/guest/image.S
	$(call say,GUEST)
	@mkdir -p $(@D)
	$(Q)$(cross_aarch64)gcc -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-Ttext=0 $< -o $@.elf
	$(Q)$(cross_aarch64)objcopy -O binary $@.elf $@

COUNT ?= 100
SEED  ?= 0

soak: all
	$(suite) soak --set boots=$(COUNT) --set seed=$(SEED)

# ---- suites

boot-tests: $(ARCHS:%=boot-tests-%)

boot-tests-%: all
	$(suite) boot --arch $* --tag $(BOOT_TAG)

# This build of the blob faults on each access that is not aligned.
boot-tests-strict: all
	$(Q)+$(MAKE) --no-print-directory STRICT=1 ARCHS=aarch64 O=$(O)/strict all
	$(suite) boot --arch aarch64 --case '^(gic3-dt|gic2-acpi-fwcfg)$$' --firmware $(abspath $(O))/strict/directboot-aarch64.rom --out $(O)/boot-strict

refusal-tests: $(O)/directboot-x86_64.rom
	$(suite) refusals --arch x86_64

refusal-tests-aarch64: $(O)/directboot $(O)/directboot-aarch64.rom $(O)/guest/image.bin
	$(suite) refusals --arch aarch64

door-tests: $(O)/directboot-x86_64.rom
	$(suite) doors

igvm-tests: all $(O)/guest/image.bin
	$(suite) igvm

fault-tests: all $(O)/guest/handoff.elf $(O)/guest/image.bin
	$(suite) faults --tag $(BOOT_TAG)

soak-tests: all
	$(suite) soak

vmm-tests: all $(O)/guest/handoff.elf $(O)/guest/image.bin
	$(suite) vmms

vmm-table-tests: $(O)/directboot-x86_64.rom
	$(suite) vmm-tables

handoff-tests: all $(O)/guest/handoff.elf
	$(suite) handoff

bochs-tests: all
	$(suite) bochs --tag $(BOOT_TAG)

libvirt-tests: all
	$(suite) libvirt --tag $(BOOT_TAG)

# By hand: the images take minutes to make, and fwts is in Debian's sid alone.
peer-tests: all
	$(Q)O=$(abspath $(O)) scripts/setup.sh peers
	$(suite) peers

.PHONY: run soak peer-tests boot-tests boot-tests-strict refusal-tests \
        refusal-tests-aarch64 door-tests igvm-tests fault-tests soak-tests vmm-tests \
        vmm-table-tests handoff-tests bochs-tests libvirt-tests

# ---- paravisors

# The kernel for x86_64 takes some ten minutes to build, hence is made by hand.
# AArch64 has Debian's.
paravisor_kernel_x86_64 := $(O)/paravisor/bzImage

paravisor-kernel: $(paravisor_kernel_x86_64)

$(paravisor_kernel_x86_64): scripts/paravisor-kernel.sh scripts/paravisor/kernel.config
	$(Q)O=$(abspath $(O)) scripts/setup.sh paravisor
	$(Q)O=$(abspath $(O)) nice scripts/paravisor-kernel.sh

paravisor-tests: all
	$(suite) paravisor

.PHONY: paravisor-kernel paravisor-tests
