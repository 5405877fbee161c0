# SPDX-License-Identifier: BSD-2-Clause
# tests/bench/bench.mk: counts what a boot costs; see tests/bench/README.md
#
#   make bench         ours beside Debian's other firmware, as Markdown
#   make bench-check   ours against tests/bench/limits.txt: a test
#   make unpack-table  unpacking by the blob beside the kernel's own, as Markdown
#   make unpack-native how fast this machine's processor does it, beside liblz4
#                      and libzstd
#
# BENCH_FLAGS has options of tests/bench/run.py, KERNELS bzImages and Images.

bench: all
	$(Q)O=$(abspath $(O)) scripts/fetch-kernels.sh $(bench_kernels)
	$(Q)tests/bench/run.py --build $(abspath $(O)) $(BENCH_FLAGS)

bench-check: all
	$(Q)O=$(abspath $(O)) scripts/fetch-kernels.sh $(bench_kernels)
	$(Q)tests/bench/run.py --build $(abspath $(O)) --check $(BENCH_FLAGS)

KERNELS ?= $(patsubst %,$(O)/kernels/%/vmlinuz,$(bench_kernels))

unpack-table: all
	$(Q)O=$(abspath $(O)) scripts/fetch-kernels.sh $(bench_kernels)
	$(Q)tests/bench/unpack.py --build $(abspath $(O)) $(KERNELS)

# Our decoders are compiled as they are for the blob of this machine, but with
# sections that the host's linker knows.
native_arch := $(shell uname -m)
native_srcs := $(addprefix common/,lib/sum64.c payload/unpack/lz4.c payload/unpack/lz_copy.c \
                 $(patsubst %,payload/unpack/zstd%.c,_entropy _literals _sequences) payload/unpack/zstd.c)
native_objs := $(native_srcs:%=$(O)/bench/%.o)

$(O)/bench/%.c.o: %.c Makefile tests/bench/bench.mk
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) -I. $(filter-out -flto -fpie -mcmodel=tiny,$(blob_cflags) $(blob_cflags_$(native_arch))) $(blob_speed) -MMD -MP -c $< -o $@

$(O)/bench/native: tests/bench/native/native.c $(native_objs)
	$(call say,HOSTLD)
	$(Q)$(CC) $(tool_cflags) -no-pie $^ -llz4 -lzstd -o $@

-include $(native_objs:.o=.d)

unpack-native: all $(O)/bench/native
	$(Q)O=$(abspath $(O)) scripts/fetch-kernels.sh $(bench_kernels)
	$(Q)tests/bench/native.py --build $(abspath $(O)) $(KERNELS)

bench_kernels := cloud-amd64 cloud-arm64

.PHONY: bench bench-check unpack-table unpack-native
