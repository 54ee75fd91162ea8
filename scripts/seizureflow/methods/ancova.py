"""Analysis of covariance by ordinary least squares."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS

from seizureflow import distributions
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic, analysis_rows
from seizureflow.array_types import FloatArray
from seizureflow.design_matrix import Design, build_design
from seizureflow.linear.enough_data import refuse_exact_fit, refuse_too_few
from seizureflow.linear.hc3 import hc3_covariance
from seizureflow.methods.common_statistics import (
    coefficient_statistics,
    participants_by_arm,
    relative_change,
)
from seizureflow.outcome_scale import outcome_scale
from seizureflow.problems import AnalysisError

_NO_HC3 = (
    "HC3 does not exist: a participant alone determines a coefficient of the model, and would have "
    "no residual with any outcome."
)


@dataclass(frozen=True)
class _Fit:
    """What the statistics are made of: coefficients and one or two covariances of them."""

    coefficients: pd.Series
    chosen: FloatArray
    hc3: FloatArray | None
    quantile: float
    df: float


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Fit the model and give LS means and their differences; relative changes of a log change.

    The relative change is ``100 (exp(difference) - 1)`` percent, its interval the transformed one.
    Standard errors, intervals and p are those of the model's variance, or with the option
    ``variance: hc3`` those of the heteroscedasticity-consistent variance HC3 (MacKinnon & White
    1985), referred to the same t distribution. Those of HC3 are always given under names of their
    own.

    Args:
        spec: The analysis; its endpoint is a change in log frequency, a percent change or
            seizure-free days.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: The model cannot be fitted on these data.
    """
    rows = analysis_rows(data, spec, outcome=spec.outcome)
    design = build_design(rows.frame, spec.arms, spec.covariates)
    outcome = rows.frame["OUTCOME"].to_numpy(dtype=np.float64)
    refuse_too_few(spec.id, *design.matrix.shape)
    ols = OLS(outcome, design.matrix).fit()
    residuals = np.asarray(ols.resid)
    refuse_exact_fit(spec.id, outcome, residuals)
    hc3 = hc3_covariance(design.matrix.to_numpy(dtype=np.float64), residuals)
    chosen = np.asarray(ols.cov_params())
    if spec.options.get("variance", "model") == "hc3":
        if hc3 is None:
            raise AnalysisError(f"Analysis {spec.id}: {_NO_HC3} Choose variance: model.")
        chosen = hc3
    df = float(ols.df_resid)
    quantile = float(distributions.student_t.ppf((1 + spec.confidence_level) / 2, df))
    fit = _Fit(ols.params, chosen, hc3, quantile, df)
    errors = pd.Series(np.sqrt(np.diag(chosen)), index=ols.params.index)
    p_values = pd.Series(
        2 * distributions.student_t.sf(np.abs(ols.params / errors), df), index=ols.params.index
    )
    return AnalysisResult(
        (
            *participants_by_arm(rows, spec),
            *_lsmeans(fit, design, spec),
            *_differences(fit, design, spec),
            Statistic("residual_sd", "Residual standard deviation", math.sqrt(ols.scale)),
            Statistic("residual_df", "Residual degrees of freedom", df),
            *coefficient_statistics(ols.params, errors, p_values),
        ),
        notes=rows.notes,
    )


def _lsmeans(fit: _Fit, design: Design, spec: AnalysisSpec) -> list[Statistic]:
    unit = outcome_scale(spec).unit
    statistics = []
    for arm in spec.arms:
        row = design.lsmean_rows.loc[arm.id].to_numpy()
        mean = float(row @ fit.coefficients)
        se = math.sqrt(row @ fit.chosen @ row)
        for name, label, value in (
            ("lsmean", "LS mean", mean),
            ("lsmean_se", "Standard error of the LS mean", se),
            ("lsmean_lower", "Lower limit of the LS mean", mean - fit.quantile * se),
            ("lsmean_upper", "Upper limit of the LS mean", mean + fit.quantile * se),
        ):
            statistics.append(Statistic(name, label, value, group=arm.id, unit=unit))
    return statistics


def _differences(fit: _Fit, design: Design, spec: AnalysisSpec) -> list[Statistic]:
    statistics = []
    for arm_id, term in design.effects.items():
        place = list(design.matrix.columns).index(term)
        difference = float(fit.coefficients.iloc[place])
        se = math.sqrt(fit.chosen[place, place])
        lower, upper = difference - fit.quantile * se, difference + fit.quantile * se
        hc3 = math.nan if fit.hc3 is None else math.sqrt(fit.hc3[place, place])
        scale = outcome_scale(spec)
        label = "Difference of LS means"
        label += "" if spec.outcome_is_log else f", {scale.words}"
        numbers = [
            ("difference", label, difference),
            ("difference_se", "Standard error of the difference", se),
            ("difference_se_hc3", "Standard error of the difference, HC3", hc3),
            ("difference_lower", "Lower limit of the difference", lower),
            ("difference_upper", "Upper limit of the difference", upper),
            (
                "difference_lower_hc3",
                "Lower limit of the difference, HC3",
                difference - fit.quantile * hc3,
            ),
            (
                "difference_upper_hc3",
                "Upper limit of the difference, HC3",
                difference + fit.quantile * hc3,
            ),
            ("t", "t statistic", difference / se),
            ("p_value", "p", _p(difference / se, fit.df)),
            ("p_value_hc3", "p, HC3", _p(difference / hc3, fit.df)),
        ]
        statistics += [
            Statistic(
                name,
                label,
                value,
                group=arm_id,
                reference=spec.reference.id,
                unit=scale.unit if name.startswith("difference") else None,
                note=_NO_HC3 if math.isnan(value) else None,
            )
            for name, label, value in numbers
        ]
        if spec.outcome_is_log:
            statistics += relative_change(difference, lower, upper, arm_id, spec)
    return statistics


def _p(t: float, df: float) -> float:
    return 2 * float(distributions.student_t.sf(abs(t), df))
