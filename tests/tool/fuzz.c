/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/tool/fuzz.c - mutates files and feeds them to all code that reads files
 *
 * usage: fuzz SECONDS SEED_FILE...
 *
 * The readers are the host tool's, for kernels, bundles and ROMs, and the
 * blob's, for bundles and UKIs. The sanitizers end the program at the first
 * fault; the input is then in the file "fuzz-crash". An input that reaches new
 * code (gcc's trace-pc tells) is kept and mutated further. A refusal by exit()
 * or panic() comes back by longjmp.
 */
#include <setjmp.h>
#include <sanitizer/common_interface_defs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/arch.h"
#include "common/boot.h"
#include "common/lib/console.h"
#include "common/payload/bundle.h"
#include "common/payload/unpack/lz4.h"
#include "common/payload/uki.h"
#include "common/payload/uki_file.h"
#include "common/payload/unpack/zstd.h"
#include "payload/judge/image.h"
#include "payload/judge/proof.h"
#include "payload/read/open.h"
#include "payload/read/lint.h"
#include "payload/rootfs/container.h"
#include "payload/rootfs/cpio.h"
#include "payload/rootfs/layer.h"
#include "payload/show/show_image.h"

#define SEED_MAX      4096
#define INPUT_MAX     (1 << 20)
#define EDGE_COUNT    (1 << 16)
#define BLOCK_MAX     (1 << 20)
#define MUTATIONS_MAX 8
#define REPORT_FD     3

static struct bytes seeds[SEED_MAX];
static unsigned seed_count;
static uint64_t random_state;
static jmp_buf refusal;

/* ---- coverage: which pairs of code places followed each other */

static uint8_t edges[EDGE_COUNT];
static unsigned new_edge_count;

__attribute__((no_sanitize("address", "undefined"))) void
__sanitizer_cov_trace_pc(void)
{
	static uintptr_t before;
	uintptr_t here = (uintptr_t)__builtin_return_address(0);
	uintptr_t edge = (here ^ before >> 1) % EDGE_COUNT;

	before = here;
	if (edges[edge] == 0) {
		edges[edge] = 1;
		new_edge_count++;
	}
}

/* ---- what the tool allocates goes away after each input */

void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);
NORETURN void __wrap_exit(int status);

static void *blocks[1 << 16];
static unsigned block_count;

static void remember(void *old, void *block)
{
	for (unsigned i = block_count; old != NULL && i-- > 0;) {
		if (blocks[i] == old) {
			blocks[i] = block;
			return;
		}
	}
	if (block_count < ARRAY_COUNT(blocks))
		blocks[block_count++] = block;
}

void *__wrap_calloc(size_t count, size_t size)
{
	void *block = __real_calloc(count, size);

	remember(NULL, block);
	return block;
}

void *__wrap_realloc(void *block, size_t size)
{
	void *moved = __real_realloc(block, size);

	remember(block, moved);
	return moved;
}

void __wrap_free(void *block)
{
	remember(block, NULL);
	__real_free(block);
}

static void free_all(void)
{
	while (block_count > 0)
		__real_free(blocks[--block_count]);
}

/* ---- refusals of the tool and of the blob */

NORETURN void __wrap_exit(int status)
{
	(void)status;
	longjmp(refusal, 1);
}

const uint32_t arch_elf_machine = BUNDLE_ARCH_X86_64;
const uint32_t arch_pe_machine = 0x8664;

/* ---- the readers */

static void read_kernel(const struct bytes *input, bool keep_bzimage)
{
	struct kernel_file kernel = { 0 };

	if (setjmp(refusal) != 0)
		return;
	kernel_open(&kernel, *input, keep_bzimage);
	lint_kernel(&kernel, LINT_ACPI | LINT_INITRD);
	kernel_banner(&kernel.vmlinux);
}

static void read_image(const struct bytes *input)
{
	struct image image;

	if (setjmp(refusal) != 0)
		return;
	show_image("input", input, false);
	image_open(&image, *input);
	image_prove(&image);
}

static void read_rootfs(const struct bytes *input)
{
	static struct container container;
	static struct tree files, image;

	memset(&container, 0, sizeof(container));
	if (setjmp(refusal) != 0)
		return;
	tree_open(&files);
	layer_read_tar(&files, *input);
	cpio_write(&files);
	if (!container_open(&container, &files, BUNDLE_ARCH_X86_64))
		return;
	tree_open(&image);
	for (unsigned i = 0; i < container.layer_count; i++)
		layer_apply(&image, container.layers[i]);
	cpio_write(&image);
}

/* Only bundles on disks would need this. */
/* Never called: bundles are in memory here. */
void disk_read(const struct disk *disk, uint64_t offset, paddr_t dest,
               uint64_t size)
{
	(void)disk;
	(void)offset;
	(void)dest;
	(void)size;
}

void source_fetch(const struct source_reader *reader, const char *name,
                  struct source *source, struct memory *memory)
{
	(void)reader;
	(void)name;
	(void)source;
	(void)memory;
}

static void read_bundle(const struct bytes *input)
{
	static struct payload payload;

	memset(&payload, 0, sizeof(payload));
	if (setjmp(refusal) != 0)
		return;
	bundle_open(&payload, input->data, input->size);
}

static void read_uki(const struct bytes *input)
{
	static struct payload payload;

	memset(&payload, 0, sizeof(payload));
	if (setjmp(refusal) == 0 && uki_file_is_at(input->data, input->size))
		uki_open(&payload, input->data, input->size);
}

static void read_block(const struct bytes *input)
{
	static uint8_t out[BLOCK_MAX];
	static uint64_t workspace[ZSTD_WORKSPACE_SIZE / 8];
	uint64_t sum = 0;

	zstd_decode_frame((struct zstd *)workspace, out, input->size * 3,
	                  input->data, input->size);
	lz4_decode_block(out, input->size * 3, input->data, input->size);
	lz4_decode_section(out, input->size * 2, input->data, input->size,
	                   &sum);
}

static void read_all(const struct bytes *input)
{
	read_kernel(input, false);
	free_all();
	read_kernel(input, true);
	free_all();
	read_image(input);
	free_all();
	read_rootfs(input);
	free_all();
	read_bundle(input);
	read_uki(input);
	if (input->size <= BLOCK_MAX / 3)
		read_block(input);
}

/* ---- mutations */

static uint64_t random_below(uint64_t bound)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return bound > 0 ? random_state % bound : 0;
}

/* Readers mostly decide by headers, so these places are chosen more often. */
static uint64_t random_place(uint64_t size)
{
	switch (random_below(3)) {
	case 0:
		return random_below(min_u64(size, 128));
	case 1:
		return random_below(min_u64(size, 4096));
	default:
		return random_below(size);
	}
}

static void mutate_once(uint8_t *data, uint64_t *size)
{
	static const uint64_t numbers[] = {
		0,          1,          2,          16,        0x7f,
		0xff,       0x1000,     0x7fff,     0xffff,    0x7fffffff,
		0xffffffff, 0xfffff000, 1ull << 40, INT64_MAX, UINT64_MAX,
	};
	uint64_t at = random_place(*size);
	uint64_t width = min_u64(1ull << random_below(4), *size - at);
	uint64_t from = random_place(*size);

	switch (random_below(6)) {
	case 0:
		data[at] ^= (uint8_t)(1 << random_below(8));
		break;
	case 1:
		data[at] = (uint8_t)random_below(256);
		break;
	case 2:
		memcpy(data + at, &numbers[random_below(ARRAY_COUNT(numbers))],
		       width);
		break;
	case 3:
		data[at] += (uint8_t)(random_below(9) - 4);
		break;
	case 4:
		memmove(data + at, data + from,
		        min_u64(random_below(64), *size - max_u64(at, from)));
		break;
	default:
		if (random_below(4) == 0)
			*size = 1 + random_below(*size);
	}
}

/* The copy has memory of its exact size, so ASan sees each overrun. */
static struct bytes mutate(const struct bytes *seed)
{
	static uint8_t work[INPUT_MAX];
	uint64_t size = seed->size;
	uint8_t *data;

	memcpy(work, seed->data, size);
	for (uint64_t i = random_below(MUTATIONS_MAX); i < MUTATIONS_MAX; i++)
		mutate_once(work, &size);
	data = malloc(size);
	memcpy(data, work, size);
	return (struct bytes){ data, size };
}

static void save(const struct bytes *input)
{
	FILE *file = fopen("fuzz-crash", "wb");

	fwrite(input->data, 1, input->size, file);
	fclose(file);
}

static void add_seed_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = malloc(INPUT_MAX);

	if (file == NULL || seed_count == SEED_MAX)
		return;
	seeds[seed_count].data = data;
	seeds[seed_count].size = fread(data, 1, INPUT_MAX, file);
	seed_count += seeds[seed_count].size > 0;
	fclose(file);
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 0);
	uint64_t runs = 0;

	random_state = (uint64_t)time(NULL) * 0x9e3779b97f4a7c15 | 1;
	for (int i = 2; i < argc; i++)
		add_seed_file(argv[i]);
	if (seed_count == 0 || freopen("/dev/null", "w", stdout) == NULL)
		_exit(2);
	/* Only faults are of interest, not the text of refusals. */
	dup2(STDERR_FILENO, REPORT_FD);
	__sanitizer_set_report_fd((void *)REPORT_FD);
	if (freopen("/dev/null", "w", stderr) == NULL)
		_exit(2);
	for (unsigned i = 0; i < seed_count && i < SEED_MAX; i++)
		read_all(&seeds[i]);
	for (; time(NULL) < end; runs++) {
		struct bytes input = mutate(&seeds[random_below(seed_count)]);
		unsigned before = new_edge_count;

		save(&input);
		read_all(&input);
		if (new_edge_count > before && seed_count < SEED_MAX)
			seeds[seed_count++] = input;
		else
			free((void *)input.data);
	}
	unlink("fuzz-crash");
	dprintf(REPORT_FD, "%lu inputs, %u edges, %u kept: no fault\n", runs,
	        new_edge_count, seed_count);
	_exit(0);
}
