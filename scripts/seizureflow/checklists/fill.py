"""Fills a checklist: every point with its answer, or with what would answer it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from seizureflow.checklists.answers import Answer, Found, Gap, Link, Status, combined
from seizureflow.checklists.definition import Definition, Item, Part
from seizureflow.checklists.evidence import OF_ESTIMAND, OF_STUDY
from seizureflow.checklists.study_run import Entry, StudyRun
from seizureflow.displays.values import Cell
from seizureflow.displays.words import count_of

_NO_ESTIMAND = Gap("The plan states no estimand; add one under estimands.")


@dataclass(frozen=True)
class FilledPart:
    """One thing that an item asks for, answered or not.

    Attributes:
        asks: What it asks for.
        status: How it is answered.
        said: What the plan or the results say; empty where they say nothing.
        links: Where to read on.
        statement: What the study states; empty where it states nothing.
        source: Where the study has that from; empty where it names no source.
        to_do: What would answer it; empty where it is answered.
        of_results: Whether the answer rests on the participants' data.
    """

    asks: str
    status: Status
    said: Cell = ()
    links: tuple[Link, ...] = ()
    statement: str = ""
    source: str = ""
    to_do: str = ""
    of_results: bool = False


@dataclass(frozen=True)
class FilledItem:
    """A numbered item with its answers.

    Attributes:
        number: Its number in the source.
        section: Section that it stands in.
        topic: What it is about.
        status: How it is answered as a whole.
        parts: What it asks for.
    """

    number: str
    section: str
    topic: str
    status: Status
    parts: tuple[FilledPart, ...]


@dataclass(frozen=True)
class Checklist:
    """A filled checklist.

    Attributes:
        definition: What it was filled from.
        items: Its items in order; those asked of each estimand once for every one.
        summary: How much of it is answered, in a sentence.
    """

    definition: Definition
    items: tuple[FilledItem, ...]
    summary: str

    @property
    def sections(self) -> list[tuple[str, list[FilledItem]]]:
        """The items by section, in order."""
        found: dict[str, list[FilledItem]] = {}
        for item in self.items:
            found.setdefault(item.section, []).append(item)
        return list(found.items())


def fill(definition: Definition, run: StudyRun) -> Checklist:
    """Fill a checklist.

    Args:
        definition: The checklist.
        run: The study's plan and results.
    """
    items: list[FilledItem] = []
    once = [item for item in definition.items if not item.each_estimand]
    items += [_filled(item, item.section, run, None) for item in once]
    repeated = [item for item in definition.items if item.each_estimand]
    for estimand in run.estimands:
        section = f"{repeated[0].section}: {estimand['label']}" if repeated else ""
        items += [_filled(item, section, run, estimand) for item in repeated]
    if not run.estimands:
        items += [_filled(item, item.section, run, None) for item in repeated]
    return Checklist(definition, tuple(items), _summary(definition, items))


def _filled(item: Item, section: str, run: StudyRun, estimand: Entry | None) -> FilledItem:
    parts = tuple(_part(part, _found(item, part, run, estimand), run) for part in item.parts)
    status = combined([part.status for part in parts])
    return FilledItem(item.number, section, item.topic, status, parts)


def _found(item: Item, part: Part, run: StudyRun, estimand: Entry | None) -> Found:
    if part.evidence is None:
        return Gap("")
    if not item.each_estimand:
        return OF_STUDY[part.evidence](run)
    return _NO_ESTIMAND if estimand is None else OF_ESTIMAND[part.evidence](run, estimand)


def _part(part: Part, found: Found, run: StudyRun) -> FilledPart:
    """What the run found comes first; what the study states stands beside it, or for it."""
    stated = (run.protocol.get("reporting") or {}).get(part.key or "", {})
    statement = stated.get("text", stated.get("not_applicable", ""))
    source = stated.get("source", "")
    if isinstance(found, Answer):
        return FilledPart(
            part.asks,
            found.status,
            found.said,
            found.links,
            statement,
            source,
            of_results=found.of_results,
        )
    if statement:
        status = Status.STATED if "text" in stated else Status.NOT_APPLICABLE
        return FilledPart(part.asks, status, statement=statement, source=source)
    return FilledPart(part.asks, Status.MISSING, to_do=_to_do(part, found))


def _to_do(part: Part, gap: Gap) -> str:
    write = f"Write it in the protocol under reporting.{part.key}." if part.key else ""
    return f"{gap.why} {write}".strip()


def _summary(definition: Definition, items: list[FilledItem]) -> str:
    """How many items stand how.

    An item is a number with its letter, such as 17b.
    """
    counts = Counter(item.status for item in items)
    words = {
        "answered by this run": counts[Status.IN_REPORT] + counts[Status.FROM_PLAN],
        "stated by the study": counts[Status.STATED],
        "in part": counts[Status.IN_PART],
        "missing": counts[Status.MISSING],
        "not applicable": counts[Status.NOT_APPLICABLE],
    }
    named = [f"{count} {word}" for word, count in words.items() if count]
    return f"{definition.title}: of {count_of(len(items), 'point')}, {', '.join(named)}."
