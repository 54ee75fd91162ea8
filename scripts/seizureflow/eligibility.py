"""Evaluates every eligibility criterion of the protocol for every participant, with the reason."""

from __future__ import annotations

from typing import Any

import pandas as pd

from seizureflow.seizure_frequency import longest_seizure_free_run, window_totals

Entry = dict[str, Any]

_DIARY_WORDS = {
    "countable_seizures": "countable seizures in the baseline",
    "longest_seizure_free_run": "days without a seizure in a row",
    "recorded_days": "recorded days in the baseline",
}


def baseline_totals(
    participants: pd.Series[Any], countable: pd.DataFrame, baseline: list[int]
) -> pd.DataFrame:
    """Countable seizures and recorded days of the baseline.

    Args:
        participants: Identifiers.
        countable: Result of :func:`seizureflow.seizure_frequency.countable_intervals`.
        baseline: Study days ``[start, end)``.

    Returns:
        ``BSCOUNT`` and ``BSDAYS``, indexed by participant.
    """
    windows = pd.DataFrame(
        {
            "USUBJID": participants.to_numpy(),
            "WINDOW": "baseline",
            "START": baseline[0],
            "END": baseline[1],
        }
    )
    totals = window_totals(countable, windows).set_index("USUBJID")
    return totals.rename(columns={"COUNT": "BSCOUNT", "DAYS": "BSDAYS"})[["BSCOUNT", "BSDAYS"]]


def evaluate_eligibility(
    participants: pd.DataFrame, countable: pd.DataFrame, criteria: list[Entry], baseline: list[int]
) -> pd.DataFrame:
    """Evaluate the criteria.

    Args:
        participants: Table ``participants``, screen failures included.
        countable: Result of :func:`seizureflow.seizure_frequency.countable_intervals`.
        criteria: Entry ``eligibility`` of the protocol.
        baseline: Study days ``[start, end)``.

    Returns:
        Table ``eligibility``: one row per participant and criterion with the value found, whether
        the criterion is met (a missing value does not meet it) and, where it is not, why.
    """
    totals = baseline_totals(participants["USUBJID"], countable, baseline)
    values = participants.set_index("USUBJID").join(totals)
    properties = {
        "countable_seizures": totals["BSCOUNT"],
        "recorded_days": totals["BSDAYS"],
        "longest_seizure_free_run": longest_seizure_free_run(countable, *baseline),
    }
    tables = [_evaluate(criterion, values, properties) for criterion in criteria]
    columns = ["USUBJID", "CRITERION", "LABEL", "VALUE", "MET", "REASON"]
    if not tables:
        return pd.DataFrame(columns=columns)
    return pd.concat(tables, ignore_index=True).sort_values(
        "USUBJID", kind="stable", ignore_index=True
    )


def within(values: pd.Series[Any], entry: Entry) -> pd.Series[Any]:
    """Whether values keep the bounds ``at_least`` and ``at_most`` of an entry; missing do not."""
    kept = values.notna()
    if "at_least" in entry:
        kept &= (values >= entry["at_least"]).fillna(False)
    if "at_most" in entry:
        kept &= (values <= entry["at_most"]).fillna(False)
    return kept.astype(bool)


def _evaluate(
    criterion: Entry, values: pd.DataFrame, properties: dict[str, pd.Series[Any]]
) -> pd.DataFrame:
    name = criterion.get("variable") or criterion["diary"]
    measured = properties.get(criterion.get("diary", ""), pd.Series(dtype="float64"))
    found: pd.Series[Any] = (
        pd.Series(values[name]) if "variable" in criterion else measured.reindex(values.index)
    )
    met = within(found, criterion)
    words = _DIARY_WORDS.get(name, name)
    bounds = " and ".join(
        f"{limit.replace('_', ' ')} {criterion[limit]:g}"
        for limit in ("at_least", "at_most")
        if limit in criterion
    )
    reasons = [
        None if kept else f"{words}: {'missing' if pd.isna(value) else f'{value:g}'}; {bounds}"
        for value, kept in zip(found, met, strict=True)
    ]
    return pd.DataFrame(
        {
            "USUBJID": values.index,
            "CRITERION": criterion["id"],
            "LABEL": criterion["label"],
            "VALUE": found.astype("float64").to_numpy(),
            "MET": met.to_numpy(),
            "REASON": reasons,
        }
    )
