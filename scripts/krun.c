/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scripts/krun.c - starts a file in a guest of libkrun, which is a library
 *
 *   cc -o krun scripts/krun.c -lkrun
 *   krun CPUS MIB --firmware FILE [DISK]
 *   krun CPUS MIB --kernel FILE [DISK]      INITRD=FILE in the environment
 *
 * libkrun must have been built with `blk`. The guest has a serial port, on
 * standard output, and what libkrun gives to each: a balloon and a source of
 * random numbers. The program ends with the guest.
 */
#include <libkrun.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __aarch64__
#define KERNEL_FORMAT KRUN_KERNEL_FORMAT_RAW
#else
#define KERNEL_FORMAT KRUN_KERNEL_FORMAT_ELF
#endif

/* libkrun returns the number of an error, negative. */
static uint32_t must(int32_t result, const char *what)
{
	if (result >= 0)
		return (uint32_t)result;
	fprintf(stderr, "krun: %s: %s\n", what, strerror(-result));
	exit(1);
}

int main(int argc, char **argv)
{
	uint32_t guest;

	if (argc < 5 || argc > 6) {
		fputs("usage: krun CPUS MIB --firmware|--kernel FILE [DISK]\n",
		      stderr);
		return 2;
	}
	guest = must(krun_create_ctx(), "libkrun");
	must(krun_set_vm_config(guest, (uint8_t)atoi(argv[1]),
	                        (uint32_t)atoi(argv[2])),
	     "CPUs and RAM");
	must(krun_disable_implicit_init(guest), "init");
	must(krun_disable_implicit_vsock(guest), "vsock");
	must(krun_disable_implicit_console(guest), "console");
	must(krun_add_serial_console_default(guest, -1, 1), "serial port");
	if (!strcmp(argv[3], "--firmware"))
		must(krun_set_firmware(guest, argv[4]), argv[4]);
	else
		must(krun_set_kernel(guest, argv[4], KERNEL_FORMAT,
		                     getenv("INITRD"), ""),
		     argv[4]);
	if (argc > 5)
		must(krun_add_disk(guest, "disk", argv[5], false), argv[5]);
	must(krun_start_enter(guest), "start");
	return 0;
}
