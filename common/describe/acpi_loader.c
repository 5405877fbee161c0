/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/acpi_loader.c - runs QEMU's table-loader script
 *
 * See acpi_loader.h; common/spec/table_loader.h has the script's format.
 */
#include "common/describe/acpi_loader.h"

#include "common/arch.h"
#include "common/lib/byte_sum.h"
#include "common/lib/console.h"
#include "common/machine/fw_cfg.h"
#include "common/memory/memory.h"
#include "common/spec/acpi.h"
#include "common/spec/table_loader.h"
#include "common/lib/string.h"

#define FILE_MAX 32

/*
 * The most work for a script. QEMU's has at most 64 KiB, for tables of at most
 * 2 MiB, of which it sums each byte once.
 */
#define SCRIPT_SIZE_MAX 0x100000
#define SUM_SIZE_MAX    0x1000000

/*
 * QEMU makes the tables anew when the script is first read. Since we have
 * switched on configuration space by then, the script may be a page longer than
 * the directory has said. Zeros behind its end do nothing.
 */
#define SCRIPT_GROWTH 0x1000

/* A fw_cfg file that the script has named. */
struct file {
	const char *name; /* points into the script */
	paddr_t paddr;    /* 0: not in memory */
	struct fw_cfg_item item;
};

struct loader {
	const struct fw_cfg *fw_cfg;
	struct memory *memory;
	struct acpi_loader_area *low;
	struct acpi_loader_area *fseg;
	uint64_t summed_size; /* bytes that checksums have covered */
	uint32_t file_count;
	struct file files[FILE_MAX];
};

static NORETURN PRINTF(2, 3) void refuse(const char *name, const char *format,
                                         ...)
{
	va_list arguments;

	panic_begin("acpi: table loader: %s: ", name);
	va_start(arguments, format);
	panic_end(format, &arguments);
}

static void check_name(const char *name)
{
	for (uint32_t i = 0; i < TABLE_LOADER_NAME_SIZE; i++) {
		if (!name[i])
			return;
	}
	panic("acpi: table loader: file name without its end in %u bytes",
	      TABLE_LOADER_NAME_SIZE);
}

static struct file *look_up(struct loader *loader, const char *name)
{
	check_name(name);
	for (uint32_t i = 0; i < loader->file_count; i++) {
		if (!strcmp(loader->files[i].name, name))
			return &loader->files[i];
	}
	return NULL;
}

/* Returns a file that the script must have put in memory before. */
static const struct file *file_of(struct loader *loader, const char *name)
{
	const struct file *file = look_up(loader, name);

	if (!file || !file->paddr)
		refuse(name, "used, but not allocated");
	return file;
}

/* Returns a file that fw_cfg must have. Its directory is read once for each. */
static struct file *open_file(struct loader *loader, const char *name)
{
	struct file *file = look_up(loader, name);

	if (file)
		return file;
	if (loader->file_count == FILE_MAX)
		refuse(name, "one file too many");
	file = &loader->files[loader->file_count++];
	*file = (struct file){
		.name = name,
		.item = fw_cfg_find(loader->fw_cfg, name),
	};
	if (!file->item.size)
		refuse(name, "no such file in fw_cfg");
	return file;
}

/* Takes room from the area if it has any left, else from free RAM. */
static paddr_t place(const struct loader *loader, struct acpi_loader_area *area,
                     uint64_t size, uint64_t alignment)
{
	paddr_t base = align_up(area->next, alignment);

	if (base < area->end && size <= area->end - base) {
		area->next = base + size;
		return base;
	}
	base = memory_alloc(loader->memory, size, alignment, loader->low->end,
	                    FOUR_GIB, MEMORY_ACPI);
	if (base)
		arch_map(base, size);
	return base;
}

static void allocate(struct loader *loader,
                     const struct table_loader_allocate *entry)
{
	struct file *file = open_file(loader, entry->file);
	const struct fw_cfg_item *item = &file->item;
	bool is_high = entry->zone == TABLE_LOADER_ZONE_HIGH;

	if (file->paddr)
		refuse(entry->file, "allocated twice");
	if (!entry->align || entry->align & (entry->align - 1))
		refuse(entry->file, "alignment %#x: no power of two",
		       entry->align);
	if (!is_high && entry->zone != TABLE_LOADER_ZONE_FSEG)
		refuse(entry->file, "zone %u: known are 1 and 2", entry->zone);
	file->paddr = place(loader, is_high ? loader->low : loader->fseg,
	                    item->size, entry->align);
	if (!file->paddr)
		refuse(entry->file,
		       "%#x bytes: no free RAM of that size below 4 GiB",
		       item->size);
	fw_cfg_read(loader->fw_cfg, item->key, 0, file->paddr, item->size);
}

/* Proves that an integer of `size` bytes at `offset` lies in its file. */
static void check_pointer(const char *name, uint64_t offset, uint32_t size,
                          uint64_t file_size)
{
	if (size != 1 && size != 2 && size != 4 && size != 8)
		refuse(name, "pointer of %u bytes: must be 1, 2, 4 or 8", size);
	if (!is_within(offset, size, file_size))
		refuse(name, "pointer of %u bytes at %#lx: file has only %#lx",
		       size, offset, file_size);
}

/* Returns the address of `offset` in the file, proven to fit `size` bytes. */
static uint64_t pointer_into(const struct file *file, uint64_t offset,
                             uint32_t size)
{
	uint64_t value = file->paddr + offset;

	if (offset >= file->item.size)
		refuse(file->name, "pointer to %#lx: file has only %#x", offset,
		       file->item.size);
	if (size < 8 && value >> (size * 8))
		refuse(file->name, "pointer to %#lx: does not fit %u bytes",
		       value, size);
	return value;
}

static void add_pointer(struct loader *loader,
                        const struct table_loader_add_pointer *entry)
{
	const struct file *dest = file_of(loader, entry->dest_file);
	const struct file *src = file_of(loader, entry->src_file);
	uint64_t value = 0;
	void *pointer = paddr_ptr(dest->paddr + entry->offset);

	check_pointer(dest->name, entry->offset, entry->size, dest->item.size);
	memcpy(&value, pointer, entry->size);
	value = pointer_into(src, value, entry->size);
	memcpy(pointer, &value, entry->size);
}

static void add_checksum(struct loader *loader,
                         const struct table_loader_add_checksum *entry)
{
	const struct file *file = file_of(loader, entry->file);
	uint8_t *bytes = paddr_ptr(file->paddr);

	if (entry->offset >= file->item.size ||
	    !is_within(entry->start, entry->length, file->item.size))
		refuse(file->name,
		       "checksum at %#x of %#x bytes at %#x: file has only %#x",
		       entry->offset, entry->length, entry->start,
		       file->item.size);
	loader->summed_size += entry->length;
	if (loader->summed_size > SUM_SIZE_MAX)
		refuse(file->name, "checksums of more than 16 MiB");
	bytes[entry->offset] -= byte_sum(bytes + entry->start, entry->length);
}

static void write_pointer(struct loader *loader,
                          const struct table_loader_write_pointer *entry)
{
	const struct fw_cfg_item *item =
		&open_file(loader, entry->dest_file)->item;
	const struct file *src = file_of(loader, entry->src_file);
	uint64_t value;

	check_pointer(entry->dest_file, entry->dest_offset, entry->size,
	              item->size);
	value = pointer_into(src, entry->src_offset, entry->size);
	fw_cfg_write(loader->fw_cfg, item->key, entry->dest_offset, &value,
	             entry->size);
}

static void carry_out(struct loader *loader,
                      const struct table_loader_entry *entry)
{
	switch (entry->command) {
	case TABLE_LOADER_PADDING:
		break;
	case TABLE_LOADER_ALLOCATE:
		allocate(loader, &entry->allocate);
		break;
	case TABLE_LOADER_ADD_POINTER:
		add_pointer(loader, &entry->add_pointer);
		break;
	case TABLE_LOADER_ADD_CHECKSUM:
		add_checksum(loader, &entry->add_checksum);
		break;
	case TABLE_LOADER_WRITE_POINTER:
		write_pointer(loader, &entry->write_pointer);
		break;
	default:
		panic("acpi: table loader: command %u: known are 1 to 4",
		      entry->command);
	}
}

static paddr_t rsdp_of(struct loader *loader)
{
	const struct file *file = file_of(loader, "etc/acpi/rsdp");

	if (file->item.size < ACPI_RSDP_V1_SIZE ||
	    memcmp(paddr_ptr(file->paddr), "RSD PTR ", 8))
		refuse(file->name, "%#x bytes that are no RSDP",
		       file->item.size);
	return file->paddr;
}

paddr_t acpi_loader_run(const struct fw_cfg *fw_cfg, struct memory *memory,
                        struct acpi_loader_area *low,
                        struct acpi_loader_area *fseg)
{
	const struct fw_cfg_item *item = &fw_cfg->files[FW_CFG_FILE_LOADER];
	struct loader loader = {
		.fw_cfg = fw_cfg,
		.memory = memory,
		.low = low,
		.fseg = fseg,
	};
	const struct table_loader_entry *entry;
	uint32_t size = item->size + SCRIPT_GROWTH;
	paddr_t script;

	if (item->size % sizeof(*entry) || item->size > SCRIPT_SIZE_MAX)
		panic("acpi: table loader: %#x bytes: must be a multiple of "
		      "%#x, at most %#x",
		      item->size, (unsigned)sizeof(*entry), SCRIPT_SIZE_MAX);
	script = memory_take(memory, "acpi: table loader", size);
	fw_cfg_read(fw_cfg, item->key, 0, script, size);

	entry = paddr_ptr(script);
	for (uint32_t i = 0; i < size / sizeof(*entry); i++, entry++)
		carry_out(&loader, entry);
	return rsdp_of(&loader);
}
