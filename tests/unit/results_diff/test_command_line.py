"""The command: what it prints, how it ends, and what it says to who named the wrong file."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from seizureflow.command_line import main
from seizureflow.spreadsheet_text import neutralised
from unit.results_diff.tables import edited, frame, write


@pytest.fixture
def before(tmp_path) -> Path:
    folder = write(frame(), tmp_path / "before")
    record = {"success_criterion": {"analysis": "primary", "relative_reduction": 31}}
    (folder / "ard.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


@pytest.fixture
def after(tmp_path) -> Path:
    table = edited("primary", "relative_change", VALUE=-30.0, DATA_SHA256="d2")
    table.loc[table["ANALYSIS"] == "primary", "DATA_SHA256"] = "d2"
    table.loc[table["ANALYSIS"] == "ancova", "SOFTWARE"] = "python 3.11.7; numpy 2.4.7"
    folder = write(table, tmp_path / "after")
    record = {"success_criterion": {"analysis": "primary", "relative_reduction": 31}}
    (folder / "ard.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def diff(*words) -> int:
    return main(["results", "diff", *map(str, words)])


def test_the_same(before, capsys):
    assert diff(before, before) == 0
    assert capsys.readouterr().out.startswith("The results are the same.\n")


def test_the_text(before, after, capsys):
    assert diff(before, after) == 1
    assert capsys.readouterr().out == (
        "The results differ.\n"
        "\n"
        f"before  {before}/ard.parquet (made_up: 2 analyses, 12 rows)\n"
        f"after   {after}/ard.parquet (made_up: 2 analyses, 12 rows)\n"
        "        10 rows are of both\n"
        "\n"
        "The success criterion (1)\n"
        "  primary/relative_change?group=active&reference=dummy: -32 → -30 (+2, +6.25%), which no "
        "longer meets the criterion [data]\n"
        "\n"
        "What the results rest on\n"
        "  data     changed in 1 of 2 analyses: primary\n"
        "  plan     the same\n"
        "  code     the same\n"
        "  software changed in 1 of 2 analyses: ancova\n"
        "           numpy 2.4.6 → 2.4.7\n"
        "  seed     the same\n"
    )


def test_what_nothing_explains_is_said(before, tmp_path, capsys):
    other = write(edited("ancova", "theta", VALUE=1.0), tmp_path / "other")
    assert diff(before, other) == 1
    out = capsys.readouterr().out
    assert "ancova/theta: inf → 1 [nothing traced]" in out
    assert (
        "Results moved although nothing moved that they rest on, which must not happen:\n  ancova\n"
        in out
    )
    assert "criterion a reduction of 31% in primary → not known" in out


def test_many_changes_are_counted(before, tmp_path, capsys):
    rows = list(frame().to_dict("records"))
    rows += [{**rows[0], "STATISTIC": f"s{n:02d}"} for n in range(23)]
    assert diff(before, write(frame(rows), tmp_path / "more")) == 1
    out = capsys.readouterr().out
    assert "Rows added (23)" in out
    assert "and 3 more, which --format csv lists" in out


def test_json(before, after, capsys):
    assert diff(before, after, "--format", "json") == 1
    document = json.loads(capsys.readouterr().out)
    assert document["same"] is False
    assert document["changes"] == [
        {
            "kind": "criterion",
            "analysis": "primary",
            "role": "primary",
            "about": "primary/relative_change?group=active&reference=dummy",
            "subject": "value",
            "before": "-32.0",
            "after": "-30.0",
            "absolute": 2.0,
            "relative": 0.0625,
            "because": "data",
        }
    ]
    assert {(t["analysis"], t["part"]) for t in document["traces"]} == {
        ("primary", "data"),
        ("ancova", "software"),
    }


def test_csv(before, after, capsys):
    assert diff(before, after, "--format", "csv") == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["kind"] for row in rows] == ["criterion", "trace_data", "trace_software"]
    assert (rows[0]["before"], rows[0]["after"]) == ("-32.0", "-30.0")


def test_csv_holds_no_formula(before, tmp_path, capsys):
    other = write(edited("primary", "covariance_structure", TEXT="=1+1"), tmp_path / "other")
    diff(before, other, "--format", "csv")
    [row] = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["after"] == "'=1+1"


def test_options(before, after, tmp_path):
    near = write(edited("primary", "participants", VALUE=30.0000001), tmp_path / "near")
    assert diff(before, near) == 1
    assert diff(before, near, "--tolerance", "1e-6") == 0
    assert diff(before, near, "--only-estimates") == 0
    assert diff(before, after, "--only-estimates") == 1


def test_arms_of_another_study(before, tmp_path, capsys):
    table = frame().replace({"GROUP": {"active": "tablet"}})
    other = write(table, tmp_path / "other")
    assert diff(before, other) == 1
    assert diff(before, other, "--same-arm", "active=tablet") == 0
    assert diff(before, other, "--same-arm", "activ=tablet") == 2
    assert 'Did you mean "active"?' in capsys.readouterr().err


def test_parquet_and_csv_are_the_same(before, tmp_path):
    hard = edited("primary", "covariance_structure", TEXT="=1+1")
    hard.loc[hard["STATISTIC"] == "theta", "TEXT"] = "'quoted"
    hard.loc[hard["STATISTIC"] == "residual", "VALUE"] = 0.1 + 0.2
    parquet = write(hard, tmp_path / "parquet")
    text = write(neutralised(hard), tmp_path / "csv", "ard.csv")
    assert diff(parquet, text) == 0
    assert diff(parquet, text / "ard.csv") == 0


def test_a_seed_is_the_same_in_a_column_with_gaps(before, tmp_path):
    gaps = frame().astype({"SEED": "float64"})
    (tmp_path / "gaps").mkdir()
    gaps.to_parquet(tmp_path / "gaps" / "ard.parquet")
    text = write(gaps, tmp_path / "text", "ard.csv")
    assert diff(before, tmp_path / "gaps", "--format", "csv") == 0
    assert diff(before, text) == 0


def test_columns_that_are_not_compared_are_named(before, tmp_path, capsys):
    other = write(frame().assign(EXTRA=1), tmp_path / "other")
    assert diff(before, other) == 0
    assert "not compared: columns EXTRA" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "There is no such folder or file."),
        (lambda path: path.mkdir(), "The folder has neither ard.parquet nor ard.csv."),
        (
            lambda path: path.write_text("no parquet"),
            "This is not a results table. It cannot be read:",
        ),
        (lambda path: path.write_bytes(b""), "This is not a results table. It cannot be read:"),
        (
            lambda path: pd.DataFrame({"ANALYSIS": ["a"]}).to_parquet(path),
            "This is not a results table. Columns are missing: STUDYID,",
        ),
    ],
)
def test_what_cannot_be_read(before, tmp_path, capsys, make, words):
    make(tmp_path / "bad")
    assert diff(before, tmp_path / "bad") == 2
    said = capsys.readouterr()
    assert f"{tmp_path}/bad\n    {words}" in said.err
    assert "what to do:" in said.err
    assert said.out == ""


def test_a_csv_of_something_else(before, tmp_path, capsys):
    (tmp_path / "bad.csv").write_text("A;B\n1;2\n", encoding="utf-8")
    assert diff(before, tmp_path / "bad.csv") == 2
    (tmp_path / "worse.csv").write_bytes(b"\xff\xfe\x00")
    assert diff(before, tmp_path / "worse.csv") == 2
    text = frame().astype({"VALUE": "str"}).assign(VALUE="much")
    assert diff(before, write(text, tmp_path / "words", "ard.csv")) == 2
    assert "VALUE" in capsys.readouterr().err


def test_a_folder_of_studies_names_them(before, capsys):
    assert diff(before, before.parent) == 2
    assert f"Name one of {before}." in capsys.readouterr().err


def test_both_problems_at_once(tmp_path, capsys):
    assert diff(tmp_path / "a", tmp_path / "b") == 2
    assert "2 problems were found." in capsys.readouterr().err


def test_a_criterion_that_cannot_be_read(before, capsys):
    (before / "ard.json").write_text("[]", encoding="utf-8")
    assert diff(before, before) == 2
    assert "success criterion" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["--tolerance", "-1"],
        ["--tolerance", "nan"],
        ["--tolerance", "much"],
        ["--format", "xml"],
        ["--same-arm", "a"],
    ],
)
def test_wrong_options(before, words, capsys):
    with pytest.raises(SystemExit) as ended:
        diff(before, before, *words)
    assert ended.value.code == 2
    assert words[1] in capsys.readouterr().err


def test_show(before, capsys):
    assert main(["results", "show", str(before), "primary"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[:4] == [
        "primary: mmrm, primary, full",
        "note: One participant was left out.",
        "note: Two visits were used.",
        "participants?group=active                           30            30.0",
    ]
    line = "p_value?group=active&reference=dummy                0.040         0.04          Approximate."
    assert line in out.splitlines()


def test_show_suggests_the_analysis_that_was_meant(before, capsys):
    assert main(["results", "show", str(before), "primry"]) == 2
    assert 'Did you mean "primary"?' in capsys.readouterr().err


def test_as_a_process(before, after):
    """Whatever the locale, and with the status that a shell sees."""
    run = subprocess.run(
        [sys.executable, "-m", "seizureflow.command_line", "results", "diff", before, after],
        capture_output=True,
        env={"PYTHONPATH": str(Path(__file__).parents[3] / "scripts"), "LC_ALL": "C"},
        check=False,
    )
    assert run.returncode == 1, run.stderr
    assert "→" in run.stdout.decode("utf-8")
