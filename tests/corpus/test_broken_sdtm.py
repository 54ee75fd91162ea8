"""Broken SDTM datasets give their findings: in the diary, in supplemental qualifiers, in the folder."""

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from seizureflow.ingestion.study import ingest_study
from seizureflow.problems import InputError
from seizureflow.protocol import load_protocol
from seizureflow.sdtm_export.study import export_study

from corpus.good_study import on, write_good_study

SCHEMAS = Path(__file__).parents[2] / "schemas"
LATEST = pd.Timestamp("2020-12-31")


@dataclass
class Dataset:
    """A Dataset-JSON file whose rows a test may change."""

    path: Path

    def __post_init__(self):
        self.content = json.loads(self.path.read_text(encoding="utf-8"))
        self.names = [column["name"] for column in self.content["columns"]]
        self.rows = self.content["rows"]

    def set(self, row: int, name: str, value) -> None:
        self.rows[row][self.names.index(name)] = value

    def get(self, row: int, name: str):
        return self.rows[row][self.names.index(name)]

    def write(self) -> None:
        self.content["records"] = len(self.rows)
        self.path.write_text(json.dumps(self.content), encoding="utf-8")


def copy_row(dataset: Dataset, **changes) -> None:
    dataset.rows.append(list(dataset.rows[0]))
    for name, value in changes.items():
        dataset.set(-1, name, value)


@pytest.fixture
def study(tmp_path):
    """The good study as Dataset-JSON."""
    source = write_good_study(tmp_path / "source")
    target = tmp_path / "sdtm" / "good"
    export_study(load_protocol(source, SCHEMAS), target, "dataset-json")
    return target


CASES = {
    "qualifier of no record": ("suppce", lambda d: copy_row(d, IDVARVAL="999"), {("error", "orphan_supplement")}),
    "qualifier of a stranger": ("suppdm", lambda d: copy_row(d, USUBJID="P9"), {("error", "orphan_supplement")}),
    "qualifier by an unknown variable": ("suppce", lambda d: copy_row(d, IDVAR="CESEQQ"), {("error", "orphan_supplement")}),
    "qualifier twice": ("suppdm", copy_row, {("error", "duplicate_supplement")}),
    "qualifier named like a variable": ("suppdm", lambda d: copy_row(d, QNAM="AGE"), {("error", "supplement_clash")}),
    "seizure of an unknown type": ("ce", lambda d: d.set(0, "CEDECOD", "BLACKOUT"), {("error", "unknown_seizure_type")}),
    "seizure of an ambiguous type": ("ce", lambda d: d.set(0, "CEDECOD", "CONVULSION"), {("error", "unknown_seizure_type")}),
    "seizure without a day": ("ce", lambda d: d.set(0, "CESTDTC", ""), {("error", "empty")}),
    "seizure in a month": ("ce", lambda d: d.set(0, "CESTDTC", "2020-03"), {("error", "date")}),
    "seizure on a day that FA lacks": ("ce", lambda d: d.set(0, "CESTDTC", on("P1", 60)), {("warning", "seizure_without_day")}),
    "seizure of a stranger": ("ce", lambda d: copy_row(d, USUBJID="P9"), {("error", "unknown_participant")}),
    "count of many seizures": ("suppce", lambda d: copy_row(d, IDVARVAL="2", QNAM="CENUM", QVAL="500"), {("error", "absurd_count")}),
    "count in words": ("suppce", lambda d: copy_row(d, IDVARVAL="2", QNAM="CENUM", QVAL="many"), {("error", "number")}),
    "cluster neither yes nor no": ("suppce", lambda d: d.set(0, "QVAL", "PERHAPS"), {("error", "unknown_value")}),
    "day neither recorded nor missing": ("fa", lambda d: d.set(0, "FASTRESC", "U"), {("error", "unknown_value")}),
    "day twice": ("fa", copy_row, {("error", "duplicate_day")}),
    "day of another test": ("fa", lambda d: d.set(5, "FATESTCD", "DIARYRCE"), {("note", "gap_in_diary"), ("warning", "low_compliance"), ("warning", "seizure_without_day")}),
    "unknown arm": ("dm", lambda d: d.set(0, "ARMCD", "PILL"), {("error", "unknown_treatment_code")}),
    "participant twice": ("dm", copy_row, {("error", "duplicate_participant"), ("error", "orphan_supplement")}),
    "two ends of study": ("ds", lambda d: copy_row(d, DSDECOD="COMPLETED", DSTERM="COMPLETED", DSCAT="DISPOSITION EVENT"), {("error", "duplicate_disposition")}),
    "randomised before screening": ("dm", lambda d: d.set(0, "RFICDTC", on("P1", 3)), {("error", "randomised_before_screening"), ("warning", "before_screening")}),
    "not JSON": ("ae", None, {("error", "unreadable_file")}),
}  # fmt: skip


def test_the_good_study_as_sdtm_gives_no_finding(study):
    found = ingest_study(load_protocol(study, SCHEMAS), LATEST)
    assert found.findings == []


@pytest.mark.parametrize("name", CASES)
def test_broken_sdtm_gives_its_finding(name, study):
    dataset, change, expected = CASES[name]
    path = study / "data" / "sdtm" / f"{dataset}.json"
    if change is None:
        path.write_text("{", encoding="utf-8")
    else:
        broken = Dataset(path)
        change(broken)
        broken.write()
    found = ingest_study(load_protocol(study, SCHEMAS), LATEST).findings
    assert {(f.severity, f.rule) for f in found} == expected, found
    assert all(f.message and f.action for f in found)


def test_a_dataset_that_is_missing_is_named(study):
    (study / "data" / "sdtm" / "ex.json").unlink()
    with pytest.raises(InputError, match="The dataset EX is missing"):
        load_protocol(study, SCHEMAS)


def test_a_dataset_that_is_there_twice_is_named(study):
    (study / "data" / "sdtm" / "EX.csv").write_text("USUBJID\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"The dataset EX is there more than once"):
        load_protocol(study, SCHEMAS)


def test_a_blinded_study_is_not_exported(tmp_path):
    """SDTM holds arms and doses: a study that is blinded must not be written as such."""
    source = write_good_study(tmp_path / "source")
    plan = source / "protocol.yaml"
    text = plan.read_text(encoding="utf-8").replace("treatment: unblinded\n", "")
    plan.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="The study is blinded"):
        export_study(load_protocol(source, SCHEMAS), tmp_path / "good", "xpt")
    assert not (tmp_path / "good").exists()


def test_a_misspelt_visit_is_found_by_its_name_in_the_file(study):
    dataset = Dataset(study / "data" / "sdtm" / "sv.json")
    row = next(i for i in range(len(dataset.rows)) if dataset.get(i, "VISIT") == "WEEK 2")
    dataset.set(row, "VISIT", "WEEK 2A")
    dataset.write()
    found = ingest_study(load_protocol(study, SCHEMAS), LATEST).findings
    assert [(f.severity, f.rule) for f in found] == [("warning", "misspelt_visit")]
    assert 'Did you mean "WEEK 2"?' in found[0].action
