"""The cells of tipping point maps, read from the rows of the methods that give them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow.figures.style import with_minus
from seizureflow.rounding import rounded

Entry = dict[str, Any]
Place = tuple[float, float]

# Estimates this far from none have the full colour: a halving or doubling; 30 points.
_FULL_LOG_RATIO = math.log(2)
_FULL_POINTS = 30.0
_FACTOR = re.compile(r" rate × (?P<factor>[0-9.e+-]+)$")


@dataclass(frozen=True)
class Cell:
    """What follows from one pair of assumptions.

    Attributes:
        estimate: Relative change in percent, or difference of responders in percentage points.
        p: Its p.
        strength: How far it favours the arm compared, from -1 (the reference) to 1.
        reaches: Whether it reaches the threshold.
    """

    estimate: float
    p: float
    strength: float
    reaches: bool = False

    @property
    def known(self) -> bool:
        """Whether there is an estimate with its p."""
        return not math.isnan(self.estimate + self.p)


@dataclass(frozen=True)
class TippingMap:
    """The map of one analysis and arm.

    Attributes:
        label: Label of the analysis.
        arm: The arm compared.
        measure: What the estimate is.
        assumed: What is assumed, in words.
        cells: By the assumption in the reference arm and that in the arm compared.
        unchanged: The pair that leaves what was imputed as it is.
        threshold: Reduction in percent that the estimate should reach; None where none is asked.
        unit: After a written estimate.
        sign: Before the number of a tick.
    """

    label: str
    arm: str
    measure: str
    assumed: str
    cells: Mapping[Place, Cell]
    unchanged: Place | None = None
    threshold: float | None = None
    unit: str = "%"
    sign: str = ""

    @property
    def reference_values(self) -> list[float]:
        """Assumptions in the reference arm, ascending."""
        return sorted({place[0] for place in self.cells})

    @property
    def arm_values(self) -> list[float]:
        """Assumptions in the arm compared, ascending."""
        return sorted({place[1] for place in self.cells})

    def written(self, estimate: float) -> str:
        """An estimate in print."""
        text = rounded(estimate, 0)
        return with_minus(text if estimate <= 0 or text == "0" else f"+{text}") + self.unit

    def tick(self, value: float) -> str:
        """An assumption in print."""
        return f"{self.sign}{with_minus(f'{value:g}')}"


def tipping_maps(
    results: pd.DataFrame, analyses: Iterable[Entry], arms: list[Entry]
) -> list[TippingMap]:
    """The maps that the analyses gave, in the order of the plan.

    Args:
        results: Table ``results``.
        analyses: Entries of the analyses, of the methods ``tipping_point``,
            ``tipping_point_count`` and ``tipping_point_responder``.
        arms: The arms, the reference first.
    """
    maps = []
    for entry in analyses:
        rows = results[(results["ANALYSIS"] == entry["id"]) & results["LEVEL"].notna()]
        for arm in arms[1:]:
            own = rows[rows["GROUP"] == arm["id"]]
            found = _READERS[entry["method"]](own, entry, arm, arms[0])
            if found.cells:
                maps.append(found)
    return maps


def _deltas(rows: pd.DataFrame, entry: Entry, arm: Entry, reference: Entry) -> TippingMap:
    threshold = _threshold(entry)
    places = [_numbers(row.VARIABLE, row.LEVEL) for row in rows.itertuples()]
    return TippingMap(
        entry["label"],
        arm["id"],
        "Relative change against the reference, percent",
        "Delta added to the log frequency after leaving",
        _ratio_cells(rows, places, threshold),
        unchanged=(0.0, 0.0),
        threshold=threshold,
    )


def _factors(rows: pd.DataFrame, entry: Entry, arm: Entry, reference: Entry) -> TippingMap:
    threshold = _threshold(entry)
    places = [_factor_pair(row.VARIABLE, row.LEVEL) for row in rows.itertuples()]
    return TippingMap(
        entry["label"],
        arm["id"],
        "Relative change against the reference, percent",
        "Factor of the seizure rate after leaving",
        _ratio_cells(rows, places, threshold),
        unchanged=(1.0, 1.0),
        threshold=threshold,
        sign="× ",
    )


def _responses(rows: pd.DataFrame, entry: Entry, arm: Entry, reference: Entry) -> TippingMap:
    pattern = re.compile(
        rf"(\d+) of \d+ on {re.escape(_name(reference))}, (\d+) of \d+ on {re.escape(_name(arm))}"
    )
    places: list[Place | None] = []
    for level in rows["LEVEL"]:
        match = pattern.fullmatch(str(level))
        places.append((float(match[1]), float(match[2])) if match else None)
    cells = {}
    for place, values in _by_place(rows, places).items():
        if "risk_difference" not in values:
            continue
        points = 100 * values["risk_difference"]
        strength = max(-1.0, min(1.0, points / _FULL_POINTS))
        cells[place] = Cell(points, values.get("p_value", math.nan), strength)
    return TippingMap(
        entry["label"],
        arm["id"],
        "Difference of the shares of responders, percentage points",
        "Responders among those who left",
        cells,
        unit="",
    )


_READERS = {
    "tipping_point": _deltas,
    "tipping_point_count": _factors,
    "tipping_point_responder": _responses,
}


def _name(arm: Entry) -> str:
    return str(arm.get("label") or arm["id"])


def _threshold(entry: Entry) -> float | None:
    threshold = (entry.get("options") or {}).get("threshold_percent")
    return None if threshold is None else float(threshold)


def _numbers(variable: object, level: object) -> Place | None:
    try:
        return float(str(variable)), float(str(level))
    except ValueError:
        return None


def _factor_pair(variable: object, level: object) -> Place | None:
    found = _FACTOR.search(str(variable)), _FACTOR.search(str(level))
    if found[0] is None or found[1] is None:
        return None
    return float(found[0]["factor"]), float(found[1]["factor"])


def _ratio_cells(
    rows: pd.DataFrame, places: list[Place | None], threshold: float | None
) -> dict[Place, Cell]:
    cells = {}
    for place, values in _by_place(rows, places).items():
        if "relative_change" not in values:
            continue
        change = values["relative_change"]
        log_ratio = math.log1p(change / 100) if change > -100 else -math.inf
        strength = max(-1.0, min(1.0, -log_ratio / _FULL_LOG_RATIO))
        reaches = threshold is not None and change <= -threshold
        cells[place] = Cell(change, values.get("p_value", math.nan), strength, reaches)
    return cells


def _by_place(rows: pd.DataFrame, places: list[Place | None]) -> dict[Place, dict[str, float]]:
    """The values of each pair of assumptions by statistic."""
    found: dict[Place, dict[str, float]] = {}
    for place, name, value in zip(places, rows["STATISTIC"], rows["VALUE"], strict=True):
        if place is not None:
            found.setdefault(place, {})[str(name)] = float(value)
    return found
