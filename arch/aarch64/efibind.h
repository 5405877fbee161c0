/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/efibind.h - what gnu-efi's <efi.h> needs from an architecture
 *
 * UEFI Specification 2.8, section 2.3.1, "Data Types". Debian's gnu-efi brings
 * this file for the build machine's architecture only. Its other headers are
 * the same for all architectures. The names here are gnu-efi's.
 */
#ifndef ARCH_AARCH64_EFIBIND_H
#define ARCH_AARCH64_EFIBIND_H

#include <stdint.h>

typedef int8_t INT8;
typedef uint8_t UINT8;
typedef int16_t INT16;
typedef uint16_t UINT16;
typedef int32_t INT32;
typedef uint32_t UINT32;
typedef int64_t INT64;
typedef uint64_t UINT64;
typedef int64_t INTN;
typedef uint64_t UINTN;
typedef uint16_t WCHAR;

#define VOID     void
#define VOLATILE volatile

/* EFI functions have C's calling convention. The blob calls none of them. */
#define EFIAPI
#define BOOTSERVICE
#define RUNTIMESERVICE
#define RUNTIMEFUNCTION
#define EXPORTAPI
#define INTERFACE_DECL(name)   struct name

#define EFI_ERROR_MASK         0x8000000000000000
#define EFIERR(number)         (EFI_ERROR_MASK | (number))
#define EFIERR_OEM(number)     (0xc000000000000000 | (number))

#define EFI_SIGNATURE_16(a, b) ((a) | (b) << 8)
#define EFI_SIGNATURE_32(a, b, c, d)                                           \
	(EFI_SIGNATURE_16(a, b) | EFI_SIGNATURE_16(c, d) << 16)
#define EFI_SIGNATURE_64(a, b, c, d, e, f, g, h)                               \
	(EFI_SIGNATURE_32(a, b, c, d) | (UINT64)EFI_SIGNATURE_32(e, f, g, h)   \
	                                        << 32)

#endif
