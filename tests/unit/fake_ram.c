/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/fake_ram.c - memory of the host where the guest has its RAM */
#include "tests/unit/fake_ram.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static int map_error;
static paddr_t map_base;

bool fake_ram_map(paddr_t base, paddr_t end)
{
	void *wanted = paddr_ptr(base & ~0xfffULL);

	base = paddr_of(wanted);

	if (mmap(wanted, end - base, PROT_READ | PROT_WRITE,
	         MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE |
	                 MAP_FIXED_NOREPLACE,
	         -1, 0) == wanted)
		return true;
	map_error = errno;
	map_base = base;
	return false;
}

bool fake_ram_alias(paddr_t base, paddr_t end, paddr_t alias)
{
	/* For shared memory, a size of 0 asks for a second mapping. */
	return mremap(paddr_ptr(base), 0, end - base,
	              MREMAP_MAYMOVE | MREMAP_FIXED,
	              paddr_ptr(alias)) == paddr_ptr(alias);
}

bool fake_ram_is(paddr_t base, paddr_t end, uint8_t byte)
{
	const uint8_t *bytes = paddr_ptr(base);

	return bytes[0] == byte && !memcmp(bytes, bytes + 1, end - base - 1);
}

int fake_ram_skip(const char *test)
{
	printf("skip %s: mmap at %#lx: %s\n", test, (unsigned long)map_base,
	       strerror(map_error));
	return map_error != EPERM && map_error != EACCES;
}
