"""A file of an earlier step that is damaged is named, with what to do, by whoever reads it."""

import json
from shlex import quote

import pandas as pd
import pytest
from seizureflow.damaged_files import read_json, read_to_end
from seizureflow.problems import InputError
from seizureflow.tables import read_table, write_table

WHOLE = {
    "words.json": json.dumps({"title": "A", "alt": "é"}).encode(),
    "figure.svg": b"<svg>" + b"x" * 500 + b"</svg>\n",
    "figure.png": b"\x89PNG\r\n\x1a\n" + b"x" * 500 + b"\x00\x00\x00\x00IEND\xaeB`\x82",
    "report.html": b"<html>" + b"x" * 500 + b"</html>\n",
}
DAMAGES = {
    "empty": lambda content: b"",
    "cut in half": lambda content: content[: len(content) // 2],
    "last bytes cut": lambda content: content[:-4],
    "overwritten": lambda content: b"\xff\x00garbage" * (len(content) // 9 + 1),
    "its end overwritten": lambda content: content[:-9] + b"\0" * 9,
}


def reader(path):
    if path.suffix == ".parquet":
        return read_table
    return read_json if path.suffix == ".json" else read_to_end


def assert_named(path):
    with pytest.raises(InputError) as caught:
        reader(path)(path)
    said = str(caught.value)
    for words in (
        str(path),
        "The file is damaged",
        f"rm {quote(str(path))}",
        "run the same command again",
    ):
        assert words in said
    assert "found: " in said


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "eligibility.parquet"
    frame = pd.DataFrame(
        {"USUBJID": [f"T{i:05d}" for i in range(500)], "CRITERION": "enough", "VALUE": 1.25}
    )
    write_table(frame, path, "eligibility")
    assert len(read_table(path)) == 500
    return path


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_tables(table, damage):
    table.write_bytes(DAMAGES[damage](table.read_bytes()))
    assert_named(table)


def test_every_changed_byte_of_the_data_is_noticed(table):
    """Not of the whole file: the footer has no checksum."""
    content = table.read_bytes()
    first_page = 4 + 40  # the format's mark, and the header of a page
    noticed = 0
    for place in range(first_page, first_page + 200, 5):
        table.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        try:
            read_table(table)
        except InputError:
            noticed += 1
    assert noticed >= 36  # of 40: the headers of later pages may lie there


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", WHOLE)
def test_damaged_files(tmp_path, name, damage):
    path = tmp_path / name
    path.write_bytes(WHOLE[name])
    reader(path)(path)
    path.write_bytes(DAMAGES[damage](WHOLE[name]))
    assert_named(path)


def test_a_table_that_is_not_there_is_not_called_damaged(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_table(tmp_path / "adsl.parquet")
