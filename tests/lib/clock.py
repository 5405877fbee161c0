# SPDX-License-Identifier: BSD-2-Clause
"""Deadlines in seconds of a machine that is ours alone."""
import os
import time

CROWDING_MAX = 4.0


def crowding():
    """How many times slower than alone this machine runs us, about."""
    return min(CROWDING_MAX, max(1.0, os.getloadavg()[0] / os.cpu_count()))


class Deadline:
    """Time runs more slowly in it the more others use the machine."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.spent = 0.0
        self.before = time.monotonic()

    def tick(self):
        """Counts the time since the last call; returns how much it was."""
        now = time.monotonic()
        step, self.before = (now - self.before) / crowding(), now
        self.spent += step
        return step

    def has_passed(self):
        self.tick()
        return self.spent > self.seconds
