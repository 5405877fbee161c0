# SPDX-License-Identifier: BSD-2-Clause
# tests/boot/boot.mk: boots of real kernels, by hand and as tests
#
#   make run [ARCH=aarch64]   a busybox shell on this terminal, from one ROM
#   make boot-tests           the boot cases tagged BOOT_TAG (ci), of ARCHS
#   make refusal-tests        boots of what must be refused; needs no kernel
#   make vmm-table-tests      are the tables of acpi=vmm those that peers place?
#
# Both get Debian's kernels by scripts/fetch-kernels.sh.

BOOT_TAG  ?= ci
BOOT_JOBS ?= $(shell nproc)

# The blobs of the Makefile's ARCHS may need more than this one was asked for.
run:
	$(Q)scripts/setup.sh run $(ARCH)
	$(Q)+$(MAKE) --no-print-directory all ARCHS=$(ARCH)
	$(Q)O=$(abspath $(O)) scripts/run.sh $(ARCH)

boot-tests: $(ARCHS:%=boot-tests-%)

boot-tests-%: all
	$(Q)O=$(abspath $(O)) tests/boot/run.py --arch $* --tag $(BOOT_TAG) -j $(BOOT_JOBS)

refusal-tests: $(O)/directboot-x86_64.rom
	$(Q)O=$(abspath $(O)) tests/boot/refusals.py -j $(BOOT_JOBS)

vmm-table-tests: $(O)/directboot-x86_64.rom
	$(Q)O=$(abspath $(O)) tests/boot/vmm_tables.py

.PHONY: run boot-tests refusal-tests vmm-table-tests

# A kernel of our own that checks the state it is entered in; KVM too.
$(O)/guest/handoff.elf: tests/guest/handoff.S
	$(call say,GUEST)
	@mkdir -p $(@D)
	$(Q)$(cross_x86_64)gcc -m64 -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-Ttext=0x1000000 $< -o $@

handoff-tests: all $(O)/guest/handoff.elf
	$(Q)O=$(abspath $(O)) tests/boot/handoff.py $(O)/guest/handoff.elf

.PHONY: handoff-tests

# The same for AArch64, and a build that faults whatever is not aligned.
$(O)/guest/image.bin: tests/guest/image.S
	$(call say,GUEST)
	@mkdir -p $(@D)
	$(Q)$(cross_aarch64)gcc -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-Ttext=0 $< -o $@.elf
	$(Q)$(cross_aarch64)objcopy -O binary $@.elf $@

refusal-tests-aarch64: $(O)/directboot $(O)/directboot-aarch64.rom $(O)/guest/image.bin
	$(Q)O=$(abspath $(O)) tests/boot/refusals_arm.py

boot-tests-strict: all
	$(Q)+$(MAKE) --no-print-directory STRICT=1 ARCHS=aarch64 O=$(O)/strict all
	$(Q)O=$(abspath $(O)) tests/boot/run.py --arch aarch64 --case '^(gic3-dt|gic2-acpi-fwcfg)$$' --firmware $(O)/strict/directboot-aarch64.rom --out $(O)/boot-strict

.PHONY: refusal-tests-aarch64 boot-tests-strict

# The x86_64 blob entered as a kernel, by a VMM of our own.
door-tests: $(O)/directboot-x86_64.rom
	$(Q)O=$(abspath $(O)) tests/boot/doors.py

.PHONY: door-tests

# A packed file in each VMM that is here; the small kernels again.
vmm-tests: all $(O)/guest/handoff.elf $(O)/guest/image.bin
	$(Q)O=$(abspath $(O)) tests/boot/vmms.py

.PHONY: vmm-tests

# Bochs takes minutes; with one CPU, too, only where all is to be tested.
bochs-tests: all
	$(Q)O=$(abspath $(O)) tests/boot/bochs.py $(if $(filter full,$(BOOT_TAG)),1) 4

.PHONY: bochs-tests
