"""Participants and events counted in an analysis dataset, as numbers with their identity."""

from __future__ import annotations

import pandas as pd

from seizureflow.displays.values import Number, Result, number


def count_of_participants(
    dataset: str, rows: pd.DataFrame, arm: str | None, variable: str, level: str | None
) -> Number:
    """Count the participants that some rows of a dataset are about.

    Args:
        dataset: Name of the dataset.
        rows: The rows, with ``USUBJID`` and ``TRT01P``.
        arm: Id of the arm; None for all arms.
        variable: What chose the rows.
        level: The value of it that chose them; None where it has none.
    """
    people = _of_arm(rows, arm)["USUBJID"].nunique()
    return _counted(dataset, "participants", people, arm, variable, level)


def count_of_events(
    dataset: str, rows: pd.DataFrame, arm: str | None, variable: str, level: str | None
) -> Number:
    """Count the rows themselves; see :func:`count_of_participants`."""
    return _counted(dataset, "events", len(_of_arm(rows, arm)), arm, variable, level)


def _of_arm(rows: pd.DataFrame, arm: str | None) -> pd.DataFrame:
    return rows if arm is None else rows[rows["TRT01P"] == arm]


def _counted(
    dataset: str, what: str, count: int, arm: str | None, variable: str, level: str | None
) -> Number:
    return number(
        Result(dataset, what, what, float(count), group=arm, variable=variable, level=level)
    )
