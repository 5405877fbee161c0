/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/rootfs/guest/init.c - the guest's first program: starts another one
 *
 * A container's program expects what a container runtime prepares: file systems
 * such as /proc, an environment, a working directory. This one does the same,
 * without a C library. Then it either becomes that program, or starts it, waits
 * for its end and powers off.
 */
#include "payload/rootfs/guest/init.h"

#include <stddef.h>

#include "payload/rootfs/guest/config.h"

#define CHILD_FLAGS 17     /* SIGCHLD */
#define CONTROLLING 0x540e /* TIOCSCTTY */
#define POWER_OFF   0x4321fedc
#define MAGIC1      0xfee1dead
#define MAGIC2      0x28121969
#define KERNEL_MAX  64 /* words and variables from the kernel; it has 32 */

extern const struct guest_config guest_config; /* by the linker script */

/* /dev may hold two more only once it is mounted. */
static const struct mount {
	const char *type;
	const char *path;
	const char *options;
} mounts[] = {
	{ "proc", "/proc", "" },
	{ "sysfs", "/sys", "" },
	{ "devtmpfs", "/dev", "" },
	{ "devpts", "/dev/pts", "gid=5,mode=620,ptmxmode=666" },
	{ "tmpfs", "/dev/shm", "mode=1777" },
};

static unsigned long length_of(const char *text)
{
	unsigned long length = 0;

	while (text[length] != '\0')
		length++;
	return length;
}

static void say(const char *text)
{
	sys_write(2, text, length_of(text));
}

/* Kernels without one of them, and images that have their own, go on. */
static void mount_all(void)
{
	for (unsigned i = 0; i < sizeof(mounts) / sizeof(*mounts); i++) {
		sys_mkdirat(-1, mounts[i].path, 0755);
		sys_mount(mounts[i].type, mounts[i].path, mounts[i].type, 0,
		          mounts[i].options);
	}
}

/* Fills `list` with `count` strings from `text` on, then those of `more`. */
static const char *fill(const char **list, const char *text, unsigned count,
                        const char *const *more)
{
	unsigned i;

	for (i = 0; i < count; i++) {
		list[i] = text;
		text += length_of(text) + 1;
	}
	for (unsigned k = 0; k < KERNEL_MAX && more[k] != NULL; k++)
		list[i++] = more[k];
	list[i] = NULL;
	return text;
}

static void run(const char *path, const char **words, const char **variables)
{
	sys_execve(path, words, variables);
	say("init: ");
	say(path);
	say(": cannot be started\n");
	sys_exit(127);
}

/* Orphans come to the first program, too. */
static void wait_for(long child)
{
	long ended;
	int status = 0;

	do
		ended = sys_wait4(-1, &status, 0, NULL);
	while (ended != child && ended >= 0);
	if (ended == child && status != 0)
		say("init: the program has failed\n");
}

/*
 * `stack` is what Linux starts a program with: the number of its words, these,
 * NULL, its environment, NULL. What is on the kernel's command line behind "--"
 * is among the words.
 */
void init_main(const long *stack)
{
	const char *const *given = (const char *const *)(stack + 1);
	const char *words[GUEST_WORDS_MAX + KERNEL_MAX + 1];
	const char *variables[GUEST_WORDS_MAX + KERNEL_MAX + 1];
	const char *path = guest_config.strings;
	const char *directory = path + length_of(path) + 1;
	const char *next = directory + length_of(directory) + 1;
	long child;

	next = fill(words, next, guest_config.word_count, given + 1);
	fill(variables, next, guest_config.variable_count,
	     given + stack[0] + 1);
	mount_all();
	sys_chdir(directory);
	if (guest_config.is_first)
		run(path, words, variables);
	child = sys_clone(CHILD_FLAGS, 0, 0, 0, 0);
	if (child == 0) {
		/* The console is the terminal of the program's session. */
		sys_setsid();
		sys_ioctl(0, CONTROLLING, 1);
		run(path, words, variables);
	}
	wait_for(child);
	sys_reboot(MAGIC1, MAGIC2, POWER_OFF, NULL);
	sys_exit(0);
}
