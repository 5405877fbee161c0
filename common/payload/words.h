/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/words.h - the words of a command line, as Linux reads them */
#ifndef COMMON_PAYLOAD_WORDS_H
#define COMMON_PAYLOAD_WORDS_H

/*
 * Returns where the kernel's words end: at a word "--", behind which init's
 * are, or at the text's end. More words belong there.
 */
char *words_end(char *text);

#endif
