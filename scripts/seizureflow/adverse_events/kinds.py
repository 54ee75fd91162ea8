"""The kinds of adverse events that are counted: any, serious, ..., by body system and by term."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pandas as pd

from seizureflow.adverse_events.rules import FLAGS

NO_BODY_SYSTEM = "No body system recorded"


@dataclass(frozen=True)
class EventKind:
    """Events of one kind.

    Attributes:
        variable: Name of the kind: ``any``, a flag, ``worst_severity``, ``body_system``, ``term``.
        level: Its value; a term is written ``body system / term``. None for flags.
        body_system: The body system of a body system or term.
        events: Its rows of ADAE.
    """

    variable: str
    level: str | None
    events: pd.DataFrame
    body_system: str | None = None


def flag_kinds(events: pd.DataFrame, flags: Collection[str]) -> Iterator[EventKind]:
    """Any event, and those with a flag."""
    yield EventKind("any", None, events)
    for name, column in FLAGS.items():
        if name in flags:
            yield EventKind(name, None, events[events[column] == "Y"])


def severity_kinds(events: pd.DataFrame) -> Iterator[EventKind]:
    """The events that are the most severe of their participant, by severity from the least."""
    known = events[events["AESEVN"].notna()]
    worst = known.sort_values("AESEVN", kind="stable").drop_duplicates("USUBJID", keep="last")
    for _, severity in sorted(set(zip(known["AESEVN"], known["AESEV"], strict=True))):
        yield EventKind("worst_severity", str(severity), worst[worst["AESEV"] == severity])


def coded_kinds(events: pd.DataFrame, variables: Collection[str]) -> Iterator[EventKind]:
    """Events by body system and by term, as they stand in the data, in alphabetical order.

    Args:
        events: Rows of ADAE.
        variables: ``body_system``, ``term`` or both.
    """
    systems = events["AEBODSYS"].fillna(NO_BODY_SYSTEM)
    if "body_system" in variables:
        for name, rows in events.groupby(systems):
            yield EventKind("body_system", str(name), rows, str(name))
    if "term" in variables:
        for (system, term), rows in events.groupby([systems, events["AETERM"]]):
            yield EventKind("term", f"{system} / {term}", rows, str(system))


def people_by_arm(kind: EventKind, arms: Collection[str]) -> dict[str, int]:
    """Participants with an event of a kind, by arm."""
    return {
        arm: int(kind.events.loc[kind.events["TRT01P"] == arm, "USUBJID"].nunique()) for arm in arms
    }
