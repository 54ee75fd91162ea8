"""The rows of a figure of adverse events by term, read from their summary and comparison."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

Entry = dict[str, Any]
Values = tuple[float, float, float]

MOST_TERMS = 20
_SEPARATOR = " / "  # between body system and term in the level of a row
_COMPARED = "risk_difference"
_COUNTED = "participants_with_event_percent"


@dataclass(frozen=True)
class EventTerm:
    """An adverse event.

    Attributes:
        label: Its term, with the body system where another has the same term.
        percents: Percent of the participants with it by arm.
        differences: Risk difference against the reference in percentage points, and its limits,
            by arm compared.
        flagged: Whether the double false discovery rate flags it in any arm.
    """

    label: str
    percents: Mapping[str, float]
    differences: Mapping[str, Values]
    flagged: bool = False

    @property
    def frequency(self) -> float:
        """Its largest percentage in any arm."""
        return max((p for p in self.percents.values() if not math.isnan(p)), default=math.nan)

    @property
    def excess(self) -> float:
        """Its largest difference in any arm; not a number without one."""
        known = (values[0] for values in self.differences.values())
        return max((value for value in known if not math.isnan(value)), default=math.nan)


def event_terms(
    results: pd.DataFrame, analyses: Iterable[Entry], arms: list[Entry]
) -> list[EventTerm]:
    """All terms of the first comparison, and the first summary of the same participants.

    Args:
        results: Table ``results``.
        analyses: Entries of the analyses, of the methods ``adverse_event_differences`` and
            ``adverse_event_summary``.
        arms: The arms, the reference first.
    """
    compared, counted = _chosen(list(analyses))
    terms = results[(results["VARIABLE"] == "term") & results["LEVEL"].notna()]
    differences = _values(terms[terms["ANALYSIS"] == compared], _COMPARED)
    limits = [
        _values(terms[terms["ANALYSIS"] == compared], f"{_COMPARED}_{end}")
        for end in ("lower", "upper")
    ]
    percents = _values(terms[terms["ANALYSIS"] == counted], _COUNTED)
    flagged = _values(terms[terms["ANALYSIS"] == compared], "flagged")
    levels = dict.fromkeys([level for level, _ in (*percents, *differences)])
    names = Counter(_term(level) for level in levels)
    missing = math.nan
    return [
        EventTerm(
            _term(level) if names[_term(level)] == 1 else level,
            {a["id"]: percents[level, a["id"]] for a in arms if (level, a["id"]) in percents},
            {
                a["id"]: (
                    differences[level, a["id"]],
                    limits[0].get((level, a["id"]), missing),
                    limits[1].get((level, a["id"]), missing),
                )
                for a in arms[1:]
                if (level, a["id"]) in differences
            },
            any(flagged.get((level, a["id"])) == 1 for a in arms),
        )
        for level in levels
    ]


def most_frequent(terms: list[EventTerm], most: int = MOST_TERMS) -> list[EventTerm]:
    """The most frequent terms, those with the largest excess first; ties by name.

    Where percentages are not known, the ones with the largest differences are taken.
    """

    def descending(value: float) -> float:
        return math.inf if math.isnan(value) else -value

    chosen = sorted(terms, key=lambda t: (descending(t.frequency), descending(t.excess), t.label))[
        :most
    ]
    return sorted(chosen, key=lambda t: (descending(t.excess), descending(t.frequency), t.label))


def _chosen(analyses: list[Entry]) -> tuple[str | None, str | None]:
    """The comparison, and the summary of the same analysis set, else the first."""
    by_method: dict[str, list[Entry]] = {}
    for entry in analyses:
        by_method.setdefault(entry["method"], []).append(entry)
    compared = next(iter(by_method.get("adverse_event_differences", [])), None)
    summaries = by_method.get("adverse_event_summary", [])
    same = [s for s in summaries if compared and s["population"] == compared["population"]]
    counted = next(iter([*same, *summaries]), None)
    return (compared["id"] if compared else None), (counted["id"] if counted else None)


def _term(level: str) -> str:
    """The term of a level, which begins with its body system."""
    return level.split(_SEPARATOR, 1)[-1]


def _values(rows: pd.DataFrame, statistic: str) -> dict[tuple[str, str], float]:
    """Values of a statistic by level and arm; shares in percent."""
    own = rows[(rows["STATISTIC"] == statistic) & rows["GROUP"].notna()]
    is_share = statistic.startswith(_COMPARED)
    factors = [100.0 if is_share and unit != "%" else 1.0 for unit in own["UNIT"]]
    keys = zip(own["LEVEL"].astype(str), own["GROUP"].astype(str), strict=True)
    return dict(zip(keys, own["VALUE"].astype(float) * factors, strict=True))
