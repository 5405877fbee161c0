/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/igvm_own.c - finds blob and bundle in an IGVM file of ours */
#include "payload/judge/igvm_own.h"

#include "common/spec/bundle.h"
#include "payload/judge/igvm_make.h"

#define PAGE IGVM_PAGE_SIZE

/* Returns RSI or x0 of a context, or 0. */
static uint64_t pointer_in(const struct igvm *igvm,
                           const struct igvm_context *context)
{
	struct bytes data = igvm_context_data(igvm, context);
	uint8_t type = igvm_platform_type(igvm, context->mask);
	uint32_t wanted = igvm->arch == BUNDLE_ARCH_AARCH64 ? IGVM_REGISTER_X0
	                                                    : IGVM_REGISTER_RSI;

	if (type == IGVM_PLATFORM_NATIVE)
		return load_le64(data.data +
		                 offsetof(struct igvm_native_context, rsi));
	if (type != IGVM_PLATFORM_VSM)
		return 0;
	for (uint64_t at = sizeof(uint32_t); at < data.size;
	     at += sizeof(struct igvm_vsm_register)) {
		const struct igvm_vsm_register *one =
			(const void *)(data.data + at);

		if (load_le32(one->name) == wanted)
			return load_le64(one->value);
	}
	return 0;
}

/* Returns the page of parameters, or NULL. */
static const struct igvm_piece *find_params(const struct igvm *igvm)
{
	for (uint64_t i = 0; i < min_u64(igvm->context_count, IGVM_CONTEXT_MAX);
	     i++) {
		const struct igvm_piece *page = igvm_page_at(
			igvm, pointer_in(igvm, &igvm->contexts[i]));

		if (page != NULL && page->data != NULL &&
		    load_le64(page->data) == IGVM_PARAMS_MAGIC)
			return page;
	}
	return NULL;
}

static void check_params(struct igvm_own *own, uint64_t paddr)
{
	const struct igvm_params *params = &own->params;
	struct igvm_params summed = *params;

	if (params->version != IGVM_PARAMS_VERSION)
		refuse("IGVM: parameters of version %u: must be %u",
		       params->version, IGVM_PARAMS_VERSION);
	igvm_sum_params(&summed);
	if (summed.crc32c != params->crc32c)
		refuse("IGVM: parameters: CRC-32C is %#x, must be %#x",
		       summed.crc32c, params->crc32c);
	if (summed.sum64 != params->sum64)
		refuse("IGVM: parameters: sum is %#lx, must be %#lx",
		       (unsigned long)summed.sum64,
		       (unsigned long)params->sum64);
	own->base = paddr + (uint64_t)params->run_offset;
	if (own->base % PAGE != 0 || own->base >= paddr)
		refuse("IGVM: parameters: the file's pages start at %#lx: must "
		       "be before %#lx",
		       (unsigned long)own->base, (unsigned long)paddr);
}

/* All of it must be there before it gets memory: one cannot make it of less. */
static void put_together(struct igvm_own *own, uint64_t end)
{
	uint64_t size = end - own->base;
	uint8_t *data;

	if (size / PAGE > own->igvm.page_count)
		refuse("IGVM: %#lx bytes at %#lx: there are only %lu pages",
		       (unsigned long)size, (unsigned long)own->base,
		       (unsigned long)own->igvm.page_count);
	data = allocate(size);
	for (uint64_t at = 0; at < size; at += PAGE) {
		const struct igvm_piece *page =
			igvm_page_at(&own->igvm, own->base + at);

		if (page == NULL)
			refuse("IGVM: page at %#lx: is missing",
			       (unsigned long)(own->base + at));
		if (page->data != NULL)
			memcpy(data + at, page->data, PAGE);
	}
	own->packed = (struct bytes){ data, size };
}

/* Returns 0 if the file is for a platform that none of ours is for. */
static unsigned hosts_of(const struct igvm *igvm)
{
	unsigned hosts = 0;

	for (unsigned i = 0; i < igvm->platform_count; i++) {
		const struct igvm_platform *platform = &igvm->platforms[i];

		if (platform->type == IGVM_PLATFORM_NATIVE)
			hosts |= IGVM_HOST_QEMU;
		else if (platform->type != IGVM_PLATFORM_VSM)
			return 0;
		else
			hosts |= platform->highest_vtl == 0 ? IGVM_HOST_OPENVMM
			                                    : IGVM_HOST_HYPERV;
	}
	return hosts;
}

bool igvm_own_open(struct igvm_own *own, const struct bytes *file)
{
	const struct igvm_piece *page;

	*own = (struct igvm_own){ 0 };
	igvm_open(&own->igvm, file);
	page = find_params(&own->igvm);
	if (page == NULL)
		return false;
	memcpy(&own->params, page->data, sizeof(own->params));
	check_params(own, page->paddr);
	put_together(own, page->paddr);
	own->hosts = hosts_of(&own->igvm);
	return true;
}

void igvm_own_prove(const struct igvm_own *own)
{
	const struct igvm_spec spec = {
		.packed = own->packed,
		.arch = own->igvm.arch,
		.hosts = own->hosts,
		.flags = own->params.flags,
		.base = own->base,
	};
	const struct bytes *file = &own->igvm.file;
	struct bytes made;
	uint64_t at = 0;

	if (own->hosts == 0)
		refuse("IGVM: is for a platform that pack makes no file for");
	if ((own->params.flags & ~IGVM_PARAMS_FLAGS_KNOWN) != 0)
		refuse("IGVM: parameters: flags %#x: known are %#x",
		       own->params.flags, IGVM_PARAMS_FLAGS_KNOWN);
	made = igvm_make(&spec);
	if (file->size == made.size &&
	    memcmp(file->data, made.data, made.size) == 0)
		return;
	while (at < min_u64(file->size, made.size) &&
	       file->data[at] == made.data[at])
		at++;
	refuse("IGVM: byte at %#lx: is not as pack makes it of blob and bundle",
	       (unsigned long)at);
}
