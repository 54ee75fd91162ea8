"""Adverse events of one kind by body system and term, counted in ADAE.

No analysis of a plan gives serious events, or those that ended treatment, by term: their
participants and events are counted in the dataset, beside the overall number of the analysis.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from seizureflow.analysis_sets import set_flag
from seizureflow.displays.tables import Row, Table
from seizureflow.displays.values import Cell, number
from seizureflow.outputs.adverse_events import SUMMARY
from seizureflow.outputs.counts import count_of_events, count_of_participants
from seizureflow.outputs.headings import arm_headings
from seizureflow.outputs.output import Draft
from seizureflow.outputs.study import Entry, Study
from seizureflow.registry import METHODS


def serious(study: Study) -> Iterator[Draft]:
    """Serious adverse events."""
    yield from _selected(study, "AESER", "serious", "serious adverse event")


def withdrawn(study: Study) -> Iterator[Draft]:
    """Adverse events that led to withdrawal of treatment."""
    domain = study.protocol["domains"].get("adverse_events", {})
    if "action" in domain.get("columns", {}) and "withdrawn_value" in domain:
        noun = "adverse event leading to withdrawal of treatment"
        yield from _selected(study, "AEWDFL", "withdrawn", noun)


def _selected(study: Study, flag: str, kind: str, noun: str) -> Iterator[Draft]:
    for entry in study.analyses(SUMMARY):
        events = _emergent(study, entry)
        chosen = events[events[flag] == "Y"]
        rows = [_overall(study, entry, kind, noun), *_by_term(study, chosen, flag)]
        columns = arm_headings(study.labels, study.sizes(entry["id"]))
        yield Draft(
            (Table(entry["label"], "Body system, term", columns, tuple(rows)),),
            study.population(entry),
            entry["label"],
            (
                f"First row: participants with such an event (% of N), by analysis {entry['id']}.",
                "Other rows: participants; events, counted in ADAE among treatment-emergent "
                "events.",
            )
            if len(rows) > 1
            else ("No participant of any arm had such an event.",),
            (entry["id"],),
            METHODS[entry["method"]].datasets,
        )


def _emergent(study: Study, entry: Entry) -> pd.DataFrame:
    """Treatment-emergent events of the participants whom the analysis is about."""
    adsl, events = study.datasets["adsl"], study.datasets["adae"]
    people = adsl.loc[adsl[set_flag(entry["population"])] == "Y", "USUBJID"]
    return events[(events["TRTEMFL"] == "Y") & events["USUBJID"].isin(people)]


def _overall(study: Study, entry: Entry, kind: str, noun: str) -> Row:
    cells: list[Cell] = []
    for arm in study.labels.arms:
        count, share = (
            study.results.find(entry["id"], name, group=arm["id"], variable=kind)
            for name in ("participants_with_event", "participants_with_event_percent")
        )
        cells.append((number(count), " (", number(share), ")") if count and share else ())
    return Row(f"Any {noun}", tuple(cells), strong=True)


def _by_term(study: Study, events: pd.DataFrame, flag: str) -> Iterator[Row]:
    for system in _by_frequency(events, "AEBODSYS"):
        of_system = events[events["AEBODSYS"] == system]
        yield Row(system, _cells(study, of_system, flag, system), strong=True)
        for term in _by_frequency(of_system, "AETERM"):
            of_term = of_system[of_system["AETERM"] == term]
            cells = _cells(study, of_term, flag, f"{system} / {term}")
            yield Row(term, cells, indent=True)


def _by_frequency(events: pd.DataFrame, column: str) -> list[str]:
    """Values by how many participants have them, most first; those as frequent by name."""
    people = events.groupby(column)["USUBJID"].nunique()
    return sorted((str(name) for name in people.index), key=lambda name: (-people[name], name))


def _cells(study: Study, events: pd.DataFrame, flag: str, level: str) -> tuple[Cell, ...]:
    return tuple(
        (
            count_of_participants("adae", events, arm["id"], flag, level),
            "; ",
            count_of_events("adae", events, arm["id"], flag, level),
        )
        for arm in study.labels.arms
    )
