"""Models and options in words."""

from copy import deepcopy
from pathlib import Path

import pytest
from seizureflow.covariance_names import COVARIANCE_WORDS
from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Results
from seizureflow.plans import analysis_plan
from seizureflow.protocol import Protocol
from seizureflow.registry import METHODS
from seizureflow.report.analyses import card, in_reading_order
from seizureflow.report.options import option_facts, readable
from seizureflow.report.result_rows import RowNumbers
from unit.report.study import protocol, results_of

NAMES = {"LBSFREQ": "Log baseline seizure frequency", "STRUCTFL": "Structural aetiology"}


def facts(plan, identifier):
    entry = next(a for a in plan["analyses"] if a["id"] == identifier)
    results = Results(results_of(plan))
    return dict(card(results, entry, Labels(plan, NAMES), "95%", RowNumbers(results)).facts)


def test_a_mixed_model_is_told_in_words():
    found = facts(protocol(), "primary")
    assert found["Visits"] == "Week 12, week 16, week 20 and week 24."
    assert found["Model"] == (
        "Treatment arm, visit, treatment arm × visit, log baseline seizure frequency, structural "
        "aetiology and log baseline seizure frequency × visit."
    )
    assert found["Covariance between visits"] == (
        "Unstructured; if it does not converge, in turn heterogeneous Toeplitz, heterogeneous "
        "AR(1), compound symmetry."
    )
    assert found["Degrees of freedom"] == (
        "Kenward-Roger, linear form (what SAS gives under an unstructured covariance)."
    )
    assert found["Covariates that may act differently at each visit"] == (
        "Log baseline seizure frequency."
    )


def test_a_model_at_one_time_names_no_visit():
    found = facts(protocol(), "ancova")
    assert "Visits" not in found
    assert found["Model"] == (
        "Treatment arm, log baseline seizure frequency and structural aetiology."
    )


def test_an_analysis_carries_its_note():
    assert "registry" in facts(protocol(), "primary")["Note"]
    assert "Note" not in facts(protocol(), "ancova")


def test_a_note_changes_no_analysis():
    plan = protocol()
    noted = deepcopy(plan)
    noted["analyses"][1]["note"] = "Another note."
    identifier = plan["analyses"][1]["id"]
    asked = [
        analysis_plan(Protocol(Path(), p), identifier, {"confidence_level": 0.95})
        for p in (plan, noted)
    ]
    assert asked[0] == asked[1]


def test_one_structure_and_no_covariate_by_visit():
    options = {"covariance": ["cs"], "df": "residual", "covariates_by_visit": []}
    entry = {"method": "mmrm", "options": options}
    assert [text for _, text in option_facts(entry, Labels(protocol(), {}))] == [
        "Compound symmetry.",
        "Residual: rows less fixed effects.",
        "None.",
    ]


def test_every_option_of_a_mixed_model_has_words():
    options = METHODS["mmrm"].options
    assert set(options["covariance"]["items"]["enum"]) == set(COVARIANCE_WORDS)
    for method in options["df"]["enum"]:
        entry = {"method": "mmrm", "options": {"df": method}}
        assert list(option_facts(entry, Labels(protocol(), {})))


def test_a_time_to_an_event_is_named_by_its_label():
    plan = protocol()
    found = facts(plan, "tpsc_cox")
    assert found["Time to an event"] == "Time to the pre-randomisation monthly seizure count."
    usual = found["Default settings"]
    assert "vents on the same day: Efron's approximation" in usual
    assert facts(plan, "tpsc_logrank")["Strata"].startswith("Structural aetiology and")
    described = facts(plan, "tpsc_curves")["Days described"]
    assert described == "Study days 28, 56, 84, 112, 140 and 168."
    entry = next(a for a in plan["analyses"] if a["id"] == "tpsc_cox")
    results = Results(results_of(plan))
    question = card(results, entry, Labels(plan, NAMES), "95%", RowNumbers(results)).question
    assert question.endswith("looking at the time to the pre-randomisation monthly seizure count?")


def test_every_model_of_recurrence_has_words():
    models = METHODS["recurrent_seizures"].options["model"]["enum"]
    entries = [{"method": "recurrent_seizures", "options": {"model": name}} for name in models]
    told = {text for e in entries for _, text in option_facts(e, Labels(protocol(), {}))}
    assert len(told) == len(models)
    assert all(" and " in text and "_" not in text for text in told)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([], "none"),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (85, "85"),
        (-7, "−7"),
        (False, "no"),
        ({"first_day": 1, "reasons": ["x", "y"]}, "first day 1; reasons x and y"),
        (None, "none"),
    ],
)
def test_options_without_words_of_their_own_are_readable(value, words):
    assert readable(value) == words


def test_the_primary_analysis_comes_first():
    roles = ("descriptive", "safety", "sensitivity", "primary", "secondary", "descriptive")
    entries = [{"id": number, "role": role} for number, role in enumerate(roles)]
    assert [entry["id"] for entry in in_reading_order(entries)] == [3, 4, 2, 1, 0, 5]


def test_every_value_that_can_be_named_has_words():
    """Code stands nowhere: a choice of an option is told in words, or is a word itself."""
    for method, needs in METHODS.items():
        for name, schema in needs.options.items():
            for value in schema.get("enum", []):
                entry = {"id": "a", "method": method, "options": {name: value}}
                told = " ".join(text for _, text in option_facts(entry, Labels(protocol(), {})))
                assert "_" not in told, (method, name, value)


def test_defaults_are_grouped_and_what_is_not_in_force_is_left_out():
    options = {"strategy": "J2R", "inference": "conditional_mean_jackknife", "draws": 100}
    entry = {"method": "reference_based_imputation", "options": options | {"covariance": ["us"]}}
    assert dict(option_facts(entry, Labels(protocol(), {}))) == {
        "What is assumed of missing values": "Jump to reference.",
        "Inference": "Conditional means, with the jackknife (nothing random).",
        "Default settings": "Covariance between visits: unstructured.",
    }


def test_analyses_are_named_by_their_labels():
    plan = protocol()
    label = next(a["label"] for a in plan["analyses"] if a["id"] == "primary")
    entry = {"method": "superiority_by_margin", "options": {"analysis": "primary"}}
    assert dict(option_facts(entry, Labels(plan, {}))) == {"Rests on the analysis": f"{label}."}
