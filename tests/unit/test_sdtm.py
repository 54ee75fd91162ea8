"""What is filled in of a protocol whose raw files are SDTM datasets, and what is missing of them."""

import copy

import pytest
from seizureflow.problems import InputError
from seizureflow.protocol import load_protocol
from seizureflow.sdtm import with_sdtm_defaults
from unit.good_protocol import PROTOCOL
from unit.test_protocol_checks import SCHEMAS

DATA = {
    "source": {"standard": "sdtm", "folder": "sdtm"},
    "domains": {"participants": {"columns": {}, "not_randomised": []}},
}


@pytest.fixture
def filled(tmp_path):
    """Domains filled in for a folder with some datasets, and what is wrong with these."""

    def filled(files, participants=None, **domains):
        folder = tmp_path / "sdtm"
        folder.mkdir(exist_ok=True)
        for name in files:
            (folder / name).touch()
        data = copy.deepcopy(DATA)
        data["domains"]["participants"] |= participants or {}
        data["domains"] |= {name: {"columns": {}} | entry for name, entry in domains.items()}
        given = copy.deepcopy(data)
        found, problems = with_sdtm_defaults(data, tmp_path)
        assert data == given  # what was given is left as it is
        return found["domains"], problems

    return filled


def test_participants_have_their_file_columns_and_values(filled):
    domains, problems = filled(["dm.xpt"])
    assert problems == []
    people = domains["participants"]
    assert people["file"] == "sdtm/dm.xpt"
    assert people["columns"] == {
        "participant": "USUBJID", "arm": "ARMCD", "site": "SITEID", "age": "AGE", "sex": "SEX",
        "screened_date": "RFICDTC",
    }  # fmt: skip
    assert people["optional"] == ["age", "arm", "screened_date", "sex", "site"]
    assert "SCRNFAIL" in people["not_randomised"]
    assert not {"supplement", "milestones", "keep"} & set(people)


@pytest.mark.parametrize(
    ("files", "name"),
    [
        (["DM.XPT"], "sdtm/DM.XPT"),
        (["dm.sas7bdat", "ae.xpt"], "sdtm/dm.sas7bdat"),
        (["dm.json"], "sdtm/dm.json"),
        (["dm.ndjson"], "sdtm/dm.ndjson"),
        (["dm.parquet", "dm.pdf", "suppdm2.xpt"], "sdtm/dm.parquet"),
    ],
)
def test_a_dataset_is_found_in_any_format_and_case(filled, files, name):
    domains, problems = filled(files)
    assert problems == []
    assert domains["participants"]["file"] == name


def test_what_the_protocol_says_overrides_what_is_usual(filled):
    domains, problems = filled(
        ["dm.xpt", "ae.xpt", "ds.xpt", "suppae.xpt"],
        participants={"file": "other/dm.csv", "columns": {"site": "SITE"}, "not_randomised": ["x"]},
        adverse_events={"columns": {"term": "AELLT"}, "supplement": "more.csv"},
        disposition={"keep": {"EPOCH": ["TREATMENT"]}},
    )
    assert problems == []
    people = domains["participants"]
    assert people["file"] == "other/dm.csv"
    assert people["columns"]["site"] == "SITE"
    assert people["columns"]["age"] == "AGE"
    assert "site" not in people["optional"]  # a column that the protocol names must be there
    assert people["not_randomised"] == ["x"]
    events = domains["adverse_events"]
    assert events["columns"]["term"] == "AELLT"
    assert "term" not in events["alternatives"]
    assert events["columns"]["body_system"] == "AEBODSYS"
    assert events["alternatives"]["body_system"] == ["AESOC"]
    assert events["supplement"] == "more.csv"
    assert domains["disposition"]["keep"] == {"EPOCH": ["TREATMENT"]}


def test_supplements_and_milestones_are_found(filled):
    domains, problems = filled(["dm.xpt", "suppdm.xpt", "ds.json"])
    assert problems == []
    people = domains["participants"]
    assert people["supplement"] == "sdtm/suppdm.xpt"
    assert people["milestones"] == {
        "file": "sdtm/ds.json",
        "columns": {"participant": "USUBJID", "randomised_date": "DSSTDTC"},
        "keep": {"DSDECOD": ["RANDOMIZED", "RANDOMISED"]},
    }


def test_a_date_of_randomisation_of_the_participants_needs_no_milestones(filled):
    domains, _ = filled(["dm.xpt", "ds.xpt"], participants={"columns": {"randomised_date": "RAND"}})
    assert "milestones" not in domains["participants"]


def test_disposition_holds_the_records_of_that_category(filled):
    domains, _ = filled(["dm.xpt", "ds.xpt"], disposition={})
    assert domains["disposition"]["keep"] == {"DSCAT": ["DISPOSITION EVENT"]}
    assert domains["disposition"]["optional"] == ["reason"]


def test_a_diary_has_events_in_ce_and_recorded_days_in_fa(filled):
    domains, problems = filled(
        ["dm.xpt", "ce.xpt", "fa.xpt", "suppce.xpt"], diary={"layout": "days"}
    )
    assert problems == []
    diary = domains["diary"]
    assert (diary["layout"], diary["file"]) == ("events", "sdtm/ce.xpt")
    assert diary["supplement"] == "sdtm/suppce.xpt"
    assert (diary["columns"]["type"], diary["alternatives"]["type"]) == ("CEDECOD", ["CETERM"])
    assert diary["keep"] == {"CECAT": ["SEIZURE DIARY"]}
    assert diary["optional"] == ["cluster", "count"]
    days = diary["days"]
    assert days["file"] == "sdtm/fa.xpt"
    assert days["keep"] == {"FACAT": ["SEIZURE DIARY"], "FATESTCD": ["DIARYREC"]}
    assert days["columns"]["recorded"] == "FASTRESC"
    assert days["alternatives"]["recorded"] == ["FAORRES"]
    assert days["optional"] == ["entered_date"]  # without a result no day is known as recorded


def test_without_ce_seizures_are_counts_in_fa(filled):
    domains, problems = filled(["dm.xpt", "fa.xpt"], diary={"layout": "days"})
    assert problems == []
    diary = domains["diary"]
    assert diary["file"] == diary["days"]["file"] == "sdtm/fa.xpt"
    assert diary["keep"]["FATESTCD"] == ["SZCOUNT"]
    assert diary["columns"]["type"] == "FAOBJ"
    assert diary["optional"] == []


# files that are there; domains; dataset and words of each problem
WRONG = {
    "missing": ([], {}, [("DM", "is missing")]),
    "another is missing": (["dm.xpt"], {"doses": {}}, [("EX", "is missing")]),
    "all that are missing": ([], {"doses": {}, "visits": {}}, [("DM", "missing"), ("EX", "missing"), ("SV", "missing")]),
    "twice": (["dm.xpt", "dm.json"], {}, [("DM", "more than once")]),
    "in two cases": (["dm.xpt", "DM.XPT"], {}, [("DM", "more than once")]),
    "read for two domains, there twice": (
        ["dm.xpt", "ds.xpt", "ds.json"], {"disposition": {}}, [("DS", "more than once")],
    ),
    "supplement twice": (["dm.xpt", "suppdm.xpt", "suppdm.csv"], {}, [("SUPPDM", "more than once")]),
    "no recorded days": (["dm.xpt", "ce.xpt"], {"diary": {}}, [("FA", "is missing")]),
    "no diary": (["dm.xpt"], {"diary": {}}, [("FA", "is missing")]),
    "a format that is not read": (["dm.xls"], {}, [("DM", "is missing")]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_datasets_that_are_missing_or_there_twice_are_said(filled, name):
    files, domains, expected = WRONG[name]
    _, problems = filled(files, **domains)
    assert len(problems) == len(expected)
    for dataset, words in expected:
        (problem,) = (found for found in problems if f"dataset {dataset} " in found.what)
        assert words in problem.what
        assert problem.where.endswith("sdtm")
        assert problem.action


def test_datasets_that_are_there_twice_are_named(filled):
    _, (problem,) = filled(["dm.xpt", "dm.json"])
    assert problem.found == "dm.json, dm.xpt"


def test_a_folder_that_is_not_there_lacks_every_dataset(tmp_path):
    _, problems = with_sdtm_defaults(copy.deepcopy(DATA), tmp_path)
    assert [problem.what for problem in problems] == ["The dataset DM is missing."]


SDTM = """\
source: {standard: sdtm, folder: sdtm}
domains:
  participants: {}
  visits: {}
  doses: {}
  disposition: {completed_value: COMPLETED}
  diary: {}
"""


def study(tmp_path, files):
    text = (
        PROTOCOL[: PROTOCOL.index("domains:")] + SDTM + PROTOCOL[PROTOCOL.index("\ndiary:\n") + 1 :]
    )
    text = text.replace("strata: [STRUCTFL]", "strata: [MANYFL]")
    folder = tmp_path / "good"
    (folder / "sdtm").mkdir(parents=True)
    (folder / "protocol.yaml").write_text(text, encoding="utf-8")
    for name in files:
        (folder / "sdtm" / name).touch()
    return folder


def test_a_protocol_of_an_sdtm_study_needs_no_files_or_columns(tmp_path):
    names = ("dm.xpt", "sv.xpt", "ex.xpt", "ds.xpt", "ce.xpt", "fa.xpt")
    protocol = load_protocol(study(tmp_path, names), SCHEMAS)
    folder = f"{tmp_path}/good/sdtm"
    assert protocol.raw_files("diary") == {"file": f"{folder}/ce.xpt", "days": f"{folder}/fa.xpt"}
    assert protocol.raw_files("participants") == {
        "file": f"{folder}/dm.xpt",
        "milestones": f"{folder}/ds.xpt",
    }
    assert protocol.codes_domain == "participants"


def test_what_is_missing_is_told_with_the_other_problems(tmp_path):
    folder = study(tmp_path, ("dm.xpt", "sv.xpt", "ex.xpt", "ce.xpt", "fa.xpt"))
    path = folder / "protocol.yaml"
    path.write_text(path.read_text().replace("population: full", "population: fall"))
    with pytest.raises(InputError) as error:
        load_protocol(folder, SCHEMAS)
    assert "The dataset DS is missing" in str(error.value)
    assert 'no analysis set "fall"' in str(error.value)
