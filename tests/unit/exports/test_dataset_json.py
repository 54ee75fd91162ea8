import datetime as dt
import json
import tempfile
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from seizureflow.exports import dataset_json
from seizureflow.exports.columns import Column
from seizureflow.exports.dataset_json import write_dataset_json
from seizureflow.problems import InputError
from unit.exports.frames import VARIABLES, frame, load, rows

CREATED = dt.datetime(2021, 3, 4)
SCHEMA = Draft202012Validator(load(Path(__file__).with_name("dataset_json_1_1.schema.json")))
ROWS = [
    ("A-1", "Übelkeit", 3, 0.1, dt.date(2020, 2, 29)),
    ("A-2", "", None, None, None),
    ("B-1", None, -1, 1e-320, dt.date(1959, 12, 31)),
]


def write(path, values=ROWS, **options):
    write_dataset_json(
        frame(values),
        path,
        "ADAE",
        "Adverse Events",
        VARIABLES,
        study="opus",
        created=CREATED,
        keys=["USUBJID", "ADT"],
        **options,
    )
    return path


def as_json(values):
    return [[*row[:4], row[4] and row[4].isoformat()] for row in values]


def test_the_file_is_that_of_the_standard(tmp_path):
    """Attributes in the order of the specification, which streaming readers rely on."""
    data = load(write(tmp_path / "adae.json"))
    SCHEMA.validate(data)
    columns = data.pop("columns")
    assert data == {
        "datasetJSONCreationDateTime": "2021-03-04T00:00:00",
        "datasetJSONVersion": "1.1.0",
        "fileOID": "opus.ADAE",
        "originator": "seizureflow",
        "sourceSystem": {"name": "seizureflow", "version": "0.1.0"},
        "studyOID": "opus",
        "metaDataVersionOID": "MDV.opus",
        "itemGroupOID": "IG.ADAE",
        "records": 3,
        "name": "ADAE",
        "label": "Adverse Events",
        "rows": as_json(ROWS),
    }
    assert list(data) == [name for name in SCHEMA.schema["properties"] if name in data]
    assert columns[0] == {
        "itemOID": "IT.ADAE.USUBJID",
        "name": "USUBJID",
        "label": "Unique Subject Identifier",
        "dataType": "string",
        "length": 3,
        "keySequence": 1,
    }
    assert [column["dataType"] for column in columns] == [
        "string",
        "string",
        "integer",
        "float",
        "date",
    ]
    # The specification's example of a date in ADaM: text in JSON, a number in SAS.
    assert columns[4] == {
        "itemOID": "IT.ADAE.ADT",
        "name": "ADT",
        "label": "Analysis Date",
        "dataType": "date",
        "targetDataType": "integer",
        "displayFormat": "DATE9.",
        "keySequence": 2,
    }


def test_the_schema_refuses_what_the_standard_does(tmp_path):
    data = load(write(tmp_path / "x.json"))
    for change in (
        {"datasetJSONVersion": "1.0.0"},
        {"records": -1},
        {"rows": [[{}]]},
        {"datasetJSONCreationDateTime": "2021-03-04"},
        {"creationDateTime": "2021-03-04T00:00:00"},
        {"columns": [{"itemOID": "IT", "name": "A", "label": "", "dataType": "text"}]},
    ):
        assert not SCHEMA.is_valid(data | change), change


# Any text and any double, those that SAS cannot keep too.
any_rows = rows(
    numbers=st.floats(allow_nan=False, allow_infinity=False),
    texts=st.text(st.characters(blacklist_categories=["Cs"]), max_size=20),
)


@given(any_rows)
def test_any_dataset_reads_back_exactly(values):
    with tempfile.TemporaryDirectory() as folder:
        data = load(write(Path(folder) / "x.json", values))
        SCHEMA.validate(data)
        assert data["rows"] == as_json(values)
        assert data["records"] == len(values)


@given(any_rows)
def test_lines_of_json_hold_the_same(values):
    with tempfile.TemporaryDirectory() as folder:
        whole = load(write(Path(folder) / "x.json", values))
        path = write(Path(folder) / "x.ndjson", values, ndjson=True)
        head, *lines = path.read_bytes().decode().removesuffix("\n").split("\n")
        assert json.loads(head) | {"rows": [json.loads(line) for line in lines]} == whole


def test_equal_input_gives_equal_bytes_and_no_partial_file(tmp_path):
    one, two = write(tmp_path / "one.json"), write(tmp_path / "two.json")
    assert one.read_bytes() == two.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.json", "two.json"]


def test_text_longer_than_its_length_is_refused(tmp_path):
    with pytest.raises(InputError, match="longer than 1 characters") as raised:
        write_dataset_json(
            pd.DataFrame({"USUBJID": ["P1"], "SEX": ["MALE"]}),
            tmp_path / "x.json",
            "DM",
            "Demographics",
            [Column("USUBJID", "", "text"), Column("SEX", "Sex", "text", 1)],
            study="s",
            created=CREATED,
            keys=[],
        )
    assert "variable SEX, row 1 (participant P1)" in str(raised.value)
    assert not list(tmp_path.iterdir())


def test_the_system_has_the_version_of_the_project():
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    assert (project["name"], project["version"]) == (
        dataset_json.ORIGINATOR,
        dataset_json.SYSTEM_VERSION,
    )
