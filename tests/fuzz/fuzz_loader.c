/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_loader.c - the VMM's ACPI tables by its script in fw_cfg
 *
 * The script of a q35 is edited: whole entries and single fields, then bytes of
 * the script or of the tables. Nothing but the script's files may be written.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/loader_script.h"

static const uint64_t bounds[] = {
	TABLES_SIZE, GUID_SIZE, RSDP_SIZE, LOW_BASE,    LOW_END,
	FSEG_BASE,   FSEG_END,  RAM_BASE,  CLAIMED_END, RAM_BASE + RAM_SIZE,
	0x1ffff,     0x100000,  4096,      1ULL << 32,
};

bool fuzz_begin(const char *program)
{
	fuzz_bounds = bounds;
	fuzz_bound_count = ARRAY_COUNT(bounds);
	return fake_ram_map(RAM_BASE, RAM_BASE + RAM_SIZE) ||
	       !fake_ram_skip(program);
}

static void choose_name(struct fuzz_input *input, char *name)
{
	static const char *const names[] = {
		TABLES, RSDP, GUID, ADDRESS, "etc/table-loader", "etc/huge", ""
	};

	strcpy(name, names[fuzz_below(input, ARRAY_COUNT(names))]);
}

/* Changes one field of one entry, or copies the entry. */
static void change_entry(struct fuzz_input *input, uint8_t kind)
{
	struct table_loader_entry *entry =
		&script[fuzz_below(input, GOOD_COUNT + 4)];
	uint8_t *bytes = (uint8_t *)entry;
	uint32_t value;

	switch (kind % 6) {
	case 0:
		choose_name(input, entry->allocate.file);
		return;
	case 1:
		choose_name(input, entry->add_pointer.src_file);
		return;
	case 2:
		entry->command = fuzz_u8(input) % 6;
		return;
	case 3:
		script[fuzz_below(input, ENTRY_MAX)] = *entry;
		return;
	default:
		/* These are the numbers behind the one or two names. */
		value = (uint32_t)fuzz_odd(input);
		memcpy(bytes + (kind % 6 == 4 ? 60 : 116) +
		               4 * fuzz_below(input, 3),
		       &value, sizeof(value));
	}
}

bool fuzz_run(struct fuzz_input *input)
{
	uint8_t kind = fuzz_u8(input), count = fuzz_u8(input) % 4;

	make();
	switch (kind % 4) {
	case 0:
		break;
	case 1:
		script_size = (uint32_t)fuzz_cut(input, sizeof(script));
		fuzz_edit(input, script, sizeof(script));
		break;
	default:
		for (; count; count--)
			change_entry(input, fuzz_u8(input));
	}
	/* The tables and their pointers are at the end of the file. */
	fuzz_edit(input, tables + 0x2000, 0x400);
	return run() != 0;
}

/* Free RAM, and the part of the areas that was not used, must not change. */
void fuzz_check(void)
{
	for (const struct memory_step *step = memory.steps; step != memory.end;
	     step++) {
		const struct memory_range range = memory_range(step);

		if (!range.is_claimed && range.type != MEMORY_NONE)
			FUZZ_EXPECT(fake_ram_is(range.base,
			                        range.base + range.size,
			                        RAM_PATTERN));
	}
	FUZZ_EXPECT(fake_ram_is(RAM_BASE, LOW_BASE, RAM_PATTERN));
	FUZZ_EXPECT(low.next <= LOW_END && fseg.next <= FSEG_END);
	if (low.next < LOW_END)
		FUZZ_EXPECT(fake_ram_is(low.next, LOW_END, RAM_PATTERN));
	if (fseg.next < FSEG_END)
		FUZZ_EXPECT(fake_ram_is(fseg.next, FSEG_END, RAM_PATTERN));
}
