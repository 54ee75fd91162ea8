"""The days on which each participant is at risk of a treatment-emergent adverse event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow.adverse_events.emergence import start_of_risk

Entry = dict[str, Any]

END_OF_STUDY = "End of study"
LAST_VISIT = "Last visit"
LAST_DOSE = "Last dose"
END_OF_RISK = "End of the risk period after the last dose"
LAST_EVENT = "Last adverse event, after the end of study"


@dataclass(frozen=True)
class RiskPeriods:
    """The time at risk of participants.

    Attributes:
        frame: Indexed by participant: ``START`` and ``END``, the first and the last day at risk,
            and ``WHY``, what ends it. Missing for who was never at risk.
        extended: Participants whose risk period was extended to an emergent event beyond it.
    """

    frame: pd.DataFrame
    extended: tuple[str, ...]


def risk_periods(people: pd.DataFrame, events: pd.DataFrame, rule: Entry) -> RiskPeriods:
    """Give the days at risk of each participant.

    They begin with the first day at risk and end with the end of study (else the last visit, else
    the last dose) or, where that is earlier, as many days after the last dose as the rule says. An
    emergent event after the end shows that the participant was still observed: the period then
    ends on the day of the last such event.

    Args:
        people: Rows of ADSL.
        events: Rows of ADAE, the treatment-emergent ones among them by ``TRTEMFL``.
        rule: Entry ``domains.adverse_events.emergent`` of the protocol.
    """
    indexed = people.set_index("USUBJID")
    frame = pd.DataFrame({"START": _dates(start_of_risk(indexed, rule))})
    frame["END"] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ms]")
    frame["WHY"] = pd.Series(pd.NA, index=frame.index, dtype="str")
    for variable, why in (("EOSDT", END_OF_STUDY), ("LSTVSDT", LAST_VISIT), ("TRTEDT", LAST_DOSE)):
        if variable in indexed:
            known = frame["END"].isna() & indexed[variable].notna()
            _replace(frame, known, _dates(indexed[variable]), why)
    after = rule["until_days_after_last_dose"]
    if after is not None:
        last = _dates(indexed["TRTEDT"]) + pd.Timedelta(days=after)
        _replace(frame, (last < frame["END"]) | frame["END"].isna(), last, END_OF_RISK)
    emergent = events[events["TRTEMFL"] == "Y"]
    latest = _dates(emergent.groupby("USUBJID")["ASTDT"].max().reindex(frame.index))
    beyond = (latest > frame["END"]) | (frame["END"].isna() & latest.notna())
    _replace(frame, beyond, latest, LAST_EVENT)
    # Whoever left before the first dose that is known of was at risk on that day alone.
    _replace(frame, frame["END"] < frame["START"], frame["START"], LAST_DOSE)
    never = frame["START"].isna()
    frame.loc[never, ["END", "WHY"]] = None
    return RiskPeriods(frame, tuple(sorted(map(str, frame.index[beyond & ~never]))))


def _dates(values: pd.Series[Any]) -> pd.Series[Any]:
    return values.astype("datetime64[ms]")


def _replace(frame: pd.DataFrame, where: pd.Series[Any], ends: pd.Series[Any], why: str) -> None:
    frame["END"] = frame["END"].where(~where, ends)
    frame["WHY"] = frame["WHY"].where(~where, why)


def days_between(start: pd.Series[Any], end: pd.Series[Any]) -> pd.Series[Any]:
    """Days from one date to another, both among them."""
    days: pd.Series[Any] = (end - start).dt.days + 1.0
    return days
