# SPDX-License-Identifier: BSD-2-Clause
# tests/unit/unit.mk: host tests of pure code, under ASan and UBSan
#
# A test is a file here and the sources it is about; it needs no hardware.

# clang would want its own sanitizer libraries for the same verdict.
unit_cc     := gcc
unit_checks := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined \
               -fno-sanitize-recover=undefined
unit_cflags := -std=gnu11 -g $(warnings) -D_GNU_SOURCE \
               $(if $(COVERAGE),-O0 -Wno-maybe-uninitialized --coverage,$(unit_checks))
unit_fakes  := tests/unit/fake_arch.c common/lib/byte_sum.c
# A test is about the ROM, if it is not about IGVM files.
unit_rom    := common/rom/igvm.c
# A processor made of variables stands before the real one.
unit_path   := -Itests/unit/fake -I.
unit_acpi   := $(filter-out common/describe/acpi_loader.c,$(wildcard common/describe/acpi*.c)) \
               common/describe/aml.c $(wildcard arch/x86_64/describe/acpi_*.c)

# Where a test asks for a processor of this kind, or for memory below 4 GiB.
unit_x86_64 := $(filter x86_64,$(shell uname -m))

unit_tests := test_acpi test_acpi_arm test_acpi_loader test_acpi_loader_fuzz \
              test_acpi_x86 test_aml test_ata test_bridges test_bundle \
              test_byte_sum test_bzimage test_claim test_claim_arm test_clock \
              test_clock_arm test_cmdline test_console test_cpus test_crc32c \
              test_describe test_describe_arm test_device_arm test_device_word \
              test_disk test_door test_door_arm test_dsdt_arm test_dsdt_x86 test_dt_full test_dtb_text \
              test_efi test_enter test_enter_arm test_facts test_fdt \
              test_fdt_given test_fdt_hostile test_find test_fw_cfg test_given \
              test_given_linux test_host_tree test_igvm test_igvm_x86 test_initrd test_kaslr \
              test_ledger test_load \
              test_load_arm test_load_fuzz test_low_tables test_lz4 test_main \
              test_memory test_memory_model test_mptable test_mtrr test_named \
              test_no_acpi test_nodes test_paging test_paging_arm test_paravisor_arm \
              test_paravisor_tree test_passed \
              test_pci_windows test_pieces test_power test_probe test_probe_arm test_ram test_random \
              test_recordings test_rom test_setup_data test_smbios test_smbios_given test_source \
              test_split test_srat test_stack_check test_stop test_stop_arm test_string \
              test_tables_arm test_tree_devices test_tree_ranges test_tree_rules test_tree_text test_tsc test_uki \
              test_virtio_slots test_vmm_acpi test_words test_wrapped \
              test_zboot test_zero_page test_zstd
unit_tests += $(if $(unit_x86_64),test_paravisor_x86 test_pool test_ram_trial test_smp test_virtio)
unit_tools := dump_acpi dump_arm dump_paravisor

# ---- what tests have in common

unit_cpu     := tests/unit/fake_cpu.c
unit_fw_cfg  := common/machine/fw_cfg.c tests/unit/fake_fw_cfg.c
unit_memory  := common/memory/memory.c tests/unit/fake_map.c
unit_tables  := $(unit_acpi) common/rom/paravisor.c tests/unit/machines.c tests/unit/x86_tables.c
unit_loader  := common/describe/acpi_loader.c $(unit_fw_cfg) $(unit_memory) \
                tests/unit/fake_ram.c tests/unit/loader_script.c
unit_source  := common/payload/source.c common/lib/sum64.c $(unit_fw_cfg) \
                $(wildcard common/payload/unpack/*.c) $(unit_memory)
unit_cmdline := common/place/cmdline.c common/payload/words.c common/place/room.c common/payload/disk/disk.c $(unit_source)
unit_uki     := $(wildcard common/payload/uki*.c)
unit_wrapped := common/payload/wrapped.c $(unit_uki) \
                arch/x86_64/payload/kernel.c $(unit_source)
unit_load    := $(wildcard arch/x86_64/place/*.c common/place/*.c) common/payload/words.c $(unit_wrapped) $(unit_rom) \
                arch/x86_64/lib/random.c \
                $(unit_cpu) tests/unit/fake_ram.c tests/unit/fake_paging.c tests/unit/x86_load.c
unit_names   := common/machine/dt.c common/machine/dt_names.c arch/x86_64/probe/tree_names.c
unit_ram     := $(addprefix arch/x86_64/probe/,ram.c ram_trial.c) $(unit_fw_cfg) $(unit_cpu) tests/unit/fake_ram.c
unit_given   := arch/x86_64/probe/given.c $(unit_ram) arch/x86_64/lib/paging.c
unit_paravisor := $(wildcard common/paravisor/*.c) common/payload/bundle_table.c common/igvm/params.c \
                common/describe/dt_writer.c tests/unit/fake_string.c \
                common/payload/disk/disk.c $(unit_source)

# ---- the tests: a test and the sources it is about

test_acpi_srcs             := common/describe/acpi.c
test_acpi_loader_srcs      := $(unit_loader)
test_acpi_loader_fuzz_srcs := $(unit_loader)
test_acpi_x86_srcs         := $(unit_tables)
test_aml_srcs              := common/describe/acpi.c common/describe/aml.c
test_ata_srcs              := arch/x86_64/payload/disk.c $(unit_cpu)
test_bundle_srcs           := common/payload/bundle.c common/payload/bundle_table.c common/lib/sum64.c
test_bzimage_srcs          := $(unit_load)
test_bridges_srcs          := $(addprefix arch/x86_64/,probe/chipset.c probe/microvm.c lib/pci.c) \
                              common/machine/virtio_slots.c tests/unit/fake_map.c \
                              $(unit_cpu) tests/unit/fake_ram.c
test_claim_srcs            := $(unit_load)
test_clock_srcs            := arch/x86_64/lib/clock.c $(unit_cpu)
test_cmdline_srcs          := $(unit_cmdline)
test_console_srcs          := tests/unit/fake_console.c tests/unit/fake_string.c
test_cpus_srcs             := arch/x86_64/probe/cpus.c arch/x86_64/probe/facts.c \
                              $(unit_fw_cfg) $(unit_cpu) tests/unit/fake_ram.c
test_crc32c_srcs           := payload/lib/crc32c.c common/lib/sha256.c payload/lib/text.c \
                              $(if $(unit_x86_64),arch/x86_64/lib/sha256_ni.S $(unit_cpu))
test_describe_srcs         := $(wildcard arch/x86_64/describe/*.c) common/describe/smbios.c \
                              common/describe/ledger.c $(filter common/%,$(unit_acpi)) $(unit_loader) \
                              $(addprefix arch/x86_64/probe/,vmm_acpi.c vmm_aml.c vmm_madt.c vmm_table.c uart.c facts.c) \
                              arch/x86_64/lib/device_word.c $(unit_cmdline) tests/unit/machines.c \
                              tests/unit/fake_string.c $(unit_names) \
                              tests/unit/fake_paging.c $(unit_cpu)
test_describe_libs         := -lfdt -lzstd
test_device_word_srcs      := arch/x86_64/lib/device_word.c
test_disk_srcs             := common/payload/disk/disk.c
test_dsdt_x86_srcs         := $(unit_tables)
test_enter_srcs            := arch/x86_64/enter/enter.c $(unit_cpu)
test_facts_srcs            := arch/x86_64/probe/facts.c
test_find_srcs             := common/rom/paravisor.c common/payload/find.c common/payload/bundle.c \
                              common/payload/this_boot.c common/payload/words.c \
                              common/payload/smbios_given.c common/payload/bundle_table.c \
                              common/payload/disk/disk.c common/lib/sha256.c \
                              $(unit_wrapped) tests/unit/bundle_maker.c
test_fw_cfg_srcs           := $(unit_fw_cfg)
test_given_srcs            := $(unit_given)
test_given_linux_srcs      := $(unit_given)
test_igvm_srcs             := $(addprefix common/igvm/,cmdline.c given.c params.c) common/lib/sum64.c
test_igvm_x86_srcs         := $(addprefix arch/x86_64/igvm/,absent.c claim.c nodes.c power.c probe.c) common/igvm/no_loader.c \
                              $(addprefix common/igvm/,disks.c given.c params.c) common/lib/sum64.c \
                              $(addprefix arch/x86_64/probe/,cpus.c facts.c vmm_madt.c vmm_table.c) \
                              $(unit_fw_cfg) $(unit_memory) tests/unit/fake_paging.c \
                              $(unit_cpu) tests/unit/fake_ram.c
test_initrd_srcs           := common/place/initrd.c common/place/room.c common/payload/disk/disk.c $(unit_source)
test_kaslr_srcs            := $(addprefix arch/x86_64/place/,kaslr.c pieces.c relocs.c) \
                              arch/x86_64/lib/random.c $(unit_memory) $(unit_cpu)
test_ledger_srcs           := common/describe/ledger.c $(unit_memory)
test_load_srcs             := $(unit_load)
test_load_fuzz_srcs        := $(unit_load)
test_low_tables_srcs       := arch/x86_64/describe/low_tables.c $(unit_cpu)
test_lz4_srcs              := common/payload/unpack/lz4.c common/payload/unpack/lz_copy.c \
                              common/lib/sum64.c payload/write/lz4_pack.c
test_lz4_libs              := -llz4
test_main_srcs             := common/main.c $(unit_rom)
test_memory_srcs           := $(unit_memory) tests/unit/steps.c
test_memory_model_srcs     := $(unit_memory) tests/unit/steps.c
test_mptable_srcs          := arch/x86_64/probe/mptable.c arch/x86_64/probe/facts.c \
                              tests/unit/fake_paging.c tests/unit/fake_ram.c
test_mtrr_srcs             := arch/x86_64/lib/mtrr.c $(unit_cpu) tests/unit/fake_ram.c
test_named_srcs            := arch/x86_64/probe/named.c arch/x86_64/lib/device_word.c
test_nodes_srcs            := arch/x86_64/probe/nodes.c $(unit_ram) arch/x86_64/lib/paging.c
test_paging_srcs           := arch/x86_64/lib/paging.c $(unit_cpu) tests/unit/fake_ram.c
test_paravisor_arm_srcs    := $(addprefix arch/aarch64/paravisor/,describe.c start.c) $(unit_paravisor)
test_paravisor_arm_libs    := -lfdt -lzstd
test_paravisor_x86_srcs    := $(wildcard arch/x86_64/paravisor/*.[cS]) common/place/cmdline.c common/place/room.c \
                              common/payload/words.c $(unit_paravisor) \
                              $(unit_cpu) tests/unit/fake_ram.c
test_paravisor_x86_libs    := -lfdt -lzstd
test_paravisor_tree_srcs   := $(addprefix common/paravisor/,tree.c split_memory.c split_cpus.c) arch/x86_64/paravisor/tree_x86.c \
                              common/describe/dt_writer.c tests/unit/fake_string.c
test_paravisor_tree_libs   := -lfdt
test_pieces_srcs           := $(unit_load)
test_pool_srcs             := arch/x86_64/paravisor/pool_area.c arch/x86_64/paravisor/pool_ap.S common/paravisor/split_cpus.c tests/unit/fake_ram.c
test_power_srcs            := arch/x86_64/igvm/power.c $(unit_cpu)
test_probe_srcs            := arch/x86_64/probe/probe.c arch/x86_64/probe/uart.c $(unit_rom) $(unit_fw_cfg) tests/unit/fake_map.c $(unit_cpu)
test_ram_srcs              := $(unit_ram) tests/unit/fake_map.c
test_random_srcs           := arch/x86_64/lib/random.c $(unit_cpu)
test_ram_trial_srcs        := $(unit_ram)
test_rom_srcs              := common/rom/igvm.c common/rom/paravisor.c
test_setup_data_srcs       := arch/x86_64/describe/setup_data.c $(unit_names) \
                              common/payload/disk/disk.c \
                              $(unit_source) tests/unit/fake_ram.c
test_setup_data_libs       := -lfdt -lzstd
test_smbios_srcs           := common/describe/smbios.c tests/unit/machines.c
test_smbios_given_srcs     := common/payload/smbios_given.c $(unit_fw_cfg) $(unit_memory)
test_smp_srcs              := $(addprefix arch/x86_64/lib/,smp.c smp_ap.S timer.c) \
                              $(unit_cpu) tests/unit/fake_ram.c
test_source_srcs           := $(unit_source)
test_source_libs           := -lzstd
test_split_srcs            := common/paravisor/split_memory.c common/paravisor/split_cpus.c
test_srat_srcs             := arch/x86_64/igvm/nodes.c
test_stack_check_srcs      := common/lib/stack_check.c
test_stop_srcs             := $(addprefix arch/x86_64/lib/,stop.c console.c device.c pci.c fw_cfg.c exception.c sha256.c sha256_ni.S) common/lib/sha256.c \
                              $(unit_cpu) tests/unit/fake_ram.c
test_string_srcs           := tests/unit/fake_string.c tests/unit/fake_copy_x86.S
test_tsc_srcs              := arch/x86_64/lib/tsc.c $(unit_cpu)
test_uki_srcs              := $(unit_uki) arch/x86_64/payload/kernel.c
test_virtio_srcs           := $(wildcard common/payload/disk/*.c) tests/unit/fake_map.c \
                              tests/unit/fake_virtio.c
test_virtio_slots_srcs     := common/machine/virtio_slots.c tests/unit/fake_map.c
test_vmm_acpi_srcs         := $(addprefix arch/x86_64/probe/,vmm_acpi.c vmm_aml.c vmm_madt.c vmm_table.c uart.c facts.c) \
                              $(unit_cpu) tests/unit/fake_map.c tests/unit/fake_paging.c tests/unit/fake_ram.c
test_recordings_srcs       := $(test_vmm_acpi_srcs)
test_words_srcs            := arch/x86_64/describe/words.c arch/x86_64/lib/device_word.c \
                              $(unit_cmdline) tests/unit/fake_string.c
test_wrapped_srcs          := $(unit_wrapped)
test_zboot_srcs            := arch/aarch64/payload/kernel.c common/payload/wrapped.c \
                              $(unit_uki) common/payload/disk/disk.c $(unit_source)
test_zboot_libs            := -lzstd
test_no_acpi_srcs          := arch/x86_64/describe/no_acpi.c tests/unit/machines.c
test_zero_page_srcs        := arch/x86_64/describe/zero_page.c $(unit_memory)
test_zstd_srcs             := $(wildcard common/payload/unpack/zstd*.c) \
                              common/payload/unpack/lz_copy.c
test_zstd_libs             := -lzstd

dump_acpi_srcs             := $(unit_acpi) common/rom/paravisor.c tests/unit/machines.c

# AArch64: gnu-efi and libfdt of the machine that tests
unit_cflags  += -idirafter /usr/include/efi
unit_params  := common/igvm/params.c common/lib/sum64.c
unit_tree    := $(wildcard common/machine/dt*.c) common/machine/virtio_slots.c \
                common/igvm/host_node.c \
                tests/unit/trees.c tests/unit/fake_map.c tests/unit/fake_string.c \
                $(wildcard arch/aarch64/probe/tree*.c)
unit_arm     := $(unit_tree) $(filter common/%,$(unit_acpi)) common/describe/dt_writer.c \
                $(wildcard arch/aarch64/describe/acpi_*.c arch/aarch64/describe/dt_*.c) \
                arch/aarch64/paravisor/describe.c $(addprefix common/paravisor/,tree.c split_cpus.c)
unit_dtbs    := $(patsubst %.dts,$(O)/unit/fdts/%.dtb,$(notdir $(wildcard tests/unit/fdts/*.dts)))
test_fdt_srcs      := $(unit_tree)
test_fdt_libs      := -lfdt
test_tree_devices_srcs := $(unit_arm) tests/unit/small_tree.c
test_tree_devices_libs := -lfdt
test_tree_text_srcs := $(wildcard arch/aarch64/describe/dt_*.c) $(wildcard common/machine/dt*.c) \
                       arch/aarch64/probe/tree_names.c arch/aarch64/paravisor/describe.c \
                       $(addprefix common/paravisor/,tree.c split_cpus.c) \
                       common/describe/dt_writer.c tests/unit/tree_text.c tests/unit/fake_string.c
test_tree_text_libs := -lfdt
test_dtb_text_srcs := $(test_tree_text_srcs)
test_dtb_text_libs := -lfdt
test_tree_rules_srcs := $(unit_arm) tests/unit/small_tree.c
test_tree_rules_libs := -lfdt
test_dt_full_srcs  := $(unit_arm)
test_dt_full_libs  := -lfdt
test_fdt_given_srcs := $(unit_arm)
test_fdt_given_libs := -lfdt
test_passed_srcs := $(unit_arm)
test_passed_libs := -lfdt
test_fdt_hostile_srcs := $(unit_arm)
test_fdt_hostile_libs := -lfdt
test_host_tree_srcs := arch/x86_64/igvm/host_tree.c arch/x86_64/probe/facts.c $(unit_tree)
test_host_tree_libs := -lfdt
test_igvm_x86_srcs  += $(test_host_tree_srcs)
test_igvm_x86_libs  := -lfdt
test_efi_srcs      := arch/aarch64/describe/efi_tables.c $(unit_memory)
test_tables_arm_srcs := $(filter common/%,$(unit_acpi)) $(wildcard arch/aarch64/describe/acpi_*.c)
test_dsdt_arm_srcs := $(test_tables_arm_srcs)
test_acpi_arm_srcs := $(unit_arm)
test_acpi_arm_libs := -lfdt
unit_arm_cpu := tests/unit/fake_arm.c
test_paging_arm_srcs := arch/aarch64/lib/paging.c $(unit_arm_cpu) tests/unit/fake_ram.c
test_stop_arm_srcs   := arch/aarch64/lib/console.c arch/aarch64/lib/stop.c $(unit_arm_cpu) \
                        tests/unit/fake_console.c tests/unit/fake_string.c
test_tree_ranges_srcs := $(unit_tree)
test_tree_ranges_libs := -lfdt
test_claim_arm_srcs  := arch/aarch64/place/claim.c arch/aarch64/igvm/claim.c $(unit_params) $(unit_memory) $(unit_arm_cpu)
test_pci_windows_srcs := arch/x86_64/probe/chipset.c arch/x86_64/lib/pci.c \
                         tests/unit/fake_map.c $(unit_cpu) tests/unit/fake_ram.c
test_clock_arm_srcs  := arch/aarch64/lib/clock.c arch/aarch64/lib/cache.c $(unit_arm_cpu)
test_load_arm_srcs   := $(wildcard arch/aarch64/place/[kr]*.c common/place/*.c) \
                        arch/aarch64/payload/kernel.c common/payload/wrapped.c \
                        $(unit_uki) common/payload/disk/disk.c common/payload/words.c \
                        $(unit_source) $(unit_arm_cpu) tests/unit/fake_ram.c
test_load_arm_libs   := -lzstd
test_describe_arm_srcs := $(unit_arm) $(addprefix arch/aarch64/describe/,describe.c efi_tables.c) \
                          $(addprefix common/describe/,smbios.c ledger.c acpi_loader.c) \
                          $(addprefix arch/aarch64/lib/,cache.c clock.c) $(unit_arm_cpu) \
                          common/payload/disk/disk.c $(unit_source) tests/unit/fake_ram.c
test_describe_arm_libs := -lfdt -lzstd
test_probe_arm_srcs  := $(unit_tree) arch/aarch64/probe/probe.c $(unit_fw_cfg) \
                        arch/aarch64/igvm/probe.c common/igvm/given.c $(unit_params) \
                        $(unit_arm_cpu) tests/unit/fake_ram.c
test_probe_arm_libs  := -lfdt
test_door_srcs       := $(addprefix arch/x86_64/door/,idt.c kernel.c reset.c) \
                        arch/x86_64/lib/mtrr.c $(unit_cpu) tests/unit/fake_ram.c
test_door_arm_srcs   := arch/aarch64/door/reset.c $(unit_params) $(unit_arm_cpu) \
                        tests/unit/fake_ram.c
test_enter_arm_srcs  := arch/aarch64/enter/enter.c $(unit_arm_cpu)
test_device_arm_srcs := $(addprefix arch/aarch64/,lib/device.c lib/fw_cfg.c lib/sha256.c payload/disk.c) \
                        $(unit_arm_cpu)
dump_arm_srcs      := $(unit_arm)
dump_arm_libs      := -lfdt
dump_paravisor_srcs := $(test_paravisor_tree_srcs)
dump_paravisor_libs := -lfdt

$(O)/unit/fdts/%.dtb: tests/unit/fdts/%.dts
	$(call say,DTC)
	@mkdir -p $(@D)
	$(Q)dtc -q -I dts -O dtb -o $@ $<

$(O)/unit/%.S.o: %.S Makefile tests/unit/unit.mk
	$(call say,UNITCC)
	@mkdir -p $(@D)
	$(Q)$(unit_cc) -I. -MMD -MP -c $< -o $@

$(O)/unit/%.c.o: %.c Makefile tests/unit/unit.mk
	$(call say,UNITCC)
	@mkdir -p $(@D)
	$(Q)$(unit_cc) $(unit_cflags) $(unit_path) -MMD -MP -c $< -o $@

define unit_program
$(1)_objs := $$(sort $(patsubst %,$(O)/unit/%.o,tests/unit/$(1).c $($(1)_srcs) $(unit_fakes)))
$(O)/unit/$(1): $$($(1)_objs)
	$$(call say,UNITLD)
	$$(Q)$(unit_cc) $(unit_cflags) -Wl,-z,noexecstack $$^ $($(1)_libs) -o $$@
-include $$($(1)_objs:.o=.d)
endef
$(foreach program,$(unit_tests) $(unit_tools),$(eval $(call unit_program,$(program))))

unit-tests: $(addprefix $(O)/unit/,$(unit_tests) $(unit_tools)) $(unit_dtbs)
	$(Q)status=0; for test in $(unit_tests); do $(O)/unit/$$test || status=1; done; exit $$status
	$(Q)sh tests/unit/iasl_roundtrip.sh $(O)/unit/dump_acpi $(O)/unit/tables
	$(Q)sh tests/unit/iasl_roundtrip.sh $(O)/unit/dump_arm $(O)/unit/tables-arm
	$(Q)sh tests/unit/dtc_check.sh $(O)/unit/tables-arm
	$(Q)$(O)/unit/dump_paravisor $(O)/unit/tables-paravisor
	$(Q)sh tests/unit/dtc_check.sh $(O)/unit/tables-paravisor

.PHONY: unit-tests
