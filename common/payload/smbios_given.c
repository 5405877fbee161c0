/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/smbios_given.c - the VMM's SMBIOS structures
 *
 * DMTF DSP0134 3.4. See smbios_given.h.
 */
#include "common/payload/smbios_given.h"

#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/machine/fw_cfg.h"
#include "common/spec/smbios.h"

/* systemd-stub(7) takes words for the command line from a string of this name.
 */
#define WORDS_NAME      "io.systemd.stub.kernel-cmdline-extra="
#define WORDS_NAME_SIZE (sizeof(WORDS_NAME) - 1)

/* Bytes behind the structures, so that each string has an end, and each set. */
#define END_SIZE 2

/*
 * Returns the words of the first OEM string that has some, or NULL. END_SIZE
 * zeros follow the structures. What stands behind bytes that are no structure
 * is not looked at, nor does the kernel look at it.
 */
static const char *find_words(const char *at, const char *end)
{
	while (at < end) {
		const struct smbios_header *header = (const void *)at;

		if (header->length < sizeof(*header) ||
		    header->length > end - at)
			return NULL;
		at += header->length;
		/* A set without strings has the end of one, too. */
		do {
			uint64_t size = strlen(at);

			if (header->type == SMBIOS_OEM_STRINGS &&
			    size > WORDS_NAME_SIZE &&
			    memcmp(at, WORDS_NAME, WORDS_NAME_SIZE) == 0)
				return at + WORDS_NAME_SIZE;
			at += size + 1;
		} while (*at);
		at++;
	}
	return NULL;
}

void smbios_given_read(struct machine *machine, struct memory *memory)
{
	const struct fw_cfg_item *file =
		&machine->fw_cfg.files[FW_CFG_FILE_SMBIOS_TABLES];
	uint32_t size = file->size;
	char *structures;

	if (!size)
		return;
	if (size > SMBIOS_GIVEN_SIZE_MAX)
		panic_range("smbios", size, 0, "beyond %#lx",
		            (uint64_t)SMBIOS_GIVEN_SIZE_MAX);
	structures = paddr_ptr(memory_take(memory, "smbios", size + END_SIZE));
	fw_cfg_read(&machine->fw_cfg, file->key, 0, paddr_of(structures), size);
	memset(structures + size, 0, END_SIZE);
	machine->smbios = (struct machine_range){ paddr_of(structures), size };
	machine->given.words = find_words(structures, structures + size);
}
