"""Names the participants who stand out by a rule, and repeats the ANCOVA without them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS

from seizureflow import distributions
from seizureflow.analysis import (
    AnalysisResult,
    AnalysisRows,
    AnalysisSpec,
    Statistic,
    analysis_rows,
)
from seizureflow.array_types import BoolArray, FloatArray
from seizureflow.design_matrix import build_design
from seizureflow.methods.common_statistics import participants_by_arm, relative_change
from seizureflow.problems import AnalysisError
from seizureflow.resampling.deletion_diagnostics import (
    DeletionDiagnostics,
    beyond_fences,
    deletion_diagnostics,
)

# Name, label, value and note of a statistic.
_Number = tuple[str, str, float, str | None]
# More than these are not listed by name.
_MOST_LISTED = 20
_DEFAULT_CUTS = {"studentised": 3.0, "tukey": 1.5}


@dataclass(frozen=True)
class _Effects:
    """Least-squares effects of the arms: difference, its standard error, and the residual df."""

    differences: dict[str, tuple[float, float]]
    df: float


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Find who stands out, and give the comparison with and without them.

    Participants are chosen here by their outcome: the p-value without them is not one of a test
    that holds its level, and the comparison without them shows how much rests on them, no more.

    Args:
        spec: The analysis.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: The model cannot be fitted on all participants.
    """
    rows = analysis_rows(data, spec, outcome=spec.outcome)
    design = build_design(rows.frame, spec.arms, spec.covariates)
    if len(rows.frame) < design.matrix.shape[1] + 2:
        raise AnalysisError(
            f"Analysis {spec.id}: {len(rows.frame)} participants are too few to judge one of them "
            f"by the others with {design.matrix.shape[1]} coefficients."
        )
    outcome = rows.frame["OUTCOME"].to_numpy(dtype=np.float64)
    fenced = spec.options["rule"] == "tukey"
    values = _rule_values(rows, data, spec) if fenced else outcome
    diagnostics = deletion_diagnostics(design.matrix.to_numpy(dtype=np.float64), outcome)
    cut = _cut(spec, len(outcome))
    out = _standing_out(spec, rows.frame, diagnostics, values, cut)
    statistics = [
        *participants_by_arm(rows, spec),
        *_counts(rows.frame, out, spec),
        *_comparisons(rows.frame, out, spec),
        *_listed(rows.frame, out, diagnostics, values, spec),
    ]
    return AnalysisResult(tuple(statistics), notes=(*rows.notes, *_notes(out, cut, spec)))


def _cut(spec: AnalysisSpec, participants: int) -> float:
    given = spec.options["cut"]
    if given is not None:
        return float(given)
    return _DEFAULT_CUTS.get(spec.options["rule"], 4 / participants)


def _rule_values(
    rows: AnalysisRows, data: Mapping[str, pd.DataFrame], spec: AnalysisSpec
) -> FloatArray:
    """What fences are drawn around: the log frequency where the endpoint is one, else the outcome.

    The value of a log change in ADSZ is the log frequency with the endpoint's own offset.
    """
    if not spec.outcome_is_log:
        return rows.frame["OUTCOME"].to_numpy(dtype=np.float64)
    adsz = data["adsz"]
    chosen = adsz[(adsz["PARAMCD"] == spec.endpoint) & (adsz["AVISIT"] == spec.window)]
    if "AVAL" not in chosen or chosen["AVAL"].isna().all():
        raise AnalysisError(
            f"Analysis {spec.id}: {spec.endpoint} has no log frequency that fences could be drawn "
            "around. Choose another rule."
        )
    by_name = chosen.set_index(chosen["USUBJID"].astype("str"))["AVAL"]
    return rows.frame["USUBJID"].astype("str").map(by_name).to_numpy(dtype=np.float64)


def _standing_out(
    spec: AnalysisSpec,
    frame: pd.DataFrame,
    diagnostics: DeletionDiagnostics,
    values: FloatArray,
    cut: float,
) -> BoolArray:
    rule = spec.options["rule"]
    if rule == "studentised":
        return np.nan_to_num(np.abs(diagnostics.studentised), nan=0.0, posinf=np.inf) > cut
    if rule == "cook":
        return np.nan_to_num(diagnostics.cook, nan=0.0, posinf=np.inf) > cut
    out = np.zeros(len(frame), dtype=bool)
    for arm in spec.arms:
        members = (frame["ARM"] == arm.id).to_numpy()
        out[members] = beyond_fences(values[members], cut)
    return out


def _counts(frame: pd.DataFrame, out: BoolArray, spec: AnalysisSpec) -> list[Statistic]:
    return [
        Statistic(
            "outliers",
            "Participants who stand out",
            float((out & (frame["ARM"] == arm.id).to_numpy()).sum()),
            group=arm.id,
        )
        for arm in spec.arms
    ]


def _effects(frame: pd.DataFrame, spec: AnalysisSpec) -> _Effects:
    design = build_design(frame, spec.arms, spec.covariates)
    if len(frame) <= design.matrix.shape[1]:
        raise AnalysisError("The participants who are left are too few for the model.")
    fit = OLS(frame["OUTCOME"].to_numpy(dtype=np.float64), design.matrix).fit()
    differences = {
        arm: (float(fit.params[term]), float(fit.bse[term])) for arm, term in design.effects.items()
    }
    return _Effects(differences, float(fit.df_resid))


def _comparisons(frame: pd.DataFrame, out: BoolArray, spec: AnalysisSpec) -> list[Statistic]:
    """The comparison without those who stand out, and the one with them."""
    everybody = _effects(frame, spec)
    statistics: list[Statistic] = []
    try:
        present = frame.loc[~out, "ARM"].value_counts()
        if any(present[arm.id] == 0 for arm in spec.arms):
            raise AnalysisError("Without those who stand out an arm is empty.")
        others = _effects(frame[~out].reset_index(drop=True), spec)
    except AnalysisError as error:
        others, why = None, str(error)
    for arm, with_all in everybody.differences.items():
        if others is None:
            missing = "Difference of LS means without them"
            numbers: list[_Number] = [("difference", missing, math.nan, why)]
        else:
            numbers = _numbers(*others.differences[arm], others.df, spec)
        numbers.append(("difference_all", "Difference of LS means, of all", with_all[0], None))
        numbers.append(("difference_all_se", "Standard error, of all", with_all[1], None))
        statistics += [
            Statistic(name, label, value, group=arm, reference=spec.reference.id, note=note)
            for name, label, value, note in numbers
        ]
        if spec.outcome_is_log and others is not None:
            values = {name: value for name, _, value, _ in numbers}
            lower, upper = values["difference_lower"], values["difference_upper"]
            statistics += relative_change(values["difference"], lower, upper, arm, spec)
    return statistics


def _numbers(difference: float, se: float, df: float, spec: AnalysisSpec) -> list[_Number]:
    quantile = float(distributions.student_t.ppf((1 + spec.confidence_level) / 2, df))
    p = 2 * float(distributions.student_t.sf(abs(difference) / se, df)) if se > 0 else math.nan
    note = None if se > 0 else "The model fits exactly, so there is no p-value."
    return [
        ("difference", "Difference of LS means without them", difference, None),
        ("difference_se", "Standard error of the difference", se, None),
        ("difference_lower", "Lower limit of the difference", difference - quantile * se, None),
        ("difference_upper", "Upper limit of the difference", difference + quantile * se, None),
        ("p_value", "p without them", p, note),
    ]


def _listed(
    frame: pd.DataFrame,
    out: BoolArray,
    diagnostics: DeletionDiagnostics,
    values: FloatArray,
    spec: AnalysisSpec,
) -> list[Statistic]:
    places = np.flatnonzero(out)
    order = np.argsort(-np.abs(np.nan_to_num(diagnostics.studentised[places])), kind="stable")
    statistics = []
    for place in places[order][:_MOST_LISTED]:
        person, arm = str(frame["USUBJID"].iloc[place]), str(frame["ARM"].iloc[place])
        numbers = [
            ("outcome", "Value of the endpoint", frame["OUTCOME"].iloc[place]),
            ("studentised_residual", "Studentised residual", diagnostics.studentised[place]),
            ("bonferroni_p", "Bonferroni p of the residual", diagnostics.bonferroni_p[place]),
            ("cook_distance", "Cook's distance", diagnostics.cook[place]),
        ]
        if spec.options["rule"] == "tukey":
            numbers.insert(1, ("fenced_value", "Value judged by the fences", values[place]))
        note = None
        if np.isnan(diagnostics.studentised[place]):
            note = f"{person} alone determines a term of the model and has no residual."
        statistics += [
            Statistic(
                name, label, float(value), group=arm, variable="outlier", level=person, note=note
            )
            for name, label, value in numbers
        ]
    return statistics


def _notes(out: BoolArray, cut: float, spec: AnalysisSpec) -> list[str]:
    judged = "the logarithm of the frequency" if spec.outcome_is_log else "the endpoint"
    rules = {
        "studentised": f"an externally studentised residual beyond {cut:.4g}",
        "tukey": f"{judged} beyond {cut:.4g} interquartile ranges from the quartiles of the arm",
        "cook": f"a Cook's distance above {cut:.4g}",
    }
    notes = [f"Who stands out is who has {rules[spec.options['rule']]}."]
    found = int(out.sum())
    if not found:
        return [*notes, "Nobody does: the comparison is that of all."]
    if found > _MOST_LISTED:
        notes.append(f"{found} do; the {_MOST_LISTED} with the largest residuals are listed.")
    notes.append(
        "They were chosen by their outcome: the p-value without them does not hold its level."
    )
    return notes
