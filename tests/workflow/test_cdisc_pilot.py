"""Files that this project did not make: the CDISC pilot, whose own ADSL and ADAE say what must come out."""

import pandas as pd
import pytest
from cdisc_pilot import ADAM, write_pilot
from made_once import made_once
from report_page import Page, assert_accessible, assert_numbers_are_results, assert_self_contained

pytestmark = pytest.mark.workflow

ARMS = {"Placebo": "placebo", "Xanomeline Low Dose": "low", "Xanomeline High Dose": "high"}


def run(project, events):
    write_pilot(project.folder / "studies", events)
    project.edit("config.yaml", "  - progabide\n  - opus\n", "  - pilot\n")
    finished = project.snakemake("--cores", "2")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return project.folder / "results" / "pilot"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The pilot with all 1,191 records of adverse events."""
    from workflow.conftest import copy_project

    def make(folder):
        run(copy_project(folder / "project"), "pharmaversesdtm")

    return made_once(tmp_path_factory, "pilot", make) / "project" / "results" / "pilot"


@pytest.fixture(scope="module")
def adsl():
    published = pd.read_parquet(ADAM / "adsl.parquet")
    return published.assign(TRT01P=published["TRT01P"].map(ARMS)).set_index("USUBJID")


@pytest.fixture(scope="module")
def adae():
    published = pd.read_parquet(ADAM / "adae.parquet")
    return published.assign(TRT01P=published["TRTA"].map(ARMS))


def test_participants_and_their_treatment_are_the_pilots(results, adsl):
    made = pd.read_parquet(results / "adam" / "adsl.parquet").set_index("USUBJID")
    assert len(made) == 306  # everybody in DM; ADSL of the pilot has no screen failures
    randomised = made[made["RANDFL"] == "Y"]
    assert set(randomised.index) == set(adsl.index)
    ours, theirs = randomised.sort_index(), adsl.sort_index()
    assert ours["TRT01P"].tolist() == theirs["TRT01P"].tolist()
    assert ours["AGE"].tolist() == theirs["AGE"].tolist()
    assert ours["SAFFL"].tolist() == theirs["SAFFL"].tolist()
    assert (ours["TRTSDT"] == pd.to_datetime(theirs["TRTSDT"])).all()
    # The last dose of five participants has no end date in EX; the pilot takes it from elsewhere.
    differs = ours["TRTEDT"] != pd.to_datetime(theirs["TRTEDT"])
    doses = pd.read_parquet(results / "canonical" / "doses.parquet")
    open_ended = (
        doses.sort_values("ADT").groupby("USUBJID").tail(1).set_index("USUBJID")["AENDT"].isna()
    )
    assert set(differs.index[differs]) <= set(open_ended.index[open_ended])
    assert differs.sum() == 5


def test_disposition_counts_are_the_pilots(results, adsl):
    made = pd.read_parquet(results / "adam" / "adsl.parquet")
    made = made[made["RANDFL"] == "Y"]
    # The pilot's ADaM renames what its SDTM calls a protocol deviation.
    ours = made.assign(
        DCDECOD=made["DCSREAS"]
        .fillna("COMPLETED")
        .replace("PROTOCOL DEVIATION", "PROTOCOL VIOLATION")
    )
    for column in ("EOSSTT", "DCDECOD"):
        count = ours.groupby(["TRT01P", column]).size().to_dict()
        assert count == adsl.groupby(["TRT01P", column]).size().to_dict()
    assert (made["EOSSTT"] == "COMPLETED").sum() == 110


def test_adverse_event_counts_are_the_pilots(results, adae):
    ours = pd.read_parquet(results / "adam" / "adae.parquet")
    assert len(ours) == len(adae) == 1191
    emergent, published = ours[ours["TRTEMFL"] == "Y"], adae[adae["TRTEMFL"] == "Y"]
    assert len(emergent) == len(published) == 1126
    assert (
        emergent.groupby("TRT01P").size().to_dict() == published.groupby("TRT01P").size().to_dict()
    )
    for mine, theirs in (
        ("AETERM", "AEDECOD"),
        ("AEBODSYS", "AEBODSYS"),
        ("AESEV", "AESEV"),
        ("AESER", "AESER"),
    ):
        people = emergent.groupby(["TRT01P", mine])["USUBJID"].nunique().to_dict()
        assert people == published.groupby(["TRT01P", theirs])["USUBJID"].nunique().to_dict(), mine
    assert emergent["AETERM"].nunique() > 200
    imputed = ours[ours["ASTDTF"] == "D"].groupby("USUBJID").size().to_dict()
    assert imputed == adae[adae["ASTDTF"] == "D"].groupby("USUBJID").size().to_dict()


def test_the_results_hold_these_counts(results, adae):
    ard = pd.read_parquet(results / "ard.parquet")
    published = adae[adae["TRTEMFL"] == "Y"].groupby("TRT01P")["USUBJID"].nunique()
    of_any = (ard["STATISTIC"] == "participants_with_event") & (ard["VARIABLE"] == "any")
    found = ard[(ard["ANALYSIS"] == "events") & of_any].set_index("GROUP")["VALUE"]
    assert found.to_dict() == published.astype(float).to_dict()


def test_laboratory_and_vital_signs_are_derived_described_and_exported(results):
    """What is in them is compared with the pilot's own in tests/validation."""
    for name, rows, parameters in (("adlb", 32740, 18), ("advs", 29635, 6)):
        made = pd.read_parquet(results / "adam" / f"{name}.parquet")
        assert len(made) == rows
        assert made["PARAMCD"].nunique() == parameters
        assert (results / "adam" / "export" / f"{name}.xpt").is_file()
    ard = pd.read_parquet(results / "ard.parquet")
    for method in ("laboratory_shift", "measurement_summary", "hys_law", "marked_abnormalities"):
        assert (ard["METHOD"] == method).any(), method


def test_the_report_of_a_study_without_seizures_is_sound(results):
    page = Page((results / "report.html").read_text(encoding="utf-8"))
    assert_self_contained(page)
    assert_accessible(page)
    assert_numbers_are_results(page, pd.read_parquet(results / "ard.parquet"))


def test_the_smaller_collection_of_events_has_the_same_participants(project, adae):
    """961 records are left of 1,191; no participant with an event is lost."""
    results = run(project, "cdiscpilotsdtm")
    ours = pd.read_parquet(results / "adam" / "adae.parquet")
    assert len(ours) == 961
    emergent, published = ours[ours["TRTEMFL"] == "Y"], adae[adae["TRTEMFL"] == "Y"]
    people = emergent.groupby(["TRT01P", "AETERM"])["USUBJID"].nunique().to_dict()
    assert people == published.groupby(["TRT01P", "AEDECOD"])["USUBJID"].nunique().to_dict()
