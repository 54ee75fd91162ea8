"""Subgroups: another analysis repeated in groups of participants, with tests of interaction."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.analysis import (
    AnalysisResult,
    AnalysisSpec,
    Statistic,
    analysis_rows,
    build_spec,
)
from seizureflow.methods import run_method
from seizureflow.problems import AnalysisError
from seizureflow.registry import METHODS
from seizureflow.subgroups.estimates import GroupResult, estimate_in_group
from seizureflow.subgroups.groups import Grouping, groupings
from seizureflow.subgroups.interaction import (
    Interaction,
    cochran_q,
    f_test,
    interaction_columns,
    likelihood_ratio_test,
)

Entry = dict[str, Any]

_EXPLORATORY = (
    "Exploratory: nothing is adjusted for the number of subgroups and tests, and subgroups are "
    "small. An interval on one side of no effect in one subgroup alone is no sign that it differs "
    "from the others: whether effects differ is what the test of interaction asks."
)
_TESTS = {
    "ancova": "Interactions are tested by F in one model of all participants with arm, subgroup "
    "and their product.",
    "logistic": "Interactions are tested by the likelihood ratio in one model of all participants "
    "with arm, subgroup and their product.",
}
_HETEROGENEITY = (
    "Interactions are tested by the heterogeneity of the subgroups' estimates (Cochran's Q), each "
    "from a model of its own; in small subgroups its chi-square distribution is rough."
)


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Repeat an analysis within the levels of each variable.

    Subgroups with fewer than ``minimum_per_arm`` participants in an arm are counted and not
    analysed. The test of interaction is that of the model with the product of arm and subgroup: F
    for least squares, the likelihood ratio for logistic regression; for other methods it is the
    heterogeneity of the estimates (Cochran 1954).

    Args:
        spec: The analysis; ``repeated`` is the plan of the one that it repeats.
        data: The tables that the repeated analysis reads, ``adsl`` among them.

    Raises:
        AnalysisError: A variable does not exist or cannot be divided as the plan says.
    """
    plan = spec.repeated
    if plan is None:
        raise AnalysisError(f"Analysis {spec.id}: it names no analysis to repeat.")
    method = plan["analysis"]["method"]
    measure = METHODS[method].measure(plan.get("endpoint_kind"))
    if measure is None:
        raise AnalysisError(f"Analysis {spec.id}: {method} gives no one estimate to repeat.")
    inner = build_spec(plan)
    people = in_set(data["adsl"], inner.population)
    people = people[people["TRT01P"].isin([arm.id for arm in inner.arms])].reset_index(drop=True)

    def run(plan: Entry, tables: Mapping[str, pd.DataFrame]) -> AnalysisResult:
        return run_method(method, plan, tables)

    overall = estimate_in_group(plan, data, people, measure, run)
    if overall.reason:
        raise AnalysisError(f"Analysis {spec.id}: {overall.reason}")
    statistics = list(_statistics(overall, inner, measure))
    notes = [_EXPLORATORY, _TESTS.get(method, _HETEROGENEITY)]
    for grouping in groupings(people, spec.options["by"]):
        results = {
            level: _in_subgroup(
                plan,
                data,
                people[(grouping.level == level).to_numpy()],
                measure,
                spec.options["minimum_per_arm"],
            )
            for level in grouping.levels
        }
        for level, result in results.items():
            statistics += _statistics(result, inner, measure, grouping.variable, level)
        statistics += _interactions(grouping, results, people, data, inner, method)
        unknown = int(grouping.level.isna().sum())
        if unknown:
            notes.append(
                f"{unknown} of {len(people)} participants are in no subgroup by "
                f"{spec.label(grouping.variable)}: it is not known of them."
            )
    return AnalysisResult(tuple(statistics), notes=tuple(notes))


def _in_subgroup(
    plan: Entry,
    data: Mapping[str, pd.DataFrame],
    people: pd.DataFrame,
    measure: str,
    minimum: int,
) -> GroupResult:
    arms = {arm["id"]: arm["label"] for arm in plan["arms"]}
    sizes = {arm: int((people["TRT01P"] == arm).sum()) for arm in arms}
    small = [f"{arms[arm]} has {size}" for arm, size in sizes.items() if size < minimum]
    if small:
        why = f"fewer than {minimum} participants in an arm ({', '.join(small)})."
        return GroupResult(sizes, {}, f"Not computed: {why}")

    def run(changed: Entry, tables: Mapping[str, pd.DataFrame]) -> AnalysisResult:
        return run_method(plan["analysis"]["method"], changed, tables)

    return estimate_in_group(plan, data, people, measure, run)


def _statistics(
    result: GroupResult,
    inner: AnalysisSpec,
    measure: str,
    variable: str | None = None,
    level: str | None = None,
) -> Iterator[Statistic]:
    """Participants by arm, and the estimate with its limits for every arm compared."""
    where: Entry = {"variable": variable, "level": level}
    note = " ".join(result.notes) or None
    for arm in inner.arms:
        size = float(result.participants[arm.id])
        yield Statistic("participants", "Participants analysed", size, group=arm.id, **where)
    for arm in inner.arms[1:]:
        compared: Entry = where | {"group": arm.id, "reference": inner.reference.id}
        if arm.id not in result.estimates:
            label = "Estimate"
            yield Statistic(measure, label, math.nan, **compared, note=result.reason)
            continue
        for name, given in result.estimates[arm.id].statistics.items():
            yield Statistic(name, given.label, given.value, **compared, unit=given.unit, note=note)


def _interactions(
    grouping: Grouping,
    results: Mapping[str, GroupResult],
    people: pd.DataFrame,
    data: Mapping[str, pd.DataFrame],
    inner: AnalysisSpec,
    method: str,
) -> Iterator[Statistic]:
    for arm in inner.arms[1:]:
        test = _test(grouping, results, people, data, inner, method, arm.id)
        compared: Entry = {
            "group": arm.id,
            "reference": inner.reference.id,
            "variable": grouping.variable,
        }
        if test.reason:
            label = "p of the interaction"
            yield Statistic("interaction_p", label, math.nan, **compared, note=test.reason)
            continue
        word = "F" if test.kind == "f" else "Chi-square"
        numbers = [(f"interaction_{test.kind}", f"{word} of the interaction", test.value)]
        numbers.append(("interaction_df", "Degrees of freedom of the interaction", test.df))
        if test.kind == "f":
            label = "Residual degrees of freedom"
            numbers.append(("interaction_residual_df", label, test.residual_df))
        numbers.append(("interaction_p", "p of the interaction", test.p))
        for name, label, value in numbers:
            yield Statistic(name, label, float(value), **compared)


def _test(
    grouping: Grouping,
    results: Mapping[str, GroupResult],
    people: pd.DataFrame,
    data: Mapping[str, pd.DataFrame],
    inner: AnalysisSpec,
    method: str,
    arm: str,
) -> Interaction:
    if len(grouping.levels) < 2:
        return Interaction("f", reason="All participants are in one subgroup.")
    if method not in _TESTS:
        found = [r.estimates[arm] for r in results.values() if arm in r.estimates]
        return cochran_q(
            np.array([one.additive for one in found], dtype=np.float64),
            np.array([one.standard_error for one in found], dtype=np.float64),
        )
    frame = analysis_rows(data, inner, outcome=inner.outcome).frame
    levels = frame["USUBJID"].map(grouping.level.set_axis(people["USUBJID"]))
    frame = frame[levels.notna()].reset_index(drop=True)
    columns = interaction_columns(
        frame, inner.covariates, levels[levels.notna()].reset_index(drop=True), arm
    )
    outcome = frame["OUTCOME"].to_numpy(dtype=np.float64)
    return (f_test if method == "ancova" else likelihood_ratio_test)(outcome, columns)
