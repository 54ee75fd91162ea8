"""Analysis of covariance of the change in log seizure frequency, by ordinary least squares."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.regression.linear_model import OLS, RegressionResults

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic, analysis_rows
from seizureflow.design_matrix import Design, build_design
from seizureflow.methods.common_statistics import (
    coefficient_statistics,
    participants_by_arm,
    relative_change,
)
from seizureflow.problems import AnalysisError


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Fit the model and give LS means, their differences and the relative changes.

    The relative change is ``100 (exp(difference) - 1)`` percent, its interval the transformed one.
    The heteroscedasticity-consistent standard error of the difference is HC3 (MacKinnon & White
    1985).

    Args:
        spec: The analysis; its endpoint is a change in log frequency.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: The model cannot be fitted on these data.
    """
    rows = analysis_rows(data, spec, outcome=spec.outcome)
    design = build_design(rows.frame, spec.arms, spec.covariates)
    if len(rows.frame) <= design.matrix.shape[1]:
        raise AnalysisError(
            f"Analysis {spec.id}: {len(rows.frame)} participants are too few for "
            f"{design.matrix.shape[1]} coefficients."
        )
    fit = OLS(rows.frame["OUTCOME"].to_numpy(), design.matrix).fit()
    return AnalysisResult(
        (
            *participants_by_arm(rows, spec),
            *_lsmeans(fit, design, spec),
            *_differences(fit, design, spec),
            Statistic("residual_sd", "Residual standard deviation", math.sqrt(fit.scale)),
            Statistic("residual_df", "Residual degrees of freedom", float(fit.df_resid)),
            *coefficient_statistics(fit.params, fit.bse, fit.pvalues),
        ),
        notes=rows.notes,
    )


def _lsmeans(fit: RegressionResults, design: Design, spec: AnalysisSpec) -> list[Statistic]:
    quantile = stats.t.ppf((1 + spec.confidence_level) / 2, fit.df_resid)
    statistics = []
    for arm in spec.arms:
        row = design.lsmean_rows.loc[arm.id].to_numpy()
        mean = float(row @ fit.params)
        se = math.sqrt(row @ fit.cov_params() @ row)
        for name, label, value in (
            ("lsmean", "LS mean", mean),
            ("lsmean_se", "Standard error of the LS mean", se),
            ("lsmean_lower", "Lower limit of the LS mean", mean - quantile * se),
            ("lsmean_upper", "Upper limit of the LS mean", mean + quantile * se),
        ):
            statistics.append(Statistic(name, label, value, group=arm.id))
    return statistics


def _differences(fit: RegressionResults, design: Design, spec: AnalysisSpec) -> list[Statistic]:
    quantile = stats.t.ppf((1 + spec.confidence_level) / 2, fit.df_resid)
    hc3 = pd.Series(np.asarray(fit.HC3_se), index=design.matrix.columns)
    statistics = []
    for arm_id, term in design.effects.items():
        difference, se = float(fit.params[term]), float(fit.bse[term])
        lower, upper = difference - quantile * se, difference + quantile * se
        numbers = [
            ("difference", "Difference of LS means", difference),
            ("difference_se", "Standard error of the difference", se),
            ("difference_se_hc3", "Standard error of the difference, HC3", float(hc3[term])),
            ("difference_lower", "Lower limit of the difference", lower),
            ("difference_upper", "Upper limit of the difference", upper),
            ("t", "t statistic", float(fit.tvalues[term])),
            ("p_value", "p", float(fit.pvalues[term])),
        ]
        statistics += [
            Statistic(name, label, value, group=arm_id, reference=spec.reference.id)
            for name, label, value in numbers
        ]
        if spec.outcome_is_log:
            statistics += relative_change(difference, lower, upper, arm_id, spec)
    return statistics
