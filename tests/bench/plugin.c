/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A QEMU TCG plugin that counts what firmware executes, from reset to the
 * first instruction of the kernel, and stops QEMU there.
 *
 * Options, key=value:
 *   out=FILE         writes the result there, one "word value" in each line
 *   marker=NAME:HEX  gives the bytes at one of the kernel's entry points, which
 *                    tell the place wherever the kernel is loaded
 *   count=off        only stops at the marker and takes the time, because
 *                    counting slows a guest down several times
 *   kva=on           goes on from the marker to the first instruction at a
 *                    kernel-virtual address, so the kernel's unpacking counts
 *   pages=on         also writes how often each instruction was executed, with
 *                    its address and bytes, and what the callee of a call costs
 *   first=on         counts what the first processor executes, and no other
 *   probe=on         ends QEMU at once, which shows that the plugin loads
 *
 * An instruction with a rep prefix is executed once per iteration by TCG.
 * "insns" counts each, "starts" counts the instruction once.
 *
 * Device accesses are not counted here: the memory callbacks of a plugin do not
 * see port I/O. QEMU's own trace of memory_region_ops_* sees both, and run.py
 * reads that; it ends where this plugin ends QEMU.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/decode.h"
#include "tests/bench/marker.h"
#include "tests/bench/qemu_plugin.h"

#ifndef API_VERSION
#define API_VERSION 1
#endif

int qemu_plugin_version = API_VERSION;

/* State */

#define MARKER_MAX     8
#define INSN_BYTES     16
#define GUEST_PAGE     4096
#define KERNEL_VIRTUAL 0xffff000000000000

/* A translated instruction. Retranslation makes further ones of the same. */
struct insn {
	struct insn *next;
	uint64_t vaddr;
	uint64_t count;
	uint64_t repeat_count; /* executions that were a rep's next iteration */
	uint64_t
		call_count; /* instructions from this call to the next or ret */
	uint8_t bytes[INSN_BYTES];
	uint8_t size;
};

struct total {
	uint64_t insn_count;
	uint64_t start_count;
};

static struct {
	const char *out;
	bool counts;
	bool to_kva;
	bool pages;
	bool only_first;
	struct marker markers[MARKER_MAX];
	size_t marker_count;

	const struct marker *reached;
	struct total at_marker;
	bool is_started;
	uint64_t start_ns;
	uint64_t marker_ns;
	struct insn *insns;

	enum insn_kind (*decode)(const uint8_t *bytes, size_t size);
	struct insn *call;        /* the latest, if it has not returned */
	uint64_t call_total;      /* executions up to this call, with it */
	uint64_t rep_count;       /* executions of rep string instructions */
	uint64_t plain_count;     /* executions of other instructions */
	uint64_t rep_plain_count; /* plain_count at the latest rep string */
	uint64_t rep_vaddr;       /* address of the latest rep string */
} bench = { .counts = true };

/* Returns this thread's CPU time, without waiting and QEMU's start. */
static uint64_t thread_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static struct total total_now(void)
{
	struct total total = { 0 };

	for (const struct insn *insn = bench.insns; insn; insn = insn->next) {
		total.insn_count += insn->count;
		total.start_count += insn->count - insn->repeat_count;
	}
	return total;
}

/* Output */

static void write_insns(FILE *out)
{
	for (const struct insn *insn = bench.insns; insn; insn = insn->next) {
		if (insn->count == 0)
			continue;
		fprintf(out, "insn %llx %llu %llu %llu ",
		        (unsigned long long)insn->vaddr,
		        (unsigned long long)insn->count,
		        (unsigned long long)(insn->count - insn->repeat_count),
		        (unsigned long long)insn->call_count);
		for (size_t i = 0; i < insn->size; i++)
			fprintf(out, "%02x", insn->bytes[i]);
		fputc('\n', out);
	}
}

static void write_result(const char *end)
{
	struct total now = total_now();
	struct total entry = bench.reached ? bench.at_marker : now;
	FILE *out = fopen(bench.out, "w");

	if (!out) {
		perror(bench.out);
		return;
	}
	fprintf(out, "marker %s\nend %s\n",
	        bench.reached ? bench.reached->name : "none", end);
	fprintf(out, "insns %llu\nstarts %llu\n",
	        (unsigned long long)entry.insn_count,
	        (unsigned long long)entry.start_count);
	fprintf(out, "end_insns %llu\nend_starts %llu\n",
	        (unsigned long long)now.insn_count,
	        (unsigned long long)now.start_count);
	fprintf(out, "vcpu_ns %llu\n",
	        (unsigned long long)(bench.marker_ns - bench.start_ns));
	fprintf(out, "end_ns %llu\n",
	        (unsigned long long)(thread_ns() - bench.start_ns));
	if (bench.pages)
		write_insns(out);
	fclose(out);
}

/*
 * QEMU is not shut down in order: this runs on a vCPU's thread in the middle of
 * guest code, and the guest's memory is worth nothing from here on. The trace
 * is line-buffered, so it is whole.
 */
static void stop_qemu(const char *end)
{
	write_result(end);
	_exit(0);
}

/* Called by translated code */

static bool is_counted(unsigned int index)
{
	return index == 0 || !bench.only_first;
}

static void add_one(uint64_t *counter)
{
	__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

static void plain_executed(unsigned int index, void *data)
{
	struct insn *insn = data;

	if (!is_counted(index))
		return;
	add_one(&insn->count);
	add_one(&bench.plain_count);
}

/* It is a next iteration if nothing else was executed since the last one. */
static void rep_executed(unsigned int index, void *data)
{
	struct insn *insn = data;

	if (!is_counted(index))
		return;
	add_one(&insn->count);
	add_one(&bench.rep_count);
	if (bench.rep_vaddr == insn->vaddr &&
	    bench.rep_plain_count == bench.plain_count)
		add_one(&insn->repeat_count);
	bench.rep_vaddr = insn->vaddr;
	bench.rep_plain_count = bench.plain_count;
}

/*
 * Counts what a call costs, if the called function calls no others, as memcpy()
 * does. It runs before the call or return itself is counted.
 */
static void call_ends(void)
{
	uint64_t total = bench.rep_count + bench.plain_count + 1;

	if (bench.call)
		bench.call->call_count += total - bench.call_total;
	bench.call_total = total;
	bench.call = NULL;
}

static void call_executed(unsigned int index, void *data)
{
	if (!is_counted(index))
		return;
	call_ends();
	bench.call = data;
}

static void return_executed(unsigned int index, void *data)
{
	(void)data;
	if (is_counted(index))
		call_ends();
}

static void marker_executed(unsigned int index, void *data)
{
	(void)index;
	if (bench.reached)
		return;
	bench.marker_ns = thread_ns();
	bench.reached = data;
	bench.at_marker = total_now();
	if (!bench.to_kva)
		stop_qemu("entry");
}

static void kva_executed(unsigned int index, void *data)
{
	(void)index;
	(void)data;
	stop_qemu("kva");
}

/* Called when QEMU translates */

static const struct marker *marker_at(struct qemu_plugin_insn *insn)
{
	const void *code = qemu_plugin_insn_haddr(insn);
	uint64_t vaddr = qemu_plugin_insn_vaddr(insn);
	size_t on_page = GUEST_PAGE - (size_t)(vaddr % GUEST_PAGE);

	for (size_t i = 0; code && i < bench.marker_count; i++) {
		if (marker_matches(&bench.markers[i], code, on_page))
			return &bench.markers[i];
	}
	return NULL;
}

static void on_execution(struct qemu_plugin_insn *handle,
                         void (*executed)(unsigned int vcpu, void *data),
                         void *data)
{
	qemu_plugin_register_vcpu_insn_exec_cb(handle, executed,
	                                       QEMU_PLUGIN_CB_NO_REGS, data);
}

static struct insn *remember_insn(struct qemu_plugin_insn *handle)
{
	struct insn *insn = calloc(1, sizeof(*insn));
	const void *code = qemu_plugin_insn_haddr(handle);
	size_t size = qemu_plugin_insn_size(handle);

	if (!insn)
		abort();
	insn->vaddr = qemu_plugin_insn_vaddr(handle);
	if (code && size <= INSN_BYTES) {
		size_t on_page =
			GUEST_PAGE - (size_t)(insn->vaddr % GUEST_PAGE);

		insn->size = (uint8_t)(size < on_page ? size : on_page);
		memcpy(insn->bytes, code, insn->size);
	}
	do
		insn->next = __atomic_load_n(&bench.insns, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(&bench.insns, &insn->next, insn,
	                                    false, __ATOMIC_RELEASE,
	                                    __ATOMIC_RELAXED));
	return insn;
}

static void count_insn(struct qemu_plugin_insn *handle)
{
	struct insn *insn = remember_insn(handle);
	enum insn_kind kind = bench.decode(insn->bytes, insn->size);

	if (kind == INSN_REP) {
		on_execution(handle, rep_executed, insn);
		return;
	}
	if (bench.pages && kind == INSN_CALL)
		on_execution(handle, call_executed, insn);
	if (bench.pages && kind == INSN_RETURN)
		on_execution(handle, return_executed, insn);
	if (qemu_plugin_register_vcpu_insn_exec_inline && !bench.only_first) {
		qemu_plugin_register_vcpu_insn_exec_inline(
			handle, QEMU_PLUGIN_INLINE_ADD_U64, &insn->count, 1);
		qemu_plugin_register_vcpu_insn_exec_inline(
			handle, QEMU_PLUGIN_INLINE_ADD_U64, &bench.plain_count,
			1);
	} else {
		on_execution(handle, plain_executed, insn);
	}
}

/* A kernel is entered by a jump, so a marker is always first in its block. */
static void block_translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	struct qemu_plugin_insn *first = qemu_plugin_tb_get_insn(tb, 0);
	const struct marker *marker = marker_at(first);

	(void)id;
	if (!bench.is_started) {
		bench.is_started = true;
		bench.start_ns = thread_ns();
	}
	if (marker)
		on_execution(first, marker_executed, (void *)marker);
	if (bench.to_kva && qemu_plugin_insn_vaddr(first) >= KERNEL_VIRTUAL)
		on_execution(first, kva_executed, NULL);
	if (!bench.counts)
		return;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++)
		count_insn(qemu_plugin_tb_get_insn(tb, i));
}

/* The guest has powered off or reset without reaching the marker. */
static void qemu_exiting(uint64_t id, void *data)
{
	(void)id;
	(void)data;
	write_result("exit");
}

/* Options */

static bool parse_marker(const char *text)
{
	return bench.marker_count < MARKER_MAX &&
	       marker_parse(&bench.markers[bench.marker_count++], text);
}

static bool parse_option(const char *option)
{
	if (!strncmp(option, "marker=", 7))
		return parse_marker(option + 7);
	if (!strncmp(option, "out=", 4))
		bench.out = option + 4;
	else if (!strcmp(option, "count=off"))
		bench.counts = false;
	else if (!strcmp(option, "kva=on"))
		bench.to_kva = true;
	else if (!strcmp(option, "pages=on"))
		bench.pages = true;
	else if (!strcmp(option, "first=on"))
		bench.only_first = true;
	else if (!strcmp(option, "probe=on"))
		_exit(0);
	else
		return false;
	return true;
}

int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc,
                        char **argv)
{
	bench.decode = strcmp(info->target_name, "aarch64") ? decode_x86
	                                                    : decode_arm64;
	for (int i = 0; i < argc; i++) {
		if (!parse_option(argv[i])) {
			fprintf(stderr, "bench plugin: %s: not an option\n",
			        argv[i]);
			return -1;
		}
	}
	if (!bench.out || !bench.marker_count) {
		fprintf(stderr, "bench plugin: out= or marker= is missing\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, block_translated);
	qemu_plugin_register_atexit_cb(id, qemu_exiting, NULL);
	return 0;
}
