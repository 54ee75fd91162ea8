"""The methods of the safety family on a trial small enough to count by hand."""

import math
import warnings
from dataclasses import replace

import pandas as pd
import pytest
from seizureflow.methods import load_method
from seizureflow.problems import AnalysisError
from unit.adverse_events.small_safety_trial import MARKUP, adae, adex, on, people, spec, values

METHODS = (
    "adverse_event_summary",
    "adverse_event_differences",
    "adverse_event_incidence",
    "deaths",
)


def run(method, data, specification=None, **options):
    """What a method answers; warnings are errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return load_method(method)(specification or spec(**options), data)


def events(rows=None, adsl=None, **changes):
    adsl = people() if adsl is None else adsl
    return {"adsl": adsl, "adae": adae(adsl=adsl, **changes) if rows is None else adae(rows, adsl)}


def test_participants_are_counted_once_and_text_as_it_stands():
    found = values(run("adverse_event_summary", events()))
    with_event = {
        key[1:]: value for key, value in found.items() if key[0] == "participants_with_event"
    }
    assert with_event[("placebo", "any", None)] == 1
    assert with_event[("low", "any", None)] == 2
    assert with_event[("high", "any", None)] == 2  # P8's began before the first dose
    assert with_event[("high", "fatal", None)] == 1
    assert with_event[("low", "related", None)] == 2
    assert with_event[("low", "worst_severity", "moderate")] == 1
    assert with_event[("low", "term", f"Nerves / {MARKUP}")] == 1
    assert with_event[("high", "term", "Gut / nausea ")] == 1
    assert with_event[("high", "term", "Gut / Nausea")] == 0
    assert found[("events", "low", None, None)] == 3
    assert found[("events", "low", "term", "Gut / Nausea")] == 2


def test_severity_within_terms_is_the_worst_of_each_participant():
    found = values(run("adverse_event_summary", events(), by_severity=["term"]))
    name = "participants_with_event"
    assert found[(name, "low", "term_severity", "Gut / Nausea: moderate")] == 1
    assert found[(name, "low", "term_severity", "Gut / Nausea: mild")] == 0
    assert found[(name, "placebo", "term_severity", "Gut / Nausea: mild")] == 1


def test_an_event_without_a_body_system_is_not_lost():
    rows = [("P1", "Malaise", None, 3, "mild", "N", "N", "none", "recovered")]
    found = values(run("adverse_event_summary", events(rows)))
    level = "No body system recorded"
    assert found[("participants_with_event", "placebo", "body_system", level)] == 1
    assert found[("participants_with_event", "placebo", "term", f"{level} / Malaise")] == 1


def test_differences_are_those_with_the_reference_arm():
    result = run("adverse_event_differences", events())
    found = values(result)
    assert found[("risk_difference", "low", "any", None)] == pytest.approx(1 / 3)
    assert found[("risk_ratio", "low", "any", None)] == pytest.approx(2)
    # 2 of 3 against 1 of 3: all tables with 3 events are no more probable than this one but one.
    assert found[("p_value", "low", "any", None)] == pytest.approx(1.0)
    assert {s.reference for s in result.statistics if s.name == "risk_ratio"} == {"placebo"}
    assert math.isinf(found[("risk_ratio", "low", "serious", None)])
    assert math.isnan(found[("risk_ratio", "low", "fatal", None)])
    assert all(s.note for s in result.statistics if not math.isfinite(s.value))
    flags = {s.value for s in result.statistics if s.name == "flagged"}
    assert flags == {0.0}


def test_rare_terms_can_be_left_out_and_are_counted_in_a_note():
    result = run("adverse_event_differences", events(), minimum_participants=2)
    assert {s.level for s in result.statistics if s.variable in ("term", "body_system")} == set()
    assert any("6 of 6 body systems and terms are left out" in note for note in result.notes)
    result = run("adverse_event_differences", events(), minimum_percent=34)
    assert any("and at least 34%" in note for note in result.notes)


def test_only_the_procedure_that_does_not_hold_its_levels_says_so():
    told = [
        any("does not hold its levels" in note for note in run(
            "adverse_event_differences", events(), double_fdr=kind
        ).notes)
        for kind in ("mehrotra_heyse", "mehrotra_adewale")
    ]  # fmt: skip
    assert told == [True, False]


def test_incidences_are_events_over_time_to_the_first():
    found = values(run("adverse_event_incidence", events(), kinds=["term"]))
    # Placebo: P1 to day 10, two others to day 100. Low: P4 to day 5, P5 to day 20, P6 to day 100.
    years = {"placebo": (10 + 100 + 100) / 365.25, "low": (5 + 20 + 100) / 365.25}
    counts = {"placebo": 1, "low": 2}
    for arm, time in years.items():
        assert found[("years_at_risk", arm, "any", None)] == pytest.approx(time)
        incidence = 100 * counts[arm] / time
        assert found[("incidence", arm, "any", None)] == pytest.approx(incidence)
    assert found[("years_of_exposure", "low", "any", None)] == pytest.approx(300 / 365.25)
    assert found[("event_rate", "low", "any", None)] == pytest.approx(100 * 3 / (300 / 365.25))
    ratio = (2 / years["low"]) / (1 / years["placebo"])
    assert found[("incidence_ratio", "low", "any", None)] == pytest.approx(ratio)
    level = "Gut / Nausea"
    assert found[("years_at_risk", "low", "term", level)] == pytest.approx((5 + 200) / 365.25)


def test_the_risk_period_ends_as_the_protocol_says():
    rule = {"from": "first_dose", "until_days_after_last_dose": 14, "worsened": False}
    result = run("adverse_event_incidence", events(emergent=rule), spec(rule))
    found = values(result)
    assert found[("years_of_exposure", "placebo", "any", None)] == pytest.approx(3 * 71 / 365.25)
    assert found[("events", "high", "any", None)] == 1  # P7's on day 90 came too late


def test_an_event_after_the_end_of_study_extends_the_time_at_risk():
    rows = [("P1", "Nausea", "Gut", 110, "mild", "N", "N", "none", "recovered")]
    result = run("adverse_event_incidence", events(rows))
    found = values(result)
    assert found[("years_of_exposure", "placebo", "any", None)] == pytest.approx(310 / 365.25)
    assert any(
        note.startswith("1 participants had an event after the end") for note in result.notes
    )


def test_who_was_never_at_risk_is_left_out_of_incidences():
    adsl = people()
    adsl.loc[adsl["USUBJID"] == "P2", "TRTSDT"] = pd.NaT
    result = run("adverse_event_incidence", events(adsl=adsl))
    assert any(note.startswith("1 of 9 participants left out") for note in result.notes)


def test_deaths_are_counted_from_both_sources_and_differences_are_said():
    adsl = people()
    adsl.loc[adsl["USUBJID"] == "P3", "DCSREAS"] = "death"
    result = run("deaths", events(adsl=adsl), disposition_reason="death")
    found = values(result)
    assert [found[("deaths", arm, None, None)] for arm in ("placebo", "low", "high")] == [1, 0, 1]
    assert found[("deaths", "high", "fatal_adverse_event", None)] == 1
    assert found[("deaths", "placebo", "disposition", None)] == 1
    assert len([note for note in result.notes if "death" in note]) == 2


def test_nothing_that_says_who_died_is_no_zero():
    with pytest.raises(AnalysisError, match="nothing says who died"):
        run("deaths", events(fatal_value=None))
    result = run("deaths", events(fatal_value=None), disposition_reason="death")
    assert values(result)[("deaths", "high", None, None)] == 0
    assert any("not recorded" in note for note in result.notes)


@pytest.mark.parametrize("method", METHODS)
def test_zero_events_answer(method):
    result = run(method, events([]))
    assert result.statistics
    assert all(s.note for s in result.statistics if not math.isfinite(s.value))
    if method == "adverse_event_incidence":
        found = values(result)
        # No event in 300 days of three participants: 3.689 events at most.
        upper = found[("incidence_upper", "low", "any", None)]
        assert upper == pytest.approx(100 * 3.68888 / (300 / 365.25), rel=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_an_arm_without_participants_is_refused_or_noted(method):
    adsl = people()
    data = events(adsl=adsl[adsl["TRT01P"] != "high"])
    if method in ("adverse_event_differences", "adverse_event_incidence"):
        with pytest.raises(AnalysisError, match="was in High"):
            run(method, data)
        return
    result = run(method, data)
    assert all(s.note for s in result.statistics if not math.isfinite(s.value))
    assert any(math.isnan(s.value) for s in result.statistics)


DOSES = {
    "P4": [(1, 300.0), (29, 300.0), (57, 300.0)],
    "P5": [(1, 300.0), (29, 150.0)],
    "P7": [(1, 600.0)],
}


def exposed(dosing=None, doses=DOSES, **options):
    asked = replace(spec(**options), dosing=dosing or {})
    return run("exposure_summary", {"adsl": people(), "adex": adex(doses)}, asked)


def test_exposure_by_hand():
    plan = {"unit": "mg", "interval_days": 28, "planned_dose": {"low": 300}}
    result = exposed(plan)
    found = values(result)
    assert found[("mean", "low", "doses", None)] == pytest.approx(5 / 3)
    assert found[("maximum", "low", "duration_days", None)] == 84  # day 1 to 57, and 27 more
    assert found[("minimum", "low", "duration_days", None)] == 56
    assert found[("mean", "low", "total_dose", None)] == pytest.approx((900 + 450) / 2)
    assert found[("maximum", "low", "dose_intensity", None)] == pytest.approx(100)
    assert found[("minimum", "low", "dose_intensity", None)] == pytest.approx(75)
    assert ("mean", "high", "dose_intensity", None) not in found
    assert found[("count", "low", "number_of_doses", "0")] == 1
    assert any("6 participants had no dose" in note for note in result.notes)
    assert all(s.note for s in result.statistics if math.isnan(s.value))


def test_without_an_interval_the_duration_ends_with_the_last_dose():
    found = values(exposed())
    assert found[("maximum", "low", "duration_days", None)] == 57
    assert not any(variable == "dose_intensity" for _, _, variable, _ in found)


def test_doses_that_are_not_known_give_no_total():
    doses = {who: [(day, None) for day, _ in given] for who, given in DOSES.items()}
    result = exposed(doses=doses)
    assert not any(variable == "total_dose" for _, _, variable, _ in values(result))
    assert any("No dose is known" in note for note in result.notes)


def test_a_daily_dose_counts_on_each_day_of_its_record():
    table = adex({"P4": [(1, 54.0)]})
    table["AENDT"] = pd.Series([on(14)]).astype("datetime64[ms]")
    found = values(run("exposure_summary", {"adsl": people(), "adex": table}, dose_per="day"))
    assert found[("maximum", "low", "total_dose", None)] == 14 * 54
    assert found[("maximum", "low", "doses", None)] == 14


def test_changes_of_medication_by_hand():
    rows = [
        ("P1", "A", "epilepsy", -100, 40),  # stopped
        ("P2", "A", "epilepsy", -100, None),  # kept
        ("P4", "B", None, 10, 12),  # started, and ended
        ("P4", "A", "epilepsy", 10, None),  # started
        ("P5", "B", "pain", None, 30),  # begun on an unknown day, stopped
        ("P6", "B", "pain", 1, None),  # begun on day 1
    ]
    medications = pd.DataFrame(rows, columns=["USUBJID", "CLASS", "REASON", "ASTDY", "AENDY"])
    medications = medications.astype({"ASTDY": "Int64", "AENDY": "Int64"})
    data = {"adsl": people(), "medications": medications}
    result = run("medication_changes", data)
    found = {key[1:]: v for key, v in values(result).items() if key[0] == "participants_with_event"}
    counts = {
        ("placebo", "started", None): 0, ("placebo", "stopped", None): 1,
        ("low", "started", None): 1, ("low", "stopped", None): 1, ("low", "changed", None): 2,
        ("low", "started_by_class", "A"): 1, ("low", "started_by_class", "B"): 1,
        ("low", "started_by_reason", "B / not recorded"): 1,
        ("low", "stopped_by_reason", "B / pain"): 1, ("high", "changed", None): 0,
    }  # fmt: skip
    assert {key: found[key] for key in counts} == counts
    assert any("1 medications of 1 participants have no start day" in note for note in result.notes)
    only = set(values(run("medication_changes", data, classes=["A"])))
    assert not any(level == "B" for *_, level in only)
    from_day_one = values(run("medication_changes", data, from_day=1))
    assert from_day_one[("participants_with_event", "low", "started", None)] == 2
