/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/rootfs/layer.c - reads archives and directories by libarchive
 *
 * Whiteouts are as in the OCI Image Format Specification, "Image Layer
 * Filesystem Changeset".
 */
#include "payload/rootfs/layer.h"

#include <archive.h>
#include <archive_entry.h>
#include <limits.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#include "payload/rootfs/stream.h"

#define DEVICES_MAX  4096
#define SIZE_MAX_ALL (4ull << 30)
#define MAJOR_MAX    0xfff /* Linux has 12 bits and 20. */
#define MINOR_MAX    0xfffff

#define WHITEOUT     ".wh."
#define OPAQUE       ".wh..wh..opq"

struct layer {
	struct tree *tree;
	struct archive *archive;
	const char *directory; /* whose path each name begins with, or NULL */
	bool has_whiteouts;
	uint32_t root_uid; /* belong to root in the tree */
	uint32_t root_gid;
};

/*
 * Tells whether there is something more. A warning of libarchive is about a
 * name's character set, or about what no initrd can have.
 */
static bool is_good(struct archive *archive, const char *path, int status)
{
	const char *why = archive_error_string(archive);

	if (status < ARCHIVE_WARN)
		refuse("%s%s%s", path != NULL ? path : "",
		       path != NULL ? ": " : "",
		       why != NULL ? why : "cannot be read");
	return status != ARCHIVE_EOF;
}

static void count_file(struct tree *tree, const char *path, uint32_t mode)
{
	bool is_device = S_ISCHR(mode) || S_ISBLK(mode);

	tree_count(tree, path);
	if (is_device && ++tree->device_count > DEVICES_MAX)
		refuse("%s: more than %d devices", path, DEVICES_MAX);
}

/* Holes are not read, and memory that is not written takes no room. */
static struct bytes read_content(struct layer *layer, const char *path,
                                 int64_t size)
{
	struct archive *archive = layer->archive;
	const void *block;
	uint8_t *data;
	int64_t offset;
	size_t block_size;

	if (size < 0 || (uint64_t)size > SIZE_MAX_ALL - layer->tree->size)
		refuse("%s: more than %llu GiB in all", path,
		       SIZE_MAX_ALL >> 30);
	layer->tree->size += (uint64_t)size;
	data = allocate((uint64_t)size);
	while (is_good(archive, path,
	               archive_read_data_block(archive, &block, &block_size,
	                                       &offset))) {
		if (!is_within((uint64_t)offset, block_size, (uint64_t)size))
			refuse("%s: has grown while it was read", path);
		memcpy(data + offset, block, block_size);
	}
	return (struct bytes){ data, (uint64_t)size };
}

static struct bytes copy_target(const char *path, const char *target)
{
	if (target == NULL || *target == '\0' || strlen(target) >= PATH_MAX)
		refuse("%s: a link to no name, or one of more than %d bytes",
		       path, PATH_MAX - 1);
	return (struct bytes){ (const uint8_t *)strdup(target),
		               strlen(target) + 1 };
}

static uint32_t owner_of(const char *path, int64_t id, uint32_t root)
{
	if (id < 0 || id > UINT32_MAX)
		refuse("%s: owner %lld: must have 32 bits", path,
		       (long long)id);
	return (uint32_t)id == root ? 0 : (uint32_t)id;
}

static void set_device(const char *path, struct inode *inode,
                       struct archive_entry *entry)
{
	dev_t major = archive_entry_rdevmajor(entry);
	dev_t minor = archive_entry_rdevminor(entry);

	if (major > MAJOR_MAX || minor > MINOR_MAX)
		refuse("%s: device %lu:%lu: must be at most %d:%d", path,
		       (unsigned long)major, (unsigned long)minor, MAJOR_MAX,
		       MINOR_MAX);
	inode->major = (uint32_t)major;
	inode->minor = (uint32_t)minor;
}

static void add_file(struct layer *layer, const char *path,
                     struct archive_entry *entry)
{
	struct inode inode = {
		.mode = archive_entry_filetype(entry) |
		        (archive_entry_perm(entry) & 07777),
		.uid = owner_of(path, archive_entry_uid(entry),
		                layer->root_uid),
		.gid = owner_of(path, archive_entry_gid(entry),
		                layer->root_gid),
	};

	switch (inode.mode & S_IFMT) {
	case S_IFREG:
		if (layer->directory != NULL)
			file_remember(archive_entry_stat(entry));
		inode.content =
			read_content(layer, path, archive_entry_size(entry));
		break;
	case S_IFLNK:
		inode.content = copy_target(path, archive_entry_symlink(entry));
		break;
	case S_IFCHR:
	case S_IFBLK:
		set_device(path, &inode, entry);
		break;
	case S_IFDIR:
	case S_IFIFO:
	case S_IFSOCK:
		break;
	default:
		refuse("%s: a file of no known type", path);
	}
	tree_add(layer->tree, path, &inode);
}

/* Returns false if the name is none of a whiteout. */
static bool apply_whiteout(struct layer *layer, const char *path)
{
	const char *name = strrchr(path, '/');
	char hidden[PATH_MAX];
	int directory;

	name = name != NULL ? name + 1 : path;
	directory = (int)(name - path);
	if (!layer->has_whiteouts || directory >= PATH_MAX ||
	    strncmp(name, WHITEOUT, strlen(WHITEOUT)) != 0)
		return false;
	if (strcmp(name, OPAQUE) == 0) {
		snprintf(hidden, PATH_MAX, "%.*s", directory, path);
		tree_hide_below(layer->tree, hidden);
	} else {
		name += strlen(WHITEOUT);
		if (*name == '\0' || strcmp(name, ".") == 0)
			refuse("%s: hides no name", path);
		snprintf(hidden, PATH_MAX, "%.*s%s", directory, path, name);
		tree_hide(layer->tree, hidden);
	}
	return true;
}

/* Paths below a directory begin with its own. */
static const char *strip(const struct layer *layer, const char *path)
{
	if (path == NULL)
		refuse("a name that cannot be read");
	if (layer->directory == NULL)
		return path;
	path += min_u64(strlen(layer->directory), strlen(path));
	return path + strspn(path, "/");
}

static void add_entry(struct layer *layer, struct archive_entry *entry)
{
	const char *path = strip(layer, archive_entry_pathname(entry));
	const char *link = archive_entry_hardlink(entry);

	count_file(layer->tree, path, archive_entry_filetype(entry));
	if (apply_whiteout(layer, path))
		return;
	if (link != NULL)
		tree_link(layer->tree, path, strip(layer, link));
	else
		add_file(layer, path, entry);
}

/* Names have no characters but bytes. In this locale libarchive keeps them. */
static void set_locale(void)
{
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		refuse("locale C.UTF-8: is not there");
}

static void read_tar(struct tree *tree, struct bytes tar, bool has_whiteouts)
{
	struct stream *stream;
	struct archive_entry *entry;
	struct layer layer = { .tree = tree, .has_whiteouts = has_whiteouts };

	set_locale();
	stream = stream_open(tar, &tree->unpacked);
	layer.archive = stream_archive(stream);
	tree->layer++;
	while (is_good(layer.archive, NULL,
	               archive_read_next_header(layer.archive, &entry)))
		add_entry(&layer, entry);
	stream_close(stream);
}

void layer_read_tar(struct tree *tree, struct bytes tar)
{
	read_tar(tree, tar, false);
}

void layer_apply(struct tree *tree, struct bytes tar)
{
	read_tar(tree, tar, true);
}

static bool next_file(struct layer *layer, struct archive_entry *entry)
{
	int status = archive_read_next_header2(layer->archive, entry);
	const char *path = archive_entry_pathname(entry);

	return is_good(layer->archive, path != NULL ? strip(layer, path) : path,
	               status);
}

/* libarchive names a file's first name as the target of its other ones. */
static void read_files(struct layer *layer)
{
	struct archive_entry_linkresolver *links =
		archive_entry_linkresolver_new();
	struct archive_entry *entry = archive_entry_new();
	struct archive_entry *spare;

	archive_entry_linkresolver_set_strategy(links,
	                                        ARCHIVE_FORMAT_TAR_GNUTAR);
	while (next_file(layer, entry)) {
		archive_entry_linkify(links, &entry, &spare);
		add_entry(layer, entry);
		archive_read_disk_descend(layer->archive);
	}
	archive_entry_free(entry);
	archive_entry_linkresolver_free(links);
}

/* A slash at the end would not be in the names of the files. */
static const char *without_slashes(const char *path)
{
	char *copy = allocate(strlen(path) + 1);

	strcpy(copy, path);
	for (size_t size = strlen(copy); size > 1 && copy[size - 1] == '/';)
		copy[--size] = '\0';
	return copy;
}

void layer_read_directory(struct tree *tree, const char *path)
{
	struct layer layer = {
		.tree = tree,
		.archive = archive_read_disk_new(),
		.directory = without_slashes(path),
		.root_uid = geteuid(),
		.root_gid = getegid(),
	};

	set_locale();
	tree->layer++;
	archive_read_disk_set_symlink_hybrid(layer.archive);
	archive_read_disk_set_behavior(
		layer.archive, ARCHIVE_READDISK_NO_ACL |
				       ARCHIVE_READDISK_NO_FFLAGS |
				       ARCHIVE_READDISK_NO_XATTR |
				       ARCHIVE_READDISK_NO_TRAVERSE_MOUNTS);
	is_good(layer.archive, NULL,
	        archive_read_disk_open(layer.archive, layer.directory));
	read_files(&layer);
	archive_read_free(layer.archive);
}
