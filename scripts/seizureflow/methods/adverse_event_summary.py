"""Participants with treatment-emergent adverse events, by severity, body system and term."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Count participants, once each, by arm.

    Args:
        spec: The analysis.
        data: Tables ``adsl`` and ``adae``.
    """
    people = in_set(data["adsl"], spec.population)
    events = data["adae"]
    events = events[(events["TRTEMFL"] == "Y") & events["USUBJID"].isin(people["USUBJID"])]
    selections = list(_selections(events))
    statistics = []
    for arm in spec.arms:
        members = people.loc[people["TRT01P"] == arm.id, "USUBJID"]
        statistics.append(
            Statistic("participants", "Participants", float(len(members)), group=arm.id)
        )
        in_arm = events["TRT01P"] == arm.id
        statistics.append(Statistic("events", "Events", float(in_arm.sum()), group=arm.id))
        for variable, level, chosen in selections:
            count = chosen.loc[chosen["TRT01P"] == arm.id, "USUBJID"].nunique()
            share = 100 * count / len(members) if len(members) else float("nan")
            statistics += [
                Statistic(
                    "participants_with_event",
                    "Participants with an event",
                    float(count),
                    group=arm.id,
                    variable=variable,
                    level=level,
                ),
                Statistic(
                    "participants_with_event_percent",
                    "Participants with an event",
                    share,
                    group=arm.id,
                    variable=variable,
                    level=level,
                    unit="%",
                ),
            ]
    return AnalysisResult(tuple(statistics))


def _selections(events: pd.DataFrame) -> Iterator[tuple[str, str | None, pd.DataFrame]]:
    """Kinds of events to count: name of the kind, its value, and the events."""
    yield "any", None, events
    yield "serious", None, events[events["AESER"] == "Y"]
    yield "related", None, events[events["AEREL"] == "Y"]
    yield "withdrawn", None, events[events["AEWDFL"] == "Y"]
    worst = events.sort_values("AESEVN", kind="stable").drop_duplicates("USUBJID", keep="last")
    for _, severity in sorted(set(zip(events["AESEVN"], events["AESEV"], strict=True))):
        yield "worst_severity", str(severity), worst[worst["AESEV"] == severity]
    for name, group in events.groupby("AEBODSYS"):
        yield "body_system", str(name), group
    for name, group in events.groupby(events["AEBODSYS"] + " / " + events["AETERM"]):
        yield "term", str(name), group
