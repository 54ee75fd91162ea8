"""A study is run blinded, its codes out of reach; once unblinded, with its true arms."""

import re
import xml.etree.ElementTree as ET

import pandas as pd
import pytest
import yaml
from made_once import made_once
from report_page import Page, assert_accessible, assert_numbers_are_results, assert_self_contained

from workflow.conftest import Project, copy_project
from workflow.tiny_study import PROTOCOL, write_tiny_study

pytestmark = pytest.mark.workflow

WORDS = "DUMMY TREATMENT"
TITLE = "{http://purl.org/dc/elements/1.1/}title"
STRATUM = {"id": "HIGHBLFL", "label": "Many seizures", "variable": "BSCOUNT", "at_least": 9}


def plan(**changes):
    """The tiny study's protocol with codes in a file of their own and a stratum from the diary."""
    data = yaml.safe_load(PROTOCOL)
    data.pop("treatment", None)
    data["domains"]["participants"]["columns"].pop("arm", None)
    data["domains"]["treatment_codes"] = {
        "file": "data/codes.csv",
        "columns": {"participant": "who", "arm": "group"},
    }
    data["derived_covariates"] = [STRATUM]
    data["design"]["strata"] = [STRATUM["id"]]
    return yaml.safe_dump(data | changes, sort_keys=False)


def codes_apart(study):
    """Take the codes out of the participants file; give them."""
    path = study / "data" / "people.csv"
    people = pd.read_csv(path, dtype="str")
    people.drop(columns="group").to_csv(path, index=False)
    return people[["who", "group"]]


@pytest.fixture(scope="module")
def blinded(tmp_path_factory):
    """A run without the code file, and the codes."""

    def make(folder):
        project = copy_project(folder / "project")
        study = project.folder / "studies" / "tiny"
        write_tiny_study(study)
        codes_apart(study).to_csv(folder / "codes.csv", index=False)
        (study / "protocol.yaml").write_text(plan(), encoding="utf-8")
        project.edit("config.yaml", "  - progabide\n  - opus\n", "  - tiny\n")
        assert not (study / "data" / "codes.csv").exists()
        run = project.snakemake("--cores", "2")
        assert run.returncode == 0, run.stdout + run.stderr

    folder = made_once(tmp_path_factory, "blinded", make)
    return Project(folder / "project"), pd.read_csv(folder / "codes.csv", dtype="str")


@pytest.fixture(scope="module")
def unblinded(blinded, tmp_path_factory):
    """The same project after unblinding."""
    before, codes = blinded

    def make(folder):
        project = before.copy(folder / "project")
        study = project.folder / "studies" / "tiny"
        codes.to_csv(study / "data" / "codes.csv", index=False)
        (study / "protocol.yaml").write_text(plan(treatment="unblinded"), encoding="utf-8")
        run = project.snakemake("--cores", "2")
        assert run.returncode == 0, run.stdout + run.stderr

    return Project(made_once(tmp_path_factory, "unblinded", make) / "project")


def results(project):
    return project.folder / "results" / "tiny"


def figure_titles(project):
    figures = sorted((results(project) / "figures").glob("*.svg"))
    return [ET.parse(path).find(f".//{TITLE}").text for path in figures]


def page_of(project):
    return Page((results(project) / "report.html").read_text(encoding="utf-8"))


def captions(page):
    return re.findall(r"<caption>(.*?)</caption>", page.text, re.DOTALL)


def treatment(project):
    return pd.read_parquet(results(project) / "canonical" / "treatment.parquet")


def test_every_table_and_figure_of_a_blinded_study_says_so(blinded):
    project, _ = blinded
    page = page_of(project)
    assert_self_contained(page)
    assert_accessible(page)
    assert_numbers_are_results(page, pd.read_parquet(results(project) / "ard.parquet"))
    assert page.visible.startswith(WORDS)
    assert len(captions(page)) > 5
    assert all(WORDS in caption for caption in captions(page))
    assert len(figure_titles(project)) == 4
    assert all(title.startswith(WORDS) for title in figure_titles(project))
    ard = pd.read_csv(results(project) / "ard.csv")
    assert set(ard["TREATMENT"]) == {"dummy"}


def test_the_dummy_assignment_keeps_to_the_strata(blinded):
    project, _ = blinded
    dummy = treatment(project).set_index("USUBJID")["ARMCD"]
    adsl = pd.read_parquet(results(project) / "adam" / "adsl.parquet").set_index("USUBJID")
    assert adsl["TRT01P"].to_dict() == dummy.to_dict()
    assert sorted(dummy.index) == [f"T{number:02d}" for number in range(16)]
    counts = pd.crosstab(adsl["HIGHBLFL"], adsl["TRT01P"])
    assert len(counts) == 2
    assert (counts["dummy"] - counts["tablet"]).abs().max() <= 1


def test_the_codes_change_nothing_while_treatment_is_blinded(blinded, tmp_path):
    project, codes = blinded
    project = project.copy(tmp_path / "project")
    codes.to_csv(project.folder / "studies" / "tiny" / "data" / "codes.csv", index=False)
    assert not project.planned()


def test_no_file_of_a_blinded_run_holds_the_code_file(blinded):
    """No step has it as an input: its name is not in what Snakemake says of the files."""
    project, _ = blinded
    run = project.snakemake("--forceall", "--dry-run", "--printshellcmds")
    assert run.returncode == 0
    assert "people.csv" in run.stdout
    assert "codes.csv" not in run.stdout + run.stderr
    assert "read_treatment" not in run.stdout
    assert "assign_dummy_treatment" in run.stdout


def test_unblinding_gives_the_true_arms(unblinded, blinded):
    _, codes = blinded
    true = dict(codes.itertuples(index=False, name=None))
    assert treatment(unblinded).set_index("USUBJID")["ARMCD"].to_dict() == true
    page = page_of(unblinded)
    assert WORDS not in page.visible
    assert not any(WORDS in title for title in figure_titles(unblinded))
    ard = pd.read_csv(results(unblinded) / "ard.csv")
    assert set(ard["TREATMENT"]) == {"actual"}


def test_the_dummy_arms_are_not_the_true_ones(unblinded, blinded):
    project, _ = blinded
    true, dummy = (treatment(each).set_index("USUBJID")["ARMCD"] for each in (unblinded, project))
    assert 0 < (true == dummy).sum() < len(true)


def test_the_codes_are_needed_once_treatment_is_unblinded(unblinded, tmp_path):
    project = unblinded.copy(tmp_path / "project")
    (project.folder / "studies" / "tiny" / "data" / "codes.csv").unlink()
    run = project.snakemake("--cores", "1")
    assert run.returncode != 0
    assert "codes.csv does not exist" in run.stdout + run.stderr


def test_a_code_that_is_not_known_ends_the_run(unblinded, tmp_path):
    project = unblinded.copy(tmp_path / "project")
    project.edit("studies/tiny/data/codes.csv", "tablet", "tabelt")
    run = project.snakemake("--cores", "1")
    assert run.returncode != 0
    output = run.stdout + run.stderr
    assert "codes.csv, line 3, column group, participant T01" in output
    assert 'Did you mean "tablet"?' in output
