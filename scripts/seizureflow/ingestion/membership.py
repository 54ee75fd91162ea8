"""Relates the people of a raw file to the participants of the study."""

from __future__ import annotations

from typing import Any

import pandas as pd

from seizureflow.raw_table import RawTable
from seizureflow.study_days import study_day


def check_known(raw: RawTable, participants: pd.DataFrame) -> pd.Index:
    """Report rows of people who are not among the participants.

    Where no participant could be read at all, that has been reported already.

    Returns:
        Index of the rows that belong to known participants.
    """
    identifiers = raw.column("participant")
    known = identifiers.isin(participants["USUBJID"])
    if participants.empty:
        return raw.text.index[known]
    raw.refuse(
        "unknown_participant",
        "participant",
        ~known,
        "The participant is not in the participants file.",
        "Add the participant there, correct the identifier, or delete the rows.",
    )
    return raw.text.index[known]


def study_days_of(
    raw: RawTable, dates: pd.Series[Any], participants: pd.DataFrame
) -> pd.Series[Any]:
    """Study day of each row's date; missing for people who are not participants."""
    day_one = dict(zip(participants["USUBJID"], participants["RFDT"], strict=True))
    reference = pd.to_datetime(raw.column("participant").map(day_one)).astype("datetime64[ms]")
    return study_day(dates, reference)
