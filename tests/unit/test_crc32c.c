/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_crc32c.c - CRC-32C and SHA-256 by their standards' examples
 */
#include <string.h>

#include "payload/crc32c.h"
#include "payload/tool.h"
#include "tests/unit/test.h"

/* RFC 3720, appendix B.4. */
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

/* FIPS 180-4's examples, and sizes around the end of a block. */
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

int main(void)
{
	RUN(crc32c_is_as_the_rfc_says);
	RUN(sha256_is_as_the_standard_says);
	return test_status();
}
