"""Adverse events by arm: overview, and by body system and term with differences in risk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from seizureflow.displays.tables import Row, Table
from seizureflow.displays.values import Cell, Result, distinct, number, percent_level
from seizureflow.displays.words import lower_first, upper_first
from seizureflow.outputs.headings import arm_headings
from seizureflow.outputs.output import Draft
from seizureflow.outputs.study import Entry, Study
from seizureflow.registry import METHODS

SUMMARY = "adverse_event_summary"
DIFFERENCES = "adverse_event_differences"
SEPARATOR = " / "  # between body system and term in a level of ``term``
_KINDS = {
    "any": "Any adverse event",
    "serious": "Serious",
    "related": "Related to treatment",
    "withdrawn": "Leading to withdrawal of treatment",
    "fatal": "Fatal",
}
_BY_LEVEL = ("worst_severity", "body_system", "term")
_NEEDED = ("participants_with_event", "participants_with_event_percent", "events")
Key = tuple[str | None, str | None]


@dataclass(frozen=True)
class Events:
    """The results on adverse events: a summary, and the differences where the plan has them.

    Attributes:
        study: The study.
        summary: The analysis that counts.
        differences: The analysis that compares; None where the plan has none.
    """

    study: Study
    summary: Entry
    differences: Entry | None

    def rows(self, key: Key) -> dict[tuple[str, str | None], Result]:
        """Results about a kind of event, by statistic and arm."""
        return {
            (row.statistic, row.group): row
            for entry in (self.summary, self.differences)
            if entry is not None
            for row in self.study.results.of(entry["id"])
            if (row.variable, row.level) == key
        }

    def levels(self, variable: str) -> list[str]:
        """Values of a variable, the most frequent first, those as frequent by name."""
        counts: dict[str, float] = {}
        for row in self.study.results.having(self.summary["id"], "participants_with_event"):
            if row.variable == variable and row.level is not None:
                counts[row.level] = counts.get(row.level, 0.0) + row.value
        if variable == "worst_severity":
            return list(counts)
        return sorted(counts, key=lambda level: (-counts[level], level))

    @property
    def compared(self) -> list[str]:
        """Arms that are compared with the reference."""
        if self.differences is None:
            return []
        rows = self.study.results.having(self.differences["id"], "risk_difference")
        return distinct(row.group for row in rows)


def _events(study: Study) -> Iterator[Events]:
    compared = study.analyses(DIFFERENCES)
    for entry in study.analyses(SUMMARY):
        same = [other for other in compared if other["population"] == entry["population"]]
        yield Events(study, entry, same[0] if same else None)


def overview(study: Study) -> Iterator[Draft]:
    """Participants with an event of each kind, and by worst severity."""
    for events in _events(study):
        rows = [_row(events, key, label) for key, label in _kinds(events)]
        severities = events.levels("worst_severity")
        if severities:
            rows.append(Row("By worst severity"))
        rows += [
            _row(events, ("worst_severity", level), upper_first(level), indent=True)
            for level in severities
        ]
        rows.append(_row(events, (None, None), "Number of events"))
        yield _draft(events, "Participants with", tuple(rows), _absent(study))


def by_term(study: Study) -> Iterator[Draft]:
    """Participants with an event of each body system and term, the most frequent first."""
    for events in _events(study):
        rows = [_row(events, ("any", None), _KINDS["any"], strong=True)]
        terms = events.levels("term")
        for system in events.levels("body_system"):
            rows.append(_row(events, ("body_system", system), system, strong=True))
            head = f"{system}{SEPARATOR}"
            rows += [
                _row(events, ("term", term), term.removeprefix(head), indent=True)
                for term in terms
                if term.startswith(head)
            ]
        yield _draft(events, "Body system, term", tuple(rows), ())


def _kinds(events: Events) -> Iterator[tuple[Key, str]]:
    """Kinds of events that the study's records can tell."""
    absent = _absent_kinds(events.study)
    rows = events.study.results.having(events.summary["id"], "participants_with_event")
    for kind in distinct(row.variable for row in rows if row.level is None):
        if kind not in absent and kind not in _BY_LEVEL:
            yield (kind, None), _KINDS.get(kind, upper_first(kind.replace("_", " ")))


def _absent_kinds(study: Study) -> set[str]:
    domain = study.protocol["domains"].get("adverse_events", {})
    columns = domain.get("columns", {})
    absent = {"related"} if "related" not in columns else set()
    if "action" not in columns or "withdrawn_value" not in domain:
        absent.add("withdrawn")
    return absent


def _absent(study: Study) -> tuple[str, ...]:
    return tuple(
        f"{_KINDS[kind]}: not recorded in this study." for kind in sorted(_absent_kinds(study))
    )


def _row(
    events: Events, key: Key, heading: str, *, indent: bool = False, strong: bool = False
) -> Row:
    found = events.rows(key)
    arms = [arm["id"] for arm in events.study.labels.arms]
    cells = [_counted([found.get((name, arm)) for name in _NEEDED]) for arm in arms]
    for arm in events.compared:
        cells.append(
            _interval(
                [found.get((f"risk_difference{end}", arm)) for end in ("", "_lower", "_upper")]
            )
        )
        p = found.get(("p_value", arm))
        cells.append((number(p),) if p else ())
    return Row(heading, tuple(cells), indent=indent, strong=strong)


def _counted(found: list[Result | None]) -> Cell:
    """Participants with their percentage, and the number of events where it is known."""
    count, share, events = found
    if count is None:
        return (number(events),) if events else ()
    cell: Cell = (number(count), " (", number(share), ")") if share else (number(count),)
    return (*cell, "; ", number(events)) if events else cell


def _interval(found: list[Result | None]) -> Cell:
    point, low, high = found
    if point is None:
        return ()
    if low is None or high is None:
        return (number(point),)
    return (number(point), " (", number(low), " to ", number(high), ")")


def _draft(events: Events, stub: str, rows: tuple[Row, ...], notes: tuple[str, ...]) -> Draft:
    study, compared = events.study, events.differences
    shown = (events.summary, *([compared] if compared else []))
    analyses = tuple(entry["id"] for entry in shown)
    interval = percent_level(study.confidence_level)
    headings: list[Cell] = []
    for arm in events.compared:
        against = f"{study.labels.arm(arm)} vs {lower_first(study.labels.reference['label'])}"
        headings += [(f"Risk difference ({interval} CI), {against}",), ("p",)]
    arms = arm_headings(study.labels, study.sizes(events.summary["id"]))
    text = "Cells: participants with such an event (% of N)"
    with_events = any(len(cell) > 4 for row in rows for cell in row.cells[: len(arms)])
    footnotes = [f"{text}; number of events." if with_events else f"{text}."]
    if compared:
        footnotes.append(f"Differences: {METHODS[compared['method']].summary}.")
    footnotes += [note for entry in analyses for note in study.results.notes(entry)]
    return Draft(
        (Table(events.summary["label"], stub, (*arms, *headings), rows),),
        study.population(events.summary),
        events.summary["label"],
        (*footnotes, *notes),
        analyses,
        tuple(dict.fromkeys(name for e in shown for name in METHODS[e["method"]].datasets)),
    )
