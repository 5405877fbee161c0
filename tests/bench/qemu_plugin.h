/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The part of QEMU's TCG plugin interface that plugin.c uses. It is public,
 * but Debian ships no header for it. All of this exists unchanged in API
 * versions 1 (QEMU 4.2 to 8.x) and 2 and later (QEMU 9 on), except where noted;
 * a plugin only has to say which it was built for.
 */
#ifndef TESTS_BENCH_QEMU_PLUGIN_H
#define TESTS_BENCH_QEMU_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

struct qemu_plugin_tb;
struct qemu_plugin_insn;
/* This is only the start of the structure. The rest differs by version. */
struct qemu_info {
	const char *target_name;
};

enum qemu_plugin_cb_flags {
	QEMU_PLUGIN_CB_NO_REGS,
};

enum qemu_plugin_op {
	QEMU_PLUGIN_INLINE_ADD_U64,
};

void qemu_plugin_register_vcpu_tb_trans_cb(
	uint64_t id, void (*translated)(uint64_t id, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
                                            void (*executed)(unsigned int vcpu,
                                                             void *data),
                                            enum qemu_plugin_cb_flags flags,
                                            void *data);
/* Only version 1 has this. It adds without a call, several times faster. */
__attribute__((weak)) void qemu_plugin_register_vcpu_insn_exec_inline(
	struct qemu_plugin_insn *insn, enum qemu_plugin_op op, void *counter,
	uint64_t operand);
void qemu_plugin_register_atexit_cb(uint64_t id,
                                    void (*exiting)(uint64_t id, void *data),
                                    void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *,
                                                 size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
void *qemu_plugin_insn_haddr(const struct qemu_plugin_insn *insn);

/* QEMU looks for these names in a plugin. */
#define QEMU_PLUGIN_EXPORT __attribute__((visibility("default")))

extern QEMU_PLUGIN_EXPORT int qemu_plugin_version;
QEMU_PLUGIN_EXPORT int qemu_plugin_install(uint64_t id,
                                           const struct qemu_info *info,
                                           int argc, char **argv);

#endif
