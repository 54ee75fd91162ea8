"""Every broken input gives the finding that it must give, on the right row, and no other."""

from pathlib import Path

import pandas as pd
import pytest
from seizureflow.ingestion.study import ingest_study
from seizureflow.protocol import load_protocol

from corpus.cases import CASES
from corpus.good_study import write_good_study

SCHEMAS = Path(__file__).parents[2] / "schemas"
LATEST = pd.Timestamp("2020-12-31")


def broken(case, folder):
    """Write the study with the edit of a case; the number of the line that it changed."""
    study = write_good_study(folder)
    path = study / "data" / f"{case.file}.csv"
    text = path.read_text(encoding="utf-8")
    if case.protocol:
        plan = study / "protocol.yaml"
        old, new = case.protocol
        assert plan.read_text(encoding="utf-8").count(old) == 1
        plan.write_text(plan.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    if case.old:
        assert text.count(case.old) >= 1, case.old
        line = text[: text.index(case.old)].count("\n") + 1
        text = text.replace(case.old, case.new, 1)
    else:
        line = text.count("\n") + 1
        text += case.new
    path.write_text(text, encoding="utf-8", newline="\n")
    return study, line


def test_the_good_study_gives_no_finding(tmp_path):
    protocol = load_protocol(write_good_study(tmp_path), SCHEMAS)
    found = ingest_study(protocol, LATEST)
    assert found.findings == []
    assert set(found.accounting["OUTCOME"]) == {"used"}


@pytest.mark.parametrize("name", CASES)
def test_a_broken_input_gives_its_finding(name, tmp_path):
    case = CASES[name]
    study, line = broken(case, tmp_path)
    found = ingest_study(load_protocol(study, SCHEMAS), LATEST).findings
    assert sorted({(f.severity, f.rule) for f in found}) == sorted(set(case.finds)), found
    main = [f for f in found if (f.severity, f.rule) == case.finds[0]]
    assert all(f.file.endswith(f"{case.file}.csv") for f in main), found
    if case.participant is not None:
        assert {f.participant for f in main} == {case.participant}
    if case.rows is not None:
        expected = str(line) if case.rows == "changed" else case.rows
        assert [f.rows for f in main] == [expected]
    for finding in found:
        assert finding.message
        assert finding.action
        assert len(finding.value) < 1000
        assert finding.value.isprintable()


# what findings on the diary name of the good study's columns
DIARY_COLUMNS = {
    "day entered twice alike": "day",
    "entered before the day": "entered",
    "absurd count": "motor, impaired, status",
    "cluster and single seizures": "cluster",
}


@pytest.mark.parametrize("name", DIARY_COLUMNS)
def test_findings_on_the_diary_name_their_columns(name, tmp_path):
    study, _ = broken(CASES[name], tmp_path)
    found = ingest_study(load_protocol(study, SCHEMAS), LATEST).findings
    assert {f.field for f in found if f.rule == CASES[name].finds[0][1]} == {DIARY_COLUMNS[name]}


def test_there_are_enough_cases():
    assert len(CASES) >= 120
