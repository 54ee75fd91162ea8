"""Finds liver tests that rose as in severe drug-induced liver injury.

Source:
    FDA (2009), Guidance for industry: drug-induced liver injury, premarketing clinical evaluation;
    Watkins et al. (2011), evaluation of drug-induced serious hepatotoxicity (eDISH), Drug Saf 34.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from seizureflow.bounds import without_rounding_errors


@dataclass(frozen=True)
class LiverRule:
    """What makes a case.

    Attributes:
        aminotransferase: ALT or AST must be above this multiple of the upper limit of normal.
        bilirubin: Bilirubin must be at least this multiple.
        within_days: Most days between the two results.
        alkaline_phosphatase: No case where alkaline phosphatase reached this multiple between the
            two results, their days among them; None to disregard it.
    """

    aminotransferase: float = 3.0
    bilirubin: float = 2.0
    within_days: int = 30
    alkaline_phosphatase: float | None = None


def limit_multiples(frame: pd.DataFrame, parameters: Collection[str]) -> pd.DataFrame:
    """Express results as multiples of the upper limit of normal.

    Args:
        frame: Rows of ADLB.
        parameters: PARAMCDs that are taken as one test.

    Returns:
        ``USUBJID``, ``ADT`` and ``MULTIPLE`` of the results with a positive upper limit.
    """
    rows = frame[frame["PARAMCD"].isin(list(parameters)) & (frame["ANRHI"] > 0)]
    multiple = without_rounding_errors(rows["AVAL"] / rows["ANRHI"])
    return rows[["USUBJID", "ADT"]].assign(MULTIPLE=multiple).dropna(subset="MULTIPLE")


def peaks(aminotransferase: pd.DataFrame, bilirubin: pd.DataFrame) -> pd.DataFrame:
    """Give the highest multiples of each participant who has both, by ``USUBJID``.

    Returns:
        Columns ``AMINOTRANSFERASE`` and ``BILIRUBIN``.
    """
    highest = {
        "AMINOTRANSFERASE": aminotransferase.groupby("USUBJID")["MULTIPLE"].max(),
        "BILIRUBIN": bilirubin.groupby("USUBJID")["MULTIPLE"].max(),
    }
    return pd.DataFrame(highest).dropna()


def cases(
    aminotransferase: pd.DataFrame,
    bilirubin: pd.DataFrame,
    alkaline_phosphatase: pd.DataFrame,
    rule: LiverRule,
) -> set[str]:
    """Participants with both results high within the days of the rule.

    Args:
        aminotransferase: Multiples of ALT and AST, see :func:`limit_multiples`.
        bilirubin: Multiples of bilirubin.
        alkaline_phosphatase: Multiples of alkaline phosphatase.
        rule: What makes a case.
    """
    high = aminotransferase[aminotransferase["MULTIPLE"] > rule.aminotransferase]
    pairs = high[["USUBJID", "ADT"]].merge(
        bilirubin.loc[bilirubin["MULTIPLE"] >= rule.bilirubin, ["USUBJID", "ADT"]],
        on="USUBJID",
        suffixes=("", "_BILIRUBIN"),
    )
    apart = (pairs["ADT"] - pairs["ADT_BILIRUBIN"]).abs()
    pairs = pairs[apart <= pd.Timedelta(days=rule.within_days)].reset_index(drop=True)
    if rule.alkaline_phosphatase is not None:
        pairs = pairs[~_cholestatic(pairs, alkaline_phosphatase, rule.alkaline_phosphatase)]
    return set(pairs["USUBJID"])


def _cholestatic(
    pairs: pd.DataFrame, alkaline_phosphatase: pd.DataFrame, limit: float
) -> pd.Series[bool]:
    """Whether alkaline phosphatase reached a limit between the two results of a pair."""
    days = pairs[["ADT", "ADT_BILIRUBIN"]]
    spans = pairs.assign(PAIR=pairs.index, FIRST=days.min(axis=1), LAST=days.max(axis=1))
    high = alkaline_phosphatase.loc[
        alkaline_phosphatase["MULTIPLE"] >= limit, ["USUBJID", "ADT"]
    ].rename(columns={"ADT": "ADT_HIGH"})
    met = spans.merge(high, on="USUBJID")
    met = met[(met["ADT_HIGH"] >= met["FIRST"]) & (met["ADT_HIGH"] <= met["LAST"])]
    return pd.Series(pairs.index.isin(met["PAIR"]), index=pairs.index)
