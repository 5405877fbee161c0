/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/payload/kernel.c - which files are kernels for x86_64 */
#include "common/arch.h"
#include "common/spec/elf.h"
#include "common/spec/linux_x86.h"

#define EM_X86_64      62     /* System V ABI */
#define PE_MACHINE_X64 0x8664 /* Microsoft "PE Format", "Machine Types" */

const uint32_t arch_elf_machine = EM_X86_64;
const uint32_t arch_pe_machine = PE_MACHINE_X64;

bool arch_is_kernel(const void *head, uint64_t size)
{
	return linux_x86_is_bzimage(head, size) || elf_is_at(head, size);
}

bool arch_unwrap_kernel(struct payload *payload)
{
	(void)payload;
	return false;
}
