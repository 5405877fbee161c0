# SPDX-License-Identifier: BSD-2-Clause
# tests/fuzz/fuzz.mk: libFuzzer targets over the blob's own sources
#
#   make fuzz TIME=60   runs each target for so many seconds, the host tool's too
#   make fuzz-replay    runs the corpus, and all of that for 3 seconds: a test
#   make coverage       lines and branches of unit tests and corpus, by file

fuzz_cc     := clang
fuzz_cflags := -std=gnu11 -O1 -g $(warnings) -D_GNU_SOURCE -fno-omit-frame-pointer \
               -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined \
               -idirafter /usr/include/efi
fuzz_common := tests/fuzz/fuzz.c $(unit_fakes)
# The fakes' expectations end a run, see fuzz.c.
fuzz_wraps  := test_expect test_expect_eq
fuzz_out    := $(O)/fuzz/targets

# ---- the targets, and the sources that each is about

fuzz_targets := ata describe_arm describe_x86 efi_map fw_cfg given host_tree load \
                loader lz4 mptable tree uki virtio vmm_acpi zstd

fuzz_judge := $(addprefix tests/fuzz/,judge_acpi.c judge_aml.c judge_smbios.c)
fuzz_arm   := $(unit_arm) $(fuzz_judge) tests/fuzz/describe_arm.c tests/fuzz/judge_tree.c

fuzz_ata_srcs     := $(test_ata_srcs) common/payload/disk/disk.c
fuzz_describe_arm_srcs := $(fuzz_arm) tests/fuzz/random_machine.c
fuzz_describe_arm_libs := -lfdt
fuzz_describe_x86_srcs := common/rom/paravisor.c $(fuzz_judge) $(unit_acpi) tests/unit/machines.c $(unit_fw_cfg) \
                          common/describe/smbios.c tests/fuzz/random_machine.c
fuzz_efi_map_srcs := $(test_efi_srcs)
fuzz_fw_cfg_srcs  := $(test_fw_cfg_srcs)
fuzz_given_srcs   := $(test_given_srcs)
fuzz_host_tree_srcs := tests/fuzz/edit_tree.c $(test_host_tree_srcs)
fuzz_host_tree_libs := -lfdt
fuzz_load_srcs    := $(filter-out tests/unit/x86_load.c,$(unit_load)) common/payload/find.c common/payload/bundle.c \
                     common/payload/this_boot.c \
                     common/payload/bundle_table.c common/payload/disk/disk.c \
                     common/lib/sha256.c arch/x86_64/describe/zero_page.c \
                     common/rom/paravisor.c tests/unit/bundle_maker.c
fuzz_load_libs    := -llz4 -lzstd
fuzz_loader_srcs  := $(test_acpi_loader_srcs)
fuzz_lz4_srcs  := tests/fuzz/plain.c $(addprefix common/payload/unpack/,lz4.c lz_copy.c) \
                  common/lib/sum64.c payload/write/lz4_pack.c
fuzz_lz4_libs  := -llz4
fuzz_mptable_srcs := $(test_mptable_srcs)
fuzz_tree_srcs    := $(fuzz_arm) tests/fuzz/edit_tree.c
fuzz_tree_libs    := -lfdt
fuzz_uki_srcs     := $(test_uki_srcs)
fuzz_virtio_srcs  := $(test_virtio_srcs)
fuzz_virtio_wraps := arch_device_read arch_device_write arch_pci_read
fuzz_vmm_acpi_srcs := $(filter-out tests/unit/fake_map.c,$(test_vmm_acpi_srcs))
fuzz_zstd_srcs := tests/fuzz/plain.c $(test_zstd_srcs)
fuzz_zstd_libs := -lzstd

# ---- how they are built and run

$(fuzz_out)/%.c.o: %.c Makefile tests/unit/unit.mk tests/fuzz/fuzz.mk
	$(call say,FUZZCC)
	@mkdir -p $(@D)
	$(Q)$(fuzz_cc) $(fuzz_cflags) $(unit_path) -MMD -MP -c $< -o $@

$(fuzz_out)/%.S.o: %.S Makefile
	$(call say,FUZZCC)
	@mkdir -p $(@D)
	$(Q)$(fuzz_cc) -I. -MMD -MP -c $< -o $@

define fuzz_program
fuzz_$(1)_objs := $$(sort $(patsubst %,$(fuzz_out)/%.o,tests/fuzz/fuzz_$(1).c $(fuzz_$(1)_srcs) $(fuzz_common)))
$(fuzz_out)/$(1): $$(fuzz_$(1)_objs)
	$$(call say,FUZZLD)
	$$(Q)$(fuzz_cc) -fsanitize=fuzzer,address,undefined $$(addprefix -Wl$$(comma)--wrap=,$(fuzz_wraps) $(fuzz_$(1)_wraps)) $$^ $(fuzz_$(1)_libs) -o $$@
-include $$(fuzz_$(1)_objs:.o=.d)
endef
$(foreach target,$(fuzz_targets),$(eval $(call fuzz_program,$(target))))

# The same targets on a corpus alone, by the compiler of the unit tests.
define replay_program
replay_$(1)_objs := $$(sort $(patsubst %,$(O)/unit/%.o,tests/fuzz/fuzz_$(1).c tests/fuzz/replay.c $(fuzz_$(1)_srcs) $(fuzz_common)))
$(O)/unit/replay_$(1): $$(replay_$(1)_objs)
	$$(call say,UNITLD)
	$$(Q)$(unit_cc) $(unit_cflags) $$(addprefix -Wl$$(comma)--wrap=,$(fuzz_wraps) $(fuzz_$(1)_wraps)) $$^ $(fuzz_$(1)_libs) -o $$@
-include $$(replay_$(1)_objs:.o=.d)
endef
$(foreach target,$(fuzz_targets),$(eval $(call replay_program,$(target))))

# Only what the tests reach counts, so old counts are removed first.
# Fuzz targets look for trees in ../../unit, which is this build's own.
coverage: $(unit_dtbs)
	$(Q)rm -rf $(O)/coverage
	$(Q)+$(MAKE) --no-print-directory O=$(O)/coverage COVERAGE=1 coverage-run >$(O)/coverage.log 2>&1 || { tail -20 $(O)/coverage.log; exit 1; }
	$(Q)tests/fuzz/coverage.py $(O)/coverage/unit $(coverage_cflags)

coverage_cflags := -ffreestanding -idirafter /usr/include/efi -idirafter arch \
                   -idirafter common/machine/libfdt

coverage-run: $(addprefix $(O)/unit/,$(unit_tests) $(addprefix replay_,$(fuzz_targets))) $(unit_dtbs)
	$(Q)for test in $(unit_tests); do $(O)/unit/$$test || exit 1; done
	$(Q)for target in $(fuzz_targets); do $(O)/unit/replay_$$target tests/fuzz/corpus/$$target.hex || exit 1; done

TIME       ?= 60
fuzz_built := $(addprefix $(fuzz_out)/,$(fuzz_targets))
fuzz_run   := tests/fuzz/run.py --build $(abspath $(O))

fuzz-targets: $(fuzz_built) $(unit_dtbs)

fuzz-replay:
	$(Q)if ls $$($(fuzz_cc) -print-runtime-dir)/libclang_rt.fuzzer-* >/dev/null 2>&1; \
		then $(MAKE) --no-print-directory fuzz-replay-run; \
		else echo 'skip fuzz-replay: no libFuzzer: install libclang-rt-dev'; fi

fuzz-replay-run: fuzz-targets
	$(Q)$(fuzz_run) --replay $(fuzz_targets)
	$(Q)+$(MAKE) --no-print-directory tool-fuzz TIME=3

fuzz: fuzz-targets tool-fuzz
	$(Q)$(fuzz_run) --time $(TIME) $(fuzz_targets)

.PHONY: fuzz fuzz-targets fuzz-replay fuzz-replay-run coverage coverage-run
