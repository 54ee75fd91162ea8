"""Logistic regression of responders by maximum likelihood."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.discrete.discrete_model import Logit

from seizureflow.analysis import (
    AnalysisResult,
    AnalysisRows,
    AnalysisSpec,
    Statistic,
    analysis_rows,
)
from seizureflow.design_matrix import build_design
from seizureflow.methods.common_statistics import coefficient_statistics, responder_counts

# A fitted probability this close to 0 or 1 shows that the likelihood has no finite maximum.
_SEPARATION = 1e-8


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Fit the model and give the odds ratios with Wald intervals.

    Where responders and others are separated by the model's terms no finite estimate exists: the
    counts are given, and a note says so.

    Args:
        spec: The analysis; its endpoint is a responder flag.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: The terms of the model cannot be told apart.
    """
    rows = analysis_rows(data, spec, outcome="AVAL")
    design = build_design(rows.frame, spec.arms, spec.covariates)
    counts = responder_counts(rows, spec)
    outcome = rows.frame["OUTCOME"].to_numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # separation is looked for, and reported, below
        fit = None if _all_alike(rows) else _fit(outcome, design.matrix)
    if fit is None or _separated(fit):
        note = (
            "No finite odds ratio exists: responders are separated from the others by the terms of "
            "the model. The counts and the exact test stand."
        )
        missing = [
            Statistic(name, label, group=arm, reference=spec.reference.id, note=note)
            for arm in design.effects
            for name, label in _NUMBERS.items()
        ]
        return AnalysisResult((*counts, *missing), converged=False, notes=(*rows.notes, note))
    quantile = stats.norm.ppf((1 + spec.confidence_level) / 2)
    statistics = []
    for arm, term in design.effects.items():
        log_ratio, se = float(fit.params[term]), float(fit.bse[term])
        values = (
            log_ratio,
            se,
            math.exp(log_ratio),
            math.exp(log_ratio - quantile * se),
            math.exp(log_ratio + quantile * se),
            float(fit.tvalues[term]),
            float(fit.pvalues[term]),
        )
        statistics += [
            Statistic(name, label, value, group=arm, reference=spec.reference.id)
            for (name, label), value in zip(_NUMBERS.items(), values, strict=True)
        ]
    return AnalysisResult(
        (
            *counts,
            *statistics,
            Statistic("log_likelihood", "Log-likelihood", float(fit.llf)),
            *coefficient_statistics(fit.params, fit.bse, fit.pvalues),
        ),
        converged=bool(fit.mle_retvals["converged"]),
        notes=rows.notes,
    )


_NUMBERS = {
    "log_odds_ratio": "Log odds ratio",
    "log_odds_ratio_se": "Standard error of the log odds ratio",
    "odds_ratio": "Odds ratio",
    "odds_ratio_lower": "Lower limit of the odds ratio",
    "odds_ratio_upper": "Upper limit of the odds ratio",
    "z": "z statistic",
    "p_value": "p",
}


def _all_alike(rows: AnalysisRows) -> bool:
    return rows.frame["OUTCOME"].nunique() < 2


def _fit(outcome: np.ndarray, matrix: pd.DataFrame):  # type: ignore[no-untyped-def]
    try:
        return Logit(outcome, matrix).fit(disp=0, method="newton", maxiter=100, tol=1e-12)
    except np.linalg.LinAlgError:
        return None


def _separated(fit) -> bool:  # type: ignore[no-untyped-def]
    probabilities = fit.predict()
    extreme = np.minimum(probabilities, 1 - probabilities).min() < _SEPARATION
    return bool(extreme) or not np.isfinite(fit.bse).all()
