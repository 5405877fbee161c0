# SPDX-License-Identifier: BSD-2-Clause
# tests/nested/nested.mk: boots under real virtualization, nested or not
#
#   make nested-tests   Debian's kernels in VMMs that have KVM, and in Xen
#   make exit-tests     what our boots cost in exits, against limits.txt
#   make exit-table     ours beside other firmware, as Markdown
#
#   make paravisor [ARCH=aarch64]   a paravisor's Linux, and a guest in it

nested-tests: all
	$(suite) nested --tag $(BOOT_TAG)

exit-tests: all
	$(suite) exits --tag $(BOOT_TAG)

exit-table: all
	$(suite) exits --markdown $(O)/exits.md
	@cat $(O)/exits.md

# It is no test of the suites, which have these doors and machines, too.
paravisor:
	$(Q)O=$(abspath $(O)) scripts/setup.sh paravisor $(ARCH)
	$(Q)+$(MAKE) --no-print-directory all $(paravisor_kernel_$(ARCH)) ARCHS=$(ARCH)
	$(Q)O=$(abspath $(O)) scripts/paravisor.py $(ARCH)

.PHONY: nested-tests exit-tests exit-table paravisor
