# SPDX-License-Identifier: BSD-2-Clause
"""Debian's kernels."""
import os
import struct

from tool import inputs, tooltest


class RealKernels(tooltest.ToolTest):
    def kernel(self, name):
        path = os.path.join(tooltest.PLACES["kernels"], name)
        if not tooltest.PLACES["kernels"] or not os.path.exists(path):
            self.skipTest(path + " is not there")
        return path

    def test_unpacked_is_as_another_program_unpacks_it(self):
        for name in ("cloud-amd64", "amd64"):
            vmlinux = self.read(self.kernel(name + "/vmlinux"))
            phoff, = struct.unpack_from("<Q", vmlinux, 32)
            count, = struct.unpack_from("<H", vmlinux, 56)
            segments = []
            for i in range(count):
                kind, _, offset, _, paddr, size, memory_size, _ = \
                    struct.unpack_from("<IIQQQQQQ", vmlinux, phoff + 56 * i)
                if kind == 1:
                    segments.append((paddr, vmlinux[offset:offset + size],
                                     memory_size))
            self.pack(self.kernel(name + "/vmlinuz"), "--compress", "none")
            self.assertEqual(self.extract("kernel"), inputs.flat(segments))
            self.good("verify", self.out)
            self.pack(self.kernel(name + "/vmlinux"), "--compress", "none")
            self.assertEqual(self.extract("kernel"), inputs.flat(segments))

    def test_compressed_unpacks_to_the_same(self):
        kernel = self.kernel("cloud-amd64/vmlinuz")
        self.pack(kernel, "--compress", "none")
        plain = self.extract("kernel")
        sizes = []
        for how in ("lz4", "zstd"):
            self.pack(kernel, "--compress", how, "--rom-size", "exact")
            self.good("verify", self.out)
            self.assertEqual(self.extract("kernel"), plain)
            sizes.append(os.path.getsize(self.out))
        self.assertLess(sizes[1], sizes[0])
        self.assertLess(sizes[0], os.path.getsize(kernel))

    def expect_same(self, made, plain, argv):
        """The same ROM from all these; by this one's, kernels boot."""
        self.pack(plain, *argv)
        wanted = self.read()
        for name, data in made:
            if data is not None:
                with self.subTest(name):
                    self.pack(data, *argv)
                    self.assertEqual(self.read(), wanted)

    def test_bzimage_of_every_compression(self):
        """As a build makes each; forms.cases boots them."""
        kernel = self.kernel("cloud-amd64/vmlinuz")
        image = self.read(kernel)
        payload = self.read(self.kernel("cloud-amd64/vmlinux"))
        self.expect_same(
            ((name, inputs.exchange_payload(image, payload, packer))
             for name, packer in inputs.FAST_PACKERS.items()),
            kernel, ["--compress", "none"])

    def test_arm64_image_of_every_compression(self):
        kernel = self.kernel("cloud-arm64/vmlinuz")
        self.expect_same(inputs.packed_images(self.read(kernel)), kernel,
                         ["--compress", "none", "--blob", self.arm_blob])

    def test_arm64_image(self):
        for name in ("cloud-arm64", "arm64"):
            kernel = self.kernel(name + "/vmlinuz")
            self.pack(kernel, "--compress", "none", blob=self.arm_blob)
            self.assertEqual(self.extract("kernel"), self.read(kernel))
