"""What the jobs of a run took: seconds, processor time and memory, from their timings and logs."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from seizureflow.step_log import records, taken

# Jobs that differ in what they were given; the others have a name of their own.
_KINDS = ("analyse", "draw", "ingest", "derive")


@dataclass(frozen=True)
class JobTime:
    """What a job took.

    Attributes:
        name: Its name, that of its files of timings and log.
        seconds: From its start to its end; not a number where it is not known, like those below.
        processor_seconds: Processor time.
        memory: Largest memory held, in MB.
        ended: When its own work ended, from its log; None where it left none.
    """

    name: str
    seconds: float
    processor_seconds: float
    memory: float
    ended: datetime | None = None

    @property
    def kind(self) -> str:
        """What kind of job it is."""
        start = self.name.partition("_")[0]
        return start if start in _KINDS else self.name

    @property
    def started(self) -> datetime | None:
        """When its process began; None where its end or its seconds are not known."""
        if self.ended is None or math.isnan(self.seconds):
            return None
        return self.ended - timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class KindTime:
    """What all jobs of a kind took together."""

    kind: str
    jobs: int
    seconds: float
    processor_seconds: float
    memory: float


def job_times(folder: Path) -> list[JobTime]:
    """Read what the jobs of a study took; what is not there is not known.

    Args:
        folder: The study's folder of results, with ``timings`` and ``logs``.

    Returns:
        The jobs by name. A rerun of one job replaces its numbers, so that they may stem from
        different runs.
    """
    return [
        _job(path, folder / "logs" / f"{path.stem}.log")
        for path in sorted((folder / "timings").glob("*.tsv"))
    ]


def _job(timing: Path, log: Path) -> JobTime:
    with timing.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    row = rows[-1] if rows else {}
    said = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
    told = records(said)
    # Exact, where the timing has samples, and of a short job none.
    exact = taken(told[-1]) if told else None
    return JobTime(
        name=timing.stem,
        seconds=_number(row.get("s")),
        processor_seconds=exact[0] if exact else _number(row.get("cpu_time")),
        memory=exact[1] if exact else _number(row.get("max_rss")),
        ended=told[-1].time if told else None,
    )


def _number(text: str | None) -> float:
    """A number of a timing; a job too short to measure has a hyphen or NA in its place."""
    try:
        return float(text or "nan")
    except ValueError:
        return math.nan


def by_kind(jobs: Iterable[JobTime]) -> list[KindTime]:
    """What each kind of job took, the longest first."""
    ordered = sorted(jobs, key=lambda job: job.kind)
    kinds = [_together(kind, list(own)) for kind, own in groupby(ordered, lambda job: job.kind)]
    return sorted(kinds, key=lambda kind: -kind.seconds)


def _together(kind: str, jobs: list[JobTime]) -> KindTime:
    return KindTime(
        kind,
        len(jobs),
        known_sum(job.seconds for job in jobs),
        known_sum(job.processor_seconds for job in jobs),
        max((job.memory for job in jobs if not math.isnan(job.memory)), default=math.nan),
    )


def known_sum(values: Iterable[float]) -> float:
    """Sum of the values that are known."""
    return math.fsum(value for value in values if not math.isnan(value))


def critical_chain(jobs: Iterable[JobTime]) -> list[JobTime]:
    """The jobs that the end of the run waited for, in their order.

    From the job that ended last, each time the one that ended last before it began. That is the
    critical path where a job starts as soon as what it waits for is done; where it waited for a
    free core, the chain runs through the job that held the core.
    """
    left = [job for job in jobs if job.started is not None]
    chain: list[JobTime] = []
    before = datetime.max
    while earlier := [job for job in left if _end(job) <= before and job not in chain]:
        chain.append(max(earlier, key=_end))
        before = chain[-1].started or datetime.min
    return chain[::-1]


def _end(job: JobTime) -> datetime:
    return job.ended or datetime.min
