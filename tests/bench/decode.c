/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/bench/decode.c - tells string instructions, calls and returns apart
 *
 * Intel SDM volume 2, chapter 2 "Instruction Format" and appendix A "Opcode
 * Map"; Arm ARM (DDI 0487) C4.1 "A64 instruction set encoding", branches.
 */
#include "tests/bench/decode.h"

#include <string.h>

static bool is_prefix(uint8_t byte)
{
	bool is_segment = (byte & 0xe7) == 0x26 || byte == 0x64 || byte == 0x65;

	return is_segment || byte == 0x66 || byte == 0x67 || byte == 0xf2 ||
	       byte == 0xf3;
}

/*
 * The string instructions are ins, outs, movs, cmps, stos, lods and scas. Each
 * has two codes, for bytes and for larger operands.
 */
static bool is_string_opcode(uint8_t byte)
{
	return (byte >= 0x6c && byte <= 0x6f) ||
	       (byte >= 0xa4 && byte <= 0xa7) || (byte >= 0xaa && byte <= 0xaf);
}

enum insn_kind decode_x86(const uint8_t *bytes, size_t size)
{
	bool has_rep = false;
	size_t i = 0;

	for (; i < size && is_prefix(bytes[i]); i++)
		has_rep |= bytes[i] == 0xf2 || bytes[i] == 0xf3;
	if (i < size && (bytes[i] & 0xf0) == 0x40) /* REX or inc */
		i += i + 1 < size;
	if (i == size)
		return INSN_PLAIN;
	if (has_rep && i + 1 == size && is_string_opcode(bytes[i]))
		return INSN_REP;
	if (bytes[i] == 0xe8)
		return INSN_CALL;
	if (bytes[i] == 0xff && i + 1 < size && (bytes[i + 1] & 0x38) == 0x10)
		return INSN_CALL;
	if (bytes[i] == 0xc3 || bytes[i] == 0xc2)
		return INSN_RETURN;
	return INSN_PLAIN;
}

enum insn_kind decode_arm64(const uint8_t *bytes, size_t size)
{
	uint32_t word;

	if (size != sizeof(word))
		return INSN_PLAIN;
	memcpy(&word, bytes, sizeof(word));
	if ((word & 0xfc000000) == 0x94000000 || /* bl */
	    (word & 0xfffffc1f) == 0xd63f0000)   /* blr */
		return INSN_CALL;
	if ((word & 0xfffffc1f) == 0xd65f0000) /* ret */
		return INSN_RETURN;
	return INSN_PLAIN;
}
