"""Multiple testing of the p-values that other analyses gave."""

import math

import pandas as pd
import pytest
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Arm, Statistic
from seizureflow.methods import load_method
from seizureflow.problems import AnalysisError
from seizureflow.provenance import Trace
from seizureflow.results import results_frame


def results(p: dict[str, float] | None, **more) -> pd.DataFrame:
    """Results of an analysis with a p for each arm, as its job writes them."""
    statistics = [
        Statistic("p_value", "p", value, group=arm, reference="placebo", **more)
        for arm, value in (p or {}).items()
    ]
    statistics += [
        Statistic("p_value", "p", 0.9, group="active", reference="placebo", visit="week_4"),
        Statistic("participants", "Participants", 9.0, group="active"),
    ]
    entry = {"id": "a", "role": "primary", "population": "full", "method": "ancova"}
    return results_frame(
        "s", entry, AnalysisResult(tuple(statistics)), Trace("", "", "", "", None), "unblinded"
    )


def run(hypotheses, data, **options):
    spec = AnalysisSpec(
        id="x",
        population="full",
        arms=(Arm("placebo", "Placebo"), Arm("active", "Active"), Arm("high", "High")),
        options={"hypotheses": hypotheses} | options,
    )
    return load_method("multiplicity")(spec, {f"results_{k}": v for k, v in data.items()})


def of(result, name):
    return {(s.variable, s.group): s.value for s in result.statistics if s.name == name}


FIRST, SECOND, THIRD = ({"analysis": name} for name in ("first", "second", "third"))
DATA = {
    "first": results({"active": 0.01}),
    "second": results({"active": 0.2}),
    "third": results({"active": 0.001}),
}


def test_fixed_sequence_stops_at_the_first_that_is_not_rejected():
    result = run([FIRST, SECOND, THIRD], DATA)
    assert of(result, "rejected") == {
        ("first", "active"): 1,
        ("second", "active"): 0,
        ("third", "active"): 0,
    }
    assert of(result, "adjusted_p")["third", "active"] == 0.2
    assert of(result, "rejection_order") == {("first", "active"): 1}
    assert of(result, "hypotheses_rejected") == {(None, None): 1}


@pytest.mark.parametrize("procedure", ["holm", "hochberg"])
def test_procedures_without_an_order(procedure):
    result = run([FIRST, SECOND, THIRD], DATA, procedure=procedure)
    assert of(result, "adjusted_p")["third", "active"] == pytest.approx(0.003)
    assert of(result, "adjusted_p")["first", "active"] == pytest.approx(0.02)
    assert any("positively dependent" in note for note in result.notes) == (procedure == "hochberg")


@pytest.mark.parametrize("missing", [None, {"active": math.nan}])
def test_a_sequence_stops_where_an_analysis_gave_no_p(missing):
    result = run([FIRST, SECOND, THIRD], DATA | {"second": results(missing)})
    assert list(of(result, "rejected").values()) == [1, 0, 0]
    assert any("second" in note and "the sequence ends there" in note for note in result.notes)
    silent = [s for s in result.statistics if math.isnan(s.value) and not s.note]
    assert not silent


def test_holm_goes_on_without_the_p_that_is_missing():
    result = run([FIRST, SECOND], DATA | {"second": results(None)}, procedure="holm")
    assert list(of(result, "adjusted_p").values()) == [0.02, 1.0]
    assert "enters with p = 1." in result.notes[0]


def test_several_arms_are_hypotheses_of_their_own():
    data = {"first": results({"active": 0.03, "high": 0.01})}
    arms = [{"analysis": "first", "arm": arm, "label": arm.title()} for arm in ("high", "active")]
    result = run(arms, data)
    assert of(result, "adjusted_p") == {("first", "high"): 0.01, ("first", "active"): 0.03}
    assert {s.level for s in result.statistics if s.variable} == {"High", "Active"}
    with pytest.raises(AnalysisError, match=r"arms: active, high\). Name the arm"):
        run([FIRST], data)
    with pytest.raises(AnalysisError, match="no arm hihg"):
        run([{"analysis": "first", "arm": "hihg"}], data)


def test_graph():
    """Fallback: 0.02 each; the second passes nothing on, the first its level to the second."""
    result = run(
        [FIRST, SECOND],
        DATA | {"second": results({"active": 0.04})},
        procedure="graphical",
        weights=[0.4, 0.6],
        transitions=[[0, 1], [0, 0]],
    )
    assert of(result, "adjusted_p") == {
        ("first", "active"): pytest.approx(0.025),
        ("second", "active"): 0.04,
    }
    assert list(of(result, "initial_weight").values()) == [0.4, 0.6]
    assert list(of(result, "final_weight").values()) == [0, 0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "2 hypotheses need 2 weights"),
        ({"weights": [0.5, 0.5], "transitions": [[0, 1], [1]]}, "2 rows of 2 transitions"),
        ({"weights": [0.8, 0.5], "transitions": [[0, 1], [1, 0]]}, "exceed 1 in sum"),
    ],
)
def test_what_is_no_graph_is_refused(options, words):
    with pytest.raises(AnalysisError, match=words):
        run([FIRST, SECOND], DATA, procedure="graphical", **options)


def test_a_statistic_that_is_no_p_is_refused():
    with pytest.raises(AnalysisError, match="participants of first is 9, which is no p"):
        run([{"analysis": "first", "statistic": "participants"}], DATA)


def test_level_can_be_chosen():
    assert list(of(run([SECOND], DATA, alpha=0.3), "rejected").values()) == [1]
