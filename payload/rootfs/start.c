/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/rootfs/start.c - makes Linux start the right program of a tree
 *
 * Linux starts /init of its initrd, or what "rdinit=" names. A link /init would
 * give the program a wrong name, by which busybox chooses what to be; a word on
 * the command line goes away with it. So /init is a program of ours, which
 * starts the other one: payload/rootfs/guest/init.c.
 */
#include "payload/rootfs/start.h"

#include <elf.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "common/spec/bundle.h"
#include "payload/rootfs/guest/config.h"
#include "payload/rootfs/guest/place.h"
#include "payload/rootfs/json_read.h"

#define STRINGS_MAX   (256u << 10)
#define PLACES_MAX    256
#define CONSOLE_MAJOR 5
#define CONSOLE_MINOR 1

/* A container has this one if it says nothing else, as with Docker. */
#define DEFAULT_PLACES                                                         \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

struct words {
	unsigned count;
	const char *items[GUEST_WORDS_MAX];
};

struct start {
	struct words words; /* the program and its arguments */
	struct words variables;
	const char *path;   /* of the program */
	const char *places; /* where it is looked for: the value of PATH */
	const char *directory;
	bool is_first; /* it takes the place of the first program */
};

static void add_word(struct words *words, const char *word)
{
	if (words->count == GUEST_WORDS_MAX)
		refuse("image: more than %d words to start its program with",
		       GUEST_WORDS_MAX);
	words->items[words->count++] = word;
}

static void add_list(struct words *words, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		add_word(words, json_item(list, i));
}

/* ---- the program */

/* Tells whether the guest's Linux could start what is there. */
static bool is_program(const struct node *node)
{
	return node != NULL && S_ISREG(node->inode->mode) &&
	       (node->inode->mode & 0111) != 0;
}

/*
 * Finds a bare name by PATH, as execvp(3) does. PATH is the image's: on the way
 * to each of its places there may be many links.
 */
static const char *search(struct tree *tree, const char *name,
                          const char *places)
{
	unsigned count = 0;
	char *path;

	for (size_t size; *places != '\0';
	     places += size + (places[size] == ':')) {
		if (++count > PLACES_MAX)
			refuse("image: PATH: more than %d places", PLACES_MAX);
		size = strcspn(places, ":");
		path = allocate(size + strlen(name) + 2);
		sprintf(path, "%.*s/%s", (int)size, places, name);
		if (is_program(tree_find(tree, path)))
			return path;
		free(path);
	}
	refuse("%s: the program to start: is not in its PATH", name);
}

static const char *find_variable(const struct words *variables,
                                 const char *name)
{
	size_t size = strlen(name);

	for (unsigned i = 0; i < variables->count; i++)
		if (strncmp(variables->items[i], name, size) == 0)
			return variables->items[i] + size;
	return NULL;
}

/* Returns an absolute path. */
static const char *locate(struct tree *tree, const struct start *start)
{
	const char *name = start->words.items[0];
	char *path;

	if (*name == '/')
		return name;
	if (strchr(name, '/') == NULL)
		return search(tree, name, start->places);
	path = allocate(strlen(start->directory) + strlen(name) + 2);
	sprintf(path, "%s/%s", start->directory, name);
	return path;
}

/* ELF header: "ELF Header" of the System V ABI. Scripts have none. */
static void check_program(struct tree *tree, const char *path, uint32_t arch)
{
	const struct node *node = tree_find(tree, path);
	const Elf64_Ehdr *elf;

	if (node == NULL)
		refuse("%s: the program to start: is not there", path);
	if (!is_program(node))
		refuse("%s: the program to start: is no executable file", path);
	elf = (const Elf64_Ehdr *)node->inode->content.data;
	if (node->inode->content.size >= sizeof(*elf) &&
	    memcmp(elf->e_ident, ELFMAG, SELFMAG) == 0 &&
	    elf->e_machine != arch)
		refuse("%s: the program to start: is not for %s, as the kernel "
		       "is",
		       path, arch_name(arch));
}

/* ---- what an image says */

static void read_config(struct start *start, const json_t *config)
{
	const char *directory = json_member(config, "WorkingDir");
	const char *user = json_member(config, "User");

	add_list(&start->variables, json_list(config, "Env"));
	if (directory != NULL && *directory != '\0')
		start->directory = directory;
	if (user != NULL && *user != '\0' && strcmp(user, "root") != 0 &&
	    strcmp(user, "0") != 0 && strcmp(user, "0:0") != 0)
		warn("image: User %s: its program will run as root", user);
}

static void choose_words(struct start *start, const json_t *config,
                         const char *init)
{
	if (init != NULL) {
		add_word(&start->words, init);
		start->is_first = true;
		return;
	}
	add_list(&start->words, json_list(config, "Entrypoint"));
	add_list(&start->words, json_list(config, "Cmd"));
}

/* ---- the guest's first program */

static char *put_string(char *to, const char *string)
{
	return stpcpy(to, string) + 1;
}

static void check_strings(const struct start *start)
{
	const struct words *lists[] = { &start->words, &start->variables };
	uint64_t size = strlen(start->path) + strlen(start->directory) + 2;

	for (unsigned k = 0; k < ARRAY_COUNT(lists); k++)
		for (unsigned i = 0; i < lists[k]->count; i++)
			size += strlen(lists[k]->items[i]) + 1;
	if (size > STRINGS_MAX)
		refuse("image: %lu bytes of words to start its program with: "
		       "at most %u",
		       (unsigned long)size, STRINGS_MAX);
}

/* Returns the configuration's size in bytes. */
static uint64_t put_config(uint8_t *to, const struct start *start)
{
	struct guest_config *config = (struct guest_config *)to;
	char *end = config->strings;

	config->word_count = start->words.count;
	config->variable_count = start->variables.count;
	config->is_first = start->is_first;
	end = put_string(end, start->path);
	end = put_string(end, start->directory);
	for (unsigned i = 0; i < start->words.count; i++)
		end = put_string(end, start->words.items[i]);
	for (unsigned i = 0; i < start->variables.count; i++)
		end = put_string(end, start->variables.items[i]);
	return (uint64_t)(end - (char *)to);
}

/* Writes the headers of a static program that is one segment. */
static void put_headers(uint8_t *to, uint64_t size, uint32_t arch)
{
	const Elf64_Ehdr elf = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
		             ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_EXEC,
		.e_machine = (Elf64_Half)arch,
		.e_version = EV_CURRENT,
		.e_entry = GUEST_START,
		.e_phoff = sizeof(elf),
		.e_ehsize = sizeof(elf),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 1,
	};
	const Elf64_Phdr segment = {
		.p_type = PT_LOAD,
		.p_flags = PF_R | PF_X,
		.p_vaddr = GUEST_BASE,
		.p_paddr = GUEST_BASE,
		.p_filesz = size,
		.p_memsz = size,
		.p_align = 0x10000, /* AArch64 may have pages of 64 KiB. */
	};

	static_assert(sizeof(elf) + sizeof(segment) <= GUEST_START - GUEST_BASE,
	              "the headers lie before the code");
	memcpy(to, &elf, sizeof(elf));
	memcpy(to + sizeof(elf), &segment, sizeof(segment));
}

static void add_init(struct tree *tree, const struct start *start,
                     uint32_t arch)
{
	uint64_t headers_size = GUEST_START - GUEST_BASE;
	struct inode init = { .mode = S_IFREG | 0755 };
	struct bytes code;
	char name[64];
	uint8_t *data;
	uint64_t size;

	snprintf(name, sizeof(name), "directboot-%s.init", arch_name(arch));
	code = file_read(place_find(name, ""));
	check_strings(start);
	data = allocate(headers_size + code.size + sizeof(struct guest_config) +
	                STRINGS_MAX);
	memcpy(data + headers_size, code.data, code.size);
	size = headers_size + code.size;
	size += put_config(data + size, start);
	put_headers(data, size, arch);
	init.content = (struct bytes){ data, size };
	tree_add(tree, "init", &init);
}

/* Linux opens it for the first program, before that could make any device. */
static void add_console(struct tree *tree)
{
	const struct inode console = { .mode = S_IFCHR | 0600,
		                       .major = CONSOLE_MAJOR,
		                       .minor = CONSOLE_MINOR };

	if (tree_find(tree, "/dev/console") == NULL)
		tree_add(tree, "dev/console", &console);
}

/* Tells whether Linux starts this file by itself. */
static bool is_init(const struct tree *tree, const struct node *node)
{
	return node->parent == &tree->root && strcmp(node->name, "init") == 0;
}

/* The directory may be missing, and is made then. */
static void add_directory(struct tree *tree, const char *path)
{
	const struct inode directory = { .mode = S_IFDIR | 0755 };

	if (tree_find(tree, path) == NULL)
		tree_add(tree, path + strspn(path, "/"), &directory);
}

void start_add(struct tree *tree, const struct container *container,
               const char *init, uint32_t arch)
{
	struct start *start = allocate(sizeof(*start));
	const json_t *config = container != NULL ? container->config : NULL;

	tree->layer++;
	start->directory = "/";
	read_config(start, config);
	choose_words(start, config, init);
	start->places = find_variable(&start->variables, "PATH=");
	if (start->places == NULL) {
		start->places = DEFAULT_PLACES;
		add_word(&start->variables, "PATH=" DEFAULT_PLACES);
	}
	add_console(tree);
	if (start->words.count == 0) {
		if (tree_find(tree, "/init") == NULL)
			refuse("no /init, which Linux would start: --init "
			       "names another program");
		check_program(tree, "/init", arch);
		return;
	}
	start->path = locate(tree, start);
	check_program(tree, start->path, arch);
	if (is_init(tree, tree_find(tree, start->path))) {
		if (start->words.count > 1 ||
		    strcmp(start->directory, "/") != 0)
			warn("/init: Linux starts it itself, without the "
			     "image's words, environment and directory");
		return;
	}
	add_directory(tree, start->directory);
	add_init(tree, start, arch);
}
