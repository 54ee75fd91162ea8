"""Who was in: disposition, analysis sets, demographics and baseline characteristics."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from seizureflow.analysis_sets import set_flag
from seizureflow.displays.baseline import baseline_table
from seizureflow.displays.tables import Row, Table
from seizureflow.displays.values import Cell, Number, Result, distinct, number
from seizureflow.displays.words import upper_first
from seizureflow.outputs.counts import count_of_participants
from seizureflow.outputs.headings import arm_heading, arm_headings, with_sizes
from seizureflow.outputs.output import Draft
from seizureflow.outputs.study import Entry, Study
from seizureflow.registry import METHODS

_STEPS = (
    "screened",
    "not_randomised",
    "criterion_not_met",
    "no_criterion_failed",
    "randomised",
    "dosed",
    "not_dosed",
    "completed",
    "discontinued",
    "discontinued_for",
)


def disposition(study: Study) -> Iterator[Draft]:
    """Participants from screening to completion, with the reasons for leaving."""
    for entry in study.analyses("participant_flow"):
        sizes = study.sizes(entry["id"], "randomised")
        columns = (*arm_headings(study.labels, sizes), arm_heading("All", sizes.get(None)))
        table = Table("Disposition", "Participants", columns, tuple(_flow(study, entry["id"])))
        yield Draft(
            (table,),
            "All screened participants",
            study.labels.analysis(entry["id"]),
            ("N: participants randomised. Percentages of treatment are of participants dosed.",)
            if study.results.having(entry["id"], "dosed")
            else ("N: participants randomised.",),
            (entry["id"],),
            METHODS[entry["method"]].datasets,
        )


def _flow(study: Study, analysis: str) -> Iterator[Row]:
    for step in _STEPS:
        rows = study.results.having(analysis, step)
        for level in distinct(row.level for row in rows):
            chosen = [row for row in rows if row.level == level]
            heading = chosen[0].label if level is None else upper_first(str(level))
            cells = _by_arm_and_all(study, chosen)
            yield Row(heading, cells, indent=level is not None or step == "no_criterion_failed")


def _by_arm_and_all(study: Study, rows: list[Result]) -> tuple[Cell, ...]:
    found = {row.group: row for row in rows}
    groups = [*(arm["id"] for arm in study.labels.arms), None]
    return tuple(_with_share(study, found[g]) if g in found else () for g in groups)


def _with_share(study: Study, row: Result) -> Cell:
    share = study.results.find(
        row.analysis, f"{row.statistic}_percent", group=row.group, level=row.level
    )
    return (number(row), " (", number(share), ")") if share else (number(row),)


def analysis_sets(study: Study) -> Iterator[Draft]:
    """Participants of each analysis set, counted by their flags in ADSL."""
    adsl = study.datasets["adsl"]
    arms = [arm["id"] for arm in study.labels.arms]
    randomised = [_flagged(adsl, "RANDFL", arm) for arm in (*arms, None)]
    names = [*(study.labels.arm(arm) for arm in arms), "All"]
    columns = tuple(
        (f"{name} (N=", size, ")") for name, size in zip(names, randomised, strict=True)
    )
    rows = [
        Row(
            entry["label"],
            tuple((_flagged(adsl, set_flag(entry["id"]), arm),) for arm in (*arms, None)),
        )
        for entry in study.protocol["analysis_sets"]
        if set_flag(entry["id"]) in adsl
    ]
    if rows:
        table = Table("Analysis sets", "Participants in", columns, tuple(rows))
        note = "N: participants randomised. Who is left out of which set, and why, is listed."
        yield Draft((table,), "All randomised participants", footnotes=(note,), datasets=("adsl",))


def _flagged(adsl: pd.DataFrame, flag: str, arm: str | None) -> Number:
    chosen = adsl[(adsl["RANDFL"] == "Y") & (adsl[flag] == "Y")]
    return count_of_participants("adsl", chosen, arm, flag, "Y")


def baseline(study: Study) -> Iterator[Draft]:
    """Demographics and baseline characteristics by arm."""
    for entry in study.analyses("baseline_summary"):
        table = baseline_table(study.results, entry["id"], study.labels)
        if table is not None:
            sizes = study.sizes(entry["id"])
            yield _draft(study, entry, with_sizes(table, study.labels, sizes))


def _draft(study: Study, entry: Entry, table: Table) -> Draft:
    return Draft(
        (table,),
        study.population(entry),
        study.labels.analysis(entry["id"]),
        (*study.results.notes(entry["id"]), "SD: standard deviation."),
        (entry["id"],),
        METHODS[entry["method"]].datasets,
    )
