"""Which means by visit a figure shows, and their numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow.displays.words import listed, lower_first
from seizureflow.figures.drawing import FigurePlan
from seizureflow.figures.style import with_minus
from seizureflow.rounding import rounded

Entry = dict[str, Any]

_MODEL, _SUMMARY = "mmrm", "summary_by_visit"


@dataclass(frozen=True)
class Means:
    """The means that the figure shows.

    Attributes:
        rows: Rows of table ``results`` of the analysis that they are of.
        statistic: Name of the statistic; its limits are ``_lower`` and ``_upper``.
        words: What they are, in words.
    """

    rows: pd.DataFrame
    statistic: str
    words: str

    @property
    def endpoint(self) -> str:
        """Id of the endpoint."""
        return str(self.rows["ENDPOINT"].iloc[0])

    @property
    def population(self) -> str:
        """Id of the analysis set."""
        return str(self.rows["POPULATION"].iloc[0])


def means_shown(results: pd.DataFrame, endpoints: list[Entry]) -> Means | None:
    """The means to draw: those of the primary mixed model by visit, else the first observed ones.

    Args:
        results: Table ``results``.
        endpoints: Entry ``endpoints`` of the protocol.

    Returns:
        The means; None where no analysis gave any.
    """
    changes = [entry["id"] for entry in endpoints if entry["kind"] == "log_change"]
    known = results[results["VALUE"].notna() & results["VISIT"].notna()]
    model = known[
        (known["METHOD"] == _MODEL)
        & (known["ROLE"] == "primary")
        & known["ENDPOINT"].isin(changes)
        & (known["STATISTIC"] == "lsmean")
    ]
    observed = known[(known["METHOD"] == _SUMMARY) & (known["STATISTIC"] == "mean")]
    for found, statistic, words in (
        (model, "lsmean", "LS mean of the primary mixed model"),
        (observed, "mean", "Observed mean"),
    ):
        if len(found):
            rows = results[results["ANALYSIS"] == found["ANALYSIS"].iloc[0]]
            return Means(rows, statistic, words)
    return None


def by_visit(
    rows: pd.DataFrame, visits: list[Entry], statistics: tuple[str, ...]
) -> dict[str, list[float]]:
    """The statistics of an arm in the order of the visits; not a number where there is none."""
    keys = zip(rows["STATISTIC"], rows["VISIT"], strict=True)
    values = dict(zip(keys, rows["VALUE"].astype("float64"), strict=True))
    return {
        name: [values.get((name, visit["id"]), math.nan) for visit in visits] for name in statistics
    }


def last_means(means: Means | None, plan: FigurePlan) -> str:
    """The means at the last visit that has any, in a sentence."""
    if means is None:
        return ""
    known = means.rows[(means.rows["STATISTIC"] == means.statistic) & means.rows["VALUE"].notna()]
    visits = [v for v in plan.protocol["design"]["visits"] if v["id"] in set(known["VISIT"])]
    if not visits:
        return ""
    names = [means.statistic + end for end in ("", "_lower", "_upper")]
    told = []
    for arm in plan.arms:
        own = means.rows[means.rows["GROUP"] == arm["id"]]
        numbers = [values[0] for values in by_visit(own, visits[-1:], tuple(names)).values()]
        mean, lower, upper = (with_minus(rounded(value, 2)) for value in numbers)
        told.append(f"{lower_first(arm['label'])} {mean} ({lower} to {upper})")
    return f" At {lower_first(visits[-1]['label'])}: {listed(told)}."
