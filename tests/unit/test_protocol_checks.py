"""What a protocol says of itself and of its files: each edit of a good one has its problem."""

import subprocess
import sys
from pathlib import Path

import pytest
from seizureflow.analysis_sets import FACTS
from seizureflow.domain_columns import EVENT_COLUMNS, REQUIRED_COLUMNS
from seizureflow.problems import InputError
from seizureflow.protocol import load_protocol
from unit.good_protocol import DIARY, write_study

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "schemas"
EVENTS = """\
  diary:
    file: data/diary.csv
    layout: events
    columns: {participant: id, date: day, type: what}
    days: {file: data/visits.csv, columns: {participant: id, date: day}}
"""
PERIODS = """\
  period_counts:
    file: data/diary.csv
    participant: id
    seizure_type: motor
    periods: [{column: before, days: [-14, 1]}, {column: after, days: [1, 29]}]
"""


def problems(folder, *edits):
    """Problems of the protocol, each as one text."""
    try:
        load_protocol(write_study(folder, *edits), SCHEMAS)
    except InputError as error:
        return [str(problem) for problem in error.problems]
    return []


# edits that are right
DERIVED = "  - {id: MANYFL, label: Many seizures, variable: BSCOUNT, at_least: 8}\n"
LOGBS = "  - {id: LOGBS, label: L, variable: BSCOUNT, transform: log, divide_by: 4, centre: true}\n"
FINE = {
    "as it is": [],
    "a diary of events": [(DIARY, EVENTS)],
    "counts per period": [(DIARY, PERIODS)],
    "codes in the participants file": [
        ("      age: age", "      age: age\n      arm: arm"),
        ("  treatment_codes:\n    file: data/codes.csv\n    columns: {participant: id, arm: arm}\n", ""),
    ],
    "no file of codes while blinded": [
        ("treatment: unblinded", "treatment: blinded"), ("file: data/codes.csv", "file: data/none.csv"),
    ],
    "blinded without codes": [
        ("treatment: unblinded", "treatment: blinded"),
        ("  treatment_codes:\n    file: data/codes.csv\n    columns: {participant: id, arm: arm}\n", ""),
    ],
    "a set that is a fact": [("id: older, label: Older, requires: [randomised], where: [{variable: AGE, at_least: 60}]", "id: completers, label: C, requires: [completed]")],
    "codes that differ": [("codes: [B]", "codes: [B, b2]")],
    "a code said twice of one arm": [("codes: [B]", "codes: [B, b, TABLET]")],
    "an endpoint with the number of a type that is not there": [
        ("baseline_offset: 0.0}\n", "baseline_offset: 0.0}\n  - {id: SZCT02, label: X, kind: responder, reduction: 50}\n"),
    ],
    "a covariate that stands for a column that is not there": [
        ("structural, label: Structural cause}\n", "structural, label: C}\n        SEX: {column: n, label: N}\n"),
    ],
    "a transformed covariate that an analysis adjusts for": [
        (DERIVED, DERIVED + LOGBS),
        ("covariates: [LBSFREQ]", "covariates: [LOGBS]"),
    ],
    "a set that leaves a participant out": [("variable: AGE, at_least: 60", "variable: USUBJID, none_of: [P01]")],
    "no data cutoff": [("data_cutoff: 2020-12-31\n", "")],
}  # fmt: skip


@pytest.mark.parametrize("name", FINE)
def test_what_is_right_has_no_problem(tmp_path, name):
    assert problems(tmp_path, *FINE[name]) == []


# one edit; words of the one problem
NAMES = {
    "arm twice": ("id: tablet, label: Tablet", "id: sham, label: Tablet", ["design.arms[1].id", '"sham" stands twice']),
    "derived covariate called like one of ADSL": ("id: MANYFL", "id: RANDFL", ["derived_covariates[0].id", "another variable RANDFL"]),
    "derived covariate called like a covariate": ("id: MANYFL", "id: STRUCTFL", ["derived_covariates[0].id", "another variable STRUCTFL"]),
    "covariate called like the baseline": ("structural, label: Structural cause}\n", "structural, label: C}\n        BSCOUNT: {column: n, label: N}\n", ["participants.columns.covariates.BSCOUNT", "another variable BSCOUNT"]),
    "covariate called like a column": ("structural, label: Structural cause}\n", "structural, label: C}\n        AGE: {column: n, label: N}\n", ["participants.columns.covariates.AGE", "another variable AGE"]),
    "covariate called like a stratum": ("structural, label: Structural cause}\n", "structural, label: C}\n        STRAT1V: {column: n, label: N}\n", ["participants.columns.covariates.STRAT1V", "another variable STRAT1V"]),
    "visit twice": ("id: week_4", "id: week_2", ["design.visits[1].id", '"week_2" stands twice']),
    "window twice": ("days: [1, 29]}\n", "days: [1, 29]}\n    - {id: weeks_0_4, label: X, days: [1, 15]}\n", ["design.windows[1].id", "stands twice"]),
    "time to event twice": ("id: TTDISC", "id: TTSZ1", ["time_to_event[1].id", '"TTSZ1" stands twice']),
    "derived covariate twice": ("at_least: 8}\n", "at_least: 8}\n  - {id: MANYFL, label: M, variable: AGE, at_least: 8}\n", ["derived_covariates[1].id", "stands twice"]),
    "criterion twice": ("at_least: 2}\n", "at_least: 2}\n  - {id: enough, label: M, variable: AGE, at_least: 8}\n", ["eligibility[1].id", "stands twice"]),
    "seizure type twice": ("ilae: focal_aware_motor}\n", "ilae: focal_aware_motor}\n    - {id: motor, label: M, countable: true}\n", ["diary.seizure_types[1].id", "stands twice"]),
    "window called baseline": ("days: [1, 29]}\n", "days: [1, 29]}\n    - {id: baseline, label: B, days: [1, 15]}\n", ["design.windows[1].id", '"baseline" is that of the baseline period']),
    "visit called baseline": ("id: week_2", "id: baseline", ["design.visits[0].id", '"baseline" is that of the baseline period']),
    "window called like a visit": ("days: [1, 29]}\n", "days: [1, 29]}\n    - {id: week_4, label: W, days: [1, 15]}\n", ["design.windows[1].id", '"week_4" is that of a visit']),
    "two sets of one flag": ("id: full, label: Full analysis set, requires: [randomised, dosed]}", "id: full, label: F, requires: [randomised, dosed]}\n  - {id: older_people, label: O, requires: [dosed]}\n  - {id: olderp_else, label: O, requires: [dosed]}", ["analysis_sets[2].id", "OLDERPFL would flag both older_people and olderp_else"]),
    "set with the flag of another fact": ("id: older", "id: completers", ["analysis_sets[1].id", "COMPLFL would flag both completed and completers"]),
    "set with the flag of a covariate": ("id: older", "id: struct", ["analysis_sets[1].id", "STRUCTFL would flag both the variable STRUCTFL and struct"]),
    "set with the flag of a dummy": ("id: older", "id: dummy", ["analysis_sets[1].id", "DUMMYFL would flag both dummy treatment and dummy"]),
    "code of two arms": ("codes: [B]", "codes: [B, ' a ']", ["design.arms[1].codes", 'The code " a " stands for the arm tablet and for the arm sham']),
    "label that is another's code": ("codes: [B]", "codes: [SHAM]", ["design.arms[1].codes", "for the arm sham"]),
    "code of nobody": ("codes: [B]", "codes: [screen FAILURE]", ["design.arms[1].codes", "for nobody randomised"]),
    "label of nothing": ("label: Tablet,", "label: ' ',", ["design.arms[1].codes", "for nobody randomised"]),
}  # fmt: skip
for code in ("SZCOUNT", "SZDAYS", "SZFREQ", "SZFREE", "SZFREEFQ", "SZCT01", "SZFR01"):
    NAMES[f"endpoint called {code}"] = (
        "kind: log_change, post_offset: 0.2, baseline_offset: 0.0}\n",
        "kind: log_change, post_offset: 0.2, baseline_offset: 0.0}\n"
        f"  - {{id: {code}, label: X, kind: responder, reduction: 50}}\n",
        ["endpoints[1].id", f'"{code}" is that of a parameter'],
    )

DOMAINS = {
    "diary without types": ("    types: {motor: motor}\n", "", ["domains.diary", 'key "types" is missing']),
    "diary of an unknown type": ("types: {motor: motor}", "types: {moto: motor}", ["domains.diary.types.moto", 'no seizure type "moto"', 'Did you mean "motor"']),
    "two sources of seizures": (DIARY, DIARY + PERIODS, ["domains", "one of the two"]),
    "events with the keys of days": (DIARY, EVENTS + "    types: {motor: motor}\n", ["domains.diary.types", "has no types"]),
    "events with a column of clusters": (DIARY, EVENTS + "    clusters: cluster\n", ["domains.diary.clusters", "columns.cluster"]),
    "events without recorded days": (DIARY, EVENTS.replace("    days: {file: data/visits.csv, columns: {participant: id, date: day}}\n", ""), ["domains.diary", "which days were recorded", "never a zero"]),
    "events without their type": (DIARY, EVENTS.replace(", type: what", ""), ["domains.diary.columns", 'key "type" is missing']),
    "recorded days without a date": (DIARY, EVENTS.replace("visits.csv, columns: {participant: id, date: day}", "visits.csv, columns: {participant: id}"), ["domains.diary.days.columns", 'key "date" is missing']),
    "recorded days without a file": (DIARY, EVENTS.replace("file: data/visits.csv, ", ""), ["domains.diary.days", 'key "file" is missing']),
    "recorded days whose file is not there": (DIARY, EVENTS.replace("data/visits.csv", "data/visit.csv"), ["domains.diary.days.file", "does not exist", 'Did you mean "visits.csv"']),
    "overlapping periods": (DIARY, PERIODS.replace("days: [1, 29]", "days: [-7, 29]"), ["period_counts.periods[1].days", "overlaps that of before"]),
    "empty period": (DIARY, PERIODS.replace("days: [1, 29]", "days: [29, 29]"), ["period_counts.periods[1].days", "interval is empty"]),
    "period counts of an unknown type": (DIARY, PERIODS.replace("seizure_type: motor", "seizure_type: moto"), ["period_counts.seizure_type", 'no seizure type "moto"']),
    "domain without a file": ("    file: data/doses.csv\n", "", ["domains.doses", 'key "file" is missing', 'Add "file"']),
    "domain without a column": (", dose: mg", "", ["domains.doses.columns", 'key "dose" is missing']),
    "file that is not there": ("data/ends.csv", "data/end.csv", ["domains.disposition.file", "does not exist", 'Did you mean "ends.csv"']),
    "supplement that is not there": ("    file: data/doses.csv\n", "    file: data/doses.csv\n    supplement: data/supp.csv\n", ["domains.doses.supplement", "does not exist"]),
    "file of copies that is not there": ("diary:\n  seizure_types", "provenance: {known_copies: copies.yaml}\ndiary:\n  seizure_types", ["provenance.known_copies", "does not exist"]),
    "codes that are not there": ("data/codes.csv", "data/code.csv", ["domains.treatment_codes.file", "does not exist"]),
    "nothing says the arms": ("  treatment_codes:\n    file: data/codes.csv\n    columns: {participant: id, arm: arm}\n", "", ["domains", "Nothing says which arm", "Add domains.treatment_codes"]),
    "arms in two files": ("      age: age", "      age: age\n      arm: arm", ["domains.treatment_codes", "The arms stand in two files"]),
    "cutoff that the calendar lacks": ("2020-12-31", "2020-02-30", ["data_cutoff", "no such day", "2020-02-30"]),
}  # fmt: skip

PARTS = {
    "stratum that is no variable": ("strata: [STRUCTFL]", "strata: [STRUCTFL, STRUCTF]", ["design.strata[1]", 'no variable "STRUCTF"']),
    "used stratum that is no stratum": ("        STRUCTFL: {column: stratum}", "        MANYFL: {column: stratum}", ["randomisation_strata.MANYFL", 'no stratification variable "MANYFL"']),
    "unknown class": ("ilae: focal_aware_motor", "ilae: focal_aware_moto", ["diary.seizure_types[0].ilae", 'Did you mean "focal_aware_motor"']),
    "nth seizure without n": (", n: 1", "", ["time_to_event[0]", "key n belongs to the kind nth_seizure"]),
    "n of another kind": ("kind: discontinuation", "kind: discontinuation, n: 2", ["time_to_event[1]", "key n belongs"]),
    "unknown window of a time": ("n: 1, window: weeks_0_4", "n: 1, window: weeks_0_8", ["time_to_event[0].window", 'no window "weeks_0_8"']),
    "set without a rule": ("requires: [randomised], where: [{variable: AGE, at_least: 60}]", "requires: []", ["analysis_sets[1]", "The set has no rule"]),
    "set on an unknown variable": ("{variable: AGE, at_least: 60}", "{variable: SEX, at_least: 60}", ["analysis_sets[1].where[0].variable", 'no variable "SEX"']),
    "criterion on two things": ("diary: countable_seizures", "diary: countable_seizures, variable: AGE", ["eligibility[0]", "either a variable or a property"]),
    "criterion on nothing": ("diary: countable_seizures, at_least", "at_least", ["eligibility[0]", "either a variable or a property"]),
    "criterion on an unknown variable": ("diary: countable_seizures", "variable: AGES", ["eligibility[0].variable", 'Did you mean "AGE"']),
    "divisor without a transform": ("variable: BSCOUNT, at_least: 8", "variable: BSCOUNT, at_least: 8, divide_by: 4", ["derived_covariates[0].divide_by", "belongs to a transform"]),
    "transform with a bound": ("variable: BSCOUNT, at_least: 8", "variable: BSCOUNT, at_least: 8, transform: log", ["derived_covariates[0].at_least", "both a transform and a bound"]),
    "transform of text": ("variable: BSCOUNT, at_least: 8", "variable: STRUCTFL, transform: log", ["derived_covariates[0].variable", "holds text"]),
    "division by zero": ("variable: BSCOUNT, at_least: 8", "variable: BSCOUNT, transform: log, divide_by: 0", ["derived_covariates[0].divide_by"]),
    "stratum that is centred": ("strata: [STRUCTFL]", "strata: [STRUCTFL, LOGBS]", ["design.strata[1]", "centred over the randomised"]),
    "criterion on what is centred": ("diary: countable_seizures, at_least", "variable: LOGBS, at_least", ["eligibility[0].variable", "centred over the randomised"]),
    "covariate derived from what is centred": ("variable: BSCOUNT, at_least: 8}\n", "variable: BSCOUNT, at_least: 8}\n  - {id: LOGBS, label: L, variable: BSCOUNT, transform: log, centre: true}\n  - {id: HIGHLFL, label: H, variable: LOGBS, at_least: 0}\n", ["derived_covariates[2].variable", "centred over the randomised"]),
    "participants named in a covariate": ("variable: BSCOUNT, at_least: 8", "variable: USUBJID, one_of: [A]", ["derived_covariates[0].variable", 'no variable "USUBJID"']),
    "covariate without a bound": ("variable: BSCOUNT, at_least: 8", "variable: BSCOUNT", ["derived_covariates[0]", "no bound"]),
    "criterion with an empty list": ("countable_seizures, at_least: 2", "countable_seizures, one_of: []", ["eligibility[0].one_of"]),
}  # fmt: skip


@pytest.mark.parametrize("name", [*NAMES, *DOMAINS, *PARTS])
def test_a_problem_is_said_once_and_with_its_place(tmp_path, name):
    old, new, words = (NAMES | DOMAINS | PARTS)[name]
    edits = [(old, new)]
    if "LOGBS" in new and "id: LOGBS" not in new:
        edits.append((DERIVED, DERIVED + LOGBS))
    found = problems(tmp_path, *edits)
    assert len(found) == 1, found
    for word in ("protocol.yaml", *words):
        assert word in found[0]


def test_halves_and_runs_of_the_baseline_need_a_daily_diary(tmp_path):
    for name in ("countable_seizures_each_half", "longest_seizure_free_run"):
        (found,) = problems(
            tmp_path / name, (DIARY, PERIODS), ("diary: countable_seizures", f"diary: {name}")
        )
        assert f"{name} needs a daily diary" in found


@pytest.mark.parametrize("name", ["recorded_days", "recorded_percent", "countable_seizures"])
def test_other_properties_are_known_from_counts_per_period(tmp_path, name):
    edits = [(DIARY, PERIODS), ("diary: countable_seizures", f"diary: {name}")]
    assert problems(tmp_path, *edits) == []


def test_without_disposition_nobody_discontinues_or_completes(tmp_path):
    ends = """\
  disposition:
    file: data/ends.csv
    columns: {participant: id, status: status, date: day}
    completed_value: completed
"""
    edits = [(ends, ""), ("[randomised, dosed]", "[randomised, completed]")]
    found = problems(tmp_path, *edits)
    assert len(found) == 2
    assert "kind discontinuation needs the domain disposition" in found[0]
    assert 'fact "completed" needs the domain disposition' in found[1]


def test_a_file_reached_by_a_link_from_outside_is_refused(tmp_path):
    study = write_study(tmp_path)
    outside = tmp_path / "secret.csv"
    outside.touch()
    (study / "data" / "ends.csv").unlink()
    (study / "data" / "ends.csv").symlink_to(outside)
    with pytest.raises(InputError, match="outside the study's folder"):
        load_protocol(study, SCHEMAS)


@pytest.mark.parametrize("schema", sorted(SCHEMAS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_schema_is_one(schema):
    """A run does not ask anew: it would cost each start of Snakemake, and each step on a cluster."""
    from jsonschema import Draft202012Validator
    from seizureflow.schema_check import read_schema

    Draft202012Validator.check_schema(read_schema(schema))


def test_the_columns_that_a_domain_needs_are_those_that_the_schema_knows():
    from seizureflow.schema_check import read_schema

    schema = read_schema(SCHEMAS / "protocol.schema.yaml")
    domains = schema["properties"]["domains"]["properties"]
    for name, needed in REQUIRED_COLUMNS.items():
        entry = domains[name]
        entry = schema["$defs"][entry["$ref"].split("/")[-1]] if "$ref" in entry else entry
        known = entry["properties"]["columns"]["properties"]
        assert set(needed) <= set(known), name
    assert set(EVENT_COLUMNS) <= set(domains["diary"]["properties"]["columns"]["properties"])


def test_the_variables_of_adsl_are_those_of_its_table():
    from seizureflow.adsl_names import OWN_VARIABLES
    from seizureflow.tables import TABLES

    assert set(OWN_VARIABLES) == set(TABLES["adsl"])
    assert set(FACTS.values()) <= set(OWN_VARIABLES)


def test_a_plan_is_checked_without_loading_numerical_packages():
    code = "import seizureflow.plans, sys; print({'pandas', 'numpy', 'pyarrow'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT / "scripts",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (("column: structural,", "column: arm,"), "columns.covariates.STRUCTFL.column"),
        (("column: stratum", "column: arm"), "columns.randomisation_strata.STRUCTFL.column"),
        (("      age: age", "      age: arm"), "columns.age"),
        (("file: data/people.csv", "file: data/people.csv\n    keep: {arm: [A]}"), "keep.arm"),
    ],
)
def test_the_codes_do_not_come_in_under_another_name_while_blinded(tmp_path, edit, place):
    edits = [
        ("treatment: unblinded", "treatment: blinded"),
        ("      participant: id\n", "      participant: id\n      arm: arm\n"),
        edit,
    ]
    (found,) = problems(tmp_path, *edits)
    assert f"domains.participants.{place}\n" in found
    assert "holds the treatment codes" in found
