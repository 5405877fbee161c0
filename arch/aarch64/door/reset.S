/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/door/reset.S - the first instructions, and exception vectors
 *
 * The VMM enters the blob at its first instruction, in ROM or RAM, at EL1 or
 * EL2. MMU and data cache are off, and x0 is the address of the FDT, or 0. The
 * VMM takes the blob for reset code, or for a kernel as in Linux
 * Documentation/arm64/booting.rst; image_header is the header of that document.
 * A loader of IGVM files gives the page of parameters in x0, and may have the
 * MMU on, with what the file brings mapped one to one.
 *
 * x19 counter at the start   x20 blob   x21 what x0 was   x22 work area
 * x23 size of the blob without its bundle, in bytes
 */
#include "arch/aarch64/lib/sctlr.h"
#include "arch/aarch64/memmap.h"

#define SPSEL_SPX      1
#define EL2            (2 << 2)
#define CPACR_FPEN     (3 << 20)
#define CPTR_EL2_RES1  0x33ff /* DDI 0487 D17.2.31: This value traps nothing. */
#define CPTR_EL2_FPEN  (3 << 20)

/*
 * DDI 0487 D17.2.97: Memory of kind 0 is write-back, of kind 1 Device-nGnRE.
 * ENTRY_DEVICE of lib/paging.c is kind 1.
 */
#define MAIR_KINDS     0x04ff

/* D17.2.131: 42 bits, 4 KiB granule, inner shareable, write-back walks. */
#define TCR_COMMON     ((64 - 42) | 1 << 8 | 1 << 10 | 3 << 12)
#define TCR_EL1_EPD1   (1 << 23)
#define TCR_EL1_IPS    32
#define TCR_EL2_RES1   (1 << 31 | 1 << 23)
#define TCR_EL2_PS     16

/* `make STRICT=1` defines STRICT_ALIGNMENT for a test build. */
#ifdef STRICT_ALIGNMENT
#define SCTLR_MMU      (SCTLR_M | SCTLR_C | SCTLR_I | SCTLR_WXN | SCTLR_A)
#else
#define SCTLR_MMU      (SCTLR_M | SCTLR_C | SCTLR_I | SCTLR_WXN)
#endif

/* A tree is big-endian. This is what the CPU reads at its start. */
#define FDT_MAGIC      0xedfe0dd0

/*
 * These are offsets in struct paging of lib/paging.h. The stack of
 * paging_start() and of exceptions ends at the root.
 */
#define PAGING_STACK       0x800
#define PAGING_ROOT        0xf80
#define PAGING_TABLE_COUNT 0xfc0
#define PAGING_TABLES      0x1000

/* struct igvm_params of common/spec/igvm_params.h */
#define IGVM_PARAMS_MAGIC_WORD 0x534d415241504244
#define IGVM_PARAMS_RUN        24 /* run_offset and run_size */
#define IGVM_PARAMS_HEAD       256
#define IGVM_PARAMS_ALIGN      0x1000

	.section .header, "ax"
	.globl	image_header
image_header:
	tst	x7, x0			/* to a CPU in AArch32: b refuse_aarch32 */
	b	start
	.quad	0			/* text_offset */
	.quad	blob_image_size
	.quad	0xa			/* flags: LE, 4 KiB pages, anywhere */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

	.section .record, "a"
	.globl	blob_record
blob_record:
	.ascii	"DBRECORD"		/* struct bundle_record */
	.quad	0, 0
	.long	0
	.long	blob_end

	.section .entry, "ax"
start:
	msr	daifset, #15
	msr	spsel, #SPSEL_SPX
	mrs	x19, cntvct_el0
	adr	x20, image_header
	mov	x21, x0
	/* There is no struct boot yet. Exceptions before it end in refuse.S. */
	mrs	x4, CurrentEL
	cmp	x4, #EL2
	b.hi	refuse_el3
	b.eq	1f
	msr	tpidr_el1, xzr
	msr	vbar_el1, x20
	mrs	x4, sctlr_el1
	b	2f
1:	msr	tpidr_el2, xzr
	msr	vbar_el2, x20
	mrs	x4, sctlr_el2
2:	isb
	ldr	w23, [x20, #0x5c]	/* blob_size of the record */
	tbz	x4, #SCTLR_M_BIT, 1f
	bl	turn_mmu_off
1:
	/* The work area is behind the FDT if we run from ROM, else after us. */
	mov	x7, #(WORK_ALIGN - 1)
	mov	x22, xzr
	bl	find_run_end
	cbnz	x3, 5f
	ldp	x1, x2, [x20, #0x48]
	add	x6, x1, x2
	cmp	x1, #0
	csel	x6, x23, x6, eq
	mov	x3, #LOWEST_RAM_BASE
	cmp	x20, x3
	b.hs	2f
	cmp	x21, #0
	csel	x3, x3, x21, eq
	b	3f
2:	add	x22, x20, x6
	add	x22, x22, x7
	bic	x22, x22, x7
	/* Some VMMs put the FDT right where the image ends. */
	cbz	x21, 4f
	mov	x3, x21
	sub	x4, x22, x21
	sub	x5, x21, x22
	mov	x6, #WORK_SIZE
	cmp	x4, #FDT_SIZE_MAX
	ccmp	x5, x6, #0, hs
	b.hs	4f
3:	bl	find_tree_end
5:	add	x3, x3, x7
	bic	x3, x3, x7
	cmp	x3, x22			/* A tree may end before or in us. */
	csel	x22, x3, x22, hi
4:
	/* A stale cache line must not hide what we write with the MMU off. */
	add	x0, x22, #PAGING_STACK
	mov	x1, #(PAGING_TABLES - PAGING_STACK)
	bl	cache_invalidate
	str	x20, [x22, #PAGING_STACK]
	ldr	x0, [x22, #PAGING_STACK]
	cmp	x0, x20
	b.ne	refuse_work_area
	add	sp, x22, #PAGING_ROOT
	mov	x0, x22
	mov	x1, x20
	ldr	w2, =blob_code_size
	mov	x3, x23
	mov	x4, x21
	bl	paging_start
	add	x0, x22, #PAGING_STACK
	ldr	x1, [x22, #PAGING_TABLE_COUNT]
	lsl	x1, x1, #12
	add	x1, x1, #(PAGING_TABLES - PAGING_STACK)
	bl	cache_invalidate
	mov	x0, #WORK_SIZE
	add	sp, x22, x0
	add	x5, x22, #PAGING_ROOT

	mov	x0, #MAIR_KINDS
	mov	x1, #TCR_COMMON
	mrs	x2, id_aa64mmfr0_el1
	and	x2, x2, #15
	mov	x3, #5 /* 48 bits; more bits need tables of another format */
	cmp	x2, x3
	csel	x2, x2, x3, lo
	mov	x3, #CPACR_FPEN
	mrs	x4, CurrentEL
	cmp	x4, #EL2
	b.eq	enable_el2

	orr	x1, x1, #TCR_EL1_EPD1
	orr	x1, x1, x2, lsl #TCR_EL1_IPS
	ldr	w2, =(SCTLR_EL1_RES1 | SCTLR_MMU)
	msr	cpacr_el1, x3
	msr	mair_el1, x0
	msr	tcr_el1, x1
	msr	ttbr0_el1, x5
	isb
	tlbi	vmalle1
	ic	iallu
	dsb	nsh
	isb
	msr	sctlr_el1, x2
	b	enabled
	.ltorg
blob_entry_code_end:

	.section .text.entry, "ax"
/*
 * Turns the MMU off. What the CPU reads meanwhile is written back from its
 * caches: the blob, and the head of what x21 points to. This changes x4 to x7.
 */
turn_mmu_off:
	mrs	x5, ctr_el0
	ubfx	x5, x5, #16, #4
	mov	x4, #4
	lsl	x5, x4, x5		/* line size */
	mov	x4, x20
	add	x6, x20, x23
1:	dc	civac, x4
	add	x4, x4, x5
	cmp	x4, x6
	b.lo	1b
	cbz	x21, 3f
	mov	x4, x21
	add	x6, x21, #IGVM_PARAMS_HEAD
2:	dc	civac, x4
	add	x4, x4, x5
	cmp	x4, x6
	b.lo	2b
3:	dsb	sy
	mrs	x4, CurrentEL
	cmp	x4, #EL2
	b.eq	4f
	ldr	w4, =SCTLR_EL1_RES1
	msr	sctlr_el1, x4
	isb
	tlbi	vmalle1
	b	5f
4:	ldr	w4, =SCTLR_EL2_RES1
	msr	sctlr_el2, x4
	isb
	tlbi	alle2
5:	ic	iallu
	dsb	nsh
	isb
	ret

/*
 * Sets x3 to the end of an IGVM file's pages if x21 is the address of its page
 * of parameters, which is behind the blob, and else to 0. What is far away is
 * not read, since there may be no memory. This changes x4 and x5. None of it is
 * proven yet, but the work area must not lie on the pages.
 */
find_run_end:
	mov	x3, xzr
	tst	x21, #(IGVM_PARAMS_ALIGN - 1)
	b.ne	1f
	sub	x4, x21, x20
	lsr	x4, x4, #32
	cbnz	x4, 1f			/* A file is less than 4 GiB. */
	ldr	x4, [x21]
	ldr	x5, =IGVM_PARAMS_MAGIC_WORD
	cmp	x4, x5
	b.ne	1f
	ldp	x4, x5, [x21, #IGVM_PARAMS_RUN]
	add	x3, x21, x4
	add	x3, x3, x5
	cmp	x3, x21
	csel	x3, x3, xzr, hi
1:	ret

/*
 * Moves x3 from the start of the FDT to its end. If there is none, or it is too
 * large, that is the largest size on. This changes x4 to x6.
 */
find_tree_end:
	bic	x3, x3, #7		/* A wrong address is told of later. */
	ldp	w4, w5, [x3]
	rev	w5, w5			/* its size */
	add	x3, x3, #FDT_SIZE_MAX
	ldr	w6, =FDT_MAGIC
	cmp	w4, w6
	b.ne	1f
	cmp	w5, #FDT_SIZE_MAX
	b.hi	1f
	sub	x3, x3, #FDT_SIZE_MAX
	add	x3, x3, x5
1:	ret

	/* With HCR_EL2.E2H set, these registers have the layout of EL1's. */
enable_el2:
	mrs	x4, hcr_el2
	tbz	x4, #34, 1f
	orr	x1, x1, #TCR_EL1_EPD1
	orr	x1, x1, x2, lsl #TCR_EL1_IPS
	b	2f
1:	mov	x4, #TCR_EL2_RES1
	orr	x1, x1, x4
	orr	x1, x1, x2, lsl #TCR_EL2_PS
	mov	x3, #CPTR_EL2_RES1
2:	ldr	w2, =(SCTLR_EL2_RES1 | SCTLR_MMU)
	msr	cptr_el2, x3
	msr	mair_el2, x0
	msr	tcr_el2, x1
	msr	ttbr0_el2, x5
	isb
	tlbi	alle2
	ic	iallu
	dsb	nsh
	isb
	msr	sctlr_el2, x2
enabled:
	isb
	mov	x0, x22
	mov	x1, x20
	mov	x2, x21
	mov	x3, x19
	bl	reset_main
	.ltorg

/*
 * The vector base is the blob's start. Only exceptions from the current level
 * with its own stack pointer can occur, so only this quarter of the table
 * exists. x0 is the vector's number, an argument of exception_report().
 */
	.macro vector number
	.balign	0x80
	mov	x0, #\number
	b	exception
	.endm

	.section .vectors, "ax"
	vector	0			/* synchronous */
	vector	1			/* IRQ */
	vector	2			/* FIQ */
	vector	3			/* SError */
	.balign	0x80

	.section .text.exception, "ax"
exception:
	mrs	x4, CurrentEL
	cmp	x4, #EL2
	b.hi	park
	b.eq	1f
	mrs	x1, esr_el1
	mrs	x2, elr_el1
	mrs	x3, far_el1
	mrs	x4, ttbr0_el1
	mrs	x5, tpidr_el1
	b	2f
1:	mrs	x1, esr_el2
	mrs	x2, elr_el2
	mrs	x3, far_el2
	mrs	x4, ttbr0_el2
	mrs	x5, tpidr_el2
2:	cbz	x5, refuse_work_area
	/* The stack may be what has failed. */
	bic	x4, x4, #(WORK_ALIGN - 1)
	add	sp, x4, #PAGING_ROOT
	b	exception_report
