"""How far a comparison moves when each participant, or each site, is left out in turn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow.array_types import FloatArray
from seizureflow.problems import AnalysisError
from seizureflow.resampling.compared_estimates import Comparison

UNIT_VARIABLES = {"participant": "USUBJID", "site": "SITEID"}


@dataclass(frozen=True)
class Influence:
    """What leaving out does to the comparison of one arm.

    Attributes:
        units: What was left out, in the order of :attr:`shifts`.
        shifts: Change of the estimate, see :attr:`Comparison.additive`, when each is left out.
        measures: The estimate as it is shown, without each.
        p: p-value without each.
        changed: Units without which significance is another; None where there is no p-value.
    """

    units: tuple[str, ...]
    shifts: FloatArray
    measures: FloatArray
    p: FloatArray
    changed: tuple[str, ...] | None

    def most_influential(self, number: int) -> list[str]:
        """Units in the order of their influence, the largest first."""
        order = np.argsort(-np.abs(self.shifts), kind="stable")
        return [self.units[place] for place in order[:number]]


def units_of(people: pd.DataFrame, unit: str) -> pd.Series[str]:
    """The unit of every participant who has one.

    Args:
        people: Participants of ADSL.
        unit: ``participant`` or ``site``.

    Raises:
        AnalysisError: There are no two units.
    """
    name = UNIT_VARIABLES[unit]
    if name not in people or people[name].isna().all():
        raise AnalysisError(
            f"ADSL has no {name}, so no {unit} can be left out. Name the column of the sites in "
            "domains.participants, or leave out participants."
        )
    units = people.set_index("USUBJID", drop=False)[name].dropna().astype("str")
    if units.nunique() < 2:
        raise AnalysisError(
            f"All participants belong to one {unit}, {units.iloc[0]}: without it nobody is left. "
            "Leave out participants instead."
        )
    return units


def influence(
    whole: Comparison, without: Mapping[str, Comparison], alpha: float
) -> Influence | None:
    """Compare the estimate on all participants with those without each unit.

    Args:
        whole: The comparison on all participants.
        without: The comparison without each unit, by unit.
        alpha: Two-sided level of significance.

    Returns:
        None where the whole or every part has no estimate.
    """
    known = {unit: part for unit, part in without.items() if not math.isnan(part.additive)}
    if math.isnan(whole.additive) or not known:
        return None
    p = np.array([part.value("p_value") for part in known.values()])
    whole_p = whole.value("p_value")
    changed = None
    if not math.isnan(whole_p):
        changed = tuple(
            unit
            for unit, value in zip(known, p, strict=True)
            if not math.isnan(value) and (value < alpha) != (whole_p < alpha)
        )
    measure = whole.measure or ""
    return Influence(
        units=tuple(known),
        shifts=np.array([part.additive - whole.additive for part in known.values()]),
        measures=np.array([part.value(measure) for part in known.values()]),
        p=p,
        changed=changed,
    )


def named(units: Sequence[str], most: int = 10) -> str:
    """Name units in a sentence, no more than ``most``."""
    return ", ".join(units[:most]) + (" ..." if len(units) > most else "")
