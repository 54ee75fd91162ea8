"""Checks that the people in a raw file are participants of the study."""

from __future__ import annotations

import pandas as pd

from seizureflow.raw_table import RawTable


def check_known(raw: RawTable, participants: pd.DataFrame) -> pd.Index:
    """Report rows of people who are not among the participants.

    Returns:
        Index of the rows that belong to known participants.
    """
    identifiers = raw.column("participant")
    known = identifiers.isin(participants["USUBJID"])
    raw.refuse(
        "unknown_participant",
        "participant",
        ~known,
        "The participant is not in the participants file.",
        "Add the participant there, correct the identifier, or delete the rows.",
    )
    return raw.text.index[known]
