/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/rootfs/rootfs.c - makes an initrd of a root file system */
#include "payload/rootfs/rootfs.h"

#include <sys/stat.h>

#include "payload/rootfs/container.h"
#include "payload/rootfs/cpio.h"
#include "payload/rootfs/layer.h"
#include "payload/rootfs/start.h"

static bool is_directory(const char *path)
{
	struct stat status;

	return strcmp(path, "-") != 0 && stat(path, &status) == 0 &&
	       S_ISDIR(status.st_mode);
}

static void read_files(struct tree *tree, const char *path)
{
	tree_open(tree);
	if (is_directory(path))
		layer_read_directory(tree, path);
	else
		layer_read_tar(tree, file_read(path));
}

struct bytes rootfs_read(const char *path, const char *init, uint32_t arch)
{
	struct container *container = allocate(sizeof(*container));
	struct tree files, image;
	struct bytes archive;

	refuse_about(strcmp(path, "-") == 0 ? "standard input" : path);
	read_files(&files, path);
	if (container_open(container, &files, arch)) {
		tree_open(&image);
		for (unsigned i = 0; i < container->layer_count; i++)
			layer_apply(&image, container->layers[i]);
		start_add(&image, container, init, arch);
		archive = cpio_write(&image);
	} else {
		start_add(&files, NULL, init, arch);
		archive = cpio_write(&files);
	}
	refuse_about(NULL);
	return archive;
}
