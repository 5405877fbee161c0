/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_acpi_loader_fuzz.c - table-loader scripts with wrong fields
 */
#include <string.h>

#include "tests/unit/fake_ram.h"
#include "tests/unit/loader_script.h"
#include "tests/unit/test.h"

static void mutate_name(char *name)
{
	static const char *const names[] = {
		TABLES, RSDP, GUID, ADDRESS, "etc/table-loader", "etc/huge"
	};

	strcpy(name, names[test_random_below(ARRAY_COUNT(names))]);
}

/* Changes one field of one entry, or some byte, or the order. */
static void mutate(void)
{
	static const uint32_t values[] = { 0,       1,          2,
		                           4,       8,          16,
		                           0x40,    0x1000,     TABLES_SIZE,
		                           0x1ffff, 0x7fffffff, 0xffffffff };
	uint32_t index = test_random_below(GOOD_COUNT);
	uint32_t value = values[test_random_below(ARRAY_COUNT(values))];
	struct table_loader_entry *entry = &script[index];
	uint8_t *bytes = (uint8_t *)entry;

	switch (test_random_below(7)) {
	case 0:
		mutate_name(entry->allocate.file);
		break;
	case 1:
		mutate_name(entry->add_pointer.src_file);
		break;
	case 2:
		memcpy(bytes + 60 + 4 * test_random_below(3), &value, 4);
		break;
	case 3:
		memcpy(bytes + 116 + 4 * test_random_below(2), &value, 4);
		break;
	case 4:
		entry->command = 1 + test_random_below(4);
		break;
	case 5:
		script[test_random_below(ENTRY_MAX)] = *entry;
		break;
	default:
		bytes[test_random_below(sizeof(*entry))] =
			(uint8_t)test_random_below(256);
	}
}

/* Free RAM that nobody has claimed must not change. */
static void expect_free_ram_untouched(void)
{
	for (const struct memory_step *step = memory.steps; step != memory.end;
	     step++) {
		const struct memory_range range = memory_range(step);

		if (range.is_claimed || range.type == MEMORY_NONE)
			continue;
		EXPECT(fake_ram_is(range.base, range.base + range.size,
		                   RAM_PATTERN));
	}
}

/* The part of the areas that was not given away must not change either. */
static void expect_areas_untouched(void)
{
	const uint8_t *bytes = paddr_ptr(RAM_BASE);

	for (paddr_t at = RAM_BASE; at < CLAIMED_END; at++, bytes++)
		if (at < LOW_BASE || (at >= low.next && at < LOW_END) ||
		    at >= fseg.next)
			EXPECT_EQ(*bytes, RAM_PATTERN);
}

static void run_it(void)
{
	run();
}

static void a_changed_script_writes_to_nothing_but_its_files(void)
{
	uint32_t rounds = test_rounds(1500), boots = 0;

	for (uint32_t round = 0; round < rounds; round++) {
		test_seed = round;
		make();
		for (uint32_t i = 1 + test_random_below(3); i > 0; i--)
			mutate();
		boots += test_survives(run_it);
		expect_free_ram_untouched();
		expect_areas_untouched();
	}
	EXPECT(boots > rounds / 20 && boots < rounds);
}

int main(void)
{
	if (!fake_ram_map(RAM_BASE, RAM_BASE + RAM_SIZE))
		return fake_ram_skip("test_acpi_loader_fuzz");
	RUN(a_changed_script_writes_to_nothing_but_its_files);
	return test_status();
}
