"""Hands the wish that a run should end on to the workflow engine when the engine can take it."""

from __future__ import annotations

import signal
import threading
from types import FrameType

_AGAIN = 0.02  # seconds


class Interruption:
    """Hears Ctrl-C in the main thread, remembers it, and raises KeyboardInterrupt.

    While jobs run it is raised where the engine waits for them: elsewhere an engine may take it for
    an error of the function that it calls, or be left with a job half begun, and wait for good.
    A second Ctrl-C is raised wherever it comes.

    Where Ctrl-C is ignored, as in the background of a script, it stays ignored.

    Args:
        schedule: Name of the engine's function that starts the jobs and waits for them.
    """

    def __init__(self, schedule: str) -> None:
        self._schedule = schedule
        self._handed_on_later = False
        self.heard = False
        self._main_thread = threading.get_ident()
        in_main = threading.current_thread() is threading.main_thread()
        if in_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._hear)

    def end(self) -> None:
        """Be deaf from now on: what is left to do is short, and tells the user of the end."""
        if signal.getsignal(signal.SIGINT) == self._hear:
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        insists = self.heard and not self._handed_on_later
        self.heard = True
        self._handed_on_later = False
        running = _running(frame)
        if insists or self._schedule not in running or running[0] == self._schedule:
            raise KeyboardInterrupt
        again = threading.Timer(_AGAIN, self._hand_on, [number])
        again.daemon = True
        again.start()

    def _hand_on(self, number: int) -> None:
        self._handed_on_later = True
        signal.pthread_kill(self._main_thread, number)


def let_a_thread_handle(number: signal.Signals) -> None:
    """Let the handler of a signal run in a thread of its own.

    A handler that waits for a lock waits for good where the main thread, which it holds up, has it.

    Args:
        number: A signal that has a handler of Python; others stay as they are.
    """
    handler = signal.getsignal(number)
    if callable(handler):

        def handle(*heard: object) -> None:
            threading.Thread(target=handler, args=heard, daemon=True).start()

        signal.signal(number, handle)


def _running(frame: FrameType | None) -> list[str]:
    """Names of the functions that are running, from a frame outwards; what waits is not told."""
    names = []
    while frame is not None:
        if frame.f_globals.get("__name__") != threading.__name__:
            names.append(frame.f_code.co_name)
        frame = frame.f_back
    return names
