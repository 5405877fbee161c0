/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/trees.c - device trees of VMMs, see trees.h */
#include "tests/unit/trees.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/aarch64/probe/tree.h"
#include "common/arch.h"

static char folder[200];

/* These tests do not ask the slots. */
uint32_t arch_device_read(paddr_t paddr, uint32_t size)
{
	(void)paddr;
	(void)size;
	return 0;
}

void trees_init(const char *program)
{
	const char *slash = strrchr(program, '/');
	int size = slash ? (int)(slash - program) : 1;

	snprintf(folder, sizeof(folder), "%.*s/fdts", size,
	         slash ? program : ".");
}

void trees_init_fuzz(const char *program)
{
	const char *slash = strrchr(program, '/');

	snprintf(folder, sizeof(folder), "%.*s/../../unit/fdts",
	         slash ? (int)(slash - program) : 1, slash ? program : ".");
}

const char *trees_name(unsigned index)
{
	static const char *const names[TREES_COUNT] = {
		"qemu-gicv2",
		"qemu-gicv2-el2",
		"qemu-gicv3-its-smmu-numa",
		"qemu-gicv3-lowmem",
		"qemu-gicv3-smt",
		"cloud-hypervisor",
		"crosvm",
		"firecracker",
		"kvmtool",
		"openvmm",
		"soc",
		"xen",
	};

	return names[index];
}

struct trees_blob trees_load(const char *name)
{
	static uint8_t buffer[1 << 20];
	struct trees_blob blob;
	char path[300];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.dtb", folder, name);
	file = fopen(path, "rb");
	if (!file) {
		perror(path);
		exit(1);
	}
	blob.size = (uint32_t)fread(buffer, 1, sizeof(buffer), file);
	fclose(file);
	blob.data = malloc(blob.size);
	memcpy(blob.data, buffer, blob.size);
	return blob;
}

void trees_fill_machine(struct machine *machine, const char *name)
{
	static struct trees_blob kept[TREES_COUNT];
	static uint32_t next;
	struct trees_blob *blob = &kept[next++ % TREES_COUNT];

	free(blob->data);
	*blob = trees_load(name);
	memset(machine, 0, MACHINE_CLEAR_SIZE);
	tree_read(machine, blob->data, blob->size);
}
