# directboot: `make` builds the host tool and the blobs.
#
#   make run          boots a kernel on this terminal, Debian's if not told other
#     KERNEL=FILE INITRD=FILE CMDLINE=TEXT    these instead
#     PACK=OPTIONS    more options for directboot pack
#     ARCH=aarch64    on the other architecture
#   make install, make uninstall    for PREFIX=/usr/local; DESTDIR=DIR
#   make deb          a Debian package in build/
#   make sbom         a bill of materials
#   make appliance    the smallest ROM that reaches a shell
#     KERNEL_CONFIG=FILE BUSYBOX_CONFIG=FILE    with these options, too
#     INIT=FILE         your program in place of the shell
#   make paravisor    a guest inside a paravisor's Linux, both by the blob
#   make paravisor-kernel    its Linux for x86_64, in ten minutes, for the tests
#   make clean, make format    removes what was built; formats the sources
#
#   make test         runs all suites
#     SUITES="unit-tests boot-tests"    these
#     BOOT_TAG=full BOOT_JOBS=1    other cases of them, one at a time
#   make bench, make exit-table         what a boot costs
#   make unpack-table, make unpack-native    what unpacking a kernel costs
#   make peer-tests   a distribution, and fwts, under our blob and under others'
#   make tool-fuzz TIME=60    fuzzes the host tool alone
#
#   O=DIR     builds in DIR instead of build/
#   CC=clang  builds with clang
#   STRICT=1  makes every unaligned access on AArch64 fault; needs its own DIR
#   V=1       shows the commands
#
# `make run` and `make test` install the Debian 12 packages that they need.
# `make help` prints this, and what each suite proves.

O     ?= build
ARCHS ?= x86_64 aarch64
ARCH  ?= x86_64
Q     := $(if $(V),,@)
say    = @printf '  %-7s %s\n' $(1) $(@:$(O)/%=%)

all: $(if $(wildcard payload/tool.mk),$(O)/directboot) $(ARCHS:%=$(O)/directboot-%.rom) \
     $(ARCHS:%=$(O)/directboot-%-igvm.bin)

warnings := -Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes \
            -Wshadow -Wundef -Wvla -Wwrite-strings

# ---- the blobs: each source file in common/ and arch/X/ is part of blob X
#
# A blob has two images, linked from the same objects: the ROM, and the image
# for IGVM files. Each leaves out what it can never use.

rom_only  = common/rom/% common/payload/disk/% arch/$(1)/payload/disk.c \
            common/describe/acpi_loader.c $(rom_only_$(1))
# Hosts of IGVM files have no ROM, no MP table and no command line with devices,
# do not take the blob for a kernel, tell of RAM, and are no microvm with devices
# in slots. A paravisor's kernel has a device tree for what others have by MP
# table. zstd would have to make the least of a file; these files may have any
# size.
rom_only_x86_64 := arch/x86_64/describe/no_acpi.c common/describe/acpi_slots.c \
                   common/machine/virtio_slots.c common/payload/unpack/zstd% \
                   $(addprefix arch/x86_64/probe/,given.c microvm.c mptable.c \
                     named.c ram_trial.c vmm_acpi.c vmm_aml.c)
igvm_only = $(foreach dir,igvm paravisor,common/$(dir)/% arch/$(1)/$(dir)/%)

comma         := ,
cross_aarch64 := $(if $(filter aarch64,$(shell uname -m)),,aarch64-linux-gnu-)
cross_x86_64  := $(if $(filter x86_64,$(shell uname -m)),,x86_64-linux-gnu-)
is_clang      := $(findstring clang,$(CC))
blob_cc        = $(if $(is_clang),$(CC) --target=$(1)-linux-gnu,$(cross_$(1))gcc)

# The x86_64 blob must fit into 64 KiB. For this clang needs -Oz for all files
# and lld, which optimises all of them together: what functions have in common
# becomes a function of its own, and a caller knows which registers stay.
clang_lto   := -Oz -fuse-ld=lld -Wl,-O2 -Wl,--icf=all \
               -Wl,-mllvm,-enable-machine-outliner -Wl,-mllvm,-enable-ipra \
               -Wl,-mllvm,-x86-cmov-converter=false -Wl,-mllvm,-inline-threshold=-10 \
               -Wl,-mllvm,-disable-machine-licm -Wl,-mllvm,-disable-constant-hoisting -Wl,-mllvm,-disable-block-placement \
               -Wl,-mllvm,-tail-merge-size=1 -Wl,-mllvm,-disable-tail-duplicate \
               -Wl,-mllvm,-enable-merge-functions -Wl,-mllvm,-split-spill-mode=size
gcc_lto     := -no-pie -flto-partition=one -Wl,--no-warn-rwx-segments
blob_size   := $(if $(is_clang),-Oz,-Os)
blob_speed  := $(if $(is_clang),-Oz,-O2)
blob_unrolled := $(if $(is_clang),,-funroll-loops)
blob_cflags := -std=gnu11 $(blob_size) -flto -g -ffreestanding -fno-stack-protector \
               -fvisibility=hidden -fno-asynchronous-unwind-tables \
               -ffunction-sections -fno-jump-tables \
               -ffile-prefix-map=$(CURDIR)=. $(warnings)
blob_cflags += $(if $(is_clang),,-fno-tree-loop-distribute-patterns -fno-partial-inlining)
# Most of the bytes that -O2 would add are padding before functions and loops.
blob_cflags += -falign-functions=1 -falign-loops=1 $(if $(is_clang),,-falign-jumps=1)
# What gcc does for speed alone costs bytes, of which this blob has few.
gcc_size            := -fno-inline-small-functions -fno-tree-pre \
                       -fno-caller-saves -malign-data=abi -mtune=k8
blob_cflags_x86_64  := -m64 -fno-pie -mno-red-zone -mgeneral-regs-only \
                       -mskip-rax-setup \
                       $(if $(is_clang),,$(gcc_size))
blob_cflags_aarch64 := -fpie -mgeneral-regs-only -mcmodel=tiny -fomit-frame-pointer \
                       $(if $(STRICT),-mstrict-align)
blob_cppflags        = -I. $(blob_cppflags_$(1)) -nostdinc -isystem \
                       $(shell $(call blob_cc,$(1)) -print-file-name=include) \
                       -idirafter common/machine/libfdt -idirafter $(O)/include -MMD -MP
# gnu-efi's headers have EFI's structures. They include efibind.h, which is
# arch/aarch64/efibind.h.
blob_cppflags_aarch64 := -idirafter /usr/include/efi -idirafter arch \
                         $(if $(STRICT),-DSTRICT_ALIGNMENT)

# The blobs read and write device trees by libfdt, of Debian's libfdt-dev. The
# package of the other architecture cannot be installed beside ours, so
# scripts/setup.sh unpacks it in a folder that `make clean` leaves.
packages := $(firstword $(wildcard $(O)/packages build/packages) $(O)/packages)
libfdt_aarch64 := $(if $(cross_aarch64),$(packages)/libfdt-arm64)/usr/lib/aarch64-linux-gnu/libfdt.a
libfdt_x86_64  := $(if $(cross_x86_64),$(packages)/libfdt-amd64)/usr/lib/x86_64-linux-gnu/libfdt.a
libfdt_change_aarch64 := scripts/relax-got.py
libfdt_change_x86_64  := scripts/split-functions.py '$(cross_x86_64)'
blob_headers   := $(O)/include/libfdt.h $(O)/include/fdt.h

$(libfdt_aarch64) $(libfdt_x86_64) /usr/include/libfdt.h /usr/include/fdt.h:
	@echo 'make: no $@: run scripts/setup.sh' >&2; exit 1

# The blobs see only these headers of the build machine, and gnu-efi's.
$(O)/include/%.h: /usr/include/%.h
	@mkdir -p $(@D)
	$(Q)cp $< $@

blob_ldflags := -nostdlib -static -Wl,-z,noexecstack -Wl,--gc-sections \
                -Wl,--orphan-handling=error -Wl,--build-id=none \
                -Wl,--fatal-warnings
blob_ldflags += -ffunction-sections
blob_ldflags += $(if $(is_clang),$(clang_lto),$(gcc_lto))

# The x86_64 blob runs at the address that it is linked for, the other anywhere.
blob_ldflags_x86_64  := $(if $(is_clang),-Wl$(comma)-mllvm$(comma)-relocation-model=static)
blob_ldflags_aarch64 := $(if $(is_clang),-Wl$(comma)-mllvm$(comma)-relocation-model=pic)
# Link-time optimisation may add calls of these functions after the linker has
# resolved names, so they are kept from the start.
blob_ldflags_aarch64 += $(foreach name,memcpy memmove memset memcmp,-Wl,-u,$(name))

# Some files have extra flags. Code that moves the payload is optimised for
# speed, but for what zstd reads once a block. Page tables are written before
# the MMU is on, when an access that is not aligned faults.
blob_fast       = $(addprefix common/,lib/byte_sum.c lib/sha256.c lib/string.c lib/sum64.c $(addprefix payload/unpack/,lz4.c lz_copy.c zstd_sequences.c)) \
                  arch/aarch64/lib/copy.c
blob_dir_cflags = $(if $(filter $(blob_fast),$(2)),$(blob_speed)) \
                  $(if $(filter common/lib/byte_sum.c,$(2)),$(blob_unrolled)) \
                  $(if $(filter arch/aarch64/lib/%,$(filter-out $(blob_fast),$(2))),-mstrict-align)

define blob
$(1)_srcs := $$(sort $$(shell find common arch/$(1) -name '*.[cS]'))

$(O)/$(1)/%.o: % Makefile | $(blob_headers)
	$$(call say,CC)
	@mkdir -p $$(@D)
	$$(Q)$$(call blob_cc,$(1)) $$(call blob_cppflags,$(1)) $(blob_cflags) $(blob_cflags_$(1)) $$(call blob_dir_cflags,$(1),$$<) -c $$< -o $$@

$(O)/$(1)/directboot.ld: linker/$(1).ld.S Makefile
	$$(call say,CPP)
	@mkdir -p $$(@D)
	$$(Q)$$(call blob_cc,$(1)) -E -P -x c $$(call blob_cppflags,$(1)) -MT $$@ $$< -o $$@

$(O)/$(1)/libfdt.a: $(libfdt_$(1)) scripts/relax-got.py scripts/split-functions.py
	$$(call say,FDT)
	@mkdir -p $$(@D)
	$$(Q)$(libfdt_change_$(1)) $$< $$@

-include $$($(1)_srcs:%=$(O)/$(1)/%.d) $(O)/$(1)/directboot.d
endef
$(foreach arch,$(ARCHS),$(eval $(call blob,$(arch))))

# $(1) is the architecture, $(2) the image's file, $(3) "" or "-igvm", and $(4)
# what it leaves out.
define image
$(1)$(3)_objs := $$(patsubst %,$(O)/$(1)/%.o,$$(filter-out $(4),$$($(1)_srcs)))

$(O)/$(1)/directboot$(3).elf: $$($(1)$(3)_objs) $(O)/$(1)/libfdt.a $(O)/$(1)/directboot.ld
	$$(call say,LD)
	$$(Q)$$(call blob_cc,$(1)) $(blob_ldflags) $$(blob_ldflags_$(1)) -T $(O)/$(1)/directboot.ld $$($(1)$(3)_objs) $(O)/$(1)/libfdt.a -o $$@

$(2): $(O)/$(1)/directboot$(3).elf
	$$(call say,IMAGE)
	$$(Q)$(cross_$(1))objcopy -O binary $$< $$@
	$$(Q)scripts/stack.py --brief $$<
endef
$(foreach arch,$(ARCHS),\
  $(eval $(call image,$(arch),$(O)/directboot-$(arch).rom,,$(call igvm_only,$(arch))))\
  $(eval $(call image,$(arch),$(O)/directboot-$(arch)-igvm.bin,-igvm,$(call rom_only,$(arch)))))

# ---- the host tool

-include payload/tool.mk

tool_objs := $(TOOL_SRCS:%=$(O)/host/%.o)
# It reads files of strangers: what overruns a buffer all the same is stopped.
tool_cflags  := -std=gnu11 -D_GNU_SOURCE -O2 -g -ffile-prefix-map=$(CURDIR)=. -I. \
                -D_FORTIFY_SOURCE=2 -fstack-protector-strong $(warnings)
tool_ldflags := -Wl,-z,relro,-z,now

$(O)/host/%.c.o: %.c Makefile
	$(call say,HOSTCC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(tool_cflags) -MMD -MP -c $< -o $@

$(O)/directboot: $(tool_objs)
	$(call say,HOSTLD)
	$(Q)$(CC) $(tool_ldflags) $^ $(TOOL_LIBS) -o $@

-include $(tool_objs:.o=.d)

# ---- tests

-include tests/unit/unit.mk
-include tests/boot/boot.mk
-include tests/nested/nested.mk
-include tests/bench/bench.mk
-include tests/mutants/mutants.mk
-include tests/fuzz/fuzz.mk

# Quick suites come first. The last line of `make test` adds all up.
SUITES ?= style-check analyze clang-build stack-check unit-tests fuzz-replay \
          tool-tests flip-tests refusal-tests door-tests igvm-tests \
          vmm-tests vmm-table-tests handoff-tests bochs-tests refusal-tests-aarch64 \
          fault-tests form-tests exit-tests nested-tests libvirt-tests \
          package-tests boot-tests boot-tests-strict soak-tests bench-check

test:
	$(Q)O=$(abspath $(O)) scripts/setup.sh test
	$(Q)+$(MAKE) --no-print-directory all
	$(Q)O=$(abspath $(O)) scripts/fetch-kernels.sh
	$(Q)tests/sum.py $(SUITES)

style-check:
	$(Q)scripts/check.py

# gcc, clang-tidy and cppcheck look for faults. `make analyze DEEP=1` also has
# clang's analyzer, which takes minutes.
analyze: $(blob_headers)
	$(Q)scripts/analyze.py --build $(O) $(if $(DEEP),--deep)

# No function of the blobs may call itself, and their stacks must be enough.
stack-check: all
	$(Q)scripts/stack.py $(wildcard $(foreach dir,$(O) $(O)/clang,\
	    $(foreach name,directboot directboot-igvm,$(ARCHS:%=$(dir)/%/$(name).elf))))

# clang must build everything, too. No test boots its blobs.
clang-build:
	$(Q)+$(MAKE) --no-print-directory all CC=clang O=$(O)/clang
	@echo 'ok   clang-build'

# `make clean` keeps the packages that setup.sh has fetched.
clean:
	rm -rf $(filter-out $(O)/packages,$(wildcard $(O)/*))

help:
	@scripts/help.py

format:
	clang-format -i $$(git ls-files '*.c' '*.h' ':!linker')

.PHONY: all test style-check analyze stack-check clang-build clean help format
.DELETE_ON_ERROR:
.SECONDARY:
