"""Evaluates every eligibility criterion of the protocol for every participant, with the reason."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from seizureflow.bounds import bounds_in_words, within
from seizureflow.seizure_frequency import longest_seizure_free_run, window_totals
from seizureflow.study_days import from_ordinal, interval_length, ordinal

Entry = dict[str, Any]

_DIARY_WORDS = {
    "countable_seizures": "countable seizures in the baseline",
    "countable_seizures_each_half": "countable seizures in the poorer half of the baseline",
    "longest_seizure_free_run": "days without a seizure in a row",
    "recorded_days": "recorded days in the baseline",
    "recorded_percent": "percent of the baseline's days recorded",
}
_COLUMNS = ["USUBJID", "CRITERION", "LABEL", "VALUE", "FOUND", "EXPECTED", "MET", "REASON"]


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
        participants: Table ``participants``, screen failures included, with the variables of
            :func:`seizureflow.adsl.baseline_and_covariates` where criteria name them.
        countable: Result of :func:`seizureflow.seizure_frequency.countable_intervals`.
        criteria: Entry ``eligibility`` of the protocol.
        baseline: Study days ``[start, end)``.

    Returns:
        Table ``eligibility``: one row per participant and criterion with the value found, whether
        the criterion is met (a missing value does not meet it) and, where it is not, why.
    """
    people = participants["USUBJID"]
    totals = baseline_totals(people, countable, baseline)
    values = participants.set_index("USUBJID")
    wanted = {criterion["diary"] for criterion in criteria if "diary" in criterion}
    properties = _diary_properties(wanted, people, countable, totals, baseline)
    tables = [_evaluate(criterion, values, properties) for criterion in criteria]
    if not tables:
        return pd.DataFrame(columns=_COLUMNS)
    return pd.concat(tables, ignore_index=True).sort_values(
        "USUBJID", kind="stable", ignore_index=True
    )


def _diary_properties(
    wanted: Collection[str],
    people: pd.Series[Any],
    countable: pd.DataFrame,
    totals: pd.DataFrame,
    baseline: list[int],
) -> dict[str, pd.Series[Any]]:
    """The properties of the baseline diary that criteria name, indexed by participant."""
    length = interval_length(*baseline)
    properties = {
        "countable_seizures": totals["BSCOUNT"],
        "recorded_days": totals["BSDAYS"],
        "recorded_percent": 100 * totals["BSDAYS"] / length,
    }
    if "longest_seizure_free_run" in wanted:
        properties["longest_seizure_free_run"] = longest_seizure_free_run(countable, *baseline)
    if "countable_seizures_each_half" in wanted:
        middle = int(from_ordinal(ordinal(baseline[0]) + length // 2))
        halves = [
            baseline_totals(people, countable, half)["BSCOUNT"]
            for half in ([baseline[0], middle], [middle, baseline[1]])
        ]
        properties["countable_seizures_each_half"] = pd.concat(halves, axis=1).min(axis=1)
    return properties


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
    shown = [_in_words(value) for value in found]
    bounds = bounds_in_words(criterion)
    reasons = [
        None if kept else f"{words}: {value}; {bounds}"
        for value, kept in zip(shown, met, strict=True)
    ]
    return pd.DataFrame(
        {
            "USUBJID": values.index,
            "CRITERION": criterion["id"],
            "LABEL": criterion["label"],
            "VALUE": pd.to_numeric(found, errors="coerce").astype("float64").to_numpy(),
            "FOUND": shown,
            "EXPECTED": bounds,
            "MET": met.to_numpy(),
            "REASON": reasons,
        }
    )


def _in_words(value: Any) -> str:
    if pd.isna(value):
        return "missing"
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)
