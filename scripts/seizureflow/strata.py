"""Stratification of the randomisation: as used, as verified from the data, and where they differ.

ADaM names the value of factor n as used STRATnR and as verified STRATnV; STRATAR and STRATAV hold
all factors of a participant.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from seizureflow.cell_text import text_of


def add_strata(adsl: pd.DataFrame, strata: Sequence[str]) -> pd.DataFrame:
    """Add the verified strata, and both as one variable, to ADSL.

    Args:
        adsl: ADSL with the variables of ``strata``, and ``STRATnR`` where they are known.
        strata: Variables by which randomisation was stratified.

    Source:
        ADaM Implementation Guide 1.3, 3.2.4 (stratification variables).
    """
    result = adsl.copy()
    for number, name in enumerate(strata, start=1):
        result[f"STRAT{number}V"] = _as_text(result[name])
        if f"STRAT{number}R" in result:
            result[f"STRAT{number}R"] = _as_text(result[f"STRAT{number}R"])
    for end in ("R", "V"):
        factors = [f"STRAT{number}{end}" for number in range(1, len(strata) + 1)]
        if factors and set(factors) <= set(result.columns):
            text = _as_text(result[factors[0]])
            for name in factors[1:]:  # missing where a factor is
                text = text.str.cat(_as_text(result[name]), sep="; ")
            result[f"STRATA{end}"] = text
    return result


def stratum_differences(adsl: pd.DataFrame, strata: Sequence[str]) -> pd.DataFrame:
    """List participants whose stratum at randomisation differs from the data.

    Args:
        adsl: ADSL of randomised participants, indexed by participant.
        strata: Variables by which randomisation was stratified.

    Returns:
        ``USUBJID``, ``RULE`` (the variable), ``FOUND`` (as used) and ``EXPECTED`` (as verified).
    """
    parts = []
    for number, name in enumerate(strata, start=1):
        used = f"STRAT{number}R"
        if used in adsl:
            found, expected = _as_text(adsl[used]), _as_text(adsl[name])
            differs = found.notna() & (found != expected).fillna(True)
            parts.append(
                pd.DataFrame(
                    {
                        "USUBJID": adsl.index[differs],
                        "RULE": name,
                        "FOUND": found[differs].to_numpy(),
                        "EXPECTED": expected[differs].to_numpy(),
                    }
                )
            )
    if not parts:
        return pd.DataFrame(columns=["USUBJID", "RULE", "FOUND", "EXPECTED"])
    return pd.concat(parts, ignore_index=True)


def _as_text(values: pd.Series[Any]) -> pd.Series[Any]:
    """A factor's values as text: a number reads the same whatever the file held it as."""
    return text_of(values).where(values.notna())
