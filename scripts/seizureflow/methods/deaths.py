"""Deaths by arm, as adverse events and disposition tell them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.adverse_events.in_population import emergent_in, sizes_by_arm
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic, named
from seizureflow.problems import AnalysisError


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Count the participants who died: with a fatal adverse event, or who left for death.

    Fatal events count whether or not they emerged under treatment; those that did are also
    counted by themselves. An arm without deaths has zeros.

    Args:
        spec: The analysis; option ``disposition_reason``.
        data: Tables ``adsl`` and ``adae``.

    Raises:
        AnalysisError: Neither adverse events nor the option says who died.
    """
    people, adae = in_set(data["adsl"], spec.population), data["adae"]
    chosen = emergent_in(spec, data)
    reason = spec.options.get("disposition_reason")
    sources: dict[str, pd.Series] = {}
    if "fatal" in chosen.flags and "AESDTH" in adae:
        sources["fatal_adverse_event"] = adae.loc[adae["AESDTH"] == "Y", "USUBJID"]
        emergent = chosen.events.loc[chosen.events["AESDTH"] == "Y", "USUBJID"]
        sources["fatal_emergent_adverse_event"] = emergent
    if reason is not None:
        sources["disposition"] = people.loc[people["DCSREAS"] == reason, "USUBJID"]
    if not sources:
        raise AnalysisError(
            f"Analysis {spec.id}: nothing says who died. Name the outcome of adverse events "
            "(columns.outcome and fatal_value of domains.adverse_events) or the option "
            "disposition_reason."
        )
    died = pd.concat(list(sources.values()))
    statistics = sizes_by_arm(chosen.sizes)
    for arm in spec.arms:
        members = people.loc[people["TRT01P"] == arm.id, "USUBJID"]
        statistics += _count(members, died, arm.id, None)
        for name, who in sources.items():
            statistics += _count(members, who, arm.id, name)
    return AnalysisResult(tuple(statistics), notes=tuple(_notes(people, sources)))


def _count(members: pd.Series, died: pd.Series, arm: str, variable: str | None) -> list[Statistic]:
    count = int(members.isin(died).sum())
    share = 100 * count / len(members) if len(members) else float("nan")
    note = None if len(members) else "The arm has no participants."
    return [
        Statistic("deaths", "Deaths", float(count), group=arm, variable=variable),
        Statistic(
            "deaths_percent", "Deaths", share, group=arm, variable=variable, unit="%", note=note
        ),
    ]


def _notes(people: pd.DataFrame, sources: Mapping[str, pd.Series]) -> list[str]:
    """What the sources lack, and where they disagree."""
    notes = []
    if "fatal_adverse_event" not in sources:
        notes.append("The outcome of adverse events is not recorded: fatal ones are not counted.")
    if "disposition" not in sources:
        notes.append("Reasons for leaving are not looked at: no reason of the plan means death.")
    if {"fatal_adverse_event", "disposition"} <= sources.keys():
        events, left = (
            people.loc[people["USUBJID"].isin(sources[name]), "USUBJID"]
            for name in ("fatal_adverse_event", "disposition")
        )
        for one, other, words in (
            (events, left, "had a fatal adverse event but did not leave for death"),
            (left, events, "left for death but had no fatal adverse event"),
        ):
            alone = one[~one.isin(other)]
            if len(alone):
                notes.append(f"{len(alone)} participants {words}: {named(alone)}.")
    return notes
