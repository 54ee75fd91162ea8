"""The methods for laboratory results and vital signs, on small and degenerate data."""

import math
import warnings

import pytest
from seizureflow.analysis import Arm
from seizureflow.methods import (
    hys_law,
    laboratory_shift,
    marked_abnormalities,
    measurement_summary,
)
from seizureflow.problems import AnalysisError
from seizureflow.tables import empty_table
from unit.measurements.small_results import adlb, adsl, results, row, spec, value

PEOPLE = adsl({"A": "placebo", "B": "placebo", "C": "active", "D": "active", "E": "active"})
LIVER = {
    "TABLE": results(
        row("A", -1, 20), row("A", 29, 44), row("A", 57, 30),
        row("B", -1, 30), row("B", 29, 32),
        row("C", -1, 50), row("C", 29, 130), row("C", 57, 100),
        row("D", 29, 20),
        *(row(p, 29, 20, TESTCD="AST") for p in "ABCD"),
        row("A", 29, 15, TESTCD="BILI", HIGH=20.0), row("B", 29, 41, TESTCD="BILI", HIGH=20.0),
        row("C", 57, 40, TESTCD="BILI", HIGH=20.0), row("D", 29, 10, TESTCD="BILI", HIGH=20.0),
        row("C", 40, 90, TESTCD="ALP", HIGH=40.0),
    )
}  # fmt: skip
CRITERIA = [
    {"label": "ALT above 3 × ULN", "test": "ALT", "times_upper_limit": {"more_than": 3}},
    {"label": "ALT up by 20", "test": "ALT", "change": {"at_least": 20}},
]
# Each method with options that answer ordinary data.
METHODS = {
    "shift": (laboratory_shift, {"tests": ["ALT"]}),
    "summary": (measurement_summary, {"tests": ["ALT"]}),
    "liver": (hys_law, {}),
    "marked": (marked_abnormalities, {"criteria": CRITERIA}),
}


def data(people=PEOPLE, table=LIVER["TABLE"], **arguments):
    return {"adsl": people, "adlb": adlb(people, table, **arguments)}


def run(name, tables=None, arms=None, **options):
    """Run a method; numpy's and other warnings are errors."""
    module, usual = METHODS[name]
    given = spec(**(usual | options), **({"arms": arms} if arms else {}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return module.analyse(given, tables or data())


def test_shifts_count_each_participant_once():
    found = run("shift")
    alt = {"variable": "Alanine aminotransferase (U/L)"}
    assert value(found, "participants_assessed", group="placebo", **alt) == 2
    assert value(found, "participants_assessed", group="active", **alt) == 2
    for arm, shift, count in (
        ("placebo", "NORMAL to HIGH", 1), ("placebo", "NORMAL to NORMAL", 1),
        ("active", "HIGH to HIGH", 1), ("active", "no baseline to NORMAL", 1),
        ("active", "NORMAL to HIGH", 0),
    ):  # fmt: skip
        place = {"group": arm, "level": shift, **alt}
        assert value(found, "participants", **place) == count
        assert value(found, "participants_percent", **place) == 50 * count


def test_shifts_of_all_parameters_name_those_without_a_range():
    table = LIVER["TABLE"].copy()
    table.loc[table["TESTCD"] == "AST", ["LOW", "HIGH"]] = math.nan
    found = run("shift", data(table=table), tests=[])
    assert {s.variable for s in found.statistics} == {
        "Alanine aminotransferase (U/L)",
        "Alkaline phosphatase (U/L)",
        "Bilirubin (U/L)",
    }
    assert any("Aspartate aminotransferase (U/L)" in note for note in found.notes)


def test_only_what_was_on_treatment():
    early = adsl({"A": "placebo", "C": "active"}, last_dose=35)
    table = LIVER["TABLE"]
    tables = data(early, table[table["USUBJID"].isin(["A", "C"])], days=0)
    later = run("marked", tables, records="post_baseline")
    within = run("marked", tables, records="on_treatment")
    where = {"group": "active", "variable": "ALT up by 20"}
    assert value(later, "participants", **where) == value(within, "participants", **where) == 1
    tables["adlb"] = tables["adlb"].assign(ONTRTFL=None)
    none = run("marked", tables, records="on_treatment")
    assert value(none, "participants_assessed", **where) == 0
    with pytest.raises(AnalysisError, match="no result after day 1 has a reference range"):
        run("shift", tables, records="on_treatment")


def test_summary_of_value_and_change():
    found = run("summary")
    at = {"visit": "week_4", "group": "placebo"}
    # A: 20 to 44, B: 30 to 32; by hand
    for words, numbers in (
        ("value", {"participants": 2, "mean": 38, "median": 38, "minimum": 32, "maximum": 44}),
        ("change from baseline", {"participants": 2, "mean": 13, "minimum": 2, "maximum": 24}),
    ):
        for name, number in numbers.items():
            assert value(found, name, level=words, **at) == number, (words, name)
    assert value(found, "sd", level="value", **at) == pytest.approx(math.sqrt(72))
    change = {"level": "change from baseline", "group": "active", "visit": "week_8"}
    assert value(found, "mean", **change) == 50
    assert value(found, "participants", visit="Baseline", group="active") == 1
    assert not [s for s in found.statistics if s.visit == "Baseline" and s.level != "value"]


def test_summary_of_some_visits_of_vital_signs():
    tables = {"adsl": PEOPLE, "advs": data()["adlb"]}
    found = run("summary", tables, domain="vital_signs", visits=["week_8"])
    assert {s.visit for s in found.statistics} == {"Baseline", "week_8"}
    with pytest.raises(AnalysisError, match=r'no visit week_9\. Did you mean "week_8"'):
        run("summary", visits=["week_9"])


def test_time_points_of_a_parameter_are_described_apart():
    table = results(
        *(row(p, d, v, TPT=t) for p in "AC" for d, v in ((-1, 80), (29, 90)) for t in ("A", "B"))
    )
    found = run("summary", data(table=table))
    name = "Alanine aminotransferase (U/L)"
    assert {s.variable for s in found.statistics} == {f"{name}, a", f"{name}, b"}


def test_liver_tests_by_hand():
    """C has ALT 130/40 = 3.25 on day 29 and bilirubin 40/20 = 2 on day 57; B bilirubin alone."""
    found = run("liver")
    for variable, level, placebo, active in (
        ("Peak of ALT or AST", "above 3 × ULN", 0, 1),
        ("Peak of ALT or AST", "above 5 × ULN", 0, 0),
        ("Peak of bilirubin", "at least 2 × ULN", 1, 1),
        ("Hy's law", "above 3 × ULN, bilirubin at least 2 × ULN within 30 days", 0, 1),
    ):
        place = {"variable": variable, "level": level}
        assert value(found, "participants", group="placebo", **place) == placebo
        assert value(found, "participants", group="active", **place) == active
    quadrants = [
        s for s in found.statistics if s.variable == "Both peaks, at any time" and s.unit is None
    ]
    assert sum(s.value for s in quadrants) == 4
    peak = {"variable": "Peaks", "level": "C", "group": "active"}
    assert value(found, "aminotransferase_peak", **peak) == 3.25
    assert value(found, "bilirubin_peak", **peak) == 2.0
    assert any("1 of 5 participants" in note for note in found.notes)  # E has no results


@pytest.mark.parametrize(
    ("options", "cases"),
    [
        ({"within_days": 27}, 0),
        ({"within_days": 28}, 1),
        # alkaline phosphatase 90/40 = 2.25 on day 40, between the two
        ({"alkaline_phosphatase_below": 2.0}, 0),
        ({"alkaline_phosphatase_below": 3.0}, 1),
        ({"aminotransferase_multiple": 3.25}, 0),
        ({"bilirubin_multiple": 2.1}, 0),
    ],
)
def test_options_of_hys_law(options, cases):
    assert value(run("liver", **options), "participants", variable="Hy's law", group="active") == (
        cases
    )


def test_as_many_peaks_are_listed_as_asked_for():
    found = run("liver", listed=1)
    assert {s.level for s in found.statistics if s.variable == "Peaks"} == {"C"}
    assert any("Peaks of 3 more participants" in note for note in found.notes)
    assert not [s for s in run("liver", listed=0).statistics if s.variable == "Peaks"]


def test_marked_abnormalities():
    found = run("marked")
    for label, placebo, active, judged in (
        ("ALT above 3 × ULN", 0, 1, 2),
        ("ALT up by 20", 1, 1, 1),  # D has no baseline
        ("Any criterion", 1, 1, 2),
    ):
        assert value(found, "participants", group="placebo", variable=label) == placebo
        assert value(found, "participants", group="active", variable=label) == active
        assert value(found, "participants_assessed", group="active", variable=label) == judged


def test_results_that_are_words_are_said_to_be_left_out():
    table = results(row("A", 29, 44), row("C", 29, None, VALUETXT="<5"))
    (note,) = run("marked", data(table=table)).notes
    assert note == ("Results that are no numbers do not enter: Alanine aminotransferase (U/L) (1).")


@pytest.mark.parametrize("name", METHODS)
def test_a_parameter_that_is_not_there_is_refused(name):
    options = {
        "shift": {"tests": ["ALTT"]},
        "summary": {"tests": ["ALTT"]},
        "liver": {"alt": "ALTT"},
        "marked": {"criteria": [CRITERIA[0] | {"test": "ALTT"}]},
    }
    with pytest.raises(AnalysisError, match=r'ADLB has no parameter ALTT\. Did you mean "ALT"'):
        run(name, **options[name])


def _only(table, **cells):
    """The table with the cells of all rows changed."""
    return table.assign(**cells)


DEGENERATE = {
    "one participant in an arm": (PEOPLE, LIVER["TABLE"].query("USUBJID != 'B'")),
    "nobody of an arm has results": (PEOPLE, LIVER["TABLE"].query("USUBJID in ['A', 'B']")),
    "one participant at all": (PEOPLE, LIVER["TABLE"].query("USUBJID == 'A'")),
    "an empty arm": (PEOPLE[PEOPLE["TRT01P"] == "placebo"], LIVER["TABLE"].query("USUBJID < 'C'")),
    "all values equal": (PEOPLE, _only(LIVER["TABLE"], VALUE=20.0)),
    "all values zero": (PEOPLE, _only(LIVER["TABLE"], VALUE=0.0)),
    "no reference ranges": (PEOPLE, _only(LIVER["TABLE"], LOW=math.nan, HIGH=math.nan)),
    "only baselines": (PEOPLE, LIVER["TABLE"].query("ADY < 1")),
    "no baselines": (PEOPLE, LIVER["TABLE"].query("ADY > 1")),
    "only words": (PEOPLE, _only(LIVER["TABLE"], VALUE=math.nan, VALUETXT="lost")),
    "no rows": (PEOPLE, empty_table("laboratory")),
}


@pytest.mark.parametrize("case", DEGENERATE)
@pytest.mark.parametrize("name", METHODS)
def test_degenerate_data_are_answered_or_refused_in_words(name, case):
    people, table = DEGENERATE[case]
    try:
        found = run(name, data(people, table.reset_index(drop=True)))
    except AnalysisError as error:
        reason = str(error)
    else:
        _assert_nothing_is_silent(found)
        return
    assert len(reason) > 40


def _assert_nothing_is_silent(found):
    assert found.statistics
    silent = [s for s in found.statistics if math.isnan(s.value) and not s.note]
    assert silent == []
    percents = [s.value for s in found.statistics if s.unit == "%" and not math.isnan(s.value)]
    assert all(0 <= percent <= 100 for percent in percents)
    keys = [(s.name, s.group, s.variable, s.level, s.visit) for s in found.statistics]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", METHODS)
def test_more_than_two_arms(name):
    arms = (Arm("placebo", "Placebo"), Arm("active", "Active"), Arm("high", "High"))
    people = PEOPLE.assign(TRT01P=["placebo", "placebo", "active", "high", "high"])
    found = run(name, data(people), arms=arms)
    assert {s.group for s in found.statistics if s.name != "bilirubin_peak"} >= {
        "placebo",
        "active",
        "high",
    }


def test_participants_outside_the_set_do_not_count():
    people = PEOPLE.assign(SAFFL=["Y", "Y", "N", "Y", "Y"])
    found = run("marked", data(people))
    assert value(found, "participants", group="active", variable="Any criterion") == 0
