"""Judges the reduction that another analysis estimated against the margin that was asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Arm, Statistic
from seizureflow.bayes.log_ratio import LogRatio, log_ratio_of, read_log_ratio
from seizureflow.bayes.margins import estimate_reaches, margin_test, replicate, significance

# Name, label, value and unit of a statistic.
_Number = tuple[str, str, float, str | None]


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Test each margin from both sides, and predict what a trial of the same size would show.

    The tests use the standard error and degrees of freedom of the analysis read (residual ones
    where it names no others, a normal distribution where it has none). Predictions use normal
    distributions, with the standard error as it was estimated.

    Args:
        spec: The analysis; its option ``analysis`` names the one read.
        data: The results of that one.

    Raises:
        AnalysisError: That one estimated no log ratio.
    """
    read = spec.options["analysis"]
    statistics: list[Statistic] = []
    for arm in spec.arms[1:]:
        estimate = read_log_ratio(data[f"results_{read}"], read, arm.id)
        statistics += _estimate(estimate, arm, spec)
        for margin in spec.options["margins"]:
            numbers = [*_tests(estimate, margin), *_replicate(estimate, margin, spec)]
            statistics += _about(numbers, arm, spec, "margin", margin)
        first = spec.options["margins"][0]
        for true in spec.options["true_reductions"]:
            statistics += _about(
                _power(estimate, first, true, spec), arm, spec, "true_reduction", true
            )
    return AnalysisResult(tuple(statistics), notes=_notes(spec))


def _estimate(estimate: LogRatio, arm: Arm, spec: AnalysisSpec) -> list[Statistic]:
    level = spec.confidence_level
    numbers = [
        ("relative_change", "Relative change, as estimated", 100 * math.expm1(estimate.value), "%"),
        ("difference_se", "Standard error of the log ratio", estimate.se, None),
        ("difference_df", "Degrees of freedom", estimate.df, None),
        (
            "significant_if_true",
            "Probability that a trial of the same size finds a significant reduction, "
            "if the true reduction is the estimate",
            replicate(estimate, 0.0, level).significant_if_true,
            None,
        ),
        (
            "significant_predicted",
            "Predictive probability that a trial of the same size finds a significant reduction",
            replicate(estimate, 0.0, level).significant,
            None,
        ),
    ]
    return [
        Statistic(name, label, value, group=arm.id, reference=spec.reference.id, unit=unit)
        for name, label, value, unit in numbers
    ]


def _tests(estimate: LogRatio, margin: float) -> list[_Number]:
    test = margin_test(estimate, log_ratio_of(margin))
    side = "at least" if test.t <= 0 else "less than"
    return [
        ("t", "t statistic of the margin", test.t, None),
        ("beyond_p", f"One-sided p of “the reduction is at most {margin:g}%”", test.beyond_p, None),
        ("short_p", f"One-sided p of “the reduction is at least {margin:g}%”", test.short_p, None),
        (
            "margin_confidence",
            f"Highest level of a two-sided interval without the margin in it (estimate: {side} "
            f"{margin:g}%)",
            test.confidence,
            "%",
        ),
    ]


def _replicate(estimate: LogRatio, margin: float, spec: AnalysisSpec) -> list[_Number]:
    found = replicate(estimate, log_ratio_of(margin), spec.confidence_level)
    return [
        (
            "reaches_if_true",
            "Probability that the estimate of a trial of the same size reaches the margin, if the "
            "true reduction is the estimate",
            found.reaches_if_true,
            None,
        ),
        (
            "reaches_predicted",
            "Predictive probability that the estimate of a trial of the same size reaches the "
            "margin",
            found.reaches,
            None,
        ),
    ]


def _power(estimate: LogRatio, margin: float, true: float, spec: AnalysisSpec) -> list[_Number]:
    effect = log_ratio_of(true)
    return [
        (
            "power_to_reach",
            f"Probability of an estimated reduction of at least {margin:g}%",
            estimate_reaches(effect, estimate.se, log_ratio_of(margin)),
            None,
        ),
        (
            "power",
            "Probability of a significant reduction",
            significance(effect, estimate.se, spec.confidence_level),
            None,
        ),
    ]


def _about(
    numbers: list[_Number], arm: Arm, spec: AnalysisSpec, variable: str, level: float
) -> list[Statistic]:
    return [
        Statistic(
            name,
            label,
            value,
            group=arm.id,
            reference=spec.reference.id,
            variable=variable,
            level=f"{level:g}%",
            unit=unit,
        )
        for name, label, value, unit in numbers
    ]


def _notes(spec: AnalysisSpec) -> tuple[str, ...]:
    return (
        f"The estimate and its standard error are those of the analysis {spec.options['analysis']}"
        "; what that one supposes is supposed here.",
        "An estimate that reaches a margin does not show that the true reduction does: the "
        "one-sided p of “the reduction is at most the margin” does that when it is small.",
        "“If the true reduction is the estimate” takes the estimate for the truth, which flatters "
        "a result that was chosen for being large. “Predictive” averages over the normal posterior "
        "of the true log ratio under a flat prior. Both suppose a trial with the same standard "
        "error and the same population.",
        "Probabilities at given true reductions are those of this trial's design with the standard "
        "error it turned out to have; they are no evidence on which reduction is the true one. "
        "Significant: the whole two-sided interval, of the level of the others, lies below no "
        "effect.",
    )
