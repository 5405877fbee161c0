/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/lib/output.c - writes the tool's one output file; see tool.h
 *
 * A regular file appears whole or not at all: it is written under another name
 * in the same folder, and then renamed. That is not possible if the owner would
 * change, or if the folder takes no new file. In these cases, and for devices
 * and pipes, the bytes go into the file that exists.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "payload/lib/tool.h"

#define LINK_MAX_COUNT 40 /* Linux follows as many. */

static struct {
	const char *path;         /* the user's path */
	char target[PATH_MAX];    /* the same with its last links followed */
	char temporary[PATH_MAX]; /* the other name, or "" */
	struct stat status;       /* of the file that was there before */
	bool is_new;              /* true if there was no file before */
	FILE *file;
} output;

/* Where the bytes go instead. The data is NULL if they go to the output. */
static struct {
	uint8_t *data;
	uint64_t size;
	uint64_t done;
} memory;

static NORETURN void refuse_errno(void)
{
	refuse("%s: %s", output.path, strerror(errno));
}

void output_abandon(void)
{
	if (output.temporary[0] != '\0')
		unlink(output.temporary);
}

/* Replaces the path by the link's target, which may be relative to it. */
static void follow_link(char path[PATH_MAX])
{
	char link[PATH_MAX];
	char *name = strrchr(path, '/');
	ssize_t size = readlink(path, link, sizeof(link) - 1);
	size_t directory = name != NULL ? (size_t)(name + 1 - path) : 0;

	if (size < 0)
		refuse_errno();
	link[size] = '\0';
	if (link[0] == '/')
		directory = 0;
	if (directory + (size_t)size >= PATH_MAX)
		refuse("%s: %s", output.path, strerror(ENAMETOOLONG));
	memcpy(path + directory, link, (size_t)size + 1);
}

/* Finds where the path leads to, also if there is no file yet. */
static void find_target(void)
{
	struct stat status;

	if (strlen(output.path) >= PATH_MAX)
		refuse("%s: %s", output.path, strerror(ENAMETOOLONG));
	strcpy(output.target, output.path);
	for (int i = 0; i < LINK_MAX_COUNT; i++) {
		if (lstat(output.target, &status) != 0 ||
		    !S_ISLNK(status.st_mode))
			return;
		follow_link(output.target);
	}
	refuse("%s: %s", output.path, strerror(ELOOP));
}

/* O_EXCL refuses a mounted disk: writing to it would destroy its data. */
static void open_in_place(void)
{
	int flags = O_WRONLY | O_CLOEXEC;
	int fd;

	if (S_ISBLK(output.status.st_mode))
		flags |= O_EXCL;
	if (S_ISREG(output.status.st_mode))
		flags |= O_TRUNC;
	signal(SIGPIPE, SIG_IGN);
	fd = open(output.path, flags);
	if (fd < 0)
		refuse_errno();
	output.file = fdopen(fd, "wb");
}

static bool keeps_owner(int fd)
{
	const struct stat *status = &output.status;

	return output.is_new ||
	       (fchown(fd, status->st_uid, status->st_gid) == 0 &&
	        fchmod(fd, status->st_mode & 07777) == 0);
}

/* Returns false if the existing file must be written in place instead. */
static bool open_temporary(void)
{
	int fd;

	if (snprintf(output.temporary, PATH_MAX, "%s.XXXXXX", output.target) >=
	    PATH_MAX)
		refuse("%s: %s", output.path, strerror(ENAMETOOLONG));
	fd = mkstemp(output.temporary);
	if (fd < 0) {
		output.temporary[0] = '\0';
		if (output.is_new)
			refuse_errno();
		return false;
	}
	if (!keeps_owner(fd)) {
		output_abandon();
		output.temporary[0] = '\0';
		close(fd);
		return false;
	}
	output.file = fdopen(fd, "wb");
	return true;
}

void output_open(const char *path)
{
	struct stat *status = &output.status;

	output.path = path;
	memory.data = NULL;
	if (strcmp(path, "-") == 0) {
		output.file = stdout;
		return;
	}
	output.is_new = stat(path, status) != 0;
	if (output.is_new && errno != ENOENT)
		refuse_errno();
	if (!output.is_new && S_ISDIR(status->st_mode))
		refuse("%s: is a directory", path);
	if (!output.is_new && file_is_input(status))
		refuse("%s: is read, too: --output must name another file",
		       path);
	find_target();
	atexit(output_abandon);
	if (output.is_new || S_ISREG(status->st_mode)) {
		if (!open_temporary())
			open_in_place();
	} else {
		open_in_place();
	}
	if (output.file == NULL)
		refuse_errno();
}

void output_into(uint8_t *data, uint64_t size)
{
	memory.data = data;
	memory.size = size;
	memory.done = 0;
}

static void write_memory(const void *data, uint64_t size)
{
	if (size > memory.size - memory.done)
		refuse("output: more than %#lx bytes",
		       (unsigned long)memory.size);
	memcpy(memory.data + memory.done, data, size);
	memory.done += size;
}

void output_write(const void *data, uint64_t size)
{
	if (memory.data != NULL)
		write_memory(data, size);
	else if (size > 0 && fwrite(data, 1, size, output.file) != size)
		refuse_errno();
}

void output_zeros(uint64_t size)
{
	static const uint8_t zeros[1 << 16];

	for (; size > sizeof(zeros); size -= sizeof(zeros))
		output_write(zeros, sizeof(zeros));
	output_write(zeros, size);
}

bool output_is_stdout(void)
{
	struct stat status;

	return strcmp(output.path, "-") == 0 ||
	       (!output.is_new && fstat(STDOUT_FILENO, &status) == 0 &&
	        status.st_dev == output.status.st_dev &&
	        status.st_ino == output.status.st_ino);
}

void output_check_stdout(void)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		refuse("standard output: cannot be written");
}

/* A new file gets the mode that any program would give it. */
static void name_temporary(void)
{
	mode_t mask = umask(0);

	umask(mask);
	if (output.is_new && fchmod(fileno(output.file), 0666 & ~mask) != 0)
		refuse_errno();
	if (fclose(output.file) != 0 ||
	    rename(output.temporary, output.target) != 0)
		refuse_errno();
	output.temporary[0] = '\0';
}

void output_close(void)
{
	if (fflush(output.file) != 0)
		refuse_errno();
	if (output.temporary[0] != '\0') {
		name_temporary();
		return;
	}
	/* A disk reports errors only when the data has reached it. */
	if (S_ISBLK(output.status.st_mode) && fsync(fileno(output.file)) != 0)
		refuse_errno();
	if (output.file != stdout && fclose(output.file) != 0)
		refuse_errno();
}
