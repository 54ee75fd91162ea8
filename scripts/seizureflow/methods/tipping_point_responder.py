"""How far the comparison of responders rests on those whose outcome is not known."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Arm, Statistic, analysis_rows
from seizureflow.design_matrix import build_design
from seizureflow.problems import AnalysisError
from seizureflow.proportions.shifted_imputation import PooledCoefficient, impute_shifted
from seizureflow.proportions.tipping_point import Assignments, KnownAndMissing, try_assignments

# Of more assignments than that along an arm, some are shown, evenly spaced, the ends among them.
_MOST_SHOWN = 6
_ASSIGNED = "Responders among the dropouts"
_SHIFT = "Shift of the log odds of response of the dropouts"
_CONCLUSIONS = {1: "a better response", -1: "a worse response", 0: "no difference shown"}


def analyse(
    spec: AnalysisSpec, data: Mapping[str, pd.DataFrame], rng: np.random.Generator
) -> AnalysisResult:
    """Assign responses to dropouts in every way, and by a model with shifted odds.

    Args:
        spec: The analysis; its endpoint is a responder flag. Options ``missing``, ``test``,
            ``deltas``, ``shifted_arms`` and ``imputations``.
        data: Tables ``adsl`` and ``adsz``.
        rng: For the imputations.

    Raises:
        AnalysisError: No participant of an arm has a known outcome.

    Source:
        See :mod:`seizureflow.proportions.tipping_point` and
        :mod:`seizureflow.proportions.shifted_imputation`.
    """
    frame, notes = _participants(spec, data)
    statistics = list(_counts(frame, spec))
    if not frame["OUTCOME"].isna().any():
        why = "Nobody is missing: the outcome of every participant is known, and nothing can tip."
        return AnalysisResult(tuple(statistics), notes=(*notes, why))
    for arm in spec.arms[1:]:
        counts = _known_and_missing(frame, arm.id, spec.reference.id)
        found = try_assignments(counts, spec.options.get("test", "fisher"), spec.significance_level)
        statistics += _summary(found, counts, arm, spec)
        statistics += _grid(found, counts, arm, spec)
    shifts, converged, shift_notes = _shifts(frame, spec, rng)
    return AnalysisResult((*statistics, *shifts), converged=converged, notes=(*notes, *shift_notes))


def _participants(
    spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, list[str]]:
    """All participants of the set; the outcome of dropouts is not a number."""
    people = in_set(data["adsl"], spec.population).reset_index(drop=True)
    notes = []
    incomplete = people[list(spec.covariates)].isna().any(axis=1)
    if incomplete.any():
        who = people.loc[incomplete, "USUBJID"]
        shown = ", ".join(who[:5]) + (" ..." if len(who) > 5 else "")
        notes.append(f"{len(who)} participants left out for want of a covariate: {shown}.")
        people = people[~incomplete].reset_index(drop=True)
    known = analysis_rows(data, replace(spec, covariates=()), outcome="AVAL").frame
    frame = people[["USUBJID", *spec.covariates]].copy()
    frame["ARM"] = pd.Categorical(people["TRT01P"], [arm.id for arm in spec.arms])
    frame["OUTCOME"] = people["USUBJID"].map(known.set_index("USUBJID")["OUTCOME"]).astype(float)
    if spec.hypothetical_events:
        notes.append(
            "Participants whose window reaches beyond an event that the estimand supposes not to "
            "have happened are taken as dropouts."
        )
    if spec.options.get("missing", "dropouts") == "dropouts":
        completed = people.get("COMPLFL")
        if completed is None or completed.isna().all():
            notes.append(
                "The study does not record who completed it: only participants without a value of "
                "the endpoint are taken as dropouts."
            )
        else:
            frame.loc[completed == "N", "OUTCOME"] = np.nan
    lost = [
        arm.label or arm.id
        for arm in spec.arms
        if frame.loc[frame["ARM"] == arm.id, "OUTCOME"].notna().sum() == 0
    ]
    if lost:
        raise AnalysisError(
            f"Analysis {spec.id}: no participant of {', '.join(lost)} has a known outcome, to "
            "which assigned ones could be compared."
        )
    return frame, notes


def _known_and_missing(frame: pd.DataFrame, arm: str, reference: str) -> KnownAndMissing:
    numbers: list[int] = []
    for identifier in (arm, reference):
        outcome = frame.loc[frame["ARM"] == identifier, "OUTCOME"]
        numbers += [int(outcome.sum()), int(outcome.notna().sum()), int(outcome.isna().sum())]
    return KnownAndMissing(*numbers)


def _counts(frame: pd.DataFrame, spec: AnalysisSpec) -> Iterator[Statistic]:
    for arm in spec.arms:
        outcome = frame.loc[frame["ARM"] == arm.id, "OUTCOME"]
        for name, label, value in (
            ("participants", "Participants", len(outcome)),
            ("dropouts", "Dropouts, whose outcome is taken as not known", outcome.isna().sum()),
            ("known_responders", "Responders among the others", outcome.sum()),
        ):
            yield Statistic(name, label, float(value), group=arm.id)


def _summary(
    found: Assignments, counts: KnownAndMissing, arm: Arm, spec: AnalysisSpec
) -> Iterator[Statistic]:
    start, words = found.start, _words(counts, arm, spec.reference)
    conclusion = _CONCLUSIONS[int(found.conclusions[start])]
    at_start = (
        f"Where dropouts respond like the others of their arm ({words(*start)}) the conclusion is "
        f"{conclusion}."
    )
    if found.tipped is None:
        tipping = f"{at_start} No assignment of responses turns it."
    else:
        turned = _CONCLUSIONS[int(found.conclusions[found.tipped])]
        tipping = f"{at_start} It turns to {turned} at {words(*found.tipped)}."
    departure = math.nan if found.departure is None else float(found.departure)
    favours = "Assignments in which p is below the level, "
    for name, label, value, note in (
        (
            "risk_difference",
            "Risk difference where dropouts respond like the others of their arm",
            float(found.differences[start]),
            None,
        ),
        ("p_value", "p of that difference", float(found.p_values[start]), None),
        ("assignments", "Assignments tried", float(found.p_values.size), None),
        (
            "assignments_better",
            f"{favours}and the arm better",
            float((found.conclusions == 1).sum()),
            None,
        ),
        (
            "assignments_worse",
            f"{favours}and the arm worse",
            float((found.conclusions == -1).sum()),
            None,
        ),
        ("smallest_p", "Smallest p", float(found.p_values.min()), None),
        ("largest_p", "Largest p", float(found.p_values.max()), None),
        (
            "tipping_departure",
            "Fewest changed responses that turn the conclusion",
            departure,
            tipping,
        ),
    ):
        yield Statistic(name, label, value, group=arm.id, reference=spec.reference.id, note=note)


def _words(counts: KnownAndMissing, arm: Arm, reference: Arm):  # type: ignore[no-untyped-def]
    def words(row: int, column: int) -> str:
        return (
            f"{row} of {counts.reference_missing} on {reference.label or reference.id}, {column} "
            f"of {counts.missing} on {arm.label or arm.id}"
        )

    return words


def _grid(
    found: Assignments, counts: KnownAndMissing, arm: Arm, spec: AnalysisSpec
) -> Iterator[Statistic]:
    words = _words(counts, arm, spec.reference)
    rows, columns = (_shown(size) for size in found.p_values.shape)
    for row in rows:
        for column in columns:
            for name, label, value in (
                ("risk_difference", "Risk difference", found.differences[row, column]),
                ("p_value", "p", found.p_values[row, column]),
            ):
                yield Statistic(
                    name,
                    label,
                    float(value),
                    group=arm.id,
                    reference=spec.reference.id,
                    variable=_ASSIGNED,
                    level=words(row, column),
                )


def _shown(size: int) -> list[int]:
    places = np.linspace(0, size - 1, min(size, _MOST_SHOWN))
    return sorted({round(place) for place in places})


def _shifts(
    frame: pd.DataFrame, spec: AnalysisSpec, rng: np.random.Generator
) -> tuple[list[Statistic], bool | None, list[str]]:
    deltas = [float(delta) for delta in spec.options.get("deltas", ())]
    if not deltas:
        return [], None, []
    design = build_design(frame, spec.arms, spec.covariates)
    matrix = design.matrix.to_numpy(dtype=np.float64)
    known = frame["OUTCOME"].notna().to_numpy()
    # A term that only dropouts have cannot be estimated from the others.
    if np.linalg.matrix_rank(matrix[known]) < matrix.shape[1]:
        note = (
            "The shifted imputations are left out: among participants with a known outcome the "
            "terms of the model cannot be told apart."
        )
        return [], None, [note]
    is_shifted = np.ones(len(frame), dtype=bool)
    if spec.options.get("shifted_arms", "compared") == "compared":
        is_shifted = (frame["ARM"] != spec.reference.id).to_numpy()
    terms = list(design.matrix.columns)
    imputations = int(spec.options.get("imputations", 50))
    result = impute_shifted(
        frame["OUTCOME"].to_numpy(dtype=np.float64),
        matrix,
        is_shifted,
        deltas,
        [terms.index(term) for term in design.effects.values()],
        imputations,
        spec.confidence_level,
        rng,
    )
    statistics = [
        statistic
        for delta, pooled in zip(deltas, result.pooled, strict=True)
        for arm, coefficient in zip(design.effects, pooled, strict=True)
        for statistic in _shift_rows(delta, coefficient, arm, spec)
    ]
    for place, arm in enumerate(design.effects):
        by_shift = [pooled[place] for pooled in result.pooled]
        statistics.append(_tipping_shift(deltas, by_shift, arm, spec))
    notes = []
    if result.firth:
        notes.append(
            "Known responders are separated from the others by the terms of the model: every "
            "imputed data set is analysed by Firth's penalised likelihood."
        )
    return statistics, result.converged, notes


def _tipping_shift(
    deltas: list[float], by_shift: list[PooledCoefficient], arm: str, spec: AnalysisSpec
) -> Statistic:
    """The shift nearest to the least one of the plan at which its conclusion no longer holds."""
    alpha = spec.significance_level
    conclusions = [int(np.sign(c.estimate)) if c.p_value < alpha else 0 for c in by_shift]
    start = min(range(len(deltas)), key=lambda place: abs(deltas[place]))
    turned = [
        delta
        for delta, found in zip(deltas, conclusions, strict=True)
        if found != conclusions[start]
    ]
    conclusion = _CONCLUSIONS[conclusions[start]]
    note = f"At a shift of {deltas[start]:g} the conclusion is {conclusion}."
    if not turned:
        note += " None of the shifts turns it."
    return Statistic(
        "tipping_shift",
        "Least shift of the log odds that turns the conclusion",
        min(turned, key=lambda delta: abs(delta - deltas[start])) if turned else math.nan,
        group=arm,
        reference=spec.reference.id,
        note=note,
    )


def _shift_rows(
    delta: float, coefficient: PooledCoefficient, arm: str, spec: AnalysisSpec
) -> Iterator[Statistic]:
    for name, label, value in (
        ("odds_ratio", "Odds ratio", math.exp(coefficient.estimate)),
        ("odds_ratio_lower", "Lower limit of the odds ratio", math.exp(coefficient.interval.lower)),
        ("odds_ratio_upper", "Upper limit of the odds ratio", math.exp(coefficient.interval.upper)),
        ("p_value", "p", coefficient.p_value),
    ):
        yield Statistic(
            name,
            label,
            value,
            group=arm,
            reference=spec.reference.id,
            variable=_SHIFT,
            level=f"{delta:g}",
        )
