"""What is wrong with a protocol is said with its place, and all at once."""

from pathlib import Path

import pytest
from seizureflow.plans import load_plans
from seizureflow.problems import InputError
from seizureflow.protocol import load_protocol
from workflow.tiny_study import write_tiny_study

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "schemas"


@pytest.fixture
def study(tmp_path):
    write_tiny_study(tmp_path / "tiny")
    return tmp_path / "tiny"


def edit(study: Path, old: str, new: str) -> None:
    path = study / "protocol.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


# text, replacement, words of the message
BROKEN = {
    "unknown key": ("    role: primary", "    roll: primary", ("analyses[0].roll", 'Did you mean "role"?')),
    "key twice": ("simulated: true", "simulated: true\nsimulated: false", ("line 6, simulated", "twice; the first is on line 5")),
    "not YAML": ("title: A made-up trial", "title: [A made-up trial", ("not valid YAML",)),
    "tag that builds an object": ("title: A made-up trial", "title: !!python/name:os.system ''", ("not valid YAML", "could not determine a constructor")),
    "wrong type": ("baseline: {days: [-14, 1]}", "baseline: {days: [-14, one]}", ("design.baseline.days[1]", "'one'")),
    "day 0": ("baseline: {days: [-14, 1]}", "baseline: {days: [-14, 0]}", ("design.baseline.days[1]",)),
    "empty interval": ("days: [1, 29]", "days: [29, 29]", ("design.windows[0].days", "interval is empty")),
    "two references": ("label: Tablet}", "label: Tablet, reference: true}", ("Exactly one arm must be the reference", "dummy, tablet")),
    "unknown population": ("    population: full", "    population: fall", ('no analysis set "fall"', 'Did you mean "full"?')),
    "unknown endpoint": ("    endpoint: LOGCHG", "    endpoint: LOGCHANG", ('no endpoint "LOGCHANG"', "LOGCHG")),
    "unknown window": ("    window: weeks_0_4", "    window: weeks_0_8", ('no window "weeks_0_8"', "weeks_0_4")),
    "unknown covariate": ("covariates: [LBSFREQ]", "covariates: [LBSFRQ]", ("covariates[0]", 'Did you mean "LBSFREQ"?')),
    "unknown seizure type": ("types: {focal: seizures}", "types: {foca: seizures}", ('no seizure type "foca"', "focal")),
    "no countable type": ("countable: true", "countable: false", ("No seizure type is countable",)),
    "criterion without a bound": (", at_least: 2}", "}", ("eligibility[0]", "no bound")),
    "endpoint without its offset": (", baseline_offset: 0.0}", "}", ("endpoints[0]", "needs baseline_offset")),
    "endpoint with what it has not": ("baseline_offset: 0.0}", "baseline_offset: 0.0, reduction: 50}", ("has no reduction",)),
    "analysis without its endpoint": ("    endpoint: LOGCHG\n", "", ("needs the key endpoint",)),
    "endpoint of another kind": ("method: ancova\n    covariates: [LBSFREQ]", "method: responder_summary", ("analyses[0].endpoint", "of kind log_change")),
    "options of a method without any": ("method: ancova", "method: summary_by_visit\n    options: {x: 1}", ("takes no options",)),
    "mixed model without its options": ("method: ancova", "method: mmrm", ("The option covariance is missing", "The option df is missing")),
    "mixed model with unknown options": (
        "method: ancova",
        "method: mmrm\n    options: {covariance: [un], df: kr, covariates_by_visit: [AGE], dff: 1}",
        ("options.covariance[0]", "expected: one of us, toep", "found: 'un'", "options.df", 'no covariate "AGE"', 'Did you mean "df"?'),
    ),
    "actual visits without visits": ("  windows:\n", "  visit_windows: {boundaries: actual}\n  windows:\n", ("need the domain visits, which the study lacks",)),
    "visits out of order": ("week: 2, day: 15", "week: 2, day: 35", ("order of their days",)),
    "name that is not the folder's": ("study: tiny", "study: tinny", ("not named like its folder", "tiny")),
    "file that is a folder": ("file: data/people.csv", "file: data", ("does not exist",)),
    "absolute path": ("file: data/people.csv", "file: /etc/passwd", ("domains.participants.file", "not allowed")),
    "set that needs doses": ("requires: [randomised, post", "requires: [dosed, post", ("analysis_sets[0].requires[0]", "needs the domain doses")),
    "seizure-free run from period counts": (
        "  diary:\n    file: data/diary.csv\n    columns: {participant: who, date: day, recorded: kept}\n    types: {focal: seizures}\n",
        "  period_counts: {file: data/people.csv, participant: who, seizure_type: focal, periods: [{column: years, days: [1, 15]}]}\n",
        ("eligibility[0].diary", "needs a daily diary"),
    ),
    "bounds between which nothing lies": ("countable_seizures, at_least: 2", "countable_seizures, at_least: 2, less_than: 2", ("eligibility[0].at_least", "both at least 2 and less than 2")),
    "values of no column": (
        "    columns: {participant: who, arm: group,",
        "    values: {ages: {old: 90}}\n    columns: {participant: who, arm: group,",
        ("domains.participants.values.ages", 'has no column "ages"', 'Did you mean "age"?'),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_said(study, name):
    old, new, words = BROKEN[name]
    if name == "seizure-free run from period counts":
        edit(
            study,
            "diary: countable_seizures, at_least: 2",
            "diary: longest_seizure_free_run, at_most: 7",
        )
    edit(study, old, new)
    with pytest.raises(InputError) as error:
        load_protocol(study, SCHEMAS)
    for word in ("protocol.yaml", *words):
        assert word in str(error.value)


def test_the_study_as_it_is_has_no_problem(study):
    protocol = load_protocol(study, SCHEMAS)
    assert [arm["id"] for arm in protocol.arms] == ["dummy", "tablet"]
    assert protocol.data["diary"]["frequency_days"] == 28  # a default of the schema
    assert protocol.data["design"]["visit_windows"] == {"boundaries": "nominal"}


def test_all_problems_are_told_at_once(study):
    edit(study, "    population: full", "    population: fall")
    edit(study, "covariates: [LBSFREQ]", "covariates: [AGES, LBSFRQ]")
    with pytest.raises(InputError) as error:
        load_protocol(study, SCHEMAS)
    assert len(error.value.problems) == 3


def test_problems_of_all_studies_are_told_at_once(tmp_path):
    for name in ("one", "two"):
        write_tiny_study(tmp_path / name)
        edit(tmp_path / name, "study: tiny", f"study: {name}")
        edit(tmp_path / name, "    window: weeks_0_4", "    window: weeks")
    with pytest.raises(InputError) as error:
        load_plans({"studies": ["one", "two"]}, [tmp_path], SCHEMAS)
    assert len(error.value.problems) == 2


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"studies": []}, "config.yaml, studies"),
        ({"studies": ["../x"]}, "studies[0]"),
        ({"studies": ["tiny"], "sed": 1}, 'Unknown key "sed"'),
        ({"studies": ["tiny"], "confidence_level": 95}, "confidence_level"),
        ({"studies": ["tiny"], "seed": -1}, "seed"),
    ],
)
def test_settings_are_checked(study, config, words):
    with pytest.raises(InputError) as error:
        load_plans(config, [study.parent], SCHEMAS)
    assert words in str(error.value)


@pytest.mark.parametrize("name", ["progabide", "opus"])
def test_the_shipped_plans_are_right(name):
    plans = load_plans({"studies": [name]}, [ROOT / "studies"], SCHEMAS)
    assert plans.published[name] is not None


def test_published_names_must_refer_to_something(study):
    (study / "published.yaml").write_text(
        "sources: {paper: {title: A paper}}\naggregates:\n"
        "  - {id: x, label: X, value: 1, source: papr, compare: {analysis: primry, statistic: n}}\n"
    )
    with pytest.raises(InputError) as error:
        load_plans({"studies": ["tiny"]}, [study.parent], SCHEMAS)
    assert 'Did you mean "paper"?' in str(error.value)
    assert 'Did you mean "primary"?' in str(error.value)


def test_a_mixed_model_needs_visits_in_its_window(study):
    edit(study, "label: Weeks 0-4, days: [1, 29]", "label: Week 1, days: [1, 8]")
    options = "options: {covariance: [us], df: kenward-roger-linear, covariates_by_visit: []}"
    edit(study, "method: ancova", f"method: mmrm\n    {options}")
    with pytest.raises(InputError, match="needs visits whose windows lie in weeks_0_4"):
        load_protocol(study, SCHEMAS)
