/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/door/shadow.S - makes C0000 to FFFFF RAM where a PC can
 *
 * By the PAM registers of the 82441FX (Intel 290549) and of the Q35's MCH
 * (Intel 319970). With each change of them a hypervisor forgets all pages that
 * it has mapped, so this comes before RAM is touched. RAM from 0 on may then be
 * in one piece, which a hypervisor maps in one large page.
 */
#include "arch/x86_64/lib/pci.h"
#include "arch/x86_64/memmap.h"

	.macro	pci_write address, value
	movl	$(\address), %eax
	movw	$PCI_CONFIG_ADDRESS, %dx
	outl	%eax, %dx
	movl	$(\value), %eax
	movb	$(PCI_CONFIG_DATA & 0xff), %dl
	outl	%eax, %dx
	.endm

	.section .reset16, "ax"
	.code32
	/*
	 * 32-bit code with flat segments and no stack, at any address. EDI is
	 * where to go on. It changes EAX, ECX and EDX.
	 */
	.globl	shadow_ram
shadow_ram:
	movl	$PCI_ADDRESS(0, 0, 0), %eax
	movw	$PCI_CONFIG_ADDRESS, %dx
	outl	%eax, %dx
	movb	$(PCI_CONFIG_DATA & 0xff), %dl
	inl	%dx, %eax
	movl	%eax, %ecx
	cmpl	$PCI_ID_I440FX, %eax
	je	1f
	cmpl	$PCI_ID_Q35, %eax
	jne	2f
	/* By ECAM, which the blob wants anyway, a write is one exit, not two. */
	pci_write PCI_ADDRESS(0, 0, 0x60), Q35_ECAM_BASE | 1
	movl	$0x33333330, Q35_ECAM_BASE + 0x90
	movl	$0x00333333, Q35_ECAM_BASE + 0x94
	jmp	2f
1:	pci_write PCI_ADDRESS(0, 0, 0x58), 0x33333000
	pci_write PCI_ADDRESS(0, 0, 0x5c), 0x33333333
2:	movl	%ecx, HOST_BRIDGE_ID
	jmp	*%edi
