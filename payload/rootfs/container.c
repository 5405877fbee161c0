/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/rootfs/container.c - reads container images; see container.h */
#include "payload/rootfs/container.h"

#include <sys/stat.h>

#include "common/spec/bundle.h"
#include "payload/read/unpack.h"
#include "payload/rootfs/json_read.h"

#define INDEX_DEPTH_MAX 4
#define MANIFEST_MAX    100        /* that are looked at */
#define JSON_SIZE_MAX   (8u << 20) /* of all that is parsed */
#define LAYERS_SIZE_MAX (4ull << 30)

#define DIGEST_PREFIX   "sha256:"
#define DIGEST_SIZE     (sizeof(DIGEST_PREFIX) - 1 + 2 * SHA256_SIZE)

/* The search for the one image of an architecture in an index. */
struct search {
	struct container *container;
	unsigned count;      /* of manifests looked at */
	const json_t *found; /* the manifest, or NULL */
	const char *digest;  /* of it */
};

static const struct bytes *find_file(const struct container *container,
                                     const char *path)
{
	const struct node *node = tree_find(container->files, path);

	return node != NULL && S_ISREG(node->inode->mode)
	               ? &node->inode->content
	               : NULL;
}

static struct node *open_node(const struct container *container,
                              const char *path)
{
	struct node *node = tree_find(container->files, path);

	if (node == NULL || !S_ISREG(node->inode->mode))
		refuse("image: %s: is not there", path);
	return node;
}

static struct bytes open_file(const struct container *container,
                              const char *path)
{
	return open_node(container, path)->inode->content;
}

/* An index may name a text a hundred times. Each time is parsed and kept. */
static json_t *parse(struct container *container, const char *name,
                     struct bytes text)
{
	container->json_size += text.size;
	if (container->json_size > JSON_SIZE_MAX)
		refuse("%s: more than %u MiB of JSON in all", name,
		       JSON_SIZE_MAX >> 20);
	return json_parse(name, text);
}

static void check_digest(struct bytes content, const char *digest)
{
	uint8_t sum[SHA256_SIZE];
	char text[2 * SHA256_SIZE + 1];

	if (strlen(digest) != DIGEST_SIZE ||
	    strncmp(digest, DIGEST_PREFIX, strlen(DIGEST_PREFIX)) != 0)
		refuse("image: digest %.80s: must be of SHA-256", digest);
	sha256(sum, content.data, content.size);
	if (strcmp(text_digest(text, sum), digest + strlen(DIGEST_PREFIX)) != 0)
		refuse("image: %s: damaged: has SHA-256 %s", digest, text);
}

/* ---- OCI image layouts */

/*
 * Descriptors: "OCI Content Descriptors" of the specification. An image may
 * name a layer hundreds of times.
 */
static struct bytes open_blob(const struct container *container,
                              const json_t *descriptor)
{
	static const char folder[] = "blobs/sha256/";
	const char *digest = json_member(descriptor, "digest");
	const json_t *size = json_object_get(descriptor, "size");
	char path[sizeof(folder) + 2 * SHA256_SIZE];
	struct bytes content;
	struct node *node;

	if (digest == NULL || strlen(digest) != DIGEST_SIZE ||
	    strchr(digest, '/') != NULL)
		refuse("image: digest %.80s: must be of SHA-256",
		       digest != NULL ? digest : "is missing");
	snprintf(path, sizeof(path), "%s%s", folder,
	         digest + strlen(DIGEST_PREFIX));
	node = open_node(container, path);
	content = node->inode->content;
	if (!json_is_integer(size) ||
	    (uint64_t)json_integer_value(size) != content.size)
		refuse("image: %s: has %lu bytes, which is not its size",
		       digest, (unsigned long)content.size);
	if (!node->is_right)
		check_digest(content, digest);
	node->is_right = true;
	return content;
}

static json_t *parse_blob(struct container *container, const json_t *descriptor)
{
	return parse(container, "image", open_blob(container, descriptor));
}

static bool is_for(const struct container *container, const json_t *platform)
{
	const char *arch = json_member(platform, "architecture");
	const char *os = json_member(platform, "os");

	return arch != NULL && strcmp(arch, container->platform) == 0 &&
	       os != NULL && strcmp(os, "linux") == 0;
}

/* An index may say for what an image is; the image's configuration does. */
static void look_at_manifest(struct search *search, const json_t *descriptor,
                             const json_t *manifest)
{
	const char *digest = json_member(descriptor, "digest");

	if (!is_for(search->container,
	            parse_blob(search->container,
	                       json_object_get(manifest, "config"))))
		return;
	if (search->found != NULL && strcmp(search->digest, digest) != 0)
		refuse("image: there are several for %s: must be one",
		       search->container->platform);
	search->found = manifest;
	search->digest = digest;
}

static void look_at_index(struct search *search, const json_t *index,
                          unsigned depth)
{
	const json_t *list = json_list(index, "manifests");

	if (depth > INDEX_DEPTH_MAX)
		refuse("image: index within index, %u deep", depth);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *descriptor = json_array_get(list, i);
		const json_t *platform =
			json_object_get(descriptor, "platform");
		const json_t *blob;

		if (platform != NULL && !is_for(search->container, platform))
			continue;
		if (++search->count > MANIFEST_MAX)
			refuse("image: more than %d manifests", MANIFEST_MAX);
		blob = parse_blob(search->container, descriptor);
		if (json_object_get(blob, "manifests") != NULL)
			look_at_index(search, blob, depth + 1);
		else
			look_at_manifest(search, descriptor, blob);
	}
}

static void check_layer_count(size_t count)
{
	if (count > CONTAINER_LAYER_MAX)
		refuse("image: more than %d layers", CONTAINER_LAYER_MAX);
}

static void open_layout(struct container *container, struct bytes index)
{
	struct search search = { .container = container };
	const json_t *layers;

	look_at_index(&search, parse(container, "index.json", index), 1);
	if (search.found == NULL)
		refuse("image: there is none for linux/%s",
		       container->platform);
	container->config = json_object_get(
		parse_blob(container, json_object_get(search.found, "config")),
		"config");
	layers = json_list(search.found, "layers");
	check_layer_count(json_array_size(layers));
	for (size_t i = 0; i < json_array_size(layers); i++)
		container->layers[container->layer_count++] =
			open_blob(container, json_array_get(layers, i));
}

/* ---- archives of `docker save` */

/* Returns the file. If its name is a digest, it must be the right one. */
static struct bytes open_named(const struct container *container,
                               const char *path)
{
	struct bytes content = open_file(container, path);
	const char *name = strrchr(path, '/');
	char digest[DIGEST_SIZE + 1];

	name = name != NULL ? name + 1 : path;
	if (strspn(name, "0123456789abcdef") == 2 * SHA256_SIZE) {
		snprintf(digest, sizeof(digest), DIGEST_PREFIX "%s", name);
		check_digest(content, digest);
	}
	return content;
}

static struct bytes open_saved_layer(const struct container *container,
                                     const char *path)
{
	struct bytes layer = open_file(container, path);

	return unpack_name(&layer) != NULL ? unpack(&layer, "image: layer")
	                                   : layer;
}

/* The digests in the configuration are those of the layers, unpacked. */
static void open_saved(struct container *container, const json_t *image,
                       const json_t *config)
{
	const json_t *layers = json_list(image, "Layers");
	const json_t *digests =
		json_list(json_object_get(config, "rootfs"), "diff_ids");
	size_t count = json_array_size(layers);
	uint64_t size = 0;

	check_layer_count(count);
	if (json_array_size(digests) != count)
		refuse("image: %zu layers, and digests of %zu", count,
		       json_array_size(digests));
	container->config = json_object_get(config, "config");
	container->layer_count = (unsigned)count;
	for (size_t i = 0; i < count; i++) {
		container->layers[i] =
			open_saved_layer(container, json_item(layers, i));
		size += container->layers[i].size;
		if (size > LAYERS_SIZE_MAX)
			refuse("image: more than %llu GiB of layers",
			       LAYERS_SIZE_MAX >> 30);
	}
	for (size_t i = 0; i < count; i++)
		check_digest(container->layers[i], json_item(digests, i));
}

static void search_saved(struct container *container, const json_t *images)
{
	const json_t *image, *config, *found = NULL;
	size_t i;

	json_array_foreach((json_t *)images, i, image)
	{
		const char *name = json_member(image, "Config");

		if (i >= MANIFEST_MAX)
			refuse("image: more than %d manifests", MANIFEST_MAX);
		if (name == NULL)
			refuse("image: manifest.json: Config is missing");
		config = parse(container, name, open_named(container, name));
		if (!is_for(container, config))
			continue;
		if (found != NULL)
			refuse("image: there are several for %s: must be one",
			       container->platform);
		found = config;
		open_saved(container, image, config);
	}
	if (found == NULL)
		refuse("image: there is none for linux/%s",
		       container->platform);
}

/* Any root file system may have a file of that name. */
static bool is_saved(const json_t *images)
{
	const json_t *first = json_array_get(images, 0);

	return json_member(first, "Config") != NULL &&
	       json_is_array(json_object_get(first, "Layers"));
}

bool container_open(struct container *container, struct tree *files,
                    uint32_t arch)
{
	const struct bytes *file;
	json_t *images;

	container->files = files;
	container->platform = arch == BUNDLE_ARCH_X86_64 ? "amd64" : "arm64";
	file = find_file(container, "index.json");
	if (file != NULL && find_file(container, "oci-layout") != NULL) {
		open_layout(container, *file);
		return true;
	}
	file = find_file(container, "manifest.json");
	if (file == NULL || file->size > JSON_SIZE_MAX)
		return false;
	images = json_loadb((const char *)file->data, file->size,
	                    JSON_REJECT_DUPLICATES, NULL);
	if (!is_saved(images))
		return false;
	search_saved(container, images);
	return true;
}
