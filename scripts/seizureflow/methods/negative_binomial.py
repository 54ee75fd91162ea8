"""Negative binomial regression of the seizure counts with the logarithm of the days as offset."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special, stats
from statsmodels.discrete.discrete_model import NegativeBinomial, Poisson

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic, analysis_rows
from seizureflow.array_types import FloatArray
from seizureflow.design_matrix import build_design
from seizureflow.methods.common_statistics import (
    coefficient_statistics,
    participants_by_arm,
    relative_change,
)
from seizureflow.problems import AnalysisError

# Below this dispersion the counts are no more variable than Poisson counts to any practical degree.
_NO_DISPERSION = 1e-7


@dataclass(frozen=True)
class NegativeBinomialFit:
    """Maximum likelihood fit of counts with variance ``mu + mu^2 / theta``.

    Attributes:
        coefficients: Log rates by term.
        standard_errors: From the expected information with theta held fixed (as R's ``glm.nb``).
        theta: Shape; infinite for Poisson counts.
        theta_se: From the observed information of theta alone (as R's ``theta.ml``).
        log_likelihood: At the maximum.
        converged: Whether the maximum was reached.
    """

    coefficients: pd.Series
    standard_errors: pd.Series
    theta: float
    theta_se: float
    log_likelihood: float
    converged: bool


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Fit the model and give the rate ratios with Wald intervals.

    Args:
        spec: The analysis; it takes no endpoint.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: There are no seizures in an arm, or the terms cannot be told apart.
    """
    rows = analysis_rows(data, spec)
    frame = rows.frame
    silent = [
        arm.label for arm in spec.arms if not frame.loc[frame["ARM"] == arm.id, "COUNT"].any()
    ]
    if silent:
        raise AnalysisError(
            f"Analysis {spec.id}: {', '.join(silent)} had no seizure in the window, so a rate "
            "ratio does not exist. Compare the arms by an analysis of seizure freedom."
        )
    design = build_design(frame, spec.arms, spec.covariates)
    offset = np.log(frame["DAYS"].to_numpy() / spec.frequency_days)
    fit = fit_negative_binomial(frame["COUNT"].to_numpy(), design.matrix, offset)
    quantile = float(stats.norm.ppf((1 + spec.confidence_level) / 2))
    statistics = participants_by_arm(rows, spec)
    for arm, term in design.effects.items():
        statistics += _rate_ratio(fit, term, arm, quantile, spec)
    p_values = pd.Series(
        2 * stats.norm.sf(np.abs(fit.coefficients / fit.standard_errors)),
        index=fit.coefficients.index,
    )
    statistics += [
        Statistic("theta", "Shape of the negative binomial distribution", fit.theta),
        Statistic("theta_se", "Standard error of the shape", fit.theta_se),
        Statistic("log_likelihood", "Log-likelihood", fit.log_likelihood),
        *coefficient_statistics(fit.coefficients, fit.standard_errors, p_values),
    ]
    notes = rows.notes
    if math.isinf(fit.theta):
        notes += (
            "The counts are no more variable than Poisson counts: the Poisson limit is given.",
        )
    if not fit.converged:
        notes += ("The fit did not converge; its numbers are not to be used.",)
    return AnalysisResult(tuple(statistics), converged=fit.converged, notes=notes)


def fit_negative_binomial(
    counts: FloatArray, matrix: pd.DataFrame, offset: FloatArray
) -> NegativeBinomialFit:
    """Fit by joint maximum likelihood of coefficients and theta.

    Args:
        counts: Counts, one per row.
        matrix: Design matrix.
        offset: Added to the linear predictor.

    Source:
        Venables & Ripley, Modern Applied Statistics with S, 4th ed., 7.4 (``glm.nb``).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # convergence is a result: it is in the fit
        parameters, converged = _maximise(counts, matrix, offset)
    coefficients, alpha = parameters.iloc[:-1], float(parameters.iloc[-1])
    means = np.exp(np.asarray(matrix @ coefficients) + offset)
    weights = means / (1 + alpha * means)
    information = np.asarray(matrix).T @ (np.asarray(matrix) * weights[:, None])
    theta = 1 / alpha if alpha > 0 else math.inf
    return NegativeBinomialFit(
        coefficients=coefficients,
        standard_errors=pd.Series(
            np.sqrt(np.diag(np.linalg.inv(information))), index=coefficients.index
        ),
        theta=theta,
        theta_se=_theta_standard_error(counts, means, theta),
        log_likelihood=_log_likelihood(counts, means, theta),
        converged=converged,
    )


def _maximise(
    counts: FloatArray, matrix: pd.DataFrame, offset: FloatArray
) -> tuple[pd.Series, bool]:
    """Coefficients and dispersion (1 / theta; 0 for Poisson counts), and whether they converged."""
    poisson = Poisson(counts, matrix, offset=offset).fit(disp=0, method="newton", maxiter=200)
    model = NegativeBinomial(counts, matrix, loglike_method="nb2", offset=offset)
    try:
        rough = model.fit(disp=0, method="bfgs", maxiter=1000, gtol=1e-6)
        fit = model.fit(rough.params, disp=0, method="newton", maxiter=100, tol=1e-14)
        parameters = fit.params
        gradient = np.abs(np.asarray(model.score(np.asarray(parameters)))).max()
    except np.linalg.LinAlgError:
        parameters, gradient = pd.Series([math.nan]), math.inf
    alpha = float(parameters.iloc[-1])
    if not np.isfinite(parameters).all() or alpha < _NO_DISPERSION:
        limit = pd.Series([*poisson.params, 0.0], index=[*matrix.columns, "alpha"])
        return limit, bool(poisson.mle_retvals["converged"])
    return parameters, bool(gradient < 1e-5 * max(1.0, abs(fit.llf)))


def _log_likelihood(counts: FloatArray, means: FloatArray, theta: float) -> float:
    if math.isinf(theta):
        return float(np.sum(stats.poisson.logpmf(counts, means)))
    return float(np.sum(stats.nbinom.logpmf(counts, theta, theta / (theta + means))))


def _theta_standard_error(counts: FloatArray, means: FloatArray, theta: float) -> float:
    """From the second derivative of the log-likelihood in theta; none at the Poisson limit."""
    if math.isinf(theta):
        return math.nan
    information = np.sum(
        special.polygamma(1, theta)
        - special.polygamma(1, theta + counts)
        - 1 / theta
        + 2 / (means + theta)
        - (counts + theta) / (means + theta) ** 2
    )
    return 1 / math.sqrt(information) if information > 0 else math.nan


def _rate_ratio(
    fit: NegativeBinomialFit, term: str, arm: str, quantile: float, spec: AnalysisSpec
) -> list[Statistic]:
    log_ratio, se = float(fit.coefficients[term]), float(fit.standard_errors[term])
    lower, upper = log_ratio - quantile * se, log_ratio + quantile * se
    numbers = [
        ("log_rate_ratio", "Log rate ratio", log_ratio),
        ("log_rate_ratio_se", "Standard error of the log rate ratio (theta held fixed)", se),
        ("rate_ratio", "Rate ratio", math.exp(log_ratio)),
        ("rate_ratio_lower", "Lower limit of the rate ratio", math.exp(lower)),
        ("rate_ratio_upper", "Upper limit of the rate ratio", math.exp(upper)),
        ("z", "z statistic", log_ratio / se),
        ("p_value", "p", 2 * float(stats.norm.sf(abs(log_ratio / se)))),
    ]
    return [
        *(
            Statistic(name, label, value, group=arm, reference=spec.reference.id)
            for name, label, value in numbers
        ),
        *relative_change(log_ratio, lower, upper, arm, spec),
    ]
