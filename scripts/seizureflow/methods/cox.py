"""Proportional hazards regression of the time to an event (Cox)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from seizureflow import distributions
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Arm, Statistic
from seizureflow.methods.common_statistics import coefficient_statistics
from seizureflow.survival.cox import compare_without_term, fit_cox, proportionality_test
from seizureflow.survival.event_times import EventTimes, event_times, refuse_without_events
from seizureflow.survival.hazard_rows import hazard_ratio_rows, no_hazard_ratio
from seizureflow.survival.newton import IndistinctError, Maximum
from seizureflow.survival.partial_likelihood import PartialLikelihood, partial_likelihood
from seizureflow.survival.terms import Terms, indistinct, model_terms, no_finite_maximum

# Fewer events than this for each term: Wald intervals are unreliable.
_EVENTS_PER_TERM = 10


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Fit the model and give the hazard ratios, with a test of their proportionality.

    p is that of the Wald test; those of the likelihood ratio and score tests stand beside it. An
    arm without events has no finite hazard ratio: the others are compared without it, and a note
    says so. Whether the hazard ratio changes over time is tested by the score test of its product
    with log time (Grambsch & Therneau, Biometrika 1994).

    Args:
        spec: The analysis.
        data: Tables ``adsl`` and ``adtte``.

    Raises:
        AnalysisError: Nobody had the event, or terms cannot be told apart.
    """
    people = event_times(data, spec)
    refuse_without_events(
        people, spec, "The Kaplan-Meier analysis gives who was observed how long."
    )
    counts = _counts(people, spec)
    silent = [
        arm
        for number, arm in enumerate(spec.arms)
        if not people.happened[people.arm_numbers == number].any()
    ]
    missing, notes = _without_events(silent, spec)
    compared = [arm for arm in spec.arms if arm not in silent]
    if len(compared) < 2 or spec.reference in silent:
        return AnalysisResult((*counts, *missing), False, (*people.notes, *notes))
    people = _among(people, compared)
    terms = model_terms(people.frame, compared, spec.covariates)
    likelihood = partial_likelihood(
        people.times, people.happened, terms.matrix, people.strata, spec.options["ties"]
    )
    try:
        fit = fit_cox(likelihood)
        if fit.infinite.any():
            note = no_finite_maximum(terms, fit.infinite)
            rows = [row for arm in terms.effects for row in no_hazard_ratio(arm, spec, note)]
            return AnalysisResult((*counts, *rows, *missing), False, (*people.notes, *notes, note))
        effects = _effects(likelihood, fit, terms, spec)
    except IndistinctError as error:
        raise indistinct(spec, terms, error.terms) from error
    return AnalysisResult(
        (*counts, *effects, *missing, *_model(fit, terms)),
        fit.converged,
        (*people.notes, *notes, *_few_events(people, terms)),
    )


def _counts(people: EventTimes, spec: AnalysisSpec) -> list[Statistic]:
    statistics = []
    for number, arm in enumerate(spec.arms):
        own = people.arm_numbers == number
        statistics += [
            Statistic("participants", "Participants", float(own.sum()), group=arm.id),
            Statistic("events", "With the event", float(people.happened[own].sum()), group=arm.id),
        ]
    return statistics


def _without_events(silent: list[Arm], spec: AnalysisSpec) -> tuple[list[Statistic], list[str]]:
    """Rows of the comparisons that do not exist because an arm had no event, and the note."""
    if not silent:
        return [], []
    note = (
        f"No finite hazard ratio exists with an arm without events ({_labels(silent)}). "
        "The log-rank test stands."
    )
    lost = spec.arms[1:] if spec.reference in silent else silent
    return [row for arm in lost for row in no_hazard_ratio(arm.id, spec, note)], [note]


def _labels(arms: list[Arm]) -> str:
    return ", ".join(arm.label for arm in arms)


def _among(people: EventTimes, arms: list[Arm]) -> EventTimes:
    kept = people.frame["ARM"].isin([arm.id for arm in arms])
    return EventTimes(people.frame[kept].reset_index(drop=True), people.notes)


def _effects(
    likelihood: PartialLikelihood, fit: Maximum, terms: Terms, spec: AnalysisSpec
) -> list[Statistic]:
    statistics = []
    for arm, place in terms.effects.items():
        se = math.sqrt(fit.covariance[place, place])
        statistics += hazard_ratio_rows(float(fit.coefficients[place]), se, arm, spec)
        ratio, score = compare_without_term(likelihood, fit, place)
        proportional = proportionality_test(likelihood, fit, place)
        note = None
        if math.isnan(proportional.p):
            note = "Too few days with events to ask whether the hazard ratio changes over time."
        statistics += [
            Statistic(name, label, value, group=arm, reference=spec.reference.id, note=about)
            for name, label, value, about in (
                ("likelihood_ratio_p", "p of the likelihood ratio test", ratio.p, None),
                ("score_p", "p of the score test", score.p, None),
                (
                    "nonproportionality_chi_square",
                    "Change of the hazard ratio with log time, chi-squared (1 df)",
                    proportional.chi_square,
                    note,
                ),
                (
                    "nonproportionality_p",
                    "p that the hazard ratio does not change over time",
                    proportional.p,
                    note,
                ),
            )
        ]
    return statistics


def _model(fit: Maximum, terms: Terms) -> list[Statistic]:
    names = list(terms.names)
    errors = np.sqrt(np.diag(fit.covariance))
    p_values = 2 * distributions.normal.sf(np.abs(fit.coefficients / errors))
    return [
        Statistic("log_likelihood", "Log partial likelihood", fit.value),
        *coefficient_statistics(
            pd.Series(fit.coefficients, names),
            pd.Series(errors, names),
            pd.Series(p_values, names),
        ),
    ]


def _few_events(people: EventTimes, terms: Terms) -> list[str]:
    events = int(people.happened.sum())
    if events >= _EVENTS_PER_TERM * len(terms.names):
        return []
    return [
        f"Events: {events}; terms of the model: {len(terms.names)}. With so few events Wald "
        "intervals and tests can be far from their level. Prefer the likelihood ratio test, or the "
        "log-rank test."
    ]
