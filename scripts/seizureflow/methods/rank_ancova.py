"""Analysis of covariance of the ranks of the outcome, in three forms."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS

from seizureflow import distributions
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.array_types import FloatArray
from seizureflow.design_matrix import build_design
from seizureflow.linear.enough_data import refuse_exact_fit, refuse_too_few
from seizureflow.methods.common_statistics import coefficient_statistics, participants_by_arm
from seizureflow.ranks.covariance import quade_comparison, randomisation_covariance
from seizureflow.ranks.ties import midranks
from seizureflow.stratified_rows import StratifiedRows, silent_strata_note, stratified_rows

_Answer = tuple[list[Statistic], list[str]]


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Compare the arms by ranks of the outcome, adjusted for ranks of the covariates.

    Numeric covariates are ranked, others enter as categories. The option ``form`` is

    - ``conover_iman``: ranks regressed on arm, ranks of covariates and the variables of the strata
      (Conover & Iman 1982), by least squares;
    - ``quade``: the residuals of that regression without the arm compared between the arms (Quade
      1967), which is valid by randomisation whatever the model;
    - ``koch``: the difference of mean standardised ranks within strata, adjusted by its covariance
      with the covariates' differences under randomisation (Koch et al. 1998).

    The difference of ranks is no measure of how large an effect is in seizures.

    Args:
        spec: The analysis; options ``form``, ``strata`` and ``stratum_weights``.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: The model cannot be fitted on these data.

    Source:
        Conover & Iman, Biometrics 1982;38:715; Quade, J Am Stat Assoc 1967;62:1187; Koch et al.,
        Stat Med 1998;17:1863.
    """
    stratified = stratified_rows(data, spec, spec.options.get("strata", []))
    form = spec.options.get("form", "conover_iman")
    answer = {"conover_iman": _conover_iman, "quade": _quade, "koch": _koch}[form]
    statistics, notes = answer(stratified, spec)
    return AnalysisResult(
        (*participants_by_arm(stratified.rows, spec), *statistics),
        notes=(*stratified.rows.notes, *notes),
    )


def _conover_iman(stratified: StratifiedRows, spec: AnalysisSpec) -> _Answer:
    frame, covariates = _ranked(stratified, spec)
    design = build_design(frame, spec.arms, covariates)
    refuse_too_few(spec.id, *design.matrix.shape)
    ranks = frame["OUTCOME"].to_numpy(dtype=np.float64)
    fit = OLS(ranks, design.matrix).fit()
    refuse_exact_fit(spec.id, ranks, np.asarray(fit.resid))
    statistics = []
    for arm, term in design.effects.items():
        statistics += _t_comparison(
            float(fit.params[term]), float(fit.bse[term]), float(fit.df_resid), arm, spec
        )
    statistics += [
        Statistic("residual_df", "Residual degrees of freedom", float(fit.df_resid)),
        *coefficient_statistics(fit.params, fit.bse, fit.pvalues),
    ]
    return statistics, []


def _quade(stratified: StratifiedRows, spec: AnalysisSpec) -> _Answer:
    frame, covariates = _ranked(stratified, spec)
    design = build_design(frame, spec.arms, covariates)
    refuse_too_few(spec.id, *design.matrix.shape)
    others = design.matrix.drop(columns=["Intercept", *design.effects.values()])
    ranks = frame["OUTCOME"].to_numpy(dtype=np.float64)
    groups = np.asarray(frame["ARM"].cat.codes, dtype=np.int64)
    comparison = quade_comparison(ranks, others.to_numpy(dtype=np.float64), groups)
    statistics = []
    for arm, difference, se in zip(
        spec.arms[1:], comparison.differences, comparison.standard_errors, strict=True
    ):
        statistics += _t_comparison(
            float(difference), float(se), float(comparison.df), arm.id, spec
        )
    note = None if comparison.f == comparison.f else _NO_VARIANCE
    statistics += [
        Statistic("f", "F statistic of all arms", comparison.f, note=note),
        Statistic("f_p", "p of the F test of all arms", comparison.f_p, note=note),
        Statistic("residual_df", "Residual degrees of freedom", float(comparison.df)),
    ]
    return statistics, []


_NO_VARIANCE = (
    "No variance of the ranks is left beside the covariates, so that the test says nothing."
)


def _t_comparison(
    difference: float, se: float, df: float, arm: str, spec: AnalysisSpec
) -> list[Statistic]:
    quantile = float(distributions.student_t.ppf((1 + spec.confidence_level) / 2, df))
    numbers = [
        ("rank_difference", "Adjusted difference of mean ranks", difference),
        ("rank_difference_se", "Standard error of the difference", se),
        ("rank_difference_lower", "Lower limit of the difference", difference - quantile * se),
        ("rank_difference_upper", "Upper limit of the difference", difference + quantile * se),
        ("t", "t statistic", difference / se),
        ("p_value", "p", 2 * float(distributions.student_t.sf(abs(difference / se), df))),
    ]
    return [
        Statistic(
            name,
            label,
            value,
            group=arm,
            reference=spec.reference.id,
            note=_NO_VARIANCE if math.isnan(value) else None,
        )
        for name, label, value in numbers
    ]


def _koch(stratified: StratifiedRows, spec: AnalysisSpec) -> _Answer:
    frame = stratified.rows.frame
    strata = np.array(stratified.strata, dtype=object)
    arms = frame["ARM"].to_numpy(dtype=object)
    statistics: list[Statistic] = []
    notes: list[str] = []
    for arm in spec.arms[1:]:
        compared = (arms == arm.id) | (arms == spec.reference.id)
        covariates, ranked = _columns(frame[compared], spec)
        answer = randomisation_covariance(
            frame.loc[compared, "OUTCOME"].to_numpy(dtype=np.float64),
            covariates,
            arms[compared] == arm.id,
            list(strata[compared]),
            spec.options.get("stratum_weights", "mantel_haenszel"),
            ranked,
        )
        numbers = [
            ("rank_difference", "Adjusted difference of standardised ranks", answer.difference),
            ("rank_difference_se", "Standard error without a difference", answer.se),
            ("rank_difference_raw", "Difference without adjustment", answer.unadjusted),
            ("rank_difference_raw_se", "Standard error of it", answer.unadjusted_se),
            ("chi_square", "Chi-square, 1 degree of freedom", answer.chi_square),
            ("p_value", "p", answer.p_value),
            ("strata", "Strata that contribute", float(answer.strata)),
        ]
        nothing = (
            _NO_VARIANCE
            if answer.strata
            else "No stratum holds a participant of both arms, so that there is no test."
        )
        statistics += [
            Statistic(
                name,
                label,
                value,
                group=arm.id,
                reference=spec.reference.id,
                note=nothing if math.isnan(value) else None,
            )
            for name, label, value in numbers
        ]
        note = silent_strata_note(answer.silent, arm.label, spec.reference.label)
        notes += [note] if note else []
    return statistics, notes


def _ranked(stratified: StratifiedRows, spec: AnalysisSpec) -> tuple[pd.DataFrame, list[str]]:
    """The rows with ranks in place of numbers, and the covariates, those of the strata last."""
    frame = stratified.rows.frame.copy()
    frame["OUTCOME"] = midranks(frame["OUTCOME"].to_numpy(dtype=np.float64))
    for name in spec.covariates:
        if pd.api.types.is_numeric_dtype(frame[name]):
            frame[name] = midranks(frame[name].to_numpy(dtype=np.float64))
    strata = [name for name in spec.options.get("strata", []) if name not in spec.covariates]
    for name in strata:
        frame[name] = frame[name].astype("str")
    return frame, [*spec.covariates, *strata]


def _columns(frame: pd.DataFrame, spec: AnalysisSpec) -> tuple[FloatArray, list[bool]]:
    """Covariates as columns, categories as columns of 0 and 1, and which are to be ranked."""
    columns: list[FloatArray] = []
    ranked: list[bool] = []
    for name in spec.covariates:
        column = frame[name]
        if pd.api.types.is_numeric_dtype(column):
            columns.append(column.to_numpy(dtype=np.float64))
            ranked.append(True)
            continue
        for level in sorted(column.unique())[1:]:
            columns.append((column == level).to_numpy(dtype=np.float64))
            ranked.append(False)
    matrix = np.column_stack(columns) if columns else np.empty((len(frame), 0))
    return matrix, ranked
