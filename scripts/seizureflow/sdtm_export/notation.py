"""Writes dates, and qualifiers of records, as SDTM does."""

from __future__ import annotations

from typing import Any

import pandas as pd

from seizureflow.cell_text import text_of


def iso_dates(dates: pd.Series[Any], flags: pd.Series[Any] | None = None) -> pd.Series[Any]:
    """Dates as ISO 8601 text, without the parts that were imputed."""
    text = dates.dt.strftime("%Y-%m-%d").astype("str").fillna("")
    if flags is None:
        return text
    return text.mask(flags == "D", text.str[:7]).mask(flags == "M", text.str[:4])


def supplemental_qualifiers(
    parent: pd.DataFrame, domain: str, identifier: str, qualifiers: pd.DataFrame
) -> pd.DataFrame:
    """Supplemental qualifiers: ``ROW`` of the parent, ``QNAM``, ``QLABEL`` and ``QVAL``."""
    given = qualifiers[qualifiers["QVAL"].fillna("") != ""].sort_values(["ROW", "QNAM"])
    rows = given["ROW"].to_numpy()
    return pd.DataFrame(
        {
            "RDOMAIN": domain,
            "USUBJID": parent["USUBJID"].astype("str").to_numpy()[rows],
            "IDVAR": identifier,
            "IDVARVAL": text_of(parent[identifier]).to_numpy()[rows] if identifier else "",
            "QNAM": given["QNAM"].to_numpy(),
            "QLABEL": given["QLABEL"].to_numpy(),
            "QVAL": given["QVAL"].to_numpy(),
            "QORIG": "CRF",
        }
    )
