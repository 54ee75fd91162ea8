"""Divides participants into subgroups by a variable of ADSL or by the size of their site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.problems import AnalysisError
from seizureflow.subgroups.site_size import SITE_SIZE

Entry = dict[str, Any]


_MOST_VALUES = 6  # of a number that is divided by its values, without cuts
_QUANTILES = {"median": (1 / 2,), "tertiles": (1 / 3, 2 / 3)}


@dataclass(frozen=True)
class Grouping:
    """Participants divided by one variable.

    Attributes:
        variable: Its name, or its label where the plan gives one.
        level: Subgroup of each participant, in the order given; missing where it is not known.
        levels: The subgroups that occur, in order.
    """

    variable: str
    level: pd.Series[Any]
    levels: tuple[str, ...]


def groupings(people: pd.DataFrame, by: Sequence[Entry]) -> tuple[Grouping, ...]:
    """Divide the participants of an analysis by each of several variables.

    Quantiles are those of all participants, whatever their arm, to three significant digits; a
    value at a cut belongs to the upper group.

    Args:
        people: Rows of ADSL.
        by: Entries with ``variable`` and, where they are given, ``label`` and ``cuts``: numbers in
            rising order, ``median`` or ``tertiles``.

    Raises:
        AnalysisError: Naming every variable that does not exist or cannot be divided so.
    """
    found, problems = [], []
    for entry in by:
        try:
            found.append(_grouping(people, entry))
        except AnalysisError as error:
            problems.append(str(error))
    if problems:
        raise AnalysisError(" ".join(problems))
    return tuple(found)


def site_sizes(people: pd.DataFrame) -> pd.Series[Any]:
    """Number of participants at each participant's site."""
    return people.groupby("SITEID")["USUBJID"].transform("size").astype("float64")


def _grouping(people: pd.DataFrame, entry: Entry) -> Grouping:
    name: str = entry["variable"]
    label: str = entry.get("label", name)
    cuts = entry.get("cuts")
    values: pd.Series[Any]
    if name == SITE_SIZE:
        label, cuts = entry.get("label", "Participants at the site"), cuts or "median"
        values = site_sizes(people)
    elif name in people:
        values = people[name]
    else:
        raise AnalysisError(f"There is no variable {name} in ADSL to divide participants by.")
    if cuts is None:
        return _by_value(label, name, values)
    if not pd.api.types.is_numeric_dtype(values):
        raise AnalysisError(f"{name} is no number, so it has no cuts: delete them.")
    return _by_cuts(label, values.astype("float64"), cuts)


def _by_value(label: str, name: str, values: pd.Series[Any]) -> Grouping:
    known = values.dropna()
    if pd.api.types.is_numeric_dtype(values):
        if known.nunique() > _MOST_VALUES:
            raise AnalysisError(
                f"{name} has {known.nunique()} values: give cuts, which can be median or tertiles."
            )
        texts = {value: f"{value:g}" for value in sorted(known.unique())}
    else:
        texts = {value: str(value) for value in sorted(known.unique())}
    return Grouping(label, values.map(texts), tuple(texts.values()))


def _by_cuts(label: str, values: pd.Series[Any], cuts: str | Sequence[float]) -> Grouping:
    known = values.dropna()
    if isinstance(cuts, str):
        at = np.quantile(known, _QUANTILES[cuts]) if len(known) else np.array([])
        cuts = list({float(f"{cut:.3g}") for cut in at})  # what is printed is what is meant
    cuts = sorted(cuts)
    edges = [-np.inf, *cuts, np.inf]
    names: Mapping[int, str] = dict(enumerate(_between(low, high) for low, high in pairwise(edges)))
    place = pd.Series(np.searchsorted(cuts, values, side="right"), index=values.index)
    level = place.map(names).where(values.notna())
    occurring = set(level.dropna())
    return Grouping(label, level, tuple(name for name in names.values() if name in occurring))


def _between(low: float, high: float) -> str:
    """A half-open range in words."""
    if np.isinf(low):
        return f"less than {high:g}" if np.isfinite(high) else "all"
    return f"{low:g} or more" if np.isinf(high) else f"{low:g} to less than {high:g}"
