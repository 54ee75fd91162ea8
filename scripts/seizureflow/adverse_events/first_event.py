"""Time from day 1 to a participant's first treatment-emergent adverse event of some kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.adverse_events.risk_period import days_between, risk_periods
from seizureflow.adverse_events.rules import FLAGS
from seizureflow.array_types import BoolArray, FloatArray

Entry = dict[str, Any]

NEVER_AT_RISK = "Not evaluable: no first dose, so never at risk"
END_UNKNOWN = "Not evaluable: the end of the time at risk is not known"


@dataclass(frozen=True)
class FirstEvents:
    """Times of one definition, by participant.

    Attributes:
        days: Days from day 1, day 1 being 1; not a number where there is no time.
        event: Whether the event happened on that day.
        why: The term of the event, or what censored the time.
    """

    days: FloatArray
    event: BoolArray
    why: list[str]


def chosen_events(adae: pd.DataFrame, wanted: Entry, severity_order: list[str]) -> pd.DataFrame:
    """The treatment-emergent events that a definition counts.

    Args:
        adae: Table ``adae``.
        wanted: Entry ``events`` of the definition.
        severity_order: Severities from the least to the worst.
    """
    chosen = adae[adae["TRTEMFL"] == "Y"]
    for name, column in FLAGS.items():
        if wanted.get(name):
            chosen = chosen[chosen[column] == "Y"]
    for name, column in (("body_systems", "AEBODSYS"), ("terms", "AETERM")):
        if name in wanted:
            chosen = chosen[chosen[column].isin(wanted[name])]
    if "minimum_severity" in wanted:
        least = severity_order.index(wanted["minimum_severity"]) + 1
        chosen = chosen[(chosen["AESEVN"] >= least).fillna(False).astype(bool)]
    return chosen


def first_events(
    people: pd.DataFrame,
    adae: pd.DataFrame,
    definition: Entry,
    domain: Entry,
    end: int | None,
) -> FirstEvents:
    """Give the time to the first event of each participant.

    Args:
        people: Rows of ADSL.
        adae: Table ``adae``.
        definition: Entry of ``time_to_event``.
        domain: Entry ``domains.adverse_events`` of the protocol.
        end: Day after the last on which an event counts; None without a window.
    """
    day_one = people["TRTSDT"].fillna(people["RANDDT"])
    periods = risk_periods(people, adae, domain["emergent"]).frame.reset_index(drop=True)
    events = chosen_events(adae, definition.get("events", {}), domain["severity_order"])
    ordered = events.sort_values(["ASTDT", "AETERM"], kind="stable").drop_duplicates("USUBJID")
    first = ordered.set_index("USUBJID").reindex(people["USUBJID"]).reset_index(drop=True)
    days = days_between(day_one, periods["END"]).to_numpy(dtype=np.float64, na_value=np.nan)
    at = days_between(day_one, first["ASTDT"]).to_numpy(dtype=np.float64, na_value=np.nan)
    unknown = np.isnan(days)
    event = np.isfinite(at) & ~unknown
    days = np.where(event, at, days)
    limit = np.inf if end is None else end - 1.0
    late = days > limit
    days, event = np.minimum(days, limit), event & ~late
    why = np.select(
        [periods["START"].isna(), unknown, late, event],
        [NEVER_AT_RISK, END_UNKNOWN, "End of window", "Adverse event: " + first["AETERM"]],
        periods["WHY"].astype("object"),
    )
    return FirstEvents(days, event, [str(reason) for reason in why])
