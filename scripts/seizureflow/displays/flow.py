"""Participant flow, from screening to the primary analysis, as the boxes of a diagram."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Cell, Number, Result, Results, number
from seizureflow.displays.words import lower_first, upper_first

Entry = dict[str, Any]


@dataclass(frozen=True)
class Box:
    """A box of the diagram.

    Attributes:
        label: What was counted.
        cell: The count.
        leaves: Whether these participants leave the flow here.
        heading: What the reasons are.
        reasons: Reasons for leaving with their counts.
    """

    label: str
    cell: Cell
    leaves: bool = False
    heading: str = ""
    reasons: tuple[tuple[str, Number], ...] = ()


@dataclass(frozen=True)
class ArmFlow:
    """The boxes of one arm."""

    label: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Flow:
    """The diagram.

    Attributes:
        analysis: Id of the analysis that it shows.
        trunk: Boxes before the arms part.
        arms: Boxes of each arm.
        facts: Sites and dates.
        remarks: How to read it, and what the study has no data on.
    """

    analysis: str
    trunk: tuple[Box, ...]
    arms: tuple[ArmFlow, ...]
    facts: tuple[tuple[str, Number], ...]
    remarks: tuple[str, ...]


def participant_flow(results: Results, analysis: str, headline: str | None, labels: Labels) -> Flow:
    """Draw up the diagram.

    Args:
        results: Results of the study.
        analysis: Id of the analysis that counted the participants.
        headline: Id of the analysis whose participants close the flow; None where there is none.
        labels: Labels of the study.
    """
    facts = tuple(
        (row.label, number(row))
        for name in ("sites", "first_screened", "last_visit")
        if (row := results.find(analysis, name))
    )
    arms = tuple(
        ArmFlow(arm["label"], tuple(_arm_boxes(results, analysis, headline, arm["id"])))
        for arm in labels.arms
    )
    trunk = tuple(_trunk(results, analysis))
    remarks = tuple(_remarks(results, analysis, trunk, labels.protocol["domains"]))
    return Flow(analysis, trunk, arms, facts, remarks)


def _trunk(results: Results, analysis: str) -> Iterator[Box]:
    left = results.find(analysis, "not_randomised")
    if left is not None and left.value > 0:
        yield from _box(results.find(analysis, "screened"))
        reasons = [
            (str(row.level), number(row)) for row in results.having(analysis, "criterion_not_met")
        ]
        heading = "Criteria not met" if reasons else ""
        other = results.find(analysis, "no_criterion_failed")
        if other is not None:
            reasons.append(("No criterion failed: another reason", number(other)))
        yield Box(left.label, (number(left),), True, heading, tuple(reasons))
    yield from _box(results.find(analysis, "randomised"))


def _arm_boxes(results: Results, analysis: str, headline: str | None, arm: str) -> Iterator[Box]:
    yield from _box(results.find(analysis, "randomised", group=arm))
    yield from _box(results.find(analysis, "not_dosed", group=arm), leaves=True)
    yield from _box(results.find(analysis, "dosed", group=arm))
    left = results.find(analysis, "discontinued", group=arm)
    if left is not None:
        reasons = tuple(
            (upper_first(str(row.level)), number(row))
            for row in results.having(analysis, "discontinued_for")
            if row.group == arm
        )
        yield Box(left.label, (number(left),), True, "Reasons" if reasons else "", reasons)
    completed = results.find(analysis, "completed", group=arm)
    share = results.find(analysis, "completed_percent", group=arm)
    if completed is not None:
        cell: Cell = (number(completed),)
        yield Box(completed.label, (*cell, " (", number(share), ")") if share else cell)
    if headline is not None:
        analysed = results.find(headline, "participants", group=arm)
        if analysed is not None:
            yield Box("In the primary analysis", (number(analysed),))


def _box(row: Result | None, leaves: bool = False) -> Iterator[Box]:
    if row is not None:
        yield Box(row.label, (number(row),), leaves)


def _remarks(
    results: Results, analysis: str, trunk: tuple[Box, ...], domains: Entry
) -> Iterator[str]:
    if len(results.having(analysis, "criterion_not_met")) > 1:
        yield "A person who failed several criteria counts under each of them."
    absent = []
    if not any(box.leaves for box in trunk):
        absent.append("Who was screened and not randomised")
    if "doses" not in domains:
        absent.append("Who received treatment")
    if "disposition" not in domains:
        absent.append("Who completed, who left and why")
    if absent:
        named = "; ".join([absent[0], *map(lower_first, absent[1:])])
        yield f"The diagram leaves out what the study has no data on: {lower_first(named)}."
