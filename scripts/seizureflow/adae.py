"""Derives ADAE: adverse events with their study days and whether they emerged under treatment."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

Entry = dict[str, Any]


def derive_adae(adsl: pd.DataFrame, adverse_events: pd.DataFrame, domain: Entry) -> pd.DataFrame:
    """Derive ADAE.

    An event is treatment-emergent where it began on or after the day of the first dose.

    Args:
        adsl: Table ``adsl``.
        adverse_events: Table ``adverse_events``.
        domain: Entry ``domains.adverse_events`` of the protocol.

    Returns:
        Table ``adae``, one row per event of a participant.
    """
    order = {severity: rank for rank, severity in enumerate(domain["severity_order"], start=1)}
    adae = adverse_events.rename(
        columns={
            "TERM": "AETERM",
            "BODYSYS": "AEBODSYS",
            "SEVERITY": "AESEV",
            "SERIOUS": "AESER",
            "RELATED": "AEREL",
            "ACTION": "AEACN",
        }
    ).merge(adsl[["STUDYID", "USUBJID", "TRT01P", "TRTSDT"]], on="USUBJID", validate="many_to_one")
    adae["AESEVN"] = adae["AESEV"].map(order).astype("Int64")
    adae["TRTEMFL"] = np.where(adae["ASTDT"] >= adae["TRTSDT"], "Y", "N")
    adae["AEWDFL"] = np.where(adae["AEACN"] == domain.get("withdrawn_value"), "Y", "N")
    order_by = ["USUBJID", "ASTDT", "AETERM"]
    return adae.drop(columns="TRTSDT").sort_values(order_by, kind="stable", ignore_index=True)
