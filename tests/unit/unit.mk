# SPDX-License-Identifier: BSD-2-Clause
# tests/unit/unit.mk: host tests of pure code, under ASan and UBSan
#
# A test is a file here and the sources it is about; it needs no hardware.

# clang would want its own sanitizer libraries for the same verdict.
unit_cc     := gcc
unit_cflags := -std=gnu11 -O1 -g $(warnings) -D_GNU_SOURCE -fno-omit-frame-pointer \
               -fsanitize=address,undefined -fno-sanitize-recover=undefined
unit_fakes  := tests/unit/fake_arch.c
unit_acpi   := $(filter-out common/describe/acpi_loader.c,$(wildcard common/describe/acpi*.c)) \
               common/describe/aml.c $(wildcard arch/x86_64/describe/acpi_*.c)

unit_tests := test_acpi test_acpi_x86 test_aml test_dsdt_x86
unit_tests += test_bundle test_crc32c
unit_tests += $(if $(filter x86_64,$(shell uname -m)),test_kaslr test_load \
                   test_devices_x86 test_virtio)
unit_tests += test_acpi_loader test_fw_cfg test_lz4 test_memory test_zero_page
unit_tests += test_smbios test_mptable test_vmm_acpi test_pe
unit_tests += test_zstd
unit_tests += test_fdt test_fdt_given test_efi test_acpi_arm
unit_tools := dump_acpi dump_arm

test_acpi_srcs   := common/describe/acpi.c
unit_tables      := $(unit_acpi) tests/unit/machines.c tests/unit/x86_tables.c
test_acpi_x86_srcs := $(unit_tables)
test_dsdt_x86_srcs := $(unit_tables)
test_aml_srcs    := common/describe/acpi.c common/describe/aml.c
test_bundle_srcs := common/payload/bundle.c common/lib/sum64.c
test_crc32c_srcs := payload/crc32c.c common/lib/sha256.c payload/text.c
test_crc32c_srcs += $(if $(filter x86_64,$(shell uname -m)),arch/x86_64/lib/sha256_ni.S)
test_fw_cfg_srcs := common/machine/fw_cfg.c tests/unit/fake_fw_cfg.c
test_lz4_srcs    := common/payload/unpack/lz4.c common/payload/unpack/lz_copy.c common/lib/sum64.c payload/lz4_pack.c
test_lz4_libs    := -llz4
test_acpi_loader_srcs := common/describe/acpi_loader.c common/machine/fw_cfg.c common/memory/memory.c \
                         tests/unit/fake_fw_cfg.c
test_zero_page_srcs := arch/x86_64/describe/zero_page.c common/memory/memory.c
test_memory_srcs := common/memory/memory.c
test_smbios_srcs := common/describe/smbios.c tests/unit/machines.c
test_pe_srcs     := common/payload/uki.c
test_virtio_srcs := common/payload/disk/disk.c common/payload/disk/virtio_blk.c common/payload/disk/virtio_mmio.c \
                    common/payload/disk/virtio_pci.c
test_zstd_srcs   := $(wildcard common/payload/unpack/zstd*.c) common/payload/unpack/lz_copy.c
test_zstd_libs   := -lzstd
test_load_srcs   := arch/x86_64/place/kernel.c arch/x86_64/place/cmdline.c arch/x86_64/place/kaslr.c \
                    common/payload/bundle.c common/machine/fw_cfg.c common/payload/unpack/lz4.c common/payload/unpack/lz_copy.c common/memory/memory.c \
                    common/payload/find.c common/payload/uki.c common/lib/sha256.c common/lib/sum64.c $(wildcard common/payload/unpack/zstd*.c) \
                    payload/host_arch.c tests/unit/fake_fw_cfg.c
test_devices_x86_srcs := arch/x86_64/probe/devices.c arch/x86_64/place/cmdline.c common/memory/memory.c
test_kaslr_srcs  := arch/x86_64/place/kaslr.c common/memory/memory.c
test_mptable_srcs  := arch/x86_64/probe/mptable.c arch/x86_64/probe/vmm_facts.c
test_vmm_acpi_srcs := arch/x86_64/probe/vmm_acpi.c arch/x86_64/probe/vmm_facts.c

# AArch64: gnu-efi of the machine that tests
unit_cflags  += -idirafter /usr/include/efi -idirafter /usr/include/efi/x86_64
unit_tree    := $(wildcard common/machine/fdt*.c) common/machine/name_index.c tests/unit/trees.c \
                $(wildcard arch/aarch64/probe/tree*.c)
unit_arm     := $(unit_tree) $(filter common/%,$(unit_acpi)) \
                $(wildcard arch/aarch64/describe/acpi_*.c arch/aarch64/describe/fdt_*.c)
unit_dtbs    := $(patsubst %.dts,$(O)/unit/fdts/%.dtb,$(notdir $(wildcard tests/unit/fdts/*.dts)))
test_fdt_srcs      := $(unit_tree)
test_fdt_given_srcs := $(unit_arm)
test_fdt_given_libs := -lfdt
test_efi_srcs      := arch/aarch64/describe/efi_tables.c common/memory/memory.c
test_acpi_arm_srcs := $(unit_arm)
dump_arm_srcs      := $(unit_arm)
dump_arm_libs      := -lfdt

$(O)/unit/fdts/%.dtb: tests/unit/fdts/%.dts
	$(call say,DTC)
	@mkdir -p $(@D)
	$(Q)dtc -q -I dts -O dtb -o $@ $<

dump_acpi_srcs   := $(unit_acpi) tests/unit/machines.c

$(O)/unit/%.S.o: %.S Makefile tests/unit/unit.mk
	$(call say,UNITCC)
	@mkdir -p $(@D)
	$(Q)$(unit_cc) -I. -MMD -MP -c $< -o $@

$(O)/unit/%.c.o: %.c Makefile tests/unit/unit.mk
	$(call say,UNITCC)
	@mkdir -p $(@D)
	$(Q)$(unit_cc) $(unit_cflags) -I. -MMD -MP -c $< -o $@

define unit_program
$(1)_objs := $$(sort $(patsubst %,$(O)/unit/%.o,tests/unit/$(1).c $($(1)_srcs) $(unit_fakes)))
$(O)/unit/$(1): $$($(1)_objs)
	$$(call say,UNITLD)
	$$(Q)$(unit_cc) $(unit_cflags) $$^ $($(1)_libs) -o $$@
-include $$($(1)_objs:.o=.d)
endef
$(foreach program,$(unit_tests) $(unit_tools),$(eval $(call unit_program,$(program))))

unit-tests: $(addprefix $(O)/unit/,$(unit_tests) $(unit_tools)) $(unit_dtbs)
	$(Q)set -e; for test in $(unit_tests); do $(O)/unit/$$test; done
	$(Q)sh tests/unit/iasl_roundtrip.sh $(O)/unit/dump_acpi $(O)/unit/tables
	$(Q)sh tests/unit/iasl_roundtrip.sh $(O)/unit/dump_arm $(O)/unit/tables-arm
	$(Q)sh tests/unit/dtc_check.sh $(O)/unit/tables-arm

.PHONY: unit-tests
