/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/rootfs/tree.c - a tree of files in memory; see tree.h */
#include "payload/rootfs/tree.h"

#include <limits.h>
#include <search.h>
#include <stdlib.h>
#include <sys/stat.h>

#define FILES_MAX (1u << 20)
#define DEPTH_MAX 1024
#define LINKS_MAX 40 /* Linux follows as many. */
#define STEPS_MAX 4096

/* A walk along a path. Links on the way are walked by the same function. */
struct walk {
	struct tree *tree;
	const char *path; /* for messages */
	struct node *at;  /* NULL: there is nothing */
	unsigned link_count;
	unsigned step_count;
	bool is_writing; /* true: makes directories, refuses to leave */
};

static int compare_names(const void *a, const void *b)
{
	const struct node *first = a, *second = b;

	return strcmp(first->name, second->name);
}

static struct node *find_child(const struct node *directory, const char *name)
{
	const struct node key = { .name = name };
	struct node **found = tfind(&key, &directory->children, compare_names);

	return found != NULL ? *found : NULL;
}

static struct node *add_child(struct node *directory, const char *name)
{
	struct node *node = allocate(sizeof(*node));

	node->parent = directory;
	node->name = strdup(name);
	node->depth = directory->depth + 1;
	if (node->depth > DEPTH_MAX)
		refuse("%s: more than %d directories deep", name, DEPTH_MAX);
	if (node->name == NULL ||
	    tsearch(node, &directory->children, compare_names) == NULL)
		refuse("memory: none left");
	directory->child_count++;
	return node;
}

static void collect(const void *found, VISIT visit, void *closure)
{
	struct node ***next = closure;

	if (visit == postorder || visit == leaf)
		*(*next)++ = *(struct node *const *)found;
}

struct node **tree_children(const struct node *directory)
{
	struct node **children =
		allocate(directory->child_count * sizeof(void *));
	struct node **next = children;

	twalk_r(directory->children, collect, &next);
	return children;
}

static bool is_directory(const struct node *node)
{
	return S_ISDIR(node->inode->mode);
}

static struct inode *copy_inode(const struct inode *inode)
{
	struct inode *copy = allocate(sizeof(*copy));

	*copy = *inode;
	copy->name_count = 1;
	return copy;
}

static void drop_inode(struct inode *inode)
{
	if (--inode->name_count > 0)
		return;
	free((void *)inode->content.data);
	free(inode);
}

/* The node has no children any more. */
static void remove_node(struct node *node)
{
	tdelete(node, &node->parent->children, compare_names);
	node->parent->child_count--;
	drop_inode(node->inode);
	free((char *)node->name);
	free(node);
}

static void remove_all(struct node *node)
{
	while (node->children != NULL)
		remove_all(*(struct node **)node->children);
	remove_node(node);
}

/* ---- paths */

static void walk_text(struct walk *walk, const char *text);

void tree_count(struct tree *tree, const char *path)
{
	if (++tree->file_count > FILES_MAX)
		refuse("%s: more than %u files", path, FILES_MAX);
}

/* One path of an archive may name hundreds of directories, so these count. */
static struct node *make_directory(const struct walk *walk, const char *name)
{
	const struct inode inode = { .mode = S_IFDIR | 0755 };
	struct node *node = add_child(walk->at, name);

	tree_count(walk->tree, walk->path);
	node->inode = copy_inode(&inode);
	node->layer = walk->tree->layer;
	return node;
}

static void walk_up(struct walk *walk)
{
	if (walk->at == &walk->tree->root && walk->is_writing)
		refuse("%s: leaves the root by a link", walk->path);
	walk->at = walk->at->parent;
}

static void walk_link(struct walk *walk, const struct node *link)
{
	if (++walk->link_count > LINKS_MAX)
		refuse("%s: more than %d links on the way", walk->path,
		       LINKS_MAX);
	walk_text(walk, (const char *)link->inode->content.data);
}

static void walk_step(struct walk *walk, const char *name)
{
	struct node *child;

	if (++walk->step_count > STEPS_MAX)
		refuse("%s: more than %d steps of links", walk->path,
		       STEPS_MAX);
	if (!is_directory(walk->at)) {
		if (walk->is_writing)
			refuse("%s: on the way is no directory", walk->path);
		walk->at = NULL;
		return;
	}
	if (strcmp(name, "..") == 0) {
		walk_up(walk);
		return;
	}
	child = find_child(walk->at, name);
	if (child == NULL && walk->is_writing)
		child = make_directory(walk, name);
	if (child != NULL && S_ISLNK(child->inode->mode))
		walk_link(walk, child);
	else
		walk->at = child;
}

/* Copies the next name of *text, or returns false at its end. "." is none. */
static bool next_name(const char **text, char name[NAME_MAX + 1])
{
	size_t size;

	do {
		*text += strspn(*text, "/");
		size = strcspn(*text, "/");
		if (size > NAME_MAX)
			refuse("%.40s...: a name of more than %d bytes", *text,
			       NAME_MAX);
		memcpy(name, *text, size);
		name[size] = '\0';
		*text += size;
	} while (strcmp(name, ".") == 0);
	return size > 0;
}

/* Goes along all of `text`, or until there is nothing. */
static void walk_text(struct walk *walk, const char *text)
{
	char name[NAME_MAX + 1];

	if (*text == '/')
		walk->at = &walk->tree->root;
	while (walk->at != NULL && next_name(&text, name))
		walk_step(walk, name);
}

/*
 * Splits the path of an archive: returns the directory, and writes the last
 * name, which is "" if the path is the root itself. Links on the way to the
 * directory are followed, as a program that unpacks would.
 */
static struct node *split(struct tree *tree, const char *path,
                          char name[NAME_MAX + 1])
{
	struct walk walk = { .tree = tree,
		             .path = path,
		             .at = &tree->root,
		             .is_writing = true };
	char next[NAME_MAX + 1];

	if (*path == '/')
		refuse("%s: is absolute: names must be relative to the root",
		       path);
	if (strlen(path) >= PATH_MAX)
		refuse("%.40s...: a path of more than %d bytes", path,
		       PATH_MAX - 1);
	name[0] = '\0';
	while (next_name(&path, next)) {
		if (strcmp(next, "..") == 0)
			refuse("%s: leaves the root", walk.path);
		if (name[0] != '\0')
			walk_step(&walk, name);
		strcpy(name, next);
	}
	if (!is_directory(walk.at))
		refuse("%s: on the way is no directory", walk.path);
	return walk.at;
}

/* ---- what layers do */

void tree_open(struct tree *tree)
{
	const struct inode inode = { .mode = S_IFDIR | 0755 };

	*tree = (struct tree){ .root = { .name = "" } };
	tree->root.parent = &tree->root;
	tree->root.inode = copy_inode(&inode);
}

/* Returns a node of this name that has no inode yet. */
static struct node *make_room(struct tree *tree, struct node *directory,
                              const char *name)
{
	struct node *old = find_child(directory, name);
	struct node *node;

	if (old != NULL)
		remove_all(old);
	node = add_child(directory, name);
	node->layer = tree->layer;
	return node;
}

void tree_add(struct tree *tree, const char *path, const struct inode *inode)
{
	char name[NAME_MAX + 1];
	struct node *directory = split(tree, path, name);
	struct node *old;

	/*
	 * The root itself stays root's, with mode 755: a temporary directory
	 * that people unpack in has another.
	 */
	if (name[0] == '\0')
		return;
	old = find_child(directory, name);
	if (old != NULL && is_directory(old) && S_ISDIR(inode->mode)) {
		drop_inode(old->inode);
		old->inode = copy_inode(inode);
		old->layer = tree->layer;
		return;
	}
	make_room(tree, directory, name)->inode = copy_inode(inode);
}

void tree_link(struct tree *tree, const char *path, const char *target)
{
	char name[NAME_MAX + 1], target_name[NAME_MAX + 1];
	struct node *directory = split(tree, path, name);
	struct node *from = split(tree, target, target_name);
	struct node *old = find_child(from, target_name);
	struct inode *inode;

	if (name[0] == '\0' || old == NULL || is_directory(old))
		refuse("%s: a hard link to %s, which is no file here", path,
		       target);
	inode = old->inode;
	if (find_child(directory, name) == old)
		return;
	inode->name_count++;
	make_room(tree, directory, name)->inode = inode;
}

static void hide(struct tree *tree, struct node *node);

/*
 * A layer's own names stay, whatever order it has them in. What stays is looked
 * at once in a layer.
 */
static void hide_below(struct tree *tree, struct node *directory)
{
	struct node **children;
	size_t count = directory->child_count;

	if (directory->hidden == tree->layer)
		return;
	directory->hidden = tree->layer;
	children = tree_children(directory);
	for (size_t i = 0; i < count; i++)
		hide(tree, children[i]);
	free(children);
}

static void hide(struct tree *tree, struct node *node)
{
	hide_below(tree, node);
	if (node->layer < tree->layer && node->children == NULL)
		remove_node(node);
}

void tree_hide(struct tree *tree, const char *path)
{
	char name[NAME_MAX + 1];
	struct node *directory = split(tree, path, name);
	struct node *node = find_child(directory, name);

	if (node != NULL)
		hide(tree, node);
}

void tree_hide_below(struct tree *tree, const char *path)
{
	char name[NAME_MAX + 1];
	struct node *directory = split(tree, path, name);

	if (name[0] != '\0')
		directory = find_child(directory, name);
	if (directory != NULL)
		hide_below(tree, directory);
}

struct node *tree_find(struct tree *tree, const char *path)
{
	struct walk walk = { .tree = tree, .path = path, .at = &tree->root };

	walk_text(&walk, path);
	return walk.at;
}
