"""Stratification of the randomisation: as used, as verified from the data, and where they differ.

ADaM names the value of factor n as used STRATnR and as verified STRATnV; STRATAR and STRATAV hold
all factors of a participant.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


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
        result[f"STRAT{number}V"] = result[name]
    for end in ("R", "V"):
        factors = [f"STRAT{number}{end}" for number in range(1, len(strata) + 1)]
        if factors and set(factors) <= set(result.columns):
            text = result[factors[0]].astype("str")
            for name in factors[1:]:  # missing where a factor is
                text = text.str.cat(result[name].astype("str"), sep="; ")
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
            differs = adsl[used].notna() & (adsl[used] != adsl[name])
            parts.append(
                pd.DataFrame(
                    {
                        "USUBJID": adsl.index[differs],
                        "RULE": name,
                        "FOUND": adsl.loc[differs, used].to_numpy(),
                        "EXPECTED": adsl.loc[differs, name].to_numpy(),
                    }
                )
            )
    if not parts:
        return pd.DataFrame(columns=["USUBJID", "RULE", "FOUND", "EXPECTED"])
    return pd.concat(parts, ignore_index=True)
