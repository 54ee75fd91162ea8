"""The answer of the study and the numbers that belong beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from seizureflow.answering_analysis import answering_analysis
from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Cell, Result, Results, number, percent_level
from seizureflow.displays.words import lower_first
from seizureflow.report.answer_numbers import with_numbers
from seizureflow.report.picture import Picture, pictures
from seizureflow.success import Answer, answer

Entry = dict[str, Any]

_MEASURES = {
    "relative_change": "Relative change in seizure frequency",
    "odds_ratio": "Odds ratio",
    "hazard_ratio": "Hazard ratio",
    "risk_difference": "Risk difference",
    "difference": "Difference",
    "probability_superior": "Probability of a better outcome",
}

_NO_ANSWER = (
    "There is no answer yet: treatment is blinded. The arms of this report are a dummy assignment, "
    "made at random, and the numbers below say nothing about the treatment.",
)


@dataclass(frozen=True)
class KeyNumber:
    """A number with what it is; ``verdict`` is ``met`` or ``missed`` for the criterion."""

    label: str
    cell: Cell
    verdict: str = ""


@dataclass(frozen=True)
class Headline:
    """The answer.

    Attributes:
        analysis: Id of the analysis that gives it; None where the plan has no primary analysis.
        sentences: The answer in words, one sentence per arm compared, its numbers in pieces.
        criterion: What the criterion is and where it comes from; empty without one.
        numbers: The numbers that belong to it.
        warnings: What a reader must know before trusting it.
        pictures: The estimates on an axis, where they are relative changes.
        exactly: What is compared, to the letter; empty where the sentences say it.
    """

    analysis: str | None
    sentences: tuple[Cell, ...]
    criterion: tuple[str, ...] = ()
    numbers: tuple[KeyNumber, ...] = ()
    warnings: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    exactly: str = ""


def headline(results: Results, labels: Labels, confidence_level: float, *, dummy: bool) -> Headline:
    """Word the answer; with dummy arms there is none.

    Args:
        results: Results of the study.
        labels: Labels of the study.
        confidence_level: Level of the intervals.
        dummy: Whether the arms are dummy ones.
    """
    found = _answer(results, labels, confidence_level)
    return _without_answer(found) if dummy else found


def _without_answer(found: Headline) -> Headline:
    """Keep the numbers of dummy arms, and nothing that says or shows what they would mean."""
    numbers = tuple(
        replace(item, cell=("Not judged: treatment is blinded",), verdict="")
        if item.verdict
        else item
        for item in found.numbers
    )
    return replace(found, sentences=(_NO_ANSWER,), numbers=numbers, pictures=())


def _answer(results: Results, labels: Labels, confidence_level: float) -> Headline:
    entry = answering_analysis(labels.protocol)
    if entry is None:
        sentence = "The plan names no primary analysis, so there is no one answer."
        return Headline(None, ((sentence,),))
    identifier, measure = entry["id"], labels.measure(entry)
    warnings = list(results.notes(identifier))
    if results.converged(identifier) is False and results.of(identifier):
        warnings.append("The fit of this analysis did not converge.")
    if measure is None:
        sentence = (
            f"The primary analysis, “{entry['label']}”, describes the arms and gives no one "
            "number that compares them."
        )
        numbers = tuple(_responders(results, labels))
        return Headline(identifier, ((sentence,),), (), numbers, tuple(warnings))
    return _compared(results, labels, entry, measure, confidence_level, tuple(warnings))


def _compared(
    results: Results,
    labels: Labels,
    entry: Entry,
    measure: str,
    confidence_level: float,
    warnings: tuple[str, ...],
) -> Headline:
    """The answer of an analysis that compares every arm with the reference."""
    identifier, level = entry["id"], percent_level(confidence_level)
    criterion = labels.protocol.get("success_criterion")
    reference = labels.reference
    answers = [
        answer(results.frame, identifier, arm, reference, criterion, confidence_level, measure)
        for arm in labels.arms[1:]
    ]
    numbers = [
        item
        for given in answers
        for item in _comparison(results, identifier, given.arm, measure, labels, level)
    ]
    if criterion:
        numbers += [_verdict(given, len(answers)) for given in answers]
    numbers += _responders(results, labels)
    return Headline(
        identifier,
        tuple(
            with_numbers(_unbroken(given.sentence), _stated(results, identifier, given, measure))
            for given in answers
        ),
        tuple(_criterion(criterion, labels, level)),
        tuple(numbers),
        warnings,
        tuple(pictures(answers, confidence_level)) if measure == "relative_change" else (),
        _exactly(labels.endpoint(entry.get("endpoint"))),
    )


def _unbroken(sentence: str) -> str:
    """A sentence in which no line ends between p and its number."""
    return re.sub(r"\bp ([=<]) ", "p\u00a0\\1\u00a0", sentence)


def _stated(results: Results, analysis: str, given: Answer, measure: str) -> list[Result | None]:
    """The rows that the answer's sentence states, in its order."""
    names = (measure, *(f"{measure}_{end}" for end in _ENDS), "p_value")
    return [results.find(analysis, name, group=given.arm) for name in names]


def _exactly(endpoint: Entry | None) -> str:
    """What a relative change of a log endpoint compares: geometric means, after an offset."""
    if endpoint is None or endpoint["kind"] != "log_change":
        return ""
    offset = endpoint["post_offset"]
    added = (
        f" {offset:g} was added to every participant's frequency in the window, because zero has "
        "no logarithm."
        if offset
        else ""
    )
    return (
        "Exactly: the seizure frequency of an arm is here the geometric mean over its "
        f"participants.{added}"
    )


def _comparison(
    results: Results, analysis: str, arm: str, measure: str, labels: Labels, level: str
) -> Iterator[KeyNumber]:
    estimate = results.find(analysis, measure, group=arm)
    if estimate is None:
        return
    lower, upper = (results.find(analysis, f"{measure}_{end}", group=arm) for end in _ENDS)
    versus = f"{lower_first(labels.arm(arm))} vs {lower_first(labels.reference['label'])}"
    cell: Cell = (number(estimate),)
    yield KeyNumber(f"{_MEASURES[measure]}, {versus}", cell)
    if lower and upper:
        yield KeyNumber(f"{level} confidence interval", (number(lower), " to ", number(upper)))
    p = results.find(analysis, "p_value", group=arm)
    if p:
        yield KeyNumber("p, two-sided", (number(p),))


_ENDS = ("lower", "upper")


def _verdict(given: Answer, comparisons: int) -> KeyNumber:
    words = {True: "Met", False: "Not met", None: "Cannot be judged"}[given.met]
    label = f"Criterion: a reduction of at least {given.required_reduction:g}%"
    if comparisons > 1:
        label += f", {lower_first(given.label)}"
    return KeyNumber(label, (words,), "met" if given.met else "missed")


def _criterion(criterion: Entry | None, labels: Labels, level: str) -> Iterator[str]:
    if criterion is None:
        yield "The plan sets no success criterion."
        return
    required = f"{criterion['relative_reduction']:g}%"
    yield (
        f"What the criterion is: the estimated reduction in seizure frequency relative to "
        f"{lower_first(labels.reference['label'])} must be at least {required}. It applies to the "
        f"estimate itself; the {level} interval says how far the estimate can be trusted."
    )
    yield f"Where it comes from: {criterion['source'].strip().rstrip('.')}."


def _responders(results: Results, labels: Labels) -> Iterator[KeyNumber]:
    """Responders by arm, from the first analysis that counts them (50% responders first)."""
    counted = [
        (entry, labels.endpoint(entry.get("endpoint")))
        for entry in labels.protocol["analyses"]
        if results.having(entry["id"], "responders")
    ]
    counted.sort(key=lambda pair: not (pair[1] and pair[1].get("reduction") == 50))
    for entry, endpoint in counted[:1]:
        for arm in labels.arms:
            found = {
                row.statistic: row for row in results.of(entry["id"]) if row.group == arm["id"]
            }
            count, size, share = (
                found.get(name) for name in ("responders", "participants", "responders_percent")
            )
            if count and size and share:
                name = endpoint["label"] if endpoint else "Responders"
                cell = (number(count), " of ", number(size), " (", number(share), ")")
                yield KeyNumber(f"{name}, {lower_first(arm['label'])}", cell)
