/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/wrapped.c - kernels inside other files, see wrapped.h
 *
 * UAPI.5, "Unified Kernel Image".
 */
#include "common/payload/wrapped.h"

#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/machine/fw_cfg.h"
#include "common/payload/uki.h"
#include "common/payload/uki_file.h"
#include "common/spec/fw_cfg.h"

/* A unified kernel image may have a zboot file in it, and nothing more. */
#define WRAP_MAX 2

/*
 * Reads the file's start. If fw_cfg gives the setup part of a bzImage on its
 * own, that part is the start.
 */
static void read_head(struct payload *payload)
{
	const struct source *source = &payload->kernel;

	if (payload->kernel_setup.kind != SOURCE_NONE)
		source = &payload->kernel_setup;
	payload->head_size = source->compression ? 0 : source->size;
	if (source->kind == SOURCE_MEMORY) {
		payload->head = source->data;
		return;
	}
	payload->head = payload->head_bytes;
	payload->head_size = min_u64(payload->head_size, PAYLOAD_HEAD_MAX);
	source_load(&payload->reader, "kernel", source, 0,
	            paddr_of(payload->head_bytes), payload->head_size);
}

/* Reads the VMM's kernel to memory as one file. */
static void fetch_fw_cfg(struct payload *payload, struct memory *memory)
{
	const struct fw_cfg *fw_cfg = payload->reader.fw_cfg;
	struct source *kernel = &payload->kernel;
	uint64_t setup_size = fw_cfg_read_u32(fw_cfg, FW_CFG_SETUP_SIZE);
	uint64_t size = setup_size + kernel->size;
	paddr_t base = memory_take(memory, "kernel", size);

	fw_cfg_read(fw_cfg, FW_CFG_SETUP_DATA, 0, base, setup_size);
	fw_cfg_read(fw_cfg, kernel->fw_cfg_key, 0, base + setup_size,
	            kernel->size);
	payload->kernel_setup.kind = SOURCE_NONE;
	*kernel = (struct source){
		.kind = SOURCE_MEMORY,
		.stored_size = size,
		.size = size,
		.data = paddr_ptr(base),
	};
}

static void open_uki(struct payload *payload)
{
	struct source *kernel = &payload->kernel;

	kernel->kind = SOURCE_NONE; /* so that .linux takes its place */
	uki_open(payload, kernel->data, kernel->size);
}

void wrapped_open(struct payload *payload, struct memory *memory)
{
	for (uint32_t i = 0; i <= WRAP_MAX; i++) {
		read_head(payload);
		if (arch_is_kernel(payload->head, payload->head_size) ||
		    !uki_file_is_at(payload->head, payload->head_size))
			return;
		if (payload->kernel.kind == SOURCE_FW_CFG)
			fetch_fw_cfg(payload, memory);
		/* What is inside has no sum of its own. */
		source_check("kernel", &payload->kernel);
		if (!arch_unwrap_kernel(payload))
			open_uki(payload);
	}
}
