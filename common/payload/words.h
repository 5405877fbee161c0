/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/words.h - the words of a command line, as Linux reads them */
#ifndef COMMON_PAYLOAD_WORDS_H
#define COMMON_PAYLOAD_WORDS_H

#include "common/lib/compiler.h"

/*
 * Makes room for `size` more bytes of words for the kernel, and for a blank:
 * before a word "--", behind which init's words are, else at the end. The text
 * grows by size + 1 bytes. Returns where the words go.
 */
char *words_make_room(char *text, uint64_t size);

#endif
