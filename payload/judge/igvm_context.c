/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/judge/igvm_context.c - the registers that a host enters the blob with
 *
 * On x86_64 it is the state of Linux's 64-bit protocol (Documentation/arch/x86/
 * boot.rst), on AArch64 that of Documentation/arch/arm64/booting.rst, but that
 * RSI and x0 have the address of the page of parameters.
 */
#include "payload/judge/igvm_context.h"

#include "common/spec/bundle.h"
#include "common/spec/igvm.h"

#define CR0         0x80000031 /* PG, NE, ET, PE */
#define CR4         0x20       /* PAE */
#define EFER        0x500      /* LMA, LME */
#define RFLAGS      0x2        /* interrupts are off */
#define GDT_LIMIT   0x1f
#define SELECTOR_CS 0x10
#define SELECTOR_DS 0x18

/* SDM 3C, "Segment Access Rights": flat; 64-bit code, data, a busy TSS. */
#define ATTRIBUTES_CS 0xa09b
#define ATTRIBUTES_DS 0xc093
#define ATTRIBUTES_TR 0x008b
#define TR_LIMIT      0xffff

#define CPSR          0x3c5      /* EL1h, all interrupts masked */
#define SCTLR_EL1     0x30d00800 /* DDI 0487: what is 1 of old; no MMU */

#define REGISTER_MAX  16

struct bytes igvm_native_context(const struct igvm_layout *layout)
{
	struct igvm_native_context *context = allocate(IGVM_PAGE_SIZE);

	*context = (struct igvm_native_context){
		.rsi = layout->params,
		.rip = layout->entry,
		.rflags = RFLAGS,
		.gdtr_limit = GDT_LIMIT,
		.gdtr_base = layout->gdt,
		.code = { SELECTOR_CS, ATTRIBUTES_CS, 0, UINT32_MAX },
		.data = { SELECTOR_DS, ATTRIBUTES_DS, 0, UINT32_MAX },
		.cr0 = CR0,
		.cr3 = layout->tables,
		.cr4 = CR4,
		.efer = EFER,
	};
	return (struct bytes){ (uint8_t *)context, IGVM_PAGE_SIZE };
}

struct vsm_context {
	uint32_t count;
	struct igvm_vsm_register registers[REGISTER_MAX];
};

static_assert(offsetof(struct vsm_context, registers) == 4, "IGVM");

static void add(struct vsm_context *context, uint32_t name, const void *value,
                size_t size)
{
	struct igvm_vsm_register *to = &context->registers[context->count++];

	memcpy(to->name, &name, sizeof(name));
	memcpy(to->value, value, size);
}

static void add_word(struct vsm_context *context, uint32_t name, uint64_t value)
{
	add(context, name, &value, sizeof(value));
}

static void add_segment(struct vsm_context *context, uint32_t name,
                        struct igvm_vsm_segment segment)
{
	add(context, name, &segment, sizeof(segment));
}

static void add_x86(struct vsm_context *context,
                    const struct igvm_layout *layout)
{
	static const uint32_t data[] = {
		IGVM_REGISTER_DS, IGVM_REGISTER_ES, IGVM_REGISTER_FS,
		IGVM_REGISTER_GS, IGVM_REGISTER_SS,
	};
	const struct igvm_vsm_table gdtr = {
		.limit = GDT_LIMIT,
		.base = layout->gdt,
	};

	add(context, IGVM_REGISTER_GDTR, &gdtr, sizeof(gdtr));
	for (unsigned i = 0; i < ARRAY_COUNT(data); i++)
		add_segment(context, data[i],
		            (struct igvm_vsm_segment){ 0, UINT32_MAX,
		                                       SELECTOR_DS,
		                                       ATTRIBUTES_DS });
	add_segment(context, IGVM_REGISTER_CS,
	            (struct igvm_vsm_segment){ 0, UINT32_MAX, SELECTOR_CS,
	                                       ATTRIBUTES_CS });
	add_segment(context, IGVM_REGISTER_TR,
	            (struct igvm_vsm_segment){ 0, TR_LIMIT, 0, ATTRIBUTES_TR });
	add_word(context, IGVM_REGISTER_CR0, CR0);
	add_word(context, IGVM_REGISTER_CR3, layout->tables);
	add_word(context, IGVM_REGISTER_CR4, CR4);
	add_word(context, IGVM_REGISTER_EFER, EFER);
	add_word(context, IGVM_REGISTER_RFLAGS, RFLAGS);
	add_word(context, IGVM_REGISTER_RIP, layout->entry);
	add_word(context, IGVM_REGISTER_RSI, layout->params);
}

static void add_arm(struct vsm_context *context,
                    const struct igvm_layout *layout)
{
	add_word(context, IGVM_REGISTER_SCTLR_EL1, SCTLR_EL1);
	add_word(context, IGVM_REGISTER_CPSR, CPSR);
	add_word(context, IGVM_REGISTER_PC, layout->entry);
	add_word(context, IGVM_REGISTER_X0, layout->params);
}

struct bytes igvm_vsm_context(const struct igvm_layout *layout, uint32_t arch,
                              uint8_t vtl)
{
	struct vsm_context *context = allocate(sizeof(*context));

	if (arch == BUNDLE_ARCH_AARCH64)
		add_arm(context, layout);
	else
		add_x86(context, layout);
	for (unsigned i = 0; i < context->count; i++)
		context->registers[i].vtl = vtl;
	return (struct bytes){
		(uint8_t *)context,
		sizeof(context->count) +
			context->count * sizeof(*context->registers),
	};
}
