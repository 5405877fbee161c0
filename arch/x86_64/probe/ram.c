/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/ram.c - RAM by fw_cfg's etc/e820, or by the door */
#include "arch/x86_64/probe/ram.h"

#include "arch/x86_64/memmap.h"
#include "common/lib/console.h"
#include "common/spec/fw_cfg.h"
#include "common/spec/igvm_params.h"

struct machine_ram *ram_add(struct machine *machine, uint64_t base,
                            uint64_t size, uint32_t type)
{
	struct machine_ram *ram = &machine->ram[machine->ram_count];

	if (!size)
		return ram;
	if (machine->ram_count == MACHINE_RAM_MAX)
		panic("e820: more than %u ranges", MACHINE_RAM_MAX);
	ram->base = base;
	ram->size = size;
	ram->type = type;
	ram->node = 0;
	ram->igvm_type = IGVM_MEMORY_RAM;
	machine->ram_count++;
	return ram;
}

static void read_fw_cfg_e820(struct machine *machine,
                             const struct fw_cfg_item *file)
{
	const struct fw_cfg_e820 *entry = paddr_ptr(SCRATCH_BASE);
	uint32_t count = file->size / sizeof(*entry);

	if (count > SCRATCH_SIZE / sizeof(*entry) ||
	    file->size % sizeof(*entry))
		panic("e820: %#x bytes from fw_cfg, at most %#x of %u each",
		      file->size, SCRATCH_SIZE, (unsigned)sizeof(*entry));
	fw_cfg_read(&machine->fw_cfg, file->key, 0, SCRATCH_BASE, file->size);
	machine->ram_count = 0; /* it tells more than a door */
	for (; count; count--, entry++)
		ram_add(machine, entry->base, entry->size, entry->type);
}

bool ram_probe(struct machine *machine)
{
	const struct fw_cfg_item *file =
		&machine->fw_cfg.files[FW_CFG_FILE_E820];

	if (file->size)
		read_fw_cfg_e820(machine, file);
	return machine->ram_count != 0;
}
