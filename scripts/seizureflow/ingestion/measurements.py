"""Ingests the results of tests: of the laboratory, or of vital signs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.bounds import bounds_in_words, within
from seizureflow.cell_values import dates, texts
from seizureflow.findings import Finding
from seizureflow.ingestion.ingested import Ingested, ingested
from seizureflow.ingestion.membership import check_known, day_one_of
from seizureflow.measurements.reference_range import RANGE_CATEGORIES, range_indicator
from seizureflow.raw_reading import RawSource, read_raw
from seizureflow.raw_table import RawTable
from seizureflow.study_days import study_day
from seizureflow.suggestions import nearest

Entry = dict[str, Any]

_TEXT = {
    "CATEGORY": "category",
    "TESTCD": "test_code",
    "TEST": "test",
    "UNIT": "unit",
    "VISIT": "visit",
    "TPT": "timepoint",
}
# CDISC: a name of a test is at most 8 characters, which become PARAMCD.
_CODE = r"[A-Z_][A-Z0-9_]{0,7}"


def ingest_measurements(source: RawSource, participants: pd.DataFrame) -> Ingested:
    """Read the results of tests, one row each.

    A result that is no number is reported, and kept as text; a row without any result is left out.

    Args:
        source: The raw file; its domain is ``laboratory`` or ``vital_signs``.
        participants: Table ``participants``.

    Returns:
        The domain's table, sorted by participant, test, time point and time.
    """
    raw = read_raw(source, source.entry["columns"])
    known = check_known(raw, participants)
    frame = pd.DataFrame({"USUBJID": raw.column("participant")})
    for column, ours in _TEXT.items():
        frame[column] = texts(raw, ours)
    frame["VALUE"], frame["VALUETXT"] = _results(raw)
    frame["LOW"], frame["HIGH"] = _limit(raw, "low"), _limit(raw, "high")
    frame["ADT"] = dates(raw, "date", required=True)
    frame["ADY"] = study_day(frame["ADT"], day_one_of(raw, participants))
    # The time of day is not kept, but says which of the results of a day was the last.
    frame["MOMENT"] = raw.column("date")
    _check_codes(raw, frame)
    _check_tests(raw, frame)
    _check_values(raw, frame, source.entry.get("plausible", {}))
    _check_repeats(raw, frame)
    used = known & (frame["VALUE"].notna() | frame["VALUETXT"].notna())
    order = ["USUBJID", "TESTCD", "TPT", "ADT", "MOMENT"]
    table = frame[used].sort_values(order, ignore_index=True, kind="stable")
    account = raw.account(used, reason="no result")
    return ingested({source.domain: table.drop(columns="MOMENT")}, [raw], [account])


def _numbers(raw: RawTable, name: str) -> pd.Series[Any]:
    """A column as numbers, missing where a cell is none."""
    if name in raw.cells and pd.api.types.is_numeric_dtype(raw.cells[name].dtype):
        values = raw.cells[name].astype("float64")
    else:
        values = pd.to_numeric(raw.column(name), errors="coerce").astype("float64")
    return values.where(np.isfinite(values))


def _results(raw: RawTable) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """The results as numbers, and as text where they are none."""
    value = _numbers(raw, "value")
    place = "text" if "text" in raw.cells else "value"
    written = texts(raw, place)
    if place == "text":
        written = written.fillna(raw.column("value").replace("", pd.NA))
    kept = written.where(value.isna())
    raw.report(
        "warning",
        "result_not_a_number",
        place,
        kept.notna(),
        "The result is not a number; it is kept as text, and enters no calculation.",
        "Correct it where it should be one; keep: in protocol.yaml can leave out tests whose "
        "results are words.",
    )
    return value, kept


def _limit(raw: RawTable, name: str) -> pd.Series[Any]:
    """A limit of the reference range."""
    value = _numbers(raw, name)
    raw.report(
        "warning",
        "limit_not_a_number",
        name,
        value.isna() & ~raw.is_empty(name),
        "The limit of the reference range is not a number; it is taken as not known.",
        "Give the number alone.",
    )
    return value


def _check_codes(raw: RawTable, frame: pd.DataFrame) -> None:
    empty = frame["TESTCD"].isna()
    raw.refuse("empty", "test_code", empty, "The cell is empty.", "Fill in the test.")
    raw.refuse(
        "test_code",
        "test_code",
        ~empty & ~frame["TESTCD"].fillna("").str.fullmatch(_CODE),
        "A test code is at most 8 capital letters, digits and underscores, no digit first.",
        "Say what it stands for in values.test_code of the protocol.",
    )


def _check_tests(raw: RawTable, frame: pd.DataFrame) -> None:
    """What all results of a test must have in common: unit, name, category."""
    numeric = frame["VALUE"].notna()
    raw.refuse(
        "unit_differs",
        "unit",
        _unlike_most(frame, "UNIT", numeric),
        "The unit is not that of most results of the test, with which the result cannot be put "
        "together.",
        "Give all results of a test in one unit, as standard results of SDTM are. Where it is the "
        "same unit, say so in values.unit of the protocol.",
    )
    for column, ours in (("TEST", "test"), ("CATEGORY", "category")):
        raw.report(
            "warning",
            "test_differs",
            ours,
            _unlike_most(frame, column, pd.Series(True, index=frame.index)),
            f"Most results of the test have another {'name' if ours == 'test' else ours}; all with "
            "one code are taken as one test.",
            "Check that they are; otherwise keep: or values.test_code of the protocol tells them "
            "apart.",
        )


def _unlike_most(frame: pd.DataFrame, column: str, among: pd.Series[Any]) -> pd.Series[Any]:
    """Whether a row's value is not the most frequent one of its test, among some rows."""
    values = frame[column].fillna("")
    counted = (
        pd.DataFrame({"TESTCD": frame["TESTCD"], "VALUE": values})[among]
        .value_counts()
        .reset_index()
        .sort_values(["count", "VALUE"], ascending=[False, True], kind="stable")
        .drop_duplicates("TESTCD")
        .set_index("TESTCD")["VALUE"]
    )
    usual = frame["TESTCD"].map(counted)
    return among & usual.notna() & (values != usual)


def _check_values(raw: RawTable, frame: pd.DataFrame, plausible: Entry) -> None:
    raw.refuse(
        "range_order",
        "low",
        frame["LOW"] > frame["HIGH"],
        "The lower limit of the reference range is above the upper.",
        "Correct the limits.",
    )
    given = raw.column("indicator").str.upper()
    ours = range_indicator(frame["VALUE"], frame["LOW"], frame["HIGH"])
    raw.report(
        "warning",
        "range_indicator_differs",
        "indicator",
        ours.notna() & given.isin(RANGE_CATEGORIES) & (given != ours),
        "The file's own word for the result is not what result and limits say, as happens where "
        "results or limits were rounded to other units; result and limits are followed.",
        "Check the limits where it matters.",
    )
    codes = sorted(frame["TESTCD"].dropna().unique())
    for code, bounds in plausible.items():
        of_test = frame["TESTCD"] == code
        if not of_test.any():
            raw.findings.append(_no_such_test(raw, code, codes))
        raw.report(
            "warning",
            "implausible_result",
            "value",
            of_test & frame["VALUE"].notna() & ~within(frame["VALUE"], bounds),
            f"The result of {code} is not {bounds_in_words(bounds)}, what the protocol holds for "
            "plausible; it is kept.",
            "Check result and unit.",
        )


def _no_such_test(raw: RawTable, code: str, codes: list[str]) -> Finding:
    return Finding(
        "warning",
        "no_such_test",
        raw.file,
        raw.columns.get("test_code", "test_code"),
        "",
        "",
        code,
        "The protocol says what is plausible for a test that has no result.",
        f"Mend plausible in the protocol. {nearest(code, codes)}".strip(),
    )


def _check_repeats(raw: RawTable, frame: pd.DataFrame) -> None:
    same = frame.duplicated(keep=False)
    raw.report(
        "warning",
        "identical_records",
        "participant",
        same,
        "A participant has records that are the same in every column.",
        "Delete what was entered twice; all are kept until then.",
    )
    moment = ["USUBJID", "TESTCD", "TPT", "VISIT", "MOMENT"]
    several = frame[frame["VALUE"].notna()].duplicated(moment, keep=False)
    raw.report(
        "warning",
        "several_results",
        "test_code",
        several.reindex(frame.index, fill_value=False) & ~same,
        "A test has more than one result of the same time; the last in the file counts as such.",
        "Keep the one that holds, or name the column that tells them apart (timepoint).",
    )
