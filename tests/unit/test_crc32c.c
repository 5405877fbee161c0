/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_crc32c.c - CRC-32C and SHA-256 by their standards' examples
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arch.h"
#include "payload/lib/crc32c.h"
#include "payload/lib/tool.h"
#include "tests/unit/test.h"

#ifdef __x86_64__
#include "../../arch/x86_64/cpu.h" /* the real one, not tests/unit/fake/ */
#include "arch/x86_64/lib/sha256_ni.h"
#endif

static bool is_by_cpu;

/* A program, too, may run the blob's own code for x86_64. */
static bool add_blocks_by_cpu(uint32_t state[8], const uint8_t *blocks,
                              uint64_t count)
{
#ifdef __x86_64__
	if (cpu_has_sha_ni()) {
		sha256_ni_blocks(state, blocks, count);
		return true;
	}
#endif
	(void)state;
	(void)blocks;
	(void)count;
	return false;
}

bool arch_sha256_blocks(uint32_t state[8], const uint8_t *blocks,
                        uint64_t count)
{
	return is_by_cpu && add_blocks_by_cpu(state, blocks, count);
}

/* RFC 3720, appendix B.4, has these examples. */
static void crc32c_is_as_the_rfc_says(void)
{
	uint8_t data[32];

	memset(data, 0, sizeof(data));
	EXPECT_EQ(crc32c(0, data, sizeof(data)), 0x8a9136aa);
	memset(data, 0xff, sizeof(data));
	EXPECT_EQ(crc32c(0, data, sizeof(data)), 0x62a8ab43);
	for (uint8_t i = 0; i < sizeof(data); i++)
		data[i] = i;
	EXPECT_EQ(crc32c(0, data, sizeof(data)), 0x46dd794e);
	EXPECT_EQ(crc32c(crc32c(0, data, 5), data + 5, sizeof(data) - 5),
	          0x46dd794e);
	EXPECT_EQ(crc32c(0, "123456789", 9), 0xe3069283);
}

static void expect_digest(const char *text, size_t size, const char *wanted)
{
	uint8_t digest[32];
	char got[65];

	sha256(digest, text, size);
	EXPECT_STR(text_digest(got, digest), wanted);
}

/* There are FIPS 180-4's examples, and sizes around the end of a block. */
static void sha256_is_as_the_standard_says(void)
{
	static char text[119];

	expect_digest("abc", 3,
	              "ba7816bf8f01cfea414140de5dae2223"
	              "b00361a396177a9cb410ff61f20015ad");
	expect_digest("", 0,
	              "e3b0c44298fc1c149afbf4c8996fb924"
	              "27ae41e4649b934ca495991b7852b855");
	memset(text, 'a', sizeof(text));
	expect_digest(text, 55,
	              "9f4390f8d30c2dd92ec9f095b65e2b9a"
	              "e9b0a925a5258e241c9f1e910f734318");
	expect_digest(text, 56,
	              "b35439a4ac6f0948b6d6f9e3c6af0f5f"
	              "590ce20f1bde7090ef7970686ec6738a");
	expect_digest(text, 64,
	              "ffe054fe7ae0cb6dc65c3af9b61d5209"
	              "f439851db43d0ba5997337df154668eb");
	expect_digest(text, 119,
	              "31eba51c313a5c08226adf18d4a359cf"
	              "dfd8d2e816b13f4af952f7ea6584dcfb");
}

/* Any alignment and size is possible. No byte is read beyond the end. */
static void sha256_by_the_cpu_is_the_same(void)
{
	for (size_t size = 0; size < 1000; size += 1 + size / 40) {
		uint8_t *data = malloc(size + 1);
		uint8_t wanted[32], got[32];

		for (size_t i = 0; i <= size; i++)
			data[i] = (uint8_t)(i * 167 + size);
		is_by_cpu = false;
		sha256(wanted, data + 1, size);
		is_by_cpu = true;
		sha256(got, data + 1, size);
		EXPECT(memcmp(got, wanted, sizeof(got)) == 0);
		free(data);
	}
}

int main(void)
{
	uint32_t state[8] = { 0 };
	uint8_t block[64] = { 0 };

	RUN(crc32c_is_as_the_rfc_says);
	RUN(sha256_is_as_the_standard_says);
	if (!add_blocks_by_cpu(state, block, 1)) {
		printf("skip sha256_by_the_cpu: it has no SHA-NI\n");
		return test_status();
	}
	RUN(sha256_by_the_cpu_is_the_same);
	RUN(sha256_is_as_the_standard_says);
	return test_status();
}
