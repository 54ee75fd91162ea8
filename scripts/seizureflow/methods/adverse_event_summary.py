"""Participants with treatment-emergent adverse events, by severity, body system and term."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from seizureflow.adverse_events.in_population import Emergent, emergent_in, share, sizes_by_arm
from seizureflow.adverse_events.kinds import (
    EventKind,
    coded_kinds,
    flag_kinds,
    people_by_arm,
    severity_kinds,
)
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Count participants, once each, and events, by arm.

    A participant counts under the worst severity of all events, and in the option ``by_severity``
    under the worst within a body system or term. Body systems and terms are compared as they
    stand in the data, letter by letter.

    Args:
        spec: The analysis; option ``by_severity``.
        data: Tables ``adsl`` and ``adae``.
    """
    chosen = emergent_in(spec, data)
    statistics = sizes_by_arm(chosen.sizes)
    statistics += [
        Statistic(
            "events", "Events", float((chosen.events["TRT01P"] == arm.id).sum()), group=arm.id
        )
        for arm in spec.arms
    ]
    for kind in _kinds(chosen, spec.options.get("by_severity", ())):
        for arm, count in people_by_arm(kind, chosen.sizes).items():
            statistics += share(
                count, chosen.sizes[arm], arm, variable=kind.variable, level=kind.level
            )
            if "severity" not in kind.variable:
                statistics.append(_events(kind, arm))
    return AnalysisResult(tuple(statistics))


def _kinds(chosen: Emergent, by_severity: Collection[str]) -> Iterator[EventKind]:
    # Relatedness and withdrawal were always counted; where they are unknown nobody has them.
    yield from flag_kinds(chosen.events, {"serious", "related", "withdrawn", *chosen.flags})
    yield from severity_kinds(chosen.events)
    for kind in coded_kinds(chosen.events, ("body_system", "term")):
        yield kind
        if kind.variable in by_severity:
            for severity in severity_kinds(kind.events):
                level = f"{kind.level}: {severity.level}"
                yield replace(severity, variable=f"{kind.variable}_severity", level=level)


def _events(kind: EventKind, arm: str) -> Statistic:
    count = float((kind.events["TRT01P"] == arm).sum())
    return Statistic("events", "Events", count, group=arm, variable=kind.variable, level=kind.level)
