"""What moved in the traces of analyses: data, plan, code, software and seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]

PARTS = {
    "data": "DATA_SHA256",
    "plan": "PLAN_SHA256",
    "code": "CODE_SHA256",
    "software": "SOFTWARE",
    "seed": "SEED",
}


@dataclass(frozen=True)
class TraceChange:
    """One part of the trace of an analysis that is not what it was.

    Attributes:
        analysis: The analysis.
        part: One of :data:`PARTS`.
        before: What it was; None where there was none.
        after: What it is.
    """

    analysis: str
    part: str
    before: str | None
    after: str | None


def trace_changes(analysis: str, before: Row, after: Row) -> list[TraceChange]:
    """The parts of an analysis's trace that moved.

    Args:
        analysis: The analysis.
        before: Any of its rows.
        after: Any of its rows in the other table.
    """
    return [
        TraceChange(analysis, part, before[column], after[column])
        for part, column in PARTS.items()
        if before[column] != after[column]
    ]


def software_in_words(before: str | None, after: str | None) -> str:
    """The packages whose versions differ.

    >>> software_in_words("python 3.11; numpy 2.4.1", "python 3.11; numpy 2.4.2; scipy 1.17")
    'numpy 2.4.1 → 2.4.2, scipy none → 1.17'
    """
    old, new = _versions(before), _versions(after)
    moved = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return ", ".join(f"{name} {old.get(name, 'none')} → {new.get(name, 'none')}" for name in moved)


def _versions(software: str | None) -> dict[str, str]:
    parts = (part.strip().rpartition(" ") for part in (software or "").split(";"))
    return {name or version: version for name, _, version in parts if version}
