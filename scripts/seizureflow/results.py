"""Analysis results data (ARD): one row per statistic, in one long form for every analysis."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pandas as pd

from seizureflow.analysis import AnalysisResult
from seizureflow.blinding import arms_shown
from seizureflow.provenance import Trace

Entry = dict[str, Any]

_STATISTIC_COLUMNS = {
    "group": "GROUP",
    "reference": "REFERENCE",
    "variable": "VARIABLE",
    "level": "LEVEL",
    "visit": "VISIT",
    "name": "STATISTIC",
    "label": "LABEL",
    "value": "VALUE",
    "text": "TEXT",
    "unit": "UNIT",
    "note": "NOTE",
}


def results_frame(
    study: str, analysis: Entry, result: AnalysisResult, trace: Trace, treatment: str
) -> pd.DataFrame:
    """Give the results of one analysis in long form.

    Args:
        study: Name of the study.
        analysis: The analysis's entry of the protocol.
        result: What its method answered.
        trace: What it rests on.
        treatment: Entry ``treatment`` of the protocol.

    Returns:
        Table ``results``. Notes on the whole analysis stand in rows of their own, with the
        statistic ``note``.
    """
    rows = [asdict(statistic) for statistic in result.statistics]
    rows += [{"name": "note", "label": "Note", "text": note} for note in result.notes]
    frame = pd.DataFrame(rows, columns=list(_STATISTIC_COLUMNS)).rename(columns=_STATISTIC_COLUMNS)
    fixed = {
        "STUDYID": study,
        "ANALYSIS": analysis["id"],
        "ROLE": analysis["role"],
        "ESTIMAND": analysis.get("estimand"),
        "POPULATION": analysis["population"],
        "TREATMENT": arms_shown(treatment),
        "METHOD": analysis["method"],
        "ENDPOINT": analysis.get("endpoint"),
        "WINDOW": analysis.get("window"),
        "CONVERGED": result.converged,
        "DATA_SHA256": trace.data_sha256,
        "PLAN_SHA256": trace.plan_sha256,
        "CODE_SHA256": trace.code_sha256,
        "SOFTWARE": trace.software,
        "SEED": trace.seed,
    }
    return frame.assign(**fixed)


def select(
    results: pd.DataFrame,
    analysis: str,
    statistic: str | None = None,
    *,
    group: str | None = None,
    variable: str | None = None,
    level: str | None = None,
    visit: str | None = None,
) -> pd.DataFrame:
    """Choose rows of results; a group, variable, level or visit of None means rows without one."""
    chosen = results[results["ANALYSIS"] == analysis]
    if statistic is None:
        return chosen
    chosen = chosen[chosen["STATISTIC"] == statistic]
    named = {"GROUP": group, "VARIABLE": variable, "LEVEL": level, "VISIT": visit}
    for column, wanted in named.items():
        values = chosen[column]
        chosen = chosen[values.isna() if wanted is None else values == wanted]
    return chosen


def value_of(results: pd.DataFrame, analysis: str, statistic: str, **which: str | None) -> float:
    """The one value of a statistic; not a number where there is none."""
    rows = select(results, analysis, statistic, **which)
    return float(rows["VALUE"].iloc[0]) if len(rows) else float("nan")


def diagnosed_analysis(results: pd.DataFrame) -> str | None:
    """The primary analysis whose residuals were described; None where there is none."""
    rows = results[(results["ROLE"] == "primary") & (results["STATISTIC"] == "residual_quantile")]
    return None if rows.empty else str(rows["ANALYSIS"].iloc[0])
