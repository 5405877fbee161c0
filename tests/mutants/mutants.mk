# SPDX-License-Identifier: BSD-2-Clause
# tests/mutants/mutants.mk: do the unit tests notice a fault?
#
#   make mutants                    at least 150 faults, chosen by MUTANT_SEED
#   make mutants MUTANT_FLAGS=...   options of tests/mutants/run.py

MUTANT_SEED ?= 1

mutants: $(addprefix $(O)/unit/,$(unit_tests) $(unit_tools)) $(unit_dtbs)
	$(Q)tests/mutants/run.py --build $(O) --seed $(MUTANT_SEED) $(MUTANT_FLAGS)

# What tests/mutants/run.py builds a test anew from
print-unit-tests:
	@echo '.cc: $(unit_cc)'
	@echo '.path: $(unit_path)'
	@echo '.cflags: $(unit_cflags)'
	$(foreach test,$(unit_tests) $(unit_tools),@echo '$(test): $(abspath $($(test)_objs)) $($(test)_libs)'$(newline))

define newline


endef

.PHONY: mutants print-unit-tests
