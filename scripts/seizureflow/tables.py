"""The tables between steps: their fixed columns and types, read and written as Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from seizureflow.damaged_files import damaged
from seizureflow.whole_files import whole_file

_TEXT, _WHOLE, _REAL, _FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
_DATE = pa.timestamp("ms")
# Text with few values in many rows; ten million of them stay small, and group without hashing text.
_CATEGORY = pa.dictionary(pa.int32(), pa.string())

# Laboratory results or vital signs. VALUETXT is the result where it is no number.
_MEASUREMENTS: dict[str, pa.DataType] = {
    "USUBJID": _CATEGORY,
    "CATEGORY": _CATEGORY,
    "TESTCD": _CATEGORY,
    "TEST": _CATEGORY,
    "VALUE": _REAL,
    "VALUETXT": _CATEGORY,
    "UNIT": _CATEGORY,
    "LOW": _REAL,
    "HIGH": _REAL,
    "VISIT": _CATEGORY,
    "TPT": _CATEGORY,
    "ADT": _DATE,
    "ADY": _WHOLE,
}
_BASIC_DATA_STRUCTURE: dict[str, pa.DataType] = {
    "STUDYID": _CATEGORY,
    "USUBJID": _CATEGORY,
    "TRT01P": _CATEGORY,
    "PARAMCD": _CATEGORY,
    "PARAM": _CATEGORY,
    "PARCAT1": _CATEGORY,
    "AVISIT": _CATEGORY,
    "AVISITN": _REAL,
    "VISIT": _CATEGORY,
    "ATPT": _CATEGORY,
    "ADT": _DATE,
    "ADY": _WHOLE,
    "AVAL": _REAL,
    "AVALC": _CATEGORY,
    "AVALU": _CATEGORY,
    "ABLFL": _CATEGORY,
    "BASE": _REAL,
    "CHG": _REAL,
    "PCHG": _REAL,
    "ANRLO": _REAL,
    "ANRHI": _REAL,
    "ANRIND": _CATEGORY,
    "BNRIND": _CATEGORY,
    "SHIFT1": _CATEGORY,
    "ONTRTFL": _CATEGORY,
    "ANL01FL": _CATEGORY,
}

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
        "OUTCOME": _TEXT,
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
    "laboratory": _MEASUREMENTS,
    "vital_signs": _MEASUREMENTS,
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
        "FOUND": _TEXT,
        "EXPECTED": _TEXT,
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
        "DUMMYFL": _TEXT,
        "RANDFL": _TEXT,
        "DOSEDFL": _TEXT,
        "ELIGFL": _TEXT,
        "BLDIARFL": _TEXT,
        "POSTBLFL": _TEXT,
        "NODEVFL": _TEXT,
        "COMPLFL": _TEXT,
        "BSCOUNT": _WHOLE,
        "BSDAYS": _WHOLE,
        "BSFREQ": _REAL,
        "LBSFREQ": _REAL,
    },
    "adsz": {
        "STUDYID": _CATEGORY,
        "USUBJID": _CATEGORY,
        "TRT01P": _CATEGORY,
        "PARAMCD": _CATEGORY,
        "PARAM": _CATEGORY,
        "PARCAT1": _CATEGORY,
        # Seizure type of the parameter; missing where it is of all countable seizures.
        "SEIZTYPE": _CATEGORY,
        "AVISIT": _CATEGORY,
        "AVISITN": _REAL,
        "AWTYPE": _CATEGORY,
        "AWLO": _WHOLE,
        "AWHI": _WHOLE,
        "AVAL": _REAL,
        "BASE": _REAL,
        "CHG": _REAL,
        "PCHG": _REAL,
        "ANL01FL": _CATEGORY,
    },
    "adtte": {
        "STUDYID": _TEXT,
        "USUBJID": _TEXT,
        "TRT01P": _TEXT,
        "PARAMCD": _TEXT,
        "PARAM": _TEXT,
        "STARTDT": _DATE,
        "ADT": _DATE,
        "AVAL": _REAL,
        "CNSR": _WHOLE,
        "EVNTDESC": _TEXT,
        "CNSDTDSC": _TEXT,
        "SRCDOM": _TEXT,
    },
    "adice": {
        "STUDYID": _TEXT,
        "USUBJID": _TEXT,
        "TRT01P": _TEXT,
        "ICECD": _TEXT,
        "ICE": _TEXT,
        "ADY": _WHOLE,
    },
    "adex": {
        "STUDYID": _TEXT,
        "USUBJID": _TEXT,
        "TRT01P": _TEXT,
        "EXSEQ": _WHOLE,
        "EXDOSE": _REAL,
        "EXDOSU": _TEXT,
        "ASTDT": _DATE,
        "ASTDY": _WHOLE,
        "AENDT": _DATE,
        "AENDY": _WHOLE,
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
        "AEOUT": _TEXT,
        "ASTDT": _DATE,
        "ASTDTF": _TEXT,
        "ASTDY": _WHOLE,
        "AENDT": _DATE,
        "AENDTF": _TEXT,
        "AENDY": _WHOLE,
        "TRTEMFL": _TEXT,
        "AEWDFL": _TEXT,
        "AESDTH": _TEXT,
    },
    "adlb": _BASIC_DATA_STRUCTURE,
    "advs": _BASIC_DATA_STRUCTURE,
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
    # One row per combination of the choices of a specification curve; of those that were computed
    # the effect, ESTIMATE and its limits in percent.
    "specifications": {
        "STUDYID": _TEXT,
        "ANALYSIS": _TEXT,
        "SPECIFICATION": _WHOLE,
        "MODEL": _TEXT,
        "OFFSET": _TEXT,
        "WINDOW": _TEXT,
        "BASELINE": _TEXT,
        "COVARIATES": _TEXT,
        "POPULATION": _TEXT,
        "MISSING": _TEXT,
        "OUTLIERS": _TEXT,
        "STATUS": _TEXT,
        "REASON": _TEXT,
        "SAMEAS": _WHOLE,
        "ISPRIMARY": _FLAG,
        "PARTICIPANTS": _WHOLE,
        "LOGRATIO": _REAL,
        "SE": _REAL,
        "ESTIMATE": _REAL,
        "LOWER": _REAL,
        "UPPER": _REAL,
        "P": _REAL,
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

# What counting needs of the two largest tables; a step that reads no more takes less memory.
COUNTED_COLUMNS = {
    "intervals": ("USUBJID", "START", "END", "RECORDED"),
    "seizures": ("USUBJID", "START", "SEIZTYPE", "COUNT", "CLUSTER"),
}


def arranged(frame: pd.DataFrame, table: str) -> pa.Table:
    """Give a frame the columns and types of a table; absent columns are filled with missing.

    Columns that are not fixed keep their type; categories among them become text.
    """
    fixed = TABLES[table]
    columns = {name: _typed(frame, name, kind) for name, kind in fixed.items()}
    extra = [str(column) for column in frame.columns if column not in fixed]
    return pa.table(columns | {name: _plain(frame[name]) for name in extra})


def _typed(frame: pd.DataFrame, name: str, kind: pa.DataType) -> pa.Array:
    if name not in frame or frame[name].isna().all():
        return pa.nulls(len(frame), kind)
    if kind == _CATEGORY:
        values = _sorted_categories(frame[name])
        # pandas has -1 where a value is missing, arrow a mark of its own.
        codes = values.cat.codes.to_numpy(dtype=np.int32)
        labels = pa.array(values.cat.categories, _TEXT)
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), labels)
    return pa.array(frame[name], type=kind, from_pandas=True)


def _plain(values: pd.Series[Any]) -> pa.Array:
    is_text = isinstance(values.dtype, pd.CategoricalDtype | pd.StringDtype)
    return pa.array(values, type=_TEXT if is_text else None, from_pandas=True)


def _sorted_categories(values: pd.Series[Any]) -> pd.Series[Any]:
    """Text as a categorical of the values that occur, sorted: equal text has equal codes."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return values.astype("category")
    categories = values.cat.categories
    codes = values.cat.codes.to_numpy()
    occurs = np.zeros(len(categories) + 1, dtype=bool)  # the last place is that of code -1
    occurs[codes] = True
    if occurs[:-1].all() and categories.is_monotonic_increasing:
        return values
    kept = categories[occurs[:-1]].sort_values()
    new_codes = np.append(kept.get_indexer(categories), -1)[codes]
    return pd.Series(pd.Categorical.from_codes(new_codes, kept), index=values.index)


def write_table(frame: pd.DataFrame, path: str | Path, table: str) -> None:
    """Write a frame as one of :data:`TABLES`.

    The file appears whole or not at all, and equal frames give equal bytes.
    """
    arrow = arranged(frame, table)
    with whole_file(path) as partial:
        pq.write_table(arrow, partial, compression="zstd", write_page_checksum=True)


def read_table(
    path: str | Path, *, categories: bool = False, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """Read a table written by :func:`write_table`; whole numbers with gaps become ``Int64``.

    Args:
        path: The file.
        categories: Keep text that the file stores by code as categoricals, their categories sorted:
            what tables with millions of rows need. Otherwise all text is plain.
        columns: Columns to read; all by default.

    Raises:
        InputError: The file is damaged.
    """
    table = _undamaged(path, columns)
    coded = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
    if not categories:
        table = table.cast(
            pa.schema([f.with_type(_TEXT) if f.name in coded else f for f in table.schema])
        )
    frame: pd.DataFrame = table.to_pandas()
    for field in table.schema:
        if field.type == _WHOLE and frame[field.name].dtype != "int64":
            frame[field.name] = (
                table[field.name].to_pandas(integer_object_nulls=True).astype("Int64")
            )
        elif pa.types.is_dictionary(field.type):
            frame[field.name] = _sorted_categories(frame[field.name])
    return frame


def _undamaged(path: str | Path, columns: Sequence[str] | None) -> pa.Table:
    try:
        return pq.read_table(
            path, columns=list(columns) if columns else None, page_checksum_verification=True
        )
    except MemoryError:  # also a pa.ArrowException
        raise
    except (pa.ArrowException, OSError) as error:
        # No file, no permission, a failing disk: of the machine, not of what is in the file.
        if isinstance(error, OSError) and (type(error) is not OSError or error.errno is not None):
            raise
        raise damaged(path, "table", str(error)) from None


def empty_table(table: str) -> pd.DataFrame:
    """A table without rows, as :func:`read_table` would give it."""
    plain = {
        name: pa.nulls(0, _TEXT if kind == _CATEGORY else kind)
        for name, kind in TABLES[table].items()
    }
    frame: pd.DataFrame = pa.table(plain).to_pandas()
    return frame
