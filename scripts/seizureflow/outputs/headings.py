"""Headings of columns: each arm with the number of its participants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from seizureflow.displays.labels import Labels
from seizureflow.displays.tables import Table
from seizureflow.displays.values import Cell, Result, number


def arm_heading(label: str, size: Result | None) -> Cell:
    """The name of an arm with the number of its participants, where that is known."""
    if size is None:
        return (label,)
    return (f"{label} (N=", number(size), ")")


def arm_headings(labels: Labels, sizes: Mapping[str | None, Result]) -> tuple[Cell, ...]:
    """A heading for every arm of the plan, the reference first."""
    return tuple(arm_heading(labels.arm(arm["id"]), sizes.get(arm["id"])) for arm in labels.arms)


def with_sizes(table: Table, labels: Labels, sizes: Mapping[str | None, Result]) -> Table:
    """Add the number of participants to the headings that name an arm and nothing else."""
    by_label = {labels.arm(group): size for group, size in sizes.items()}
    columns = tuple(
        arm_heading(_bare(column), by_label[_bare(column)]) if _bare(column) in by_label else column
        for column in table.columns
    )
    return replace(table, columns=columns)


def _bare(column: Cell) -> str:
    """The label of a heading, without a number that it has in another form."""
    return str(column[0]).removesuffix(", n = ") if isinstance(column[0], str) else ""
