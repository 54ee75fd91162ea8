"""The tables between steps: their fixed columns and types, read and written as Parquet."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

_TEXT, _WHOLE, _REAL, _FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
_DATE = pa.timestamp("ms")
# Text with few values in many rows; ten million of them stay small, and group without hashing text.
_CATEGORY = pa.dictionary(pa.int32(), pa.string())

# Columns that depend on the protocol (covariates, flags) follow the fixed ones.
TABLES: dict[str, dict[str, pa.DataType]] = {
    "participants": {
        "USUBJID": _TEXT,
        "SITEID": _TEXT,
        "AGE": _REAL,
        "SEX": _TEXT,
        "SCRNDT": _DATE,
        "RANDDT": _DATE,
        "RFDT": _DATE,
    },
    # The arm of every randomised participant; while treatment is blinded, a dummy one.
    "treatment": {"USUBJID": _TEXT, "ARMCD": _TEXT},
    # ENTRYLAG: days from the diary day to its entry. ROW: number of the row in the raw file.
    "intervals": {
        "USUBJID": _CATEGORY,
        "START": _WHOLE,
        "END": _WHOLE,
        "RECORDED": _FLAG,
        "ENTRYLAG": _WHOLE,
        "ROW": _WHOLE,
    },
    # Seizures on days that were not recorded are in it too; they are not counted.
    "seizures": {
        "USUBJID": _CATEGORY,
        "START": _WHOLE,
        "SEIZTYPE": _CATEGORY,
        "COUNT": _WHOLE,
        "CLUSTER": _FLAG,
        "ROW": _WHOLE,
    },
    # Every seizure type as it stands in the raw file, with what it was taken for.
    "seizure_types": {
        "VERBATIM": _TEXT,
        "SEIZTYPE": _TEXT,
        "ILAE": _TEXT,
        "VIA": _TEXT,
        "COUNTABLE": _FLAG,
        "ROWS": _WHOLE,
        "SEIZURES": _WHOLE,
    },
    # What became of every row of every raw file: OUTCOME is used, excluded or error.
    "row_accounting": {
        "DOMAIN": _TEXT,
        "FILE": _TEXT,
        "OUTCOME": _TEXT,
        "REASON": _TEXT,
        "ROWS": _WHOLE,
    },
    "compliance": {
        "USUBJID": _TEXT,
        "PERIOD": _TEXT,
        "EXPECTED": _WHOLE,
        "RECORDED": _WHOLE,
        "MARKED": _WHOLE,
        "ABSENT": _WHOLE,
        "PERCENT": _REAL,
    },
    "visits": {"USUBJID": _TEXT, "VISIT": _TEXT, "ADT": _DATE, "ADY": _WHOLE},
    "doses": {
        "USUBJID": _TEXT,
        "DOSE": _REAL,
        "ADT": _DATE,
        "ADY": _WHOLE,
        "AENDT": _DATE,
        "AENDY": _WHOLE,
    },
    "disposition": {
        "USUBJID": _TEXT,
        "STATUS": _TEXT,
        "REASON": _TEXT,
        "ADT": _DATE,
        "ADY": _WHOLE,
    },
    "adverse_events": {
        "USUBJID": _TEXT,
        "TERM": _TEXT,
        "BODYSYS": _TEXT,
        "SEVERITY": _TEXT,
        "SERIOUS": _TEXT,
        "RELATED": _TEXT,
        "ACTION": _TEXT,
        "ASTDT": _DATE,
        "ASTDTF": _TEXT,
        "ASTDY": _WHOLE,
        "AENDT": _DATE,
        "AENDTF": _TEXT,
        "AENDY": _WHOLE,
    },
    "medications": {
        "USUBJID": _TEXT,
        "MEDICATION": _TEXT,
        "CLASS": _TEXT,
        "REASON": _TEXT,
        "ASTDT": _DATE,
        "ASTDTF": _TEXT,
        "ASTDY": _WHOLE,
        "AENDT": _DATE,
        "AENDTF": _TEXT,
        "AENDY": _WHOLE,
    },
    "findings": {
        "severity": _TEXT,
        "rule": _TEXT,
        "file": _TEXT,
        "field": _TEXT,
        "participant": _TEXT,
        "rows": _TEXT,
        "value": _TEXT,
        "message": _TEXT,
        "action": _TEXT,
    },
    "eligibility": {
        "USUBJID": _TEXT,
        "CRITERION": _TEXT,
        "LABEL": _TEXT,
        "VALUE": _REAL,
        "MET": _FLAG,
        "REASON": _TEXT,
    },
    # Randomised participants who did not meet a criterion, or whose strata were wrong.
    "deviations": {
        "USUBJID": _TEXT,
        "KIND": _TEXT,
        "RULE": _TEXT,
        "LABEL": _TEXT,
        "FOUND": _TEXT,
        "EXPECTED": _TEXT,
    },
    "adsl": {
        "STUDYID": _TEXT,
        "USUBJID": _TEXT,
        "SITEID": _TEXT,
        "TRT01P": _TEXT,
        "AGE": _REAL,
        "SEX": _TEXT,
        "SCRNDT": _DATE,
        "RANDDT": _DATE,
        "TRTSDT": _DATE,
        "TRTEDT": _DATE,
        "EOSSTT": _TEXT,
        "DCSREAS": _TEXT,
        "EOSDT": _DATE,
        "EOSDY": _WHOLE,
        "LSTVSDT": _DATE,
        "RANDFL": _TEXT,
        "DOSEDFL": _TEXT,
        "ELIGFL": _TEXT,
        "POSTBLFL": _TEXT,
        "COMPLFL": _TEXT,
        "BSCOUNT": _WHOLE,
        "BSDAYS": _WHOLE,
        "BSFREQ": _REAL,
        "LBSFREQ": _REAL,
    },
    "adsz": {
        "STUDYID": _TEXT,
        "USUBJID": _TEXT,
        "TRT01P": _TEXT,
        "PARAMCD": _TEXT,
        "PARAM": _TEXT,
        "AVISIT": _TEXT,
        "AVISITN": _REAL,
        "AWTYPE": _TEXT,
        "AWLO": _WHOLE,
        "AWHI": _WHOLE,
        "AVAL": _REAL,
        "BASE": _REAL,
        "CHG": _REAL,
        "PCHG": _REAL,
        "ANL01FL": _TEXT,
    },
    "adae": {
        "STUDYID": _TEXT,
        "USUBJID": _TEXT,
        "TRT01P": _TEXT,
        "AETERM": _TEXT,
        "AEBODSYS": _TEXT,
        "AESEV": _TEXT,
        "AESEVN": _WHOLE,
        "AESER": _TEXT,
        "AEREL": _TEXT,
        "AEACN": _TEXT,
        "ASTDT": _DATE,
        "ASTDTF": _TEXT,
        "ASTDY": _WHOLE,
        "AENDT": _DATE,
        "AENDTF": _TEXT,
        "AENDY": _WHOLE,
        "TRTEMFL": _TEXT,
        "AEWDFL": _TEXT,
    },
    "results": {
        "STUDYID": _TEXT,
        "ANALYSIS": _TEXT,
        "ROLE": _TEXT,
        "ESTIMAND": _TEXT,
        "POPULATION": _TEXT,
        "TREATMENT": _TEXT,
        "METHOD": _TEXT,
        "ENDPOINT": _TEXT,
        "WINDOW": _TEXT,
        "GROUP": _TEXT,
        "REFERENCE": _TEXT,
        "VARIABLE": _TEXT,
        "LEVEL": _TEXT,
        "VISIT": _TEXT,
        "STATISTIC": _TEXT,
        "LABEL": _TEXT,
        "VALUE": _REAL,
        "TEXT": _TEXT,
        "UNIT": _TEXT,
        "CONVERGED": _FLAG,
        "NOTE": _TEXT,
        "DATA_SHA256": _TEXT,
        "PLAN_SHA256": _TEXT,
        "CODE_SHA256": _TEXT,
        "SOFTWARE": _TEXT,
        "SEED": _WHOLE,
    },
    "published": {
        "ID": _TEXT,
        "LABEL": _TEXT,
        "PUBLISHED": _TEXT,
        "THIS_RUN": _TEXT,
        "UNROUNDED": _REAL,
        "UNIT": _TEXT,
        "VERDICT": _TEXT,
        "SOURCE": _TEXT,
        "ANALYSIS": _TEXT,
        "STATISTIC": _TEXT,
    },
}


def arranged(frame: pd.DataFrame, table: str) -> pa.Table:
    """Give a frame the columns and types of a table; absent columns are filled with missing."""
    fixed = TABLES[table]
    columns = {name: _typed(frame, name, kind) for name, kind in fixed.items()}
    extra = [str(column) for column in frame.columns if column not in fixed]
    return pa.table(columns | {name: pa.array(frame[name], from_pandas=True) for name in extra})


def _typed(frame: pd.DataFrame, name: str, kind: pa.DataType) -> pa.Array:
    if name not in frame or frame[name].isna().all():
        return pa.nulls(len(frame), kind)
    return pa.array(frame[name], type=kind, from_pandas=True)


def write_table(frame: pd.DataFrame, path: str | Path, table: str) -> None:
    """Write a frame as one of :data:`TABLES`.

    The file appears whole or not at all, and equal frames give equal bytes.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    pq.write_table(arranged(frame, table), partial, compression="zstd")
    partial.replace(target)


def read_table(path: str | Path) -> pd.DataFrame:
    """Read a table written by :func:`write_table`; whole numbers with gaps become ``Int64``."""
    table = pq.read_table(path)
    frame: pd.DataFrame = table.to_pandas()
    for field in table.schema:
        if field.type == _WHOLE and frame[field.name].dtype != "int64":
            frame[field.name] = (
                table[field.name].to_pandas(integer_object_nulls=True).astype("Int64")
            )
    return frame


def empty_table(table: str) -> pd.DataFrame:
    """A table without rows, as :func:`read_table` would give it."""
    frame: pd.DataFrame = arranged(pd.DataFrame(), table).to_pandas()
    return frame
