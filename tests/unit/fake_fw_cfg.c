/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/fake_fw_cfg.c - a fw_cfg device with DMA, in memory */
#include "tests/unit/fake_fw_cfg.h"

#include <string.h>

#include "common/arch.h"
#include "common/spec/fw_cfg.h"

#define ITEM_MAX       160
#define FIRST_FILE_KEY 0x20

struct item {
	uint16_t key;
	uint32_t size;
	uint8_t *data;
	bool is_open;
};

static struct item items[ITEM_MAX];
static paddr_t last_registers;
static uint32_t item_count;
static struct {
	uint32_t count;
	struct fw_cfg_file files[ITEM_MAX];
} directory;
static uint32_t file_count;

static uint32_t transfer_count, fail_from;
static struct item *selected;
static uint64_t position;

void fake_fw_cfg_clear(void)
{
	item_count = file_count = transfer_count = 0;
	fail_from = UINT32_MAX;
	selected = NULL;
	memset(&directory, 0, sizeof(directory));
	fake_fw_cfg_add(FW_CFG_FILE_DIR, &directory, sizeof(uint32_t));
}

void fake_fw_cfg_add(uint16_t key, const void *data, uint32_t size)
{
	items[item_count++] = (struct item){
		.key = key,
		.size = size,
		.data = (uint8_t *)data,
	};
}

void fake_fw_cfg_add_file(const char *name, void *data, uint32_t size,
                          bool is_open)
{
	struct fw_cfg_file *file = &directory.files[file_count];
	uint16_t key = (uint16_t)(FIRST_FILE_KEY + file_count++);

	fake_fw_cfg_add(key, data, size);
	items[item_count - 1].is_open = is_open;
	file->size = __builtin_bswap32(size);
	file->select = __builtin_bswap16(key);
	strncpy(file->name, name, sizeof(file->name) - 1);
	directory.count = __builtin_bswap32(file_count);
	items[0].size = sizeof(uint32_t) + file_count * sizeof(*file);
}

void fake_fw_cfg_fail_at(uint32_t transfer)
{
	fail_from = transfer;
}

uint32_t fake_fw_cfg_transfers(void)
{
	return transfer_count;
}

static void select_item(uint16_t key)
{
	selected = NULL;
	position = 0;
	for (uint32_t i = 0; i < item_count; i++)
		if (items[i].key == key)
			selected = &items[i];
}

/* Reads behind an item's end give zeros. */
static void read_item(uint8_t *dest, uint32_t size)
{
	uint64_t there = 0;

	if (selected && position < selected->size)
		there = min_u64(size, selected->size - position);
	if (there)
		memcpy(dest, selected->data + position, there);
	memset(dest + there, 0, size - there);
}

static bool write_item(const uint8_t *src, uint32_t size)
{
	if (!selected || !selected->is_open ||
	    !is_within(position, size, selected->size))
		return false;
	memcpy(selected->data + position, src, size);
	return true;
}

paddr_t fake_fw_cfg_registers(void)
{
	return last_registers;
}

void arch_fw_cfg_start(paddr_t registers, paddr_t descriptor)
{
	struct fw_cfg_dma *dma = paddr_ptr(descriptor);
	uint32_t control = __builtin_bswap32(dma->control);
	uint32_t size = __builtin_bswap32(dma->length);
	uint8_t *memory = paddr_ptr(__builtin_bswap64(dma->paddr));
	bool is_done = transfer_count++ < fail_from;

	last_registers = registers;
	if (control & FW_CFG_DMA_SELECT)
		select_item(control >> 16);
	if (!is_done) {
		/* After an error the DMA moves nothing. */
	} else if (control & FW_CFG_DMA_READ) {
		read_item(memory, size);
	} else if (control & FW_CFG_DMA_WRITE) {
		is_done = write_item(memory, size);
	} else if (!(control & FW_CFG_DMA_SKIP)) {
		is_done = false;
	}
	position += size;
	dma->control = is_done ? 0 : __builtin_bswap32(FW_CFG_DMA_ERROR);
}
