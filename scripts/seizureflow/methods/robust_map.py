"""Borrows the placebo response of earlier trials through a robust mixture prior."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from seizureflow.analysis import (
    AnalysisResult,
    AnalysisRows,
    AnalysisSpec,
    Arm,
    Statistic,
    analysis_rows,
)
from seizureflow.bayes import beta_mixture, normal_mixture
from seizureflow.bayes.adjusted_means import AdjustedMeans, adjusted_means
from seizureflow.bayes.beta_mixture import (
    BetaMixture,
    beta_by_moments,
    beta_posterior,
    robust_beta_prior,
)
from seizureflow.bayes.log_ratio import log_ratio_of
from seizureflow.bayes.normal_mixture import (
    NormalMixture,
    difference_posterior,
    reference_posterior,
)
from seizureflow.bayes.response_rates import Interval, RateComparison, compare_rates, rate_interval
from seizureflow.methods.common_statistics import (
    participants_by_arm,
    relative_change,
    responder_counts,
)
from seizureflow.problems import AnalysisError

# Name, label, value and unit of a statistic.
_Number = tuple[str, str, float, str | None]


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Combine this trial with the reference arms of earlier ones.

    Responders: the historical responder rate is a beta distribution with the mean and standard
    deviation between trials, mixed with a uniform one; active arms have a beta prior of their own.
    Log change: the historical percent change is a normal distribution of the reference arm's mean
    log change (delta method), mixed with a vague one; the likelihood is that of the LS means of an
    analysis of covariance with their covariance, the residual variance taken as known; active arms
    have a flat prior. All posteriors are exact, up to quadrature.

    The historical distribution is taken as the prior of this trial's true response: its mean is
    treated as known, and its spread holds the sampling error of the earlier trials too.

    Args:
        spec: The analysis.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: No prior has the moments given, or the model cannot be fitted.

    Source:
        Schmidli et al., Biometrics 2014; 70: 1023-1032.
    """
    if spec.endpoint_kind == "responder" and spec.covariates:
        raise AnalysisError(
            f"Analysis {spec.id}: responder rates are compared without covariates. Take them out "
            "of the plan."
        )
    rows = analysis_rows(data, spec, outcome=spec.outcome)
    if spec.endpoint_kind == "responder":
        statistics, notes = _responders(rows, spec)
    else:
        statistics, notes = _log_change(rows, spec)
    history = spec.options["historical"]
    source = (
        f"Historical {spec.reference.label.lower()} response: mean {history['mean']:g}%, standard "
        f"deviation between trials {history['sd']:g} points ({history['source']})."
    )
    return AnalysisResult(tuple(statistics), notes=(*rows.notes, source, *notes, *_caveats(spec)))


def _responders(rows: AnalysisRows, spec: AnalysisSpec) -> tuple[list[Statistic], list[str]]:
    history, weight = spec.options["historical"], spec.options["robust_weight"]
    shapes = beta_by_moments(history["mean"] / 100, history["sd"] / 100)
    prior = robust_beta_prior(shapes, weight)
    own = robust_beta_prior((1.0, 1.0), 1.0)
    reference = beta_posterior(prior, *_counts(rows, spec.reference))
    alone = beta_posterior(own, *_counts(rows, spec.reference))
    statistics = responder_counts(rows, spec)
    statistics += _of_reference(
        [
            *_sizes(beta_mixture.moment_sample_size(prior), beta_mixture.elir_sample_size(prior)),
            _vague_weight(float(reference.weights[1])),
            *_percent_interval(rate_interval(reference, spec.confidence_level)),
        ],
        spec,
    )
    a, b = spec.options["active_prior"]
    active_prior = BetaMixture(np.ones(1), np.array([float(a)]), np.array([float(b)]))
    for arm in spec.arms[1:]:
        active = beta_posterior(active_prior, *_counts(rows, arm))
        with_history = compare_rates(active, reference, spec.confidence_level)
        without = compare_rates(active, alone, spec.confidence_level)
        statistics += _compared(_rates(with_history), arm, spec)
        statistics += _compared(_rates(without), arm, spec, "without_history")
    notes = [
        f"Prior of the reference arm's responder rate: {1 - weight:g} x Beta({shapes[0]:.2f}, "
        f"{shapes[1]:.2f}) + {weight:g} x Beta(1, 1); of each other arm: Beta({a:g}, {b:g}).",
    ]
    return statistics, notes


def _counts(rows: AnalysisRows, arm: Arm) -> tuple[int, int]:
    outcome = rows.frame.loc[rows.frame["ARM"] == arm.id, "OUTCOME"]
    return int(outcome.sum()), len(outcome)


def _rates(found: RateComparison) -> list[_Number]:
    difference, odds = found.risk_difference, found.odds_ratio
    return [
        ("posterior_probability", "Probability of a higher responder rate", found.higher, None),
        ("risk_difference", "Difference of responder rates", difference.median, None),
        ("risk_difference_lower", "Lower credible limit", difference.lower, None),
        ("risk_difference_upper", "Upper credible limit", difference.upper, None),
        ("odds_ratio", "Odds ratio", odds.median, None),
        ("odds_ratio_lower", "Lower credible limit of the odds ratio", odds.lower, None),
        ("odds_ratio_upper", "Upper credible limit of the odds ratio", odds.upper, None),
    ]


def _percent_interval(found: Interval) -> list[_Number]:
    return [
        ("posterior_rate", "Posterior median of the responder rate", 100 * found.median, "%"),
        ("posterior_rate_lower", "Lower credible limit of the rate", 100 * found.lower, "%"),
        ("posterior_rate_upper", "Upper credible limit of the rate", 100 * found.upper, "%"),
    ]


def _log_change(rows: AnalysisRows, spec: AnalysisSpec) -> tuple[list[Statistic], list[str]]:
    history, weight = spec.options["historical"], spec.options["robust_weight"]
    if history["mean"] <= -100:
        raise AnalysisError(
            f"Analysis {spec.id}: a historical change of {history['mean']:g}% has no logarithm. "
            "Give a mean above -100."
        )
    centre = math.log1p(history["mean"] / 100)
    spread = history["sd"] / (100 + history["mean"])  # the delta method
    vague_sd = spec.options["vague_sd"]
    prior = NormalMixture(
        np.array([1 - weight, weight]), np.full(2, centre), np.array([spread, vague_sd])
    )
    means = adjusted_means(rows.frame, spec.arms, spec.covariates)
    reference_id = spec.reference.id
    statistics = participants_by_arm(rows, spec)
    for arm in spec.arms[1:]:
        pair = means.pair(reference_id, arm.id)
        reference = reference_posterior(prior, pair)
        if arm is spec.arms[1]:
            statistics += _of_reference(_reference_numbers(prior, reference, means, spec), spec)
        found = difference_posterior(reference, pair)
        middle, lower, upper = (found.quantile(q) for q in _tails(spec))
        statistics += _compared(
            [
                ("difference", "Posterior median of the difference", middle, None),
                ("difference_lower", "Lower credible limit of the difference", lower, None),
                ("difference_upper", "Upper credible limit of the difference", upper, None),
                *_reductions(found, spec),
            ],
            arm,
            spec,
        )
        statistics += relative_change(middle, lower, upper, arm.id, spec)
        without = means.difference(reference_id, arm.id)
        statistics += _compared(
            [
                ("difference", "Posterior median of the difference", without.mean, None),
                *_reductions(without, spec),
            ],
            arm,
            spec,
            "without_history",
        )
    notes = [
        f"Prior of the reference arm's mean log change: {1 - weight:g} x N({centre:.3f}, "
        f"{spread:.3f}²) + {weight:g} x N({centre:.3f}, {vague_sd:g}²); of every other arm: flat.",
        "The mean log change is taken for the logarithm of one plus the historical median change, "
        "an approximation that holds where log changes are symmetric and no offset is added. The "
        "LS means are those of a participant with mean covariates; the residual standard deviation "
        "is taken as known.",
    ]
    return statistics, notes


def _tails(spec: AnalysisSpec) -> tuple[float, float, float]:
    level = spec.confidence_level
    return 0.5, (1 - level) / 2, (1 + level) / 2


def _reference_numbers(
    prior: NormalMixture, reference: NormalMixture, means: AdjustedMeans, spec: AnalysisSpec
) -> list[_Number]:
    sizes = (
        normal_mixture.moment_sample_size(prior, means.residual_sd),
        normal_mixture.elir_sample_size(prior, means.residual_sd),
    )
    middle, lower, upper = (reference.quantile(q) for q in _tails(spec))
    return [
        *_sizes(*sizes),
        _vague_weight(float(reference.weights[1])),
        ("posterior_mean", "Posterior median of the mean log change", middle, None),
        ("posterior_mean_lower", "Lower credible limit of the mean", lower, None),
        ("posterior_mean_upper", "Upper credible limit of the mean", upper, None),
    ]


def _reductions(found: NormalMixture, spec: AnalysisSpec) -> list[_Number]:
    return [
        (
            f"exceeds_{reduction:g}".replace(".", "_").replace("-", "minus_"),
            f"Probability that the reduction exceeds {reduction:g}%",
            found.cdf(log_ratio_of(reduction)),
            None,
        )
        for reduction in spec.options["reductions"]
    ]


def _sizes(moment: float, elir: float) -> list[_Number]:
    return [
        ("prior_participants", "Participants that the prior is worth, by moments", moment, None),
        (
            "prior_participants_elir",
            "Participants that the prior is worth, by local information (ELIR)",
            elir,
            None,
        ),
    ]


def _vague_weight(weight: float) -> _Number:
    return ("vague_weight", "Posterior weight of the vague component", weight, None)


def _of_reference(numbers: list[_Number], spec: AnalysisSpec) -> list[Statistic]:
    return [
        Statistic(
            name,
            label,
            value,
            group=spec.reference.id,
            unit=unit,
            note="It may not exist for a component with a shape below 1."
            if math.isnan(value)
            else None,
        )
        for name, label, value, unit in numbers
    ]


def _compared(
    numbers: list[_Number], arm: Arm, spec: AnalysisSpec, variable: str | None = None
) -> list[Statistic]:
    return [
        Statistic(
            name,
            label,
            value,
            group=arm.id,
            reference=spec.reference.id,
            variable=variable,
            unit=unit,
        )
        for name, label, value, unit in numbers
    ]


def _caveats(spec: AnalysisSpec) -> list[str]:
    return [
        "Borrowing supposes that this trial's reference arm could have been one of the earlier "
        "ones. Earlier trials with another design (most: 8 weeks of baseline, 12 of treatment), "
        "other entry criteria or another endpoint than this one's are no such sample; the vague "
        "component limits the harm, and its posterior weight shows a conflict that is large.",
        "Results without the historical trials stand beside those with them. The error rates of "
        "the usual tests do not apply to either.",
    ]
