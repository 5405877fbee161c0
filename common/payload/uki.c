/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/uki.c - opens a unified kernel image, see uki.h */
#include "common/payload/uki.h"

#include "common/arch.h"
#include "common/lib/console.h"
#include "common/payload/uki_file.h"

/* Where the payload keeps what the blob takes. */
static const struct part {
	char name[UKI_NAME_SIZE];
	uint16_t place;
} parts[] = {
	{ ".linux", offsetof(struct payload, kernel) },
	{ ".ucode", offsetof(struct payload, microcode) },
	{ ".initrd", offsetof(struct payload, initrd) },
	{ ".cmdline", offsetof(struct payload, cmdline) },
	{ ".dtb", offsetof(struct payload, dtb) },
};

static void take(struct payload *payload, const struct uki_file *file,
                 const struct part *part)
{
	struct source *source = (void *)((uint8_t *)payload + part->place);
	struct uki_section section;

	if (source->kind != SOURCE_NONE ||
	    !uki_file_find(&section, file, part->name))
		return;
	*source = (struct source){
		.kind = SOURCE_MEMORY,
		.stored_size = section.size,
		.size = section.size,
		.data = section.data,
	};
}

void uki_open(struct payload *payload, const void *base, uint64_t size)
{
	struct uki_file file;

	if (!uki_file_open(&file, base, size))
		panic("uki: no PE header in %#lx bytes", size);
	file.profile = payload->profile;
	if (file.machine != arch_pe_machine)
		panic("uki: for machine %#x: this is %#x", file.machine,
		      arch_pe_machine);
	if (!uki_file_has_profile(&file))
		panic("uki: no profile %u", file.profile);
	for (uint32_t i = 0; i < ARRAY_COUNT(parts); i++)
		take(payload, &file, &parts[i]);
	if (payload->kernel.kind == SOURCE_NONE)
		panic("uki: no .linux");
	payload->origin = "uki";
}
