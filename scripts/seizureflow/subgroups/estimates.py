"""The estimate of an analysis in one group of participants, and what it is on an additive scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow import distributions
from seizureflow.analysis import AnalysisResult, Statistic
from seizureflow.problems import AnalysisError

Entry = dict[str, Any]
Run = Callable[[Entry, Mapping[str, pd.DataFrame]], AnalysisResult]

# Statistics that are differences or logarithms of ratios, and have a standard error.
_ADDITIVE = ("difference", "log_odds_ratio", "log_rate_ratio", "log_hazard_ratio")


@dataclass(frozen=True)
class Estimate:
    """What an analysis gives for one arm.

    Attributes:
        statistics: The estimate and its limits, by name; empty where there are none.
        additive: The estimate as a difference or logarithm of a ratio.
        standard_error: Its standard error.
    """

    statistics: Mapping[str, Statistic]
    additive: float
    standard_error: float


@dataclass(frozen=True)
class GroupResult:
    """What an analysis gives in one group of participants.

    Attributes:
        participants: Participants analysed, by arm.
        estimates: Estimates by arm; empty where there are none.
        reason: Why there are none.
        notes: What must be known of them.
    """

    participants: Mapping[str, int]
    estimates: Mapping[str, Estimate]
    reason: str = ""
    notes: tuple[str, ...] = ()


def estimate_in_group(
    plan: Entry, data: Mapping[str, pd.DataFrame], people: pd.DataFrame, measure: str, run: Run
) -> GroupResult:
    """Repeat an analysis on some participants.

    Covariates that are the same for all of them are left out.

    Args:
        plan: Plan of the analysis.
        data: The tables that it reads.
        people: Rows of ADSL of the participants.
        measure: Statistic that is the estimate.
        run: Runs a plan on tables.
    """
    plan, dropped = without_constant_covariates(plan, people)
    arms = [arm["id"] for arm in plan["arms"]]
    sizes = {arm: int((people["TRT01P"] == arm).sum()) for arm in arms}
    notes = [f"Without the covariate {', '.join(dropped)}, which is the same for all."] * bool(
        dropped
    )
    kept = set(people["USUBJID"])
    own = {
        name: table[table["USUBJID"].isin(kept)] if "USUBJID" in table else table
        for name, table in data.items()
    }
    try:
        result = run(plan, own)
    except AnalysisError as error:
        return GroupResult(sizes, {}, str(error), tuple(notes))
    sizes |= {
        str(s.group): int(s.value)
        for s in result.statistics
        if s.name == "participants" and s.group in sizes
    }
    if result.converged is False:
        why = next(iter(result.notes), "The fit did not converge.")
        return GroupResult(sizes, {}, why, tuple(notes))
    estimates = {arm: _estimate(result, arm, measure, plan) for arm in arms[1:]}
    missing = [arm for arm, one in estimates.items() if not one.statistics]
    if missing:
        return GroupResult(sizes, {}, "The analysis gives no estimate here.", tuple(notes))
    return GroupResult(sizes, estimates, notes=tuple(notes))


def without_constant_covariates(plan: Entry, people: pd.DataFrame) -> tuple[Entry, tuple[str, ...]]:
    """The plan without the covariates that are the same for all, and the names of those."""
    analysis = plan["analysis"]
    covariates = analysis.get("covariates", [])
    constant = tuple(name for name in covariates if people[name].dropna().nunique() < 2)
    if not constant:
        return plan, ()
    changed = analysis | {"covariates": [name for name in covariates if name not in constant]}
    options = analysis.get("options", {})
    if "covariates_by_visit" in options:
        left = [name for name in options["covariates_by_visit"] if name not in constant]
        changed["options"] = options | {"covariates_by_visit": left}
    return plan | {"analysis": changed}, constant


def _estimate(result: AnalysisResult, arm: str, measure: str, plan: Entry) -> Estimate:
    own = {
        s.name: s
        for s in result.statistics
        if s.group == arm and s.reference and s.visit is None and s.variable is None
    }
    names = (measure, f"{measure}_lower", f"{measure}_upper")
    if any(name not in own or not math.isfinite(own[name].value) for name in names):
        return Estimate({}, math.nan, math.nan)
    statistics = {name: own[name] for name in names}
    for name in _ADDITIVE:
        if name in own and f"{name}_se" in own:
            return Estimate(statistics, own[name].value, own[f"{name}_se"].value)
    point, low, high = (_additive(measure, own[name].value) for name in names)
    reach = float(distributions.normal.ppf((1 + plan["confidence_level"]) / 2))
    return Estimate(statistics, point, (high - low) / (2 * reach))


def _additive(measure: str, value: float) -> float:
    """A ratio as its logarithm, a difference as it is."""
    if measure == "relative_change":
        return math.log1p(value / 100) if value > -100 else math.nan
    if measure.endswith("_ratio"):
        return math.log(value) if value > 0 else math.nan
    return value
