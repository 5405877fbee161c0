# SPDX-License-Identifier: BSD-2-Clause
# payload/tool.mk - what the host tool is built from, for the main Makefile
TOOL_SRCS := $(sort $(wildcard payload/*.c)) common/lz4.c common/sum64.c
TOOL_LIBS := -lz -lbz2 -llzma -llzo2 -llz4 -lzstd

# The fetched kernels serve if they are there.
tool-tests: $(O)/directboot
	$(Q)python3 tests/tool/test_tool.py $(O)/directboot $(O)/kernels

PREFIX ?= /usr/local

install: all
	install -D $(O)/directboot $(DESTDIR)$(PREFIX)/bin/directboot
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/directboot $(ARCHS:%=$(O)/directboot-%.rom)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 payload/directboot.1
	install -D -m 644 payload/directboot.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/directboot

.PHONY: tool-tests install
