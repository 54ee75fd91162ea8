"""Repeats another analysis without each participant, or each site, in turn."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Arm, Entry, Statistic
from seizureflow.methods import run_method
from seizureflow.problems import AnalysisError
from seizureflow.resampling.compared_estimates import Comparison, comparisons
from seizureflow.resampling.left_out import Influence, influence, named, units_of

# What is given of an analysis without a unit, where the analysis gives it.
_SHOWN = (
    "difference",
    "difference_se",
    "log_rate_ratio",
    "log_rate_ratio_se",
    "log_odds_ratio",
    "log_odds_ratio_se",
    "log_hazard_ratio",
    "log_hazard_ratio_se",
    *(
        f"{measure}{end}"
        for measure in ("relative_change", "odds_ratio", "hazard_ratio", "risk_difference")
        for end in ("", "_lower", "_upper")
    ),
    "p_value",
)


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Repeat the analysis on the participants without each unit.

    An analysis that draws random numbers has the same ones each time.

    Args:
        spec: The analysis; :attr:`AnalysisSpec.repeated` is the plan of the one repeated.
        data: The tables that one reads.

    Raises:
        AnalysisError: There is nothing to leave out, or the analysis has no estimate.
    """
    plan = spec.repeated
    if plan is None:
        raise AnalysisError(f"Analysis {spec.id}: the plan names no analysis to repeat.")
    people = in_set(data["adsl"], plan["analysis"]["population"])
    units = units_of(people, spec.options["unit"])
    whole = comparisons(run_method(plan["analysis"]["method"], plan, data))
    parts = _without_each(units, plan, data)
    failed = [name for name, part in parts.items() if not part]
    statistics: list[Statistic] = []
    for arm in spec.arms[1:]:
        without = {name: part[arm.id] for name, part in parts.items() if arm.id in part}
        alpha = spec.significance_level
        found = influence(whole[arm.id], without, alpha) if arm.id in whole else None
        if found is None:
            raise AnalysisError(
                f"Analysis {spec.id}: the analysis {plan['analysis']['id']} gives no estimate of "
                f"{arm.label} against {spec.reference.label}, with or without anybody."
            )
        statistics += _summary(arm, whole[arm.id], found, spec)
        statistics += _most_influential(arm, without, found, spec)
    return AnalysisResult(tuple(statistics), notes=_notes(units, people, failed, spec))


def _without_each(
    units: pd.Series[str], plan: Entry, data: Mapping[str, pd.DataFrame]
) -> dict[str, dict[str, Comparison]]:
    """The comparisons by arm without each unit; none where the analysis fails."""
    parts: dict[str, dict[str, Comparison]] = {}
    for name in sorted(units.unique()):
        gone = data["adsl"]["USUBJID"].isin(units.index[units == name])
        kept = {**data, "adsl": data["adsl"][~gone]}
        try:
            result = run_method(plan["analysis"]["method"], plan, kept)
        except AnalysisError:
            parts[name] = {}
            continue
        parts[name] = comparisons(result) if result.converged is not False else {}
    return parts


def _summary(arm: Arm, whole: Comparison, found: Influence, spec: AnalysisSpec) -> list[Statistic]:
    unit, alpha = spec.options["unit"], spec.significance_level
    measure = whole.measure or ""
    shown = whole.statistics[measure]
    label = shown.label.lower()
    first = found.most_influential(1)[0]
    additive = whole.statistics[whole.additive_name or ""].label.lower()
    statistics = [
        Statistic(f"{measure}_of_all", f"{shown.label}, of all", shown.value, unit=shown.unit),
        Statistic(
            f"{measure}_smallest",
            f"Smallest {label} without one {unit}",
            float(np.nanmin(found.measures)),
            unit=shown.unit,
        ),
        Statistic(
            f"{measure}_largest",
            f"Largest {label} without one {unit}",
            float(np.nanmax(found.measures)),
            unit=shown.unit,
        ),
        Statistic("most_influential", f"Most influential {unit}", text=first),
        Statistic(
            "largest_shift",
            f"Shift of the {additive} without the most influential {unit}",
            float(found.shifts[found.units.index(first)]),
        ),
        Statistic("units", f"Analyses without one {unit}", float(len(found.units))),
    ]
    if found.changed is None or np.isnan(found.p).all():
        note = "The analysis repeated gives no p-value."
        statistics.append(Statistic("conclusions_changed", "Conclusions changed", note=note))
    else:
        changed = None
        if found.changed:
            changed = f"Conclusion changed without {named(found.changed)}."
        statistics += [
            Statistic("of_all_p", "p, of all", whole.value("p_value")),
            Statistic("smallest_p", f"Smallest p without one {unit}", float(np.nanmin(found.p))),
            Statistic("largest_p", f"Largest p without one {unit}", float(np.nanmax(found.p))),
            Statistic(
                "conclusions_changed",
                f"{unit.capitalize()}s without whom p is on the other side of {alpha:.2g}",
                float(len(found.changed)),
                note=changed,
            ),
        ]
    return [replace(s, group=arm.id, reference=spec.reference.id) for s in statistics]


def _most_influential(
    arm: Arm, without: Mapping[str, Comparison], found: Influence, spec: AnalysisSpec
) -> list[Statistic]:
    statistics = []
    for name in found.most_influential(spec.options["shown"]):
        part = without[name]
        statistics += [
            replace(part.statistics[key], variable="left_out", level=name, note=None)
            for key in _SHOWN
            if key in part.statistics and not math.isnan(part.value(key))
        ]
        statistics.append(
            Statistic(
                "shift",
                "Shift of the estimate",
                float(found.shifts[found.units.index(name)]),
                group=arm.id,
                reference=spec.reference.id,
                variable="left_out",
                level=name,
            )
        )
    return statistics


def _notes(
    units: pd.Series[str], people: pd.DataFrame, failed: list[str], spec: AnalysisSpec
) -> tuple[str, ...]:
    unit, repeated = spec.options["unit"], spec.options["repeats"]
    notes = [
        f"The analysis {repeated} was repeated without each of {units.nunique()} {unit}s. Who "
        "moves an estimate most is no error in the data, and no reason to leave anybody out."
    ]
    if failed:
        notes.append(f"It has no estimate without {unit} {named(failed)}.")
    if len(units) < len(people):
        notes.append(
            f"{len(people) - len(units)} participants belong to no known {unit} and are never left "
            "out."
        )
    return tuple(notes)
