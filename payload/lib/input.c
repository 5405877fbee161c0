/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/lib/input.c - reads files; see tool.h */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "payload/lib/tool.h"

#define STREAM_SIZE_MAX (4ull << 30)

/* The tool must not overwrite a file that it has read. */
static struct input {
	dev_t device;
	ino_t inode;
} * inputs;
static unsigned input_count, input_capacity;

bool file_is_input(const struct stat *status)
{
	for (unsigned i = 0; i < input_count; i++)
		if (inputs[i].device == status->st_dev &&
		    inputs[i].inode == status->st_ino)
			return true;
	return false;
}

void file_remember(const struct stat *status)
{
	if (input_count == input_capacity) {
		input_capacity = 2 * input_capacity + 16;
		inputs = realloc(inputs, input_capacity * sizeof(*inputs));
		if (inputs == NULL)
			refuse("memory: none left");
	}
	inputs[input_count].device = status->st_dev;
	inputs[input_count++].inode = status->st_ino;
}

/* Reads what cannot be mapped: pipes, disks, and files of /proc. */
static struct bytes read_stream(int fd, const char *path)
{
	uint8_t *data = NULL;
	size_t capacity = 0;
	size_t size = 0;

	for (;;) {
		ssize_t got;

		if (size > STREAM_SIZE_MAX)
			refuse("%s: more than %llu GiB: must be a file", path,
			       STREAM_SIZE_MAX >> 30);
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

static struct bytes map(int fd, const char *path, uint64_t size)
{
	void *data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (data == MAP_FAILED)
		refuse("%s: %s", path, strerror(errno));
	return (struct bytes){ data, size };
}

static struct bytes read_open(int fd, const char *path)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		refuse("%s: %s", path, strerror(errno));
	if (S_ISDIR(status.st_mode))
		refuse("%s: is a directory", path);
	/* Some character devices, such as /dev/zero, never end. */
	if (S_ISCHR(status.st_mode))
		refuse("%s: is a character device: must be a file, a pipe or "
		       "a disk",
		       path);
	file_remember(&status);
	if (S_ISREG(status.st_mode) && status.st_size > 0)
		return map(fd, path, (uint64_t)status.st_size);
	return read_stream(fd, path);
}

static struct bytes read_stdin(void)
{
	static bool is_taken;

	if (is_taken)
		refuse_usage("-: standard input can be read once only");
	is_taken = true;
	if (isatty(STDIN_FILENO))
		refuse_usage("-: standard input is a terminal");
	return read_open(STDIN_FILENO, "standard input");
}

struct bytes file_read(const char *path)
{
	struct bytes bytes;
	int fd;

	if (strcmp(path, "-") == 0)
		return read_stdin();
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		refuse("%s: %s", path, strerror(errno));
	bytes = read_open(fd, path);
	close(fd);
	return bytes;
}
