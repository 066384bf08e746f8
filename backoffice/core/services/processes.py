"""Child processes that start together and end together, when one command runs the whole product.

Every child has a session of its own: a Ctrl-C at the terminal reaches only this process, which then ends the children
in an order that loses nothing. Signals set a flag that the waiting loops read, so none arrives between a child's birth
and its entry in the list.
"""

import os
import signal
import subprocess
import time
from contextlib import suppress
from types import FrameType

END_SECONDS = 10


class Family:
    """The children of one command."""

    def __init__(self) -> None:
        self.asked_to_end = False
        self._children: list[tuple[str, subprocess.Popen[bytes], signal.Signals]] = []

    def obey_signals(self) -> None:
        """Listen to Ctrl-C, a closed terminal and the service manager, even if our parent ignores them."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_end)

    def run(self, command: list[str], environment: dict[str, str]) -> int:
        """Run one step and wait for it; its exit code, or -1 when the family was asked to end meanwhile."""
        child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
        while child.poll() is None:
            if self.asked_to_end:
                child.terminate()
                _bury(child, time.monotonic() + END_SECONDS)
                return -1
            time.sleep(0.05)
        return child.returncode

    def start(
        self, name: str, command: list[str], environment: dict[str, str], ends_on: signal.Signals = signal.SIGTERM
    ) -> None:
        """Start a child that stays; `ends_on` is the signal that it understands as a request to finish quickly."""
        child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
        self._children.append((name, child, ends_on))

    def ended(self) -> str:
        """The name of a child that ended by itself, or an empty text while all live."""
        return next((name for name, child, _ in self._children if child.poll() is not None), "")

    def wait(self) -> str:
        """Wait until somebody asks to end (an empty text) or a child ends by itself (its name)."""
        while not self.asked_to_end:
            if name := self.ended():
                return name
            time.sleep(0.2)
        return ""

    def end(self) -> None:
        """End all children; those that do not go in time are killed with everything they started."""
        for _, child, ends_on in self._children:
            child.send_signal(ends_on)
        deadline = time.monotonic() + END_SECONDS
        for _, child, _ in self._children:
            _bury(child, deadline)
        self._children.clear()

    def _ask_to_end(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_end = True


def _bury(child: subprocess.Popen[bytes], deadline: float) -> None:
    """Wait for the child, which ends its own children in order; then strike what is left of its session."""
    with suppress(subprocess.TimeoutExpired):
        child.wait(timeout=max(0.1, deadline - time.monotonic()))
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
