#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prints a software bill of materials: CycloneDX 1.5, as JSON.

usage: sbom.py BUILD_DIRECTORY

The list has the files that were built, with their SHA-256, and the libraries
that went into them, with the version of their Debian package. It has no time
and no serial number, so that the same inputs print the same bytes.
"""
import hashlib
import json
import os
import subprocess
import sys

# Each row is a package, its licence, and the files that it is linked into.
LIBRARIES = [
    ("libarchive-dev", "BSD-2-Clause", ["directboot"]),
    ("libjansson-dev", "MIT", ["directboot"]),
    ("zlib1g-dev", "Zlib", ["directboot"]),
    ("libbz2-dev", "bzip2-1.0.6", ["directboot"]),
    ("liblzma-dev", "0BSD", ["directboot"]),
    ("liblzo2-dev", "GPL-2.0-or-later", ["directboot"]),
    ("liblz4-dev", "BSD-2-Clause", ["directboot"]),
    ("libzstd-dev", "BSD-3-Clause", ["directboot"]),
    ("gnu-efi", "BSD-2-Clause", ["directboot-aarch64.rom"]),
    ("libfdt-dev", "BSD-2-Clause",
     ["directboot", "directboot-x86_64.rom", "directboot-aarch64.rom"]),
]
FILES = ["directboot", "directboot-x86_64.rom", "directboot-aarch64.rom",
         "directboot-x86_64.init", "directboot-aarch64.init"]


def package_version(name):
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name],
                          capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else None


def file_component(build, name):
    with open(os.path.join(build, name), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return {
        "type": "application" if name == "directboot" else "firmware",
        "bom-ref": name,
        "name": name,
        "licenses": [{"license": {"id": "BSD-2-Clause"}}],
        "hashes": [{"alg": "SHA-256", "content": digest}],
    }


def library_component(name, licence):
    component = {
        "type": "library",
        "bom-ref": name,
        "name": name,
        "licenses": [{"license": {"id": licence}}],
    }
    version = package_version(name)
    if version:
        component["version"] = version
        component["purl"] = "pkg:deb/debian/%s@%s" % (name, version)
    return component


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build = sys.argv[1]
    built = [name for name in FILES if os.path.exists(
        os.path.join(build, name))]
    tool = os.path.join(build, "directboot")
    version = subprocess.run([tool, "--version"], capture_output=True,
                             text=True, check=True).stdout.split()[1]
    used = [(name, licence, users) for name, licence, users in LIBRARIES
            if set(users) & set(built)]
    json.dump({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": "project",
            "name": "directboot", "version": version.rstrip(","),
            "licenses": [{"license": {"id": "BSD-2-Clause"}}],
        }},
        "components": [file_component(build, name) for name in built] +
        [library_component(name, licence) for name, licence, _ in used],
        "dependencies": [{"ref": "project", "dependsOn": built}] + [
            {"ref": name, "dependsOn": [library for library, _, users in used
                                        if name in users]}
            for name in built],
    }, sys.stdout, indent=2)
    print()


main()
