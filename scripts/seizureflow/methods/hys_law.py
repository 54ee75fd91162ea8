"""Liver tests: peaks in multiples of the upper limit of normal, and cases of Hy's law."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.measurements.liver import LiverRule, cases, limit_multiples, peaks
from seizureflow.measurements.rows import MeasurementRows, after_baseline, measurement_rows
from seizureflow.problems import AnalysisError

_PEAK = "Peak of ALT or AST"
_BILIRUBIN_PEAK = "Peak of bilirubin"
_QUADRANT = "Both peaks, at any time"
_CASE = "Hy's law"
_STEPS = (3.0, 5.0, 10.0, 20.0)
_CAUTION = (
    "These are laboratory criteria. A case of Hy's law needs a clinical judgement that nothing but "
    "the drug explains them (FDA 2009)."
)


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Count participants by their liver tests after day 1, and list the highest peaks.

    Percentages are of the participants of the arm with a result of ALT or AST and one of bilirubin
    after day 1, each with an upper limit of normal.

    Args:
        spec: The analysis.
        data: Tables ``adsl`` and ``adlb``.

    Raises:
        AnalysisError: A test is not in ADLB, or nobody has both tests with upper limits.

    Source:
        FDA (2009), Guidance for industry: drug-induced liver injury, premarketing clinical
        evaluation, IV.A and IV.B; eDISH after Watkins et al. (2011), Drug Saf 34.
    """
    options, rule = spec.options, _rule(spec.options)
    transaminases = [options.get("alt", "ALT"), options.get("ast", "AST")]
    bilirubin = options.get("bilirubin", "BILI")
    phosphatase = options.get("alkaline_phosphatase", "ALP")
    wanted = [*transaminases, bilirubin, *([phosphatase] if rule.alkaline_phosphatase else [])]
    rows = measurement_rows(data, spec, wanted)
    later = after_baseline(rows.frame, options.get("records", "post_baseline"))
    of_liver, of_bile = limit_multiples(later, transaminases), limit_multiples(later, [bilirubin])
    highest = peaks(of_liver, of_bile)
    if highest.empty:
        raise AnalysisError(
            f"Analysis {spec.id}: no participant has results of ALT or AST and of bilirubin after "
            "day 1 with an upper limit of normal. Name the column high of domains.laboratory."
        )
    found = cases(of_liver, of_bile, limit_multiples(later, [phosphatase]), rule)
    assessed = rows.people[rows.people["USUBJID"].isin(highest.index)]
    arms = assessed.set_index("USUBJID")["ARM"]
    statistics = _counts(_groups(highest, found, rule), arms, spec)
    listed, notes = _listed(highest, arms, int(options.get("listed", 20)))
    return AnalysisResult(
        (*statistics, *listed), notes=(*rows.notes, *_not_assessed(rows, highest), *notes, _CAUTION)
    )


def _rule(options: Mapping[str, Any]) -> LiverRule:
    return LiverRule(
        options.get("aminotransferase_multiple", 3.0),
        options.get("bilirubin_multiple", 2.0),
        options.get("within_days", 30),
        options.get("alkaline_phosphatase_below"),
    )


def _groups(
    highest: pd.DataFrame, found: set[str], rule: LiverRule
) -> list[tuple[str, str, set[str]]]:
    """Who is counted under which variable and level."""
    liver, bile = highest["AMINOTRANSFERASE"], highest["BILIRUBIN"]
    above, yellow = liver > rule.aminotransferase, bile >= rule.bilirubin
    high, low = f"above {rule.aminotransferase:g} × ULN", f"at most {rule.aminotransferase:g} × ULN"
    jaundice, clear = f"bilirubin at least {rule.bilirubin:g} × ULN", "bilirubin below"
    steps = sorted({*_STEPS, float(rule.aminotransferase)})
    cholestasis = (
        f", alkaline phosphatase below {rule.alkaline_phosphatase:g} × ULN"
        if rule.alkaline_phosphatase
        else ""
    )
    chosen = [
        *((_PEAK, f"above {step:g} × ULN", liver > step) for step in steps),
        (_BILIRUBIN_PEAK, f"at least {rule.bilirubin:g} × ULN", yellow),
        (_QUADRANT, f"{high}, {jaundice} (Hy's law range)", above & yellow),
        (_QUADRANT, f"{high}, {clear} (Temple's corollary)", above & ~yellow),
        (_QUADRANT, f"{low}, {jaundice} (cholestasis)", ~above & yellow),
        (_QUADRANT, f"{low}, {clear}", ~above & ~yellow),
    ]
    case = f"{high}, {jaundice} within {rule.within_days} days{cholestasis}"
    groups = [(name, level, set(highest.index[holds])) for name, level, holds in chosen]
    return [*groups, (_CASE, case, found)]


def _counts(
    groups: list[tuple[str, str, set[str]]], arms: pd.Series[Any], spec: AnalysisSpec
) -> list[Statistic]:
    sizes = {arm.id: int((arms == arm.id).sum()) for arm in spec.arms}
    statistics = [
        Statistic(
            "participants_assessed",
            "Participants with liver tests after day 1",
            float(sizes[arm.id]),
            group=arm.id,
        )
        for arm in spec.arms
    ]
    for variable, level, members in groups:
        for arm in spec.arms:
            count, size = int((arms[arms.index.isin(members)] == arm.id).sum()), sizes[arm.id]
            place = {"group": arm.id, "variable": variable, "level": level}
            statistics += [
                Statistic("participants", "Participants", float(count), **place),
                Statistic(
                    "participants_percent",
                    "Participants",
                    100 * count / size if size else float("nan"),
                    unit="%",
                    note=None if size else "No participant of the arm has liver tests.",
                    **place,
                ),
            ]
    return statistics


def _listed(
    highest: pd.DataFrame, arms: pd.Series[Any], most: int
) -> tuple[list[Statistic], list[str]]:
    """The peaks of the participants with the highest, as eDISH shows them."""
    order = highest.max(axis=1).sort_values(ascending=False, kind="stable").index[:most]
    statistics = [
        Statistic(
            name, label, float(value), group=str(arms[person]), variable="Peaks", level=str(person)
        )
        for person in order
        for name, label, value in (
            (
                "aminotransferase_peak",
                "ALT or AST (× ULN)",
                highest.loc[person, "AMINOTRANSFERASE"],
            ),
            ("bilirubin_peak", "Bilirubin (× ULN)", highest.loc[person, "BILIRUBIN"]),
        )
    ]
    rest = len(highest) - len(order)
    note = f"Peaks of {rest} more participants, none higher than those listed, are not listed."
    return statistics, [note] if rest else []


def _not_assessed(rows: MeasurementRows, highest: pd.DataFrame) -> list[str]:
    size, lost = len(rows.people), len(rows.people) - len(highest)
    return [f"{lost} of {size} participants have no such liver tests after day 1."] if lost else []
