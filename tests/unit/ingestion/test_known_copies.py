from pathlib import Path

import pandas as pd
import pytest
import yaml
from seizureflow.ingestion.known_copies import copy_findings, identify_copy, read_known_copies
from seizureflow.plans import check_known_copies
from seizureflow.problems import InputError
from seizureflow.protocol import Protocol

SCHEMAS = Path(__file__).parents[3] / "schemas"
STUDY = Path(__file__).parents[3] / "studies" / "progabide"
COUNTS = STUDY / "data" / "counts.csv"
KNOWN = yaml.safe_load((STUDY / "known_copies.yaml").read_text(encoding="utf-8"))

# Cells in which the copies differ from the right one: R package MASS up to 7.3-64 (data set epil) and
# geepack (data set seizure), by participant. The fingerprints in known_copies.yaml were computed from
# those packages; that these cells reproduce them shows that nothing else differs.
MASS = {("126", "weeks_5_6"): "21"}
GEEPACK = {
    ("145", "weeks_7_8"): "5",
    ("147", "weeks_7_8"): "4",
    ("209", "baseline_8_weeks"): "42",
    ("108", "age"): "20",
    ("117", "age"): "57",
    ("137", "age"): "43",
}


def table(cells: dict[tuple[str, str], str]) -> pd.DataFrame:
    frame = pd.read_csv(COUNTS, dtype="str").set_index("id")
    for (participant, column), value in cells.items():
        frame.loc[participant, column] = value
    return frame.reset_index()


@pytest.mark.parametrize(
    ("cells", "name", "correct"),
    [({}, "HSAUR3", True), (MASS, "MASS up to 7.3-64", False), (GEEPACK, "geepack", False)],
)
def test_each_copy_in_circulation_is_recognised(cells, name, correct):
    copy = identify_copy(table(cells), KNOWN)
    assert copy is not None
    assert name in copy.name
    assert copy.correct is correct


def test_the_shipped_table_is_the_correct_copy():
    (finding,) = copy_findings(str(COUNTS), KNOWN)
    assert (finding.severity, finding.rule) == ("note", "known_copy")


@pytest.mark.parametrize(("cells", "says"), [(MASS, "126"), (GEEPACK, "geepack")])
def test_a_wrong_copy_is_an_error_that_names_the_copy(tmp_path, cells, says):
    table(cells).to_csv(tmp_path / "counts.csv", index=False)
    (finding,) = copy_findings(str(tmp_path / "counts.csv"), KNOWN)
    assert finding.severity == "error"
    assert says in finding.message
    assert "HSAUR3" in finding.action


def test_an_unknown_table_is_a_warning(tmp_path):
    table({("104", "age"): "99"}).to_csv(tmp_path / "counts.csv", index=False)
    (finding,) = copy_findings(str(tmp_path / "counts.csv"), KNOWN)
    assert (finding.severity, finding.rule) == ("warning", "unknown_copy")


def test_order_and_labels_of_the_rows_do_not_matter():
    shuffled = table(MASS).sample(frac=1, random_state=1).assign(id=range(59))
    copy = identify_copy(shuffled, KNOWN)
    assert copy is not None
    assert "MASS" in copy.name


def test_there_is_one_correct_copy():
    assert sum(copy.correct for copy in read_known_copies(KNOWN)[1]) == 1


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b'arm,age\n"x', b"arm,age\n1,2\n"])
def test_a_file_that_is_no_such_table_is_left_to_the_readers(tmp_path, content):
    (tmp_path / "counts.csv").write_bytes(content)
    assert copy_findings(str(tmp_path / "counts.csv"), KNOWN) == []


def test_a_copy_is_recognised_in_every_format(tmp_path):
    table(MASS).astype({"age": "int64"}).to_parquet(tmp_path / "counts.parquet")
    (finding,) = copy_findings(str(tmp_path / "counts.parquet"), KNOWN)
    assert finding.rule == "wrong_copy"


@pytest.mark.parametrize(
    "copies",
    [
        "columns: [a]\n",
        "columns: [a]\ncopies: x\n",
        f"columns: [a]\ncopies: [{{name: A, sha256: {'0' * 64}, correct: false}}]\n",
        f"columns: [a]\ncopies: [{{name: A, sha256: {'0' * 64}, correct: true, why: x}}]\n",
        "",
    ],
)
def test_a_broken_list_of_copies_is_refused_before_a_run(tmp_path, copies):
    (tmp_path / "copies.yaml").write_text(copies, encoding="utf-8")
    protocol = Protocol(tmp_path, {"provenance": {"known_copies": "copies.yaml"}})
    with pytest.raises(InputError, match=r"copies\.yaml"):
        check_known_copies(protocol, SCHEMAS)


def test_the_shipped_list_of_copies_is_fine():
    check_known_copies(
        Protocol(STUDY, {"provenance": {"known_copies": "known_copies.yaml"}}), SCHEMAS
    )
