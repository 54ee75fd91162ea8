"""The days on which participants were at risk of seizures that would have been seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.problems import AnalysisError
from seizureflow.seizure_frequency import countable_intervals
from seizureflow.study_days import interval_length, ordinal

Entry = dict[str, Any]


@dataclass(frozen=True)
class PersonDays:
    """Recorded days of a window.

    Attributes:
        frame: One row per participant and recorded day, in that order: ``USUBJID``, ``DAY`` (study
            day), ``COUNT`` (countable seizures), ``EARLIER`` (seizures on the recorded days of the
            window before), ``GAP`` (days since the last of those with a seizure, or since the day
            before the window).
        missing: Days of the window before each participant's last recorded one that were not
            recorded, by participant.
    """

    frame: pd.DataFrame
    missing: pd.Series[Any]


def person_days(
    intervals: pd.DataFrame, seizures: pd.DataFrame, counting: Entry, window: tuple[int, int]
) -> PersonDays:
    """List the recorded days of a window.

    A day that was not recorded is no row: it is neither time at risk nor free of seizures.
    Follow-up ends with a participant's last recorded day.

    Args:
        intervals: Table ``intervals``.
        seizures: Table ``seizures``.
        counting: Which seizures count, see :func:`seizureflow.plans.counting_rules`.
        window: First study day, and the one after the last.

    Raises:
        AnalysisError: Seizures were counted per period, so that their days are not known.
    """
    start, end = window
    countable = countable_intervals(intervals, seizures, counting)
    inside = (countable["START"] >= start) & (countable["START"] < end)
    days = countable[inside.to_numpy()].assign(USUBJID=lambda rows: rows["USUBJID"].astype("str"))
    if (days["DAYS"] > 1).any():
        raise AnalysisError(
            "Seizures were counted per period of several days: on which of them each happened is "
            "not known, and an analysis of times between seizures needs it. Compare the counts, "
            "for instance by negative binomial regression."
        )
    days = days.sort_values(["USUBJID", "START"], ignore_index=True)
    day, count = ordinal(days["START"]), days["COUNT"]
    earlier = count.groupby(days["USUBJID"]).cumsum() - count
    before_window = int(ordinal(start)) - 1
    last = pd.Series(np.where(count > 0, day, np.nan)).groupby(days["USUBJID"]).ffill()
    last = last.groupby(days["USUBJID"]).shift().fillna(before_window)
    frame = pd.DataFrame(
        {
            "USUBJID": days["USUBJID"],
            "DAY": days["START"],
            "COUNT": count,
            "EARLIER": earlier,
            "GAP": day - last.to_numpy(dtype=np.int64),
        }
    )
    return PersonDays(frame, _missing_days(frame, start))


def _missing_days(frame: pd.DataFrame, start: int) -> pd.Series[Any]:
    by_person = frame.groupby("USUBJID")["DAY"]
    observed = by_person.max().map(lambda last: interval_length(start, int(last)) + 1)
    return observed - by_person.size()
