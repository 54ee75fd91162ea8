"""Controlled multiple imputation of the seizures of missing days, by negative binomial models."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.count_imputation.imputation import (
    Assumption,
    Estimates,
    estimate_by_bootstrap,
    estimate_by_rubin,
)
from seizureflow.count_imputation.pooling import Pooled
from seizureflow.count_imputation.reported import arm_statistics, in_analysis, multiplier_of_arms
from seizureflow.count_imputation.trial import count_trial
from seizureflow.methods.common_statistics import relative_change
from seizureflow.streams import Streams

_VARIANCES = {"rubin": "Rubin's rules", "repeated_sampling": "bootstrap over participants"}
_CONSERVATIVE = (
    "Under reference-based assumptions the variance by Rubin's rules is larger than the variance "
    "of the estimate over repeated trials; that by the bootstrap is an estimate of the latter."
)


def analyse(
    spec: AnalysisSpec, data: Mapping[str, pd.DataFrame], rng: np.random.Generator
) -> AnalysisResult:
    """Impute the seizures of missing days many times, analyse each data set, and combine.

    A negative binomial regression of the seizures on recorded days, with arm and covariates, gives
    the distribution of those on missing days given those seen. Missing days while a participant is
    under follow-up are imputed at the rate of the own arm; those after the end of follow-up as the
    option ``strategy`` says, the rate times the arm's factor in ``multipliers``. The same
    regression over the whole window then gives the rate ratio.

    Two variances are given: by Rubin's rules, and over repeated sampling by bootstrap and
    imputation. The option ``variance`` says which of them gives estimate, interval and p.

    Args:
        spec: The analysis; it takes no endpoint.
        data: Tables ``adsl``, ``adsz`` and ``intervals``.
        rng: Source of random numbers.

    Raises:
        AnalysisError: An arm has no seizure or no recorded day in the window, or a model cannot be
            fitted.

    Source:
        Keene, Roger, Hartley & Kenward, Pharm Stat 2014; 13: 258-264; for the bootstrap von Hippel
        & Bartlett, Statistical Science 2021; 36: 400-420. Akacha & Ogundimu, Pharm Stat 2016; 15:
        4-14, treat the tipping point of such data.
    """
    trial, notes = count_trial(spec, data)
    options, streams = spec.options, Streams.of(rng)
    multipliers = multiplier_of_arms(spec)
    assumption = Assumption(options["strategy"], multipliers)
    with in_analysis(spec):
        rubin = estimate_by_rubin(
            trial, assumption, options["draws"], options["parameters"], streams.branch("rubin")
        )
        sampled = estimate_by_bootstrap(
            trial,
            assumption,
            options["bootstrap_samples"],
            options["imputations_per_sample"],
            streams.branch("bootstrap"),
        )
    statistics = arm_statistics(trial, rubin.imputed)
    for place, arm in enumerate(spec.arms[1:]):
        statistics += _comparison(rubin, sampled, place, arm.id, spec)
    statistics.append(_theta(rubin.theta))
    reference_based = options["strategy"] != "mar" and bool((trial.after > 0).any())
    said = (*notes, *rubin.notes, *sampled.notes, *((_CONSERVATIVE,) * reference_based))
    return AnalysisResult(tuple(statistics), converged=True, notes=said)


def _theta(theta: float) -> Statistic:
    note = "Infinite: no more variable than Poisson counts." if math.isinf(theta) else None
    return Statistic("theta", "Shape of the imputation model", theta, note=note)


def _comparison(
    rubin: Estimates, sampled: Estimates, place: int, arm: str, spec: AnalysisSpec
) -> list[Statistic]:
    by_rules, by_bootstrap = rubin.pooled[place], sampled.pooled[place]
    chosen = by_rules if spec.options["variance"] == "rubin" else by_bootstrap
    lower, upper = chosen.limits(spec.confidence_level)
    words = _VARIANCES[spec.options["variance"]]
    numbers: list[tuple[str, str, float]] = [
        ("log_rate_ratio", "Log rate ratio", chosen.estimate),
        ("log_rate_ratio_se", f"Standard error of the log rate ratio, {words}", chosen.se),
        ("log_rate_ratio_df", "Degrees of freedom", chosen.df),
        ("rate_ratio", "Rate ratio", math.exp(chosen.estimate)),
        ("rate_ratio_lower", "Lower limit of the rate ratio", math.exp(lower)),
        ("rate_ratio_upper", "Upper limit of the rate ratio", math.exp(upper)),
        ("p_value", "p", chosen.p_value),
        *_variance("rubin", by_rules),
        *_variance("repeated_sampling", by_bootstrap),
        (
            "missing_information",
            "Share of the variance by Rubin's rules that is due to missing days",
            by_rules.missing_information,
        ),
        (
            "monte_carlo_se",
            "Monte Carlo standard error of the log rate ratio",
            chosen.monte_carlo_se,
        ),
    ]
    statistics = [
        Statistic(
            name,
            label,
            value,
            group=arm,
            reference=spec.reference.id,
            note="Infinite degrees of freedom: nothing is missing, the limits are normal."
            if name == "log_rate_ratio_df" and math.isinf(value)
            else None,
        )
        for name, label, value in numbers
    ]
    return [*statistics, *relative_change(chosen.estimate, lower, upper, arm, spec)]


def _variance(name: str, pooled: Pooled) -> list[tuple[str, str, float]]:
    words = _VARIANCES[name]
    return [
        (f"log_rate_ratio_{name}", f"Log rate ratio, {words}", pooled.estimate),
        (
            f"log_rate_ratio_se_{name}",
            f"Standard error of the log rate ratio by {words}",
            pooled.se,
        ),
        (f"p_value_{name}", f"p, {words}", pooled.p_value),
    ]
