"""The outputs that a study can have, in the order of ICH E3, and those that it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from seizureflow.outputs import (
    adverse_events,
    by_analysis,
    estimates,
    listings,
    participants,
    selected_events,
)
from seizureflow.outputs.output import Draft, Output, program_line, source_line
from seizureflow.outputs.study import Study


@dataclass(frozen=True)
class Definition:
    """An output that a study can have.

    Attributes:
        number: Its number; of several outputs under it each has a number of its own below.
        title: Its title.
        build: Gives the outputs of a study.
        methods: Methods of which the plan has one with results; none where it needs none.
        datasets: Datasets that the study has.
        listing: Whether it lists records.
        each: Whether it is one output per analysis, numbered below even where there is one.
    """

    number: str
    title: str
    build: Callable[[Study], Iterable[Draft]]
    methods: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    listing: bool = False
    each: bool = False

    def can_be_had(self, study: Study) -> bool:
        """Whether a study has what it needs."""
        has_methods = not self.methods or bool(study.analyses(*self.methods))
        return has_methods and all(name in study.datasets for name in self.datasets)


def _by_method(number: str, title: str, *methods: str) -> Definition:
    return Definition(number, title, partial(_build_by_method, methods), methods)


def _build_by_method(methods: tuple[str, ...], study: Study) -> Iterable[Draft]:
    return by_analysis.by_method(study, *methods)


_EVENTS = (adverse_events.SUMMARY,)
CATALOGUE: tuple[Definition, ...] = (
    Definition("14.1.1", "Disposition", participants.disposition, ("participant_flow",)),
    Definition("14.1.2", "Analysis sets", participants.analysis_sets, datasets=("adsl",)),
    Definition(
        "14.1.3",
        "Demographics and baseline characteristics",
        participants.baseline,
        ("baseline_summary",),
    ),
    _by_method("14.1.4", "Exposure to treatment", "exposure_summary"),
    Definition("14.2.1", "Primary analysis", by_analysis.primary),
    Definition("14.2.2", "Secondary analysis", by_analysis.secondary, each=True),
    Definition("14.2.3", "Estimates of all analyses", estimates.all_estimates),
    Definition("14.2.4", "Subgroups", by_analysis.subgroups),
    Definition(
        "14.2.5",
        "Published results and this run",
        estimates.against_published,
        datasets=("published",),
    ),
    Definition("14.3.1", "Overview of adverse events", adverse_events.overview, _EVENTS),
    Definition("14.3.2", "Adverse events by body system and term", adverse_events.by_term, _EVENTS),
    Definition(
        "14.3.3", "Serious adverse events", selected_events.serious, _EVENTS, ("adsl", "adae")
    ),
    Definition(
        "14.3.4",
        "Adverse events leading to withdrawal of treatment",
        selected_events.withdrawn,
        _EVENTS,
        ("adsl", "adae"),
    ),
    _by_method("14.3.5", "Incidence of adverse events by time at risk", "adverse_event_incidence"),
    _by_method("14.3.6", "Laboratory shifts", "laboratory_shift"),
    _by_method("14.3.7", "Marked laboratory abnormalities", "marked_abnormalities"),
    Definition(
        "16.2.1",
        "Discontinued participants",
        listings.discontinued,
        datasets=("adsl",),
        listing=True,
    ),
    Definition(
        "16.2.2",
        "Protocol deviations",
        listings.deviations,
        datasets=("adsl", "deviations"),
        listing=True,
    ),
    Definition(
        "16.2.3",
        "Participants excluded from analysis sets",
        listings.exclusions,
        datasets=("adsl",),
        listing=True,
    ),
    Definition(
        "16.2.7", "Adverse events", listings.adverse_events, datasets=("adae",), listing=True
    ),
)


def outputs_of(study: Study, code: str) -> list[Output]:
    """Build the outputs that a study has, in order.

    Args:
        study: The study.
        code: SHA-256 of the code that builds them.
    """
    found = []
    for definition in CATALOGUE:
        if definition.can_be_had(study):
            drafts = list(definition.build(study))
            numbered = definition.each or len(drafts) > 1
            for place, draft in enumerate(drafts, start=1):
                number = f"{definition.number}.{place}" if numbered else definition.number
                found.append(_output(study, definition, draft, number, numbered, code))
    return found


def _output(
    study: Study, definition: Definition, draft: Draft, number: str, numbered: bool, code: str
) -> Output:
    subtitled = numbered and draft.subtitle
    return Output(
        number=number,
        title=f"{definition.title}: {draft.subtitle}" if subtitled else definition.title,
        population=f"Population: {draft.population}",
        tables=draft.tables,
        footnotes=draft.footnotes,
        source=source_line(draft.analyses, draft.datasets),
        program=program_line(code),
        study=f"{study.protocol['study']}: {study.protocol['title']}",
        warnings=study.warnings,
        listing=definition.listing,
    )
