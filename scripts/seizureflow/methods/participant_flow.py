"""Participants from screening to completion, with the reasons for leaving."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Count participants at each step; steps that the study has no data on are left out.

    A screened participant who was not randomised counts once under each criterion not met.

    Args:
        spec: The analysis; its population is ignored, all screened participants are counted.
        data: Tables ``adsl`` and ``eligibility``.
    """
    adsl = data["adsl"]
    randomised = in_set(adsl, spec.population)
    statistics = [
        Statistic("screened", "Screened", float(len(adsl))),
        Statistic("not_randomised", "Not randomised", float((adsl["RANDFL"] == "N").sum())),
        *_reasons_not_randomised(adsl, data["eligibility"]),
        Statistic("randomised", "Randomised", float(len(randomised))),
    ]
    if randomised["SITEID"].notna().any():
        sites = randomised["SITEID"].nunique()
        statistics.append(Statistic("sites", "Sites that randomised", float(sites)))
    if adsl["DOSEDFL"].notna().any():
        dosed = float((randomised["DOSEDFL"] == "Y").sum())
        statistics.append(Statistic("dosed", "Dosed", dosed))
    statistics += _calendar(adsl)
    for arm in spec.arms:
        statistics += _arm_flow(randomised[randomised["TRT01P"] == arm.id], arm.id)
    return AnalysisResult(tuple(statistics))


def _reasons_not_randomised(adsl: pd.DataFrame, eligibility: pd.DataFrame) -> list[Statistic]:
    screened_out = adsl.loc[adsl["RANDFL"] == "N", "USUBJID"]
    failed = eligibility[
        eligibility["USUBJID"].isin(screened_out) & ~eligibility["MET"].astype(bool)
    ]
    labels = dict(zip(failed["CRITERION"], failed["LABEL"], strict=True))
    statistics = [
        Statistic(
            "criterion_not_met",
            "Criterion not met",
            float(failed.loc[failed["CRITERION"] == criterion, "USUBJID"].nunique()),
            variable=criterion,
            level=label,
        )
        for criterion, label in labels.items()
    ]
    other = len(set(screened_out) - set(failed["USUBJID"]))
    if other:
        statistics.append(
            Statistic("no_criterion_failed", "Not randomised for another reason", float(other))
        )
    return statistics


def _calendar(adsl: pd.DataFrame) -> list[Statistic]:
    dates = [
        ("first_screened", "First participant screened", adsl["SCRNDT"].min()),
        ("last_visit", "Last visit", adsl["LSTVSDT"].max()),
    ]
    return [
        Statistic(name, label, text=date.strftime("%Y-%m-%d"))
        for name, label, date in dates
        if pd.notna(date)
    ]


def _arm_flow(members: pd.DataFrame, arm: str) -> list[Statistic]:
    statistics = [Statistic("randomised", "Randomised", float(len(members)), group=arm)]
    treated = members
    if members["DOSEDFL"].notna().any():
        treated = members[members["DOSEDFL"] == "Y"]
        statistics += [
            Statistic("dosed", "Dosed", float(len(treated)), group=arm),
            Statistic("not_dosed", "Not dosed", float(len(members) - len(treated)), group=arm),
        ]
    if members["COMPLFL"].notna().any():
        completed = int((treated["COMPLFL"] == "Y").sum())
        left = treated[treated["COMPLFL"] == "N"]
        share = 100 * completed / len(treated) if len(treated) else float("nan")
        statistics += [
            Statistic("completed", "Completed", float(completed), group=arm),
            Statistic("completed_percent", "Completed", share, group=arm, unit="%"),
            Statistic("discontinued", "Discontinued", float(len(left)), group=arm),
        ]
        statistics += [
            Statistic(
                "discontinued_for", "Discontinued", float(count), group=arm, level=str(reason)
            )
            for reason, count in left["DCSREAS"].value_counts().sort_index().items()
        ]
    return statistics
