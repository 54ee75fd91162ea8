"""Follows a run of jobs: how many are done, which are running, and that in a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_TELLING = ("analysis", "figure", "domain", "chunk")  # wildcards that tell jobs of a rule apart


def job_name(rule: str, wildcards: Mapping[str, str]) -> str:
    """What a job does and for which study, in a few words.

    >>> job_name("draw_figure", {"study": "opus", "figure": "kaplan_meier"})
    'draw_figure kaplan_meier (opus)'
    """
    words = " ".join([rule, *(wildcards[name] for name in _TELLING if name in wildcards)])
    return f"{words} ({wildcards['study']})" if "study" in wildcards else words


def duration(seconds: float) -> str:
    """Seconds in words.

    >>> duration(7.6), duration(162), duration(7325)
    ('8 s', '2 min 42 s', '2 h 2 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


@dataclass
class RunProgress:
    """What a run has done so far; changed by what is told of its jobs.

    Attributes:
        done: Jobs that are done.
        total: Jobs that the run will have done; may grow while it goes on.
    """

    done: int = 0
    total: int = 0
    _running: dict[int, str] = field(default_factory=dict)

    def started(self, job: int, rule: str, wildcards: Mapping[str, str]) -> None:
        """A job has been started; it runs, or waits in the queue of a cluster."""
        self._running[job] = job_name(rule, wildcards)

    def ended(self, job: int) -> None:
        """A job has ended, well or not."""
        self._running.pop(job, None)

    def counted(self, done: int, total: int) -> None:
        """So many jobs of so many are done."""
        self.done, self.total = done, total

    def line(self, seconds: float, width: int) -> str:
        """The state of the run.

        Args:
            seconds: Time since the run began.
            width: Characters that the line may have.
        """
        head = f"{self.done} of {self.total} jobs, {duration(seconds)}"
        running = ", ".join(self._running.values())
        line = f"{head}: {running}" if running else head
        return line if len(line) <= width else line[: max(width - 1, 0)] + "…"
