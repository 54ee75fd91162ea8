"""Logistic regression of responders, by Firth's penalised likelihood where it is needed."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.discrete.discrete_model import Logit

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic, analysis_rows
from seizureflow.array_types import FloatArray
from seizureflow.design_matrix import Design, build_design
from seizureflow.methods.common_statistics import coefficient_statistics, responder_counts
from seizureflow.proportions.interval import Interval, normal_quantile
from seizureflow.proportions.likelihood_profile import ProfileInference, profile_inference
from seizureflow.proportions.logistic_fit import LogisticFit, fit_logistic
from seizureflow.proportions.separation import Separation, find_separation

_NO_ODDS_RATIO = "No finite odds ratio exists by maximum likelihood"


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Fit the model and give the odds ratios with Wald or profile likelihood intervals.

    Where responders and others are separated by the model's terms, the maximum likelihood estimate
    is infinite; Firth's penalised likelihood then takes its place, with the interval and the test
    of its profile, unless the option ``firth`` is ``never``.

    Args:
        spec: The analysis; its endpoint is a responder flag. Options ``interval`` and ``firth``.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: The terms of the model cannot be told apart.

    Source:
        Penalised likelihood: Firth (1993), Heinze & Schemper (2002); see
        :mod:`seizureflow.proportions.logistic_fit`. Separation: Konis (2007).
    """
    rows = analysis_rows(data, spec, outcome="AVAL")
    design = build_design(rows.frame, spec.arms, spec.covariates)
    model = _Model(
        rows.frame["OUTCOME"].to_numpy(dtype=np.float64),
        design.matrix.to_numpy(dtype=np.float64),
        design,
        spec,
    )
    counts = responder_counts(rows, spec)
    separation = find_separation(model.outcome, model.matrix)
    firth = spec.options.get("firth", "when_separated")
    notes = rows.notes
    if separation is not None:
        notes = (*notes, _separation_note(separation, model, firth != "never"))
    if firth == "always" or (separation is not None and firth == "when_separated"):
        statistics, converged = _penalised(model)
    elif separation is not None:
        return AnalysisResult((*counts, *_missing(model, notes[-1])), converged=False, notes=notes)
    else:
        statistics, converged = _maximum_likelihood(model)
    return AnalysisResult((*counts, *statistics), converged=converged, notes=notes)


@dataclass(frozen=True)
class _Model:
    """Outcome and design of one analysis."""

    outcome: FloatArray
    matrix: FloatArray
    design: Design
    spec: AnalysisSpec

    @property
    def terms(self) -> list[str]:
        return list(self.design.matrix.columns)

    def profile(self, fit: LogisticFit, term: str, firth: bool) -> ProfileInference:
        return profile_inference(
            self.outcome,
            self.matrix,
            fit,
            self.terms.index(term),
            self.spec.confidence_level,
            firth=firth,
        )


def _separation_note(separation: Separation, model: _Model, penalised: bool) -> str:
    if len(set(model.outcome)) == 1:
        why = "all participants responded" if model.outcome[0] else "no participant responded"
    else:
        named = zip(model.terms, separation.infinite, strict=True)
        infinite = ", ".join(term for term, is_infinite in named if is_infinite)
        kind = "completely" if separation.complete else "in part"
        why = (
            f"responders are {kind} separated from the others by the terms of the model (infinite: "
            f"{infinite})"
        )
    what = (
        "The estimates are Firth's, by penalised likelihood, with the interval and the test of its "
        "profile."
        if penalised
        else "The counts and the exact test stand."
    )
    return f"{_NO_ODDS_RATIO}: {why}. {what}"


def _missing(model: _Model, note: str) -> list[Statistic]:
    reference = model.spec.reference.id
    return [
        Statistic(name, label, group=arm, reference=reference, note=note)
        for arm in model.design.effects
        for name, label in _NUMBERS.items()
    ]


def _maximum_likelihood(model: _Model) -> tuple[list[Statistic], bool]:
    """Wald or profile intervals as the option says; the profile's limits under their own names."""
    fit, converged = _fit(model.outcome, model.design.matrix)
    maximum = fit_logistic(model.outcome, model.matrix, start=fit.params.to_numpy())
    level, by_profile = model.spec.confidence_level, _by_profile(model.spec)
    statistics: list[Statistic] = []
    for arm, term in model.design.effects.items():
        log_ratio, se = float(fit.params[term]), float(fit.bse[term])
        profile = model.profile(maximum, term, firth=False)
        half = normal_quantile(level) * se
        wald = Interval(log_ratio - half, log_ratio + half)
        p_value = profile.p_value if by_profile else float(fit.pvalues[term])
        numbers = _numbers(log_ratio, se, profile.interval if by_profile else wald, p_value)
        statistics += _compared(numbers, arm, model.spec)
        statistics += _compared(_profile_numbers(profile), arm, model.spec)
    return [
        *statistics,
        Statistic("estimator", "Estimator", text="Maximum likelihood"),
        Statistic("log_likelihood", "Log-likelihood", float(fit.llf)),
        *coefficient_statistics(fit.params, fit.bse, fit.pvalues),
    ], converged and maximum.converged


def _penalised(model: _Model) -> tuple[list[Statistic], bool]:
    """Firth's estimates; intervals and p of the profile penalised likelihood, for every term."""
    fit = fit_logistic(model.outcome, model.matrix, firth=True)
    profiles = {term: model.profile(fit, term, firth=True) for term in model.terms}
    unknown = np.full((len(model.terms),) * 2, np.nan)
    variance = np.diag(unknown if fit.covariance is None else fit.covariance)
    estimates = pd.Series(fit.coefficients, index=model.terms)
    errors = pd.Series(np.sqrt(variance), index=model.terms)
    p_values = pd.Series({term: profile.p_value for term, profile in profiles.items()})
    statistics: list[Statistic] = []
    for arm, term in model.design.effects.items():
        profile = profiles[term]
        numbers = _numbers(
            float(estimates[term]), float(errors[term]), profile.interval, profile.p_value
        )
        statistics += _compared(numbers, arm, model.spec)
        statistics += _compared(_profile_numbers(profile), arm, model.spec)
    return [
        *statistics,
        Statistic("estimator", "Estimator", text="Firth (penalised likelihood)"),
        Statistic("log_likelihood", "Penalised log-likelihood", fit.log_likelihood),
        *coefficient_statistics(estimates, errors, p_values),
    ], fit.converged


def _by_profile(spec: AnalysisSpec) -> bool:
    return bool(spec.options.get("interval", "wald") == "profile")


_NUMBERS = {
    "log_odds_ratio": "Log odds ratio",
    "log_odds_ratio_se": "Standard error of the log odds ratio",
    "odds_ratio": "Odds ratio",
    "odds_ratio_lower": "Lower limit of the odds ratio",
    "odds_ratio_upper": "Upper limit of the odds ratio",
    "z": "z statistic",
    "p_value": "p",
}
_PROFILE_NUMBERS = {
    "odds_ratio_profile_lower": "Lower limit of the odds ratio, profile likelihood",
    "odds_ratio_profile_upper": "Upper limit of the odds ratio, profile likelihood",
    "likelihood_ratio_chi_square": "Likelihood ratio statistic",
    "likelihood_ratio_p": "p of the likelihood ratio test",
}


def _numbers(log_ratio: float, se: float, interval: Interval, p_value: float) -> dict[str, float]:
    values = (
        log_ratio,
        se,
        math.exp(log_ratio),
        _exp(interval.lower),
        _exp(interval.upper),
        log_ratio / se,
        p_value,
    )
    return dict(zip(_NUMBERS, values, strict=True))


def _profile_numbers(profile: ProfileInference) -> dict[str, float]:
    values = (
        _exp(profile.interval.lower),
        _exp(profile.interval.upper),
        profile.chi_square,
        profile.p_value,
    )
    return dict(zip(_PROFILE_NUMBERS, values, strict=True))


def _exp(value: float) -> float:
    return math.exp(value) if value < 700 else math.inf


def _compared(numbers: Mapping[str, float], arm: str, spec: AnalysisSpec) -> list[Statistic]:
    labels = _NUMBERS | _PROFILE_NUMBERS
    return [
        Statistic(name, labels[name], value, group=arm, reference=spec.reference.id)
        for name, value in numbers.items()
    ]


def _fit(outcome: FloatArray, matrix: pd.DataFrame):  # type: ignore[no-untyped-def]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what hinders a fit is looked for before it, and reported
        fit = Logit(outcome, matrix).fit(disp=0, method="newton", maxiter=100, tol=1e-12)
    return fit, bool(fit.mle_retvals["converged"])
