/* SPDX-License-Identifier: BSD-2-Clause */
/* linker/common.ld.h - what may only appear by mistake, and debug sections */
	.none : {
		*(.data .data.*) *(.bss .bss.* COMMON)
		*(.got) *(.got.plt) *(.plt .plt.*) *(.iplt) *(.igot.plt)
		*(.init_array*) *(.ctors*) *(.dynamic)
	}
	.none.rela : { *(.rela.*) }
	ASSERT(SIZEOF(.none) == 0 && SIZEOF(.none.rela) == 0,
	       "blob: variables or relocations, see common/boot.h")

	.comment 0 : { *(.comment) }
	.debug_aranges 0 : { *(.debug_aranges) }
	.debug_info 0 : { *(.debug_info) }
	.debug_abbrev 0 : { *(.debug_abbrev) }
	.debug_line 0 : { *(.debug_line) }
	.debug_frame 0 : { *(.debug_frame) }
	.debug_str 0 : { *(.debug_str) }
	.debug_line_str 0 : { *(.debug_line_str) }
	.debug_loc 0 : { *(.debug_loc) }
	.debug_loclists 0 : { *(.debug_loclists) }
	.debug_ranges 0 : { *(.debug_ranges) }
	.debug_rnglists 0 : { *(.debug_rnglists) }
	.debug_addr 0 : { *(.debug_addr) }
	.debug_str_offsets 0 : { *(.debug_str_offsets) }
	.symtab 0 : { *(.symtab) }
	.strtab 0 : { *(.strtab) }
	.shstrtab 0 : { *(.shstrtab) }
	/DISCARD/ : { *(.note.*) *(.eh_frame*) *(.llvm_addrsig) *(.ARM.*) }
