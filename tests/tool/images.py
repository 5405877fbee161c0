# SPDX-License-Identifier: BSD-2-Clause
"""Root file systems and container images, made by their specifications.

A tree is a list of (name, data or None for a directory, fields): the fields are
those of tarfile.TarInfo. read_cpio() reads initrds as Linux does.
"""
import gzip
import hashlib
import io
import json
import lzma
import os
import struct
import tarfile
import zlib

DOCKER = {"x86_64": "amd64", "aarch64": "arm64"}
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"


def entry(name, data=b"", **fields):
    info = tarfile.TarInfo(name)
    info.mode = 0o644
    if data is None:
        info.type, info.mode, data = tarfile.DIRTYPE, 0o755, b""
    info.size = len(data)
    for key, value in fields.items():
        setattr(info, key, value)
    return info, data


def link(name, target):
    return entry(name, type=tarfile.SYMTYPE, linkname=target, mode=0o777)


def hard_link(name, target):
    return entry(name, type=tarfile.LNKTYPE, linkname=target)


def device(name, major, minor):
    return entry(name, type=tarfile.CHRTYPE, devmajor=major, devminor=minor,
                 mode=0o600)


def tar(*entries, style=tarfile.PAX_FORMAT):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=style) as archive:
        for info, data in entries:
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def digest(data):
    return hashlib.sha256(data).hexdigest()


def diff_ids(layers):
    """The digests of the layers, unpacked."""
    return ["sha256:" + digest(
        gzip.decompress(layer) if layer[:2] == b"\x1f\x8b" else layer)
            for layer in layers]


def to_json(value):
    return json.dumps(value).encode()


class Layout:
    """An OCI image layout: its files by name."""

    def __init__(self):
        self.files = {"oci-layout": to_json({"imageLayoutVersion": "1.0.0"})}
        self.manifests = []

    def blob(self, kind, data, **more):
        self.files["blobs/sha256/" + digest(data)] = data
        return {"mediaType": kind, "digest": "sha256:" + digest(data),
                "size": len(data), **more}

    def image(self, layers, arch="x86_64", config=None):
        """Returns the descriptor of the image's manifest."""
        described = {"architecture": DOCKER.get(arch, arch), "os": "linux",
                     "config": config or {}, "rootfs": {
                         "type": "layers", "diff_ids": diff_ids(layers)}}
        manifest = {"schemaVersion": 2,
                    "config": self.blob(CONFIG, to_json(described)),
                    "layers": [self.blob(LAYER, layer) for layer in layers]}
        return self.blob(MANIFEST, to_json(manifest))

    def add(self, layers, arch="x86_64", config=None, platform=True):
        """Adds an image, of which the index says for what it is, or not."""
        described = self.image(layers, arch, config)
        if platform:
            described["platform"] = {"architecture": DOCKER.get(arch, arch),
                                     "os": "linux"}
        self.manifests.append(described)
        return self

    def all_files(self):
        index = {"schemaVersion": 2, "manifests": self.manifests}
        return {**self.files, "index.json": to_json(index)}

    def write(self, path):
        for name, data in self.all_files().items():
            os.makedirs(os.path.dirname(f"{path}/{name}"), exist_ok=True)
            with open(f"{path}/{name}", "wb") as file:
                file.write(data)
        return path

    def tar(self):
        return tar(*[entry(name, data)
                     for name, data in self.all_files().items()])


def saved(*images):
    """As `docker save`: images are (layers, architecture, configuration)."""
    files, manifest = [], []
    for layers, arch, config in images:
        described = to_json({
            "architecture": DOCKER[arch], "os": "linux", "config": config,
            "rootfs": {"type": "layers", "diff_ids": diff_ids(layers)}})
        name = digest(described) + ".json"
        names = [digest(layer) + "/layer.tar" for layer in layers]
        files += [entry(name, described)] + [
            entry(*pair) for pair in zip(names, layers)]
        manifest.append({"Config": name, "RepoTags": None, "Layers": names})
    return tar(*files, entry("manifest.json", to_json(manifest)))


def repeated(base, layer, count, config):
    """An image that names a layer so often, as a layout and as it is saved."""
    described = to_json({
        "architecture": "amd64", "os": "linux", "config": config,
        "rootfs": {"type": "layers", "diff_ids":
                   diff_ids([base]) + diff_ids([layer]) * count}})
    layout = Layout()
    layout.manifests = [layout.blob(MANIFEST, to_json({
        "config": layout.blob(CONFIG, described),
        "layers": [layout.blob(LAYER, base)] +
                  [layout.blob(LAYER, layer)] * count}))]
    return layout.tar(), tar(
        entry("config", described), entry("base", base), entry("layer", layer),
        entry("manifest.json", to_json([{
            "Config": "config", "Layers": ["base"] + ["layer"] * count}])))


def read_cpio(data):
    """Maps each name to (mode, owner, group, links, content or device); what
    other names of a file have is its content, too."""
    fields = ("inode mode uid gid links mtime size major minor rmajor rminor "
              "name check").split()
    found, contents, at = {}, {}, 0
    while True:
        assert data[at:at + 6] == b"070701", at
        head = {field: int(data[at + 6 + 8 * i:at + 14 + 8 * i], 16)
                for i, field in enumerate(fields)}
        name = data[at + 110:at + 110 + head["name"] - 1].decode()
        start = (at + 110 + head["name"] + 3) // 4 * 4
        at = (start + head["size"] + 3) // 4 * 4
        if name == "TRAILER!!!":
            assert at == len(data), (at, len(data))
            return found
        content = data[start:start + head["size"]]
        if head["mode"] >> 12 in (2, 6):
            content = head["rmajor"], head["rminor"]
        if head["links"] > 1:
            content = contents.setdefault(head["inode"], content)
        assert name not in found, name
        found[name] = (head["mode"], head["uid"], head["gid"], head["links"],
                       content)


def compressed(data):
    return gzip.compress(data, mtime=0)


def lzip(data):
    """Lzip manual, "File format": LZMA with 512 KiB of dictionary."""
    packed = lzma.compress(data, lzma.FORMAT_RAW, filters=[
        {"id": lzma.FILTER_LZMA1, "dict_size": 1 << 19}])
    return b"LZIP\1\x13" + packed + struct.pack(
        "<IQQ", zlib.crc32(data), len(data), 6 + len(packed) + 20)


def zstd_frame(*blocks):
    """RFC 8878: a window of 128 KiB. A block is bytes, or a number: so many
    blocks of 128 KiB of zeros."""
    out = struct.pack("<IBB", 0xfd2fb528, 0, 7 << 3)
    for block in blocks:
        if isinstance(block, bytes):
            out += struct.pack("<I", len(block) << 3)[:3] + block
        else:
            out += (struct.pack("<I", (1 << 17) << 3 | 2)[:3] + b"\0") * block
    return out + b"\1\0\0"


def zstd_bomb(head, size):
    return zstd_frame(head, size >> 17)


def pzstd(data):
    parts = [data[at:at + 65536] for at in range(0, len(data), 65536)]
    return struct.pack("<III", 0x184d2a50, 4, 0) + zstd_frame(*parts)
