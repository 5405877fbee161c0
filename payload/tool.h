/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/tool.h - what all parts of the host tool share
 *
 * The tool is a program that runs once: what it allocates lives until it ends,
 * and what it cannot do it refuses with one line and status 1.
 */
#ifndef PAYLOAD_TOOL_H
#define PAYLOAD_TOOL_H

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

/* file.c: one line on stderr, and the end; removes a half written output. */
NORETURN PRINTF(1, 2) void refuse(const char *format, ...);
NORETURN PRINTF(1, 2) void refuse_usage(const char *format, ...);

/* file.c: one line on stderr, and on we go. */
PRINTF(1, 2) void warn(const char *format, ...);

/* file.c: memory, zeroed; never NULL. */
void *allocate(uint64_t size);

/* file.c: a whole file, or standard input for "-". */
struct bytes file_read(const char *path);

/* file.c: the part [offset, offset + size) of `bytes`, or a refusal. */
struct bytes bytes_slice(const struct bytes *bytes, const char *name,
                         uint64_t offset, uint64_t size);

/* file.c: a file that appears whole or not at all; "-" is standard output. */
void output_open(const char *path);
void output_write(const void *data, uint64_t size);
void output_zeros(uint64_t size);
void output_close(void);

/* file.c: shows how far a long step is, if stderr is a terminal. */
void progress(const char *step, uint64_t done, uint64_t total);

/* text.c: "12.3 MiB". The buffer is the caller's, 16 bytes or more. */
const char *text_size(char *buffer, uint64_t size);
const char *text_digest(char buffer[65], const uint8_t digest[32]);

/* text.c: a string as JSON, with its quotes. */
void json_string(FILE *file, const char *string);

/* The commands; argv[0] is the command's name. They return the exit status. */
int pack_main(int argc, char **argv);
int show_main(int argc, char **argv);
int extract_main(int argc, char **argv);
int verify_main(int argc, char **argv);

#endif
