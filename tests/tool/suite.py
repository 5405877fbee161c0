# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the host tool, by its command line: the methods of test_*.py.

They are code, not rows of a table; each is a case here all the same, named
Class.method. Those with real kernels are skipped where
scripts/fetch-kernels.sh has not been.
"""
import glob
import importlib
import os
import unittest

from lib import report, table
from tool import tooltest

HERE = os.path.dirname(os.path.abspath(__file__))


class Case:
    """A test method with the interface of a table's row."""
    arch, tags = "", []

    def __init__(self, test):
        self.test = test
        self.name = f"{type(test).__name__}.{test.id().rsplit('.', 1)[1]}"

    def set(self, key, value):
        raise table.TableError(f"{key}={value}: these cases have no words")


def cases_in(folder):
    """Of the files test_*.py there."""
    cases = []
    for path in sorted(glob.glob(f"{folder}/test_*.py")):
        name = os.path.basename(path).removesuffix(".py")
        module = importlib.import_module(
            f"{os.path.basename(folder)}.{name}")
        suites = unittest.defaultTestLoader.loadTestsFromModule(module)
        cases += [Case(test) for suite in suites for test in suite]
    return cases


def load():
    return cases_in(HERE)


def prepare(_, context):
    tooltest.PLACES["tool"] = context.tool
    tooltest.PLACES["kernels"] = f"{context.build}/kernels"


def run(case, _):
    result = unittest.TestResult()
    # A test keeps its directory in itself: a copy for each run.
    type(case.test)(case.test.id().rsplit(".", 1)[1]).run(result)
    problems = [f"{test.id().split('.', 2)[2]}: {text.strip()}"
                for test, text in result.failures + result.errors]
    return report.Verdict(problems, "; ".join(
        reason for _, reason in result.skipped))
