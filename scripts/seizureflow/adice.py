"""Derives ADICE: the day on which each participant had each intercurrent event (ICH E9(R1))."""

from __future__ import annotations

from typing import Any

import pandas as pd

Entry = dict[str, Any]


def derive_adice(
    adsl: pd.DataFrame, medications: pd.DataFrame, definitions: list[Entry]
) -> pd.DataFrame:
    """Derive the intercurrent events of the randomised participants.

    Args:
        adsl: Table ``adsl``.
        medications: Table ``medications``; empty where the study has none.
        definitions: Entry ``intercurrent_events`` of the protocol.

    Returns:
        Table ``adice``: one row per participant and event that happened, the first time it did.
        ``ADY`` is its study day, missing where the day is not known.
    """
    people = adsl[adsl["RANDFL"] == "Y"]
    parts = [_one(people, medications, definition) for definition in definitions]
    adice = pd.concat([part for part in parts if len(part)] or [parts[0]])
    arms = people[["STUDYID", "USUBJID", "TRT01P"]]
    adice = adice.merge(arms, on="USUBJID", validate="many_to_one")
    return adice.sort_values(["USUBJID", "ADY", "ICECD"], ignore_index=True)


def _one(people: pd.DataFrame, medications: pd.DataFrame, definition: Entry) -> pd.DataFrame:
    if definition["occurs"] == "discontinuation":
        left = people[people["EOSSTT"].notna() & (people["COMPLFL"] == "N")]
        events = left[["USUBJID", "EOSDY", "DCSREAS"]].set_axis(
            ["USUBJID", "ADY", "REASON"], axis=1
        )
    else:
        taken = medications[medications["USUBJID"].isin(people["USUBJID"])]
        if "classes" in definition:
            taken = taken[taken["CLASS"].isin(definition["classes"])]
        events = taken[["USUBJID", "ASTDY", "REASON"]].rename(columns={"ASTDY": "ADY"})
    if "reasons" in definition:
        events = events[events["REASON"].isin(definition["reasons"])]
    # An event on a day that is not known may have happened: it is kept.
    events = events[(events["ADY"] >= definition["from_day"]).fillna(True)]
    first = events.sort_values(["USUBJID", "ADY"]).drop_duplicates("USUBJID")
    return first[["USUBJID", "ADY"]].assign(ICECD=definition["id"], ICE=definition["label"])


def day_of_first(adice: pd.DataFrame, events: list[str] | tuple[str, ...]) -> pd.Series[Any]:
    """Day of each participant's first event among some, indexed by participant; days known only."""
    chosen = adice[adice["ICECD"].isin(list(events)) & adice["ADY"].notna()]
    return chosen.groupby("USUBJID")["ADY"].min()
