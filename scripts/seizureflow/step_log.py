"""The form of a step's log, for what writes it and for what reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

LINE = "%(asctime)s %(levelname)s %(message)s"
INTERRUPTED = "interrupted"  # the last record of a step that Ctrl-C ended

_RECORD = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) ([A-Z]+) ", re.MULTILINE)
_FINISHED = re.compile(r"^finished: (\S+) s of processor time, (\S+) MB at most$")


@dataclass(frozen=True)
class Record:
    """One record of a log.

    Attributes:
        time: When it was written.
        level: Its level, such as ``ERROR``.
        said: What it says, without blanks at its ends; it can have several lines.
    """

    time: datetime
    level: str
    said: str


def records(text: str) -> list[Record]:
    """The records of a log, in order; lines before the first belong to none."""
    starts = list(_RECORD.finditer(text))
    ends = [*(start.start() for start in starts[1:]), len(text)]
    return [
        Record(
            datetime.strptime(start[1], "%Y-%m-%d %H:%M:%S,%f"),
            start[2],
            text[start.end() : end].strip(),
        )
        for start, end in zip(starts, ends, strict=False)  # of no record, one end
    ]


def finished(processor_seconds: float, megabytes: float) -> str:
    """What the last record of a step says that has done its work."""
    return f"finished: {processor_seconds:.1f} s of processor time, {megabytes:.0f} MB at most"


def taken(record: Record) -> tuple[float, float] | None:
    """Processor seconds and megabytes of a step that has done its work; None of other records."""
    found = _FINISHED.match(record.said)
    return (float(found[1]), float(found[2])) if found else None
