"""Listings show the records of the datasets, all and only those that they are about."""

import pandas as pd
import pytest
from seizureflow.outputs import listings
from seizureflow.outputs.widths import text_of
from unit.outputs.made_up import outputs, study_of
from unit.report.study import datasets, protocol


def rows_of(output):
    return [[row.heading, *map(text_of, row.cells)] for row in output.tables[0].rows]


def test_discontinued_participants_are_those_of_adsl():
    found, _ = outputs(protocol())
    adsl = datasets(protocol())["adsl"]
    left = adsl[(adsl["RANDFL"] == "Y") & (adsl["COMPLFL"] == "N")]
    assert [row[0] for row in rows_of(found["16.2.1"])] == sorted(
        left["USUBJID"],
        key=lambda who: (left.set_index("USUBJID")["TRT01P"][who] != "placebo", who),
    )
    assert {row[-1] for row in rows_of(found["16.2.1"])} == {"adverse event"}


def test_all_adverse_events_are_those_of_adae():
    found, _ = outputs(protocol())
    adae = datasets(protocol())["adae"]
    shown = rows_of(found["16.2.7.1"])
    assert sorted(row[0] for row in shown) == sorted(adae["USUBJID"])
    assert (
        shown[0][1:]
        == [
            "Placebo",
            "Nervous system disorders",
            "Headache",
            "2020-04-01 (31)",
            "",
            "mild",
            "No",
            "Yes",
            "Yes",
        ]
        or "" not in shown[0]
    )
    assert rows_of(found["16.2.7.2"]) == [[listings.EMPTY]]
    assert "16.2.7.3" not in found


def test_deaths_are_listed_where_they_are_known():
    plan = protocol()
    study, _ = study_of(plan, published=False)
    fatal = study.datasets["adae"].assign(AESDTH="N")
    fatal.loc[fatal.index[0], "AESDTH"] = "Y"
    study, _ = study_of(plan, published=False, adae=fatal)
    drafts = list(listings.adverse_events(study))
    assert [draft.subtitle for draft in drafts][2:] == ["Deaths"]
    assert len(drafts[2].tables[0].rows) == 1


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"DOSEDFL": "N"}, "No dose"),
        ({"DOSEDFL": "N", "POSTBLFL": "N"}, "No dose; no usable diary after baseline"),
        ({}, "Another condition of the set"),
    ],
)
def test_reasons_for_exclusion_are_the_facts_that_are_lacking(facts, expected):
    plan = protocol()
    plan["analysis_sets"] = [
        {"id": "full", "label": "Full set", "requires": ["dosed", "post_baseline_diary"]}
    ]
    people = datasets(plan)["adsl"].iloc[:2]
    people = people.assign(DOSEDFL="Y", POSTBLFL="Y", FASFL="Y")
    for name, value in (facts | {"FASFL": "N"}).items():
        people.loc[people.index[1], name] = value
    study, _ = study_of(plan, published=False, adsl=people)
    (draft,) = listings.exclusions(study)
    assert rows_of(draft) == [["P01", "Low", "S1", "Full set", expected]]


def test_deviations_keep_the_arm_of_the_participant():
    found, _ = outputs(protocol(), term="P00")  # the made-up deviations are of P00 and P01
    assert [row[:2] for row in rows_of(found["16.2.2"])] == [["P00", "Placebo"], ["P01", "Low"]]


def test_partial_records_stay_partial():
    plan = protocol()
    study, _ = study_of(plan, published=False)
    bare = study.datasets["adae"].assign(ASTDT=pd.NaT, ASTDY=float("nan"), AESEV=None)
    study, _ = study_of(plan, published=False, adae=bare)
    draft = next(iter(listings.adverse_events(study)))
    assert "Severity" not in map(text_of, draft.tables[0].columns)
    assert rows_of(draft)[0][4] == ""
