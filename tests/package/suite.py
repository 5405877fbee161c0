# SPDX-License-Identifier: BSD-2-Clause
"""The Debian package, installing by make, and make's help: test_*.py.

`make package-tests` builds the package twice before.
"""
import os

from lib import guest
from package import packagetest
from tool import suite as tool_suite

HERE = os.path.dirname(os.path.abspath(__file__))
run = tool_suite.run


def load():
    return tool_suite.cases_in(HERE)


def prepare(_, context):
    guest.fetch(context, *(f"{kind}-{debian}" for kind in ("cloud", "busybox")
                           for debian in guest.DEBIAN.values()))
    packagetest.PLACES["context"] = context
