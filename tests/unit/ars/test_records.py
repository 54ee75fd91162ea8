"""The results table as JSON: nothing of it is lost, and it is JSON that every reader takes."""

import json
import math

import pandas as pd
import pytest
from seizureflow.ars.json_text import json_text
from seizureflow.ars.records import ANALYSIS_COLUMNS, ROW_COLUMNS, as_records
from seizureflow.tables import TABLES, arranged
from unit.ars.made_up import plan, results


@pytest.fixture(scope="module")
def document() -> dict:
    text = json_text(as_records(plan(), results()), ("analyses", "results"))

    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def test_every_column_is_described_and_in_every_record(document):
    assert set(document["columns"]) == set(TABLES["results"])
    assert all(set(record) == set(ANALYSIS_COLUMNS) for record in document["analyses"])
    assert all(set(record) == set(ROW_COLUMNS) for record in document["results"])


def test_the_table_can_be_put_together_again(document):
    rows = pd.DataFrame(document["results"])
    infinite = rows["TEXT"].isin(["inf", "-inf"])
    rows["VALUE"] = rows["VALUE"].where(~infinite, rows["TEXT"].where(infinite).astype(float))
    rows["TEXT"] = rows["TEXT"].where(~infinite)
    again = rows.merge(pd.DataFrame(document["analyses"]), on="ANALYSIS", how="left")
    expected = results()
    pd.testing.assert_frame_equal(arranged(again, "results").to_pandas(), expected)
    assert (expected["VALUE"] == math.inf).any()  # the hard case is among them


def test_missing_and_infinite_numbers(document):
    by_label = {(r["ANALYSIS"], r["STATISTIC"]): r for r in document["results"]}
    assert by_label["ancova", "difference"]["VALUE"] is None
    assert by_label["ancova", "difference"]["TEXT"] is None
    assert by_label["ancova", "relative_change"]["VALUE"] is None
    assert by_label["ancova", "relative_change"]["TEXT"] == "inf"
    assert by_label["primary", "lsmean"]["VALUE"] == -0.123456


def test_the_criterion_goes_with_it(document):
    assert document["success_criterion"]["relative_reduction"] == 31


def test_each_row_stands_on_a_line():
    text = json_text(as_records(plan(), results()), ("analyses", "results"))
    assert sum(line.startswith('    {"ANALYSIS"') for line in text.splitlines()) == len(
        results()
    ) + len(plan()["analyses"])


def test_rows_of_an_analysis_that_rest_on_different_things_are_refused():
    table = results()
    table.loc[0, "DATA_SHA256"] = "e" * 64
    with pytest.raises(ValueError, match="primary"):
        as_records(plan(), table)


def test_a_number_that_json_has_no_word_for_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"a": math.nan})


def test_an_empty_list_has_no_lines():
    assert json.loads(json_text({"a": [], "b": {}}, ("a",))) == {"a": [], "b": {}}
