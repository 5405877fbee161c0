/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/file.c - refusals, memory, input and output files of the host tool */
#include "payload/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The one output there is; `temporary` is what a refusal has to remove. */
static struct {
	const char *path;
	char *temporary;
	FILE *file;
} output;

static bool has_progress_line;

static void end_progress_line(void)
{
	if (has_progress_line)
		fputs("\r\033[K", stderr);
	has_progress_line = false;
}

static void complain(const char *kind, const char *format, va_list args)
{
	end_progress_line();
	fprintf(stderr, "directboot: %s", kind);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void refuse(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain("", format, args);
	va_end(args);
	if (output.temporary != NULL)
		unlink(output.temporary);
	exit(EXIT_STATUS_REFUSED);
}

void refuse_usage(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain("", format, args);
	va_end(args);
	exit(EXIT_STATUS_USAGE);
}

void warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain("warning: ", format, args);
	va_end(args);
}

void progress(const char *step, uint64_t done, uint64_t total)
{
	static int is_terminal = -1;

	if (is_terminal < 0)
		is_terminal = isatty(STDERR_FILENO);
	if (!is_terminal || total == 0)
		return;
	fprintf(stderr, "\r%s: %u%%\033[K", step,
	        (unsigned)(done * 100 / total));
	has_progress_line = true;
	if (done == total)
		end_progress_line();
}

void *allocate(uint64_t size)
{
	void *memory = NULL;

	if (size <= SIZE_MAX)
		memory = calloc(1, size > 0 ? size : 1);
	if (memory == NULL)
		refuse("memory: %#lx bytes: there are not as many",
		       (unsigned long)size);
	return memory;
}

/* For what cannot be mapped: pipes, and files of /proc. */
static struct bytes read_stream(int fd, const char *path)
{
	uint8_t *data = NULL;
	size_t capacity = 0;
	size_t size = 0;

	for (;;) {
		ssize_t got;

		if (size == capacity) {
			capacity = capacity > 0 ? 2 * capacity : 1 << 16;
			data = realloc(data, capacity);
			if (data == NULL)
				refuse("%s: no memory for %#zx bytes", path,
				       capacity);
		}
		got = read(fd, data + size, capacity - size);
		if (got < 0)
			refuse("%s: %s", path, strerror(errno));
		if (got == 0)
			break;
		size += (size_t)got;
	}
	return (struct bytes){ data, size };
}

struct bytes file_read(const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct bytes bytes = { 0 };
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0)
		refuse("%s: %s", path, strerror(errno));
	if (S_ISDIR(status.st_mode))
		refuse("%s: is a directory", path);
	if (S_ISREG(status.st_mode) && status.st_size > 0) {
		void *map = mmap(NULL, (size_t)status.st_size, PROT_READ,
		                 MAP_PRIVATE, fd, 0);

		if (map == MAP_FAILED)
			refuse("%s: %s", path, strerror(errno));
		bytes = (struct bytes){ map, (uint64_t)status.st_size };
	} else {
		bytes = read_stream(fd, path);
	}
	if (!is_stdin)
		close(fd);
	return bytes;
}

struct bytes bytes_slice(const struct bytes *bytes, const char *name,
                         uint64_t offset, uint64_t size)
{
	if (!is_within(offset, size, bytes->size))
		refuse("%s: %#lx bytes at %#lx: there are only %#lx", name,
		       (unsigned long)size, (unsigned long)offset,
		       (unsigned long)bytes->size);
	return (struct bytes){ bytes->data + offset, size };
}

void output_open(const char *path)
{
	int fd;

	output.path = path;
	if (strcmp(path, "-") == 0) {
		output.file = stdout;
		return;
	}
	if (asprintf(&output.temporary, "%s.XXXXXX", path) < 0)
		refuse("memory: none left");
	fd = mkstemp(output.temporary);
	if (fd < 0) {
		output.temporary = NULL;
		refuse("%s: %s", path, strerror(errno));
	}
	output.file = fdopen(fd, "wb");
	if (output.file == NULL)
		refuse("%s: %s", path, strerror(errno));
}

void output_write(const void *data, uint64_t size)
{
	if (size > 0 && fwrite(data, 1, size, output.file) != size)
		refuse("%s: %s", output.path, strerror(errno));
}

void output_zeros(uint64_t size)
{
	static const uint8_t zeros[1 << 16];

	for (; size > sizeof(zeros); size -= sizeof(zeros))
		output_write(zeros, sizeof(zeros));
	output_write(zeros, size);
}

void output_close(void)
{
	mode_t mask = umask(0);

	umask(mask);
	if (fflush(output.file) != 0)
		refuse("%s: %s", output.path, strerror(errno));
	if (output.temporary == NULL)
		return;
	if (fchmod(fileno(output.file), 0666 & ~mask) != 0 ||
	    fclose(output.file) != 0 ||
	    rename(output.temporary, output.path) != 0)
		refuse("%s: %s", output.path, strerror(errno));
	output.temporary = NULL;
}
