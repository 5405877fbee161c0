/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/sha256_ni.S - blocks of SHA-256 by the CPU's own instructions
 *
 * SDM volume 2, SHA256RNDS2, SHA256MSG1 and SHA256MSG2. The instructions want
 * the state as ABEF and CDGH, each with its first letter on top. A register
 * holds four words of the schedule. After each four rounds the words move one
 * register down.
 */

#define WK     %xmm0 /* word + constant, SHA256RNDS2's implied operand */
#define ABEF   %xmm1
#define CDGH   %xmm2
#define W0     %xmm3
#define W4     %xmm4
#define W8     %xmm5
#define W12    %xmm6
#define NEXT   %xmm7
#define ABEF_0 %xmm8 /* both as they were before the block */
#define CDGH_0 %xmm9
#define SWAP   %xmm10

/* Indices for SHUFPS: [1], [0] or [3], [2] of each register. */
#define LOW_REVERSED  0x11
#define HIGH_REVERSED 0xbb

	/* Arguments: RDI = state, RSI = blocks, RDX = count > 0. */
	.section .text.sha256_ni, "ax"
	.globl	sha256_ni_blocks
	.hidden	sha256_ni_blocks, sha256_constants
sha256_ni_blocks:
	movups	(%rdi), NEXT
	movups	16(%rdi), ABEF
	movaps	ABEF, CDGH
	shufps	$LOW_REVERSED, NEXT, ABEF
	shufps	$HIGH_REVERSED, NEXT, CDGH
	movups	swap(%rip), SWAP
	leaq	(sha256_constants + 256)(%rip), %rcx

1:	movaps	ABEF, ABEF_0
	movaps	CDGH, CDGH_0
	movups	(%rsi), W0
	movups	16(%rsi), W4
	movups	32(%rsi), W8
	movups	48(%rsi), W12
	pshufb	SWAP, W0
	pshufb	SWAP, W4
	pshufb	SWAP, W8
	pshufb	SWAP, W12
	movq	$-256, %rax

2:	movups	(%rcx, %rax), WK
	paddd	W0, WK
	sha256rnds2 ABEF, CDGH /* two rounds; the old CDGH becomes ABEF */
	pshufd	$0x0e, WK, WK
	sha256rnds2 CDGH, ABEF
	sha256msg1 W4, W0
	movaps	W12, NEXT
	palignr	$4, W8, NEXT /* words 9 to 12 */
	paddd	W0, NEXT
	sha256msg2 W12, NEXT
	movaps	W4, W0
	movaps	W8, W4
	movaps	W12, W8
	movaps	NEXT, W12
	addq	$16, %rax
	jnz	2b

	paddd	ABEF_0, ABEF
	paddd	CDGH_0, CDGH
	addq	$64, %rsi
	decq	%rdx
	jnz	1b

	movaps	ABEF, NEXT
	shufps	$HIGH_REVERSED, CDGH, ABEF
	shufps	$LOW_REVERSED, CDGH, NEXT
	movups	ABEF, (%rdi)
	movups	NEXT, 16(%rdi)
	.irp	number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
	xorps	%xmm\number, %xmm\number
	.endr
	ret

	/* PSHUFB takes each byte from here, since words are big-endian. */
	.section .rodata.sha256_ni, "a"
swap:
	.byte	3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12

	.section .note.GNU-stack, "", @progbits
