/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/lib/tool.h - what all parts of the host tool share
 *
 * The tool runs once and ends, so it frees no memory. If it cannot do
 * something, it refuses with one line on stderr and exit status 1. All sizes
 * are in bytes.
 */
#ifndef PAYLOAD_LIB_TOOL_H
#define PAYLOAD_LIB_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/lib/compiler.h"
#include "common/lib/sha256.h"

#define TOOL_VERSION "1.0"

enum exit_status {
	EXIT_STATUS_OK = 0,
	EXIT_STATUS_REFUSED = 1,
	EXIT_STATUS_USAGE = 2,
};

/* The bytes belong to somebody else. */
struct bytes {
	const uint8_t *data;
	uint64_t size;
};

/*
 * refuse.c: print one line on stderr and end the tool. A half written output
 * file is removed.
 */
NORETURN PRINTF(1, 2) void refuse(const char *format, ...);
NORETURN PRINTF(1, 2) void refuse_usage(const char *format, ...);

/* refuse.c: later lines name this file, or none if `path` is NULL. */
void refuse_about(const char *path);

/* refuse.c: tells whether `run` refuses something, and prints nothing of it. */
bool is_refused(void (*run)(void *context), void *context);

/* refuse.c: keeps a line, which print_warnings() prints on stderr. */
PRINTF(1, 2) void warn(const char *format, ...);
void print_warnings(void);

/* refuse.c: returns zeroed memory, never NULL. */
void *allocate(uint64_t size);

/* input.c: reads a whole file, or standard input for "-". */
struct bytes file_read(const char *path);

/*
 * input.c: tells whether this file is read: by file_read(), or by somebody else
 * who has called file_remember(). It must not be overwritten.
 */
struct stat;
void file_remember(const struct stat *status);
bool file_is_input(const struct stat *status);

/* refuse.c: returns [offset, offset + size) of `bytes`, or refuses. */
struct bytes bytes_slice(const struct bytes *bytes, const char *name,
                         uint64_t offset, uint64_t size);

/*
 * output.c: these write the output file, or standard output for "-". Links are
 * followed. A regular file appears whole or not at all, and keeps its mode and
 * owner. Devices and pipes are written into.
 */
void output_open(const char *path);
void output_write(const void *data, uint64_t size);
void output_zeros(uint64_t size);
void output_close(void);

/* output.c: removes a half written file; for signals.c. */
void output_abandon(void);

/*
 * signals.c: if a signal ends the tool, nothing half written stays. What is
 * told by a signal is refused with a line: a file that cannot be read to its
 * end, and one that may not become as large.
 */
void signals_open(void);

/* output.c: puts what is written into memory, until output_open(). */
void output_into(uint8_t *data, uint64_t size);

/* output.c: refuses if standard output has not taken all that was printed. */
void output_check_stdout(void);

/* output.c: tells whether the output goes to standard output, by any name. */
bool output_is_stdout(void);

/* refuse.c: shows the progress of a long step, if stderr is a terminal. */
void progress(const char *step, uint64_t done, uint64_t total);

/* text.c: writes "12.3 MiB" into the caller's buffer of at least 16 bytes. */
const char *text_size(char *buffer, uint64_t size);
const char *text_digest(char buffer[65], const uint8_t digest[32]);

/*
 * text.c: prints what somebody else has written, such as a name or a command
 * line. It stays on its line, and tells the terminal nothing: each byte that
 * does not belong to a printable character of UTF-8 becomes a question mark.
 */
void text_print(FILE *file, const char *text);

/*
 * text.c: returns how many bytes the printable character has that `text` begins
 * with, or 0 if there is none.
 */
unsigned text_character_size(const char *text);

/* text.c: returns the name of an enum bundle_arch, such as "x86_64". */
const char *arch_name(uint32_t arch);

/*
 * place.c: returns the path of a file that the build leaves beside the tool, or
 * that `make install` puts where the tool looks for it. If it is in none of
 * these places, refuses with `remedy` at the end of the line.
 */
const char *place_find(const char *name, const char *remedy);

#endif
