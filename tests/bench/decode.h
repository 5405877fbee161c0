/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/bench/decode.h - the few instructions that plugin.c tells apart */
#ifndef TESTS_BENCH_DECODE_H
#define TESTS_BENCH_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum insn_kind {
	INSN_PLAIN,
	INSN_REP,    /* a string instruction; TCG executes each iteration */
	INSN_CALL,   /* saves a return address */
	INSN_RETURN, /* goes back to a return address */
};

enum insn_kind decode_x86(const uint8_t *bytes, size_t size);
enum insn_kind decode_arm64(const uint8_t *bytes, size_t size);

#endif
