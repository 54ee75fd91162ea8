"""How much worse the missing outcomes must have been for the conclusion to turn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from seizureflow import distributions
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Arm, Statistic
from seizureflow.array_types import FloatArray
from seizureflow.imputation.conditional_mean import conditional_mean_quantities, delta_slopes
from seizureflow.imputation.mixed_model import FitError
from seizureflow.imputation.preparation import Prepared, prepare
from seizureflow.imputation.resampling import jackknife, jackknife_covariance
from seizureflow.imputation.strategies import STRATEGY_WORDS
from seizureflow.imputation.tipping import LinearEffect
from seizureflow.imputation.trial import IncompleteTrial
from seizureflow.methods.common_statistics import participants_by_arm, relative_change
from seizureflow.problems import AnalysisError

_HOW = (
    "Delta is added, on the log scale, to what was imputed from the first visit after the last "
    "seen on{growing}; a delta of 0.5 makes the frequency there {percent:.0f}% higher. Conditional "
    "means, with the standard error of the jackknife, are recomputed at every pair of deltas."
)


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Add deltas to what is imputed, in either arm, and find where the conclusion turns.

    Conditional-mean estimates are linear in the deltas, and so is each of the jackknife's, so that
    one jackknife gives the estimate and standard error at every pair of deltas, and the delta at
    which p crosses its level is the root of a quadratic.

    Args:
        spec: The analysis; its endpoint is a change in log frequency.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: The model or the strategy has no answer on these data.

    Source:
        Cro, Morris, Kenward & Carpenter (2020), Statistics in Medicine 39, 2815-2842; deltas as in
        rbmi's ``delta_template``.
    """
    prepared = prepare(data, spec)
    growing = " (once more at each further visit)" if spec.options["cumulative"] else ""
    notes = [
        f"Before deltas: {STRATEGY_WORDS[spec.options['strategy']]}.",
        *prepared.notes,
        _HOW.format(growing=growing, percent=100 * math.expm1(0.5)),
    ]
    statistics = list(participants_by_arm(prepared.rows, spec))
    try:
        effects = _effects(prepared, cumulative=spec.options["cumulative"])
    except FitError as error:
        raise AnalysisError(f"Analysis {spec.id}: {str(error).rstrip('.')}.") from error
    for arm, effect in zip(spec.arms[1:], effects, strict=True):
        for in_reference in sorted(spec.options["deltas_reference"]):
            for in_active in sorted(spec.options["deltas_active"]):
                place = (f"{in_reference:g}", f"{in_active:g}")
                statistics += _numbers(effect, in_reference, in_active, arm, spec, place)
        statistics += _numbers(effect, 0.0, 0.0, arm, spec, None)
        turns, words = _turning_points(effect, arm, spec)
        statistics += turns
        notes += words
    return AnalysisResult(tuple(statistics), converged=True, notes=tuple(notes))


def _effects(prepared: Prepared, *, cumulative: bool) -> list[LinearEffect]:
    """The effect over the window of each arm compared, with its slopes."""
    recipe, start = prepared.recipe, prepared.fit.theta
    compared = prepared.trial.n_arms - 1

    def terms(part: IncompleteTrial) -> FloatArray:
        """(K, 3) difference, slope in the reference arm, slope in the arm compared."""
        difference = conditional_mean_quantities(part, recipe, start)[:compared, 0]
        slopes = delta_slopes(part, recipe.targets, cumulative=cumulative)[:, :compared, 0]
        arms = np.arange(compared)
        return np.column_stack([difference, slopes[0], slopes[arms + 1, arms]])

    values = jackknife(prepared.trial, terms)
    return [
        LinearEffect(own, jackknife_covariance(values[:, position]))
        for position, own in enumerate(terms(prepared.trial))
    ]


def _numbers(
    effect: LinearEffect,
    in_reference: float,
    in_active: float,
    arm: Arm,
    spec: AnalysisSpec,
    place: tuple[str, str] | None,
) -> Iterator[Statistic]:
    """The effect at two deltas; ``place`` names them, and without it they are none."""
    quantile = float(distributions.normal.ppf((1 + spec.confidence_level) / 2))
    difference, se = (part(in_reference, in_active) for part in (effect.difference, effect.se))
    lower, upper = difference - quantile * se, difference + quantile * se
    p = effect.p_value(in_reference, in_active)
    found = [*relative_change(difference, lower, upper, arm.id, spec)]
    if place is None:
        found = [
            *_compared(
                [
                    ("difference", "Difference of LS means", difference),
                    ("difference_se", "Standard error of the difference", se),
                    ("difference_lower", "Lower limit of the difference", lower),
                    ("difference_upper", "Upper limit of the difference", upper),
                ],
                arm,
                spec,
            ),
            *found,
        ]
    found += _compared([("p_value", "p", p)], arm, spec)
    variable, level = place or (None, None)
    for one in found:
        yield Statistic(
            one.name,
            one.label,
            one.value,
            group=one.group,
            reference=one.reference,
            variable=variable,
            level=level,
            unit=one.unit,
        )


def _compared(
    numbers: list[tuple[str, str, float]], arm: Arm, spec: AnalysisSpec
) -> list[Statistic]:
    return [
        Statistic(name, label, value, group=arm.id, reference=spec.reference.id)
        for name, label, value in numbers
    ]


def _turning_points(
    effect: LinearEffect, arm: Arm, spec: AnalysisSpec
) -> tuple[list[Statistic], list[str]]:
    """The deltas in the active arm at which the conclusion turns, and what they mean in words."""
    alpha = spec.significance_level
    within = spec.options["deltas_active"]
    p = effect.p_value(0.0, 0.0)
    turns = effect.turns_significance(0.0, alpha, within)
    side = "below" if p < alpha else "not below"
    words = [
        f"{arm.label}: without deltas p is {side} {alpha:.2g}. "
        + _in_words(turns, "It crosses that level", effect, arm, within)
    ]
    statistics = _turning("tipping", "where p crosses its level", turns, arm, spec, words[0])
    for in_reference in sorted(spec.options["deltas_reference"]):
        there = effect.turns_significance(in_reference, alpha, within)
        if there is not None:
            statistics.append(
                Statistic(
                    "tipping_delta",
                    "Delta where p crosses its level",
                    there,
                    group=arm.id,
                    reference=spec.reference.id,
                    variable=f"{in_reference:g}",
                )
            )
    threshold = spec.options["threshold_percent"]
    if threshold is None:
        return statistics, words
    reached = effect.reaches(math.log1p(-threshold / 100), 0.0, within)
    estimate = 100 * math.expm1(effect.difference(0.0, 0.0))
    side = "is" if estimate <= -threshold else "is not"
    words.append(
        f"{arm.label}: without deltas the estimate {side} a reduction of at least {threshold:g}%. "
        + _in_words(reached, f"It passes {threshold:g}%", effect, arm, within)
    )
    statistics += _turning(
        "threshold", f"where the reduction is {threshold:g}%", reached, arm, spec, words[1]
    )
    return statistics, words


def _in_words(
    delta: float | None, event: str, effect: LinearEffect, arm: Arm, within: list[float]
) -> str:
    if delta is not None:
        return (
            f"{event} at a delta of {delta:.3g} in this arm alone, that is, if the frequency after "
            f"leaving was {abs(100 * math.expm1(delta)):.3g}% "
            f"{'higher' if delta > 0 else 'lower'} than imputed."
        )
    if effect.terms[2] == 0:
        return f"Nothing is imputed after leaving in {arm.label}: no delta there can turn this."
    low, high = min(*within, 0.0), max(*within, 0.0)
    return f"No delta in this arm between {low:g} and {high:g} turns this."


def _turning(
    prefix: str, label: str, delta: float | None, arm: Arm, spec: AnalysisSpec, note: str
) -> list[Statistic]:
    """A delta and the percent change that it stands for; not a number where there is none."""
    value = math.nan if delta is None else delta
    return [
        Statistic(
            name,
            words,
            number,
            group=arm.id,
            reference=spec.reference.id,
            unit=unit,
            note=None if delta is not None else note,
        )
        for name, words, number, unit in (
            (f"{prefix}_delta", f"Delta {label}", value, None),
            (
                f"{prefix}_delta_change",
                f"Change of the imputed frequency {label}",
                100 * math.expm1(value),
                "%",
            ),
        )
    ]
