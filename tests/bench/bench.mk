# SPDX-License-Identifier: BSD-2-Clause
# tests/bench/bench.mk: counts what a boot costs; see tests/bench/README.md
#
#   make bench         ours beside Debian's other firmware, as Markdown
#   make bench-check   ours against tests/bench/limits.txt: a test
#   make unpack-table  unpacking by the blob beside the kernel's own, as Markdown
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

bench_kernels := cloud-amd64 cloud-arm64

.PHONY: bench bench-check unpack-table
