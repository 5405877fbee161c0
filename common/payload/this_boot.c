/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/this_boot.c - options of one boot, see this_boot.h */
#include "common/payload/this_boot.h"

#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/machine/fw_cfg.h"
#include "common/payload/words.h"

/* A value is a word of at most so many characters; zeros fill it up. */
#define VALUE_SIZE_MAX 8

/* Each value of an option, and what it sets in struct payload_options. */
static const struct choice {
	char value[VALUE_SIZE_MAX];
	uint8_t file; /* enum fw_cfg_wanted */
	uint8_t place;
	uint8_t setting;
} choices[] = {
	{ "own", FW_CFG_FILE_ACPI,
	  offsetof(struct payload_options, wants_vmm_acpi), false },
	{ "vmm", FW_CFG_FILE_ACPI,
	  offsetof(struct payload_options, wants_vmm_acpi), true },
	{ "off", FW_CFG_FILE_DEVICE_TREE,
	  offsetof(struct payload_options, wants_device_tree), false },
	{ "on", FW_CFG_FILE_DEVICE_TREE,
	  offsetof(struct payload_options, wants_device_tree), true },
	{ "halt", FW_CFG_FILE_ON_ERROR,
	  offsetof(struct payload_options, on_error), PAYLOAD_ON_ERROR_HALT },
	{ "poweroff", FW_CFG_FILE_ON_ERROR,
	  offsetof(struct payload_options, on_error),
	  PAYLOAD_ON_ERROR_POWEROFF },
	{ "reset", FW_CFG_FILE_ON_ERROR,
	  offsetof(struct payload_options, on_error), PAYLOAD_ON_ERROR_RESET },
	{ "off", FW_CFG_FILE_VERBOSE,
	  offsetof(struct payload_options, is_verbose), false },
	{ "on", FW_CFG_FILE_VERBOSE,
	  offsetof(struct payload_options, is_verbose), true },
};

void this_boot_refuse(const struct payload *payload,
                      const struct fw_cfg *fw_cfg)
{
	uint32_t first = FW_CFG_FILE_APPEND + payload->options.allows_append;

	for (uint32_t i = first; i < FW_CFG_FILE_WANTED_COUNT; i++) {
		if (fw_cfg->files[i].size)
			panic("pin: the VMM gives %s", fw_cfg_name(i));
	}
}

static NORETURN void refuse_value(enum fw_cfg_wanted file)
{
	panic("fw_cfg: %s: value not known", fw_cfg_name(file));
}

static uint64_t read_value(const struct fw_cfg *fw_cfg, enum fw_cfg_wanted file)
{
	const struct fw_cfg_item *item = &fw_cfg->files[file];
	volatile uint64_t value = 0;

	if (item->size > VALUE_SIZE_MAX)
		refuse_value(file);
	fw_cfg_read(fw_cfg, item->key, 0, paddr_of((const void *)&value),
	            item->size);
	return value;
}

static void set_option(struct payload_options *options,
                       const struct fw_cfg *fw_cfg, enum fw_cfg_wanted file)
{
	uint64_t value = read_value(fw_cfg, file);

	for (uint32_t i = 0; i < ARRAY_COUNT(choices); i++) {
		const struct choice *choice = &choices[i];

		if (choice->file != file ||
		    memcmp(choice->value, &value, VALUE_SIZE_MAX) != 0)
			continue;
		((uint8_t *)options)[choice->place] = choice->setting;
		return;
	}
	refuse_value(file);
}

/* The number has decimal digits. */
static uint32_t read_profile(const struct fw_cfg *fw_cfg)
{
	uint64_t value = read_value(fw_cfg, FW_CFG_FILE_PROFILE);
	const uint8_t *digit = (const uint8_t *)&value;
	uint32_t number = 0;

	for (uint32_t i = fw_cfg->files[FW_CFG_FILE_PROFILE].size; i; i--) {
		if (*digit < '0' || *digit > '9')
			refuse_value(FW_CFG_FILE_PROFILE);
		number = number * 10 + (*digit++ - '0');
	}
	return number;
}

void this_boot_set_options(struct payload *payload, const struct fw_cfg *fw_cfg)
{
	static const uint8_t files[] = { FW_CFG_FILE_ACPI,
		                         FW_CFG_FILE_DEVICE_TREE,
		                         FW_CFG_FILE_ON_ERROR,
		                         FW_CFG_FILE_VERBOSE };

	for (uint32_t i = 0; i < ARRAY_COUNT(files); i++) {
		if (fw_cfg->files[files[i]].size)
			set_option(&payload->options, fw_cfg, files[i]);
	}
	if (fw_cfg->files[FW_CFG_FILE_PROFILE].size)
		payload->profile = read_profile(fw_cfg);
}

void this_boot_append(struct payload *payload, const struct machine *machine,
                      struct memory *memory)
{
	const struct fw_cfg *fw_cfg = &machine->fw_cfg;
	const struct fw_cfg_item *item = &fw_cfg->files[FW_CFG_FILE_APPEND];
	const char *words = machine->given.words;
	uint64_t words_size = words ? strlen(words) : 0;
	struct source *cmdline = &payload->cmdline;
	char *text;

	if (!item->size && !words_size)
		return;
	text = paddr_ptr(memory_take(memory, "cmdline",
	                             cmdline->size + words_size + item->size +
	                                     sizeof("  ")));
	if (cmdline->size)
		source_load(&payload->reader, "cmdline", cmdline, 0,
		            paddr_of(text), cmdline->size);
	text[cmdline->size] = 0;
	if (words_size)
		memcpy(words_make_room(text, words_size), words, words_size);
	if (item->size)
		fw_cfg_read(fw_cfg, item->key, 0,
		            paddr_of(words_make_room(text, item->size)),
		            item->size);
	*cmdline = (struct source){
		.kind = SOURCE_MEMORY,
		.data = text,
		.size = strlen(text) + 1,
	};
}
