/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/lib/tool.h - what all parts of the host tool share
 *
 * The tool is a program that runs once: what it allocates lives until it ends,
 * and what it cannot do it refuses with one line and status 1.
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

/* Somebody else's bytes. */
struct bytes {
	const uint8_t *data;
	uint64_t size;
};

/* refuse.c: one line on stderr, and the end; removes a half written output. */
NORETURN PRINTF(1, 2) void refuse(const char *format, ...);
NORETURN PRINTF(1, 2) void refuse_usage(const char *format, ...);

/* refuse.c: names the file that lines are about from now on; NULL: none. */
void refuse_about(const char *path);

/* refuse.c: does `run` end in a refusal? Nothing of it is printed. */
bool is_refused(void (*run)(void *context), void *context);

/* refuse.c: one line on stderr, if the command ends well. */
PRINTF(1, 2) void warn(const char *format, ...);
void print_warnings(void);

/* refuse.c: memory, zeroed; never NULL. */
void *allocate(uint64_t size);

/* input.c: a whole file, or standard input for "-". */
struct bytes file_read(const char *path);

/* input.c: has file_read() read this one? */
struct stat;
bool file_is_input(const struct stat *status);

/* refuse.c: the part [offset, offset + size) of `bytes`, or a refusal. */
struct bytes bytes_slice(const struct bytes *bytes, const char *name,
                         uint64_t offset, uint64_t size);

/*
 * output.c: links are followed; a regular file appears whole or not at all, and
 * keeps the mode and owner that it had; devices and pipes are written into. "-"
 * is standard output.
 */
void output_open(const char *path);
void output_write(const void *data, uint64_t size);
void output_zeros(uint64_t size);
void output_close(void);

/* output.c: is that where the output goes, whatever its name? */
bool output_is_stdout(void);

/* refuse.c: shows how far a long step is, if stderr is a terminal. */
void progress(const char *step, uint64_t done, uint64_t total);

/* text.c: "12.3 MiB". The buffer is the caller's, 16 bytes or more. */
const char *text_size(char *buffer, uint64_t size);
const char *text_digest(char buffer[65], const uint8_t digest[32]);

/* text.c: "x86_64", of an enum bundle_arch. */
const char *arch_name(uint32_t arch);

/* text.c: a string as JSON, with its quotes. */
void json_string(FILE *file, const char *string);

#endif
