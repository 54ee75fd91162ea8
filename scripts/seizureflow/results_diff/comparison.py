"""Matches the rows of two results tables and lists what differs, by consequence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from seizureflow.displays.labels import ROLES
from seizureflow.results_diff.consequence import (
    KINDS,
    OF_ESTIMATES,
    crosses,
    kind_of,
    verdict,
)
from seizureflow.results_diff.identity import IDENTIFYING, Key, by_identity
from seizureflow.results_diff.reading import ResultsFile, Row
from seizureflow.results_diff.traces import TraceChange, trace_changes

_DESCRIBING = ("METHOD", "ROLE", "ESTIMAND", "POPULATION", "TREATMENT", "ENDPOINT", "WINDOW")
_KIND_ORDER = {kind: place for place, kind in enumerate(KINDS)}
_ROLE_ORDER = {role: place for place, role in enumerate(ROLES)}


@dataclass(frozen=True)
class Change:
    """One thing that differs.

    Attributes:
        kind: One of :data:`seizureflow.results_diff.consequence.KINDS`.
        row: The row it is about, as it is now; of a change of a whole analysis what all its rows
            share.
        subject: What of it: ``value``, or the column.
        before: What it was; a number that does not exist is not a number, a word None.
        after: What it is.
    """

    kind: str
    row: Row
    subject: str
    before: Any
    after: Any

    @property
    def absolute(self) -> float | None:
        """Difference of two finite numbers; None of others."""
        if self.subject == "value" and math.isfinite(self.before) and math.isfinite(self.after):
            return float(self.after - self.before)
        return None

    @property
    def relative(self) -> float | None:
        """The difference as a share of what the number was; None where that was zero."""
        if self.absolute is None or self.before == 0:
            return None
        return self.absolute / abs(self.before)


@dataclass(frozen=True)
class Comparison:
    """What differs between two results tables.

    Attributes:
        before: The one table.
        after: The other.
        analyses_added: Analyses that the first has not.
        analyses_removed: Analyses that the second has not.
        rows_added: Rows of analyses that both have which the first has not.
        rows_removed: Those that the second has not.
        changes: What differs in rows that both have, by consequence.
        traces: What moved in the traces of analyses that both have.
        compared: Number of rows that both have.
    """

    before: ResultsFile
    after: ResultsFile
    analyses_added: tuple[str, ...]
    analyses_removed: tuple[str, ...]
    rows_added: tuple[Row, ...]
    rows_removed: tuple[Row, ...]
    changes: tuple[Change, ...]
    traces: tuple[TraceChange, ...]
    compared: int

    @property
    def same(self) -> bool:
        """Whether the results are the same, whatever they rest on."""
        return not (
            self.analyses_added
            or self.analyses_removed
            or self.rows_added
            or self.rows_removed
            or self.changes
        )

    def because(self, analysis: str) -> tuple[str, ...]:
        """The parts of an analysis's trace that moved."""
        return tuple(trace.part for trace in self.traces if trace.analysis == analysis)

    @property
    def unexplained(self) -> tuple[str, ...]:
        """Analyses whose results moved although nothing moved that they rest on."""
        rows = [*(change.row for change in self.changes), *self.rows_added, *self.rows_removed]
        moved = dict.fromkeys(str(row["ANALYSIS"]) for row in rows)
        return tuple(name for name in moved if name and not self.because(name))


def compare(
    before: ResultsFile, after: ResultsFile, tolerance: float = 0.0, only_estimates: bool = False
) -> Comparison:
    """Compare two results tables.

    Args:
        before: The one table.
        after: The other.
        tolerance: Relative difference up to which numbers count as the same. A criterion that is
            met or not, and a p-value on the other side of 0.05, are told whatever the tolerance.
        only_estimates: Leave out all but estimates with their limits, p-values, the criterion and
            convergence.
    """
    old, new = _analyses(before.rows), _analyses(after.rows)
    both = [name for name in new if name in old]
    shared = set(both)
    rows_old = {key: row for key, row in by_identity(before.rows).items() if key[0] in shared}
    rows_new = {key: row for key, row in by_identity(after.rows).items() if key[0] in shared}
    matched = [key for key in rows_new if key in rows_old]
    changes = [
        change
        for key in matched
        for change in _of_row(rows_old[key], rows_new[key], before, after, tolerance)
    ]
    changes += [change for name in both for change in _of_analysis(old[name], new[name])]
    changes += _of_notes(before.rows, after.rows, new, shared)
    kept = [change for change in changes if not only_estimates or change.kind in OF_ESTIMATES]
    return Comparison(
        before,
        after,
        analyses_added=tuple(name for name in new if name not in old),
        analyses_removed=tuple(name for name in old if name not in new),
        rows_added=_only_in(rows_new, rows_old, only_estimates),
        rows_removed=_only_in(rows_old, rows_new, only_estimates),
        changes=tuple(sorted(kept, key=_order)),
        traces=tuple(trace for name in both for trace in trace_changes(name, old[name], new[name])),
        compared=len(matched),
    )


def _analyses(rows: tuple[Row, ...]) -> dict[str, Row]:
    """For each analysis what all its rows share; the columns of single rows are None."""
    found: dict[str, Row] = {}
    for row in rows:
        if row["ANALYSIS"] not in found:
            found[row["ANALYSIS"]] = row | dict.fromkeys(IDENTIFYING[1:])
    return found


def _only_in(rows: dict[Key, Row], others: dict[Key, Row], only_estimates: bool) -> tuple[Row, ...]:
    return tuple(
        row
        for key, row in rows.items()
        if key not in others and (not only_estimates or kind_of(row) in OF_ESTIMATES)
    )


def _of_row(
    old: Row, new: Row, before: ResultsFile, after: ResultsFile, tolerance: float
) -> Iterator[Change]:
    was, now = old["VALUE"], new["VALUE"]
    met_was, met_now = verdict(old, was, before.criterion), verdict(new, now, after.criterion)
    if met_was is not None and met_now is not None and met_was != met_now:
        yield Change("criterion", new, "value", was, now)
    elif crosses(new, was, now):
        yield Change("significance", new, "value", was, now)
    elif not _equal(was, now, tolerance):
        yield Change(kind_of(new), new, "value", was, now)
    for column, kind in (("TEXT", "text"), ("LABEL", "label"), ("UNIT", "label"), ("NOTE", "note")):
        if old[column] != new[column]:
            yield Change(kind, new, column.lower(), old[column], new[column])


def _equal(was: float, now: float, tolerance: float) -> bool:
    if math.isnan(was) or math.isnan(now):
        return math.isnan(was) and math.isnan(now)
    if math.isinf(was) or math.isinf(now):
        return was == now
    return abs(now - was) <= tolerance * max(abs(was), abs(now))


def _of_analysis(old: Row, new: Row) -> Iterator[Change]:
    for column in _DESCRIBING:
        if old[column] != new[column]:
            yield Change("description", new, column.lower(), old[column], new[column])
    if old["CONVERGED"] != new["CONVERGED"]:
        yield Change("convergence", new, "converged", old["CONVERGED"], new["CONVERGED"])


def _of_notes(
    before: tuple[Row, ...], after: tuple[Row, ...], rows: dict[str, Row], shared: set[str]
) -> Iterator[Change]:
    """Notes on whole analyses that came or went."""
    old, new = _notes(before, shared), _notes(after, shared)
    for name, text in (old - new).elements():
        yield Change("note", rows[name], "analysis_note", text, None)
    for name, text in (new - old).elements():
        yield Change("note", rows[name], "analysis_note", None, text)


def _notes(rows: tuple[Row, ...], shared: set[str]) -> Counter[tuple[str, str]]:
    return Counter(
        (row["ANALYSIS"], row["TEXT"] or "")
        for row in rows
        if row["STATISTIC"] == "note" and row["ANALYSIS"] in shared
    )


def _order(change: Change) -> Key:
    """By kind, role of the analysis, comparisons first, then the larger change first."""
    row, relative = change.row, change.relative
    return (
        _KIND_ORDER[change.kind],
        _ROLE_ORDER.get(row["ROLE"], len(_ROLE_ORDER)),
        row["REFERENCE"] is None,
        -math.inf if relative is None else -abs(relative),
        *(str(row[name]) for name in IDENTIFYING),
        change.subject,
        str(change.before),
        str(change.after),
    )
