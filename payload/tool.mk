# SPDX-License-Identifier: BSD-2-Clause
# payload/tool.mk - the host tool: its sources, tests and installation
#
# The main Makefile includes this file. The tool also has the code by which the
# blob judges, unpacks and finds room. A folder includes only itself and folders
# before it in this order: lib, read, rootfs, judge, write, show, run.
TOOL_SRCS := payload/directboot.c $(sort $(wildcard payload/*/*.c))
TOOL_SRCS += $(addprefix common/lib/,sha256.c string_number.c sum64.c) common/memory/memory.c
TOOL_SRCS += $(addprefix common/payload/,bundle_table.c uki_file.c)
TOOL_SRCS += $(wildcard common/payload/unpack/*.c)
TOOL_SRCS += common/place/room.c arch/aarch64/place/room.c
TOOL_SRCS += $(wildcard common/machine/dt*.c arch/aarch64/probe/tree*.c)
TOOL_SRCS += $(addprefix arch/aarch64/describe/,dt_chosen.c dt_given.c dt_size.c)
TOOL_SRCS += common/describe/dt_writer.c common/machine/virtio_slots.c common/rom/igvm.c
TOOL_SRCS += $(addprefix arch/x86_64/place/,$(addsuffix .c,\
               bzimage elf kaslr pieces relocs room segments))
# scripts/check.py reads this list.
print-tool-sources:
	@echo $(TOOL_SRCS)

.PHONY: print-tool-sources

TOOL_LIBS := -larchive -ljansson -lz -lbz2 -llzma -llzo2 -llz4 -lzstd -lfdt

# The first program of a guest with --rootfs, for each architecture: a flat image
# to which the tool adds headers. Its only library is its system calls.
guest_dir    := payload/rootfs/guest
guest_cflags := -std=gnu11 -Os -g -ffreestanding -fno-stack-protector -fno-pie \
                -fno-asynchronous-unwind-tables -fno-jump-tables \
                -ffile-prefix-map=$(CURDIR)=. $(warnings) \
                $(if $(is_clang),-fuse-ld=lld,-fno-tree-loop-distribute-patterns)

$(O)/init/%.ld: $(guest_dir)/init.ld.S $(guest_dir)/place.h Makefile
	$(call say,CPP)
	@mkdir -p $(@D)
	$(Q)$(call blob_cc,$*) -E -P -x c -I. $< -o $@

$(O)/directboot-%.init: $(O)/init/%.ld $(guest_dir)/%.S $(guest_dir)/init.c $(wildcard $(guest_dir)/*.h)
	$(call say,INIT)
	$(Q)$(call blob_cc,$*) $(guest_cflags) -I. -nostdlib -static -Wl,--build-id=none \
	    -T $< $(guest_dir)/$*.S $(guest_dir)/init.c -o $(O)/init/$*.elf
	$(Q)$(cross_$*)objcopy -O binary $(O)/init/$*.elf $@

all: $(ARCHS:%=$(O)/directboot-%.init)

# The tests use the kernels of scripts/fetch-kernels.sh if they are there.
tool-tests: $(O)/directboot $(ARCHS:%=$(O)/directboot-%.init)
	$(suite) tool

flip-tests: $(O)/directboot $(O)/directboot-x86_64.rom
	$(suite) flips

# These tests pack Debian's kernels in each form that people have.
form-tests: all
	$(suite) forms --tag forms

tool-boots: all
	$(suite) forms --tag boots

# `make tool-fuzz` fuzzes all code of the tool that reads files for TIME seconds;
# `make fuzz` of tests/fuzz/fuzz.mk does this, too.
tool_fuzz_plain  := payload/lib/refuse.c payload/lib/input.c payload/lib/output.c
tool_fuzz_srcs   := $(filter-out payload/directboot.c $(tool_fuzz_plain),$(TOOL_SRCS)) common/payload/bundle.c common/payload/uki.c
tool_fuzz_cflags := -std=gnu11 -D_GNU_SOURCE -O1 -g -I. -fsanitize=address,undefined \
                    -fno-sanitize-recover=undefined
tool_fuzz_wrap   := -Wl,--wrap=exit,--wrap=calloc,--wrap=realloc,--wrap=free

$(O)/fuzz/trace/%.o: % Makefile
	$(call say,FUZZCC)
	@mkdir -p $(@D)
	$(Q)gcc $(tool_fuzz_cflags) -fsanitize-coverage=trace-pc -MMD -MP -c $< -o $@

$(O)/fuzz/fuzz: $(tool_fuzz_srcs:%=$(O)/fuzz/trace/%.o) $(tool_fuzz_plain) tests/tool/fuzz.c
	$(call say,FUZZLD)
	$(Q)gcc $(tool_fuzz_cflags) $(tool_fuzz_wrap) $^ $(TOOL_LIBS) -o $@

tool-fuzz: $(O)/fuzz/fuzz $(O)/directboot
	$(Q)python3 tests/tool/make_seeds.py $(O)/directboot $(O)/fuzz/seeds
	$(Q)cd $(O)/fuzz && ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 ./fuzz $(TIME) seeds/*

-include $(tool_fuzz_srcs:%=$(O)/fuzz/trace/%.d)

# `make appliance` builds the smallest ROM that reaches a shell, from Debian's
# sources. It is not a test.
appliance:
	$(Q)O=$(abspath $(O)) scripts/setup.sh appliance $(ARCH)
	$(Q)+$(MAKE) --no-print-directory all ARCHS=$(ARCH)
	$(Q)O=$(abspath $(O)) nice scripts/appliance.sh $(ARCH)

# `make sbom` lists what was built, and from what, in CycloneDX format.
sbom: all
	$(Q)python3 payload/sbom.py $(O) > $(O)/directboot.cdx.json

PREFIX ?= /usr/local

install: all
	install -D $(O)/directboot $(DESTDIR)$(PREFIX)/bin/directboot
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/directboot $(foreach arch,$(ARCHS),\
	    $(addprefix $(O)/directboot-$(arch),.rom -igvm.bin .init))
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 payload/directboot.1
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man7 payload/directboot.7
	install -D -m 644 payload/directboot.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/directboot
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/directboot/examples $(wildcard scripts/libvirt/*.xml)

# It leaves what others have put into our directories.
uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,bin/directboot \
	        share/directboot/directboot-*.rom share/directboot/directboot-*.init \
	        share/directboot/directboot-*-igvm.bin \
	        share/man/man1/directboot.1 share/man/man7/directboot.7 \
	        share/bash-completion/completions/directboot \
	        $(patsubst scripts/libvirt/%,share/doc/directboot/examples/%,$(wildcard scripts/libvirt/*.xml)))
	for dir in directboot doc/directboot/examples doc/directboot; do \
		dir=$(DESTDIR)$(PREFIX)/share/$$dir; \
		[ ! -d $$dir ] || rmdir --ignore-fail-on-non-empty $$dir; \
	done

# `make deb` makes a Debian package of it in $(O).
deb: all
	$(Q)+O=$(abspath $(O)) scripts/deb.sh

# The package is built a second time, from nothing, to compare the two.
package-tests: deb
	$(Q)rm -rf $(O)/deb-again
	$(Q)+$(MAKE) --no-print-directory deb O=$(O)/deb-again
	$(suite) package

.PHONY: tool-tests flip-tests form-tests tool-boots appliance sbom tool-fuzz install \
        uninstall deb package-tests
