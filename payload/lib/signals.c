/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/lib/signals.c - ends the tool as it should by signals; see tool.h */
#include <signal.h>
#include <unistd.h>

#include "payload/lib/tool.h"

/* SA_RESETHAND has set the signal's own action again, which ends the tool. */
static void end(int number)
{
	output_abandon();
	raise(number);
}

/* Files are mapped, so what cannot be read of them comes as a signal. */
static void refuse_input(int number)
{
	static const char line[] =
		"directboot: a file that is read has become shorter, or its "
		"disk has failed\n";
	ssize_t written;

	(void)number;
	output_abandon();
	written = write(STDERR_FILENO, line, sizeof(line) - 1);
	(void)written;
	_exit(EXIT_STATUS_REFUSED);
}

/* A signal that is ignored, as nohup(1) has it, stays so. */
static void handle(int number, void (*handler)(int number))
{
	struct sigaction action = { .sa_handler = handler,
		                    .sa_flags = SA_RESETHAND };
	struct sigaction old;

	if (sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction(number, &action, NULL);
}

void signals_open(void)
{
	handle(SIGHUP, end);
	handle(SIGINT, end);
	handle(SIGTERM, end);
	handle(SIGBUS, refuse_input);
	/* A write beyond the limit of file sizes then fails, and is told. */
	handle(SIGXFSZ, SIG_IGN);
}
