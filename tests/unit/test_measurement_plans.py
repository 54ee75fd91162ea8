"""What a plan must say of laboratory and vital signs, and of the analyses that read them."""

from pathlib import Path

import pytest
from seizureflow.plans import needed_datasets
from seizureflow.problems import InputError
from seizureflow.protocol import load_protocol
from seizureflow.sdtm import with_sdtm_defaults
from unit.good_protocol import write_study

SCHEMAS = Path(__file__).parents[2] / "schemas"
FULL = "participant: id, date: day, visit: visit, test_code: code, value: result"


def domain(name="laboratory", columns=FULL, more=""):
    entry = f"  {name}:\n    file: data/visits.csv\n    columns: {{{columns}}}\n{more}"
    return ("  disposition:\n    file", f"{entry}  disposition:\n    file")


def analysis(method, options="", identifier="added"):
    entry = f"  - {{id: {identifier}, label: A, role: safety, population: full, method: {method}"
    entry += f", options: {{{options}}}}}\n" if options else "}\n"
    return ("analyses:\n", f"analyses:\n{entry}")


def problems(folder, *edits):
    try:
        load_protocol(write_study(folder, *edits), SCHEMAS)
    except InputError as error:
        return [str(problem) for problem in error.problems]
    return []


def test_a_plan_with_both_domains_has_no_problem(tmp_path):
    edits = [
        ("  visits:\n    file", domain("vital_signs")[1].replace("disposition", "visits")),
        domain(more="    plausible: {ALT: {at_most: 5000}}\n    days_after_last_dose: 14\n"),
        analysis("hys_law"),
    ]
    study = write_study(tmp_path, *edits)
    protocol = load_protocol(study, SCHEMAS)
    assert protocol.domain("vital_signs")["days_after_last_dose"] == 30
    assert protocol.domain("laboratory")["visit_assignment"] == "recorded"
    assert needed_datasets(protocol, "added") == ("adsl", "adlb")


@pytest.mark.parametrize(("chosen", "dataset"), [("", "adlb"), ("domain: vital_signs, ", "advs")])
def test_a_method_for_either_domain_reads_the_dataset_of_the_one_named(tmp_path, chosen, dataset):
    name = "laboratory" if dataset == "adlb" else "vital_signs"
    edits = [domain(name), analysis("measurement_summary", f"{chosen}tests: [ALT]")]
    protocol = load_protocol(write_study(tmp_path, *edits), SCHEMAS)
    assert needed_datasets(protocol, "added") == ("adsl", dataset)


@pytest.mark.parametrize(
    ("method", "options", "lacking"),
    [
        ("hys_law", "", "laboratory"),
        ("laboratory_shift", "", "laboratory"),
        ("measurement_summary", "tests: [ALT]", "laboratory"),
        ("measurement_summary", "tests: [ALT], domain: vital_signs", "vital_signs"),
        (
            "marked_abnormalities",
            "criteria: [{label: L, test: ALT, value: {at_least: 1}}]",
            "laboratory",
        ),
    ],
)
def test_a_dataset_that_the_study_lacks_is_refused(tmp_path, method, options, lacking):
    (problem,) = problems(tmp_path, analysis(method, options))
    assert f"The method {method} needs the domain {lacking}, which the study lacks." in problem
    assert f"Add domains.{lacking}, or delete the analysis." in problem
    assert "protocol.yaml, line" in problem


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ([domain(columns=FULL.replace(", value: result", ""))], 'The key "value" is missing.'),
        (
            [domain(columns=FULL.replace("visit: visit, ", ""))],
            "Nothing says which visit a result belongs to.",
        ),
        ([domain(more="    visit_assignment: guess\n")], "guess"),
        ([domain(more="    plausible: {ALT: {}}\n")], "plausible"),
        ([domain(), analysis("measurement_summary")], "tests"),
        ([domain(), analysis("hys_law", "within_day: 3")], 'Did you mean "within_days"?'),
        ([domain(), analysis("hys_law", "within_days: -1")], "-1"),
        (
            [domain(), analysis("marked_abnormalities", "criteria: [{label: L, test: ALT}]")],
            "criteria",
        ),
        (
            [domain(), analysis("measurement_summary", "tests: [ALT], domain: urine")],
            "urine",
        ),
    ],
)
def test_what_is_wrong_is_said(tmp_path, edits, words):
    (problem,) = problems(tmp_path, *edits)
    assert words in problem


def test_results_without_a_visit_can_be_assigned_by_day(tmp_path):
    columns = FULL.replace("visit: visit, ", "")
    assert (
        problems(tmp_path, domain(columns=columns, more="    visit_assignment: nearest_day\n"))
        == []
    )


@pytest.mark.parametrize(("name", "dataset"), [("laboratory", "LB"), ("vital_signs", "VS")])
def test_sdtm_gives_the_results_in_standard_units(tmp_path, name, dataset):
    for file in ("dm.xpt", f"{dataset.lower()}.xpt"):
        (tmp_path / file).touch()
    data = {
        "source": {"standard": "sdtm", "folder": "."},
        "domains": {
            "participants": {"columns": {}, "not_randomised": []},
            name: {"columns": {"test": "MYTEST"}},
        },
    }
    found, missing = with_sdtm_defaults(data, tmp_path)
    entry = found["domains"][name]
    assert missing == []
    assert entry["file"] == f"{dataset.lower()}.xpt"
    assert entry["columns"]["value"] == f"{dataset}STRESN"
    assert entry["columns"]["unit"] == f"{dataset}STRESU"
    assert (entry["columns"]["low"], entry["columns"]["high"]) == (
        f"{dataset}STNRLO",
        f"{dataset}STNRHI",
    )
    assert entry["columns"]["test"] == "MYTEST"
    assert entry["alternatives"]["text"] == [f"{dataset}ORRES"]
    assert "value" not in entry["optional"]
    assert {"low", "high", "text", "timepoint", "visit"} <= set(entry["optional"])
