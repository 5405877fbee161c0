# SPDX-License-Identifier: BSD-2-Clause
"""CRC-32C and the 64-bit sum of bundles, by their definitions."""
import struct

CRC_TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82f63b78 if byte & 1 else 0)
    CRC_TABLE.append(byte)


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc = crc >> 8 ^ CRC_TABLE[(crc ^ byte) & 255]
    return crc ^ 0xffffffff


def sum64(data):
    data += bytes(-len(data) % 8)
    result = 0
    for word, in struct.iter_unpack("<Q", data):
        result = ((result << 13 | result >> 51) + word) & (1 << 64) - 1
    return result
