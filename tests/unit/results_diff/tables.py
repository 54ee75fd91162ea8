"""Small results tables, written by hand."""

import math
from pathlib import Path

import pandas as pd
from seizureflow.results_diff.reading import Criterion, ResultsFile, read_results
from seizureflow.tables import TABLES, arranged, write_table

ARM = {"GROUP": "active", "REFERENCE": "dummy"}
SAME = {
    "STUDYID": "made_up",
    "POPULATION": "full",
    "TREATMENT": "actual",
    "DATA_SHA256": "d1",
    "PLAN_SHA256": "p1",
    "CODE_SHA256": "c1",
    "SOFTWARE": "python 3.11.7; numpy 2.4.6",
}
PRIMARY = {"ANALYSIS": "primary", "METHOD": "mmrm", "ROLE": "primary", "CONVERGED": True}
ANCOVA = {"ANALYSIS": "ancova", "METHOD": "ancova", "ROLE": "sensitivity", "SEED": 7}


def row(of: dict, statistic: str, value: float = math.nan, **about) -> dict:
    return {**SAME, **of, "STATISTIC": statistic, "LABEL": statistic, "VALUE": value, **about}


ROWS = (
    row(PRIMARY, "participants", 30.0, GROUP="active"),
    row(PRIMARY, "relative_change", -32.0, UNIT="%", **ARM),
    row(PRIMARY, "relative_change_lower", -50.0, UNIT="%", **ARM),
    row(PRIMARY, "p_value", 0.04, NOTE="Approximate.", **ARM),
    row(PRIMARY, "coefficient_p", 0.2, VARIABLE="AGE"),
    row(PRIMARY, "covariance_structure", TEXT="unstructured"),
    row(PRIMARY, "note", TEXT="One participant was left out."),
    row(PRIMARY, "note", TEXT="Two visits were used."),
    row(ANCOVA, "relative_change", -20.0, UNIT="%", **ARM),
    row(ANCOVA, "theta", math.inf),
    row(ANCOVA, "largest", math.nan, NOTE="Not estimable."),
    row(ANCOVA, "residual", 0.0, VISIT="week_2", LEVEL="NA"),
)


def frame(rows=ROWS) -> pd.DataFrame:
    return arranged(
        pd.DataFrame(list(rows), columns=list(TABLES["results"])), "results"
    ).to_pandas()


def edited(analysis: str, statistic: str | None = None, **changes) -> pd.DataFrame:
    """The table with columns changed on the rows of an analysis, or those of a statistic of it."""
    return frame(
        {**r, **changes} if r["ANALYSIS"] == analysis and statistic in (None, r["STATISTIC"]) else r
        for r in ROWS
    )


def held(rows) -> ResultsFile:
    """Rows as they are read, without a file."""
    missing = dict.fromkeys(TABLES["results"])
    judged = Criterion("primary", 31.0)
    return ResultsFile(Path("ard.parquet"), tuple({**missing, **r} for r in rows), (), judged)


def write(table: pd.DataFrame, folder: Path, name: str = "ard.parquet") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if name.endswith(".csv"):
        table.to_csv(folder / name, index=False)
    else:
        write_table(table, folder / name, "results")
    return folder


def file_of(table: pd.DataFrame, folder: Path, criterion: float | None = 31.0) -> ResultsFile:
    read = read_results(write(table, folder))
    judged = None if criterion is None else Criterion("primary", criterion)
    return ResultsFile(read.path, read.rows, read.other_columns, judged)
