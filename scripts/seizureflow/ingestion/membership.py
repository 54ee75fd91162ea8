"""Relates the people of a raw file to the participants of the study."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.raw_table import RawTable
from seizureflow.study_days import study_day


def check_known(raw: RawTable, participants: pd.DataFrame) -> pd.Series[Any]:
    """Report rows of people who are not among the participants.

    Where no participant could be read at all, that has been reported already.

    Returns:
        Whether each row belongs to a known participant.
    """
    people = raw.coded("participant")
    known = pd.Series(
        np.append(people.categories.isin(participants["USUBJID"]), False)[people.codes],
        index=raw.cells.index,
    )
    if len(participants):
        raw.refuse(
            "unknown_participant",
            "participant",
            ~known,
            "The participant is not in the participants file.",
            "Add the participant there, correct the identifier, or delete the rows.",
        )
    return known


def participants_of(raw: RawTable, participants: pd.DataFrame) -> pd.Categorical:
    """Each row's participant as a category of the study's participants; missing for strangers."""
    return raw.coded("participant").set_categories(
        pd.Index(np.sort(participants["USUBJID"].to_numpy(dtype=object)), dtype="str")
    )


def day_one_of(raw: RawTable, participants: pd.DataFrame) -> pd.Series[Any]:
    """Date of day 1 of each row's participant; missing for people who are not participants."""
    people = raw.coded("participant")
    by_person = participants.drop_duplicates("USUBJID").set_index("USUBJID")["RFDT"]
    by_code = by_person.reindex(people.categories).to_numpy(dtype="datetime64[ms]")
    dates = np.append(by_code, np.datetime64("NaT", "ms"))[people.codes]
    return pd.Series(dates, index=raw.cells.index)


def study_days_of(
    raw: RawTable, dates: pd.Series[Any], participants: pd.DataFrame
) -> pd.Series[Any]:
    """Study day of each row's date; missing for people who are not participants."""
    return study_day(dates, day_one_of(raw, participants))
