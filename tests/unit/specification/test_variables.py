"""What is said of variables and parameters, and that nothing is left out."""

import pytest
from seizureflow.adsl import set_flag
from seizureflow.exports.columns import KINDS
from seizureflow.specification.adsz import adsz_parameters
from seizureflow.specification.adtte import adtte_parameters
from seizureflow.specification.describe import OUTLINES, undescribed, variables_of
from seizureflow.tables import TABLES
from unit.specification.plans import ADEX, ADTTE, STUDIES, adsz, labels, protocol

ARROW_KINDS = {"string": "text", "int64": "integer", "double": "float", "timestamp[ms]": "date"}


def planned_columns(plan) -> list[str]:
    """Columns that the protocol adds to ADSL."""
    covariates = plan["domains"]["participants"]["columns"].get("covariates", {})
    strata = plan["design"]["strata"]
    return [
        *covariates,
        *(entry["id"] for entry in plan["derived_covariates"]),
        *(set_flag(entry["id"]) for entry in plan["analysis_sets"]),
        "DUMMYFL",
        *(["STRATAR"] if strata else []),
        *(f"STRAT{place}{end}" for place in range(1, len(strata) + 1) for end in "RV"),
    ]


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize(
    ("dataset", "columns"),
    [
        ("adsl", [*TABLES["adsl"]]),
        ("adsz", [*TABLES["adsz"], "PARCAT1", "SEIZTYPE"]),
        ("adae", [*TABLES["adae"]]),
        ("adtte", ADTTE),
        ("adex", ADEX),
    ],
)
def test_every_variable_of_the_shipped_studies_is_described(study, dataset, columns):
    plan = protocol(study)
    columns = [*columns, *(planned_columns(plan) if dataset == "adsl" else [])]
    assert undescribed(dataset, columns, plan) == []
    assert undescribed(dataset, ["NEWVAR", *columns], plan) == ["NEWVAR"]


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("dataset", OUTLINES)
@pytest.mark.parametrize("treatment", ["blinded", "unblinded"])
def test_descriptions_are_complete_and_fit(study, dataset, treatment):
    plan = protocol(study, treatment=treatment)
    for name, variable in variables_of(dataset, plan, labels(study)).items():
        assert name == variable.name
        assert 0 < len(variable.label.encode()) <= 40, name
        assert variable.kind in KINDS
        assert variable.derivation.endswith("."), name
        assert variable.source or "Not collected" in variable.derivation or name == "TRT01P", name
        values = [value for value, _ in variable.codelist]
        assert len(values) == len(set(values))


@pytest.mark.parametrize("dataset", [name for name in OUTLINES if name in TABLES])
def test_kinds_are_those_of_the_tables(dataset):
    variables = variables_of(dataset, protocol(), {})
    for name, kind in TABLES[dataset].items():
        # A column of few values is kept as a dictionary of text.
        stored = "string" if str(kind).startswith("dictionary") else str(kind)
        assert variables[name].kind == ARROW_KINDS[stored], name


@pytest.mark.parametrize("dataset", OUTLINES)
def test_keys_are_variables(dataset):
    assert set(OUTLINES[dataset].keys) <= set(variables_of(dataset, protocol(), {}))
    assert len(OUTLINES[dataset].label.encode()) <= 40


def variable(dataset, name, **changes):
    return variables_of(dataset, protocol(**changes), {})[name]


def changed(part, **entries):
    return {part: protocol()[part] | entries}


def with_domain(name, **entries):
    domains = protocol()["domains"]
    return {"domains": domains | {name: domains[name] | entries}}


@pytest.mark.parametrize(
    ("dataset", "name", "changes", "words"),
    [
        (
            "adsl",
            "BSFREQ",
            changed("diary", minimum_recorded_days=21, frequency_days=30),
            "30 × BSCOUNT / BSDAYS; missing where fewer than 21 days were recorded.",
        ),
        ("adsl", "BSCOUNT", {}, "days −42 to −1 (42 days)"),
        ("adsl", "BSCOUNT", {}, "Not countable: Focal aware without motor signs."),
        (
            "adsl",
            "BSCOUNT",
            changed("diary", cluster_count_per_day=3),
            "A cluster that cannot be told apart counts 3 a day.",
        ),
        ("adsl", "HIGHBLFL", {}, "Y where BSCOUNT is at least 24; N otherwise"),
        (
            "adsl",
            "PPROTFL",
            {
                "analysis_sets": [
                    {
                        "id": "per_protocol",
                        "label": "Per protocol",
                        "requires": ["completed", "no_deviation"],
                        "where": [{"variable": "BSDAYS", "at_least": 28}],
                    }
                ]
            },
            "completed the controlled period (COMPLFL = Y), has no row in the dataset deviations "
            "and has BSDAYS at least 28; N otherwise.",
        ),
        (
            "adsl",
            "MITTFL",
            {"analysis_sets": [{"id": "mitt", "label": "Modified"}]},
            "Y for all: the protocol sets no condition.",
        ),
        (
            "adsl",
            "MITTFL",
            {},
            "was randomised (RANDFL = Y), received a dose (DOSEDFL = Y), has a baseline frequency "
            "(BLDIARFL = Y) and has a recorded day from day 1 on (POSTBLFL = Y); N otherwise.",
        ),
        # The sets randomised and completers are these facts, and say no more than they do.
        ("adsl", "COMPLFL", {}, 'Y where EOSSTT is "completed".'),
        ("adsl", "RANDFL", {}, "Y where the participant was randomised to an arm."),
        ("adsl", "ELIGFL", {"eligibility": []}, "Y for all: the protocol has no criteria."),
        ("adsl", "TRT01P", {"treatment": "blinded"}, "DUMMY TREATMENT"),
        ("adsl", "DUMMYFL", {"treatment": "blinded"}, "is a dummy, because the study is blinded"),
        (
            "adsl",
            "EOSSTT",
            with_domain("disposition", values={"status": {"1": "completed"}}),
            '"1" becomes completed.',
        ),
        ("adsz", "AWLO", {}, "the study day of the last visit attended before"),
        ("adsz", "AWHI", {}, "the visit early_termination closes the window"),
        ("adsz", "ANL01FL", changed("diary", minimum_recorded_days=7), "at least 7 recorded days"),
        ("adae", "AEWDFL", {}, 'Y where AEACN is "drug withdrawn"'),
        ("adae", "ASTDT", with_domain("adverse_events", partial_dates="impute"), "the first day"),
        ("adae", "AENDT", with_domain("adverse_events", partial_dates="impute"), "the last day"),
        ("adae", "ASTDTF", {}, "no date is imputed"),
        ("adex", "EXDOSU", {}, '"mg" for every dose.'),
    ],
)
def test_derivations_are_those_of_the_plan(dataset, name, changes, words):
    assert words in variable(dataset, name, **changes).derivation


def test_an_unblinded_study_names_its_codes_and_no_dummy():
    plan = protocol(treatment="unblinded")
    plan["design"]["arms"][1]["codes"] = ["NAT", "B"]
    found = variables_of("adsl", plan, {})["TRT01P"]
    assert found.label == "Planned Treatment for Period 01"
    assert "natalizumab also from NAT or B." in found.derivation
    assert "DUMMY" not in found.derivation
    assert found.source == "data/treatment_codes.csv, column arm"


@pytest.mark.parametrize("dataset", OUTLINES)
def test_a_dummy_shows_in_the_label_of_every_dataset(dataset):
    assert "DUMMY TREATMENT" in variable(dataset, "TRT01P", treatment="blinded").label


@pytest.mark.parametrize(
    ("dataset", "name", "source"),
    [
        ("adsl", "AGE", "data/participants.csv, column age"),
        ("adsl", "STRUCTFL", "data/participants.csv, column structural_cause"),
        ("adsl", "HIGHBLFL", "ADSL.BSCOUNT"),
        ("adsl", "BSDAYS", "data/diary.csv, columns date and recorded"),
        ("adsl", "TRTSDT", "data/doses.csv, column date"),
        ("adae", "AEBODSYS", "data/adverse_events.csv, column system_organ_class"),
    ],
)
def test_sources_are_raw_columns_or_variables(dataset, name, source):
    assert variable(dataset, name).source == source


def test_a_column_that_the_study_lacks_is_said_to_be_missing():
    found = variables_of("adsl", protocol("progabide"), {})
    for name in ("SEX", "SITEID", "TRTSDT", "DOSEDFL", "EOSSTT", "EOSDY", "COMPLFL"):
        assert found[name].derivation == "Not collected in this study: missing in every row."
    assert found["BSDAYS"].source == (
        "data/counts.csv, columns baseline_8_weeks, weeks_1_2, weeks_3_4, weeks_5_6 and weeks_7_8"
    )


def test_events_with_a_file_of_recorded_days_name_both():
    plan = protocol()
    plan["domains"]["diary"] = {
        "file": "data/ce.csv",
        "layout": "events",
        "columns": {"participant": "id", "date": "day", "type": "kind", "count": "n"},
        "days": {"file": "data/qs.xlsx", "sheet": "Diary", "columns": {"recorded": "done"}},
    }
    found = variables_of("adsl", plan, {})
    assert found["BSDAYS"].source == "data/qs.xlsx, sheet Diary, column done"
    assert found["BSCOUNT"].source == (
        "data/ce.csv, columns day, kind and n; data/qs.xlsx, sheet Diary, column done"
    )


def test_a_standard_source_needs_no_columns():
    plan = protocol(source={"standard": "sdtm", "folder": "data"})
    plan["domains"]["doses"] = {}
    found = variables_of("adex", plan, {})["EXDOSE"]
    assert (found.derivation, found.source) == ("As collected.", "SDTM dataset of doses")


def test_covariates_have_the_kind_and_values_of_the_plan():
    plan = protocol()
    plan["domains"]["participants"]["columns"]["covariates"] = {
        "REGION": {
            "column": "reg",
            "label": "Region of the world, as in the randomisation",
            "values": {"1": "EU", "2": "US", "3": "US"},
        },
        "SCORE": {"column": "s", "label": "Score", "values": {"low": 1, "high": 2.5}},
        "WEIGHT": {"column": "w", "label": "Weight (kg)", "type": "number"},
    }
    found = variables_of("adsl", plan, {})
    assert found["REGION"].codelist == (("EU", 'raw "1"'), ("US", 'raw "2" or "3"'))
    assert found["REGION"].label == "Region of the world, as in the..."
    assert found["REGION"].derivation == (
        "Region of the world, as in the randomisation. As collected. "
        '"1" becomes EU, "2" becomes US, "3" becomes US.'
    )
    assert [found[name].kind for name in ("REGION", "SCORE", "WEIGHT")] == [
        "text",
        "float",
        "float",
    ]


def test_strata_name_their_variable_and_column():
    plan = protocol()
    plan["domains"]["participants"]["columns"]["randomisation_strata"] = {
        "STRUCTFL": {"column": "strat1", "values": {"1": "Y"}}
    }
    found = variables_of("adsl", plan, {})
    assert found["STRAT1R"].source == "data/participants.csv, column strat1"
    assert '"1" becomes Y.' in found["STRAT1R"].derivation
    assert found["STRAT2R"].source == "ADSL.HIGHBLFL"
    assert found["STRAT2V"].source == "ADSL.HIGHBLFL"
    assert "STRAT3R" not in found
    assert "STRATAR" not in variables_of("adsl", protocol("progabide"), {})


@pytest.mark.parametrize(
    ("code", "words", "baseline"),
    [
        ("SZCOUNT", "Countable: Focal aware with motor signs;", ""),
        ("SZFREQ", "28 × SZCOUNT / SZDAYS; missing where no day was recorded.", "ADSL.BSFREQ"),
        (
            "LOGCHG",
            "ln(SZFREQ + 0.2); missing where SZFREQ is missing. The endpoint is CHG, "
            "ln(SZFREQ + 0.2) − ln(BSFREQ).",
            "ln(BSFREQ); missing where BSFREQ is 0 or missing",
        ),
        (
            "LOGCHG2",
            "ln(SZFREQ + 0.2) − ln(BSFREQ + 0.2)",
            "ln(BSFREQ + 0.2); missing where BSFREQ is missing",
        ),
        ("RESP50", "SZCOUNT × BSDAYS × 100 ≤ BSCOUNT × SZDAYS × (100 − 50)", ""),
        ("SZCT04", "Seizures of the type Focal aware without motor signs", ""),
    ],
)
def test_parameters_of_adsz_are_those_of_the_plan(code, words, baseline):
    found = adsz_parameters(protocol())[code]
    assert words in found.derivation
    assert found.baseline == baseline


def test_the_type_of_a_parameter_is_the_dataset_s():
    """However types are numbered, SEIZTYPE of the dataset says which one a parameter is of."""
    types = ["focal_impaired_awareness", None]
    table = adsz(["SZFR01", "SZCOUNT"], SEIZTYPE=types)
    found = adsz_parameters(protocol(), table)
    assert "Focal impaired awareness: 28 × SZCT01 / SZDAYS" in found["SZFR01"].derivation
    assert "SZFR02" not in found


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            {"kind": "nth_seizure", "n": 2, "window": "weeks_8_24"},
            "to the second countable seizure; censored at the end of Weeks 8-24, days 57 to 168 "
            "(112 days), or of the diary before.",
        ),
        ({"kind": "nth_seizure", "n": 4}, "to the 4th countable seizure"),
        (
            {"kind": "baseline_count"},
            "as many countable seizures as the baseline had per 28 days, which is BSFREQ rounded "
            "up; censored at the end of the diary.",
        ),
        ({"kind": "discontinuation"}, "end of study of a participant who did not complete"),
    ],
)
def test_parameters_of_adtte_are_those_of_the_plan(entry, words):
    plan = protocol(time_to_event=[{"id": "TTE", "label": "Time", **entry}])
    assert words in adtte_parameters(plan, labels())["TTE"].derivation
