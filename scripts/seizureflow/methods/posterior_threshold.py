"""Posterior probabilities of reductions under several priors, from another analysis's estimate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Arm, Statistic
from seizureflow.bayes.log_ratio import LogRatio, log_ratio_of, read_log_ratio
from seizureflow.bayes.posteriors import Prior, posterior
from seizureflow.bayes.reduction_density import reduction_density, reduction_grid

Entry = dict[str, Any]


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Combine the estimate with each prior.

    The likelihood of the true log ratio is taken as normal around the estimate, or as the t density
    with the estimate's degrees of freedom. Rows of the statistic ``curve_posterior_density`` are
    the density of the reduction, per percentage point, at the reductions of their level.

    Args:
        spec: The analysis; its option ``analysis`` names the one read.
        data: The results of that one.

    Raises:
        AnalysisError: That one estimated no log ratio.

    Source:
        Spiegelhalter, Freedman & Parmar, Journal of the Royal Statistical Society A 1994; 157:
        357-416 (sceptical and enthusiastic priors).
    """
    read = spec.options["analysis"]
    statistics: list[Statistic] = []
    for arm in spec.arms[1:]:
        estimate = read_log_ratio(data[f"results_{read}"], read, arm.id)
        for prior in spec.options["priors"]:
            statistics += _under(prior, estimate, arm, spec)
        statistics += _densities(estimate, arm, spec)
    return AnalysisResult(tuple(statistics), notes=_notes(spec))


def _under(entry: Entry, estimate: LogRatio, arm: Arm, spec: AnalysisSpec) -> list[Statistic]:
    reductions = spec.options["reductions"]
    found = posterior(
        estimate,
        _prior(entry),
        tuple(log_ratio_of(reduction) for reduction in reductions),
        spec.confidence_level,
        spec.options["likelihood"] == "t",
    )
    label = entry["label"].lower()
    numbers = [
        ("relative_change", f"Posterior median of the relative change, {label}", found.median),
        ("relative_change_lower", "Lower credible limit of the relative change", found.lower),
        ("relative_change_upper", "Upper credible limit of the relative change", found.upper),
    ]
    statistics = [
        Statistic(name, words, 100 * math.expm1(value), unit="%") for name, words, value in numbers
    ]
    exists = math.isfinite(found.mean_ratio)
    statistics += [
        Statistic(
            "relative_change_mean",
            "Posterior mean of the relative change",
            100 * (found.mean_ratio - 1) if exists else math.nan,
            unit="%",
            note=None
            if exists
            else "The mean of a ratio whose logarithm has a t distribution does not exist.",
        ),
        Statistic("log_ratio_mean", "Posterior mean of the log ratio", found.mean),
        Statistic("log_ratio_sd", "Posterior standard deviation of the log ratio", found.sd),
    ]
    statistics = [_placed(statistic, arm, spec, entry["id"]) for statistic in statistics]
    return statistics + [
        _placed(
            Statistic(
                "posterior_probability",
                f"Probability that the reduction exceeds {reduction:g}%",
                probability,
            ),
            arm,
            spec,
            entry["id"],
            f"{reduction:g}%",
        )
        for reduction, probability in zip(reductions, found.probabilities, strict=True)
    ]


def _densities(estimate: LogRatio, arm: Arm, spec: AnalysisSpec) -> list[Statistic]:
    """Density of the reduction under each prior, on a grid common to all."""
    priors, is_t = spec.options["priors"], spec.options["likelihood"] == "t"
    grid = reduction_grid(
        estimate, [_prior(entry) for entry in priors], spec.options["reductions"], is_t
    )
    return [
        _placed(
            Statistic(
                "curve_posterior_density",
                "Posterior density of the reduction, per percentage point",
                float(density),
            ),
            arm,
            spec,
            entry["id"],
            f"{reduction:g}%",
        )
        for entry in priors
        for reduction, density in zip(
            grid, reduction_density(estimate, _prior(entry), grid, is_t), strict=True
        )
    ]


def _placed(
    statistic: Statistic, arm: Arm, spec: AnalysisSpec, prior: str, level: str | None = None
) -> Statistic:
    return Statistic(
        statistic.name,
        statistic.label,
        statistic.value,
        group=arm.id,
        reference=spec.reference.id,
        variable=prior,
        level=level,
        unit=statistic.unit,
        note=statistic.note,
    )


def _prior(entry: Entry) -> Prior:
    sd = entry["sd"]
    return Prior(float(entry["mean"]), math.inf if sd is None else float(sd))


def _notes(spec: AnalysisSpec) -> tuple[str, ...]:
    priors = "; ".join(_in_words(entry, spec) for entry in spec.options["priors"])
    shape = "a t density" if spec.options["likelihood"] == "t" else "normal"
    return (
        f"Priors of the log ratio, with intervals of the level of the others: {priors}.",
        f"The likelihood is {shape} around the estimate of the analysis "
        f"{spec.options['analysis']}, with its standard error.",
    )


def _in_words(entry: Entry, spec: AnalysisSpec) -> str:
    if entry["sd"] is None:
        return f"{entry['label'].lower()} ({entry['id']})"
    middle = 100 * math.expm1(entry["mean"])
    law = NormalDist(entry["mean"], entry["sd"])
    tails = ((1 - spec.confidence_level) / 2, (1 + spec.confidence_level) / 2)
    low, high = (100 * math.expm1(law.inv_cdf(tail)) for tail in tails)
    return (
        f"{entry['label'].lower()} ({entry['id']}), normal with mean {entry['mean']:.3g} and "
        f"standard deviation {entry['sd']:.3g}: relative change {middle:.0f}%, "
        f"interval {low:.0f}% to {high:.0f}%"
    )
