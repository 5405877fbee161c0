/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/pin.c - pins one bundle, see pin.h */
#include "payload/write/pin.h"

#include <unistd.h>

#include "payload/judge/proof.h"
#include "payload/write/pack_options.h"

static bool parse_digest(uint8_t digest[SHA256_SIZE], const char *text)
{
	if (strlen(text) != 2 * SHA256_SIZE ||
	    strspn(text, "0123456789abcdefABCDEF") != 2 * SHA256_SIZE)
		return false;
	for (int i = 0; i < SHA256_SIZE; i++)
		sscanf(text + 2 * i, "%2hhx", &digest[i]);
	return true;
}

/*
 * Tells what the kernel will lack, since nothing from outside fills a gap of a
 * pinned bundle.
 */
static void warn_of_gaps(const struct image *image)
{
	bool has_initrd = false, has_cmdline = false;

	for (unsigned i = 0; i < image->header.section_count; i++) {
		uint32_t type = image->sections[i].type;

		has_initrd |= type == BUNDLE_SECTION_INITRD;
		has_cmdline |= type == BUNDLE_SECTION_CMDLINE;
	}
	if (!has_initrd)
		warn("--pin: the bundle has no initrd: the kernel gets none, "
		     "whatever the VMM gives");
	if (!has_cmdline)
		warn("--pin: the bundle has no command line: the kernel gets "
		     "an empty one, whatever the VMM gives");
}

/* Opens the bundle to pin. Refuses one that the blob would not boot. */
static void open_pinned(struct image *image)
{
	const char *path = request.pin;
	struct bytes file;

	if (access(path, F_OK) != 0)
		refuse("%s: No such file, and no SHA-256: that has 64 "
		       "hexadecimal digits, this %zu characters",
		       path, strlen(path));
	file = file_read(path);
	refuse_about(path);
	image_open(image, file);
	if (image->bundle.size == 0)
		refuse("holds no bundle");
	image_prove(image);
	if (image->header.flags & BUNDLE_FLAG_VMM_ACPI)
		refuse("its kernel is to get the VMM's ACPI tables, which no "
		       "pin covers: pack it with --acpi own");
	refuse_about(NULL);
	warn_of_gaps(image);
}

void pin_add(struct plan *plan)
{
	uint8_t *digest = allocate(SHA256_SIZE);
	uint32_t wanted = pack_wanted_arch();
	struct image image = { .arch = wanted };

	if (!parse_digest(digest, request.pin)) {
		open_pinned(&image);
		sha256(digest, image.bundle.data, image.bundle.size);
	}
	if (image.arch == 0)
		refuse_usage("pack: --pin with a digest: needs --arch");
	if (wanted != 0 && wanted != image.arch)
		refuse("%s: for %s: --arch says %s", request.pin,
		       arch_name(image.arch), arch_name(wanted));
	plan->header.arch = image.arch;
	plan_add(plan, BUNDLE_SECTION_PIN,
	         (struct bytes){ digest, SHA256_SIZE }, COMPRESS_NONE);
}
