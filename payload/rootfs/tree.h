/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/rootfs/tree.h - a tree of files in memory, made of layers
 *
 * Paths come from outside. A name in an archive must not lead out of the tree,
 * by itself or by a symbolic link on its way; such a name is refused. Each name
 * costs a bounded number of steps.
 */
#ifndef PAYLOAD_ROOTFS_TREE_H
#define PAYLOAD_ROOTFS_TREE_H

#include "payload/lib/tool.h"

/* A file may have several names. */
struct inode {
	uint32_t mode; /* type and permissions, as st_mode */
	uint32_t uid;
	uint32_t gid;
	uint32_t major; /* of a device */
	uint32_t minor;
	struct bytes content; /* of a regular file; a link's target and a NUL */
	unsigned name_count;
	uint32_t number; /* cpio.c's */
};

/* A name in a directory. Names of one directory are sorted by their bytes. */
struct node {
	struct node *parent; /* the root is its own */
	const char *name;
	struct inode *inode;
	void *children; /* tsearch(3)'s tree */
	size_t child_count;
	unsigned depth;
	unsigned layer;  /* the last one that has this name */
	unsigned hidden; /* the last one that hides what was below */
	bool is_right;   /* container.c's: it has the digest in its name */
};

struct tree {
	struct node root;
	unsigned layer; /* that is being added; the first is 1 */
	/* All that was read so far, also what later layers replaced. */
	unsigned file_count;
	unsigned device_count;
	uint64_t size;
	uint64_t unpacked; /* bytes of tars, whatever was in them */
};

void tree_open(struct tree *tree);

/* Counts one file more, and refuses what are too many. */
void tree_count(struct tree *tree, const char *path);

/* Gives a file its name, in place of what had it. Directories are merged. */
void tree_add(struct tree *tree, const char *path, const struct inode *inode);

/* Gives the file `target` another name. */
void tree_link(struct tree *tree, const char *path, const char *target);

/* Removes what earlier layers have under this name. It need not be there. */
void tree_hide(struct tree *tree, const char *path);

/* Removes what earlier layers have in this directory. */
void tree_hide_below(struct tree *tree, const char *path);

/*
 * Returns what a program in the guest would find under this path, following
 * links, or NULL.
 */
struct node *tree_find(struct tree *tree, const char *path);

/* Returns the names in a directory, in order. The caller frees the array. */
struct node **tree_children(const struct node *directory);

#endif
