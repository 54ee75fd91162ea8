"""What a swimmer plot shows of every participant, as days numbered without a gap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow.displays.words import upper_first
from seizureflow.study_days import ordinal

Entry = dict[str, Any]

COMPLETED = "Completed the study"
UNKNOWN_REASON = "Left, reason not known"
OTHER_REASON = "Left for another reason"
MOST_REASONS = 6  # with marks of their own


@dataclass(frozen=True)
class Swimmer:
    """One participant; days count from 0 at day 1.

    Attributes:
        person: The participant.
        doses: Days of the doses, in order.
        last_dose: Day after the last day of the last dose.
        end: Day of the end of the study; None where it is not known.
        ending: How the study ended for the participant; empty where that is not known.
        serious: Days on which serious adverse events began.
        withdrawing: Days on which adverse events began for which treatment was withdrawn.
    """

    person: str
    doses: tuple[int, ...]
    last_dose: int
    end: int | None
    ending: str
    serious: tuple[int, ...]
    withdrawing: tuple[int, ...]

    @property
    def duration(self) -> int:
        """Days from day 1 to the last thing known."""
        return max(self.last_dose, self.end + 1 if self.end is not None else 0)


def swimmers(
    adsl: pd.DataFrame, adex: pd.DataFrame, adae: pd.DataFrame | None, arm: str
) -> list[Swimmer]:
    """The dosed participants of an arm, the longest in the study first.

    Args:
        adsl: Table ``adsl``.
        adex: Table ``adex``.
        adae: Table ``adae``; None where the study has no adverse events.
        arm: Id of the arm.
    """
    people = adsl[(adsl["RANDFL"] == "Y") & (adsl["TRT01P"] == arm)]
    adex = adex[adex["ASTDY"].notna()]
    doses = _days_of(adex, "ASTDY")
    until = adex["AENDY"].fillna(adex["ASTDY"]).groupby(adex["USUBJID"]).max()
    serious = withdrawing = dict[str, tuple[int, ...]]()
    if adae is not None:
        during = adae[(adae["TRTEMFL"] == "Y") & adae["ASTDY"].notna()]
        serious = _days_of(during[during["AESER"] == "Y"], "ASTDY")
        withdrawing = _days_of(during[during["AEWDFL"] == "Y"], "ASTDY")
    found = [
        Swimmer(
            person,
            doses[person],
            int(ordinal([int(until[person])])[0]) + 1,
            None if pd.isna(end) else int(ordinal([int(end)])[0]),
            _ending(completed, reason),
            serious.get(person, ()),
            withdrawing.get(person, ()),
        )
        for person, end, completed, reason in people[
            ["USUBJID", "EOSDY", "COMPLFL", "DCSREAS"]
        ].itertuples(index=False)
        if person in doses
    ]
    return sorted(found, key=lambda swimmer: (-swimmer.duration, swimmer.person))


def _days_of(table: pd.DataFrame, column: str) -> dict[str, tuple[int, ...]]:
    days = table.assign(DAY=ordinal(table[column])).groupby("USUBJID", observed=True)["DAY"]
    return {str(person): tuple(sorted(map(int, own))) for person, own in days}


def _ending(completed: Any, reason: Any) -> str:
    if completed == "Y":
        return COMPLETED
    if completed != "N":
        return ""
    return UNKNOWN_REASON if pd.isna(reason) else upper_first(str(reason))


def endings(everyone: Iterable[Swimmer]) -> dict[str, str]:
    """What each ending is shown as: completion, the most frequent reasons, others together."""
    reasons = [s.ending for s in everyone if s.ending not in ("", COMPLETED)]
    frequent = sorted(set(reasons), key=lambda reason: (-reasons.count(reason), reason))
    shown = frequent if len(frequent) <= MOST_REASONS else frequent[: MOST_REASONS - 1]
    named = {reason: reason if reason in shown else OTHER_REASON for reason in frequent}
    return {COMPLETED: COMPLETED} | named
