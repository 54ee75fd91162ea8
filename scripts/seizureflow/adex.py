"""Derives ADEX: the doses of every participant with their study days (ADaM OCCDS)."""

from __future__ import annotations

from typing import Any

import pandas as pd

Entry = dict[str, Any]


def derive_adex(adsl: pd.DataFrame, doses: pd.DataFrame, domain: Entry) -> pd.DataFrame:
    """Derive ADEX.

    Args:
        adsl: Table ``adsl``.
        doses: Table ``doses``.
        domain: Entry ``domains.doses`` of the protocol.

    Returns:
        Table ``adex``, one row per dose record. ``EXSEQ`` numbers a participant's records by start
        date, and in the order of the raw file within a date; ``EXDOSU`` is the protocol's unit.
    """
    adex = doses.rename(columns={"DOSE": "EXDOSE", "ADT": "ASTDT", "ADY": "ASTDY"}).merge(
        adsl[["STUDYID", "USUBJID", "TRT01P"]], on="USUBJID", validate="many_to_one"
    )
    adex = adex.sort_values(["USUBJID", "ASTDT"], kind="stable", ignore_index=True)
    adex["EXSEQ"] = adex.groupby("USUBJID").cumcount() + 1
    adex["EXDOSU"] = domain.get("unit")
    return adex
