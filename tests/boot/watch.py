# SPDX-License-Identifier: BSD-2-Clause
"""Watches a guest of a boot case to its end."""
import re
import time

from lib import clock, qmp


def press_power_button(path):
    with qmp.Qmp(path) as control:
        control.execute("system_powerdown")


def save(path, state):
    """Ends QEMU when the state of its guest is in the file `state`."""
    with qmp.Qmp(path) as control:
        control.execute("migrate", uri=f"exec:cat >{state}")
        deadline = clock.Deadline(60)
        while control.execute("query-migrate")["status"] != "completed":
            if deadline.has_passed():
                raise OSError("the guest's state is not saved")
            time.sleep(0.1)
        control.execute("quit")


def stop_reason(case, log, quiet_seconds):
    """Returns why there is nothing more to wait for, or None."""
    last = (log.strip().splitlines() or ["nothing on the console"])[-1]
    # After one of these texts, a guest has two seconds to end.
    if quiet_seconds > 2 and re.search(
            "Kernel panic - |GUEST is still here|System halted|^directboot: ",
            log, re.M):
        return f"stopped, last: {last[:100]}"
    if quiet_seconds > max(40, case.timeout / 4):
        return f"silent for {quiet_seconds:.0f} s, last: {last[:100]}"
    return None


def watch(qemu, case, press):
    """Waits for QEMU's end; gives what went wrong with it, or None.

    press() does what the guest waits for: it presses the power button.
    """
    pressed, log, quiet = False, "", 0.0
    deadline = clock.Deadline(case.timeout)
    while qemu.status() is None:
        time.sleep(0.1)
        quiet += deadline.tick()
        seen, log = log, qemu.console()
        if log != seen:
            quiet = 0.0
        if not pressed and "GUEST waits for " in log:
            press()
            pressed = True
        reason = stop_reason(case, log, quiet)
        if reason:
            return reason
        if deadline.spent > deadline.seconds:
            return f"timeout after {case.timeout} s"
    if qemu.status() != 0:
        return f"QEMU exits with status {qemu.status()}"
    return None
