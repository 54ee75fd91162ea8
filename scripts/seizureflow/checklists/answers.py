"""What can be said to a point of a checklist, and how far it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from seizureflow.displays.values import Cell


class Status(StrEnum):
    """How a point of a checklist is answered."""

    IN_REPORT = "in this report"
    FROM_PLAN = "from the plan"
    STATED = "stated by the study"
    NOT_APPLICABLE = "not applicable"
    IN_PART = "in part"
    MISSING = "missing"


@dataclass(frozen=True)
class Link:
    """A place that shows what an answer says; the address is relative to the checklists' page."""

    label: str
    address: str


@dataclass(frozen=True)
class Answer:
    """An answer that the plan or the results give.

    Attributes:
        status: Where it comes from.
        said: What it says, numbers as rows of the results.
        links: Where to read on.
        of_results: Whether it rests on the participants' data.
    """

    status: Status
    said: Cell
    links: tuple[Link, ...] = ()
    of_results: bool = False


@dataclass(frozen=True)
class Gap:
    """Why neither the plan nor the results give an answer, and what would."""

    why: str


Found = Answer | Gap


def in_report(place: str, label: str) -> Link:
    """A link into the study's report.

    Args:
        place: Id of a section of the report.
        label: What is there.
    """
    return Link(label, f"report.html#{place}")


def combined(statuses: list[Status]) -> Status:
    """The status of an item from those of its parts.

    One missing part leaves the item answered in part. A whole answer that rests on any statement
    of the study is one stated by the study.

    >>> combined([Status.IN_REPORT, Status.MISSING]).value
    'in part'
    """
    asked = [status for status in statuses if status is not Status.NOT_APPLICABLE]
    if not asked:
        return Status.NOT_APPLICABLE
    if all(status is Status.MISSING for status in asked):
        return Status.MISSING
    if Status.MISSING in asked:
        return Status.IN_PART
    for status in (Status.STATED, Status.IN_REPORT):
        if status in asked:
            return status
    return Status.FROM_PLAN
