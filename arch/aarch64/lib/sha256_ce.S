/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/lib/sha256_ce.S - hashes blocks by the CPU's own instructions
 *
 * DDI 0487 chapter C7, SHA256H, SHA256H2, SHA256SU0 and SHA256SU1. v0 is ABCD,
 * v1 is EFGH; v2 and v3 are their values before the block. v4 to v7 are sixteen
 * words of the message schedule. After every four rounds they move down by one
 * register.
 */
	.arch	armv8-a+crypto

	/* sha256_ce_blocks(x0 state, x1 blocks, x2 count > 0) */
	.section .text.sha256_ce, "ax"
	.globl	sha256_ce_blocks
	.hidden	sha256_ce_blocks, sha256_constants
sha256_ce_blocks:
	ld1	{v0.4s, v1.4s}, [x0]

1:	mov	v2.16b, v0.16b
	mov	v3.16b, v1.16b
	ld1	{v4.16b, v5.16b, v6.16b, v7.16b}, [x1], #64
	rev32	v4.16b, v4.16b
	rev32	v5.16b, v5.16b
	rev32	v6.16b, v6.16b
	rev32	v7.16b, v7.16b
	adr	x3, sha256_constants
	mov	w4, #16

2:	ld1	{v16.4s}, [x3], #16
	add	v16.4s, v16.4s, v4.4s
	mov	v17.16b, v0.16b
	sha256h	q0, q1, v16.4s
	sha256h2 q1, q17, v16.4s
	sha256su0 v4.4s, v5.4s
	sha256su1 v4.4s, v6.4s, v7.4s
	mov	v17.16b, v4.16b
	mov	v4.16b, v5.16b
	mov	v5.16b, v6.16b
	mov	v6.16b, v7.16b
	mov	v7.16b, v17.16b
	subs	w4, w4, #1
	b.ne	2b

	add	v0.4s, v0.4s, v2.4s
	add	v1.4s, v1.4s, v3.4s
	subs	x2, x2, #1
	b.ne	1b

	st1	{v0.4s, v1.4s}, [x0]
	.irp	number, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17
	movi	v\number\().2d, #0
	.endr
	ret

	.section .note.GNU-stack, "", %progbits
