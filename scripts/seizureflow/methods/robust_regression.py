"""Robust regression of the outcome on arm and covariates by M-estimation."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from seizureflow import distributions
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic, analysis_rows
from seizureflow.design_matrix import Design, build_design
from seizureflow.linear.enough_data import refuse_too_few
from seizureflow.linear.m_estimate import MEstimate, fit_m_estimate
from seizureflow.methods.common_statistics import (
    coefficient_statistics,
    participants_by_arm,
    relative_change,
)
from seizureflow.outcome_scale import outcome_scale
from seizureflow.problems import AnalysisError


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Fit the model of the analysis of covariance so that few outlying outcomes cannot decide it.

    Intervals and p are from the normal distribution. Huber's function bounds the influence of an
    outcome, Tukey's takes it away beyond 4.685 scales. Neither guards against participants with
    extreme covariates (leverage).

    Limits: In a simulation of trials with 66 participants it rejected a true null hypothesis in
    about 6% at the nominal 5%: its standard error is that of large samples.

    Args:
        spec: The analysis; option ``norm`` is ``huber`` or ``tukey``.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: The model cannot be fitted on these data.

    Source:
        Huber, Robust Statistics, 1981, ch. 7; see :mod:`seizureflow.linear.m_estimate`.
    """
    rows = analysis_rows(data, spec, outcome=spec.outcome)
    design = build_design(rows.frame, spec.arms, spec.covariates)
    refuse_too_few(spec.id, *design.matrix.shape)
    fit = fit_m_estimate(
        rows.frame["OUTCOME"].to_numpy(dtype=np.float64),
        design.matrix.to_numpy(dtype=np.float64),
        spec.options.get("norm", "huber"),
    )
    if fit is None:
        raise AnalysisError(
            f"Analysis {spec.id}: the model fits at least half of the outcomes exactly, so that "
            "the residuals have no scale. Too many outcomes are the same for this method."
        )
    if np.isnan(fit.covariance).any():
        raise AnalysisError(
            f"Analysis {spec.id}: the M-estimate has no standard error on these data, as too many "
            "outcomes lie far from the model. Choose norm: huber."
        )
    columns = design.matrix.columns
    coefficients = pd.Series(fit.coefficients, index=columns)
    errors = pd.Series(np.sqrt(np.diag(fit.covariance)), index=columns)
    p_values = pd.Series(2 * distributions.normal.sf(np.abs(coefficients / errors)), index=columns)
    notes = rows.notes
    if not fit.converged:
        notes += ("The fit did not converge; its numbers are not to be used.",)
    return AnalysisResult(
        (
            *participants_by_arm(rows, spec),
            *_means(fit, design, spec),
            *_differences(coefficients, errors, design, spec),
            Statistic("scale", "Scale of the residuals (median absolute, over 0.6745)", fit.scale),
            Statistic(
                "downweighted",
                "Participants with a weight below 1/2",
                float(np.sum(fit.weights < 0.5)),
            ),
            Statistic("smallest_weight", "Smallest weight", float(fit.weights.min())),
            *coefficient_statistics(coefficients, errors, p_values),
        ),
        converged=fit.converged,
        notes=notes,
    )


def _means(fit: MEstimate, design: Design, spec: AnalysisSpec) -> list[Statistic]:
    unit, quantile = outcome_scale(spec).unit, _quantile(spec)
    statistics = []
    for arm in spec.arms:
        row = design.lsmean_rows.loc[arm.id].to_numpy()
        mean = float(row @ fit.coefficients)
        se = math.sqrt(row @ fit.covariance @ row)
        for name, label, value in (
            ("lsmean", "Adjusted location", mean),
            ("lsmean_se", "Standard error of the adjusted location", se),
            ("lsmean_lower", "Lower limit of the adjusted location", mean - quantile * se),
            ("lsmean_upper", "Upper limit of the adjusted location", mean + quantile * se),
        ):
            statistics.append(Statistic(name, label, value, group=arm.id, unit=unit))
    return statistics


def _differences(
    coefficients: pd.Series, errors: pd.Series, design: Design, spec: AnalysisSpec
) -> list[Statistic]:
    scale, quantile = outcome_scale(spec), _quantile(spec)
    statistics = []
    for arm, term in design.effects.items():
        difference, se = float(coefficients[term]), float(errors[term])
        lower, upper = difference - quantile * se, difference + quantile * se
        numbers = [
            ("difference", f"Difference of locations, {scale.words}", difference, scale.unit),
            ("difference_se", "Standard error of the difference", se, scale.unit),
            ("difference_lower", "Lower limit of the difference", lower, scale.unit),
            ("difference_upper", "Upper limit of the difference", upper, scale.unit),
            ("z", "z statistic", difference / se, None),
            ("p_value", "p", 2 * float(distributions.normal.sf(abs(difference / se))), None),
        ]
        statistics += [
            Statistic(name, label, value, group=arm, reference=spec.reference.id, unit=unit)
            for name, label, value, unit in numbers
        ]
        if spec.outcome_is_log:
            statistics += relative_change(difference, lower, upper, arm, spec)
    return statistics


def _quantile(spec: AnalysisSpec) -> float:
    return float(distributions.normal.ppf((1 + spec.confidence_level) / 2))
