"""Edits of one participant's diary: single seizures added to, or taken from, recorded days.

Each participant has two sequences, drawn once: seizures that can be added, in the order in which
they would be, and seizures that can be removed. A participant's edit is then one whole number:
``+3`` applies the first three additions, ``-2`` the first two removals. So a search over diaries is
a search over one integer per participant, nothing is both added and removed, and days without a
record, days with a cluster and the baseline stay as they were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

# An addition never makes a day worse than the participant's worst, or than this many seizures.
ORDINARY_DAY = 2

Cell = tuple[int, str]


@dataclass(frozen=True)
class EditPlan:
    """The edits possible in one participant's diary, in order.

    Attributes:
        participant: the participant's identifier.
        additions: study day and seizure type of each seizure that can be added.
        removals: study day and seizure type of each seizure that can be removed.
        seizures: countable single seizures on the editable days, unedited.
    """

    participant: str
    additions: tuple[Cell, ...]
    removals: tuple[Cell, ...]
    seizures: int

    @property
    def limits(self) -> tuple[int, int]:
        """The least and the greatest edit."""
        return -len(self.removals), len(self.additions)

    def cells(self, edit: int) -> list[tuple[Cell, int]]:
        """Return the change of each cell that `edit` changes, in the order of days."""
        chosen = self.additions[:edit] if edit > 0 else self.removals[: max(0, -edit)]
        step = 1 if edit > 0 else -1
        return [(cell, step * times) for cell, times in sorted(Counter(chosen).items())]

    def days(self, edit: int) -> dict[int, int]:
        """Return the change of the day's number of seizures by study day."""
        changes: dict[int, int] = {}
        for (day, _), change in self.cells(edit):
            changes[day] = changes.get(day, 0) + change
        return changes


def plan_edits(
    participant: str,
    diary: pd.DataFrame,
    types: Sequence[str],
    editable: Sequence[range],
    rng: np.random.Generator,
) -> EditPlan:
    """Draw the edits possible in one participant's diary.

    Args:
        participant: The identifier.
        diary: The recorded days: column ``day`` (study day), one column of counts per type, and
            ``cluster`` (the type of a cluster, empty where there is none).
        types: The countable seizure types.
        editable: Ranges of study days that may be edited.
        rng: Random numbers of this participant alone.

    Additions fall on any editable day with the same chance, and have the types that the
    participant has; each seizure there is has the same chance to be removed next.
    """
    counts = diary[list(types)].to_numpy(dtype=np.int64)
    days = diary["day"].to_numpy(dtype=np.int64)
    open_days = np.isin(days, [day for days_ in editable for day in days_])
    open_days &= (diary["cluster"] == "").to_numpy()
    rows = np.flatnonzero(open_days)
    removals = [
        (int(days[row]), types[kind])
        for row in rows
        for kind in range(len(types))
        for _ in range(counts[row, kind])
    ]
    order = rng.permutation(len(removals))
    worst = int(counts.sum(axis=1).max(initial=0))
    return EditPlan(
        participant=participant,
        additions=tuple(_additions(counts, days, rows, types, max(worst, ORDINARY_DAY), rng)),
        removals=tuple(removals[i] for i in order),
        seizures=len(removals),
    )


def _additions(
    counts: np.ndarray,
    days: np.ndarray,
    rows: np.ndarray,
    types: Sequence[str],
    cap: int,
    rng: np.random.Generator,
) -> list[Cell]:
    """Return as many additions as there are editable days, or fewer where days fill up."""
    mix = counts.sum(axis=0) + 1.0 / len(types)
    totals = counts.sum(axis=1)
    additions = []
    for _ in range(len(rows)):
        room = rows[totals[rows] < cap]
        if not len(room):
            break
        row = int(rng.choice(room))
        totals[row] += 1
        kind = int(rng.choice(len(types), p=mix / mix.sum()))
        additions.append((int(days[row]), types[kind]))
    return additions


def apply_edits(
    diary: pd.DataFrame, days: pd.Series, plans: Sequence[EditPlan], edits: Sequence[int]
) -> pd.DataFrame:
    """Return the raw diary with the edits applied.

    Args:
        diary: The raw table: ``participant``, and one column of counts (as text) per type.
        days: The study day of each row.
        plans: One plan per participant.
        edits: One edit per plan.
    """
    edited = diary.copy()
    place = {
        (participant, int(day)): row
        for row, (participant, day) in enumerate(zip(diary["participant"], days, strict=True))
    }
    columns = {name: edited[name].to_numpy(dtype=object, copy=True) for name in diary.columns}
    for plan, edit in zip(plans, edits, strict=True):
        for (day, kind), change in plan.cells(edit):
            row = place[plan.participant, day]
            columns[kind][row] = str(int(columns[kind][row]) + change)
    for name, values in columns.items():
        edited[name] = values
    return edited
