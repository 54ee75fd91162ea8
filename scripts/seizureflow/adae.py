"""Derives ADAE: adverse events with their study days and whether they emerged under treatment."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.adverse_events.emergence import are_emergent
from seizureflow.adverse_events.rules import DEFAULT_RULE

Entry = dict[str, Any]

_DATES = ("RANDDT", "TRTSDT", "TRTEDT")


def derive_adae(adsl: pd.DataFrame, adverse_events: pd.DataFrame, domain: Entry) -> pd.DataFrame:
    """Derive ADAE.

    Which events are treatment-emergent is a rule of the protocol, by default those that began on or
    after the day of the first dose. ``AESDTH`` is missing where the study has no outcomes.

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
            "OUTCOME": "AEOUT",
        }
    ).merge(adsl[["STUDYID", "USUBJID", "TRT01P", *_DATES]], on="USUBJID", validate="many_to_one")
    adae["AESEVN"] = adae["AESEV"].map(order).astype("Int64")
    adae["TRTEMFL"] = np.where(are_emergent(adae, domain.get("emergent", DEFAULT_RULE)), "Y", "N")
    adae["AEWDFL"] = np.where(adae["AEACN"] == domain.get("withdrawn_value"), "Y", "N")
    adae["AESDTH"] = _fatal(adae, domain.get("fatal_value"))
    order_by = ["USUBJID", "ASTDT", "AETERM"]
    return adae.drop(columns=list(_DATES)).sort_values(order_by, kind="stable", ignore_index=True)


def _fatal(adae: pd.DataFrame, fatal_value: str | None) -> Any:
    """Whether each event was fatal; missing for all where the study does not say."""
    if fatal_value is None or "AEOUT" not in adae or adae["AEOUT"].isna().all():
        return pd.Series(pd.NA, index=adae.index, dtype="str")
    # Capital letters are no difference here: a death must not be missed for them.
    outcome = adae["AEOUT"].astype("str").str.strip().str.casefold()
    return np.where(outcome == fatal_value.strip().casefold(), "Y", "N")
