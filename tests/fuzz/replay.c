/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/replay.c - runs a target on files, without libFuzzer
 *
 * For compilers that have no libFuzzer, and for `make coverage`. A file has an
 * input a line, in hexadecimal digits, as those of tests/fuzz/corpus.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

#define LINE_MAX (1 << 16)

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run_line(char *line)
{
	static uint8_t data[LINE_MAX / 2];
	size_t size = strspn(line, "0123456789abcdef") / 2;

	for (size_t i = 0; i < size; i++) {
		char digits[3] = { line[2 * i], line[2 * i + 1] };

		data[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
	LLVMFuzzerTestOneInput(data, size);
}

int main(int argc, char **argv)
{
	static char line[LINE_MAX];

	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "r");

		if (!file) {
			perror(argv[i]);
			return 1;
		}
		while (fgets(line, sizeof(line), file))
			run_line(line);
		fclose(file);
	}
	return 0;
}
