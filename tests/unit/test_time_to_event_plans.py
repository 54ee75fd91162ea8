"""Plans that analyse a time to an event or the diary itself: what is checked, what the method gets."""

import pytest
from seizureflow.analysis import build_spec
from seizureflow.plans import analysis_plan
from seizureflow.problems import InputError
from seizureflow.protocol import load_protocol
from unit.good_protocol import DIARY, write_study
from unit.test_protocol_checks import PERIODS, SCHEMAS

SETTINGS = {"confidence_level": 0.95, "seed": 1}
PRIMARY = """\
    endpoint: LOGCHG
    window: weeks_0_4
    method: ancova
    covariates: [LBSFREQ]
"""
COX = (
    "    method: cox\n    covariates: [AGE]\n    options: {parameter: TTSZ1, strata: [STRUCTFL]}\n"
)
RECURRENT = "    method: recurrent_seizures\n    window: weeks_0_4\n"


def plan_of(folder, analysis: str, *edits):
    """Plan of the analysis, put in the place of the primary one."""
    protocol = load_protocol(write_study(folder, (PRIMARY, analysis), *edits), SCHEMAS)
    return analysis_plan(protocol, "primary", SETTINGS)


def test_a_time_to_an_event_comes_with_the_days_of_the_visits(tmp_path):
    plan = plan_of(tmp_path, COX)
    spec = build_spec(plan)
    assert spec.visit_days == (15, 29)
    assert (spec.window_days, spec.counting) == (None, None)
    assert spec.options == {"parameter": "TTSZ1", "ties": "efron", "strata": ["STRUCTFL"]}
    assert spec.label("STRUCTFL") == "Structural cause"
    assert spec.label("AGE") != "AGE"


def test_the_diary_itself_comes_with_the_window_and_what_counts(tmp_path):
    spec = build_spec(plan_of(tmp_path, RECURRENT))
    assert spec.window_days == (1, 29)
    assert spec.counting["seizure_types"] == [{"id": "motor", "label": "Motor", "countable": True}]
    assert spec.counting["cluster_count_per_day"] >= 1
    assert spec.options["model"] == "andersen_gill"
    assert spec.visit_days == ()


def test_other_analyses_get_nothing_of_it(tmp_path):
    plan = plan_of(tmp_path, PRIMARY)
    assert not {"visit_days", "window_days", "counting"} & set(plan)


# analysis, edits -> what is said
WRONG = {
    "a time that is not defined": (
        COX.replace("TTSZ1", "TTSZ2"),
        [],
        ("options.parameter", 'There is no time to an event "TTSZ2"', 'Did you mean "TTSZ1"?'),
    ),
    "no time is defined": (
        COX,
        [
            ("time_to_event:\n", ""),
            (
                "  - {id: TTSZ1, label: First seizure, kind: nth_seizure, n: 1, window: weeks_0_4}\n",
                "",
            ),
            ("  - {id: TTDISC, label: Discontinuation, kind: discontinuation}\n", ""),
        ],
        ('There is no time to an event "TTSZ1": the plan defines none.',),
    ),
    "no time is named": (
        "    method: logrank\n    options: {strata: []}\n",
        [],
        ("options", "The option parameter is missing."),
    ),
    "a stratum that is no variable": (
        COX.replace("[STRUCTFL]}", "[STRUCTFLL]}"),
        [],
        ("options.strata[0]", 'There is no variable "STRUCTFLL"', 'Did you mean "STRUCTFL"?'),
    ),
    "a stratum that is no name": (COX.replace("[STRUCTFL]}", "[3]}"), [], ("options.strata[0]",)),
    "ties of no name": (
        COX.replace("strata: [STRUCTFL]", "ties: exact"),
        [],
        ("options.ties", "exact"),
    ),
    "a window": (COX + "    window: weeks_0_4\n", [], ("The method cox takes no window.",)),
    "recurrent seizures without a window": (
        "    method: recurrent_seizures\n",
        [],
        ("needs the key window",),
    ),
    "recurrent seizures from counts per period": (
        RECURRENT,
        [(DIARY, PERIODS)],
        ("recurrent_seizures needs the domain diary, which the study lacks",),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said(tmp_path, name):
    analysis, edits, words = WRONG[name]
    with pytest.raises(InputError) as error:
        plan_of(tmp_path, analysis, *edits)
    assert len(error.value.problems) == 1
    for word in words:
        assert word in str(error.value)
