"""Quantile regression of the outcome on arm and covariates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from seizureflow import distributions
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic, analysis_rows
from seizureflow.array_types import FloatArray
from seizureflow.design_matrix import Design, build_design
from seizureflow.linear.enough_data import refuse_exact_fit, refuse_too_few
from seizureflow.linear.quantile import fit_quantile, kernel_covariance, optimal_range
from seizureflow.linear.rank_inversion import invert_rank_test
from seizureflow.methods.common_statistics import participants_by_arm, relative_change
from seizureflow.outcome_scale import outcome_scale
from seizureflow.problems import AnalysisError

# Two best fits that differ by less than this share of the outcome's range are the same.
_SAME_FIT = 1e-6

_NO_LIMIT = (
    "The arms are too small, or the quantile too extreme, for a limit of this level: no value is "
    "refused."
)
_NO_DENSITY = "Too many residuals are 0 to estimate the density at the quantile."


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Estimate the difference of a quantile of the outcome between the arms.

    Where several fits are as good, the mean of those with the least and the largest difference is
    given (of several arms, one after the other), as the median of an even number of values is the
    mean of the middle two, and a note says how far apart they are. With the option
    ``interval: rank_inversion`` interval and p invert the rank score test (errors identically
    distributed); with ``kernel`` they are Wald's with the kernel sandwich, referred to the normal
    distribution. The kernel standard error is given with both.

    Args:
        spec: The analysis; options ``quantile`` and ``interval``.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: The model cannot be fitted on these data.

    Source:
        Koenker, Quantile Regression, 2005; see :mod:`seizureflow.linear.quantile` and
        :mod:`seizureflow.linear.rank_inversion`.
    """
    rows = analysis_rows(data, spec, outcome=spec.outcome)
    design = build_design(rows.frame, spec.arms, spec.covariates)
    matrix = design.matrix.to_numpy(dtype=np.float64)
    outcome = rows.frame["OUTCOME"].to_numpy(dtype=np.float64)
    refuse_too_few(spec.id, *matrix.shape)
    refuse_exact_fit(spec.id, outcome, outcome - outcome.mean())
    quantile = float(spec.options.get("quantile", 0.5))
    fit = fit_quantile(outcome, matrix, quantile)
    if not fit.solved:
        raise AnalysisError(
            f"Analysis {spec.id}: the linear programme of the quantile regression was not solved. "
            "Use fewer covariates."
        )
    coefficients, notes = _middle_fit(outcome, design, quantile, fit.coefficients, spec)
    kernel = kernel_covariance(outcome - matrix @ coefficients, matrix, quantile)
    errors = np.full(len(coefficients), math.nan) if kernel is None else np.sqrt(np.diag(kernel))
    statistics = participants_by_arm(rows, spec)
    statistics += _adjusted_quantiles(coefficients, design, spec)
    for arm, term in design.effects.items():
        place = list(design.matrix.columns).index(term)
        estimate, se = float(coefficients[place]), float(errors[place])
        if spec.options.get("interval", "rank_inversion") == "kernel":
            test = _wald(estimate, se, spec.confidence_level)
        else:
            inverted = invert_rank_test(
                outcome, matrix, place, quantile, estimate, spec.confidence_level
            )
            test = (
                inverted.lower,
                inverted.upper,
                "t",
                "Rank score t statistic",
                inverted.t,
                inverted.p_value,
            )
        statistics += _comparison(estimate, se, test, arm, spec)
    return AnalysisResult(
        (*statistics, *_coefficients(coefficients, errors, design)),
        converged=True,
        notes=(*rows.notes, *notes),
    )


_Test = tuple[float, float, str, str, float, float]


def _wald(estimate: float, se: float, confidence_level: float) -> _Test:
    width = float(distributions.normal.ppf((1 + confidence_level) / 2)) * se
    z = estimate / se
    return (
        estimate - width,
        estimate + width,
        "z",
        "z statistic",
        z,
        2 * float(distributions.normal.sf(abs(z))),
    )


def _middle_fit(
    outcome: FloatArray, design: Design, quantile: float, found: FloatArray, spec: AnalysisSpec
) -> tuple[FloatArray, list[str]]:
    """A best fit in the middle: the arms' effects one after the other, each given those before.

    What a fit in which one effect is extreme has for the others is chance: the mean of the extreme
    fits of several arms would be in the middle for none of them.
    """
    matrix, columns = design.matrix.to_numpy(dtype=np.float64), list(design.matrix.columns)
    given: dict[int, float] = {}
    fit, notes = found, []
    for arm in spec.arms[1:]:
        place = columns.index(design.effects[arm.id])
        ends = optimal_range(outcome, matrix, quantile, place)
        least, largest = (end[place] for end in ends)
        if given:
            ends = optimal_range(outcome, matrix, quantile, place, given)
        if largest - least > _SAME_FIT * float(np.ptp(outcome)):
            fit = np.mean(ends, axis=0)
            notes.append(
                f"{arm.label}: every difference from {least:.4g} to {largest:.4g} fits as well; "
                f"the middle one{', given the arms before it,' if given else ''} is given."
            )
        given[place] = float(fit[place])
    return fit, notes


def _adjusted_quantiles(
    coefficients: FloatArray, design: Design, spec: AnalysisSpec
) -> list[Statistic]:
    share = 100 * float(spec.options.get("quantile", 0.5))
    label = "Adjusted median" if share == 50 else f"Adjusted quantile, {share:g}%"
    return [
        Statistic(
            "adjusted_quantile",
            label,
            float(design.lsmean_rows.loc[arm.id].to_numpy() @ coefficients),
            group=arm.id,
            unit=outcome_scale(spec).unit,
        )
        for arm in spec.arms
    ]


def _comparison(
    estimate: float, se: float, test: _Test, arm: str, spec: AnalysisSpec
) -> list[Statistic]:
    scale = outcome_scale(spec)
    lower, upper, name, label, value, p = test
    numbers: list[tuple[str, str, float, str | None]] = [
        ("difference", f"Difference of the quantile, {scale.words}", estimate, scale.unit),
        ("difference_se", "Kernel standard error of the difference", se, scale.unit),
        ("difference_lower", "Lower limit of the difference", _finite(lower), scale.unit),
        ("difference_upper", "Upper limit of the difference", _finite(upper), scale.unit),
        (name, label, value, None),
        ("p_value", "p", p, None),
    ]
    statistics = [
        Statistic(
            name,
            label,
            value,
            group=arm,
            reference=spec.reference.id,
            unit=unit,
            note=_why(name, value, test),
        )
        for name, label, value, unit in numbers
    ]
    if spec.outcome_is_log:
        changes = relative_change(estimate, _finite(lower), _finite(upper), arm, spec)
        statistics += [_with_note(change, test) for change in changes]
    return statistics


def _with_note(statistic: Statistic, test: _Test) -> Statistic:
    return replace(statistic, note=_why(statistic.name, statistic.value, test))


def _why(name: str, value: float, test: _Test) -> str | None:
    if not math.isnan(value):
        return None
    return _NO_LIMIT if name.endswith(("_lower", "_upper")) and test[2] == "t" else _NO_DENSITY


def _finite(limit: float) -> float:
    return limit if math.isfinite(limit) else math.nan


def _coefficients(coefficients: FloatArray, errors: FloatArray, design: Design) -> list[Statistic]:
    statistics = []
    for term, value, se in zip(design.matrix.columns, coefficients, errors, strict=True):
        statistics.append(Statistic("coefficient", "Coefficient", float(value), variable=str(term)))
        if not math.isnan(se):
            statistics.append(
                Statistic(
                    "coefficient_se",
                    "Kernel standard error of the coefficient",
                    float(se),
                    variable=str(term),
                )
            )
    return statistics
