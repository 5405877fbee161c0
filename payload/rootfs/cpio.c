/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/rootfs/cpio.c - writes a tree as a cpio archive of the kind "newc"
 *
 * Linux Documentation/driver-api/early-userspace/buffer-format.rst, and how
 * Linux's init/initramfs.c reads it: a directory comes before what is in it,
 * and of the names of a file the first one has the content.
 */
#include "payload/rootfs/cpio.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#define HEADER_SIZE 110
#define ALIGN       4
#define PAGE        4096
#define TRAILER     "TRAILER!!!" /* the name of an archive's last entry */

struct writer {
	uint8_t *data; /* zeros at first; NULL to count the size only */
	uint64_t size;
	uint32_t mtime;
	uint32_t inode_count;
	char path[PATH_MAX];
};

/*
 * https://reproducible-builds.org/specs/source-date-epoch/: a number of seconds
 * since 1970.
 */
static uint32_t choose_mtime(void)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	uint64_t value = 0;

	if (text == NULL)
		return 0;
	if (*text == '\0' || strlen(text) > 10 ||
	    strspn(text, "0123456789") != strlen(text))
		refuse("SOURCE_DATE_EPOCH: must be seconds since 1970");
	for (; *text != '\0'; text++)
		value = value * 10 + (uint64_t)(*text - '0');
	if (value > UINT32_MAX)
		refuse("SOURCE_DATE_EPOCH: must be seconds since 1970");
	return (uint32_t)value;
}

/* Pages of zeros are there already. Without a write they take no memory. */
static void put(struct writer *writer, const void *data, uint64_t size)
{
	static const uint8_t zeros[PAGE];
	const uint8_t *from = data;

	for (uint64_t at = 0; writer->data != NULL && at < size; at += PAGE) {
		uint64_t part = min_u64(PAGE, size - at);

		if (memcmp(from + at, zeros, part) != 0)
			memcpy(writer->data + writer->size + at, from + at,
			       part);
	}
	writer->size = align_up(writer->size + size, ALIGN);
}

static void put_entry(struct writer *writer, const struct inode *inode,
                      const char *path, struct bytes content)
{
	const uint32_t fields[] = {
		inode->number,
		inode->mode,
		inode->uid,
		inode->gid,
		inode->name_count,
		inode->name_count > 0 ? writer->mtime : 0,
		(uint32_t)content.size,
		0,
		0,
		inode->major,
		inode->minor,
		(uint32_t)strlen(path) + 1,
		0,
	};
	char header[HEADER_SIZE + PATH_MAX + 1];
	char *end = stpcpy(header, "070701");

	for (unsigned i = 0; i < ARRAY_COUNT(fields); i++)
		end += sprintf(end, "%08x", fields[i]);
	end = stpcpy(end, path) + 1;
	put(writer, header, (uint64_t)(end - header));
	put(writer, content.data, content.size);
}

static void put_file(struct writer *writer, struct inode *inode)
{
	struct bytes content = inode->content;
	bool is_first;

	if (strcmp(writer->path, TRAILER) == 0)
		refuse("%s: a name that ends an initrd", writer->path);
	if (inode->number == 0)
		inode->number = writer->inode_count + 1;
	is_first = inode->number == writer->inode_count + 1;
	if (is_first)
		writer->inode_count++;
	/* Linux links no symbolic links, so each has its target. */
	if (S_ISLNK(inode->mode))
		content.size--;
	else if (!is_first)
		content.size = 0;
	if (content.size > UINT32_MAX)
		refuse("%s: must be smaller than 4 GiB", writer->path);
	put_entry(writer, inode, writer->path, content);
}

/* The path is that of the directory, without a slash behind it. */
static void put_below(struct writer *writer, const struct node *directory)
{
	struct node **children = tree_children(directory);
	size_t length = strlen(writer->path);

	for (size_t i = 0; i < directory->child_count; i++) {
		size_t room = PATH_MAX - length;

		if (snprintf(writer->path + length, room, "%s%s",
		             length > 0 ? "/" : "",
		             children[i]->name) >= (int)room)
			refuse("%s: a path of more than %d bytes",
			       children[i]->name, PATH_MAX - 1);
		put_file(writer, children[i]->inode);
		put_below(writer, children[i]);
		writer->path[length] = '\0';
	}
	free(children);
}

/* Without an entry of its own, Linux's root is open to all (mode 1777). */
static void put_all(struct writer *writer, const struct tree *tree)
{
	const struct inode trailer = { .mode = 0 };

	put_entry(writer, tree->root.inode, ".", (struct bytes){ 0 });
	put_below(writer, &tree->root);
	put_entry(writer, &trailer, TRAILER, (struct bytes){ 0 });
}

struct bytes cpio_write(const struct tree *tree)
{
	struct writer counter = { .mtime = choose_mtime() };
	struct writer writer = { .mtime = counter.mtime };

	put_all(&counter, tree);
	writer.data = allocate(counter.size);
	put_all(&writer, tree);
	return (struct bytes){ writer.data, writer.size };
}
