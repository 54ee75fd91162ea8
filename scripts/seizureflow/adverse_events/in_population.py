"""The participants of an analysis set and their treatment-emergent adverse events."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.adverse_events.kinds import EventKind, coded_kinds, flag_kinds, people_by_arm
from seizureflow.adverse_events.rules import FLAGS
from seizureflow.analysis import AnalysisSpec, Statistic
from seizureflow.problems import AnalysisError

NOBODY = "The arm has no participants."


@dataclass(frozen=True)
class Emergent:
    """What analyses of adverse events start from.

    Attributes:
        people: Rows of ADSL of the analysis set.
        events: Rows of ADAE of theirs that emerged under treatment.
        sizes: Participants by arm.
        flags: Flags of events that the study knows.
    """

    people: pd.DataFrame
    events: pd.DataFrame
    sizes: dict[str, int]
    flags: tuple[str, ...]


def emergent_in(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> Emergent:
    """Choose the participants and events of an analysis.

    Args:
        spec: The analysis.
        data: Tables ``adsl`` and ``adae``.
    """
    people, events = in_set(data["adsl"], spec.population), data["adae"]
    # By the records: a standard names the outcome, which its dataset need not have.
    known = [
        name
        for name in (spec.adverse_events or {}).get("flags", FLAGS)
        if events.empty or (FLAGS[name] in events and events[FLAGS[name]].notna().any())
    ]
    return Emergent(
        people,
        events[(events["TRTEMFL"] == "Y") & events["USUBJID"].isin(people["USUBJID"])],
        {arm.id: int((people["TRT01P"] == arm.id).sum()) for arm in spec.arms},
        tuple(known),
    )


def sizes_by_arm(sizes: Mapping[str, int]) -> list[Statistic]:
    """Participants by arm."""
    return [
        Statistic("participants", "Participants", float(size), group=arm)
        for arm, size in sizes.items()
    ]


def share(
    count: int,
    size: int,
    arm: str,
    *,
    variable: str | None = None,
    level: str | None = None,
    label: str = "Participants with an event",
) -> list[Statistic]:
    """Participants with an event, as number and percentage of the arm."""
    percent = 100 * count / size if size else float("nan")
    return [
        Statistic(
            "participants_with_event",
            label,
            float(count),
            group=arm,
            variable=variable,
            level=level,
        ),
        Statistic(
            "participants_with_event_percent",
            label,
            percent,
            group=arm,
            variable=variable,
            level=level,
            unit="%",
            note=None if size else NOBODY,
        ),
    ]


def is_frequent(
    counts: Mapping[str, int], sizes: Mapping[str, int], minimum: int, minimum_percent: float
) -> bool:
    """Whether in any arm as many participants, and as large a percentage, had an event.

    Args:
        counts: Participants with the event, by arm.
        sizes: Participants, by arm.
        minimum: Fewest participants.
        minimum_percent: Smallest percentage of the arm.
    """
    return any(
        count >= minimum and 100 * count >= minimum_percent * sizes[arm]
        for arm, count in counts.items()
        if sizes[arm]
    )


def not_recorded(flags: tuple[str, ...]) -> list[str]:
    """A note on the flags that the study does not know."""
    words = {
        "serious": "seriousness",
        "related": "relatedness",
        "withdrawn": "withdrawal of treatment",
        "fatal": "death as outcome",
    }
    lacking = [words[name] for name in FLAGS if name not in flags]
    return [f"Not recorded in this study: {', '.join(lacking)}."] if lacking else []


def refuse_empty_arms(chosen: Emergent, spec: AnalysisSpec) -> None:
    """Refuse an analysis that compares an arm without participants.

    Raises:
        AnalysisError: An arm has no participant.
    """
    empty = [arm.label or arm.id for arm in spec.arms if not chosen.sizes[arm.id]]
    if empty:
        raise AnalysisError(
            f"Analysis {spec.id}: no participant of the analysis set was in {', '.join(empty)}."
        )


def counted_kinds(
    chosen: Emergent, options: Mapping[str, Any], coded: Collection[str]
) -> tuple[list[tuple[EventKind, dict[str, int]]], list[str]]:
    """The kinds of events to compare with the participants who had them, by arm.

    Args:
        chosen: Participants and events.
        options: Options of the analysis, ``minimum_participants`` and ``minimum_percent``: in how
            many of an arm a body system or term must have been seen.
        coded: Of ``body_system`` and ``term``, those wanted.

    Returns:
        The kinds, and a note on those left out.
    """
    fewest = options.get("minimum_participants", 1)
    smallest = options.get("minimum_percent", 0)
    kinds = [
        (kind, people_by_arm(kind, chosen.sizes))
        for kind in flag_kinds(chosen.events, chosen.flags)
    ]
    seen = [(kind, people_by_arm(kind, chosen.sizes)) for kind in coded_kinds(chosen.events, coded)]
    kept = [
        (kind, counts)
        for kind, counts in seen
        if is_frequent(counts, chosen.sizes, fewest, smallest)
    ]
    percent = f" and at least {smallest:g}%" if smallest else ""
    note = (
        f"{len(seen) - len(kept)} of {len(seen)} body systems and terms are left out: in no arm "
        f"did at least {fewest} participants{percent} have them."
    )
    return [*kinds, *kept], [note] if len(kept) < len(seen) else []
