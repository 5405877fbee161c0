/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/run/run.c - directboot run: boots a file in QEMU, and ends with a
 * status that says what became of it
 *
 * A guest that powers off, one that resets and one whose kernel panics all end
 * QEMU with status 0, so the lines on the console tell them apart.
 */
#include "payload/run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "payload/judge/image.h"
#include "payload/lib/options.h"
#include "payload/run/watch.h"

#define WORD_MAX        (OPTION_LIST_MAX + 24)
#define TIMEOUT_DEFAULT 300     /* seconds */
#define TIMEOUT_MAX     1000000 /* seconds */
#define QEMU_DEBUG_EXIT 99      /* of the x86_64 blob, by isa-debug-exit */

/* These add to enum exit_status. */
enum {
	EXIT_STATUS_BLOB = 3,
	EXIT_STATUS_PANIC = 4,
	EXIT_STATUS_TIMEOUT = 5,
	EXIT_STATUS_UNEXPECTED = 6,
	EXIT_STATUS_QEMU = 7,
};

static const char *expected;
static const char *memory = "1024";
static const char *timeout_text;
static const char *program;
static struct option_list operands;

struct run {
	struct watch watch;
	pid_t child;
	int console;  /* our end of the pipe */
	uint64_t end; /* seconds of now() */
	bool is_late;
};

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec;
}

/* Words of QEMU's command line. A NULL ends them. */
static void make_command(char *words[WORD_MAX + 1], const char *path,
                         uint32_t arch)
{
	static const char *const x86[] = {
		"qemu-system-x86_64", "-M", "q35", "-device",
		"isa-debug-exit",     NULL
	};
	static const char *const arm[] = {
		"qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a72", NULL
	};
	const char *const common[] = { "-m",       memory,       "-nodefaults",
		                       "-display", "none",       "-serial",
		                       "stdio",    "-no-reboot", "-bios",
		                       path,       NULL };
	const char *const *machine = arch == BUNDLE_ARCH_X86_64 ? x86 : arm;
	char **word = words;

	for (unsigned i = 0; machine[i] != NULL; i++)
		*word++ = (char *)machine[i];
	for (unsigned i = 0; common[i] != NULL; i++)
		*word++ = (char *)common[i];
	for (unsigned i = 1; i < operands.count; i++)
		*word++ = (char *)operands.items[i];
	*word = NULL;
	if (program != NULL)
		words[0] = (char *)program;
}

/* Becomes QEMU, which ends with us, and reads nothing. */
static NORETURN void become(char *const words[], int console)
{
	int null = open("/dev/null", O_RDONLY);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(null, STDIN_FILENO);
	dup2(console, STDOUT_FILENO);
	execvp(words[0], words);
	fprintf(stderr, "directboot: %s: %s\n", words[0], strerror(errno));
	_exit(EXIT_STATUS_QEMU);
}

static void start(struct run *run, char *const words[])
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		refuse("pipe: %s", strerror(errno));
	run->child = fork();
	if (run->child < 0)
		refuse("fork: %s", strerror(errno));
	if (run->child == 0)
		become(words, ends[1]);
	close(ends[1]);
	run->console = ends[0];
}

/* Passes on what comes next. Returns false when no more will come. */
static bool pass_on(struct run *run)
{
	struct pollfd input = { .fd = run->console, .events = POLLIN };
	char text[4096];
	ssize_t size;

	if (poll(&input, 1, 1000) > 0) {
		size = read(run->console, text, sizeof(text));
		if (size <= 0)
			return false;
		fwrite(text, 1, (size_t)size, stdout);
		fflush(stdout);
		watch_feed(&run->watch, text, (size_t)size);
	}
	run->is_late = now() >= run->end;
	return !run->is_late && !run->watch.has_panic_end;
}

/*
 * Returns QEMU's exit status, or 0 if we have ended it. A program that has
 * closed its console may go on, but not beyond its time.
 */
static int stop(struct run *run)
{
	int status;

	while (!run->is_late && !run->watch.has_panic_end) {
		pid_t ended = waitpid(run->child, &status, WNOHANG);

		if (ended == run->child)
			return WIFEXITED(status) ? WEXITSTATUS(status)
			                         : EXIT_STATUS_QEMU;
		if (ended < 0 && errno != EINTR)
			refuse("waitpid: %s", strerror(errno));
		poll(NULL, 0, 20);
		run->is_late = now() >= run->end;
	}
	kill(run->child, SIGKILL);
	waitpid(run->child, &status, 0);
	return 0;
}

static int judge(const struct run *run, int qemu_status)
{
	const struct watch *watch = &run->watch;

	if (watch->has_panic)
		return EXIT_STATUS_PANIC;
	if (qemu_status == QEMU_DEBUG_EXIT || watch->is_blob_last)
		return EXIT_STATUS_BLOB;
	if (run->is_late)
		return EXIT_STATUS_TIMEOUT;
	if (qemu_status != 0)
		return EXIT_STATUS_QEMU;
	if (watch->expected != NULL && !watch->has_expected)
		return EXIT_STATUS_UNEXPECTED;
	return EXIT_STATUS_OK;
}

/* One line on standard error, since the console has standard output. */
static void tell(int status)
{
	static const char *const words[] = {
		[EXIT_STATUS_BLOB] = "the blob has refused to boot",
		[EXIT_STATUS_PANIC] = "the kernel has panicked",
		[EXIT_STATUS_TIMEOUT] = "time is up",
		[EXIT_STATUS_UNEXPECTED] =
			"the guest has ended without the expected line",
		[EXIT_STATUS_QEMU] = "QEMU has failed",
	};

	if (status != EXIT_STATUS_OK)
		fprintf(stderr, "directboot: run: %s\n", words[status]);
}

static uint32_t read_arch(const char *path)
{
	struct bytes file = file_read(path);
	struct image image;

	refuse_about(path);
	image_open(&image, file);
	if (image.igvm != NULL)
		refuse("an IGVM file: this command has no QEMU that loads one");
	if (image.blob.size == 0)
		refuse("a bundle alone: --output-format bundle and disk make "
		       "no file that starts");
	refuse_about(NULL);
	return image.arch;
}

static uint64_t parse_timeout(void)
{
	char *end;
	unsigned long seconds;

	if (timeout_text == NULL)
		return TIMEOUT_DEFAULT;
	seconds = strtoul(timeout_text, &end, 10);
	if (timeout_text[0] < '0' || timeout_text[0] > '9' || *end != '\0' ||
	    seconds == 0 || seconds > TIMEOUT_MAX)
		refuse_usage("--timeout: '%s': must be 1 to %u seconds",
		             timeout_text, TIMEOUT_MAX);
	return seconds;
}

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "expect", 'e', "TEXT",
		  "a line of the console must have this text",
		  .string = &expected, .is_once = true },
		{ "timeout", 't', "SECONDS",
		  "end the guest then (default: 300)",
		  .string = &timeout_text },
		{ "memory", 'm', "SIZE",
		  "RAM, as QEMU's -m takes it (default: 1024)",
		  .string = &memory },
		{ "qemu", 0, "PROGRAM",
		  "not qemu-system-ARCH of the file's architecture",
		  .string = &program },
		{ 0 },
	};
	static const struct command_line line = {
		.usage = "run [options] FILE [-- QEMU-OPTION...]",
		.summary = "Boots a packed file in QEMU, as a test in CI does.",
		.options = options,
		.operands = &operands,
	};

	options_parse(&line, argc, argv);
	if (operands.count == 0)
		refuse_usage("run: FILE is missing; see --help");
}

int run_main(int argc, char **argv)
{
	static struct run run;
	char *words[WORD_MAX + 1];
	int status;

	parse(argc, argv);
	run.end = now() + parse_timeout();
	run.watch.expected = expected;
	make_command(words, operands.items[0], read_arch(operands.items[0]));
	start(&run, words);
	while (pass_on(&run))
		;
	watch_end(&run.watch);
	status = judge(&run, stop(&run));
	tell(status);
	return status;
}
